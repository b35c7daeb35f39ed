"""The exact coverage curve of the paper's process on any given graph, as a mixture of exponentials.

One draw picks an ordered pair (x, y) of distinct vertices uniformly among K = V (V - 1) and walks from
x to y along the breadth-first tree of x; every vertex on the way becomes linked to x. So the link
(x, z) is taught by the draws whose y lies in the subtree of z: N of the K, a rate of N draws in K.
After t draws it is known with probability 1 - (1 - N / K)^t, and

    coverage(t) = |D| / K + (1 / K) sum over (x, z) in R without D of (1 - (1 - N_xz / K)^t)

where D are the links of the source graph, known from the start, and R the reachable ordered pairs.
Coverage is the share of all K ordered pairs; its ceiling is |R| / K. So the histogram of subtree sizes is
all that is needed: `rate_histogram` makes it, `analysis.histograms` holds what follows from it. Other tie
rules, selections and link rules give other rates to the same mixture (`analysis.rules`).

Source: Yang et al. 2024, arXiv 2409.07431, section 6 and its appendix. Departures: source links are
kept out of the growing part (the paper's closed form counts them twice), and the rates are those of
the graph at hand, not of a branching process.
"""

from collections.abc import Callable, Sequence

import numpy as np

from analysis.graphs import Digraph
from analysis.histograms import Floats, RateHistogram, Spread, check_draws
from analysis.rules import LINK_RULES, Selection, check_link_rule, selection
from analysis.searches import (
    TIE_RULES,
    asked_for,
    check_kernel,
    chunks,
    in_parallel,
    searcher,
)
from analysis.tallies import GROUPS, Found, Part, Tally
from kg.suggest import unknown

__all__ = [
    "TIE_RULES",
    "Floats",
    "RateHistogram",
    "check_draws",
    "check_threads",
    "check_tie_rule",
    "choose_sources",
    "rate_histogram",
]

MAX_CLIQUE_VERTICES = {"fifo": 3_000, "uniform": 300}

Progress = Callable[[int, int], None]
Stop = Callable[[], bool]


