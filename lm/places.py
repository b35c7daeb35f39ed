"""Where each answer stands in a journal: by its key, and in the order of the file.

What was known when the journal was last closed lies in a table on disk that is mapped, not read: a million
answers cost no time and no memory of their own. What has come since is a dictionary.

    table: entry 0, entry 1, …   16 bytes of key, 8 of place, in the order of the file
           slots                 2^k numbers of 4 bytes: entry + 1 by the first bytes of its key, 0 for none
"""

import struct
from array import array
from collections.abc import Iterator

_ENTRY = struct.Struct("<16sQ")


class Places:
    """Places by key (16 bytes). The first place that is added for a key stays."""

    def __init__(self, table: memoryview | None = None, count: int = 0) -> None:
        self._recent: dict[bytes, int] = {}
        self._count = count
        table = memoryview(b"") if table is None else table
        self._entries = table[: count * _ENTRY.size]
        self._slots = table[count * _ENTRY.size :].cast("I")

    def __len__(self) -> int:
        return self._count + len(self._recent)

    def __contains__(self, key: bytes) -> bool:
        return self.get(key) is not None

    def __iter__(self) -> Iterator[bytes]:
        for key, _ in _ENTRY.iter_unpack(self._entries):
            yield key
        yield from list(self._recent)

    def items(self) -> Iterator[tuple[bytes, int]]:
        """Key and place of every answer, in the order of the file."""
        yield from _ENTRY.iter_unpack(self._entries)
        yield from self._recent.items()

    def get(self, key: bytes) -> int | None:
        """The place of the answer with this key, None where there is none."""
        place = self._recent.get(key)
        if place is not None or not self._count:
            return place
        slots, entries = self._slots, self._entries
        mask = len(slots) - 1
        slot = int.from_bytes(key[:4], "little") & mask
        while entry := slots[slot]:
            begin = (entry - 1) * _ENTRY.size
            if entries[begin : begin + 16] == key:
                return int.from_bytes(entries[begin + 16 : begin + 24], "little")
            slot = (slot + 1) & mask
        return None

    def add(self, key: bytes, place: int) -> None:
        """Remember the place of an answer, unless one with this key is known."""
        if key not in self:
            self._recent[key] = place

    def table(self) -> tuple[bytearray, bytes]:
        """The bytes of a table of all that is known, in two parts."""
        entries = bytearray(self._entries)
        for key, place in self._recent.items():
            entries += _ENTRY.pack(key, place)
        size = 1 << (3 * len(self) // 2).bit_length()
        mask, slots = size - 1, array("I", bytes(4 * size))
        for entry in range(len(self)):
            begin = entry * _ENTRY.size
            slot = int.from_bytes(entries[begin : begin + 4], "little") & mask
            while slots[slot]:
                slot = (slot + 1) & mask
            slots[slot] = entry + 1
        return entries, slots.tobytes()
