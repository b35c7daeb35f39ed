"""Realised coverage of a real corpus: order, tokens, documents, what is left; costs as seen."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.costs import Cost, cost_of
from analysis.expectation import expected
from analysis.written import by_document, realised, uncovered
from kg.model import Evidence, Record, Status
from kg.store import Reading, Store
from kg.stores import open_corpus
from lm.base import Price
from sampling import Coverage, coverage_of_records, sampler
from tests.sampling.test_recorded_coverage import (
    CANDIDATES,
    CHUNK,
    DOCUMENT,
    derived,
    text_about,
)

PLACES = {("Ann", "Bo"): (0, 13), ("Bo", "Cy"): (14, 26), ("Ann", "Cy"): (27, 40)}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Ann, Bo and Cy know each other: three relations, one triangle, one document."""
    opened = open_corpus(tmp_path / "c.kg", create=True)
    evidence = [
        Evidence(CANDIDATES[a].id, "knows", CANDIDATES[b].id, CHUNK.id, start, end)
        for (a, b), (start, end) in PLACES.items()
    ]
    opened.replace_document(DOCUMENT, Reading([CHUNK], list(CANDIDATES.values()), [], evidence))
    opened.replace_derived(derived({"Ann": "Ann", "Bo": "Bo", "Cy": "Cy"}))
    yield opened
    opened.close()


def answered(names: tuple[str, ...], number: int, call: str, *, status: Status = "accepted") -> Record:
    """A text with 100 tokens in and `number` out, about the whole subgraph of these names."""
    text = text_about(names, number=number)
    return replace(
        text,
        call=call,
        tokens_in=100,
        tokens_out=number,
        status=status,
        documents=(DOCUMENT.id,),
    )


def test_answers_are_counted_in_the_order_of_the_journal(store: Store) -> None:
    store.upsert(
        [
            answered(("Ann", "Bo"), 1, "c"),
            answered(("Bo", "Cy"), 2, "a", status="rejected"),
            answered(("Ann", "Bo", "Cy"), 3, "b"),
        ]
    )
    found = realised(store, calls=["a", "b", "c"])
    assert found.answers == (0, 1, 2, 3)
    assert found.texts == (0, 0, 1, 2)
    assert found.tokens == (0, 102, 205, 306)
    assert found.covered["relations"] == (0, 0, 3, 3)
    assert found.share("triangles") == (0, 0, 1, 1)
    twice = realised(store, calls=["a", "b", "c"], times=2)
    assert twice.covered["entities"] == (0, 0, 0, 2)


def test_the_written_curve_ends_where_the_one_counter_is(store: Store) -> None:
    store.upsert([answered(("Ann", "Bo"), 1, "a"), answered(("Bo", "Cy"), 2, "b")])
    found, counted = realised(store), coverage_of_records(store)
    for unit, counts in found.covered.items():
        assert counts[-1] == counted.covered(unit)


def test_texts_about_the_edges_follow_the_expected_line(store: Store) -> None:
    pairs = [("Ann", "Bo"), ("Bo", "Cy"), ("Ann", "Cy")]
    store.upsert([answered(pair, number, f"{number}") for number, pair in enumerate(pairs, 1)])
    found = realised(store, calls=["1", "2", "3"])
    outlook = expected(store.graph(), sampler("edges"), rng=np.random.default_rng(0))
    assert list(found.share("relations")) == pytest.approx(outlook.share(found.texts).tolist())


def test_a_document_is_covered_as_far_as_its_own_entities_and_relations_are(store: Store) -> None:
    store.upsert([answered(("Ann", "Bo"), 1, "a"), answered(("Bo", "Cy"), 2, "b", status="rejected")])
    (row,) = by_document(store, coverage_of_records(store))
    assert (row.title, row.entities, row.relations, row.texts) == ("a", 3, 3, 1)
    assert (row.entities_covered, row.relations_covered) == (2, 1)


def test_uncovered_relations_become_items_and_cover_the_rest(store: Store) -> None:
    store.upsert([answered(("Ann", "Bo"), 1, "a")])
    coverage = coverage_of_records(store)
    left = list(uncovered(coverage))
    assert len(left) == 2
    for item in left:
        coverage.add(item)
    assert coverage.share("relations") == 1.0
    assert list(uncovered(coverage)) == []
    assert len(list(uncovered(coverage, times=2))) == 3


def test_the_heaviest_uncovered_relation_comes_first_and_a_loop_is_one_entity() -> None:
    from kg.graph import Graph

    graph = Graph.from_edges([("a", "b", "r", 1.0), ("b", "c", "r", 5.0), ("c", "c", "r", 3.0)])
    items = list(uncovered(Coverage(graph)))
    named = [sorted(graph.names[graph.entity_row(id)] for id in item.entities) for item in items]
    assert named == [["b", "c"], ["c"], ["a", "b"]]


def test_costs_are_the_means_of_the_answers_seen_and_rejected_ones_cost_too(store: Store) -> None:
    pairs = [("Ann", "Bo"), ("Bo", "Cy"), ("Ann", "Cy")]
    store.upsert(
        [
            answered(pairs[number % 3], number, f"{number}", status="accepted" if number <= 6 else "rejected")
            for number in range(1, 9)
        ]
    )
    found = cost_of(store, unit="relations", entities=2, price=Price(1.0, 2.0))
    assert (found.answers, found.tokens_in, found.tokens_out) == (8, 100, 4.5)
    assert found.usd(2) == pytest.approx(2 * (100 + 2 * 4.5) / 1e6)
    assert found.spread > 0
    assert any("6 of 8 texts were accepted" in line for line in found.says)
    # the subgraphs of these records hold no relations, so the share is that of the texts
    assert found.share == 0.75


def test_a_text_that_leaves_out_an_entity_counts_for_less(store: Store) -> None:
    whole = list(sampler("edges").sample(store.graph(), np.random.default_rng(0)))
    records = []
    for number in range(1, 7):
        item = whole[number % 3]
        names = tuple(sorted(store.graph().names[store.graph().entity_row(id)] for id in item.entities))
        record = replace(answered(names, number, f"{number}"), subgraph=item)
        if number <= 2:  # names only the first of the two
            record = replace(record, asked=(record.asked[0], replace(record.asked[1], named=False)))
        records.append(record)
    store.upsert(records)
    found = cost_of(store, unit="relations", entities=2)
    assert found.share == pytest.approx(4 / 6)
    assert cost_of(store, unit="entities", entities=2).share == pytest.approx(10 / 12)


def test_too_few_answers_leave_the_assumption_and_say_so(store: Store) -> None:
    store.upsert([answered(("Ann", "Bo"), 1, "a")])
    assumed = Cost(500, 100, says=("as assumed",))
    found = cost_of(store, unit="relations", entities=2, assumed=assumed)
    assert (found.tokens_in, found.tokens_out, found.share, found.answers) == (500, 100, 1.0, 0)
    assert found.says == (
        "as assumed",
        "too few texts like these are there to go by (1): all are expected to pass the checks",
    )
    other = cost_of(store, unit="relations", entities=2, model="another", assumed=assumed)
    assert other.says[-1] == "no text like these is there yet: all are expected to pass the checks"


def test_a_bare_graph_has_stated_assumptions() -> None:
    found = cost_of(None, unit="relations", entities=2)
    assert found.share == 1.0
    assert "are assumed" in found.says[0]
