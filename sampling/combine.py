"""Plans made of plans, by plain iteration: the first n, one from each in turn, all but those done."""

from collections.abc import Callable, Container, Iterable, Iterator
from itertools import islice

from kg.model import Subgraph
from sampling.accounting import UNITS, Coverage, Unit


def take(items: Iterable[Subgraph], n: int) -> Iterator[Subgraph]:
    """The first `n` items, fewer where there are fewer. Raises ValueError for a negative `n`."""
    if n < 0:
        raise ValueError(f"the number of items must be 0 or more, not {n!r}")
    return islice(items, n)


def within(items: Iterable[Subgraph], budget: float, cost: Callable[[Subgraph], float]) -> Iterator[Subgraph]:
    """The items from the first on, up to the one whose `cost` would take them all above `budget`.

    Both are in one unit: tokens, dollars. The plan of a larger budget begins with that of a smaller one.
    Raises ValueError for a budget, or a cost, that is negative or not a number.
    """
    if not budget >= 0:
        raise ValueError(f"a budget must be 0 or more, not {budget!r}")
    return _within(items, budget, cost)


def _within(
    items: Iterable[Subgraph], budget: float, cost: Callable[[Subgraph], float]
) -> Iterator[Subgraph]:
    spent = 0.0
    for item in items:
        price = cost(item)
        if not price >= 0:
            raise ValueError(f"the cost of an item must be 0 or more, not {price!r}")
        if spent + price > budget:
            return
        spent += price
        yield item


def interleave(*plans: Iterable[Subgraph]) -> Iterator[Subgraph]:
    """One item of each plan in turn; a plan that is used up drops out."""
    running = [iter(plan) for plan in plans]
    while running:
        alive = []
        for plan in running:
            for item in plan:
                yield item
                alive.append(plan)
                break
        running = alive


def exclude(items: Iterable[Subgraph], keys: Container[str]) -> Iterator[Subgraph]:
    """The items whose `key` is not among `keys`: those that were not written yet."""
    return (item for item in items if item.key not in keys)


def useful(
    items: Iterable[Subgraph], coverage: Coverage, unit: Unit | None = None, times: int = 1
) -> Iterator[Subgraph]:
    """The items that cover something that fewer than `times` texts cover; each is counted.

    Something of the `unit`, or of any. `coverage` goes on counting, so what one item covers the next need
    not: of a random order this leaves the one that skips what is useless. An item that covers nothing at
    all, such as a whole document, is let through.
    """
    for item in items:
        things = coverage.things(item)
        if not any(things.values()) or any(
            coverage.counts_by_row(each).get(thing, 0) < times
            for each in ([unit] if unit is not None else UNITS)
            for thing in things[each]
        ):
            coverage.count(things)
            yield item
