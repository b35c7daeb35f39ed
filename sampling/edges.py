"""Two joined entities an item, with every relation between them, in random order."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.graph import Floats, Graph
from kg.model import Subgraph
from sampling.items import Items


@dataclass(frozen=True, slots=True)
class EdgeSampler:
    """Every pair of joined entities exactly once; O(m) memory.

    The order is uniform, or, `weighted`, successive draws without replacement in proportion to the
    weight of the edge (the sum over its relations); edges of weight 0 come last.
    """

    weighted: bool = False
    name = "edges"
    when_empty = "no two entities of the graph are joined by a relation: try the sampler 'entities'"

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of two entities and all relations between them, in either direction.

        Raises ValueError where `weighted` meets a weight that is negative or not a finite number.
        """
        if self.weighted:
            order = weighted_order(graph.edges.weights, rng)
        else:
            order = rng.permutation(len(graph.edges))
        return self._items(graph, order)

    def _items(self, graph: Graph, order: NDArray[np.int64]) -> Iterator[Subgraph]:
        items = Items(graph)
        low, high = graph.edges.low, graph.edges.high
        for edge in order:
            yield items.make([int(low[edge]), int(high[edge])], (int(edge),))


def weighted_order(weights: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Row numbers in the order of draws without replacement, each in proportion to its weight.

    Row i gets the key E_i / w_i with E_i exponential; ascending keys are such draws (Efraimidis and
    Spirakis 2006, doi:10.1016/j.ipl.2005.11.003). Rows of weight 0 come last, in random order.
    """
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if len(wrong):
        raise ValueError(
            f"weights must be finite and not negative, but {len(wrong)} are not, the first is "
            f"{float(weights[wrong[0]])!r}. Correct them, or sample without weights"
        )
    exponential = rng.exponential(size=len(weights))
    positive = weights > 0
    keys = np.divide(exponential, weights, out=np.full(len(weights), np.inf), where=positive)
    return np.lexsort((exponential, keys))
