"""Small graphs whose curves can be worked out by hand."""

import numpy as np
import pytest

from analysis import Digraph


def path(n: int) -> Digraph:
    """0 -> 1 -> ... -> n-1."""
    return Digraph.of_edges(n, np.arange(n - 1), np.arange(1, n))


def cycle(n: int) -> Digraph:
    """0 -> 1 -> ... -> n-1 -> 0."""
    return Digraph.of_edges(n, np.arange(n), (np.arange(n) + 1) % n)


def star(n: int) -> Digraph:
    """0 -> each other vertex."""
    return Digraph.of_edges(n, np.zeros(n - 1, dtype=int), np.arange(1, n))


def complete(n: int) -> Digraph:
    """Every ordered pair."""
    tails, heads = np.divmod(np.arange(n * n), n)
    return Digraph.of_edges(n, tails, heads)


@pytest.fixture(scope="session")
def shapes() -> dict[str, Digraph]:
    return {"path": path(9), "cycle": cycle(8), "star": star(7), "complete": complete(6)}
