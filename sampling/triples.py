"""Every triple of entities of one document: what the paper writes about after the pairs."""

from collections.abc import Iterator

import numpy as np

from kg.graph import Graph
from kg.model import Subgraph
from sampling.combinations import document_subsets


class TripleSampler:
    """Every three entities that one document names, joined or not, once a document, in random order.

    Constant memory beside the graph: C(n, 3) items a document are never listed.
    """

    name = "triples"
    when_empty = "no document of the graph names three entities: try the sampler 'pairs' or 'edges'"
    endless = False

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of three entities, the document they share, and the relations it states among them."""
        return document_subsets(graph, 3, rng)
