"""What a journal knew when it was last closed, so that opening it need not read it all again.

    calls.index     one line of JSON (what it belongs to, the sums), then the table of `lm.places`

It is a copy of what the journal says, and only that: it may be deleted at any time. It is used where the
journal still begins with the same line and still has the same bytes before the place up to which the index
goes; else, or where it is damaged, the journal is read from its beginning. A line that was changed later in
the middle is noticed when it is read, or by `Journal.reread`.
"""

import json
import mmap
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lm.ledger import Ledger
from lm.places import Places

NAME = "calls.index"
VERSION = 1
TAIL = 256


@dataclass(frozen=True, slots=True)
class Known:
    """The state of a journal at the byte `end`, which is the beginning of a line."""

    end: int
    lines: int
    ledger: dict[str, Any]
    batches: dict[str, dict[str, Any]]
    places: Places


def save(
    path: Path,
    journal: int,
    end: int,
    lines: int,
    ledger: Ledger,
    batches: dict[str, dict[str, Any]],
    places: Places,
) -> None:
    """Write the index of the first `end` bytes of the journal open as `journal`, in one step. Raises OSError."""
    parts = places.table()
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    head = {
        "version": VERSION,
        "journal": _marks(journal, end),
        "end": end,
        "lines": lines,
        "answers": len(places),
        "ledger": ledger.to_dict(),
        "batches": batches,
        "crc": checksum,
    }
    fresh = path.with_name(f"{path.name}.part")
    with fresh.open("wb") as write:
        line = json.dumps(head, separators=(",", ":")).encode("ascii")
        write.write(line + b" " * (-(len(line) + 1) % 8) + b"\n")
        write.writelines(parts)
    os.replace(fresh, path)


def load(path: Path, journal: int) -> Known | None:
    """The index in a file, where it fits the journal that is open as `journal`; else None."""
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline())
            begin = file.tell()
            table = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))[begin:]
        if head["version"] != VERSION or head["journal"] != _marks(journal, head["end"]):
            return None
        if zlib.crc32(table) != head["crc"]:
            return None
        places = Places(table, head["answers"])
        return Known(head["end"], head["lines"], head["ledger"], head["batches"], places)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _marks(journal: int, end: int) -> list[int]:
    """What the journal begins with and what stands before `end`: numbers that change if it is another."""
    if os.fstat(journal).st_size < end:
        return []
    first = os.pread(journal, TAIL, 0).partition(b"\n")[0]
    return [zlib.crc32(first), zlib.crc32(os.pread(journal, min(TAIL, end), max(0, end - TAIL)))]
