"""Two relations that meet in one entity and are stated in different documents."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kg.graph import Graph, Ragged
from kg.model import Subgraph
from sampling.items import Items, Rows, spread
from sampling.paths import PathSampler
from sampling.wedges import slot_pairs


@dataclass(frozen=True, slots=True)
class CrossDocumentSampler:
    """Every two edges that share an entity, and that no document states both of, exactly once.

    What no document says: how something in one leads to something in another. The order is uniformly
    random and never written down; only entities that two documents name are looked at. Where there are
    fewer than two documents nothing can join them, and the items are those of `paths`.
    """

    name = "cross_document"
    when_empty = "no entity joins two relations of different documents: they may share no name; try the sampler 'paths' or 'edges'"
    endless = False

    def remark(self, graph: Graph) -> str:
        """What a user should know of the items of this graph; empty where they are as the name says."""
        if len(graph.document_ids) < 2:
            return "there are not two documents that anything could join: these are the items of the sampler 'paths'"
        return ""

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs of three entities, the relations along both edges, and a document of each edge.

        Where several documents state an edge, the one meant is the first by id.
        """
        if self.remark(graph):
            yield from PathSampler().sample(graph, rng)
            return
        items = Items(graph)
        stated = _documents(graph)
        slots, starts = _bridges(graph, stated)
        neighbours, numbers = graph.edges.neighbours.values, graph.edges.neighbour_edges
        centre = np.repeat(np.arange(len(graph)), graph.edges.neighbours.lengths)[slots]
        for _, one, two in slot_pairs(starts, rng):
            at_one, at_two = slots[one], slots[two]
            left, right = numbers[at_one].astype(np.int64), numbers[at_two].astype(np.int64)
            keep = ~_share(stated, left, right, len(graph.document_ids))
            entities = np.stack((centre[one], neighbours[at_one], neighbours[at_two]), axis=1, dtype=np.int64)
            meant = np.stack(
                (stated.values[stated.starts[left]], stated.values[stated.starts[right]]),
                axis=1,
                dtype=np.int64,
            )
            yield from items.many(entities[keep], np.stack((left, right), axis=1)[keep], meant[keep])


def _documents(graph: Graph) -> Ragged:
    """The documents (rows, ascending) that state a relation of each edge."""
    edges, documents = graph.edges, max(1, len(graph.document_ids))
    of_edge, slots = spread(edges.relations, np.arange(len(edges)))
    of_slot, places = spread(graph.relation_documents, edges.relations.values[slots])
    keys = np.unique(of_edge[of_slot] * np.int64(documents) + graph.relation_documents.values[places])
    return Ragged.group(keys // documents, keys % documents, len(edges))


def _bridges(graph: Graph, stated: Ragged) -> tuple[Rows, Rows]:
    """Slots of `edges.neighbours` whose edge a document states, at entities of several documents; and starts."""
    neighbours = graph.edges.neighbours
    owner = np.repeat(np.arange(len(graph)), neighbours.lengths)
    keep = (stated.lengths > 0)[graph.edges.neighbour_edges] & (graph.entity_documents.lengths > 1)[owner]
    slots = np.flatnonzero(keep)
    starts = np.zeros(len(graph) + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner[slots], minlength=len(graph)), out=starts[1:])
    return slots, starts


def _share(
    stated: Ragged, left: Rows, right: Rows, documents: int
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether some document states both edges, pair by pair."""
    (one, a), (two, b) = spread(stated, left), spread(stated, right)
    both = np.isin(one * documents + stated.values[a], two * documents + stated.values[b])
    found = np.zeros(len(left), dtype=bool)
    found[one[both]] = True
    return found
