"""The artefact of a search, and all that follows from it without the graph: a mixture of exponentials.

A link taught at a rate of r draws in K has been met after t draws with probability 1 - (1 - r/K)^t, and at
least k times with that of a binomial tail. How many links there are of each rate is all that the curve,
its slope and its inverse depend on.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALL = 0.008  # below it six terms of exp's series are exact to the last digit
SATURATED = 40.0  # above it 1 - exp(-x) is 1
TERMS = 6
AT_ONCE = 1 << 20


def _no_floats() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, eq=False, slots=True)
class RateHistogram:
    """How many links are taught at which rate: all that the curve depends on.

    `rates` are in draws out of K = V (V - 1), ascending; `counts` are links that draws can teach and that
    are not in the source graph. `source_rates` and `source_counts` are the links of the source graph:
    known from the start, met once there, and met again at those rates. Where only some sources were
    searched, counts are scaled up to all of them (so they estimate without bias) and `spread` keeps them
    by groups of sources, for the error. Rates that differ by less than 2^-16 of themselves stand together
    under their mean, unless they are whole numbers.
    """

    vertices: int
    edges: int
    sources: int
    tie_rule: str
    rates: Floats
    counts: Floats
    spread: "Spread | None" = field(default=None, repr=False)
    source_rates: Floats = field(default_factory=_no_floats, repr=False)
    source_counts: Floats = field(default_factory=_no_floats, repr=False)
    selection_rule: str = "uniform"
    link_rule: str = "star"

    @property
    def pairs(self) -> int:
        """Ordered pairs of distinct vertices, K."""
        return self.vertices * (self.vertices - 1)

    @property
    def reachable_pairs(self) -> float:
        """Ordered pairs known from the start or ever taught, |R|; an estimate where sources were sampled."""
        return float(self.edges + self.counts.sum())

    @property
    def start(self) -> float:
        """Coverage before the first draw: the density of the source graph; 0 with fewer than 2 vertices."""
        return self.edges / self.pairs if self.pairs else 0.0

    @property
    def plateau(self) -> float:
        """Coverage after infinitely many draws: the share of ordered pairs that are reachable."""
        return self.reachable_pairs / self.pairs if self.pairs else 0.0

    def curve(self, t: ArrayLike, *, times: int = 1) -> Floats:
        """Coverage, 0 to 1, after each number of draws in `t` (0 or more, not necessarily whole).

        With `times` k, a pair counts once it was met k times; a source link was met once, in the source.
        """
        draws, k = check_draws(t), check_times(times)
        flat = draws.reshape(-1)
        links = _met(self.rates, self.counts, self.pairs, flat, k)
        if k == 1:
            links = links + self.edges
        else:
            links = links + _met(self.source_rates, self.source_counts, self.pairs, flat, k - 1)
        return self._per_pair(links).reshape(draws.shape)

    def slope(self, t: ArrayLike, *, times: int = 1) -> Floats:
        """Coverage gained per draw at each `t`: the derivative; with `times` above 1, that of the next draw."""
        draws, k = check_draws(t), check_times(times)
        flat = draws.reshape(-1)
        links = _rise(self.rates, self.counts, self.pairs, flat, k)
        if k == 2:
            links = links + _rise(self.source_rates, self.source_counts, self.pairs, flat, 1, step=True)
        elif k > 2:
            links = links + _rise(self.source_rates, self.source_counts, self.pairs, flat, k - 1)
        return self._per_pair(links).reshape(draws.shape)

    def standard_error(self, t: ArrayLike, *, times: int = 1) -> Floats:
        """Standard error of `curve(t)` from searching only some sources; 0 where all were searched.

        From the spread between groups of sources, drawn without replacement. NaN for a single group.
        """
        draws, k = check_draws(t), check_times(times)
        if self.spread is None or not self.pairs:
            return np.zeros(draws.shape)
        flat, sizes = draws.reshape(-1), self.spread.sizes
        if len(sizes) < 2:
            return np.full(draws.shape, np.nan)
        variance = np.empty(len(flat))
        rows = max(1, AT_ONCE // (len(self.rates) + len(self.source_rates) + 1))
        for first in range(0, len(flat), rows):
            some = slice(first, first + rows)
            totals = self.spread.growing.totals(self.pairs, flat[some], k)
            if k > 1:
                totals = totals + self.spread.known.totals(self.pairs, flat[some], k - 1)
            strays = totals / sizes - totals.sum(axis=1, keepdims=True) / self.sources
            variance[some] = (strays**2 * sizes).sum(axis=1) / (len(sizes) - 1)
        variance *= (1 - self.sources / self.vertices) / self.sources
        return self._per_pair(self.vertices * np.sqrt(variance)).reshape(draws.shape)

    def draws_for(self, target: float, *, times: int = 1) -> float:
        """Draws after which coverage is `target`; 0 where the source graph alone has it.

        Raises ValueError where the target is at or above the plateau, which no number of draws reaches, or no
        share at all.
        """
        k = check_times(times)
        if not 0 <= target <= 1:
            raise ValueError(f"a target is a share from 0 to 1, saw {target!r}")
        known = self.edges if k == 1 else self.source_counts.sum()
        ceiling = float(known + self.counts.sum()) / self.pairs if self.pairs else 0.0
        if not target < ceiling:
            raise ValueError(
                f"wanted a coverage of {target!r}, but only a share of {ceiling:.6g} of the ordered "
                f"pairs is joined by a path, and that only in the limit. Ask for less than that"
            )
        if target <= float(self.curve(0.0, times=k)):
            return 0.0
        from scipy.optimize import brentq

        upper = 1.0
        while self.curve(upper, times=k) < target:
            upper *= 2
        lower = 0.0 if upper == 1.0 else upper / 2
        return float(
            brentq(lambda t: float(self.curve(t, times=k)) - target, lower, upper, xtol=1e-9, rtol=1e-12)
        )

    def _per_pair(self, links: Floats) -> Floats:
        return np.asarray(links / self.pairs if self.pairs else np.zeros_like(links), dtype=np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class Entries:
    """Counts by group of sources: `counts[i]` links of the rate `rates[at[i]]` in the group `of[i]`."""

    rates: Floats
    of: Ints
    at: Ints
    counts: Floats
    groups: int

    def totals(self, pairs: int, t: Floats, k: int) -> Floats:
        """Links met k times by each number of draws, by group; shape (t, groups)."""
        from scipy.sparse import csr_matrix

        matrix = csr_matrix((self.counts, (self.of, self.at)), shape=(self.groups, len(self.rates)))
        met = _shares(self.rates, pairs, t, k)
        return np.asarray((matrix @ met.T).T, dtype=np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class Spread:
    """What each of some random groups of sources gave; `sizes` are their numbers of sources."""

    sizes: Floats
    growing: Entries
    known: Entries


def check_draws(t: ArrayLike) -> Floats:
    """The numbers of draws as float64. Raises ValueError where one is negative or not finite."""
    draws = np.asarray(t, dtype=np.float64)
    wrong = draws[~(np.isfinite(draws) & (draws >= 0))]
    if wrong.size:
        raise ValueError(f"numbers of draws must be 0 or more and finite, saw {float(wrong.flat[0])!r}")
    return draws


def check_times(times: int) -> int:
    """How often a pair must be met. Raises ValueError unless a whole number of 1 or more."""
    if times != int(times) or times < 1:
        raise ValueError(f"a pair must be met a whole number of times, 1 or more, saw times={times!r}")
    return int(times)


def _decay(rates: Floats, pairs: int) -> Floats:
    """-log(1 - r/K), by log1p: 1 - (1 - r/K)**t itself loses all digits where r t is far below K.

    A link taught by every draw is given the rate just below: it is known after one draw all the same.
    """
    return -np.log1p(-np.minimum(rates / max(pairs, 1), 1 - 2**-53))


def _met(rates: Floats, counts: Floats, pairs: int, t: Floats, k: int) -> Floats:
    """Expected number of links met at least `k` times by each number of draws; shape of `t`, one axis.

    Each t cuts the ascending rates in three: those so slow that a few moments of the histogram give the
    sum, those so fast that all are met, and between them one expm1 a rate.
    """
    decay = _decay(rates, pairs)
    if k > 1:
        return _met_again(rates, counts, decay, pairs, t, k)
    faster = np.concatenate((np.cumsum(counts[::-1])[::-1], [0.0]))
    moments = np.zeros((TERMS, len(rates) + 1))
    term: NDArray[np.longdouble] = counts.astype(np.longdouble)
    for power in range(TERMS):
        term = np.asarray(term * decay / (power + 1), dtype=np.longdouble)
        moments[power, 1:] = np.cumsum(term)  # in long double: thousands of roundings would show
    with np.errstate(divide="ignore"):
        low = np.searchsorted(decay, SMALL / t)
        high = np.searchsorted(decay, SATURATED / t)
    sums = faster[high]
    series = np.zeros(len(t))
    for power in range(TERMS - 1, -1, -1):
        series = t * (moments[power, low] - series)
    sums += series
    for i in np.flatnonzero(low < high):
        some = slice(low[i], high[i])
        sums[i] -= np.dot(np.expm1(-t[i] * decay[some]), counts[some])
    return sums


def _met_again(rates: Floats, counts: Floats, decay: Floats, pairs: int, t: Floats, k: int) -> Floats:
    """The same for k of 2 or more, by the regularised incomplete beta function."""
    faster = np.concatenate((np.cumsum(counts[::-1])[::-1], [0.0]))
    with np.errstate(divide="ignore"):
        high = np.searchsorted(decay, (2 * k + SATURATED + 20) / t)
    sums = np.where(t > k - 1, faster[high], 0.0)
    for i in np.flatnonzero(t > k - 1):
        some = slice(0, high[i])
        sums[i] += np.dot(_tail(rates[some] / pairs, t[i], k), counts[some])
    return sums


def _tail(chance: Floats, t: float, k: int) -> Floats:
    """Probability of at least k successes in t draws, for real t: I_q(k, t - k + 1)."""
    from scipy.special import betainc

    if t <= k - 1:
        return np.zeros(len(chance))
    return np.asarray(betainc(k, t - k + 1, chance), dtype=np.float64)


def _shares(rates: Floats, pairs: int, t: Floats, k: int) -> Floats:
    """Probability that a link of each rate was met k times by each number of draws; shape (t, rates)."""
    if k == 1:
        return np.asarray(-np.expm1(np.multiply.outer(-t, _decay(rates, pairs))), dtype=np.float64)
    return np.array([_tail(rates / max(pairs, 1), one, k) for one in t]).reshape(len(t), len(rates))


def _rise(rates: Floats, counts: Floats, pairs: int, t: Floats, k: int, *, step: bool = False) -> Floats:
    """Expected links met for the k-th time per draw at each t: for k = 1 the derivative, unless `step`.

    Else what the next draw brings: q times the chance of k - 1 successes in t draws.
    """
    decay, chance = _decay(rates, pairs), np.minimum(rates / max(pairs, 1), 1.0)
    by_rate = counts * (decay if k == 1 and not step else chance)
    sums = np.zeros(len(t))
    for i in np.flatnonzero(t > k - 2):
        ways = sum(np.log((t[i] - m) / (m + 1)) for m in range(k - 1))
        with np.errstate(divide="ignore"):
            exponent = ways + (k - 1) * np.log(chance) - (t[i] - k + 1) * decay
        sums[i] = np.dot(np.exp(np.maximum(exponent, -700.0)), by_rate)
    return sums
