"""Each document as a whole: one item a document, without entities."""

from collections.abc import Iterator

import numpy as np

from kg.graph import Graph
from kg.model import Subgraph


class DocumentSampler:
    """Yields every document once, in random order. For summaries: the first step of the paper's recipe."""

    name = "documents"
    when_empty = "the graph has no document: build it from documents, or try the sampler 'entities'"
    endless = False

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """One subgraph a document: no entity, no relation, that document meant."""
        for row in rng.permutation(len(graph.document_ids)):
            yield Subgraph.make((), documents=(graph.document_ids[row],))
