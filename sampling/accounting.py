"""How much of a graph a set of texts covers: the one counter, for plans and for written texts alike.

A text covers an entity that it was asked about and names; a relation of its subgraph if it covers both
ends; a triangle of the graph (three pairwise joined entities) if it covers all three; a pair of
entities if it covers both. Only accepted or edited texts count. A planned item counts as a text that
names all its entities.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import combinations
from typing import Literal, get_args

import numpy as np

from kg.graph import Graph
from kg.model import Entity, Record, Resolution, Subgraph, content_id
from kg.store import Store
from sampling.items import Items
from sampling.listing import triangle_count

Unit = Literal["entities", "relations", "triangles", "pairs"]
UNITS: tuple[Unit, ...] = get_args(Unit)
Things = dict[Unit, list[tuple[int, ...]]]
"""What one text covers: row numbers of entities or relations, by unit; each thing once, rows ascending."""


class Coverage:
    """Counts, for each entity, relation, triangle and pair of a graph, the texts that cover it.

    `texts` is how many counted. Adding a text of k covered entities costs O(k²), and O(k³) where all
    of them are joined, whatever the size of the graph.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.texts = 0
        self._items = Items(graph)
        self._rows: dict[str, int] = {}
        self._relation_rows: dict[str, int] = {}
        self._times: dict[Unit, Counter[tuple[int, ...]]] = {unit: Counter() for unit in UNITS}
        self._reached: dict[Unit, Counter[int]] = {unit: Counter() for unit in UNITS}

    # ---- adding ----------------------------------------------------------------------------------

    def add(self, item: Subgraph) -> None:
        """Count a planned item. Ids that the graph does not have count nothing."""
        self.count(self.things(item))

    def add_record(self, record: Record, resolution: Mapping[str, str], redirects: Mapping[str, str]) -> None:
        """Count a written text, if it is one that counts; see `things_of_record`."""
        if record.counts:
            self.count(self.things_of_record(record, resolution, redirects))

    def count(self, things: Things) -> None:
        """Count one text that covers these things."""
        self.texts += 1
        for unit, found in things.items():
            for thing in found:
                self._raise(unit, thing)

    def things(self, item: Subgraph) -> Things:
        """What a text about this item covers if it names all its entities."""
        entities = {row for id in item.entities if (row := self._row(id)) >= 0}
        relations = (self._relation_row(id) for id in item.relations)
        return self._things(entities, (row for row in relations if row >= 0))

    def things_of_record(
        self, record: Record, resolution: Mapping[str, str], redirects: Mapping[str, str]
    ) -> Things:
        """What a written text covers, through what its candidates resolve to now; whatever its status.

        `resolution` maps candidate ids to entity ids, `redirects` old entity ids to new ones. An
        entity that was split counts as all the entities its candidates are now, two that were
        merged as one. Without candidates that are still there, the entity's own id decides.
        """
        now: dict[str, set[str]] = {}
        for asked in record.asked:
            if asked.named:
                found = {resolution[one] for one in asked.candidates if one in resolution} or {asked.entity}
                now.setdefault(asked.entity, set()).update(_follow(id, redirects) for id in found)
        entities = {row for ids in now.values() for id in ids if (row := self._row(id)) >= 0}
        relations = set()
        for source, label, target in record.relations:
            for a in now.get(source, ()):
                for b in now.get(target, ()):
                    relations.add(self._relation_row(content_id("relation", a, label, b)))
        return self._things(entities, (row for row in relations if row >= 0))

    def _things(self, entities: set[int], relations: Iterable[int]) -> Things:
        rows, graph = sorted(entities), self.graph
        return {
            "entities": [(row,) for row in rows],
            "relations": [
                (relation,)
                for relation in sorted(set(relations))
                if int(graph.sources[relation]) in entities and int(graph.targets[relation]) in entities
            ],
            "triangles": list(self._triangles_among(rows)) if len(rows) > 2 else [],
            "pairs": list(combinations(rows, 2)),
        }

    def _triangles_among(self, rows: list[int]) -> Iterable[tuple[int, int, int]]:
        edges = self.graph.edges
        above: dict[int, set[int]] = {row: set() for row in rows}
        for edge in self._items.edges_among(rows):
            above[int(edges.low[edge])].add(int(edges.high[edge]))
        for a, higher in above.items():
            for b in higher:
                for c in higher & above[b]:
                    yield a, b, c

    def _raise(self, unit: Unit, thing: tuple[int, ...]) -> None:
        times = self._times[unit][thing] + 1
        self._times[unit][thing] = times
        self._reached[unit][times] += 1

    # ---- asking ----------------------------------------------------------------------------------

    def covered(self, unit: Unit, times: int = 1) -> int:
        """How many of the unit are covered by at least `times` texts; O(1)."""
        if times < 1:
            raise ValueError(f"times must be 1 or more, not {times!r}")
        return self._reached[_known(unit)][times]

    def total(self, unit: Unit) -> int:
        """How many of the unit the graph has. Triangles are counted when first asked for."""
        n = len(self.graph)
        match _known(unit):
            case "entities":
                return n
            case "relations":
                return self.graph.relation_count
            case "pairs":
                return n * (n - 1) // 2
            case "triangles":
                return self._triangle_total

    @cached_property
    def _triangle_total(self) -> int:
        return triangle_count(self.graph.edges)

    def share(self, unit: Unit, times: int = 1) -> float:
        """Share of the unit covered by at least `times` texts, 0 to 1; 0 where there are none at all."""
        total = self.total(unit)
        return self.covered(unit, times) / total if total else 0.0

    def counts_by_row(self, unit: Unit) -> Mapping[tuple[int, ...], int]:
        """By how many texts each thing is covered, keyed by row numbers; what no text covers is left out."""
        return self._times[_known(unit)]

    def counts_in(self, graph: Graph, unit: Unit) -> Mapping[tuple[int, ...], int]:
        """`counts_by_row` in the rows of another graph, by id; what that graph does not have is left out."""
        if graph is self.graph or (
            graph.generation == self.graph.generation and _same_rows(graph, self.graph)
        ):
            return self.counts_by_row(unit)
        there = Coverage(graph)
        row_of = there._relation_row if unit == "relations" else there._row
        found = {tuple(sorted(map(row_of, ids))): times for ids, times in self.counts(unit).items()}
        return {rows: times for rows, times in found.items() if rows[0] >= 0}

    def counts(self, unit: Unit) -> dict[tuple[str, ...], int]:
        """By how many texts each thing is covered; what no text covers is left out.

        Keys are ids: (entity,), (relation,), (entity, entity) or (entity, entity, entity), ascending.
        """
        id_of = self.graph.relation_id if _known(unit) == "relations" else self.graph.entity_id
        return {tuple(id_of(row) for row in thing): count for thing, count in self._times[unit].items()}

    # ---- rows ------------------------------------------------------------------------------------

    def _row(self, id: str) -> int:
        row = self._rows.get(id)
        if row is None:
            try:
                row = self.graph.entity_row(id)
            except KeyError:
                row = -1
            self._rows[id] = row
        return row

    def _relation_row(self, id: str) -> int:
        row = self._relation_rows.get(id)
        if row is None:
            try:
                row = self.graph.relation_row(id)
            except KeyError:
                row = -1
            self._relation_rows[id] = row
        return row


