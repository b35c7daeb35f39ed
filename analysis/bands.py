"""How far one run of the process strays from its mean: a closed form, no simulation."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from analysis.coverage import Floats, check_draws, choose_sources
from analysis.graphs import Digraph
from analysis.trees import Tree, trees


def standard_deviation(
    graph: Digraph,
    t: ArrayLike,
    *,
    sources: int | Sequence[int] | None = None,
    rng: np.random.Generator | None = None,
    poissonised: bool = False,
) -> Floats:
    """Standard deviation over runs of the coverage after each number of draws in `t`.

    With draws that come as a Poisson process, links of different sources are independent, and below
    one source, with e_z = exp(-N_z t / K) the chance that z is not linked yet,

        Var = sum_z e_z (1 - e_z) + 2 sum over z' below z of e_z (1 - e_z')

    A fixed number of draws takes t (dE/dt)^2 off that, unless `poissonised`. One tree pass a source
    for each t. Not the standard error from sampling sources, which `RateHistogram` gives.
    """
    draws = check_draws(t).reshape(-1)
    pairs = graph.pairs
    if not pairs:
        return np.zeros(draws.shape)
    chosen = choose_sources(graph, sources, rng)
    variance, slope = np.zeros(draws.shape), np.zeros(draws.shape)
    for tree in trees(graph, chosen):
        sizes = tree.subtree_sizes()[:, None]
        unknown = np.exp(-sizes * (draws / pairs))
        unknown[: tree.beyond] = 0.0
        above = _sum_above(tree, unknown)
        grown = slice(tree.beyond, None)
        variance += ((1 - unknown[grown]) * (unknown[grown] + 2 * above[grown])).sum(axis=0)
        slope += (sizes[grown] / pairs * unknown[grown]).sum(axis=0)
    scale = graph.vertices / len(chosen)
    variance, slope = variance * scale, slope * scale
    if not poissonised:
        variance -= draws * slope**2
    return np.sqrt(np.maximum(variance, 0.0)) / pairs


def _sum_above(tree: Tree, values: Floats) -> Floats:
    """For each position the sum of `values` over its proper ancestors."""
    above = np.zeros(values.shape)
    levels = tree.levels() or []
    for start, end in pairwise(levels[1:]):
        parents = tree.parents[start:end]
        above[start:end] = above[parents] + values[parents]
    return above
