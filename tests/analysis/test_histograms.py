"""What follows from a histogram: digits, meeting a pair k times, slope, inverse, golden values."""

from decimal import Decimal, localcontext
from math import comb

import numpy as np
import pytest

from analysis import Digraph, RateHistogram, erdos_renyi, rate_histogram


def made(vertices: int, rates: list[float], counts: list[float], **more: object) -> RateHistogram:
    return RateHistogram(
        vertices,
        0,
        vertices,
        "fifo",
        np.array(rates, float),
        np.array(counts, float),
        **more,  # type: ignore[arg-type]
    )


def met_exactly(found: RateHistogram, t: float) -> Decimal:
    """The curve in 60 digits."""
    with localcontext() as context:
        context.prec = 60
        pairs = Decimal(found.pairs)
        terms = (
            Decimal(count) * (1 - (1 - Decimal(rate) / pairs) ** Decimal(t))
            for rate, count in zip(found.rates.tolist(), found.counts.tolist(), strict=True)
        )
        return (found.edges + sum(terms, Decimal(0))) / pairs


@pytest.mark.slow
@pytest.mark.parametrize("vertices", [1_000, 10_000, 1_000_000])
def test_the_curve_agrees_with_sixty_digits(vertices: int) -> None:
    rng = np.random.default_rng(vertices)
    rates = np.unique(np.rint(np.geomspace(1, vertices - 1, 400)))
    found = made(vertices, rates.tolist(), np.rint(1e7 / rates * rng.random(len(rates)) + 1).tolist())
    t = np.geomspace(1, 1e12, 40)
    for one, covered in zip(t.tolist(), found.curve(t).tolist(), strict=True):
        assert abs(Decimal(covered) / met_exactly(found, one) - 1) <= Decimal("1e-14")


def test_real_graphs_agree_with_sixty_digits_and_order_of_t_does_not_matter() -> None:
    found = rate_histogram(erdos_renyi(300, 3.0, np.random.default_rng(0)))
    t = [1e9, 0.5, 0.0, 77.0, 3e4]
    curve = found.curve(t)
    for one, covered in zip(t, curve.tolist(), strict=True):
        assert abs(Decimal(covered) / met_exactly(found, one) - 1) <= Decimal("1e-14")
    assert found.curve(np.array(t).reshape(5, 1)).tolist() == curve.reshape(5, 1).tolist()
    assert float(found.curve(77.0)) == curve[3]


def test_a_link_taught_by_every_draw_is_known_after_one() -> None:
    found = made(2, [2.0], [1.0])
    assert found.curve([0, 1, 5]) == pytest.approx([0.0, 0.5, 0.5], rel=1e-15)


