"""One entity an item, in random order."""

from collections.abc import Iterator

import numpy as np

from kg.graph import Graph
from kg.model import Subgraph
from sampling.items import Items


class EntitySampler:
    """Every entity exactly once, in an order drawn uniformly; O(n) memory."""

    name = "entities"
    when_empty = "the graph has no entity: build it from documents that name something"

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of one entity each, with its relations to itself where it has any."""
        items = Items(graph)
        for row in rng.permutation(len(graph)):
            yield items.make([int(row)], ())
