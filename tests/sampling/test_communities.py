import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from itertools import combinations, islice
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from scipy.stats import chisquare

from kg.graph import Graph
from kg.model import GraphError, Subgraph
from sampling.communities import CommunitySampler, bounded, leiden
from sampling.items import Items, Rows

Make = Callable[..., Graph]
ROOT = Path(__file__).resolve().parent.parent.parent


def plan(graph: Graph, seed: int = 0, *, size: int = 8, resolution: float = 1.0) -> list[Subgraph]:
    return list(CommunitySampler(size, resolution).sample(graph, np.random.default_rng(seed)))


def names(graph: Graph, item: Subgraph) -> frozenset[str]:
    return frozenset(graph.names[graph.entity_row(id)] for id in item.entities)


def simple(graph: Graph) -> "nx.Graph[int]":
    made: nx.Graph[int] = nx.Graph()
    made.add_nodes_from(range(len(graph)))
    made.add_edges_from(zip(graph.edges.low.tolist(), graph.edges.high.tolist(), strict=True))
    return made


def sets(graph: Graph, items: list[Subgraph]) -> list[frozenset[int]]:
    return [frozenset(graph.entity_row(id) for id in item.entities) for item in items]


def check(graph: Graph, items: list[frozenset[int]], size: int) -> int:
    """Assert what is promised of any graph; how many entities with a neighbour are left out."""
    joined = simple(graph)
    home: dict[int, frozenset[int]] = {}
    for inside in items:
        assert 2 <= len(inside) <= size
        assert nx.is_connected(joined.subgraph(inside))
        assert not inside & home.keys()
        home.update(dict.fromkeys(inside, inside))
    left = [row for row in joined if joined.degree(row) and row not in home]
    for row in left:
        for other in joined[row]:
            rest = home[other] - {other}
            assert len(home[other]) == size
            assert len(rest) < 2 or not nx.is_connected(joined.subgraph(rest))
    return len(left)


def clique(name: str, n: int) -> list[tuple[str, str]]:
    return list(combinations([f"{name}{i}" for i in range(n)], 2))


@pytest.mark.slow
def test_on_every_graph_of_up_to_six_entities_items_are_connected_and_disjoint(make: Make) -> None:
    for shape in nx.graph_atlas_g()[:209]:
        graph = make([(f"e{a}", f"e{b}") for a, b in shape.edges], entities=[f"e{a}" for a in shape])
        for size in (2, 3, 4, 5):
            check(graph, sets(graph, plan(graph, size=size)), size)


@pytest.mark.parametrize("size", [2, 3, 5, 8, 40])
@pytest.mark.parametrize("edges", [90, 140, 300])
def test_on_random_graphs_items_are_connected_and_disjoint_and_few_are_left_out(
    make: Make, edges: int, size: int
) -> None:
    drawn = nx.gnm_random_graph(120, edges, seed=edges)
    rng = np.random.default_rng(edges)
    graph = make([(f"e{a}", f"e{b}", float(rng.integers(4))) for a, b in drawn.edges])
    for resolution in (0.1, 1.0, 20.0):
        left = check(graph, sets(graph, plan(graph, size=size, resolution=resolution)), size)
        assert left <= (4 if edges == 300 and size > 2 else 0.3 * len(graph))


def test_two_cliques_joined_by_one_relation_are_the_two_items(make: Make) -> None:
    graph = make([*clique("a", 6), *clique("b", 5), ("a0", "b0")])
    for seed in range(5):
        found = {names(graph, item) for item in plan(graph, seed)}
        assert found == {frozenset(f"a{i}" for i in range(6)), frozenset(f"b{i}" for i in range(5))}


def test_communities_of_the_karate_club_are_as_modular_as_the_best_known(make: Make) -> None:
    club = nx.karate_club_graph()
    graph = make([(f"member {a}", f"member {b}") for a, b in club.edges])
    found = leiden(graph.edges, graph.edges.weights, 34, 1.0, np.random.default_rng(0))
    parts = [set(np.flatnonzero(found == one).tolist()) for one in np.unique(found)]
    # the optimum is 0.4198 (Brandes et al. 2008, doi:10.1109/TKDE.2007.190689)
    assert nx.community.modularity(simple(graph), parts) > 0.41


