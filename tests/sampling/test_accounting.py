"""Coverage by the one definition, counted by hand on the kite."""

from collections.abc import Callable, Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph import Graph
from kg.model import Asked, Entity, Record, Relation, Status, Subgraph, content_id
from sampling import UNITS, Coverage, sampler

Make = Callable[..., Graph]
Ids = Callable[[str], str]


def record(
    asked: Iterable[Asked],
    relations: Iterable[tuple[str, str, str]] = (),
    status: Status = "accepted",
) -> Record:
    asked = tuple(asked)
    return Record(
        id=content_id("record", *(one.entity for one in asked)),
        item="",
        kind="text",
        title="",
        text="",
        language="en",
        strategy="relate",
        version="1",
        model="echo",
        subgraph=Subgraph.make(tuple(one.entity for one in asked)),
        asked=asked,
        relations=tuple(relations),
        documents=(),
        chunks=(),
        call="",
        run="",
        status=status,
    )


def test_nothing_is_covered_at_first(kite: Graph) -> None:
    coverage = Coverage(kite)
    assert [coverage.covered(unit) for unit in UNITS] == [0, 0, 0, 0]
    # Ann, Bo, Cy, Dee and Eve, who is joined to nobody
    assert [coverage.total(unit) for unit in UNITS] == [5, 6, 2, 10]


def test_one_planned_triangle_covers_three_entities_its_relations_one_triangle_and_three_pairs(
    kite: Graph, ids: Ids, relation: Callable[..., str]
) -> None:
    coverage = Coverage(kite)
    coverage.add(
        Subgraph.make(
            [ids("Ann"), ids("Bo"), ids("Cy")],
            [relation("Ann", "Bo"), relation("Ann", "Cy"), relation("Bo", "Cy"), relation("Cy", "Bo")],
        )
    )
    assert {unit: coverage.covered(unit) for unit in UNITS} == {
        "entities": 3,
        "relations": 4,
        "triangles": 1,
        "pairs": 3,
    }
    assert coverage.share("triangles") == 0.5
    assert coverage.share("pairs") == 0.3


def test_two_triangles_share_an_edge_which_is_then_covered_twice(
    kite: Graph, ids: Ids, relation: Callable[..., str]
) -> None:
    coverage = Coverage(kite)
    for item in sampler("triangles").sample(kite, np.random.default_rng(0)):
        coverage.add(item)
    assert {unit: (coverage.covered(unit), coverage.covered(unit, times=2)) for unit in UNITS} == {
        "entities": (4, 2),  # Bo and Cy twice
        "relations": (6, 2),  # Bo-Cy and Cy-Bo twice
        "triangles": (2, 0),
        "pairs": (5, 1),
    }
    assert coverage.counts("relations")[(relation("Bo", "Cy"),)] == 2
    assert coverage.counts("pairs")[tuple(sorted((ids("Bo"), ids("Cy"))))] == 2
    assert tuple(sorted((ids("Ann"), ids("Dee")))) not in coverage.counts("pairs")


def test_a_triangle_counts_though_its_item_was_made_of_pairs_of_a_document(kite: Graph, ids: Ids) -> None:
    coverage = Coverage(kite)
    coverage.add(Subgraph.make([ids("Ann"), ids("Bo"), ids("Cy")]))
    assert coverage.covered("triangles") == 1
    assert coverage.covered("relations") == 0  # its subgraph holds none


def test_three_entities_that_are_not_pairwise_joined_cover_no_triangle(kite: Graph, ids: Ids) -> None:
    coverage = Coverage(kite)
    coverage.add(Subgraph.make([ids("Ann"), ids("Bo"), ids("Dee")]))
    assert coverage.covered("triangles") == 0
    assert coverage.covered("pairs") == 3


def test_an_item_of_four_covers_both_triangles(kite: Graph, ids: Ids) -> None:
    coverage = Coverage(kite)
    coverage.add(Subgraph.make([ids(name) for name in ("Ann", "Bo", "Cy", "Dee")]))
    assert coverage.covered("triangles") == 2


def test_ids_of_another_graph_count_nothing(kite: Graph) -> None:
    coverage = Coverage(kite)
    coverage.add(Subgraph.make(["0" * 32, "not an id"], ["f" * 32]))
    assert [coverage.covered(unit) for unit in UNITS] == [0, 0, 0, 0]