def rate_histogram(
    graph: Digraph,
    *,
    sources: int | Sequence[int] | None = None,
    rng: np.random.Generator | None = None,
    tie_rule: str = "fifo",
    selection_rule: str | Selection = "uniform",
    link_rule: str = "star",
    threads: int = 1,
    kernel: str = "auto",
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> RateHistogram:
    """The histogram of one search a source: all sources, `sources` random ones, or those given.

    Tie rule `fifo`: neighbours in index order; `uniform`: every shortest path alike. O(V + E) a source.
    Memory beside the graph: 4 bytes a vertex, and for each thread 21 (`fifo`) or 32 (`uniform`, and 1.25 MiB
    for each doubling of V); the same histogram for any number of threads. `kernel` is `numba`, `scipy`,
    or `auto`: numba where it is installed.

    `progress(done, all)` is called after each chunk of sources. `stop()` is asked there too: if it says
    yes, what is known so far comes back, as if the sources done had been sampled (they are taken in
    random order then). The link rule `clique` adds up over all sources, densely: V is limited, sources
    cannot be sampled, and `stop` is not asked.
    Raises ValueError for wrong arguments, before any work.
    """
    check_tie_rule(tie_rule)
    check_kernel(kernel)
    check_threads(threads)
    check_link_rule(link_rule)
    rule = LINK_RULES[link_rule]
    chosen_pairs = selection(selection_rule, graph) if isinstance(selection_rule, str) else selection_rule
    chosen = choose_sources(graph, sources, rng)
    if not rule.is_exact:
        raise ValueError(f"the link rule {link_rule!r} has no exact rates: simulate it, with 'stepwise'")
    if rule.pieces is not None:
        if len(chosen) < graph.vertices:
            raise ValueError(
                f"the link rule {link_rule!r} adds up over all sources: they cannot be sampled. "
                "Leave `sources` out, or use the link rule 'star'"
            )
        growing, known = _dense(graph, tie_rule, link_rule, chosen_pairs, progress)
        return _histogram(
            graph, Found(growing, known), graph.vertices, tie_rule, chosen_pairs.name, link_rule
        )
    grouped = len(chosen) < graph.vertices or stop is not None
    order = np.random.default_rng(0).permutation(len(chosen)) if grouped else np.arange(len(chosen))
    work = searcher(graph, tie_rule, rule, chosen_pairs, is_star=link_rule == "star", kernel=kernel)
    at_most = -(-len(chosen) // GROUPS) if grouped else len(chosen)
    pieces = chunks(np.asarray(chosen, dtype=np.int64)[order], graph, at_most=at_most)
    tally = Tally(spread=grouped)
    for piece, found in in_parallel(pieces, work, threads):
        tally.add(found, len(piece))
        if progress is not None:
            progress(tally.sources, len(chosen))
        if stop is not None and stop():
            break
    spread = tally.spread() if tally.sources < graph.vertices else None
    return _histogram(graph, tally.found(), tally.sources, tie_rule, chosen_pairs.name, link_rule, spread)


def _histogram(
    graph: Digraph,
    found: Found,
    sources: int,
    tie_rule: str,
    selection_rule: str,
    link_rule: str,
    spread: Spread | None = None,
) -> RateHistogram:
    scale = graph.vertices / sources if sources else 1.0
    return RateHistogram(
        graph.vertices,
        graph.edges,
        sources,
        tie_rule,
        found.growing.rates,
        _scaled(found.growing, scale),
        spread,
        found.known.rates,
        _scaled(found.known, scale),
        selection_rule,
        link_rule,
    )


def _scaled(part: Part, scale: float) -> Floats:
    return np.asarray(part.counts * scale, dtype=np.float64)


def _dense(
    graph: Digraph, tie_rule: str, link_rule: str, pairs: Selection, progress: Progress | None
) -> tuple[Part, Part]:
    """For rules whose links start anywhere on the path: the rate of every ordered pair, V^2 floats."""
    limit, add = MAX_CLIQUE_VERTICES[tie_rule], LINK_RULES[link_rule].pieces
    if graph.vertices > limit:
        raise ValueError(
            f"the link rule {link_rule!r} with the tie rule {tie_rule!r} keeps a rate for every pair and "
            f"takes at most V={limit}, saw V={graph.vertices}. Use the link rule 'star'"
        )
    assert add is not None
    rates = np.zeros((graph.vertices, graph.vertices))
    for done, paths in enumerate(TIE_RULES[tie_rule](graph, range(graph.vertices)), start=1):
        for above, below, added in add(paths, asked_for(pairs, paths, graph.pairs)):
            rates[paths.vertices[above], paths.vertices[below]] += added
        if progress is not None:
            progress(done, graph.vertices)
    known = rates[graph.tails, graph.indices]
    rates[graph.tails, graph.indices] = 0.0
    return Part.of_rates(rates.reshape(-1), whole=False), Part.of_rates(known, whole=False)


def choose_sources(
    graph: Digraph, sources: int | Sequence[int] | None, rng: np.random.Generator | None
) -> Sequence[int]:
    """All vertices, or `sources` distinct ones drawn by `rng`, ascending, or those given."""
    if isinstance(sources, Sequence):
        wrong = [source for source in sources if not 0 <= source < graph.vertices]
        if wrong or not sources or len(set(sources)) < len(sources):
            raise ValueError(
                f"sources must be distinct vertices from 0 to {graph.vertices - 1}, at least one; "
                f"saw {wrong[0] if wrong else list(sources)[:5]!r}"
            )
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


def check_tie_rule(tie_rule: str) -> None:
    """Raise ValueError for a tie rule that does not exist."""
    if tie_rule not in TIE_RULES:
        raise ValueError(unknown("tie rule", tie_rule, TIE_RULES))


def check_threads(threads: int) -> None:
    """Raise ValueError unless there is at least one thread."""
    if threads < 1:
        raise ValueError(f"at least one thread is needed, saw threads={threads!r}")
