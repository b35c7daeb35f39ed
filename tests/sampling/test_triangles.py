from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from scipy.stats import chisquare

import sampling.listing
from kg.graph import Graph
from sampling import Triangles, TriangleSampler, triangle_count

Make = Callable[..., Graph]
needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed (extra 'fast')")


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


def random_graph(make: Make, seed: int = 4, n: int = 60, p: float = 0.2) -> tuple[Graph, "nx.Graph[int]"]:
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


def without_numba(module: str) -> tuple[None, str]:
    return None, f"{module} is not used in this test"


@needs_numba
@pytest.mark.parametrize("seed", range(20))
def test_compiled_and_not_the_same_triangles_come_in_the_same_order(
    make: Make, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    graph, _ = random_graph(make, seed)
    compiled, count = Triangles.of(graph.edges), triangle_count(graph.edges)
    monkeypatch.setattr(sampling.listing, "kernels", without_numba)
    plain = Triangles.of(graph.edges)
    assert np.array_equal(compiled.corners, plain.corners)
    assert np.array_equal(compiled.edges, plain.edges)
    assert compiled.edges.dtype == plain.edges.dtype == np.int32
    assert len(plain) == count == triangle_count(graph.edges)


def test_listing_in_small_parts_changes_nothing(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    graph, _ = random_graph(make)
    monkeypatch.setattr(sampling.listing, "kernels", without_numba)
    whole = Triangles.of(graph.edges)
    monkeypatch.setattr(sampling.listing, "WEDGES_AT_ONCE", 7)
    parts = Triangles.of(graph.edges)
    assert np.array_equal(whole.corners, parts.corners)
    assert np.array_equal(whole.edges, parts.edges)


@pytest.mark.parametrize("seed", range(5))
def test_found_without_a_list_they_are_the_same_triangles_each_once(make: Make, seed: int) -> None:
    graph, _ = random_graph(make, seed)
    listed = list(TriangleSampler().sample(graph, np.random.default_rng(0)))
    found = list(TriangleSampler(listed=False).sample(graph, np.random.default_rng(seed)))
    assert len(found) == len(set(found))
    assert set(found) == set(listed)


@pytest.mark.slow
@pytest.mark.parametrize("options", [{}, {"listed": False}], ids=["listed", "found"])
def test_every_triangle_is_as_often_the_first(make: Make, options: dict[str, bool]) -> None:
    graph, _ = random_graph(make, seed=1, n=9, p=0.6)
    seen = Counter(
        next(TriangleSampler(**options).sample(graph, np.random.default_rng(seed))) for seed in range(4000)
    )
    assert len(seen) == triangle_count(graph.edges) > 5
    assert chisquare(list(seen.values())).pvalue > 1e-3


@pytest.mark.slow
def test_weighted_the_first_comes_in_proportion_to_the_weights_of_its_edges(make: Make) -> None:
    edges = [
        ("a", "b", 5.0),
        ("b", "c", 1.0),
        ("a", "c", 2.0),
        ("c", "d", 0.0),
        ("b", "d", 3.0),
        ("a", "d", 1.0),
    ]
    graph = make(edges)
    weight = {frozenset(edge[:2]): edge[2] for edge in edges}
    expected = {
        frozenset(corners): sum(weight[frozenset(pair)] for pair in combinations(corners, 2))
        for corners in combinations("abcd", 3)
    }
    seen: Counter[frozenset[str]] = Counter()
    for seed in range(4000):
        item = next(TriangleSampler(weighted=True).sample(graph, np.random.default_rng([1, seed])))
        seen[frozenset(graph.names[graph.entity_row(id)] for id in item.entities)] += 1
    total = sum(expected.values())
    assert (
        chisquare(
            [seen[corners] for corners in expected], [4000 * weight / total for weight in expected.values()]
        ).pvalue
        > 1e-3
    )


def test_triangles_cannot_be_weighted_without_a_list() -> None:
    with pytest.raises(ValueError, match="weighted triangles have to be listed"):
        TriangleSampler(weighted=True, listed=False)
