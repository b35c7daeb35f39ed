"""Rows of unequal length, texts and ids in flat arrays."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Offsets = NDArray[np.int64]
Floats = NDArray[np.float64]
Ids = NDArray[np.bytes_]


def pack_ids(ids: Sequence[str]) -> Ids:
    """Ids of 32 hex digits as an array of 16 bytes each, in the given order."""
    return np.frombuffer(bytes.fromhex("".join(ids)), dtype="S16")


@dataclass(frozen=True, eq=False)
class Ragged:
    """Rows of unequal length in two arrays: row i is `values[starts[i]:starts[i + 1]]`."""

    starts: Offsets
    values: Ints

    def __getitem__(self, row: int) -> Ints:
        return self.values[self.starts[row] : self.starts[row + 1]]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Offsets:
        """Length of each row."""
        return np.diff(self.starts)

    @staticmethod
    def group(rows: NDArray[Any], values: NDArray[Any], n: int) -> "Ragged":
        """The values grouped by row number 0..n-1; within a row they keep their order."""
        order = np.argsort(rows, kind="stable")
        starts = np.zeros(n + 1, dtype=np.int64)
        np.cumsum(np.bincount(rows, minlength=n), out=starts[1:])
        return Ragged(starts, np.ascontiguousarray(values[order], dtype=np.int32))


class Texts(Sequence[str]):
    """Many texts in two arrays, decoded one by one when asked for: they may be mapped from a file.

    Text i is `data[starts[i]:starts[i + 1]]` in UTF-8.
    """

    def __init__(self, starts: Offsets, data: NDArray[np.uint8]) -> None:
        self.starts = starts
        self.data = data

    @staticmethod
    def pack(texts: Iterable[str]) -> "Texts":
        """The texts, encoded."""
        parts = [text.encode("utf-8") for text in texts]
        starts = np.zeros(len(parts) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)), out=starts[1:])
        return Texts(starts, np.frombuffer(b"".join(parts), np.uint8))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        row = range(len(self))[index]
        return self.data[self.starts[row] : self.starts[row + 1]].tobytes().decode("utf-8")

    def __iter__(self) -> Iterator[str]:
        data, starts = self.data.tobytes(), self.starts.tolist()
        return (data[start:stop].decode("utf-8") for start, stop in pairwise(starts))

    def __repr__(self) -> str:
        return f"Texts({list(self[:5])!r}{', ...' if len(self) > 5 else ''})"
