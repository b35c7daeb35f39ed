from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest

import sampling.triangles
from kg.graph import Graph
from sampling import Triangles, TriangleSampler, triangle_count

Make = Callable[..., Graph]


def test_the_kite_has_two_triangles(kite: Graph, ids: Callable[[str], str]) -> None:
    items = list(TriangleSampler().sample(kite, np.random.default_rng(0)))
    assert {frozenset(item.entities) for item in items} == {
        frozenset((ids("Ann"), ids("Bo"), ids("Cy"))),
        frozenset((ids("Bo"), ids("Cy"), ids("Dee"))),
    }
    assert sorted(len(item.relations) for item in items) == [4, 4]  # Bo-Cy holds two relations


def test_a_graph_without_triangles_yields_nothing_and_says_what_to_try(make: Make) -> None:
    square = make([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")])
    assert list(TriangleSampler().sample(square, np.random.default_rng(0))) == []
    assert "edges" in TriangleSampler().when_empty


def random_graph(make: Make, n: int = 60, p: float = 0.2, seed: int = 4) -> tuple[Graph, "nx.Graph[int]"]:
    ours = nx.gnp_random_graph(n, p, seed=seed)
    return make([(f"v{a}", f"v{b}") for a, b in ours.edges]), ours


def test_triangles_of_a_random_graph_are_those_networkx_counts(make: Make) -> None:
    graph, ours = random_graph(make)
    triangles = Triangles.of(graph.edges)
    assert (
        len(triangles)
        == sum(len(clique) == 3 for clique in nx.enumerate_all_cliques(ours))
        == triangle_count(graph.edges)
    )
    assert len(np.unique(triangles.corners, axis=0)) == len(triangles)


def test_the_edges_of_a_triangle_join_its_corners(make: Make) -> None:
    graph, _ = random_graph(make)
    triangles = Triangles.of(graph.edges)
    for side, (low, high) in enumerate([(0, 1), (0, 2), (1, 2)]):
        numbers = triangles.edges[:, side]
        assert np.array_equal(graph.edges.low[numbers], triangles.corners[:, low])
        assert np.array_equal(graph.edges.high[numbers], triangles.corners[:, high])


def test_triangles_are_sorted_by_their_corners_so_that_any_kernel_gives_the_same_plan(make: Make) -> None:
    graph, _ = random_graph(make)
    corners = Triangles.of(graph.edges).corners.tolist()
    assert corners == sorted(corners)


def test_listing_in_small_parts_changes_nothing(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    graph, _ = random_graph(make)
    whole = Triangles.of(graph.edges)
    monkeypatch.setattr(sampling.triangles, "WEDGES_AT_ONCE", 7)
    parts = Triangles.of(graph.edges)
    assert np.array_equal(whole.corners, parts.corners)
    assert np.array_equal(whole.edges, parts.edges)
