"""Counting links by rate: chunk by chunk, in bounded memory, with the spread between groups of sources."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.histograms import Entries, Spread

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FINE_BITS = 16  # rates that are no whole numbers are told apart to 2^-16 of themselves
COARSE_BITS = 10  # enough for the spread
CLOSE_TO_WHOLE = 1e-9
GROUPS = 256
PENDING = 1_000_000


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """Links grouped by rate: each group's key, how many links, the sum of their rates."""

    keys: Ints
    counts: Ints
    sums: Floats

    @staticmethod
    def of_counts(counts: Ints) -> "Part":
        """From how many links have the rate 0, 1, 2, ...; whole rates are their own keys."""
        keys = np.flatnonzero(counts)
        return Part(keys, counts[keys], keys.astype(np.float64) * counts[keys])

    @staticmethod
    def of_rates(rates: Floats, *, whole: bool) -> "Part":
        """From single rates; those of 0, which no draw teaches, are left out."""
        taught = rates[rates > 0]
        keys = np.rint(taught).astype(np.int64) if whole else fine_keys(taught)
        return _grouped(keys, np.ones(len(taught), dtype=np.int64), taught)

    @staticmethod
    def together(parts: "Sequence[Part]") -> "Part":
        """All of them in one."""
        if len(parts) == 1:
            return parts[0]
        return _grouped(
            np.concatenate([part.keys for part in parts] or [np.empty(0, dtype=np.int64)]),
            np.concatenate([part.counts for part in parts] or [np.empty(0, dtype=np.int64)]),
            np.concatenate([part.sums for part in parts] or [np.empty(0)]),
        )

    def coarse(self) -> "Part":
        """The same with rates told apart to 2^-10 of themselves only."""
        return _grouped(fine_keys(self.rates) >> (FINE_BITS - COARSE_BITS), self.counts, self.sums)

    @property
    def rates(self) -> Floats:
        """The mean rate of each group, ascending; a whole number where it is one but for rounding."""
        means = self.sums / self.counts
        near = np.rint(means)
        return np.asarray(np.where(np.abs(means - near) < CLOSE_TO_WHOLE * near, near, means))


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """What some sources give: links to learn, and source links by how often they are met again."""

    growing: Part
    known: Part

    @staticmethod
    def together(found: "Sequence[Found]") -> "Found":
        """All of them in one."""
        return Found(
            Part.together([one.growing for one in found]), Part.together([one.known for one in found])
        )


class Tally:
    """What chunks of sources gave so far, folded in the order they are added.

    Memory: 24 bytes a distinct rate (up to a few times that between foldings), and where a spread is
    wanted as much for each of 256 groups, rates then told apart to 2^-10 of themselves.
    """

    def __init__(self, *, spread: bool) -> None:
        self.sources = 0
        self._folded: list[Found] = []
        self._waiting = 0
        self._groups: list[Found] | None = [] if spread else None
        self._sizes: list[int] = []
        self._added = 0

    def add(self, found: Found, sources: int) -> None:
        """What the next chunk of so many sources gave."""
        self.sources += sources
        self._folded.append(found)
        self._waiting += len(found.growing.keys) + len(found.known.keys)
        if self._waiting > PENDING:
            self.found()
        if self._groups is not None:
            coarse = Found(found.growing.coarse(), found.known.coarse())
            if self._added < GROUPS:
                self._groups.append(coarse)
                self._sizes.append(sources)
            else:
                group = self._added % GROUPS
                self._groups[group] = Found.together([self._groups[group], coarse])
                self._sizes[group] += sources
        self._added += 1

    def found(self) -> Found:
        """All of it in one."""
        self._folded = [Found.together(self._folded)]
        self._waiting = 0
        return self._folded[0]

    def spread(self) -> Spread | None:
        """The groups, for the standard error; None where none was wanted."""
        if self._groups is None:
            return None
        return Spread(
            np.array(self._sizes, dtype=np.float64),
            _entries([group.growing for group in self._groups]),
            _entries([group.known for group in self._groups]),
        )


def fine_keys(rates: Floats) -> Ints:
    """A number for each positive rate: equal where rates agree to about 2^-16 of themselves.

    Rates of one key are kept by their mean; the curve is off by less than 2e-11 of itself for it.
    """
    shift = 52 - FINE_BITS
    return (rates.view(np.int64) + (1 << (shift - 1))) >> shift


def _entries(parts: Sequence[Part]) -> Entries:
    whole = Part.together(parts)
    keys = np.concatenate([part.keys for part in parts])
    return Entries(
        whole.rates,
        np.repeat(np.arange(len(parts)), [len(part.keys) for part in parts]),
        np.searchsorted(whole.keys, keys),
        np.concatenate([part.counts for part in parts]).astype(np.float64),
        len(parts),
    )


def _grouped(keys: Ints, counts: Ints, sums: Floats) -> Part:
    found, group = np.unique(keys, return_inverse=True)
    totals = np.bincount(group, weights=counts, minlength=len(found)).astype(np.int64)
    added: Floats = np.bincount(group, weights=sums, minlength=len(found)).astype(np.float64)
    return Part(found, totals, added)
