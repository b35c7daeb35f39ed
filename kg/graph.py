"""The derived graph as arrays: immutable, columnar, compressed rows in both directions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kg.model import content_id, normal_name
from kg.ragged import Floats, Ids, Ints, Offsets, Ragged, Texts, pack_ids

if TYPE_CHECKING:
    import networkx
    import pandas

__all__ = ["Edges", "Floats", "Graph", "Ids", "Ints", "Offsets", "Ragged", "Texts", "pack_ids"]


@dataclass(frozen=True, eq=False)
class Graph:
    """Entities and relations by row number; rows are sorted by id, so equal content is equal arrays.

    n entities, m relations (directed, several between two entities allowed), d documents. Row numbers
    hold within one generation only: plans and records keep ids. `types` and `labels` are codes into
    `type_names` and `label_names`. `entity_documents` and `relation_documents` hold document rows.
    """

    entity_ids: Ids
    names: Sequence[str]
    types: Ints
    type_names: tuple[str, ...]
    mentions: Ints
    relation_ids: Ids
    sources: Ints
    targets: Ints
    labels: Ints
    label_names: tuple[str, ...]
    weights: Floats
    document_ids: tuple[str, ...]
    document_titles: tuple[str, ...]
    entity_documents: Ragged
    relation_documents: Ragged
    generation: int = 0

    # ---- making one ------------------------------------------------------------------------------

    @staticmethod
    def build(
        entities: Iterable[tuple[str, str, str, int]],
        relations: Iterable[tuple[str, str, str, str, float]],
        *,
        documents: Sequence[tuple[str, str]] = (),
        entity_documents: Iterable[tuple[str, str]] = (),
        relation_documents: Iterable[tuple[str, str]] = (),
        generation: int = 0,
    ) -> "Graph":
        """A graph from rows in any order.

        entities (id, name, type, mentions); relations (id, source, label, target, weight); documents
        (id, title); memberships (entity or relation id, document id). Raises ValueError where a
        relation names an entity that is not there.
        """
        nodes = sorted(entities)
        edges = sorted(relations)
        row = {node[0]: i for i, node in enumerate(nodes)}
        type_names = tuple(sorted({node[2] for node in nodes}))
        label_names = tuple(sorted({edge[2] for edge in edges}))
        type_code = {name: i for i, name in enumerate(type_names)}
        label_code = {name: i for i, name in enumerate(label_names)}
        try:
            sources = np.fromiter((row[edge[1]] for edge in edges), np.int32, len(edges))
            targets = np.fromiter((row[edge[3]] for edge in edges), np.int32, len(edges))
        except KeyError as missing:
            raise ValueError(
                f"a relation names the entity {missing}, which is not among the entities"
            ) from None
        documents = sorted(documents)
        document_row = {document[0]: i for i, document in enumerate(documents)}
        relation_row = {edge[0]: i for i, edge in enumerate(edges)}
        return Graph(
            entity_ids=pack_ids([node[0] for node in nodes]),
            names=[node[1] for node in nodes],
            types=np.fromiter((type_code[node[2]] for node in nodes), np.int32, len(nodes)),
            type_names=type_names,
            mentions=np.fromiter((node[3] for node in nodes), np.int32, len(nodes)),
            relation_ids=pack_ids([edge[0] for edge in edges]),
            sources=sources,
            targets=targets,
            labels=np.fromiter((label_code[edge[2]] for edge in edges), np.int32, len(edges)),
            label_names=label_names,
            weights=np.fromiter((edge[4] for edge in edges), np.float64, len(edges)),
            document_ids=tuple(document[0] for document in documents),
            document_titles=tuple(document[1] for document in documents),
            entity_documents=_membership(entity_documents, row, document_row, len(nodes)),
            relation_documents=_membership(relation_documents, relation_row, document_row, len(edges)),
            generation=generation,
        )

    @staticmethod
    def from_edges(
        edges: Iterable[tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, float]],
    ) -> "Graph":
        """A bare graph from (source, target[, label[, weight]]); weights of repeated relations add up."""
        names: dict[str, str] = {}
        weights: dict[tuple[str, str, str], float] = {}
        known: dict[str, str] = {}
        for edge in edges:
            for name in edge[:2]:
                if name not in known:
                    known[name] = content_id("entity", normal_name(name), "")
                    names.setdefault(known[name], name)
            key = (known[edge[0]], edge[2] if len(edge) > 2 else "", known[edge[1]])
            weights[key] = weights.get(key, 0.0) + (edge[3] if len(edge) > 3 else 1.0)
        return Graph.build(
            ((id, name, "", 0) for id, name in names.items()),
            ((content_id("relation", *key), *key, weight) for key, weight in weights.items()),
        )

    # ---- looking things up -----------------------------------------------------------------------

    def __len__(self) -> int:
        """Number of entities."""
        return len(self.entity_ids)

    @property
    def relation_count(self) -> int:
        """Number of relations."""
        return len(self.relation_ids)

    def entity_id(self, row: int) -> str:
        """Id of the entity in that row."""
        return self.entity_ids[row : row + 1].tobytes().hex()

    def relation_id(self, row: int) -> str:
        """Id of the relation in that row."""
        return self.relation_ids[row : row + 1].tobytes().hex()

    def entity_row(self, id: str) -> int:
        """Row of the entity with that id. Raises KeyError where there is none."""
        return _find(self.entity_ids, id)

    def relation_row(self, id: str) -> int:
        """Row of the relation with that id. Raises KeyError where there is none."""
        return _find(self.relation_ids, id)

    # ---- adjacency -------------------------------------------------------------------------------

    @cached_property
    def outgoing(self) -> Ragged:
        """Relation rows by source entity."""
        return Ragged.group(self.sources, np.arange(self.relation_count), len(self))

    @cached_property
    def incoming(self) -> Ragged:
        """Relation rows by target entity."""
        return Ragged.group(self.targets, np.arange(self.relation_count), len(self))

    @cached_property
    def edges(self) -> "Edges":
        """The undirected simple graph beneath: pairs of entities joined by at least one relation."""
        return Edges.of(self)

    @property
    def degrees(self) -> Offsets:
        """Number of distinct neighbours of each entity, itself not counted."""
        return self.edges.neighbours.lengths

    # ---- for other libraries ---------------------------------------------------------------------

    def to_networkx(self) -> "networkx.MultiDiGraph[str]":
        """The graph as a `networkx.MultiDiGraph` keyed by entity id, with names, types, labels, weights."""
        import networkx

        graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(generation=self.generation)
        ids = [self.entity_id(i) for i in range(len(self))]
        for i, id in enumerate(ids):
            graph.add_node(id, name=self.names[i], type=self.type_names[self.types[i]])
        for i in range(self.relation_count):
            graph.add_edge(
                ids[self.sources[i]],
                ids[self.targets[i]],
                key=self.relation_id(i),
                label=self.label_names[self.labels[i]],
                weight=float(self.weights[i]),
            )
        return graph

    def to_pandas(self) -> "tuple[pandas.DataFrame, pandas.DataFrame]":
        """Two frames: entities (id, name, type, mentions, degree) and relations (id, source, label, target, weight)."""
        import pandas

        ids = np.array([self.entity_id(i) for i in range(len(self))], dtype=object)
        entities = pandas.DataFrame(
            {
                "id": ids,
                "name": list(self.names),
                "type": [self.type_names[code] for code in self.types],
                "mentions": self.mentions,
                "degree": self.degrees,
            }
        )
        relations = pandas.DataFrame(
            {
                "id": [self.relation_id(i) for i in range(self.relation_count)],
                "source": ids[self.sources],
                "label": [self.label_names[code] for code in self.labels],
                "target": ids[self.targets],
                "weight": self.weights,
            }
        )
        return entities, relations


@dataclass(frozen=True, eq=False)
class Edges:
    """The simple undirected graph beneath a `Graph`: no self-loops, one edge per joined pair.

    `low[e] < high[e]` are the ends of edge e, edges sorted by (low, high); `relations[e]` are the
    relation rows between them in either direction; `neighbours[v]` are entity rows, ascending, and
    `neighbour_edges` holds the edge of each of those slots.
    """

    low: Ints
    high: Ints
    weights: Floats
    relations: Ragged
    neighbours: Ragged
    neighbour_edges: Ints

    def __len__(self) -> int:
        return len(self.low)

    @staticmethod
    def of(graph: Graph) -> "Edges":
        """The edges of a graph; O(m log m)."""
        n = len(graph)
        rows = np.flatnonzero(graph.sources != graph.targets)
        low = np.minimum(graph.sources[rows], graph.targets[rows]).astype(np.int64)
        high = np.maximum(graph.sources[rows], graph.targets[rows]).astype(np.int64)
        keys, edge_of = np.unique(low * max(n, 1) + high, return_inverse=True)
        count = len(keys)
        first, second = (keys // max(n, 1)).astype(np.int32), (keys % max(n, 1)).astype(np.int32)
        both = np.concatenate([first, second])
        other = np.concatenate([second, first])
        number = np.concatenate([np.arange(count), np.arange(count)])
        order = np.lexsort((other, both))
        starts = np.zeros(n + 1, dtype=np.int64)
        np.cumsum(np.bincount(both, minlength=n), out=starts[1:])
        return Edges(
            low=first,
            high=second,
            weights=np.bincount(edge_of, weights=graph.weights[rows], minlength=count).astype(np.float64),
            relations=Ragged.group(edge_of, rows, count),
            neighbours=Ragged(starts, other[order].astype(np.int32)),
            neighbour_edges=number[order].astype(np.int32),
        )


def _find(ids: Ids, id: str) -> int:
    try:
        # numpy drops zero bytes at the end of a value it hands out: compare without them
        wanted = np.bytes_(bytes.fromhex(id).rstrip(b"\0"))
    except ValueError:
        raise KeyError(id) from None
    row = int(np.searchsorted(ids, wanted))
    if row == len(ids) or ids[row] != wanted:
        raise KeyError(id)
    return row


def _membership(
    pairs: Iterable[tuple[str, str]], row: dict[str, int], document_row: dict[str, int], n: int
) -> Ragged:
    known = sorted({(row[id], document_row[document]) for id, document in pairs})
    table = np.array(known, dtype=np.int64).reshape(-1, 2)
    return Ragged.group(table[:, 0], table[:, 1], n)
