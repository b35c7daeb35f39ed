"""Breadth-first trees: one a source, with the size of every subtree.

Tie rule `fifo`: the search takes vertices in the order it found them and their neighbours in index
order, so a vertex hangs from the first vertex that reaches it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.graphs import Digraph


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
        levels = self.levels(limit=len(self.vertices) // 64 + 8)
        if levels is None:
            return self._sizes_one_by_one()
        sizes = np.ones(len(self.vertices))
        for depth in range(len(levels) - 2, 0, -1):
            top, start, end = levels[depth - 1 : depth + 2]
            below = self.parents[start:end] - top
            sizes[top:start] += np.bincount(below, weights=sizes[start:end], minlength=start - top)
        return sizes.astype(np.int64)

    def _sizes_one_by_one(self) -> NDArray[np.int64]:
        """The same for deep, thin trees, where a numpy call a level costs more than a step a vertex."""
        parents = self.parents.tolist()
        sizes = [1] * len(parents)
        for position in range(len(parents) - 1, 0, -1):
            sizes[parents[position]] += sizes[position]
        return np.array(sizes, dtype=np.int64)

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
