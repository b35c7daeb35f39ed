"""Three pairwise joined entities an item, with every relation among them, in random order."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.graph import Edges, Graph
from kg.model import Subgraph
from sampling.items import Items

WEDGES_AT_ONCE = 2_000_000


class TriangleSampler:
    """Every triangle exactly once, in an order drawn uniformly; 36 bytes a triangle.

    All triangles are listed before the first one comes out.
    """

    name = "triangles"
    when_empty = "no three entities of the graph are pairwise joined: try the sampler 'edges'"

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of three pairwise joined entities and all relations among them."""
        items = Items(graph)
        triangles = Triangles.of(graph.edges)
        for number in rng.permutation(len(triangles)):
            yield items.make(triangles.corners[number].tolist(), triangles.edges[number].tolist())


@dataclass(frozen=True, eq=False, slots=True)
class Triangles:
    """The triangles of a graph, sorted by their corners.

    `corners[i]` are three entity rows, ascending; `edges[i]` the edges between the first and second,
    first and third, second and third. Both are int32 of shape (triangles, 3).
    """

    corners: NDArray[np.int32]
    edges: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.edges)

    @staticmethod
    def of(edges: Edges) -> "Triangles":
        """List them: orient each edge from lower to higher degree, then close the wedges.

        O(m sqrt(m)) time: no vertex keeps more than sqrt(2 m) edges that lead out of it.
        """
        found = [np.empty((0, 3), dtype=np.int32), *_closed_wedges(edges)]
        sides = np.sort(np.concatenate(found), axis=1)
        order = np.argsort(sides[:, 0].astype(np.int64) * max(len(edges), 1) + sides[:, 1])
        sides = np.ascontiguousarray(sides[order])
        corners = np.column_stack((edges.low[sides[:, 0]], edges.high[sides[:, 0]], edges.high[sides[:, 1]]))
        return Triangles(np.ascontiguousarray(corners), sides)


def triangle_count(edges: Edges) -> int:
    """How many triangles there are, without keeping them."""
    return sum(len(part) for part in _closed_wedges(edges))


def _closed_wedges(edges: Edges) -> Iterator[NDArray[np.int32]]:
    """Edge numbers of every triangle once, in parts of bounded size, in no particular order.

    With edges oriented u -> v by (degree, row), each triangle has one edge u -> v that is followed
    by v -> w and closed by u -> w.
    """
    n, count = len(edges.neighbours), len(edges)
    degree = edges.neighbours.lengths
    up = degree[edges.low] <= degree[edges.high]
    tail = np.where(up, edges.low, edges.high).astype(np.int64)
    head = np.where(up, edges.high, edges.low).astype(np.int64)
    order = np.lexsort((head, tail))
    tail, head = tail[order], head[order]
    keys = tail * n + head
    starts = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=n), out=starts[1:])
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
        yield order[np.column_stack((one[closed], two[closed], three[closed]))].astype(np.int32)
        first = last