def coverage_of_records(store: Store, *, without_run: str | None = None) -> Coverage:
    """What the accepted and edited texts of a corpus cover, through its current resolution.

    Those of the run named are left out.
    """
    coverage = Coverage(store.graph())
    records = [record for record in store.read(Record) if record.counts]
    if without_run is not None:
        records = [record for record in records if record.run != without_run]
    resolution, redirects = resolved(store, coverage, records)
    for record in records:
        coverage.add_record(record, resolution, redirects)
    return coverage


def resolved(
    store: Store, coverage: Coverage, records: Iterable[Record]
) -> tuple[dict[str, str], dict[str, str]]:
    """What the candidates and entities of these records are now: the maps that `things_of_record` takes."""
    named = [asked for record in records for asked in record.asked if asked.named]
    candidates = sorted({id for asked in named for id in asked.candidates})
    rows = store.read(Resolution, "candidate", candidates) if candidates else iter(())
    resolution = {row.candidate: row.entity for row in rows}
    redirects = {}
    for old in sorted({asked.entity for asked in named}):
        if coverage._row(old) < 0:
            for entity in store.read(Entity, "id", [old]):
                redirects[old] = entity.id
    return resolution, redirects


def _same_rows(one: Graph, other: Graph) -> bool:
    return np.array_equal(one.entity_ids, other.entity_ids) and np.array_equal(
        one.relation_ids, other.relation_ids
    )


def _follow(id: str, redirects: Mapping[str, str]) -> str:
    seen = {id}
    while (id_now := redirects.get(id)) is not None and id_now not in seen:
        seen.add(id_now)
        id = id_now
    return id


def _known(unit: Unit) -> Unit:
    if unit not in UNITS:
        raise ValueError(f"there is no unit {unit!r} of coverage. Known: {', '.join(UNITS)}")
    return unit
