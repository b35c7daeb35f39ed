"""Directed graphs as compressed rows: the source graph that a coverage process walks on."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kg.graph import Graph

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

MAX_EXPECTED_EDGES = 2e8
LEAPS_AT_ONCE = 1 << 20
MAX_VERTICES = 5e7


@dataclass(frozen=True, eq=False, slots=True)
class Digraph:
    """A simple directed graph: no self-loops, at most one edge from one vertex to another.

    `indices[indptr[v]:indptr[v + 1]]` are the vertices that v points to, ascending; indptr is int64
    of shape (vertices + 1,), indices int32 of shape (edges,).
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]

    @property
    def vertices(self) -> int:
        """Number of vertices, V."""
        return len(self.indptr) - 1

    @property
    def edges(self) -> int:
        """Number of directed edges."""
        return len(self.indices)

    @property
    def pairs(self) -> int:
        """Number of ordered pairs of distinct vertices, K = V (V - 1)."""
        return self.vertices * (self.vertices - 1)

    @staticmethod
    def of_edges(
        vertices: int, sources: ArrayLike, targets: ArrayLike, *, undirected: bool = False
    ) -> "Digraph":
        """The simple graph of these edges: self-loops and repeats are dropped.

        `undirected` adds each edge's reverse. Raises ValueError for an end outside 0..vertices-1.
        """
        if vertices < 0:
            raise ValueError(f"the number of vertices must be 0 or more, not {vertices!r}")
        tails = np.asarray(sources, dtype=np.int64).reshape(-1)
        heads = np.asarray(targets, dtype=np.int64).reshape(-1)
        if len(tails) != len(heads):
            raise ValueError(f"as many sources as targets are needed, saw {len(tails)} and {len(heads)}")
        both = np.concatenate((tails, heads))
        if len(both) and not (both.min() >= 0 and both.max() < vertices):
            raise ValueError(
                f"edges must join vertices 0 to {vertices - 1}, saw {int(both.min())} and {int(both.max())}"
            )
        if undirected:
            tails, heads = both, np.concatenate((heads, tails))
        keys = np.unique((tails * vertices + heads)[tails != heads])
        tails, heads = np.divmod(keys, max(vertices, 1))
        indptr = np.zeros(vertices + 1, dtype=np.int64)
        np.cumsum(np.bincount(tails, minlength=vertices), out=indptr[1:])
        return Digraph(indptr, heads.astype(np.int32))

    @staticmethod
    def of_graph(graph: Graph, *, undirected: bool = False) -> "Digraph":
        """The entities of a graph as vertices, in row order; an edge where a relation leads."""
        return Digraph.of_edges(len(graph), graph.sources, graph.targets, undirected=undirected)

    def symmetrised(self) -> "Digraph":
        """The graph with every edge in both directions."""
        return Digraph.of_edges(self.vertices, self.tails, self.indices, undirected=True)

    @property
    def tails(self) -> NDArray[np.int64]:
        """The vertex each edge leaves, in the order of `indices`."""
        return np.repeat(np.arange(self.vertices), np.diff(self.indptr))

    def to_scipy(self) -> "csr_matrix":
        """The adjacency matrix with ones, float64, as scipy's graph routines take it."""
        from scipy.sparse import csr_matrix

        shape = (self.vertices, self.vertices)
        return csr_matrix((np.ones(self.edges), self.indices, self.indptr), shape=shape)


def erdos_renyi(vertices: int, mean_degree: float, rng: np.random.Generator) -> Digraph:
    """The paper's source graph: each ordered pair x != y is an edge with probability mean_degree / V.

    Pairs are visited by geometric leaps, in ascending order, so the cost is that of the edges, not of the
    pairs: 8 bytes an edge while it is made, 4 after.

    Source: Yang et al. 2024, arXiv 2409.07431, section 6 (the toy model; lambda is `mean_degree`).
    """
    if vertices < 1:
        raise ValueError(f"a graph needs at least one vertex, saw V={vertices!r}")
    if not (math.isfinite(mean_degree) and 0 <= mean_degree <= vertices):
        raise ValueError(f"lambda must be between 0 and V={vertices}, saw {mean_degree!r}")
    if vertices > MAX_VERTICES:
        raise ValueError(
            f"a graph of V={vertices} does not fit into memory; at most V={MAX_VERTICES:.0e} is made. Take a "
            "smaller one, or a formula, which needs no graph: the methods 'fluid' and 'branching'"
        )
    if mean_degree * vertices > MAX_EXPECTED_EDGES:
        raise ValueError(
            f"V={vertices} with lambda={mean_degree} would have about {mean_degree * vertices:.2g} edges; "
            f"at most {MAX_EXPECTED_EDGES:.0e} are made. Choose a smaller graph"
        )
    pairs, probability = vertices * (vertices - 1), mean_degree / vertices
    found = [np.empty(0, dtype=np.int32)]
    indptr = np.zeros(vertices + 1, dtype=np.int64)
    last = -1
    while probability > 0 and last < pairs - 1:
        expected = (pairs - 1 - last) * probability
        size = min(int(expected + 4 * math.sqrt(expected) + 16), LEAPS_AT_ONCE)
        numbers = last + np.cumsum(np.minimum(rng.geometric(probability, size=size), pairs))
        last = int(numbers[-1])
        tails, heads = np.divmod(numbers[numbers < pairs], max(vertices - 1, 1))
        heads += heads >= tails
        indptr[1:] += np.bincount(tails, minlength=vertices)
        found.append(heads.astype(np.int32))
    np.cumsum(indptr, out=indptr)
    return Digraph(indptr, np.concatenate(found))
