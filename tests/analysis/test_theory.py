"""Golden values, identities, and how far the closed curves are from exact ones."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import lambertw
from scipy.stats import poisson

from analysis import Digraph, erdos_renyi, rate_histogram
from analysis.rules import selection
from analysis.theory import (
    FORMULAS,
    branching_curve,
    branching_share,
    extinction,
    finite_bounds,
    fluid_curve,
    fluid_share,
    path_length_bound,
    reachable_share,
    theorem_1,
)
from analysis.trees import trees

TAU = [0.01, 0.1, 0.3, 1.0, 3.0]
ROOTS = {
    1.1: (0.8238658564, 0.0310232366),
    1.25: (0.6286297965, 0.1379158280),
    1.5: (0.4171883561, 0.3396694122),
    2.0: (0.2031878700, 0.6349095705),
    2.5: (0.1073552464, 0.7968146561),
    3.0: (0.0595202093, 0.8845022367),
    4.0: (0.0198274013, 0.9607383233),
    5.0: (0.0069771537, 0.9860943734),
    10.0: (0.0000454206, 0.9999091610),
}


@pytest.mark.parametrize("mean_degree", sorted(ROOTS))
def test_extinction_and_reachability_are_the_known_ones(mean_degree: float) -> None:
    rho, share = ROOTS[mean_degree]
    assert extinction(mean_degree) == pytest.approx(rho, abs=1e-9)
    assert reachable_share(mean_degree) == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize("mean_degree", [1.0001, 1.01, 1.7, 6.0, 30.0])
def test_extinction_is_the_branch_of_lambert_w(mean_degree: float) -> None:
    closed = -lambertw(-mean_degree * math.exp(-mean_degree)).real / mean_degree
    assert extinction(mean_degree) == pytest.approx(closed, rel=1e-6)


@pytest.mark.parametrize("mean_degree", [0.001, 0.5, 1.0])
def test_a_thin_graph_reaches_nothing(mean_degree: float) -> None:
    assert extinction(mean_degree) == 1.0
    assert reachable_share(mean_degree) == 0.0
    assert fluid_curve(100, mean_degree, [0.0, 1e6]).tolist() == [mean_degree / 100] * 2
    assert branching_curve(100, mean_degree, [0.0, 1e6]).tolist() == [mean_degree / 100] * 2


@pytest.mark.parametrize(
    ("mean_degree", "golden"),
    [
        (2.0, [0.05249, 0.25547, 0.47040, 0.77542, 0.97154]),
        (3.0, [0.04034, 0.21605, 0.42112, 0.74015, 0.96589]),
        (5.0, [0.03176, 0.18285, 0.37443, 0.70309, 0.96009]),
    ],
)
def test_the_branching_formula_has_its_golden_values(mean_degree: float, golden: list[float]) -> None:
    assert branching_share(mean_degree, TAU) == pytest.approx(golden, abs=6e-6)


@pytest.mark.parametrize(
    ("mean_degree", "golden"),
    [
        (2.0, [0.06187, 0.30326, 0.53723, 0.82427, 0.97951]),
        (3.0, [0.04619, 0.25386, 0.48602, 0.79987, 0.97655]),
        (5.0, [0.03563, 0.21140, 0.43046, 0.76396, 0.97138]),
    ],
)
def test_the_fluid_limit_has_its_golden_values(mean_degree: float, golden: list[float]) -> None:
    assert fluid_share(mean_degree, TAU) == pytest.approx(golden, abs=6e-6)


@pytest.mark.parametrize(
    ("share", "mean_degree", "leaves"),
    [
        (fluid_share, 2.0, 0.4034),
        (fluid_share, 3.0, 0.4620),
        (fluid_share, 5.0, 0.5663),
        (branching_share, 3.0, 2 / 3 + math.exp(-3) / 3),
    ],
)
def test_what_is_last_to_be_linked_are_the_leaves(
    share: Callable[..., NDArray[np.float64]], mean_degree: float, leaves: float
) -> None:
    # for large tau only N = 1 is left: 1 - share = mu(1) exp(-tau) + mu(2) exp(-2 tau) + ...
    tau = 11.0
    assert (1 - float(share(mean_degree, tau))) * math.exp(tau) == pytest.approx(leaves, abs=1e-4)


@pytest.mark.parametrize("share", [branching_share, fluid_share])
def test_met_twice_is_met_once_less_the_chance_of_exactly_once(
    share: Callable[..., NDArray[np.float64]],
) -> None:
    # P(exactly one) = E[N tau exp(-N tau)] = tau d/dtau of the share met once
    tau, step = 0.4, 1e-5
    slope = (share(3.0, tau + step) - share(3.0, tau - step)) / (2 * step)
    assert share(3.0, tau, times=2) == pytest.approx(share(3.0, tau) - tau * slope, abs=1e-8)


def test_a_leaf_met_ten_times_follows_the_poisson_law() -> None:
    # without children every link is a leaf: the first level of the branching formula
    from analysis.theory import _known

    tau = np.array([1.0, 7.0, 20.0])
    assert _known(tau, 0.0, np.zeros((10, 3))).sum(axis=0) == pytest.approx(poisson.sf(9, tau), rel=1e-9)


@pytest.mark.parametrize("times", [1, 3])
def test_the_fluid_limit_agrees_with_counted_trees(times: int) -> None:
    shares = []
    for seed in range(4):
        graph = erdos_renyi(400, 3.0, np.random.default_rng(seed))
        sizes = np.concatenate([tree.subtree_sizes()[1:] for tree in trees(graph, range(400))])
        shares.append([np.mean(poisson.sf(times - 1, sizes * tau)) for tau in (0.1, 0.3, 1.0, 3.0)])
    truth = np.mean(shares, axis=0)
    tau = [0.1, 0.3, 1.0, 3.0]
    assert fluid_share(3.0, tau, times=times) == pytest.approx(truth, abs=0.02)
    # and the paper's formula does not: the finding that this package documents
    assert abs(branching_share(3.0, tau, times=times) - truth).max() > 0.02


@pytest.mark.parametrize(("times", "relative", "absolute"), [(1, 0.05, 0.0), (2, 0.0, 0.02), (5, 0.0, 0.02)])
def test_source_links_are_held_apart_within_five_percent_at_every_t(
    times: int, relative: float, absolute: float
) -> None:
    t = np.geomspace(1e-3, 3, 8) * 200 * 199
    exact = [
        rate_histogram(erdos_renyi(200, 5.0, np.random.default_rng(seed))).curve(t, times=times)
        for seed in range(8)
    ]
    truth = np.mean(exact, axis=0)
    assert fluid_curve(200, 5.0, t, times=times) == pytest.approx(truth, rel=relative, abs=absolute)


@pytest.mark.parametrize("mean_degree", [1.2, 3.0, 5.0])
def test_finite_bounds_hold_on_every_graph_at_every_t(mean_degree: float) -> None:
    for seed in range(3):
        histogram = rate_histogram(erdos_renyi(60, mean_degree, np.random.default_rng(seed)))
        t = [0.0, 1.0, 10.0, 300.0, 3_000.0, 30_000.0, 1e7]
        exact, bounds = histogram.curve(t), finite_bounds(histogram, t)
        assert (bounds.lower <= exact + 1e-12).all()
        assert (exact <= bounds.upper + 1e-12).all()
        assert (bounds.upper <= path_length_bound(histogram, t) + 1e-12).all()


def test_the_path_length_bound_uses_the_mean_distance() -> None:
    # 0 -> 1 -> 2 -> 3: distances 1, 1, 1, 2, 2, 3 over 6 reachable of 12 pairs
    histogram = rate_histogram(Digraph.of_edges(4, [0, 1, 2], [1, 2, 3]))
    expected = 3 / 12 + 6 / 12 * (1 - (1 - (10 / 6) / 12) ** 5)
    assert path_length_bound(histogram, 5.0) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("edges", [([], []), ([0], [1])])
def test_bounds_of_a_graph_without_anything_to_learn_are_flat(edges: tuple[list[int], list[int]]) -> None:
    histogram = rate_histogram(Digraph.of_edges(3, *edges))
    bounds = finite_bounds(histogram, [0.0, 1e9])
    assert bounds.lower.tolist() == bounds.upper.tolist() == [histogram.start] * 2
    assert (path_length_bound(histogram, [0.0, 1e9]) >= histogram.start).all()


def test_the_bounds_hold_under_other_rules_too() -> None:
    graph = erdos_renyi(40, 2.0, np.random.default_rng(1))
    drawn = selection("vertices", graph, np.linspace(0.1, 3.0, 40))
    for histogram in (
        rate_histogram(graph, selection_rule=drawn),
        rate_histogram(graph, tie_rule="uniform"),
        rate_histogram(graph, link_rule="clique"),
    ):
        t = np.array([0.0, 30.0, 1_000.0, 1e5])
        exact, bounds = histogram.curve(t), finite_bounds(histogram, t)
        assert (bounds.lower <= exact + 1e-12).all()
        assert (exact <= bounds.upper + 1e-12).all()
        assert (bounds.upper <= path_length_bound(histogram, t) + 1e-12).all()


def test_theorem_1_with_epsilon_0_says_nothing_about_one_graph() -> None:
    histogram = rate_histogram(erdos_renyi(100, 5.0, np.random.default_rng(0)))
    late = 1e6
    assert histogram.curve(late) < theorem_1(100, 5.0, late, epsilon=0.0).lower
    bounds = theorem_1(100, 5.0, late, epsilon=0.1)
    assert bounds.lower < histogram.curve(late) < bounds.upper


def test_nothing_is_linked_before_the_first_draw_and_everything_in_the_end() -> None:
    for share in (branching_share, fluid_share):
        assert share(3.0, [0.0, 1e6]).tolist() == pytest.approx([0.0, 1.0], abs=1e-12)


def test_every_formula_says_what_it_is_and_how_far_off() -> None:
    for formula in FORMULAS.values():
        assert formula.curve(50, 2.0, [10.0]).shape == (1,)
        assert "percent" in formula.accuracy
        assert formula.what.startswith(("an approximation", "a limit"))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: extinction(0.0), "must be positive, saw 0.0"),
        (lambda: extinction(float("nan")), "must be positive, saw nan"),
        (lambda: fluid_curve(1, 1.0, [1]), "at least 2 vertices"),
        (lambda: branching_curve(10, 11.0, [1]), "at most V=10, saw 11.0"),
        (lambda: fluid_curve(10, 2.0, [-1]), "0 or more and finite, saw -1.0"),
        (lambda: fluid_share(0.9, [1]), "lambda up to 1, saw 0.9"),
        (lambda: fluid_share(2.0, [1], times=0), "times"),
        (lambda: theorem_1(10, 1.0, [1], epsilon=0.1), "above 1, saw 1.0"),
        (lambda: theorem_1(10, 2.0, [1], epsilon=1.0), "epsilon must be"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
