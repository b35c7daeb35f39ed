"""How the coverage of a plan grows with its items, counted as they come."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.model import Subgraph
from sampling.accounting import UNITS, Coverage, Unit


@dataclass(frozen=True, slots=True)
class Point:
    """What is covered once `texts` items are written: things by unit, by at least 1, 2, ... texts."""

    texts: int
    covered: dict[Unit, tuple[int, ...]]


class Curve:
    """Counts the items of a plan into a `Coverage` and notes how far it is after 1, 2, 3, 5, 7, 10, ... of them."""

    def __init__(self, coverage: Coverage, times: int = 1) -> None:
        if times < 1:
            raise ValueError(f"times must be 1 or more, not {times!r}")
        self.coverage = coverage
        self.times = times
        self.points: list[Point] = []
        self._items = 0
        self._noted = marks()
        self._next = next(self._noted)

    def through(self, items: Iterable[Subgraph]) -> Iterator[Subgraph]:
        """The same items, counted as they pass; the last point is noted when they end or are left."""
        try:
            for item in items:
                self.add(item)
                yield item
        finally:
            self.finish()

    def add(self, item: Subgraph) -> None:
        """Count one item."""
        self.coverage.add(item)
        self._items += 1
        if self._items == self._next:
            self._note()
            self._next = next(self._noted)

    def finish(self) -> list[Point]:
        """All points; the last one is where the plan is now."""
        if not self.points or self.points[-1].texts != self._items:
            self._note()
        return self.points

    def _note(self) -> None:
        levels = range(1, self.times + 1)
        covered = {unit: tuple(self.coverage.covered(unit, k) for k in levels) for unit in UNITS}
        self.points.append(Point(self._items, covered))


def marks() -> Iterator[int]:
    """1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, ...: evenly spread on a logarithmic axis."""
    yield from (1, 2, 3, 5, 7)
    factor = 1
    while True:
        yield from (mark * factor for mark in (10, 15, 20, 30, 50, 70))
        factor *= 10
