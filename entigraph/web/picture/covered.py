"""What the texts of a corpus cover of each entity and each joined pair, and after which of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kg.graph import Graph, Ints
from kg.model import Record
from kg.store import Store
from sampling.accounting import Coverage, resolved

FIRST = 100
"""So many of the texts that cover a thing are named."""


@dataclass(frozen=True, eq=False, slots=True)
class Covered:
    """Coverage of one generation, by rows of `coverage.graph`.

    `entities` (shape (n,)) and `edges` (shape (edges of the simple graph,)) count the texts that cover each;
    `entities_at` and `edges_at` hold the numbers of the first 100 of them. Texts that count are numbered from
    1 to `texts` in the order of the journal; `places` gives the number of every record, also of those that do
    not count, from 1 to `answers`.
    """

    generation: int
    coverage: Coverage
    texts: int
    answers: int
    entities: Ints
    edges: Ints
    entities_at: Mapping[int, Sequence[int]]
    edges_at: Mapping[int, Sequence[int]]
    places: Mapping[str, int]


def covered_of(store: Store, graph: Graph, calls: Sequence[str]) -> Covered:
    """Counted once over all records, in the order of `calls` (keys of the journal, oldest first).

    Records whose call is not among them come last, by id, as in `analysis.written.realised`.
    """
    place = {key: number for number, key in enumerate(calls)}
    records = sorted(store.read(Record), key=lambda one: (place.get(one.call, len(place)), one.id))
    coverage = Coverage(graph)
    counting = [record for record in records if record.counts]
    resolution, redirects = resolved(store, coverage, counting)
    edge_of = np.full(graph.relation_count, -1, dtype=np.int64)
    edges = graph.edges
    edge_of[edges.relations.values] = np.repeat(np.arange(len(edges)), edges.relations.lengths)
    entities_met, edges_met = np.zeros(len(graph), dtype=np.int32), np.zeros(len(edges), dtype=np.int32)
    entities_at: dict[int, list[int]] = {}
    edges_at: dict[int, list[int]] = {}
    for number, record in enumerate(counting, 1):
        things = coverage.things_of_record(record, resolution, redirects)
        coverage.count(things)
        rows = [row for (row,) in things["entities"]]
        joined = {int(edge_of[row]) for (row,) in things["relations"]} - {-1}
        _note(entities_at, entities_met, rows, number)
        _note(edges_at, edges_met, joined, number)
    return Covered(
        graph.generation,
        coverage,
        len(counting),
        len(records),
        entities_met,
        edges_met,
        entities_at,
        edges_at,
        {record.id: number for number, record in enumerate(records, 1)},
    )


def _note(at: dict[int, list[int]], met: Ints, rows: Iterable[int], number: int) -> None:
    for row in rows:
        met[row] += 1
        if met[row] <= FIRST:
            at.setdefault(row, []).append(number)