def test_an_entity_asked_about_but_not_named_is_not_covered(kite: Graph, ids: Ids) -> None:
    coverage = Coverage(kite)
    asked = [Asked(ids("Ann"), "Ann", named=True), Asked(ids("Bo"), "Bo", named=False)]
    coverage.add_record(record(asked, [(ids("Ann"), "knows", ids("Bo"))]), {}, {})
    assert {unit: coverage.covered(unit) for unit in UNITS} == {
        "entities": 1,
        "relations": 0,
        "triangles": 0,
        "pairs": 0,
    }


@pytest.mark.parametrize(
    ("status", "counted"), [("accepted", 1), ("edited", 1), ("rejected", 0), ("stale", 0)]
)
def test_only_accepted_and_edited_texts_count(kite: Graph, ids: Ids, status: Status, counted: int) -> None:
    coverage = Coverage(kite)
    coverage.add_record(record([Asked(ids("Ann"), "Ann", named=True)], status=status), {}, {})
    assert (coverage.covered("entities"), coverage.texts) == (counted, counted)


def test_the_relations_of_a_record_count_where_both_ends_are_named(kite: Graph, ids: Ids) -> None:
    coverage = Coverage(kite)
    asked = [Asked(ids(name), name, named=True) for name in ("Bo", "Cy")]
    relations = [(ids("Bo"), "knows", ids("Cy")), (ids("Bo"), "knows", ids("Dee"))]
    coverage.add_record(record(asked, relations), {}, {})
    assert coverage.covered("relations") == 1


def test_a_merge_after_writing_makes_two_asked_entities_one(make: Make, ids: Ids) -> None:
    # a text about Ann and Annie; later Annie was found to be Ann
    asked = [
        Asked(ids("Ann"), "Ann", ("c1",), named=True),
        Asked(ids("Annie"), "Annie", ("c2",), named=True),
        Asked(ids("Bo"), "Bo", ("c3",), named=True),
    ]
    text = record(asked, [(ids("Annie"), "knows", ids("Bo"))])
    coverage = Coverage(make([("Ann", "Bo")]))
    coverage.add_record(text, {"c1": ids("Ann"), "c2": ids("Ann"), "c3": ids("Bo")}, {})
    assert {unit: coverage.covered(unit) for unit in UNITS} == {
        "entities": 2,
        "relations": 1,  # Annie knows Bo is now Ann knows Bo
        "triangles": 0,
        "pairs": 1,
    }


def test_a_split_after_writing_covers_all_that_the_candidates_are_now(make: Make, ids: Ids) -> None:
    # "Mercury" of two documents was one entity and is now the planet and the metal
    text = record(
        [
            Asked(ids("Mercury"), "Mercury", ("c1", "c2"), named=True),
            Asked(ids("Sun"), "Sun", ("c3",), named=True),
        ],
        [(ids("Mercury"), "knows", ids("Sun"))],
    )
    graph = make([("planet", "Sun"), ("metal", "Rust")])
    coverage = Coverage(graph)
    coverage.add_record(text, {"c1": ids("planet"), "c2": ids("metal"), "c3": ids("Sun")}, {})
    assert coverage.covered("entities") == 3
    assert coverage.covered("relations") == 1  # the planet's; the metal has no relation to the Sun


def test_without_candidates_the_id_itself_is_followed_through_redirects(make: Make, ids: Ids) -> None:
    text = record([Asked(ids("Old"), "Old", named=True), Asked(ids("Bo"), "Bo", named=True)])
    coverage = Coverage(make([("New", "Bo")]))
    coverage.add_record(text, {}, {ids("Old"): ids("Middle"), ids("Middle"): ids("New")})
    assert coverage.covered("entities") == 2


def test_redirects_in_a_circle_end(make: Make, ids: Ids) -> None:
    coverage = Coverage(make([("A", "B")]))
    text = record([Asked(ids("X"), "X", named=True)])
    coverage.add_record(text, {}, {ids("X"): ids("Y"), ids("Y"): ids("X")})
    assert coverage.covered("entities") == 0


def test_candidates_that_are_gone_leave_the_word_to_the_entity(make: Make, ids: Ids) -> None:
    coverage = Coverage(make([("Ann", "Bo")]))
    coverage.add_record(record([Asked(ids("Ann"), "Ann", ("gone",), named=True)]), {}, {})
    assert coverage.covered("entities") == 1


