"""Realised coverage: what the texts of a corpus cover, as a function of texts and tokens, and by document.

Counted by `sampling.accounting`, as the expected curves are (`analysis.expectation`), so that the two can be
laid over each other.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kg.model import Record, Subgraph
from kg.ragged import Ragged
from kg.store import Store
from sampling import UNITS, Coverage, Unit
from sampling.accounting import resolved
from sampling.items import Items


@dataclass(frozen=True, eq=False, slots=True)
class Written:
    """What the answers of a corpus covered, one after the other; the first entry is before any.

    `texts` are those that count so far, `answers` all that models gave, `tokens` theirs, in and out.
    `covered` is by how many things of each unit at least `times` texts were about.
    """

    coverage: Coverage
    times: int
    answers: tuple[int, ...]
    texts: tuple[int, ...]
    tokens: tuple[int, ...]
    covered: dict[Unit, tuple[int, ...]]

    def share(self, unit: Unit) -> tuple[float, ...]:
        """The share of the unit covered, 0 to 1, after each answer."""
        total = self.coverage.total(unit)
        return tuple(count / total if total else 0.0 for count in self.covered[unit])


@dataclass(frozen=True, slots=True)
class DocumentCoverage:
    """What the texts cover of what one document names and states, wherever the texts were written about."""

    document: str
    title: str
    entities: int
    entities_covered: int
    relations: int
    relations_covered: int
    texts: int


def realised(store: Store, *, times: int = 1, calls: Sequence[str] = ()) -> Written:
    """The realised curve of a corpus, in the order of `calls` (keys of the journal, oldest first).

    Records whose call is not among them come last, by id. Stale and rejected ones cost tokens and
    cover nothing.
    """
    if times < 1:
        raise ValueError(f"a thing must be met a whole number of times, 1 or more, saw times={times!r}")
    place = {key: number for number, key in enumerate(calls)}
    records = sorted(store.read(Record), key=lambda one: (place.get(one.call, len(place)), one.id))
    coverage = Coverage(store.graph())
    resolution, redirects = resolved(store, coverage, records)
    answers, texts, tokens = [0], [0], [0]
    covered: dict[Unit, list[int]] = {unit: [0] for unit in UNITS}
    for record in records:
        coverage.add_record(record, resolution, redirects)
        answers.append(answers[-1] + (record.author == "model"))
        texts.append(coverage.texts)
        tokens.append(tokens[-1] + record.tokens_in + record.tokens_out)
        for unit in UNITS:
            covered[unit].append(coverage.covered(unit, times))
    return Written(
        coverage,
        times,
        tuple(answers),
        tuple(texts),
        tuple(tokens),
        {unit: tuple(counts) for unit, counts in covered.items()},
    )


def by_document(store: Store, coverage: Coverage, *, times: int = 1) -> list[DocumentCoverage]:
    """Coverage of each document's own entities and relations, the least covered first.

    `texts` are the accepted ones that rest on the document.
    """
    graph = coverage.graph
    resting: Counter[str] = Counter()
    for record in store.read(Record):
        if record.counts:
            resting.update(set(record.documents))
    entities = _members(graph.entity_documents.values, len(graph.document_ids))
    relations = _members(graph.relation_documents.values, len(graph.document_ids))
    met_entities = _met(coverage, "entities", graph.entity_documents, times)
    met_relations = _met(coverage, "relations", graph.relation_documents, times)
    found = [
        DocumentCoverage(
            id,
            graph.document_titles[row],
            int(entities[row]),
            met_entities[row],
            int(relations[row]),
            met_relations[row],
            resting[id],
        )
        for row, id in enumerate(graph.document_ids)
    ]
    return sorted(
        found, key=lambda one: (one.relations_covered / one.relations if one.relations else 1.0, one.title)
    )


def uncovered(coverage: Coverage, *, times: int = 1) -> Iterator[Subgraph]:
    """Items for the relations that fewer than `times` texts cover, heaviest first, ready to be written about.

    One item for each two joined entities with such a relation, as the sampler `edges` makes it.
    """
    graph, met = coverage.graph, coverage.counts_by_row("relations")
    short = np.array(
        [row for row in range(graph.relation_count) if met.get((row,), 0) < times], dtype=np.int64
    )
    edge_of = np.full(graph.relation_count, -1, dtype=np.int64)
    edge_of[graph.edges.relations.values] = np.repeat(
        np.arange(len(graph.edges)), graph.edges.relations.lengths
    )
    items = Items(graph)
    heaviest = short[np.argsort(-graph.weights[short], kind="stable")]
    seen: set[int] = set()
    for relation in heaviest.tolist():
        edge = int(edge_of[relation])
        if edge < 0:
            yield items.make([int(graph.sources[relation])], ())
        elif edge not in seen:
            seen.add(edge)
            yield items.make([int(graph.edges.low[edge]), int(graph.edges.high[edge])], (edge,))


def _members(rows: np.typing.NDArray[np.int32], documents: int) -> np.typing.NDArray[np.int64]:
    return np.bincount(rows, minlength=documents)


def _met(coverage: Coverage, unit: Unit, documents: Ragged, times: int) -> Counter[int]:
    counted: Counter[int] = Counter()
    for (row,), count in coverage.counts_by_row(unit).items():
        if count >= times:
            counted.update(documents[row].tolist())
    return counted
