"""Much at once: large reads in slices of ids, which are hashes and so spread evenly; batches made ahead."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")

SLICE = 10_000  # rows packed into one: a few megabytes on both sides


def ranges(rows: int) -> Iterator[tuple[str, str]]:
    """Ranges (first, beyond) of ids that hold about SLICE rows each and together all.

    >>> list(ranges(5))
    [('', 'g')]
    """
    step = 2**32 // (1 + rows // SLICE) + 1
    yield from pairwise(["", *(f"{i:08x}" for i in range(step, 2**32, step)), "g"])


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The items, each made while the one before it is worked on: the server works while we prepare."""
    end = object()
    with ThreadPoolExecutor(1) as maker:
        waiting = maker.submit(next, items, end)
        while (item := waiting.result()) is not end:
            waiting = maker.submit(next, items, end)
            yield item  # type: ignore[misc]  # not `end`
