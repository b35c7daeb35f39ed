"""From row numbers of a graph to the `Subgraph` that names them by id, one by one or many at once."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from kg.graph import Graph, Ids, Ragged
from kg.model import Subgraph

Rows = NDArray[np.int64]
FEW = 8
PAIRS_AT_ONCE = 120  # up to 16 entities an item, every pair is looked up
AT_ONCE = 1 << 20  # places in a table
FIRST, MOST = 64, 8192  # items made at once: few at first, so that the first one is there soon


class Items:
    """Makes the subgraphs of one graph: entity rows in, ids and all relations among them out.

    "Among them" means both ends are in the item; a relation of an entity to itself is among them too.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.edges = graph.edges

    # ---- one by one ------------------------------------------------------------------------------

    def make(self, entities: Sequence[int], edges: Iterable[int]) -> Subgraph:
        """The item of these entity rows, joined by these edges (numbers in `graph.edges`)."""
        return self._subgraph(entities, self._relations(entities, edges), ())

    def make_among(self, entities: Sequence[int]) -> Subgraph:
        """The item of these entity rows and every relation among them."""
        return self.make(entities, self.edges_among(entities))

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
        """Numbers of the edges between these entity rows; O(k² log degree), or O(their degrees) for many."""
        neighbours = self.edges.neighbours
        found: list[int] = []
        if len(entities) > FEW:
            found += self._edges_among_many(np.asarray(entities, dtype=np.int64)).tolist()
            return found
        for a, b in combinations(entities, 2):
            start, end = int(neighbours.starts[a]), int(neighbours.starts[a + 1])
            slot = start + int(neighbours.values[start:end].searchsorted(b))
            if slot < end and neighbours.values[slot] == b:
                found.append(int(self.edges.neighbour_edges[slot]))
        return found

    def edge_between(self, a: NDArray[np.integer], b: NDArray[np.integer]) -> Rows:
        """Number of the edge between each two entity rows, -1 where there is none; O(log m) each."""
        n = np.int64(len(self.graph))
        wanted = np.minimum(a, b) * n + np.maximum(a, b)
        at = np.minimum(self._keys.searchsorted(wanted), max(0, len(self._keys) - 1))
        if not len(self._keys):
            return np.full(len(wanted), -1)
        return np.where(self._keys[at] == wanted, at, -1)

    def _edges_among_many(self, entities: Rows) -> Rows:
        known = np.unique(entities)
        slots = spread(self.edges.neighbours, known)[1]
        others = self.edges.neighbours.values[slots]
        at = np.minimum(known.searchsorted(others), len(known) - 1)
        return np.unique(self.edges.neighbour_edges[slots[known[at] == others]].astype(np.int64))

    def _relations(self, entities: Sequence[int], edges: Iterable[int]) -> list[int]:
        rows = [row for edge in edges for row in self.edges.relations[edge].tolist()]
        if len(self._own.values):
            rows += [row for entity in entities for row in self._own[entity].tolist()]
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

    @cached_property
    def _keys(self) -> Rows:
        """Both ends of each edge as one number; ascending, as edges are sorted."""
        return self.edges.low * np.int64(len(self.graph)) + self.edges.high

    @cached_property
    def _own(self) -> Ragged:
        """Relations of each entity to itself."""
        graph = self.graph
        loops = np.flatnonzero(graph.sources == graph.targets)
        return Ragged.group(graph.sources[loops], loops, len(graph))

    # ---- many at once ----------------------------------------------------------------------------

    def many(
        self, entities: NDArray[np.integer], edges: NDArray[np.integer], documents: Rows | None = None
    ) -> Iterator[Subgraph]:
        """The items of a block, in order: row i of both holds entity rows and edges of item i, -1 for none.

        What comes twice in a row counts once. `documents` (document rows, -1 for none) are those meant.
        About 3 µs an item of two entities; the same as `make` for each of them.
        """
        count = len(entities)
        of_entity, rows = _flat(entities)
        of_edge, numbers = _flat(edges)
        at, slots = spread(self.edges.relations, numbers)
        relations, of_relation = self.edges.relations.values[slots].astype(np.int64), of_edge[at]
        if len(self._own.values):
            at, slots = spread(self._own, rows)
            relations = np.concatenate((relations, self._own.values[slots]))
            of_relation = np.concatenate((of_relation, of_entity[at]))
        order = np.lexsort((relations, of_relation))
        entity_ids = _grouped(self.graph.entity_ids[rows], of_entity, count)
        relation_ids = _grouped(self.graph.relation_ids[relations[order]], of_relation[order], count)
        if documents is None:
            return map(Subgraph, entity_ids, relation_ids)
        names = self.graph.document_ids
        meant = (
            tuple(sorted(names[row] for row in set(some) - {-1})) for some in np.asarray(documents).tolist()
        )
        return map(Subgraph, entity_ids, relation_ids, meant)

    def many_among(self, members: Rows) -> Iterator[Subgraph]:
        """The items of these entity rows (one item a row of the table, -1 for none) and all relations among them."""
        width = members.shape[1]
        if width * (width - 1) // 2 > PAIRS_AT_ONCE:
            yield from (self.make_among(row[row >= 0].tolist()) for row in members)
            return
        one, two = np.triu_indices(width, 1)
        a, b = members[:, one], members[:, two]
        edges = np.full(a.shape, -1, dtype=np.int64)
        there = (a >= 0) & (b >= 0)
        edges[there] = self.edge_between(a[there], b[there])
        yield from self.many(members, edges)


def blocks_of(count: int, width: int) -> Iterator[slice]:
    """`blocks` for tables of `width` columns."""
    most = max(1, min(MOST, AT_ONCE // width))
    return blocks(count, min(FIRST, most), most)


def blocks(count: int, first: int = FIRST, most: int = MOST) -> Iterator[slice]:
    """0..count-1 in consecutive pieces, small ones first."""
    start = 0
    while start < count:
        stop = min(start + first, count)
        yield slice(start, stop)
        start, first = stop, min(2 * first, most)


def spread(table: Ragged, rows: NDArray[np.integer]) -> tuple[Rows, Rows]:
    """Every slot of these rows of a table: which of `rows` it belongs to (by place), and its number."""
    starts = table.starts[rows]
    sizes = table.starts[np.asarray(rows) + 1] - starts
    of = np.repeat(np.arange(len(sizes)), sizes)
    return of, np.arange(len(of)) - np.repeat(np.cumsum(sizes) - sizes - starts, sizes)


def _flat(table: NDArray[np.integer]) -> tuple[Rows, Rows]:
    """Numbers of a table, row by row, ascending and once each, without the -1; and the row of each."""
    ordered = np.sort(np.asarray(table, dtype=np.int64), axis=1)
    keep = ordered >= 0
    keep[:, 1:] &= ordered[:, 1:] != ordered[:, :-1]
    of, place = np.nonzero(keep)
    return of, ordered[of, place]


def _grouped(ids: Ids, of: Rows, count: int) -> Iterator[tuple[str, ...]]:
    """The ids in hex, as one tuple for each item."""
    digits = ids.tobytes().hex()
    texts = [digits[start : start + 32] for start in range(0, len(digits), 32)]
    ends = np.searchsorted(of, np.arange(count + 1)).tolist()
    return (tuple(texts[start:stop]) for start, stop in pairwise(ends))