@pytest.mark.parametrize("times", [1, 2, 3, 10])
def test_met_k_times_is_a_binomial_tail(times: int) -> None:
    # one link of rate 3 in 12; one source link of rate 2, met once in the source already
    two, one = np.array([2.0]), np.array([1.0])
    found = RateHistogram(4, 1, 4, "fifo", np.array([3.0]), one, source_rates=two, source_counts=one)

    def tail(t: int, q: float, k: int) -> float:
        return sum(comb(t, m) * q**m * (1 - q) ** (t - m) for m in range(k, t + 1))

    for t in (0, 1, 2, 3, 9, 10, 50):
        expected = (tail(t, 3 / 12, times) + tail(t, 2 / 12, times - 1)) / 12
        assert float(found.curve(t, times=times)) == pytest.approx(expected, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("times", [2, 10, 40])
def test_met_k_times_keeps_its_digits_with_tiny_rates(times: int) -> None:
    found = made(1_000_000, [1.0, 7.0, 900.0], [3.0, 5.0, 2.0])
    for t in (1e6, 1e9, 1e11, 3e12):
        with localcontext() as context:
            context.prec = 700  # what the sum below loses, and 60 digits more
            links = Decimal(0)
            for rate, count in ((1, 3), (7, 5), (900, 2)):
                q, term, missed = Decimal(rate) / Decimal(found.pairs), Decimal(1), Decimal(0)
                for m in range(times):
                    missed += term * (1 - q) ** (Decimal(t) - m) * q**m
                    term = term * (Decimal(t) - m) / (m + 1)
                links += count * (1 - missed)
            expected = links / found.pairs
        covered = Decimal(float(found.curve(t, times=times)))
        assert abs(covered - expected) <= Decimal("1e-11") * expected + Decimal("1e-300")


@pytest.mark.parametrize("times", [2, 3, 7])
def test_the_slope_is_what_the_next_draw_brings(times: int) -> None:
    found = rate_histogram(erdos_renyi(40, 2.0, np.random.default_rng(1)))
    t = np.array([0.0, 1.0, 2.0, 5.0, 6.0, 7.0, 100.0, 3_000.0])
    gained = found.curve(t + 1, times=times) - found.curve(t, times=times)
    assert found.slope(t, times=times) == pytest.approx(gained, rel=1e-6, abs=1e-15)


def test_meeting_every_pair_more_often_takes_more_draws() -> None:
    found = rate_histogram(erdos_renyi(60, 3.0, np.random.default_rng(1)))
    draws = [found.draws_for(0.7 * found.plateau, times=times) for times in (1, 2, 5, 10)]
    assert draws == sorted(draws)
    for times, t in zip((1, 2, 5, 10), draws, strict=True):
        assert float(found.curve(t, times=times)) == pytest.approx(0.7 * found.plateau, rel=1e-9)
    assert found.draws_for(0.0, times=5) == 0.0


def test_ten_times_costs_about_seven_and_a_half_times_once() -> None:
    # V = 100, lambda = 3, nine tenths of what can be reached
    ratios = []
    for seed in range(6):
        found = rate_histogram(erdos_renyi(100, 3.0, np.random.default_rng(seed)))
        target = 0.9 * found.plateau
        ratios.append(found.draws_for(target, times=10) / found.draws_for(target))
    assert np.mean(ratios) == pytest.approx(7.7, abs=0.25)


@pytest.mark.parametrize("times", [0, -1, 1.5])
def test_a_pair_is_met_a_whole_number_of_times(times: float) -> None:
    with pytest.raises(ValueError, match="whole number of times"):
        made(4, [1.0], [1.0]).curve([1.0], times=times)  # type: ignore[arg-type]


def test_source_links_are_known_once_but_not_ten_times_from_the_start() -> None:
    found = rate_histogram(Digraph.of_edges(3, [0, 1], [1, 2]))
    assert float(found.curve(0.0)) == 2 / 6
    assert float(found.curve(0.0, times=2)) == 0.0
    # met again: (0, 1) by 2 draws of 6, (1, 2) by 1; (0, 2) must be met twice
    assert float(found.curve(1.0, times=2)) == pytest.approx((2 / 6 + 1 / 6) / 6, rel=1e-14)


@pytest.mark.slow
@pytest.mark.parametrize(("mean_degree", "share_of_ones"), [(2.0, 0.4034), (3.0, 0.4620), (5.0, 0.5663)])
def test_the_share_of_leaves_is_that_of_theory(mean_degree: float, share_of_ones: float) -> None:
    # THEORY 1.8: the fluid limit's mu(1); at V = 1000 an average of a few graphs is within 0.015
    shares = []
    for seed in range(4):
        found = rate_histogram(erdos_renyi(1_000, mean_degree, np.random.default_rng(seed)))
        ones = found.counts[0] + found.source_counts[0]
        assert (found.rates[0], found.source_rates[0]) == (1.0, 1.0)
        shares.append(ones / found.reachable_pairs)
    assert np.mean(shares) == pytest.approx(share_of_ones, abs=0.015)


@pytest.mark.slow
def test_the_mean_decay_is_that_of_theory() -> None:
    # THEORY 1.8, V = 1000, lambda = 3: E[exp(-tau N)] over all reachable pairs
    tau = np.array([0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0])
    golden = [0.9941, 0.9547, 0.8920, 0.7458, 0.5127, 0.1987, 0.0232]
    means = []
    for seed in range(4):
        found = rate_histogram(erdos_renyi(1_000, 3.0, np.random.default_rng(seed)))
        kept = np.exp(-np.multiply.outer(tau, found.rates)) @ found.counts
        kept += np.exp(-np.multiply.outer(tau, found.source_rates)) @ found.source_counts
        means.append(kept / found.reachable_pairs)
    assert np.mean(means, axis=0) == pytest.approx(golden, abs=0.01)
