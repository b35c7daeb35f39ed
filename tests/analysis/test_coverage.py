"""The exact curve: by hand on small shapes, THEORY's invariants I1 to I5, and its bounds."""

from fractions import Fraction
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Digraph, RateHistogram, erdos_renyi, rate_histogram
from analysis.trees import trees

TIMES = [0.0, 1.0, 3.0, 10.0, 100.0, 1e4, 1e12]


def histogram_of(graph: Digraph) -> dict[int, int]:
    found = rate_histogram(graph)
    return {int(rate): int(count) for rate, count in zip(found.rates, found.counts, strict=True)}


# ---- by hand -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_on_a_path_a_link_to_j_is_taught_by_all_that_lie_behind_j(shapes: dict[str, Digraph]) -> None:
    # n = 9: N_ij = n - j; vertex j has j - 1 sources that reach it by more than one step
    assert histogram_of(shapes["path"]) == {9 - j: j - 1 for j in range(2, 9)}
    assert rate_histogram(shapes["path"]).reachable_pairs == 36


@pytest.mark.slow
def test_on_a_cycle_the_rate_falls_with_the_distance(shapes: dict[str, Digraph]) -> None:
    # n = 8: at distance d, N = n - d, from each of the 8 sources
    assert histogram_of(shapes["cycle"]) == {8 - d: 8 for d in range(2, 8)}
    assert rate_histogram(shapes["cycle"]).plateau == 1.0


def test_a_star_teaches_nothing_new(shapes: dict[str, Digraph]) -> None:
    assert histogram_of(shapes["star"]) == {}
    assert rate_histogram(shapes["star"]).curve(TIMES) == pytest.approx([6 / 42] * len(TIMES), rel=1e-15)


def test_a_complete_graph_is_known_from_the_start(shapes: dict[str, Digraph]) -> None:
    assert rate_histogram(shapes["complete"]).curve(TIMES) == pytest.approx([1.0] * len(TIMES), rel=1e-15)


def test_three_in_a_row_follow_the_formula_written_out() -> None:
    # 0 -> 1 -> 2: K = 6, D = 2, one link to learn (0, 2), drawn with probability 1/6
    curve = rate_histogram(Digraph.of_edges(3, [0, 1], [1, 2])).curve([0, 1, 2, 5])
    assert curve == pytest.approx([(2 + 1 - (5 / 6) ** t) / 6 for t in (0, 1, 2, 5)], rel=1e-14)


def test_a_tie_goes_to_the_vertex_found_first() -> None:
    # 0 -> {1, 2} -> 3 -> 4: under fifo 3 hangs from 1; the histogram tells only sizes
    graph = Digraph.of_edges(5, [0, 0, 1, 2, 3], [1, 2, 3, 3, 4])
    tree = next(trees(graph, [0]))
    assert tree.parent_vertices(5).tolist() == [-1, 0, 0, 1, 3]
    assert dict(zip(tree.vertices.tolist(), tree.subtree_sizes().tolist(), strict=True)) == {
        0: 5,
        1: 3,
        2: 1,
        3: 2,
        4: 1,
    }


@pytest.mark.parametrize("vertices", [0, 1])
def test_fewer_than_two_vertices_have_a_coverage_of_zero(vertices: int) -> None:
    found = rate_histogram(Digraph.of_edges(vertices, [], []))
    assert found.curve(TIMES).tolist() == [0.0] * len(TIMES)
    assert (found.plateau, found.reachable_pairs) == (0.0, 0.0)
    assert found.slope([1.0]).tolist() == [0.0]


def test_without_edges_nothing_is_ever_learned() -> None:
    found = rate_histogram(Digraph.of_edges(5, [], []))
    assert found.curve(TIMES).tolist() == [0.0] * len(TIMES)


def test_two_vertices_have_only_their_source_links() -> None:
    assert rate_histogram(Digraph.of_edges(2, [0], [1])).curve(TIMES).tolist() == [0.5] * len(TIMES)


# ---- invariants on random graphs -----------------------------------------------------------------

digraphs = st.integers(1, 12).flatmap(
    lambda n: st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=40).map(
        lambda edges: Digraph.of_edges(n, [a for a, _ in edges], [b for _, b in edges])
    )
)


def to_networkx(graph: Digraph) -> "nx.DiGraph[int]":
    theirs: nx.DiGraph[int] = nx.DiGraph()
    theirs.add_nodes_from(range(graph.vertices))
    theirs.add_edges_from(zip(graph.tails.tolist(), graph.indices.tolist(), strict=True))
    return theirs


