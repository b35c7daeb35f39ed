"""What is worked out of a graph once, before pictures are taken from it."""

import threading
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from entigraph.web.kept import Kept
from entigraph.web.shapes.graph import Counted
from kg.graph import Graph, Ints
from kg.model import GraphError
from kg.ragged import Ragged
from sampling.communities import leiden
from sampling.label_propagation import label_propagation

SEED = 7
LARGE = 2_000_000
"""Joined pairs above which nobody waits for communities: they come when they are there."""


class Atlas:
    """Communities, the order in which entities are shown, and counts for the filters, of one derived graph.

    Rows and edge numbers are those of `graph`, whose generation may be an older one: what was written since is
    not seen in the graph.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._communities: Kept[Ints] = Kept()
        self._ranking: Kept[NDArray[np.int64]] = Kept()
        self._started = threading.Lock()

    def fits(self, graph: Graph) -> bool:
        """Whether this is the same derived graph."""
        return graph.relation_ids is self.graph.relation_ids and graph.entity_ids is self.graph.entity_ids

    def communities(self) -> Ints:
        """The community of each row, 0 for the largest. -1 everywhere while those of a large graph are worked out."""
        if (found := self._communities.last) is not None:
            return found
        if len(self.graph.edges) <= LARGE:
            return self._communities.get(0, self._divide)
        if self._started.acquire(blocking=False):
            threading.Thread(
                target=self._communities.get, args=(0, self._divide), name="communities", daemon=True
            ).start()
        return np.full(len(self.graph), -1, dtype=np.int32)

    def _divide(self) -> Ints:
        edges = self.graph.edges
        weights = np.nan_to_num(np.maximum(edges.weights, 0.0), posinf=0.0)
        if not len(edges):
            return np.arange(len(self.graph), dtype=np.int32)
        try:
            found = leiden(edges, weights, len(self.graph), 1.0, np.random.default_rng(SEED))
        except GraphError:  # without the extra
            found = label_propagation(edges, weights, np.random.default_rng(SEED))
        alone = np.flatnonzero(edges.neighbours.lengths == 0)
        found = found.astype(np.int64)
        found[alone] = int(found.max()) + 1 + np.arange(len(alone))
        _, first, of, sizes = np.unique(found, return_index=True, return_inverse=True, return_counts=True)
        place = np.empty(len(sizes), dtype=np.int32)
        place[np.lexsort((first, -sizes))] = np.arange(len(sizes))
        return place[of]

    def central(self, rows: NDArray[np.int64], degrees: NDArray[np.int64]) -> NDArray[np.int64]:
        """These rows, the most telling first: many neighbours, but not all of one community.

        `degrees` are of all rows, shape (n,). An entity counts as its degree over the root of its rank by degree in its community, so that every
        community comes in with its best ones before the middling ones of the largest.
        """
        degrees, of = degrees[rows], self.communities()[rows]
        order = np.lexsort((rows, -degrees, of))
        starts = np.flatnonzero(np.diff(of[order], prepend=-2))
        rank = np.empty(len(rows), dtype=np.int64)
        rank[order] = np.arange(len(rows)) - np.repeat(starts, np.diff(starts, append=len(rows))) + 1
        return rows[np.lexsort((rows, -degrees, -degrees / np.sqrt(rank)))]

    @property
    def ranking(self) -> NDArray[np.int64]:
        """All rows in the order of `central`, kept once the communities are known."""
        known = not (self.communities() < 0).any()
        return self._ranking.get(known, lambda: self.central(np.arange(len(self.graph)), self.graph.degrees))

    # ---- counts ----------------------------------------------------------------------------------

    @cached_property
    def types(self) -> list[Counted]:
        """Types with how many entities have each, most first."""
        return _counted(self.graph.type_names, self.graph.types)

    @cached_property
    def labels(self) -> list[Counted]:
        """Labels with how many relations have each, most first."""
        return _counted(self.graph.label_names, self.graph.labels)

    @cached_property
    def documents(self) -> list[Counted]:
        """Documents with how many entities each names, most first."""
        graph = self.graph
        counts = np.bincount(graph.entity_documents.values, minlength=len(graph.document_ids)).tolist()
        rows = zip(graph.document_ids, graph.document_titles, counts, strict=True)
        found = [Counted(id=id, name=title, count=count) for id, title, count in rows]
        return sorted(found, key=lambda one: (-one.count, one.name, one.id))

    @cached_property
    def titles(self) -> dict[str, str]:
        """Titles of the documents by id."""
        return dict(zip(self.graph.document_ids, self.graph.document_titles, strict=True))

    @cached_property
    def edge_of(self) -> Ints:
        """The joined pair of each relation, -1 for one from an entity to itself."""
        edges = self.graph.edges
        found = np.full(self.graph.relation_count, -1, dtype=np.int32)
        found[edges.relations.values] = np.repeat(np.arange(len(edges)), edges.relations.lengths)
        return found

    @cached_property
    def in_document(self) -> Ragged:
        """Entity rows by document row."""
        return _turned(self.graph.entity_documents, len(self.graph.document_ids))

    @cached_property
    def stated_in(self) -> Ragged:
        """Relation rows by document row."""
        return _turned(self.graph.relation_documents, len(self.graph.document_ids))


def _counted(names: tuple[str, ...], codes: Ints) -> list[Counted]:
    counts = np.bincount(codes, minlength=len(names)).tolist()
    found = [Counted(id=name, name=name, count=count) for name, count in zip(names, counts, strict=True)]
    return sorted(found, key=lambda one: (-one.count, one.name))


def _turned(table: Ragged, n: int) -> Ragged:
    rows = np.repeat(np.arange(len(table)), table.lengths)
    return Ragged.group(table.values, rows, n)
