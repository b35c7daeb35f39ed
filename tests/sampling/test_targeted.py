from collections import Counter
from collections.abc import Callable
from itertools import combinations, islice

import networkx as nx
import numpy as np
import pytest
from scipy.stats import chisquare

from kg.graph import Graph
from kg.model import Subgraph
from sampling.accounting import Coverage
from sampling.targeted import Kind, TargetedSampler, item_weights
from sampling.targets import Targets, uncovered

Make = Callable[..., Graph]
Id = Callable[[str], str]
every_kind = pytest.mark.parametrize("kind", ["entities", "edges", "triangles"])


def plan(sampler: TargetedSampler, graph: Graph, seed: int = 0) -> list[Subgraph]:
    return list(sampler.sample(graph, np.random.default_rng(seed)))


def names(graph: Graph, item: Subgraph) -> str:
    return " ".join(sorted(graph.names[graph.entity_row(id)] for id in item.entities))


def test_only_items_with_a_target_in_them_come(kite: Graph, ids: Id) -> None:
    items = plan(TargetedSampler(Targets.of({ids("Ann"): 1.0})), kite)
    assert sorted(names(kite, item) for item in items) == ["Ann Bo", "Ann Cy"]


def test_a_target_relation_brings_its_edge_with_all_relations_between_the_two(
    kite: Graph, relation: Callable[..., str]
) -> None:
    [item] = plan(TargetedSampler(Targets.of({relation("Cy", "Bo"): 0.5})), kite)
    assert set(item.relations) == {relation("Bo", "Cy"), relation("Cy", "Bo")}


def test_a_target_relation_brings_both_triangles_it_lies_in(
    kite: Graph, relation: Callable[..., str]
) -> None:
    items = plan(TargetedSampler(Targets.of({relation("Cy", "Bo"): 1.0}), items="triangles"), kite)
    assert sorted(names(kite, item) for item in items) == ["Ann Bo Cy", "Bo Cy Dee"]


def test_entities_are_drawn_in_proportion_to_their_weights(kite: Graph, ids: Id) -> None:
    weights = {"Ann": 1.0, "Bo": 2.0, "Dee": 5.0}
    sampler = TargetedSampler(Targets.of({ids(name): w for name, w in weights.items()}), items="entities")
    first = Counter(
        names(kite, next(sampler.sample(kite, np.random.default_rng(seed)))) for seed in range(2000)
    )
    assert set(first) == set(weights)
    assert chisquare([first[n] for n in weights], [250 * w for w in weights.values()]).pvalue > 1e-3


def test_edges_weigh_as_their_entities_and_relations_together(
    kite: Graph, ids: Id, relation: Callable[..., str]
) -> None:
    targets = Targets.of(
        {ids("Ann"): 1.0, ids("Bo"): 2.0, relation("Bo", "Cy"): 0.5, relation("Cy", "Bo"): 1.5}
    )
    # Ann-Bo 1 + 2, Ann-Cy 1, Bo-Cy 2 + 0.5 + 1.5, Bo-Dee 2, Cy-Dee nothing
    expected = {"Ann Bo": 3.0, "Ann Cy": 1.0, "Bo Cy": 4.0, "Bo Dee": 2.0}
    sampler = TargetedSampler(targets)
    first = Counter(
        names(kite, next(sampler.sample(kite, np.random.default_rng(seed)))) for seed in range(2000)
    )
    assert set(first) == set(expected)
    assert chisquare([first[n] for n in expected], [200 * w for w in expected.values()]).pvalue > 1e-3


def test_a_relation_of_an_entity_to_itself_counts_with_its_entity(
    make: Make, relation: Callable[..., str]
) -> None:
    graph = make([("Ann", "Ann"), ("Ann", "Bo"), ("Cy", "Dee")])
    targets = Targets.of({relation("Ann", "Ann"): 1.0})
    assert [names(graph, item) for item in plan(TargetedSampler(targets, "entities"), graph)] == ["Ann"]
    [edge] = plan(TargetedSampler(targets), graph)
    assert set(edge.relations) == {relation("Ann", "Ann"), relation("Ann", "Bo")}


@every_kind
def test_without_targets_every_item_of_the_kind_comes(kind: Kind, kite: Graph) -> None:
    expected = {"entities": 5, "edges": 5, "triangles": 2}
    items = plan(TargetedSampler(items=kind), kite)
    assert len({item.key for item in items}) == len(items) == expected[kind]


