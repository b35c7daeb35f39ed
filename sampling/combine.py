"""Plans made of plans, by plain iteration: the first n, one from each in turn, all but those done."""

from collections.abc import Container, Iterable, Iterator
from itertools import islice

from kg.model import Subgraph


def take(items: Iterable[Subgraph], n: int) -> Iterator[Subgraph]:
    """The first `n` items, fewer where there are fewer. Raises ValueError for a negative `n`."""
    if n < 0:
        raise ValueError(f"the number of items must be 0 or more, not {n!r}")
    return islice(items, n)


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
