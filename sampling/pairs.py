"""Every pair of entities of one document: what the paper writes about first."""

from collections.abc import Iterator

import numpy as np

from kg.graph import Graph
from kg.model import Subgraph
from sampling.combinations import document_subsets


class PairSampler:
    """Every two entities that one document names, joined or not, once a document, in random order.

    Constant memory beside the graph: C(n, 2) items a document are never listed.
    """

    name = "pairs"
    when_empty = "no document of the graph names two entities: try the sampler 'edges' or 'entities'"
    endless = False

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of two entities, the document they share, and the relations it states between them."""
        return document_subsets(graph, 2, rng)