@settings(deadline=None, max_examples=150)
@given(digraphs)
def test_i1_subtree_sizes_add_up_to_the_distances(graph: Digraph) -> None:
    distances = dict(nx.all_pairs_shortest_path_length(to_networkx(graph)))
    sizes = sum(int(tree.subtree_sizes()[1:].sum()) for tree in trees(graph, range(graph.vertices)))
    assert sizes == sum(length for row in distances.values() for length in row.values())


@settings(deadline=None, max_examples=150)
@given(digraphs)
def test_i2_leaves_have_size_one_and_the_neighbours_of_the_source_share_the_rest(graph: Digraph) -> None:
    for tree in trees(graph, range(graph.vertices)):
        sizes = tree.subtree_sizes()
        is_parent = np.zeros(len(sizes), dtype=bool)
        is_parent[tree.parents[1:]] = True
        assert (sizes[~is_parent] == 1).all()
        assert (sizes >= 1).all()
        assert sizes[1 : tree.beyond].sum() == len(tree.vertices) - 1
        assert sizes.tolist() == tree._sums_one_by_one(np.ones(len(sizes))).tolist()


@settings(deadline=None, max_examples=150)
@given(digraphs)
def test_the_tree_is_a_shortest_path_tree_under_fifo(graph: Digraph) -> None:
    theirs = to_networkx(graph)
    for source, tree in enumerate(trees(graph, range(graph.vertices))):
        expected = dict.fromkeys(range(graph.vertices), -1)
        expected.update(
            {child: parent for parent, child in nx.bfs_edges(theirs, source, sort_neighbors=sorted)}
        )
        assert tree.parent_vertices(graph.vertices).tolist() == list(expected.values())


@settings(deadline=None, max_examples=150)
@given(digraphs)
def test_i3_the_curve_begins_at_the_source_links_and_ends_at_the_reachable_pairs(graph: Digraph) -> None:
    found = rate_histogram(graph)
    reachable = sum(len(nx.descendants(to_networkx(graph), v)) for v in range(graph.vertices))
    assert found.reachable_pairs == reachable
    if graph.pairs:
        assert found.curve(0.0) == pytest.approx(graph.edges / graph.pairs, abs=1e-15)
        assert found.curve(1e15) == pytest.approx(reachable / graph.pairs, rel=1e-12)


@settings(deadline=None, max_examples=100)
@given(digraphs)
def test_i4_the_curve_rises_and_bends_down(graph: Digraph) -> None:
    curve = rate_histogram(graph).curve(np.arange(0.0, 400.0, 4.0))
    steps = np.diff(curve)
    assert (steps >= -1e-15).all()
    assert (np.diff(steps) <= 1e-14).all()


@settings(deadline=None, max_examples=100)
@given(digraphs)
def test_i5_the_slope_at_the_start_is_the_sum_of_the_log_rates(graph: Digraph) -> None:
    found = rate_histogram(graph)
    if graph.pairs:
        expected = -float((found.counts * np.log1p(-found.rates / graph.pairs)).sum()) / graph.pairs
        assert found.slope(0.0) == pytest.approx(expected, rel=1e-12)
        step = 1e-4
        assert (found.curve(step) - found.curve(0.0)) / step == pytest.approx(expected, rel=1e-3, abs=1e-9)


@settings(deadline=None, max_examples=100)
@given(digraphs, st.just(0.0) | st.floats(1, 1e6))  # between 0 and 1 draws Jensen's bound turns round
def test_the_finite_bounds_hold_for_every_graph_and_number_of_draws(graph: Digraph, t: float) -> None:
    # THEORY 1.6, no epsilon
    found, pairs = rate_histogram(graph), graph.pairs
    growing = found.reachable_pairs - graph.edges
    if not growing:
        return
    distances = dict(nx.all_pairs_shortest_path_length(to_networkx(graph)))
    mean_length = sum(sum(row.values()) for row in distances.values()) / found.reachable_pairs
    start = graph.edges / pairs
    low = start + growing / pairs * -np.expm1(t * np.log1p(-1 / pairs))
    high = start + found.reachable_pairs / pairs * -np.expm1(t * np.log1p(-mean_length / pairs))
    mean_size = float(found.counts @ found.rates) / growing
    jensen = start + growing / pairs * -np.expm1(t * np.log1p(-mean_size / pairs))
    assert low - 1e-12 <= found.curve(t) <= min(high, jensen) + 1e-12


