from collections import Counter
from collections.abc import Callable
from itertools import combinations, islice

import networkx as nx
import numpy as np
import pytest
from scipy.stats import chisquare

import sampling.neighbourhoods
from kg.graph import Graph
from kg.model import Subgraph
from sampling.neighbourhoods import NeighbourhoodSampler

Make = Callable[..., Graph]


def plan(graph: Graph, seed: int = 0, **options: int) -> list[Subgraph]:
    return list(NeighbourhoodSampler(**options).sample(graph, np.random.default_rng(seed)))


def names(graph: Graph, item: Subgraph) -> frozenset[str]:
    return frozenset(graph.names[graph.entity_row(id)] for id in item.entities)


def simple(graph: Graph) -> "nx.Graph[int]":
    """The weighted simple graph of entity rows, made from the relations by networkx."""
    made: nx.Graph[int] = nx.Graph()
    made.add_nodes_from(range(len(graph)))
    for source, target, weight in zip(graph.sources, graph.targets, graph.weights, strict=True):
        if source != target:
            before = made.get_edge_data(int(source), int(target), {"weight": 0.0})["weight"]
            made.add_edge(int(source), int(target), weight=before + float(weight))
    return made


def around(joined: "nx.Graph[int]", centre: int, hops: int, size: int) -> frozenset[int]:
    """The neighbourhood by its definition: hop by hop, the heaviest first, then the lower row."""
    far = nx.single_source_shortest_path_length(joined, centre, cutoff=hops)
    found = [centre]
    for hop in range(1, hops + 1):
        before = list(found)
        weight = {
            row: sum(joined[row][one]["weight"] for one in before if joined.has_edge(row, one))
            for row in far
            if far[row] == hop
        }
        found += sorted(weight, key=lambda row: (-weight[row], row))[: size - len(found)]
    return frozenset(found)


def random_graph(make: Make, seed: int, n: int = 60, m: int = 150) -> Graph:
    rng = np.random.default_rng(seed)
    rows, weights = rng.integers(n, size=(m, 2)), rng.integers(4, size=m)
    relations = {(f"e{a}", f"e{b}"): float(w) for (a, b), w in zip(rows.tolist(), weights, strict=True)}
    return make([(a, b, w) for (a, b), w in relations.items()], entities=[f"e{i}" for i in range(n)])


@pytest.mark.slow
def test_on_every_graph_of_up_to_six_entities_items_are_the_neighbourhoods(make: Make) -> None:
    for shape in nx.graph_atlas_g()[:209]:
        graph = make([(f"e{a}", f"e{b}") for a, b in shape.edges], entities=[f"e{a}" for a in shape])
        joined = simple(graph)
        for hops, size in ((1, 2), (1, 4), (2, 4), (3, 5), (4, 6)):
            found = [
                frozenset(graph.entity_row(id) for id in item.entities)
                for item in plan(graph, hops=hops, size=size)
            ]
            assert len(set(found)) == len(found)
            assert set(found) == {around(joined, row, hops, size) for row in joined if joined.degree(row)}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("hops", "size"), [(1, 3), (1, 8), (2, 8), (3, 6), (3, 30)])
def test_the_heaviest_come_in_and_all_relations_among_them(
    make: Make, seed: int, hops: int, size: int
) -> None:
    graph = random_graph(make, seed)
    joined = simple(graph)
    items = plan(graph, seed, hops=hops, size=size)
    wanted = {around(joined, row, hops, size) for row in joined if joined.degree(row)}
    assert {frozenset(graph.entity_row(id) for id in item.entities) for item in items} == wanted
    assert len(items) == len(wanted)
    for item in items:
        inside = [graph.entity_row(id) for id in item.entities]
        among = np.isin(graph.sources, inside) & np.isin(graph.targets, inside)
        assert item.relations == tuple(graph.relation_id(row) for row in np.flatnonzero(among).tolist())


def test_large_hops_are_cut_in_pieces_with_the_same_result(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = random_graph(make, 5)
    whole = plan(graph, 4, hops=3, size=6)
    monkeypatch.setattr(sampling.neighbourhoods, "AT_ONCE", 20)
    assert plan(graph, 4, hops=3, size=6) == whole


def test_of_a_hub_only_the_heaviest_neighbours_come(make: Make) -> None:
    graph = make([("Hub", f"leaf {i}", float(i)) for i in range(2000)])
    items = {names(graph, item) for item in plan(graph, size=4)}
    assert {"Hub", "leaf 1999", "leaf 1998", "leaf 1997"} in items
    assert Counter(map(len, items)) == {2: 2000, 4: 1}


def test_a_hop_comes_before_a_heavier_one_that_is_farther(make: Make) -> None:
    graph = make([("Ann", "Bo", 1.0), ("Ann", "Cy", 1.0), ("Cy", "Dee", 9.0), ("Bo", "Eve", 5.0)])
    found = {names(graph, item) for item in plan(graph, hops=2, size=4)}
    assert {"Ann", "Bo", "Cy", "Dee"} in found  # around Ann: Bo and Cy, then Dee before Eve
    assert {"Dee", "Cy", "Ann"} in found
    assert {"Ann", "Cy", "Dee", "Eve"} not in found


def test_two_entities_with_one_neighbourhood_give_one_item(make: Make) -> None:
    clique = make(list(combinations(["Ann", "Bo", "Cy", "Dee"], 2)))
    assert [names(clique, item) for item in plan(clique)] == [{"Ann", "Bo", "Cy", "Dee"}]


def test_an_entity_without_a_neighbour_yields_nothing(make: Make) -> None:
    graph = make([("Ann", "Bo"), ("Eve", "Eve")], entities=["Flo"])
    assert [names(graph, item) for item in plan(graph)] == [{"Ann", "Bo"}]
    assert plan(make([], entities=["Ann", "Bo"])) == []
    assert plan(make([])) == []


def test_the_order_of_the_middles_is_uniform(make: Make) -> None:
    # a ring of five: five different sets of three, any order is as likely
    graph = make([("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "a")])
    pairs = Counter(
        tuple(names(graph, item) for item in islice(NeighbourhoodSampler().sample(graph, rng), 2))
        for rng in map(np.random.default_rng, range(1000))
    )
    assert len(pairs) == 20
    assert chisquare(list(pairs.values())).pvalue > 1e-3


def test_the_same_seed_gives_the_same_items_and_a_prefix_is_the_shorter_plan(make: Make) -> None:
    graph = random_graph(make, 1)
    whole = plan(graph, 3)
    assert plan(graph, 3) == whole
    assert plan(graph, 4) != whole
    for n in (1, 5, 30):
        sampler = NeighbourhoodSampler()
        assert list(islice(sampler.sample(graph, np.random.default_rng(3)), n)) == whole[:n]


@pytest.mark.parametrize(
    ("options", "message"), [({"hops": 0}, "hops must be 1"), ({"size": 1}, "size must be 2")]
)
def test_an_impossible_option_is_refused(options: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        NeighbourhoodSampler(**options)


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_wrong_weight_is_refused_before_the_first_item(make: Make, weight: float) -> None:
    graph = make([("Ann", "Bo", weight)])
    with pytest.raises(ValueError, match="weights must be finite and not negative"):
        next(NeighbourhoodSampler().sample(graph, np.random.default_rng(0)))
