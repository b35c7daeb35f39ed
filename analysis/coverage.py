"""The exact coverage curve of the paper's process on any given graph, as a mixture of exponentials.

One draw picks an ordered pair (x, y) of distinct vertices uniformly among K = V (V - 1) and walks from
x to y along the breadth-first tree of x; every vertex on the way becomes linked to x. So the link
(x, z) is taught by the draws whose y lies in the subtree of z: N of the K, a rate of N draws in K.
After t draws it is known with probability 1 - (1 - N / K)^t, and

    coverage(t) = |D| / K + (1 / K) sum over (x, z) in R without D of (1 - (1 - N_xz / K)^t)

where D are the links of the source graph, known from the start, and R the reachable ordered pairs.
Coverage is the share of all K ordered pairs; its ceiling is |R| / K.

Source: Yang et al. 2024, arXiv 2409.07431, section 6 and its appendix. Departures: source links are
kept out of the growing part (the paper's closed form counts them twice), and the rates are those of
the graph at hand, not of a branching process.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.graphs import Digraph
from analysis.trees import trees
from kg.suggest import unknown

Floats = NDArray[np.float64]
TIE_RULES = ("fifo",)


@dataclass(frozen=True, eq=False, slots=True)
class RateHistogram:
    """How many links are taught at which rate: all that the curve depends on.

    `rates` are in draws out of K = V (V - 1), ascending; `counts` are links (x, z) that are reachable
    but not in the source graph. Where only some sources were searched, counts are scaled up to all of
    them (so they estimate without bias) and `spread` keeps them source by source, for the error.
    """

    vertices: int
    edges: int
    sources: int
    tie_rule: str
    rates: Floats
    counts: Floats
    spread: "Spread | None" = field(default=None, repr=False)

    @property
    def pairs(self) -> int:
        """Ordered pairs of distinct vertices, K."""
        return self.vertices * (self.vertices - 1)

    @property
    def reachable_pairs(self) -> float:
        """Ordered pairs joined by a path, |R|; an estimate where only some sources were searched."""
        return float(self.edges + self.counts.sum())

    @property
    def start(self) -> float:
        """Coverage before the first draw: the density of the source graph; 0 with fewer than 2 vertices."""
        return self.edges / self.pairs if self.pairs else 0.0

    @property
    def plateau(self) -> float:
        """Coverage after infinitely many draws: the share of ordered pairs that are reachable."""
        return self.reachable_pairs / self.pairs if self.pairs else 0.0

    def curve(self, t: ArrayLike) -> Floats:
        """Coverage, 0 to 1, after each number of draws in `t` (0 or more, not necessarily whole)."""
        return self.start + self._per_pair(_drawn(self.rates, self.pairs, check_draws(t)) @ self.counts)

    def slope(self, t: ArrayLike) -> Floats:
        """Coverage gained per draw at each `t`."""
        draws = check_draws(t)
        if not self.pairs:
            return np.zeros(draws.shape)
        decay = np.log1p(-self.rates / self.pairs)
        return self._per_pair(np.exp(np.multiply.outer(draws, decay)) @ (-decay * self.counts))

    def standard_error(self, t: ArrayLike) -> Floats:
        """Standard error of `curve(t)` from searching only some sources; 0 where all were searched.

        From the spread between sources, drawn without replacement. NaN for a single source.
        """
        draws = check_draws(t)
        if self.spread is None or not self.pairs:
            return np.zeros(draws.shape)
        by_source = self.spread.totals(_drawn(self.spread.rates, self.pairs, draws), self.sources)
        if self.sources < 2:
            return np.full(draws.shape, np.nan)
        variance = by_source.var(axis=-1, ddof=1) * (1 - self.sources / self.vertices) / self.sources
        return self._per_pair(self.vertices * np.sqrt(variance))

    def draws_for(self, target: float) -> float:
        """Draws after which coverage is `target`; 0 where the source graph alone has it.

        Raises ValueError where the target is at or above the plateau, which no number of draws reaches.
        """
        if not target < self.plateau:
            raise ValueError(
                f"wanted a coverage of {target!r}, but only a share of {self.plateau:.6g} of the ordered "
                f"pairs is joined by a path, and that only in the limit. Ask for less than that"
            )
        if target <= self.start:
            return 0.0
        from scipy.optimize import brentq

        upper = 1.0
        while self.curve(upper) < target:
            upper *= 2
        return float(brentq(lambda t: float(self.curve(t)) - target, 0.0, upper, xtol=1e-9, rtol=1e-12))

    def _per_pair(self, links: Floats) -> Floats:
        return np.asarray(links / self.pairs if self.pairs else np.zeros_like(links), dtype=np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class Spread:
    """Rates and counts source by source: entry i belongs to the source number `of[i]` (0, 1, ...)."""

    of: NDArray[np.int64]
    rates: Floats
    counts: Floats

    def totals(self, drawn: Floats, sources: int) -> Floats:
        """Links known by source, given the share drawn for each entry; shape (..., sources)."""
        rows = (drawn * self.counts).reshape(-1, len(self.of))
        sums = np.array([np.bincount(self.of, weights=row, minlength=sources) for row in rows])
        return sums.reshape(*drawn.shape[:-1], sources)


def rate_histogram(
    graph: Digraph,
    *,
    sources: int | Sequence[int] | None = None,
    rng: np.random.Generator | None = None,
    tie_rule: str = "fifo",
) -> RateHistogram:
    """The histogram of one breadth-first tree a source: all sources, `sources` random ones, or those given.

    O(V + E) a source, O(V) memory beside the graph. Tie rule `fifo`: neighbours in index order.
    """
    check_tie_rule(tie_rule)
    chosen = choose_sources(graph, sources, rng)
    every = len(chosen) == graph.vertices
    totals = np.zeros(max(graph.vertices, 1), dtype=np.int64)
    parts: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    for tree in trees(graph, chosen):
        counts = np.bincount(tree.subtree_sizes()[tree.beyond :])
        totals[: len(counts)] += counts
        if not every:
            rates = np.flatnonzero(counts)
            parts.append((rates, counts[rates]))
    rates = np.flatnonzero(totals)
    scale = graph.vertices / len(chosen) if len(chosen) else 1.0
    return RateHistogram(
        graph.vertices,
        graph.edges,
        len(chosen),
        tie_rule,
        rates.astype(np.float64),
        np.asarray(totals[rates] * scale, dtype=np.float64),
        None if every else _spread(parts),
    )


def choose_sources(
    graph: Digraph, sources: int | Sequence[int] | None, rng: np.random.Generator | None
) -> Sequence[int]:
    """All vertices, or `sources` distinct ones drawn by `rng`, ascending, or those given."""
    if isinstance(sources, Sequence):
        return sources
    if sources is None or sources == graph.vertices:
        return range(graph.vertices)
    if not 1 <= sources <= graph.vertices:
        raise ValueError(
            f"the number of sources must be from 1 to V={graph.vertices}, saw {sources!r}. "
            "Leave it out to search them all"
        )
    if rng is None:
        raise ValueError("sampling sources needs a random generator: pass rng=np.random.default_rng(seed)")
    chosen: list[int] = np.sort(rng.choice(graph.vertices, size=sources, replace=False)).tolist()
    return chosen


def check_draws(t: ArrayLike) -> Floats:
    """The numbers of draws as float64. Raises ValueError where one is negative or not finite."""
    draws = np.asarray(t, dtype=np.float64)
    wrong = draws[~(np.isfinite(draws) & (draws >= 0))]
    if wrong.size:
        raise ValueError(f"numbers of draws must be 0 or more and finite, saw {float(wrong.flat[0])!r}")
    return draws


def check_tie_rule(tie_rule: str) -> None:
    """Raise ValueError for a tie rule that does not exist."""
    if tie_rule not in TIE_RULES:
        raise ValueError(unknown("tie rule", tie_rule, TIE_RULES))


def _drawn(rates: Floats, pairs: int, draws: Floats) -> Floats:
    """Probability that a link of each rate was taught by each number of draws; shape (*draws, rates).

    By log1p and expm1: 1 - (1 - k/K)**t itself loses all digits where k t is far below K.
    """
    if not pairs:
        return np.zeros((*draws.shape, len(rates)))
    return np.asarray(-np.expm1(np.multiply.outer(draws, np.log1p(-rates / pairs))), dtype=np.float64)


def _spread(parts: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> Spread:
    return Spread(
        np.repeat(np.arange(len(parts)), [len(rates) for rates, _ in parts]),
        np.concatenate([rates for rates, _ in parts]).astype(np.float64),
        np.concatenate([counts for _, counts in parts]).astype(np.float64),
    )
