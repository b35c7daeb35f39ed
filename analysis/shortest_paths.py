"""All shortest paths from a source at once, each as likely as any other.

Tie rule `uniform`: a draw takes one of the shortest paths at random, all with the same probability. The
chance that the path to y passes z is ways(x, z) ways(z, y) / ways(x, y), and its sum over y is one more
than Brandes' dependency of x on z (2001, doi:10.1080/0022250X.2001.9990249). This is the reference in
numpy; `analysis.kernels` does the same faster where numba is installed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.graphs import Digraph


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """The edges from one distance to the next: positions, and how likely each is the last step to its head."""

    tails: NDArray[np.int64]
    heads: NDArray[np.int64]
    shares: NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class PathDag:
    """The shortest paths from one source, by position in the order of distance (0 is the source)."""

    vertices: NDArray[np.int64]
    steps: tuple[Step, ...]

    @property
    def beyond(self) -> int:
        """First position at distance 2 or more: those before it are the source and its neighbours."""
        return 1 + len(self.steps[0].heads) if self.steps else 1

    def sums_below(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each position z the sum over y of `values` at y times the chance to pass z on the way to y."""
        sums = np.array(values, dtype=np.float64)
        for step in reversed(self.steps):
            sums += np.bincount(step.tails, weights=step.shares * sums[step.heads], minlength=len(sums))
        return sums

    def pieces(
        self, values: NDArray[np.float64]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
        """For each position b all positions a that the way to it may pass; O(n E) time, O(n^2) memory."""
        sums = self.sums_below(values)
        passed = np.eye(len(self.vertices))
        for step in self.steps:
            for tail, head, share in zip(step.tails, step.heads, step.shares, strict=True):
                passed[:head, head] += share * passed[:head, tail]
        above, below = np.nonzero(np.triu(passed, k=1))
        yield above, below, passed[above, below] * sums[below]

    def path_to(self, position: int, rng: np.random.Generator) -> list[int]:
        """The vertices of one shortest path to the vertex at `position`, drawn uniformly."""
        path = [position]
        for step in reversed(self.steps):
            edges = np.flatnonzero(step.heads == path[-1])
            if len(edges):
                path.append(int(rng.choice(step.tails[edges], p=step.shares[edges])))
        return self.vertices[path[::-1]].tolist()  # type: ignore[no-any-return]


def shortest_paths(graph: Digraph, sources: Iterable[int]) -> Iterator[PathDag]:
    """The shortest paths from each source, in order; O(V + E) each, a few numpy calls a distance.

    Numbers of ways are kept as logarithms: they outgrow a float within a few hundred diamonds in a row.
    """
    position = np.full(graph.vertices, -1, dtype=np.int64)
    for source in sources:
        frontier, ways = np.array([source], dtype=np.int64), np.zeros(1)
        found, steps, start = [frontier], [], 0
        position[source] = 0
        while len(frontier):
            degrees = graph.indptr[frontier + 1] - graph.indptr[frontier]
            tails = np.repeat(np.arange(len(frontier)), degrees)
            ends = np.cumsum(degrees)
            edges = np.arange(len(tails)) + np.repeat(graph.indptr[frontier] - ends + degrees, degrees)
            heads = graph.indices[edges]
            new = position[heads] < 0
            tails, heads = tails[new], heads[new]
            if not len(heads):
                break
            children, heads = np.unique(heads, return_inverse=True)
            most = np.full(len(children), -np.inf)
            np.maximum.at(most, heads, ways[tails])
            shares = np.exp(ways[tails] - most[heads])
            totals = np.bincount(heads, weights=shares)
            below = start + len(frontier)
            position[children] = below + np.arange(len(children))
            steps.append(Step(start + tails, below + heads, shares / totals[heads]))
            frontier, ways, start = children.astype(np.int64), most + np.log(totals), below
            found.append(frontier)
        order = np.concatenate(found)
        position[order] = -1
        yield PathDag(order, tuple(steps))