def test_an_empty_graph_has_a_share_of_zero(make: Make) -> None:
    coverage = Coverage(make([]))
    assert [coverage.share(unit) for unit in UNITS] == [0.0, 0.0, 0.0, 0.0]


def test_an_unknown_unit_or_no_times_is_refused(kite: Graph) -> None:
    with pytest.raises(ValueError, match="no unit 'edges'"):
        Coverage(kite).covered("edges")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="times must be 1 or more"):
        Coverage(kite).covered("pairs", times=0)


@pytest.mark.parametrize(
    ("name", "unit"), [("entities", "entities"), ("edges", "relations"), ("triangles", "triangles")]
)
def test_a_whole_plan_covers_all_of_its_unit(make: Make, name: str, unit: str) -> None:
    graph = make([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "a"), ("e", "f"), ("e", "e")])
    coverage = Coverage(graph)
    for item in sampler(name).sample(graph, np.random.default_rng(1)):
        coverage.add(item)
    assert coverage.share(unit) == 1.0  # type: ignore[arg-type]


def test_triples_of_random_entities_cover_pairs_as_the_closed_form_says(make: Make) -> None:
    # THEORY 1.11: 1 - (1 - k(k-1)/(n(n-1)))^t; n=30, k=3, t=300 gives 0.8746
    n, k, t = 30, 3, 300
    graph = make([], entities=[f"e{i}" for i in range(n)])
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(30):
        coverage = Coverage(graph)
        for _ in range(t):
            coverage.add(
                Subgraph.make([graph.entity_id(int(row)) for row in rng.choice(n, k, replace=False)])
            )
        shares.append(coverage.share("pairs"))
    expected = 1 - (1 - k * (k - 1) / (n * (n - 1))) ** t
    assert round(expected, 4) == 0.8746
    assert abs(np.mean(shares) - expected) < 5 * np.std(shares) / 30**0.5


NAMES = [f"e{i}" for i in range(7)]
pairs_of_names = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))
items_of_names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=5)


def graph_of(edges: list[tuple[str, str]], rename: dict[str, str]) -> Graph:
    known = {name: Entity.make(rename[name], "").id for name in NAMES}
    relations = {
        one.id: one for one in (Relation.make(known[a], "knows", known[b]) for a, b in edges)
    }.values()
    return Graph.build(
        [(known[name], rename[name], "", 1) for name in NAMES],
        [(one.id, one.source, one.label, one.target, one.weight) for one in relations],
    )


def cover(graph: Graph, rename: dict[str, str], items: list[list[str]]) -> list[list[int]]:
    coverage, history = Coverage(graph), []
    for names in items:
        entities = {Entity.make(rename[name], "").id for name in names}
        relations = [
            graph.relation_id(row)
            for row in range(graph.relation_count)
            if {graph.entity_id(int(graph.sources[row])), graph.entity_id(int(graph.targets[row]))}
            <= entities
        ]
        coverage.add(Subgraph.make(list(entities), relations))
        history.append([coverage.covered(unit, times) for unit in UNITS for times in (1, 2)])
    return history


@settings(deadline=None, max_examples=60)
@given(st.lists(pairs_of_names, max_size=12), st.lists(items_of_names, max_size=8))
def test_coverage_never_falls_and_never_passes_its_total(
    edges: list[tuple[str, str]], items: list[list[str]]
) -> None:
    same = {name: name for name in NAMES}
    graph = graph_of(edges, same)
    history = np.array(cover(graph, same, items)).reshape(len(items), 2 * len(UNITS))
    assert (np.diff(history, axis=0) >= 0).all()
    totals = [Coverage(graph).total(unit) for unit in UNITS for _ in (1, 2)]
    assert (history <= totals).all()


@settings(deadline=None, max_examples=60)
@given(st.lists(pairs_of_names, max_size=12), st.lists(items_of_names, max_size=8), st.permutations(range(7)))
def test_relabelling_entities_changes_nothing(
    edges: list[tuple[str, str]], items: list[list[str]], order: list[int]
) -> None:
    same = {name: name for name in NAMES}
    other = {name: f"x{place}" for name, place in zip(NAMES, order, strict=True)}
    assert cover(graph_of(edges, same), same, items) == cover(graph_of(edges, other), other, items)