@pytest.mark.parametrize("n", range(6))
def test_on_every_graph_of_up_to_five_entities_the_items_are_those_of_networkx_with_a_weight(
    n: int, make: Make, ids: Id, relation: Callable[..., str]
) -> None:
    people = [f"e{i}" for i in range(n)]
    possible = list(combinations(people, 2))
    by_name = {name: float(i % 3 == 1) for i, name in enumerate(people)}
    by_pair = {pair: float(i % 4 == 1) / 2 for i, pair in enumerate(possible)}
    targets = Targets.of(
        {ids(name): weight for name, weight in by_name.items()}
        | {relation(*pair): weight for pair, weight in by_pair.items()}
    )
    kinds: dict[int, Kind] = {1: "entities", 2: "edges", 3: "triangles"}
    for choice in range(1 << len(possible)):
        chosen = [pair for i, pair in enumerate(possible) if choice >> i & 1]
        graph = make(chosen, entities=people)
        ours: nx.Graph[str] = nx.Graph()
        ours.add_nodes_from(people)
        ours.add_edges_from(chosen)
        cliques = [sorted(clique) for clique in nx.enumerate_all_cliques(ours)]
        for size, kind in kinds.items():
            expected = {
                " ".join(clique)
                for clique in cliques
                if len(clique) == size
                and sum(by_name[name] for name in clique)
                + sum(by_pair[pair] for pair in combinations(clique, 2))
            }
            found = [names(graph, item) for item in plan(TargetedSampler(targets, kind), graph)]
            assert len(found) == len(set(found))
            assert set(found) == expected


def test_weights_of_items_are_sums_worked_out_by_hand(
    kite: Graph, ids: Id, relation: Callable[..., str]
) -> None:
    targets = Targets.of({ids("Ann"): 1.0, ids("Cy"): 4.0, relation("Bo", "Cy"): 0.25})
    rows = [kite.entity_row(ids(name)) for name in ("Ann", "Bo", "Cy")]
    edges = kite.edges
    number = {(int(a), int(b)): e for e, (a, b) in enumerate(zip(edges.low, edges.high, strict=True))}
    sides = [number[a, b] for a, b in combinations(sorted(rows), 2)]
    assert item_weights(kite, targets, np.array([rows]), np.array([sides])).tolist() == [5.25]


def test_what_is_uncovered_comes_until_a_plan_covers_it(kite: Graph) -> None:
    coverage = Coverage(kite)
    for item in plan(TargetedSampler(uncovered(coverage)), kite):
        coverage.add(item)
    assert coverage.share("relations") == 1.0
    assert plan(TargetedSampler(uncovered(coverage)), kite) == []
    assert [names(kite, i) for i in plan(TargetedSampler(uncovered(coverage), "entities"), kite)] == ["Eve"]


def test_targets_outlive_a_change_of_the_graph(make: Make, ids: Id) -> None:
    targets = Targets.of({ids("Ann"): 1.0, ids("Gone"): 1.0})
    for graph in (make([("Ann", "Bo"), ("Gone", "Bo")]), make([("Aa", "Ab"), ("Ann", "Bo"), ("Bo", "Zoe")])):
        assert "Ann Bo" in [names(graph, item) for item in plan(TargetedSampler(targets), graph)]


@every_kind
def test_no_target_in_the_graph_yields_nothing(kind: Kind, kite: Graph, ids: Id) -> None:
    sampler = TargetedSampler(Targets.of({ids("Nobody"): 1.0, ids("Ann"): 0.0}), kind)
    assert plan(sampler, kite) == []
    assert kind in sampler.when_empty
    assert "try other targets" in sampler.when_empty


@every_kind
def test_an_empty_graph_yields_nothing_whatever_the_targets(kind: Kind, make: Make, ids: Id) -> None:
    assert plan(TargetedSampler(Targets.of({ids("Ann"): 1.0}), kind), make([])) == []
    assert plan(TargetedSampler(Targets.of({}), kind), make([])) == []


def test_the_first_of_a_longer_plan_are_the_shorter_plan(make: Make, ids: Id) -> None:
    people = [f"e{i}" for i in range(40)]
    graph = make(list(combinations(people, 2)))
    sampler = TargetedSampler(Targets.of({ids(name): 1.0 + i for i, name in enumerate(people)}), "triangles")
    whole = plan(sampler, graph, 3)
    assert len(whole) == 40 * 39 * 38 // 6
    for n in (1, 64, 65, 5000):
        assert list(islice(sampler.sample(graph, np.random.default_rng(3)), n)) == whole[:n]


def test_an_unknown_kind_of_item_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no kind of item 'edge'\. Known: edges"):
        TargetedSampler(items="edge")  # type: ignore[arg-type]


def test_targets_of_another_type_are_refused() -> None:
    with pytest.raises(ValueError, match=r"must be made by Targets\.of"):
        TargetedSampler({"Ann": 1.0})  # type: ignore[arg-type]