def test_weights_decide_which_belong_together(make: Make) -> None:
    graph = make([("a", "b", 9.0), ("b", "c", 1.0), ("c", "d", 9.0), ("d", "a", 1.0)])
    assert {names(graph, item) for item in plan(graph)} == {frozenset("ab"), frozenset("cd")}
    turned = make([("a", "b", 1.0), ("b", "c", 9.0), ("c", "d", 1.0), ("d", "a", 9.0)])
    assert {names(turned, item) for item in plan(turned)} == {frozenset("bc"), frozenset("ad")}


def test_a_clique_that_is_too_large_comes_in_parts_of_even_size(make: Make) -> None:
    graph = make(clique("a", 20))
    items = plan(graph)
    assert sorted(len(item.entities) for item in items) == [6, 7, 7]
    assert check(graph, sets(graph, items), 8) == 0


def divided(graph: Graph, communities: Rows, size: int) -> list[frozenset[int]]:
    home = bounded(Items(graph), graph.edges.weights, communities, size)
    return [frozenset(np.flatnonzero(home == one).tolist()) for one in np.unique(home[home >= 0])]


def parts_of_one_community(graph: Graph, size: int) -> set[frozenset[str]]:
    """How a community of all entities is divided; none of them may be left out."""
    parts = divided(graph, np.zeros(len(graph), dtype=np.int64), size)
    assert sum(map(len, parts)) == len(graph)
    return {frozenset(graph.names[row] for row in part) for part in parts}


@pytest.mark.parametrize("seed", [82, 1316, *range(40)])
def test_whatever_the_communities_are_what_is_left_out_has_no_place(make: Make, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 40))
    m = int(rng.integers(n - 1, 2 * n))
    drawn = nx.gnm_random_graph(n, m, seed=seed) if seed % 2 else nx.random_labeled_tree(n, seed=seed)
    graph = make([(f"e{a}", f"e{b}", float(rng.integers(1, 5))) for a, b in drawn.edges])
    size = int(rng.integers(2, 6))
    communities = rng.integers(int(rng.integers(1, n)), size=len(graph))
    check(graph, divided(graph, communities, size), size)


def test_a_community_that_is_not_connected_comes_in_connected_parts(make: Make) -> None:
    graph = make([("a", "b"), ("b", "c"), ("d", "e")])
    assert parts_of_one_community(graph, 8) == {frozenset("abc"), frozenset("de")}


def test_what_hangs_on_one_entity_alone_goes_with_it(make: Make) -> None:
    spine = [(f"s{i}", f"s{i + 1}") for i in range(5)]
    graph = make([*spine, *((f"s{i}", f"leaf {i}{j}") for i in range(6) for j in "abc")])
    stars = {frozenset({f"s{i}", *(f"leaf {i}{j}" for j in "abc")}) for i in range(6)}
    assert parts_of_one_community(graph, 4) == stars


def test_a_community_is_divided_where_the_weights_are_small(make: Make) -> None:
    halves = [frozenset("abc"), frozenset("def")]
    graph = make([(a, b, 9.0 if {a, b} <= halves[a >= "d"] else 1.0) for a, b in combinations("abcdef", 2)])
    assert parts_of_one_community(graph, 3) == set(halves)


def test_leaves_that_the_item_of_their_hub_cannot_take_are_left_out(
    make: Make, ids: Callable[[str], str]
) -> None:
    graph = make([("Hub", f"leaf {i}") for i in range(20)])
    [item] = plan(graph)
    assert ids("Hub") in item.entities
    assert len(item.entities) == 8
    assert check(graph, sets(graph, [item]), 8) == 13


