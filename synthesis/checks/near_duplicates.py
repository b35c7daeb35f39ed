"""Is the text nearly one that was written before?"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kg.model import Check
from synthesis.checks.base import Written, failed, passed
from synthesis.checks.tokens import KEPT, sorted_runs

HASHES = 64
BANDS = 16
SHINGLE = 3
LIMIT = 0.7
FEWEST = 1024
SPARSE = 4  # slots of a band for each text
DEEPEST = 512

Rows = NDArray[np.uint32]

_rng = np.random.default_rng(2409_07431)
_PART_BITS = np.uint64(64 - (HASHES - 1).bit_length())
_FIRSTS = np.arange(HASHES, dtype=np.uint64) << _PART_BITS
# Where an empty part looks for another's hash: at random, in the end everywhere.
_LENDERS = np.hstack(
    (_rng.integers(0, HASHES, (HASHES, 4 * HASHES)), np.tile(np.arange(HASHES), (HASHES, 1)))
)
_ORDER = np.arange(BANDS, dtype=np.uint64)
_WEIGHTS = _rng.integers(0, 1 << 63, HASHES // BANDS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


class NearDuplicates:
    """Fails a text whose set of three-word runs agrees with an earlier one's by 0.7 or more (Jaccard).

    MinHash with 64 hashes in 16 bands finds texts that agree by 0.7 with probability
    1 - (1 - 0.7^4)^16 = 0.99; the estimate itself has a standard error of 0.06 there. Only texts that
    passed every other check are remembered, by `remember`: a rejected one makes nothing a duplicate.

    Each band is a hash table of chains in arrays, one after the other: where the last text of a slot is, and for each
    text the one before it. Of a slot that more than 512 texts share the last 512 are compared.
    Source: Broder 1997; Leskovec et al., Mining of Massive Datasets, chapter 3.
    """

    name = "near_duplicate"

    def __init__(self, limit: float = LIMIT) -> None:
        self._limit = limit
        self._ids: list[str] = []
        self._marks: Rows = np.empty((FEWEST, HASHES), np.uint32)
        self._before: Rows = np.empty((FEWEST, BANDS), np.uint32)  # row + 1, 0 ends a chain
        self._last: Rows = np.zeros(BANDS * SPARSE * FEWEST, np.uint32)

    def check(self, written: Written) -> Check:
        """Whether an earlier text says it in nearly the same words."""
        found = self.nearest(written.text)
        if found is None:
            return passed(self.name)
        return failed(self.name, f"agrees by {found[1]:.2f} with the text {found[0]}")

    def remember(self, id: str, text: str) -> None:
        """Hold later texts against this one. 0.6 kB a text, beside its id."""
        row = len(self._ids)
        if row == len(self._marks):
            self._grow()
        mark = minhash(text)
        slots = self._slots(mark)
        self._marks[row] = mark
        self._before[row] = self._last.take(slots)
        self._last[slots] = row + 1
        self._ids.append(id)

    def nearest(self, text: str) -> tuple[str, float] | None:
        """The id and agreement of the most similar remembered text at or above the limit, the last of equals."""
        mark = minhash(text)
        rows = self._candidates(mark)
        if not rows:
            return None
        agreeing = (self._marks.take(rows, axis=0) == mark).sum(axis=1)
        most = int(agreeing.max())
        if most < self._limit * HASHES:
            return None
        last = max(row for row, agree in zip(rows, agreeing, strict=True) if agree == most)
        return self._ids[last], most / HASHES

    def __len__(self) -> int:
        return len(self._ids)

    def _candidates(self, mark: Rows) -> list[int]:
        """Rows of the texts in the same slot of some band; a few of them by chance."""
        found = set[int]()
        for band, at in enumerate(self._last.take(self._slots(mark)).tolist()):
            left = DEEPEST
            while at and left:
                found.add(at - 1)
                at, left = self._before.item(at - 1, band), left - 1
        return list(found)

    def _slots(self, marks: Rows) -> NDArray[np.int64]:
        """Where the slot of each band is, for one text or many, last axis."""
        keys: NDArray[np.uint64] = marks.reshape(*marks.shape[:-1], BANDS, -1).dot(_WEIGHTS)
        bits = (len(self._last) // BANDS).bit_length() - 1
        keys >>= np.uint64(64 - bits)
        keys |= _ORDER << np.uint64(bits)
        return keys.view(np.int64)

    def _grow(self) -> None:
        """Room for twice as many; the chains are linked anew, band by band."""
        count = len(self._ids)
        self._marks = np.concatenate((self._marks, np.empty_like(self._marks)))
        self._before = np.empty((2 * count, BANDS), np.uint32)
        self._last = np.zeros(BANDS * 2 * SPARSE * count, np.uint32)
        slots = self._slots(self._marks[:count])
        for band in range(BANDS):
            order = np.argsort(slots[:, band], kind="stable")
            ordered = slots[order, band]
            same = ordered[1:] == ordered[:-1]
            self._before[order[0], band] = 0
            self._before[order[1:], band] = np.where(same, order[:-1] + 1, 0)
            self._last[ordered] = order + 1


@lru_cache(maxsize=KEPT)
def minhash(text: str) -> Rows:
    """64 hashes of a text's three-word runs that two texts share with the probability of their similarity.

    The range of the hashes is cut into 64 parts, and the least hash of each part is taken, so that every run
    is hashed once; an empty part borrows that of another, drawn for it. A shorter text has its words for runs.
    Source: Li, Owen and Zhang 2012, one permutation hashing; Shrivastava 2017, optimal densification.
    """
    hashes = sorted_runs(text, SHINGLE)
    if not len(hashes):
        hashes = sorted_runs(text, 1)
    if not len(hashes):
        return np.zeros(HASHES, np.uint32)
    at = hashes.searchsorted(_FIRSTS)
    filled = np.empty(HASHES, bool)
    np.less(at[:-1], at[1:], out=filled[:-1])
    filled[-1] = at[-1] < len(hashes)
    if np.count_nonzero(filled) < HASHES:
        empty = (~filled).nonzero()[0]
        lenders = _LENDERS[empty]
        at[empty] = at[lenders[np.arange(len(empty)), filled[lenders].argmax(axis=1)]]
    return (hashes[at] >> (_PART_BITS - np.uint64(32))).astype(np.uint32)