@settings(deadline=None, max_examples=60)
@given(st.integers(2, 9), st.data())
def test_relabelling_a_tree_changes_nothing(n: int, data: st.DataObject) -> None:
    # on trees no tie ever arises, so the curve cannot depend on the numbers of the vertices
    parents = [data.draw(st.integers(0, v - 1)) for v in range(1, n)]
    order = np.array(data.draw(st.permutations(range(n))))
    plain = Digraph.of_edges(n, np.array(parents), np.arange(1, n), undirected=True)
    moved = Digraph.of_edges(n, order[np.array(parents)], order[np.arange(1, n)], undirected=True)
    assert histogram_of(plain) == histogram_of(moved)


# ---- numbers -------------------------------------------------------------------------------------


def test_the_curve_keeps_its_digits_where_rates_are_tiny() -> None:
    found = RateHistogram(10**6, 0, 10**6, "fifo", np.array([1.0, 7.0]), np.array([3.0, 5.0]))
    pairs = Fraction(found.pairs)
    for t in (1, 2, 1000):
        exact = sum(
            count * (1 - (1 - Fraction(rate) / pairs) ** t) for rate, count in ((1, 3), (7, 5))
        ) / Fraction(pairs)
        assert abs(Fraction(float(found.curve(t))) / exact - 1) < Fraction(1, 10**14)


def test_links_to_learn_are_counted_once_and_source_links_never() -> None:
    # source links are known from the start: the slope counts R without D only (THEORY I5)
    graph = erdos_renyi(100, 3.0, np.random.default_rng(3))
    found = rate_histogram(graph)
    every = sum(int(tree.subtree_sizes()[1:].sum()) for tree in trees(graph, range(100)))
    assert float(found.counts @ found.rates) < every
    assert found.counts.sum() == found.reachable_pairs - graph.edges


def test_the_number_of_draws_for_a_target_is_the_inverse_of_the_curve() -> None:
    found = rate_histogram(erdos_renyi(60, 3.0, np.random.default_rng(1)))
    for target in (0.1, 0.5, 0.99 * found.plateau):
        assert found.curve(found.draws_for(target)) == pytest.approx(target, rel=1e-9)
    assert found.draws_for(found.start / 2) == 0.0


def test_a_target_above_what_is_reachable_is_refused_with_what_is() -> None:
    with pytest.raises(ValueError, match=r"only a share of 0\.5 of the ordered pairs"):
        rate_histogram(Digraph.of_edges(3, [0, 1], [1, 2])).draws_for(0.6)


# ---- sampled sources -----------------------------------------------------------------------------


@pytest.mark.slow
def test_sampled_sources_are_unbiased_and_their_standard_error_is_honest() -> None:
    graph = erdos_renyi(120, 2.0, np.random.default_rng(2))
    times = [100.0, 3_000.0, 30_000.0]
    exact = rate_histogram(graph).curve(times)
    scores = []
    for seed in range(100):
        sampled = rate_histogram(graph, sources=30, rng=np.random.default_rng(seed))
        scores.append((sampled.curve(times) - exact) / sampled.standard_error(times))
    z = np.array(scores)
    assert (np.abs(z.mean(axis=0)) < 4 / 10 * z.std(axis=0)).all()
    assert (np.abs(z.std(axis=0) - 1) < 0.35).all()


def test_all_sources_have_no_standard_error_and_one_source_cannot_tell_it() -> None:
    graph = erdos_renyi(30, 3.0, np.random.default_rng(2))
    assert rate_histogram(graph).standard_error([5.0, 50.0]).tolist() == [0.0, 0.0]
    lone = rate_histogram(graph, sources=1, rng=np.random.default_rng(0))
    assert np.isnan(lone.standard_error([5.0])).all()


@pytest.mark.parametrize("sources", [0, 31])
def test_an_impossible_number_of_sources_is_refused(sources: int) -> None:
    graph = erdos_renyi(30, 3.0, np.random.default_rng(2))
    with pytest.raises(ValueError, match="from 1 to V=30"):
        rate_histogram(graph, sources=sources, rng=np.random.default_rng(0))


@pytest.mark.parametrize("t", [-1.0, float("nan"), float("inf")])
def test_a_wrong_number_of_draws_is_refused(t: float) -> None:
    with pytest.raises(ValueError, match="0 or more and finite"):
        rate_histogram(Digraph.of_edges(3, [0], [1])).curve([t])


def test_a_long_path_is_searched_level_by_level_or_not_with_the_same_result() -> None:
    n = 300
    graph = Digraph.of_edges(n, np.arange(n - 1), np.arange(1, n))
    tree = next(trees(graph, [0]))
    assert tree.levels(limit=10) is None
    levels = tree.levels()
    assert levels is not None
    assert [end - start for start, end in pairwise(levels)] == [1] * n
    assert tree.subtree_sizes().tolist() == list(range(n, 0, -1))
