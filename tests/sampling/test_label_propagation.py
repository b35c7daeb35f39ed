"""Communities by label propagation."""

import networkx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph import Graph
from sampling.label_propagation import label_propagation


def labels(graph: Graph, seed: int = 7) -> list[int]:
    found: list[int] = label_propagation(
        graph.edges, graph.edges.weights, np.random.default_rng(seed)
    ).tolist()
    return found


def clique(names: str) -> list[tuple[str, str]]:
    return [(a, b) for a in names for b in names if a < b]


def test_two_cliques_with_one_relation_between_them_are_two_communities() -> None:
    graph = Graph.from_edges([*clique("abcdef"), *clique("uvwxyz"), ("a", "u")])
    found = dict(zip(graph.names, labels(graph), strict=True))
    assert len({found[name] for name in "abcdef"}) == 1
    assert len({found[name] for name in "uvwxyz"}) == 1
    assert found["a"] != found["u"]


def test_a_star_is_one_community() -> None:
    graph = Graph.from_edges([("hub", str(leaf)) for leaf in range(30)])
    assert len(set(labels(graph))) == 1


def test_weights_decide() -> None:
    heavy = [("m", name, "", 5.0) for name in "uvwxyz"]
    light = [("m", name, "", 0.1) for name in "abcdef"]
    graph = Graph.from_edges([*clique("abcdef"), *clique("uvwxyz"), *heavy, *light])
    found = dict(zip(graph.names, labels(graph), strict=True))
    assert found["m"] == found["z"]


def test_an_entity_without_neighbours_stays_alone() -> None:
    graph = Graph.build([("0" * 32, "a", "", 0), ("1" * 32, "b", "", 0)], [])
    assert labels(graph) == [0, 1]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=60), st.integers(0, 5))
def test_the_same_seed_gives_the_same_and_no_label_leaves_its_part(
    edges: list[tuple[int, int]], seed: int
) -> None:
    graph = Graph.from_edges([(str(a), str(b)) for a, b in edges])
    found = labels(graph, seed)
    assert labels(graph, seed) == found
    plain: networkx.Graph[int] = networkx.Graph()
    plain.add_nodes_from(range(len(graph)))
    plain.add_edges_from(zip(graph.edges.low.tolist(), graph.edges.high.tolist(), strict=True))
    for row, label in enumerate(found):
        assert networkx.has_path(plain, row, label)
