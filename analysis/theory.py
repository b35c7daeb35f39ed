"""What theory says of coverage on the paper's random graph: limits, bounds and two closed curves.

The graph has V vertices and an edge from each to each other with probability p = lambda / V (lambda is
`mean_degree`); K = V (V - 1). Only `analysis.coverage` is exact, on a given graph. Here stand

    extinction, reachable_share   limits for large V
    theorem_1                     the paper's two sides, within factors 1 -+ epsilon, as V grows
    finite_bounds                 bounds that hold on every graph, at every t
    branching_curve               the paper's formula: an approximation that large V does not improve
    fluid_curve                   the limit of the breadth-first queue itself: better with larger V

`FORMULAS` says how far the last two are from exact curves; `python benchmarks/theory.py` measures it.

Source: Yang et al. 2024, arXiv 2409.07431, section 6 and its appendix. The finite bounds follow from its
proof; the fluid limit is ours.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.histograms import Floats, RateHistogram, check_draws, check_times

NODES = 128
CLOSE = 1e-12


@dataclass(frozen=True, eq=False, slots=True)
class Bounds:
    """Two curves between which coverage lies."""

    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True)
class Formula:
    """A closed curve of the random graph: what it is, and how far it is from exact curves."""

    curve: Callable[..., Floats]
    what: str
    accuracy: str


def extinction(mean_degree: float) -> float:
    """Chance that a Poisson(lambda) family dies out: the smallest root of rho = exp(lambda (rho - 1)).

    1 for lambda up to 1.

    >>> round(extinction(2.0), 10)
    0.20318787
    """
    if not (math.isfinite(mean_degree) and mean_degree > 0):
        raise ValueError(
            f"lambda, the mean number of relations a vertex, must be positive, saw {mean_degree!r}"
        )
    if mean_degree <= 1:
        return 1.0
    # Newton from below climbs to the smallest root: rho - exp(lambda (rho - 1)) rises and is concave.
    rho = 0.0
    for _ in range(200):
        child = math.exp(mean_degree * (rho - 1))
        step = (child - rho) / (1 - mean_degree * child)
        rho += step
        if step <= 1e-16 * rho:
            break
    return rho


def reachable_share(mean_degree: float) -> float:
    """C_lambda = (1 - rho)^2, the share of ordered pairs joined by a path as V grows; 0 for lambda up to 1.

    >>> round(reachable_share(3.0), 10)
    0.8845022367
    """
    return (1 - extinction(mean_degree)) ** 2


def theorem_1(vertices: int, mean_degree: float, t: ArrayLike, *, epsilon: float) -> Bounds:
    """The two sides of the paper's Theorem 1, which hold with a probability that tends to 1 as V grows.

        (p + C (1 - (1 - 1 / K)^t)) (1 - epsilon)
        (p + C (1 - (1 - (1 + epsilon) log V / (K log lambda))^t)) (1 + epsilon)

    No statement about a finite graph: with epsilon 0 both sides are crossed on single graphs, because
    source links are counted in p and in C, and reachability differs from C. See `finite_bounds`.
    """
    p, draws = _check(vertices, mean_degree, t)
    if mean_degree <= 1:
        raise ValueError(f"Theorem 1 supposes lambda above 1, saw {mean_degree!r}; below, C_lambda is 0")
    if not 0 <= epsilon < 1:
        raise ValueError(f"epsilon must be from 0 to below 1, saw {epsilon!r}")
    pairs = vertices * (vertices - 1)
    share = reachable_share(mean_degree)
    fastest = (1 + epsilon) * math.log(vertices) / (pairs * math.log(mean_degree))
    lower = (p + share * _drawn(1 / pairs, draws)) * (1 - epsilon)
    return Bounds(lower, (p + share * _drawn(min(fastest, 1.0), draws)) * (1 + epsilon))


def finite_bounds(histogram: RateHistogram, t: ArrayLike) -> Bounds:
    """Bounds on the exact curve that hold for every graph and every t, from three numbers of the graph.

    With m links to learn, each taught by at least n draws in K, and by N on average,

        start + (m / K) (1 - (1 - n / K)^t)  <=  coverage(t)  <=  start + (m / K) (1 - (1 - N / K)^t)

    Above: 1 - (1 - x)^t is concave (Jensen). n is 1 for the paper's process, where a leaf is taught by
    one pair alone.
    """
    draws = check_draws(t)
    grown = float(histogram.counts.sum())
    if not grown:
        flat = np.full(draws.shape, histogram.start)
        return Bounds(flat, flat)
    mean, pairs = float(histogram.rates @ histogram.counts) / grown, histogram.pairs
    low, high = (
        histogram.start + grown / pairs * _drawn(rate / pairs, draws)
        for rate in (float(histogram.rates.min()), mean)
    )
    return Bounds(low, high)


def path_length_bound(histogram: RateHistogram, t: ArrayLike) -> Floats:
    """The upper bound as the paper proves it, looser: with the mean l of the rates of all |R| pairs.

        start + (|R| / K) (1 - (1 - l / K)^t)

    For the paper's process l is the mean length of the shortest paths.
    """
    draws = check_draws(t)
    reachable = histogram.reachable_pairs
    if not reachable:
        return np.full(draws.shape, histogram.start)
    taught = histogram.rates @ histogram.counts + histogram.source_rates @ histogram.source_counts
    rate = float(taught) / reachable / histogram.pairs
    return histogram.start + histogram.plateau * _drawn(rate, draws)


def branching_curve(vertices: int, mean_degree: float, t: ArrayLike, *, times: int = 1) -> Floats:
    """The paper's approximation p + C (1 - sum_k mu(k) (1 - k / K)^t), with mu from a branching process.

    With `times` k a source link, met once in the source, needs k - 1 draws; p shrinks accordingly.
    """
    p, draws = _check(vertices, mean_degree, t)
    share = reachable_share(mean_degree)
    check_times(times)
    if not share:
        return np.full(draws.shape, p if times == 1 else 0.0)
    tau = draws / (vertices * (vertices - 1))
    known = branching_share(mean_degree, tau, times=times - 1) if times > 1 else 1.0
    return p * known + share * branching_share(mean_degree, tau, times=times)


def fluid_curve(vertices: int, mean_degree: float, t: ArrayLike, *, times: int = 1) -> Floats:
    """Coverage by the fluid limit of the breadth-first queue, with the source links held apart.

        C (share of reachable pairs linked) + p (share of source links not drawn yet)

    The children of a root stand first in the queue, at positions 1 / V, 2 / V, ... With `times` k above 1
    the limit's first trees are far too large to be met often, so pairs beyond position lambda / V are
    taken, and of the source links those drawn k - 1 times, (1 - rho) V / lambda draws in K for each;
    that is within 0.02 of the exact coverage, which is much where there is little of it.
    """
    p, draws = _check(vertices, mean_degree, t)
    root = math.sqrt(reachable_share(mean_degree))
    if not root:
        return np.full(draws.shape, p if check_times(times) == 1 else 0.0)
    tau = draws / (vertices * (vertices - 1))
    if check_times(times) == 1:
        first = np.minimum((np.arange(max(round(mean_degree), 1)) + 0.5) / vertices, root)
        undrawn = np.asarray(1 - _fluid(mean_degree, first, tau, 1).mean(axis=-1), np.float64)
        return root * _fluid_sum(mean_degree, 0.0, tau, 1) + p * undrawn
    beyond = _fluid_sum(mean_degree, min(mean_degree / vertices, root), tau, times)
    again = _known(tau * root * vertices / mean_degree, 0.0, np.zeros((times - 1, *tau.shape)))
    return root * beyond + p * np.asarray(again.sum(axis=0), np.float64)


def branching_share(mean_degree: float, tau: ArrayLike, *, times: int = 1) -> Floats:
    """1 - sum_l (lambda - 1) / lambda^(l + 1) G_l(exp(-tau)), tau = t / K: the paper's mixture, lambda > 1.

    G_l is the generating function of all descendants down to generation l, itself included:
    G_0(s) = s, G_l(s) = s exp(lambda (G_(l-1)(s) - 1)). Its mean is infinite. O(1 / log lambda) a value.
    """
    tau = _check_share(mean_degree, tau, times)
    below: Floats = np.zeros((times, *tau.shape))
    total: Floats = np.zeros(tau.shape)
    weight = (mean_degree - 1) / mean_degree
    for _ in range(math.ceil(38 / math.log(mean_degree))):
        below = _known(tau, mean_degree, below)
        total = total + weight * below.sum(axis=0)
        weight /= mean_degree
    return np.maximum(total, 0.0)


def fluid_share(mean_degree: float, tau: ArrayLike, *, times: int = 1) -> Floats:
    """Share of the reachable pairs linked by t = tau K draws as V grows, lambda > 1.

    1 / (1 - rho) times the integral of 1 - g(u, exp(-tau)) over u from 0 to 1 - rho
    """
    tau = _check_share(mean_degree, tau, times)
    return _fluid_sum(mean_degree, 0.0, tau, times) / (1 - extinction(mean_degree))


def _fluid_sum(mean_degree: float, start: float, tau: Floats, times: int) -> Floats:
    """The integral of `_fluid` over u from `start` to where the queue is empty."""
    points, weights = np.polynomial.legendre.leggauss(NODES)
    length, v = 1 - extinction(mean_degree) - start, (points + 1) / 2
    linked = _fluid(mean_degree, start + length * v**3, tau, times)  # a slope like 1 / u near 0
    return np.maximum(linked @ (1.5 * length * v**2 * weights), 0.0)


def _fluid(mean_degree: float, u: Floats, tau: Floats, times: int) -> Floats:
    """Chance that a vertex popped at queue position u (a share of V) is linked; shape (*tau, u).

    It has Poisson(lambda exp(-lambda u)) children, all found at position f(u) = 1 - exp(-lambda u):
    g(u, s) = s exp(lambda exp(-lambda u) (g(f(u), s) - 1)). Follow u to where the queue is empty, and
    come back from there.
    """
    end = 1 - extinction(mean_degree)
    way = [u]
    while np.abs(way[-1] - end).max() > CLOSE and len(way) < 20_000:
        way.append(-np.expm1(-mean_degree * way[-1]))
    at = tau[..., None]
    known = np.zeros((times, *at.shape))
    for _ in range(2 * len(way)):
        known = _known(at, mean_degree * math.exp(-mean_degree * end), known)
    for position in reversed(way):
        known = _known(at, mean_degree * np.exp(-mean_degree * position), known)
    return np.asarray(known.sum(axis=0), np.float64)


def _known(tau: Floats, children: float | Floats, below: Floats) -> Floats:
    """1 - s exp(children (g - 1)) where `below` is 1 - g, both as power series; s = exp(-tau (1 - h)).

    The coefficient of h^j of E[exp(-N tau (1 - h))] is the chance of exactly j draws, so a link met
    `times` times needs the first `times` coefficients: they sum to the chance of too few.
    """
    exponent = -children * below
    exponent[0] -= tau
    if len(exponent) > 1:
        exponent[1] += tau
    series = np.empty_like(exponent)
    series[0] = np.exp(exponent[0])
    for n in range(1, len(series)):
        series[n] = sum(j * exponent[j] * series[n - j] for j in range(1, n + 1)) / n
    known = -series
    known[0] = -np.expm1(exponent[0])
    return known


def _drawn(chance: float, draws: Floats) -> Floats:
    """1 - (1 - chance)^draws."""
    if chance >= 1:
        return np.asarray(draws > 0, dtype=np.float64)
    return np.asarray(-np.expm1(draws * math.log1p(-chance)), dtype=np.float64)


def _check(vertices: int, mean_degree: float, t: ArrayLike) -> tuple[float, Floats]:
    """The density p of the graph and the draws, or a ValueError."""
    extinction(mean_degree)
    if vertices < 2:
        raise ValueError(f"a pair needs at least 2 vertices, saw V={vertices!r}")
    if mean_degree > vertices:
        raise ValueError(f"lambda must be at most V={vertices}, saw {mean_degree!r}")
    return mean_degree / vertices, check_draws(t)


def _check_share(mean_degree: float, tau: ArrayLike, times: int) -> Floats:
    extinction(mean_degree)
    if mean_degree <= 1:
        raise ValueError(f"nearly no pair is joined by a path for lambda up to 1, saw {mean_degree!r}")
    check_times(times)
    return check_draws(tau)


FORMULAS = {
    "branching": Formula(
        branching_curve,
        "an approximation: the paper's mixture, in which trees grow like families without limit",
        "13 to 19 percent off the exact coverage where it is worst (V 100 to 1000, lambda 2 to 5): too high "
        "for t below 0.01 K, because source links are counted twice, too low in the middle, at any V",
    ),
    "fluid": Formula(
        fluid_curve,
        "a limit for large V: the breadth-first queue itself, and the source links apart",
        "1 to 4 percent off the exact coverage where it is worst (V 100 to 1000, lambda 2 to 5), 8 at V 100 "
        "and lambda 2, where reachability alone is 5 percent off; within 0.02 where met several times",
    ),
}
