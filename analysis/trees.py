"""Breadth-first trees: one a source, with the size of every subtree.

Tie rule `fifo`: the search takes vertices in the order it found them and their neighbours in index
order, so a vertex hangs from the first vertex that reaches it. This is the reference in numpy and
scipy; `analysis.kernels` does the same faster where numba is installed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analysis.graphs import Digraph


class Paths(Protocol):
    """The paths that draws from one source take, by position in the order of the search.

    Position 0 is the source; distances never fall. What a link rule needs to give rates.
    """

    @property
    def vertices(self) -> NDArray[np.int64]:
        """The vertex at each position: those that can be reached, the source first."""
        ...

    @property
    def beyond(self) -> int:
        """First position at distance 2 or more: those before it are the source and its neighbours."""
        ...

    def sums_below(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each position z the sum over y of `values` at y times the chance that z is on the path to y."""
        ...

    def pieces(
        self, values: NDArray[np.float64]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
        """Positions a, later positions b on the same path, and the sum over y of `values` at y times the
        chance that both are on the path to y. No (a, b) twice within one array."""
        ...

    def path_to(self, position: int, rng: np.random.Generator) -> list[int]:
        """The vertices of one path, from the source to the vertex at `position`."""
        ...


@dataclass(frozen=True, eq=False, slots=True)
class Tree:
    """The breadth-first tree from one source, by position in the search's queue (0 is the source).

    `vertices[i]` is the i-th vertex found, `parents[i]` the position of its parent (0 for the source
    itself), never falling.
    """

    vertices: NDArray[np.int64]
    parents: NDArray[np.int64]

    @property
    def beyond(self) -> int:
        """First position at distance 2 or more: those before it are the source and its neighbours."""
        return int(np.searchsorted(self.parents, 1))

    def levels(self, limit: int | None = None) -> list[int] | None:
        """Where the distances begin: `levels[d]:levels[d + 1]` are the positions at distance d.

        None where there are more than `limit` distances.
        """
        bounds = [0, 1]
        while bounds[-1] < len(self.parents):
            if limit is not None and len(bounds) > limit:
                return None
            bounds.append(int(np.searchsorted(self.parents, bounds[-1])))
        return bounds

    def subtree_sizes(self) -> NDArray[np.int64]:
        """How many vertices hang below each position, itself included."""
        return self.sums_below(np.ones(len(self.vertices))).astype(np.int64)

    def sums_below(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each position the sum of `values` over what hangs below it, itself included."""
        levels = self.levels(limit=len(self.vertices) // 64 + 8)
        if levels is None:
            return self._sums_one_by_one(values)
        sums = np.array(values, dtype=np.float64)
        for depth in range(len(levels) - 2, 0, -1):
            top, start, end = levels[depth - 1 : depth + 2]
            below = self.parents[start:end] - top
            sums[top:start] += np.bincount(below, weights=sums[start:end], minlength=start - top)
        return sums

    def sums_above(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each position the sum of `values` over its proper ancestors; values of shape (n, ...)."""
        above = np.zeros(values.shape)
        for start, end in pairwise((self.levels() or [])[1:]):
            parents = self.parents[start:end]
            above[start:end] = above[parents] + values[parents]
        return above

    def pieces(
        self, values: NDArray[np.float64]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
        """Ancestors 1, 2, ... steps above each position, with the sum of `values` below the position."""
        sums, below = self.sums_below(values), np.arange(1, len(self.vertices))
        above = self.parents[below]
        while len(below):
            yield above, below, sums[below]
            above, below = self.parents[above[above > 0]], below[above > 0]

    def path_to(self, position: int, rng: np.random.Generator) -> list[int]:
        """The vertices from the source to the one at `position`; there is one way only."""
        path = [position]
        while path[-1]:
            path.append(int(self.parents[path[-1]]))
        return self.vertices[path[::-1]].tolist()  # type: ignore[no-any-return]

    def _sums_one_by_one(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same for deep, thin trees, where a numpy call a level costs more than a step a vertex."""
        parents, sums = self.parents.tolist(), values.tolist()
        for position in range(len(parents) - 1, 0, -1):
            sums[parents[position]] += sums[position]
        return np.array(sums, dtype=np.float64)

    def parent_vertices(self, vertices: int) -> NDArray[np.int32]:
        """For each vertex of the graph, its parent in the tree; -1 for the source and the unreachable."""
        parent = np.full(vertices, -1, dtype=np.int32)
        parent[self.vertices[1:]] = self.vertices[self.parents[1:]]
        return parent


def trees(graph: Digraph, sources: Iterable[int]) -> Iterator[Tree]:
    """One tree for each source, in order; O(V + E) each, by scipy's breadth-first search."""
    from scipy.sparse.csgraph import breadth_first_order

    matrix = graph.to_scipy()
    position = np.zeros(graph.vertices, dtype=np.int64)
    for source in sources:
        found, predecessors = breadth_first_order(matrix, source, directed=True)
        order = np.asarray(found, dtype=np.int64)
        position[order] = np.arange(len(order))
        parents = np.zeros(len(order), dtype=np.int64)
        parents[1:] = position[predecessors[order[1:]]]
        yield Tree(order, parents)
