import numpy as np
import pytest
from scipy.stats import chisquare

from analysis import Digraph, erdos_renyi
from kg.graph import Graph


def edge_set(graph: Digraph) -> set[tuple[int, int]]:
    return set(zip(graph.tails.tolist(), graph.indices.tolist(), strict=True))


def test_self_loops_and_repeats_are_dropped() -> None:
    graph = Digraph.of_edges(3, [0, 0, 1, 1], [1, 1, 1, 2])
    assert edge_set(graph) == {(0, 1), (1, 2)}


def test_undirected_means_both_ways() -> None:
    graph = Digraph.of_edges(3, [0, 2], [1, 1], undirected=True)
    assert edge_set(graph) == {(0, 1), (1, 0), (1, 2), (2, 1)}
    assert edge_set(Digraph.of_edges(3, [0, 2], [1, 1]).symmetrised()) == edge_set(graph)


def test_neighbours_are_in_index_order() -> None:
    graph = Digraph.of_edges(4, [0, 0, 0], [3, 1, 2])
    assert graph.indices.tolist() == [1, 2, 3]


def test_an_end_outside_the_graph_is_refused() -> None:
    with pytest.raises(ValueError, match="vertices 0 to 2, saw 0 and 3"):
        Digraph.of_edges(3, [0], [3])


def test_a_knowledge_graph_becomes_its_simple_directed_graph() -> None:
    graph = Graph.from_edges([("a", "b", "likes"), ("a", "b", "knows"), ("b", "b", "is"), ("b", "c", "has")])
    simple = Digraph.of_graph(graph)
    assert (simple.vertices, simple.edges, simple.pairs) == (3, 2, 6)


def test_a_random_graph_has_each_ordered_pair_equally_often() -> None:
    rng = np.random.default_rng(0)
    seen = np.zeros((6, 6), dtype=int)
    edges = 0
    for _ in range(3000):
        graph = erdos_renyi(6, 1.5, rng)
        seen[graph.tails, graph.indices] += 1
        edges += graph.edges
    assert seen.diagonal().sum() == 0
    off_diagonal = seen[~np.eye(6, dtype=bool)]
    assert chisquare(off_diagonal).pvalue > 1e-3
    # 30 pairs, p = 1.5 / 6; the number of edges is binomial
    assert abs(edges / 3000 - 7.5) < 5 * (30 * 0.25 * 0.75 / 3000) ** 0.5


def test_lambda_of_v_gives_the_complete_graph_and_of_zero_none() -> None:
    rng = np.random.default_rng(0)
    assert erdos_renyi(5, 5.0, rng).edges == 20
    assert erdos_renyi(5, 0.0, rng).edges == 0
    assert erdos_renyi(1, 0.5, rng).edges == 0


def test_same_seed_gives_the_same_random_graph() -> None:
    one, two = (erdos_renyi(500, 3.0, np.random.default_rng(9)) for _ in range(2))
    assert edge_set(one) == edge_set(two)


@pytest.mark.parametrize(
    ("vertices", "mean_degree"),
    [(0, 1.0), (10, -1.0), (10, float("nan")), (10, 11.0), (10**9, 3.0), (10**9, 0.01)],
)
def test_impossible_random_graphs_are_refused(vertices: int, mean_degree: float) -> None:
    with pytest.raises(ValueError, match=r"vertex|lambda|edges|fit into memory"):
        erdos_renyi(vertices, mean_degree, np.random.default_rng(0))


def test_a_graph_made_in_many_pieces_is_simple_and_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.graphs.LEAPS_AT_ONCE", 7)
    graph = erdos_renyi(300, 3.0, np.random.default_rng(1))
    again = Digraph.of_edges(300, graph.tails, graph.indices)
    assert (graph.indptr.tolist(), graph.indices.tolist()) == (again.indptr.tolist(), again.indices.tolist())
    assert abs(graph.edges - 300 * 299 * 3 / 300) < 5 * 900**0.5
