"""When links are first met, source by source: what `simulation.event_driven` adds up.

Each vertex is first asked for at an exponential time (the first k times, for links met k times). A link
is met at the earliest time below it in the tree. Links are counted in columns: column i holds those met
after the end of column i - 1 and not after its own.
"""

from collections.abc import Callable
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from analysis.graphs import Digraph
from analysis.histograms import Floats
from analysis.searches import CompiledFifo
from analysis.trees import trees

COLUMNS_AN_OCTAVE = 6  # binary logarithm of them
SHORTEST, LONGEST = 2.0**-60, 64.0

Ints = NDArray[np.int64]
Events = Callable[[Ints, np.random.Generator], Ints]


def compiled_events(
    graph: Digraph, ends: Floats, replicates: int, times: int, numba: ModuleType
) -> Callable[[], Events]:
    """Links met in each column, a row a replicate, by the kernels; 8 bytes a vertex and time on top."""
    from analysis import simulation_kernels

    shift = 52 - COLUMNS_AN_OCTAVE
    lowest, highest = (np.array([SHORTEST, LONGEST]).view(np.int64) >> shift).tolist()
    edges = (np.arange(lowest, highest + 1, dtype=np.int64) << shift).view(np.float64).copy()
    edges[0] = 0.0
    grid = (ends, np.searchsorted(ends, edges), shift, lowest)

    def worker() -> Events:
        search = CompiledFifo(graph, numba)
        events = (
            simulation_kernels.events_bytes
            if search.seen.dtype == np.uint8
            else simulation_kernels.events_bits
        )
        workspace = (search.seen, search.queue, search.parent, search.size)
        widest = int(np.diff(graph.indptr).max())
        spare = (search.counts, np.empty(widest, dtype=np.int32))
        first = np.empty((graph.vertices, times))

        def work(piece: Ints, rng: np.random.Generator) -> Ints:
            met = np.zeros((replicates, len(ends)), dtype=np.int64)
            events(*search.rows, piece, workspace, spare, rng, first, first.view(np.int64), grid, met)
            return met

        return work

    return worker


def reference_events(graph: Digraph, ends: Floats, replicates: int, times: int) -> Callable[[], Events]:
    """The same in numpy, one level of a tree after another."""

    def work(piece: Ints, rng: np.random.Generator) -> Ints:
        met = np.zeros((replicates, len(ends)), dtype=np.int64)
        for tree in trees(graph, piece.tolist()):
            levels, n = tree.levels() or [], len(tree.vertices)
            for replicate in range(replicates):
                first = np.full((n, times), np.inf)
                first[1:] = rng.standard_exponential((n - 1, times)).cumsum(axis=1)
                for depth in range(len(levels) - 2, 1, -1):
                    top, start, end = levels[depth - 1 : depth + 2]
                    first[top:start] = _earliest(
                        first[top:start], first[start:end], tree.parents[start:end] - top
                    )
                for links, draw in ((first[tree.beyond :], times - 1), (first[1 : tree.beyond], times - 2)):
                    if draw >= 0:
                        met[replicate] += np.bincount(
                            np.searchsorted(ends, links[:, draw]), minlength=len(ends)
                        )
        return met

    return lambda: work


def _earliest(own: Floats, below: Floats, parents: Ints) -> Floats:
    """For each vertex the first times of its own and of those below it together; ascending rows."""
    count, times = own.shape
    of = np.concatenate([np.repeat(np.arange(count), times), np.repeat(parents, times)])
    values = np.concatenate([own.reshape(-1), below.reshape(-1)])
    order = np.lexsort((values, of))
    starts = np.searchsorted(of[order], np.arange(count))
    return np.asarray(values[order][starts[:, None] + np.arange(times)], dtype=np.float64)
