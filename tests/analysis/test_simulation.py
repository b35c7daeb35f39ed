"""Stepping through the process agrees with the closed form."""

from collections.abc import Sequence

import numpy as np
import pytest

from analysis import Digraph, erdos_renyi, rate_histogram, stepwise
from analysis.bands import standard_deviation

STEPS = [0, 10, 100, 1_000, 10_000]


def assert_agrees(graph: Digraph, steps: Sequence[float], replicates: int, seed: int) -> None:
    runs = stepwise(graph, steps, replicates=replicates, rng=np.random.default_rng(seed))
    exact = rate_histogram(graph).curve(steps)
    error = runs.std(axis=0, ddof=1) / replicates**0.5
    assert (np.abs(runs.mean(axis=0) - exact) <= 5 * error + 1e-12).all()


@pytest.mark.parametrize("name", ["path", "cycle", "star", "complete"])
def test_stepping_agrees_with_the_exact_curve_on_named_shapes(shapes: dict[str, Digraph], name: str) -> None:
    assert_agrees(shapes[name], [0, 1, 5, 20, 80], 400, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("vertices", "mean_degree", "seed"), [(100, 3.0, 0), (100, 2.0, 1), (60, 1.0, 2), (80, 5.0, 3)]
)
def test_stepping_agrees_with_the_exact_curve_on_random_graphs(
    vertices: int, mean_degree: float, seed: int
) -> None:
    graph = erdos_renyi(vertices, mean_degree, np.random.default_rng(seed))
    assert_agrees(graph, STEPS, 20, seed)


def test_stepping_agrees_on_an_undirected_graph() -> None:
    graph = erdos_renyi(40, 1.5, np.random.default_rng(5)).symmetrised()
    assert_agrees(graph, [0, 10, 100, 1_000], 40, seed=5)


@pytest.mark.slow
def test_the_spread_of_runs_is_the_closed_form_of_their_standard_deviation() -> None:
    graph = erdos_renyi(60, 3.0, np.random.default_rng(4))
    steps = [30, 300, 1_000, 3_000]
    runs = stepwise(graph, steps, replicates=800, rng=np.random.default_rng(0))
    ratio = runs.std(axis=0, ddof=1) / standard_deviation(graph, steps)
    # the sd of 800 runs is itself known to 2.5 percent
    assert (np.abs(ratio - 1) < 0.1).all()


def test_a_fixed_number_of_draws_varies_less_than_a_poisson_number() -> None:
    graph = erdos_renyi(60, 3.0, np.random.default_rng(4))
    fixed = standard_deviation(graph, [300.0])
    assert 0 < fixed[0] < standard_deviation(graph, [300.0], poissonised=True)[0]


def test_the_standard_deviation_of_one_link_is_that_of_a_coin() -> None:
    # 0 -> 1 -> 2: one link to learn, e = exp(-t / 6); sqrt(e (1 - e)) / 6 when Poissonised
    graph = Digraph.of_edges(3, [0, 1], [1, 2])
    e = np.exp(-4 / 6)
    assert standard_deviation(graph, [4.0], poissonised=True) == pytest.approx(
        [np.sqrt(e * (1 - e)) / 6], rel=1e-12
    )


def test_the_same_seed_gives_the_same_runs_and_earlier_stops_do_not_disturb_later_ones() -> None:
    graph = erdos_renyi(30, 3.0, np.random.default_rng(0))
    one = stepwise(graph, [500], replicates=3, rng=np.random.default_rng(7))
    two = stepwise(graph, [500, 3, 100], replicates=3, rng=np.random.default_rng(7))
    assert one[:, 0].tolist() == two[:, 0].tolist()
    assert (two[:, 1] <= two[:, 2]).all()


def test_a_saturated_run_stands_at_the_reachable_pairs(shapes: dict[str, Digraph]) -> None:
    runs = stepwise(shapes["path"], [10**9], replicates=2, rng=np.random.default_rng(0))
    assert runs.ravel().tolist() == [0.5, 0.5]


def test_one_vertex_has_nothing_to_step_through() -> None:
    graph = Digraph.of_edges(1, [], [])
    assert stepwise(graph, [5], replicates=2, rng=np.random.default_rng(0)).tolist() == [[0.0], [0.0]]


@pytest.mark.parametrize(("steps", "replicates"), [([1.5], 2), ([-1], 2), ([1], 0)])
def test_wrong_arguments_are_refused(steps: list[float], replicates: int) -> None:
    with pytest.raises(ValueError, match=r"whole steps|0 or more|at least one replicate"):
        stepwise(Digraph.of_edges(2, [0], [1]), steps, replicates=replicates, rng=np.random.default_rng(0))


def test_a_large_graph_is_sent_to_the_exact_method() -> None:
    with pytest.raises(ValueError, match="Use the method 'exact'"):
        stepwise(Digraph.of_edges(10_000, [0], [1]), [1], replicates=1, rng=np.random.default_rng(0))
