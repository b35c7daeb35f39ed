"""Is the text nearly one that was written before?"""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from kg.model import Check
from synthesis.checks.base import Written, failed, passed
from synthesis.checks.copying import windows

HASHES = 64
BANDS = 16
SHINGLE = 3
LIMIT = 0.7


class NearDuplicates:
    """Fails a text whose set of three-word runs agrees with an earlier one's by 0.7 or more (Jaccard).

    MinHash with 64 hashes in 16 bands finds texts that agree by 0.7 with probability
    1 - (1 - 0.7^4)^16 = 0.99; the estimate itself has a standard error of 0.06 there. Only texts that
    passed every other check are remembered, by `remember`: a rejected one makes nothing a duplicate.
    Source: Broder 1997; Leskovec et al., Mining of Massive Datasets, chapter 3.
    """

    name = "near_duplicate"

    def __init__(self, limit: float = LIMIT) -> None:
        rng = np.random.default_rng(2409_07431)
        self._a = rng.integers(1, 1 << 31, HASHES, dtype=np.uint64)
        self._b = rng.integers(0, 1 << 31, HASHES, dtype=np.uint64)
        self._limit = limit
        self._bands: dict[tuple[int, bytes], list[int]] = defaultdict(list)
        self._marks: list[NDArray[np.uint32]] = []
        self._ids: list[str] = []

    def check(self, written: Written) -> Check:
        """Whether an earlier text says it in nearly the same words."""
        found = self.nearest(written.text)
        if found is None:
            return passed(self.name)
        return failed(self.name, f"agrees by {found[1]:.2f} with the text {found[0]}")

    def remember(self, id: str, text: str) -> None:
        """Hold later texts against this one."""
        mark = self._mark(text)
        for key in self._keys(mark):
            self._bands[key].append(len(self._ids))
        self._marks.append(mark)
        self._ids.append(id)

    def nearest(self, text: str) -> tuple[str, float] | None:
        """The id and agreement of the most similar remembered text at or above the limit."""
        mark = self._mark(text)
        others = {row for key in self._keys(mark) for row in self._bands.get(key, ())}
        scored = [(float(np.mean(self._marks[row] == mark)), self._ids[row]) for row in sorted(others)]
        best = max(scored, default=(0.0, ""))
        return (best[1], best[0]) if best[0] >= self._limit else None

    def _mark(self, text: str) -> NDArray[np.uint32]:
        shingles = _hashes(windows(text, SHINGLE) or [(text,)])
        values: NDArray[np.uint64] = (shingles[:, None] * self._a[None, :] + self._b[None, :]) >> np.uint64(
            32
        )
        least: NDArray[np.uint64] = np.min(values, axis=0)
        return least.astype(np.uint32)

    @staticmethod
    def _keys(mark: NDArray[np.uint32]) -> Iterable[tuple[int, bytes]]:
        return ((band, part.tobytes()) for band, part in enumerate(np.split(mark, BANDS)))


def _hashes(shingles: Iterable[tuple[str, ...]]) -> NDArray[np.uint64]:
    from zlib import crc32

    distinct = {" ".join(shingle) for shingle in shingles}
    return np.fromiter(
        (crc32(shingle.encode("utf-8", "replace")) for shingle in distinct), np.uint64, len(distinct)
    )
