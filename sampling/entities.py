"""One entity an item, in random order."""

from collections.abc import Iterator

import numpy as np

from kg.graph import Graph
from kg.model import Subgraph
from sampling.items import Items, blocks


class EntitySampler:
    """Every entity exactly once, in an order drawn uniformly; O(n) memory."""

    name = "entities"
    when_empty = "the graph has no entity: build it from documents that name something"
    endless = False

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of one entity each, with its relations to itself where it has any."""
        items = Items(graph)
        order = rng.permutation(len(graph))
        for block in blocks(len(order)):
            rows = order[block, None]
            yield from items.many(rows, np.empty((len(rows), 0), dtype=np.int64))
