"""Two joined entities an item, with every relation between them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from kg.graph import Graph
from kg.model import Subgraph
from sampling.items import Items, Rows, blocks
from sampling.weights import check_weights, draws, weighted_blocks


@dataclass(frozen=True, slots=True)
class EdgeSampler:
    """Every pair of joined entities exactly once; O(m) memory.

    The order is uniform, or, `weighted`, successive draws without replacement in proportion to the
    weight of the edge (the sum over its relations); edges of weight 0 come last. With `replacement`
    each draw is made among all edges, and there is no end.
    """

    weighted: bool = False
    replacement: bool = False
    name = "edges"
    when_empty = "no two entities of the graph are joined by a relation: try the sampler 'entities'"

    @property
    def endless(self) -> bool:
        """With replacement."""
        return self.replacement

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of two entities and all relations between them, in either direction.

        Raises ValueError where `weighted` meets a weight that is negative or not a finite number.
        """
        items, edges = Items(graph), graph.edges
        for order in self._order(graph, rng):
            for block in blocks(len(order)):
                rows = order[block]
                yield from items.many(np.column_stack((edges.low[rows], edges.high[rows])), rows[:, None])

    def _order(self, graph: Graph, rng: np.random.Generator) -> Iterable[Rows]:
        edges = graph.edges
        weights = check_weights(edges.weights) if self.weighted else None
        if self.replacement:
            return draws(weights, len(edges), rng)
        if weights is not None:
            return weighted_blocks(weights, rng)
        return (rng.permutation(len(edges)),)
