"""All triangles of a graph, with the edges they are made of."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.compiling import kernels
from kg.graph import Edges
from kg.ragged import Ragged

WEDGES_AT_ONCE = 2_000_000


@dataclass(frozen=True, eq=False, slots=True)
class Oriented:
    """Each edge once, from the end of lower degree to the other; of equal ones from the lower row.

    `heads[v]` are the entity rows that edges out of v lead to, ascending, and `edges` their numbers, slot
    by slot. No vertex keeps more than sqrt(2 m) of m edges, so looking at all pairs of edges out of one
    vertex costs O(m sqrt(m)), whatever the hubs. Each triangle has one vertex with two edges out.
    """

    heads: Ragged
    edges: NDArray[np.int32]

    @staticmethod
    def of(edges: Edges) -> "Oriented":
        """The edges of a graph, oriented; O(m)."""
        degree = edges.neighbours.lengths
        compiled, _ = kernels("sampling.kernels")
        if compiled is not None:
            starts, heads, numbers = compiled.orient(edges.low, edges.high, degree)
            return Oriented(Ragged(starts, heads), numbers)
        up = degree[edges.low] <= degree[edges.high]
        tail, head = np.where(up, edges.low, edges.high), np.where(up, edges.high, edges.low)
        order = np.lexsort((head, tail))
        starts = np.zeros(len(degree) + 1, dtype=np.int64)
        np.cumsum(np.bincount(tail, minlength=len(degree)), out=starts[1:])
        return Oriented(Ragged(starts, head[order]), order.astype(np.int32))


@dataclass(frozen=True, eq=False, slots=True)
class Triangles:
    """The triangles of a graph.

    `corners[i]` are three entity rows, ascending; `edges[i]` the edges between the first and second,
    first and third, second and third. Both are int32 of shape (triangles, 3). The order is fixed by the
    graph: by the corner that two oriented edges leave, then by where these lead.
    """

    corners: NDArray[np.int32]
    edges: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.edges)

    @staticmethod
    def none() -> "Triangles":
        """Not one."""
        return Triangles(np.empty((0, 3), dtype=np.int32), np.empty((0, 3), dtype=np.int32))

    @staticmethod
    def of(edges: Edges) -> "Triangles":
        """List them; O(m sqrt(m)), compiled where numba is installed. 24 bytes a triangle."""
        compiled, _ = kernels("sampling.kernels")
        if compiled is not None:
            oriented = Oriented.of(edges)
            sides = compiled.triangles(oriented.heads.starts, oriented.heads.values, oriented.edges)
        else:
            sides = np.concatenate([np.empty((0, 3), dtype=np.int32), *_closed_wedges(edges)])
        corners = np.empty_like(sides)
        corners[:, 0] = edges.low[sides[:, 0]]
        corners[:, 1] = edges.high[sides[:, 0]]
        corners[:, 2] = edges.high[sides[:, 1]]
        return Triangles(corners, sides)


def triangle_count(edges: Edges) -> int:
    """How many triangles there are, without keeping them."""
    compiled, _ = kernels("sampling.kernels")
    if compiled is not None:
        oriented = Oriented.of(edges)
        return int(compiled.triangle_count(oriented.heads.starts, oriented.heads.values))
    return sum(len(part) for part in _closed_wedges(edges))


def _closed_wedges(edges: Edges) -> Iterator[NDArray[np.int32]]:
    """Edge numbers of every triangle once, ascending, in parts of bounded size.

    Each triangle has one edge u -> v that is followed by v -> w and closed by u -> w.
    """
    oriented = Oriented.of(edges)
    starts, head = oriented.heads.starts, oriented.heads.values.astype(np.int64)
    n, count = len(oriented.heads), len(head)
    tail = np.repeat(np.arange(n), oriented.heads.lengths)
    keys = tail * n + head
    wedges = starts[head + 1] - starts[head]
    ends = np.cumsum(wedges)
    first = 0
    while first < count:
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + WEDGES_AT_ONCE, side="right")))
        sizes = wedges[first:last]
        one = np.repeat(np.arange(first, last), sizes)
        offset = np.arange(len(one)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        two = starts[head[one]] + offset
        wanted = tail[one] * n + head[two]
        three = np.minimum(np.searchsorted(keys, wanted), count - 1)
        closed = keys[three] == wanted
        found = oriented.edges[np.column_stack((one[closed], two[closed], three[closed]))]
        yield np.sort(found, axis=1)
        first = last