@pytest.mark.parametrize("weight", [0.0, 5e-324, 1.0, 1e300])
def test_weights_that_are_all_alike_count_alike_however_large(make: Make, weight: float) -> None:
    pairs = [*clique("a", 5), *clique("b", 5), ("a0", "b0")]
    graph = make([(a, b, weight) for a, b in pairs])
    assert {len(item.entities) for item in plan(graph)} == {5}
    assert len(plan(graph)) == 2


def test_entities_joined_only_by_relations_of_weight_zero_are_in_items_too(make: Make) -> None:
    graph = make([("a", "b", 1.0), *((f"c{i}", f"c{i + 1}", 0.0) for i in range(30))])
    assert check(graph, sets(graph, plan(graph, size=4)), 4) == 0


def test_a_higher_resolution_divides_more(make: Make) -> None:
    ring = make([(f"e{i}", f"e{(i + 1) % 48}") for i in range(48)])
    coarse, fine = (len(plan(ring, size=24, resolution=value)) for value in (0.5, 6.0))
    assert coarse < fine


def test_items_hold_all_relations_among_their_entities(kite: Graph) -> None:
    for size in (2, 3, 8):
        for item in plan(kite, size=size):
            inside = [kite.entity_row(id) for id in item.entities]
            among = np.isin(kite.sources, inside) & np.isin(kite.targets, inside)
            assert item.relations == tuple(kite.relation_id(row) for row in np.flatnonzero(among).tolist())


def test_items_come_in_uniformly_random_order(make: Make) -> None:
    graph = make([*clique("a", 4), *clique("b", 4), *clique("c", 4)])
    first = Counter(
        names(graph, next(CommunitySampler().sample(graph, rng)))
        for rng in map(np.random.default_rng, range(300))
    )
    assert len(first) == 3
    assert chisquare(list(first.values())).pvalue > 1e-3


def test_the_same_seed_gives_the_same_items_in_another_process(make: Make) -> None:
    code = """
import networkx as nx, numpy as np
from kg.graph import Graph
from sampling.communities import CommunitySampler
graph = Graph.from_edges((str(a), str(b)) for a, b in nx.gnm_random_graph(300, 900, seed=1).edges)
print(*(item.key for item in CommunitySampler().sample(graph, np.random.default_rng(5))))
"""
    graph = Graph.from_edges((str(a), str(b)) for a, b in nx.gnm_random_graph(300, 900, seed=1).edges)
    here = [item.key for item in plan(graph, 5)]
    there = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.split() == here
    assert [item.key for item in plan(graph, 6)] != here


def test_the_first_of_a_longer_plan_are_the_shorter_plan(make: Make) -> None:
    graph = make([(f"e{a}", f"e{b}") for a, b in nx.gnm_random_graph(500, 900, seed=2).edges])
    whole = plan(graph, 3)
    for n in (1, 63, 100):
        assert list(islice(CommunitySampler().sample(graph, np.random.default_rng(3)), n)) == whole[:n]


def test_a_graph_in_which_nothing_is_joined_yields_nothing(make: Make) -> None:
    assert plan(make([])) == []
    assert plan(make([("Eve", "Eve")], entities=["Ann"])) == []


def test_without_the_library_the_error_says_how_to_install_it(
    kite: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "graspologic_native", None)
    with pytest.raises(GraphError, match=r"pip install 'entigraph\[communities\]'"):
        plan(kite)


@pytest.mark.parametrize("resolution", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_resolution_is_refused(resolution: float) -> None:
    with pytest.raises(ValueError, match="resolution must be above 0 and finite"):
        CommunitySampler(resolution=resolution)


def test_an_impossible_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be 2 or more"):
        CommunitySampler(size=1)


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_wrong_weight_is_refused_before_the_first_item(make: Make, weight: float) -> None:
    graph = make([("Ann", "Bo", weight)])
    with pytest.raises(ValueError, match="weights must be finite and not negative"):
        next(CommunitySampler().sample(graph, np.random.default_rng(0)))
