from collections import Counter
from collections.abc import Callable
from itertools import combinations, islice, pairwise, permutations

import networkx as nx
import numpy as np
import pytest
from scipy.stats import chisquare

from kg.graph import Graph
from kg.model import Subgraph
from sampling import PathSampler

Make = Callable[..., Graph]


def simple_paths(graph: "nx.Graph[str]", hops: int) -> set[frozenset[frozenset[str]]]:
    """Every path of so many hops, as its set of edges: each way round is one path."""
    return {
        frozenset(frozenset(pair) for pair in pairwise(way))
        for way in permutations(graph.nodes, hops + 1)
        if all(graph.has_edge(a, b) for a, b in pairwise(way))
    }


def joined_by(graph: Graph, item: Subgraph) -> frozenset[frozenset[str]]:
    rows = [graph.relation_row(id) for id in item.relations]
    return frozenset(
        frozenset((graph.names[int(graph.sources[row])], graph.names[int(graph.targets[row])]))
        for row in rows
    )


@pytest.mark.parametrize("hops", [2, 3])
def test_on_every_graph_of_up_to_five_entities_each_path_comes_once(hops: int, make: Make) -> None:
    names = [f"e{i}" for i in range(5)]
    possible = list(combinations(names, 2))
    for choice in range(1 << len(possible)):
        chosen = [pair for i, pair in enumerate(possible) if choice >> i & 1]
        graph = make(chosen, entities=names)
        found = [
            joined_by(graph, item) for item in PathSampler(hops).sample(graph, np.random.default_rng(choice))
        ]
        assert len(found) == len(set(found))
        assert set(found) == simple_paths(nx.Graph(chosen), hops)


@pytest.mark.parametrize("hops", [2, 3])
def test_an_item_holds_the_entities_along_the_path_and_every_relation_between_two_that_follow(
    hops: int, kite: Graph
) -> None:
    for item in PathSampler(hops).sample(kite, np.random.default_rng(0)):
        assert len(item.entities) == hops + 1
        along = joined_by(kite, item)
        assert len(along) == hops
        between = [
            kite.relation_id(row)
            for row in range(kite.relation_count)
            if frozenset((kite.names[int(kite.sources[row])], kite.names[int(kite.targets[row])])) in along
        ]
        assert sorted(item.relations) == sorted(between)


@pytest.mark.parametrize("hops", [2, 3])
def test_every_path_is_as_often_the_first(hops: int, make: Make) -> None:
    graph = make([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("a", "c"), ("d", "e")])
    count = len(list(PathSampler(hops).sample(graph, np.random.default_rng(0))))
    seen = Counter(
        next(PathSampler(hops).sample(graph, np.random.default_rng([2, seed]))) for seed in range(3000)
    )
    assert len(seen) == count > 8
    assert chisquare(list(seen.values())).pvalue > 1e-3


def test_a_hub_of_many_paths_yields_the_first_of_them_without_a_list(make: Make) -> None:
    graph = make([("hub", f"v{i}") for i in range(20_000)])  # 2e8 paths of two hops
    items = list(islice(PathSampler().sample(graph, np.random.default_rng(0)), 500))
    assert len(set(items)) == 500
    assert all("hub" in {graph.names[graph.entity_row(id)] for id in item.entities} for item in items)


@pytest.mark.parametrize("hops", [0, 1, 4])
def test_other_lengths_are_refused_and_walks_named(hops: int) -> None:
    with pytest.raises(
        ValueError, match=f"2 or 3 hops, saw {hops}; for longer ways take the sampler 'walks'"
    ):
        PathSampler(hops)
