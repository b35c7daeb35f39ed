"""How far one run of the process strays from its mean: a closed form, no simulation."""

from collections.abc import Callable, Sequence
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.coverage import Progress, check_threads, choose_sources
from analysis.graphs import Digraph
from analysis.histograms import Floats, check_draws
from analysis.rules import Selection, UniformPairs, selection
from analysis.searches import CompiledFifo, asked_for, chunks, in_parallel, kernels
from analysis.trees import trees

Ints = NDArray[np.int64]
Moments = tuple[Floats, Floats]

SMALL_SIZES = 1_024


def standard_deviation(
    graph: Digraph,
    t: ArrayLike,
    *,
    sources: int | Sequence[int] | None = None,
    rng: np.random.Generator | None = None,
    selection_rule: str | Selection = "uniform",
    poissonised: bool = False,
    threads: int = 1,
    kernel: str = "auto",
    progress: Progress | None = None,
) -> Floats:
    """Standard deviation over runs of the coverage after each number of draws in `t`.

    For the tie rule `fifo` and the link rule `star`. With draws that come as a Poisson process, links of
    different sources are independent, and below one source, with e_z = exp(-N_z t / K) the chance that z
    is not linked yet,

        Var = sum_z e_z (1 - e_z) + 2 sum over z' below z of e_z (1 - e_z')

    A fixed number of draws takes t (dE/dt)^2 off that, unless `poissonised`. One tree pass a source
    for each t. Not the standard error from sampling sources, which `RateHistogram` gives.
    """
    draws = check_draws(t).reshape(-1)
    check_threads(threads)
    pairs = graph.pairs
    if not pairs:
        return np.zeros(draws.shape)
    asked = selection(selection_rule, graph) if isinstance(selection_rule, str) else selection_rule
    chosen = choose_sources(graph, sources, rng)
    numba = kernels(kernel) if isinstance(asked, UniformPairs) else None
    pieces = chunks(np.asarray(chosen, dtype=np.int64), graph, at_most=len(chosen))
    variance, slope, done = np.zeros(draws.shape), np.zeros(draws.shape), 0
    for piece, (more, steeper) in in_parallel(pieces, _worker(graph, asked, draws / pairs, numba), threads):
        variance, slope, done = variance + more, slope + steeper, done + len(piece)
        if progress is not None:
            progress(done, len(chosen))
    scale = graph.vertices / len(chosen)
    variance, slope = variance * scale, slope * scale / pairs
    if not poissonised:
        variance -= draws * slope**2
    return np.sqrt(np.maximum(variance, 0.0)) / pairs


def _worker(
    graph: Digraph, asked: Selection, scaled: Floats, numba: ModuleType | None
) -> Callable[[], Callable[[Ints], Moments]]:
    """Makes what gives, for some sources, the sums over them of the variance and of N exp(-N t / K)."""
    if numba is None:
        return lambda: lambda sources: _by_reference(graph, asked, scaled, sources)
    return lambda: _compiled(graph, scaled, numba)


def _by_reference(graph: Digraph, asked: Selection, scaled: Floats, sources: Ints) -> Moments:
    variance, slope = np.zeros(scaled.shape), np.zeros(scaled.shape)
    for tree in trees(graph, sources.tolist()):
        rates = tree.sums_below(asked_for(asked, tree, graph.pairs))[:, None]
        unknown = np.exp(-rates * scaled)
        unknown[: tree.beyond] = 0.0
        above = tree.sums_above(unknown)
        grown = slice(tree.beyond, None)
        variance += ((1 - unknown[grown]) * (unknown[grown] + 2 * above[grown])).sum(axis=0)
        slope += (rates[grown] * unknown[grown]).sum(axis=0)
    return variance, slope


def _compiled(graph: Digraph, scaled: Floats, numba: ModuleType) -> Callable[[Ints], Moments]:
    """8 bytes a vertex more than a search, and 8 KiB for each t."""
    search = CompiledFifo(graph, numba)
    above = np.empty(graph.vertices)
    table = np.exp(np.multiply.outer(-scaled, np.arange(SMALL_SIZES)))

    def moments(sources: Ints) -> Moments:
        variance, slope = np.zeros(scaled.shape), np.zeros(scaled.shape)
        for source in sources.tolist():
            direct = search.sizes(np.array([source]))
            tail, beyond = 1 + int(direct.sum()), 1 + len(direct)
            state = (search.size, search.parent, tail, beyond)
            numba.variance(*state, scaled, table, above, variance, slope)
        return variance, slope

    return moments
