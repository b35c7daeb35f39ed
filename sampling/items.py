"""From row numbers of a graph to the `Subgraph` that names them by id."""

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

from kg.graph import Graph
from kg.model import Subgraph


class Items:
    """Makes the subgraphs of one graph: entity rows in, ids and all relations among them out.

    "Among them" means both ends are in the item; a relation of an entity to itself is among them too.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.edges = graph.edges
        self._own: dict[int, list[int]] = {}
        for relation in np.flatnonzero(graph.sources == graph.targets).tolist():
            self._own.setdefault(int(graph.sources[relation]), []).append(relation)

    def make(self, entities: Sequence[int], edges: Iterable[int]) -> Subgraph:
        """The item of these entity rows, joined by these edges (numbers in `graph.edges`)."""
        return self._subgraph(entities, self._relations(entities, edges), ())

    def make_in_document(self, entities: Sequence[int], document: int) -> Subgraph:
        """The item of these entity rows as one document (a row) has them: relations it states, and its id."""
        of_relation = self.graph.relation_documents
        relations = [
            row
            for row in self._relations(entities, self.edges_among(entities))
            if document in of_relation[row]
        ]
        return self._subgraph(entities, relations, (self.graph.document_ids[document],))

    def edges_among(self, entities: Sequence[int]) -> list[int]:
        """Numbers of the edges between these entity rows; O(k² log degree)."""
        neighbours = self.edges.neighbours
        found = []
        for a, b in combinations(entities, 2):
            start, end = int(neighbours.starts[a]), int(neighbours.starts[a + 1])
            slot = start + int(neighbours.values[start:end].searchsorted(b))
            if slot < end and neighbours.values[slot] == b:
                found.append(int(self.edges.neighbour_edges[slot]))
        return found

    def _relations(self, entities: Sequence[int], edges: Iterable[int]) -> list[int]:
        rows = [row for edge in edges for row in self.edges.relations[edge].tolist()]
        if self._own:
            rows += [row for entity in entities for row in self._own.get(entity, ())]
        return rows

    def _subgraph(
        self, entities: Sequence[int], relations: Sequence[int], documents: tuple[str, ...]
    ) -> Subgraph:
        graph = self.graph
        return Subgraph.make(
            [graph.entity_id(row) for row in entities],
            [graph.relation_id(row) for row in relations],
            documents,
        )
