"""Three pairwise joined entities an item, with every relation between them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kg.graph import Graph
from kg.model import Subgraph
from sampling.items import Items, Rows, blocks
from sampling.listing import Oriented, Triangles
from sampling.wedges import slot_pairs
from sampling.weights import check_weights, weighted_blocks


@dataclass(frozen=True, slots=True)
class TriangleSampler:
    """Every triangle exactly once.

    The order is uniform, or, `weighted`, successive draws without replacement in proportion to the
    weights of the triangle's three edges together. All triangles are listed before the first one comes
    out (24 bytes each), unless `listed` is off: then pairs of edges out of one entity are tried in a
    uniformly random order that is never written down, and the closed ones come out. That needs no
    memory beside the graph's edges, and the first triangle is there at once.
    """

    weighted: bool = False
    listed: bool = True
    name = "triangles"
    when_empty = "no three entities of the graph are pairwise joined: try the sampler 'edges'"
    endless = False

    def __post_init__(self) -> None:
        if self.weighted and not self.listed:
            raise ValueError("weighted triangles have to be listed; leave out 'weighted' or 'listed=no'")

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of three pairwise joined entities and all relations among them.

        Raises ValueError where `weighted` meets a weight that is negative or not a finite number.
        """
        items = Items(graph)
        if not self.listed:
            yield from _unlisted(items, rng)
            return
        if self.weighted:
            weights = check_weights(graph.edges.weights)
            triangles = Triangles.of(graph.edges)
            parts = weighted_blocks(weights[triangles.edges].sum(axis=1), rng)
        else:
            triangles = Triangles.of(graph.edges)
            parts = iter((rng.permutation(len(triangles)),))
        for order in parts:
            for block in blocks(len(order)):
                rows = order[block]
                yield from items.many(triangles.corners[rows], triangles.edges[rows])


def _unlisted(items: Items, rng: np.random.Generator) -> Iterator[Subgraph]:
    oriented = Oriented.of(items.edges)
    heads, numbers = oriented.heads.values, oriented.edges
    for centre, one, two in slot_pairs(oriented.heads.starts, rng):
        a, b = heads[one], heads[two]
        third = items.edge_between(a, b)
        closed = third >= 0
        corners: Rows = np.stack((centre, a, b), axis=1, dtype=np.int64)
        sides: Rows = np.stack((numbers[one], numbers[two], third), axis=1, dtype=np.int64)
        yield from items.many(corners[closed], sides[closed])
