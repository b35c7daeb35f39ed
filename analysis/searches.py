"""Searching a graph from many sources: in chunks, on several threads, compiled where numba is installed.

A chunk of sources gives a `Found`: how many links are taught at which rate. Chunks are the same and are
folded in the same order whatever the number of threads, so the result is, too.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from types import ModuleType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from analysis.graphs import Digraph
from analysis.rules import LinkRule, Selection, UniformPairs
from analysis.shortest_paths import shortest_paths
from analysis.tallies import FINE_BITS, Found, Part, fine_keys
from analysis.trees import Paths, trees
from kg import compiling
from kg.model import GraphError
from kg.suggest import unknown

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
T = TypeVar("T")

TIE_RULES: dict[str, Callable[[Digraph, Sequence[int]], Iterator[Paths]]] = {
    "fifo": trees,
    "uniform": shortest_paths,
}
KERNELS = ("auto", "numba", "scipy")

BYTES_UP_TO = 30_000
VISITS_A_CHUNK = 1 << 23


Search = Callable[[Ints], Found]


def searcher(
    graph: Digraph, tie_rule: str, rule: LinkRule, selection: Selection, *, is_star: bool, kernel: str
) -> Callable[[], Search]:
    """Makes a search with a workspace of its own: call it once a thread.

    Compiled for uniform pairs and the star; else, or without numba, by numpy and scipy.
    """
    numba = kernels(kernel)
    whole = tie_rule == "fifo" and isinstance(selection, UniformPairs)
    if numba is not None and is_star and isinstance(selection, UniformPairs):
        if tie_rule == "fifo":
            return lambda: CompiledFifo(graph, numba)
        reference = _by_reference(graph, tie_rule, rule, selection, whole=whole)
        return lambda: _compiled_uniform(graph, numba, reference)
    return lambda: _by_reference(graph, tie_rule, rule, selection, whole=whole)


def asked_for(selection: Selection, paths: Paths, pairs: int) -> Floats:
    """The rate, in draws out of K, at which each position of the paths is asked for; 0 at the source."""
    if isinstance(selection, UniformPairs):
        asked = np.ones(len(paths.vertices))
        asked[0] = 0.0
        return asked
    return np.asarray(selection.chances(int(paths.vertices[0]))[paths.vertices] * pairs)


def check_kernel(name: str) -> None:
    """Raise ValueError for a kernel that does not exist."""
    if name not in KERNELS:
        raise ValueError(unknown("kernel", name, KERNELS))


def kernels(name: str = "auto") -> ModuleType | None:
    """The compiled kernels, or None where scipy is asked for, or is all there is.

    Raises GraphError where `numba` is asked for by name and cannot be imported.
    """
    check_kernel(name)
    if name == "scipy":
        return None
    found, reason = compiling.kernels("analysis.kernels")
    if found is None and name == "numba":
        raise GraphError(
            f"compiled kernels are wanted, but numba cannot be imported ({reason}). "
            "Install it with: pip install 'entigraph[fast]', or use kernel='scipy'"
        )
    return found


def chunks(sources: Ints, graph: Digraph, *, at_most: int) -> Iterator[Ints]:
    """The sources in pieces of a tenth of a second or so, of `at_most` sources each."""
    size = max(1, min(at_most, VISITS_A_CHUNK // (graph.vertices + graph.edges + 1)))
    return (sources[start : start + size] for start in range(0, len(sources), size))


def in_parallel(
    pieces: Iterator[Ints], worker: Callable[[], Callable[[Ints], T]], threads: int
) -> Iterator[tuple[Ints, T]]:
    """Each piece with what a worker makes of it, in order; at most two pieces a thread are under way.

    Closing the iterator drops what has not begun.
    """
    if threads == 1:
        work = worker()
        for piece in pieces:
            yield piece, work(piece)
        return
    from concurrent.futures import Future, ThreadPoolExecutor
    from threading import local

    own = local()

    def run(piece: Ints) -> T:
        if not hasattr(own, "work"):
            own.work = worker()
        result: T = own.work(piece)
        return result

    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[tuple[Ints, Future[T]]] = deque()
        try:
            waiting.extend((piece, pool.submit(run, piece)) for piece in islice(pieces, 2 * threads))
            while waiting:
                piece, future = waiting.popleft()
                result = future.result()
                waiting.extend((more, pool.submit(run, more)) for more in islice(pieces, 1))
                yield piece, result
        finally:
            for _, future in waiting:
                future.cancel()


def _by_reference(
    graph: Digraph, tie_rule: str, rule: LinkRule, selection: Selection, *, whole: bool
) -> Search:
    from_source = rule.from_source
    assert from_source is not None

    def search(sources: Ints) -> Found:
        found = []
        for paths in TIE_RULES[tie_rule](graph, sources.tolist()):
            rates = from_source(paths, asked_for(selection, paths, graph.pairs))
            growing, known = rates[paths.beyond :], rates[1 : paths.beyond]
            found.append(Found(Part.of_rates(growing, whole=whole), Part.of_rates(known, whole=whole)))
        return Found.together(found)

    return search


def _rows(graph: Digraph) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """The graph as the kernels take it: narrow offsets where they fit."""
    narrow = graph.edges < 2**31
    return graph.indptr.astype(np.int32) if narrow else graph.indptr, graph.indices


class CompiledFifo:
    """Breadth-first trees by the kernels; 21 bytes a vertex: queue, parents, sizes, counts, marks."""

    def __init__(self, graph: Digraph, numba: ModuleType) -> None:
        n = graph.vertices
        small = n <= BYTES_UP_TO
        self.graph = graph
        self.kernel = numba.fifo_bytes if small else numba.fifo_bits
        self.rows = _rows(graph)
        self.seen = np.zeros(n, np.uint8) if small else np.zeros(n // 64 + 1, np.uint64)
        self.queue, self.parent, self.size = (np.empty(n + 1, np.int32) for _ in range(3))
        self.counts = np.zeros(n + 1, np.int64)
        self.edges = 0

    def sizes(self, sources: Ints) -> NDArray[np.int32]:
        """Searches from each source; what hangs below its neighbours. `size` and `parent` keep the last."""
        degrees = self.graph.indptr[sources + 1] - self.graph.indptr[sources]
        direct = np.empty(int(degrees.sum()), np.int32)
        state = (self.seen, self.queue, self.parent, self.size, self.counts)
        self.edges += self.kernel(*self.rows, sources, *state, direct)
        return direct

    def __call__(self, sources: Ints) -> Found:
        """The histograms of these sources."""
        known = Part.of_rates(self.sizes(sources).astype(np.float64), whole=True)
        found = Found(Part.of_counts(self.counts), known)
        self.counts[found.growing.keys] = 0
        return found


def _compiled_uniform(graph: Digraph, numba: ModuleType, reference: Search) -> Search:
    """32 bytes a vertex, and 1.25 MiB for each doubling of V: rates are counted by their leading 16 bits."""
    n = graph.vertices
    rows = _rows(graph)
    place, queue = np.full(n, -1, np.int32), np.empty(n, np.int32)
    ways, rate, levels = np.empty(n), np.empty(n), np.empty(n + 2, np.int64)
    first, last = fine_keys(np.array([1.0, n + 1.0])).tolist()
    counts, sums = np.zeros(last - first + 2, np.int64), np.zeros(last - first + 2, np.float64)
    used = np.empty(len(counts), np.int32)
    state = (
        place,
        queue,
        ways,
        rate,
        rate.view(np.int64),
        levels,
        (52 - FINE_BITS, first),
        counts,
        sums,
        used,
    )

    def search(sources: Ints) -> Found:
        degrees = int((graph.indptr[sources + 1] - graph.indptr[sources]).sum())
        direct, left = np.zeros(degrees), np.empty(len(sources), np.int64)
        filled, skipped = numba.uniform(*rows, sources, *state, direct, left)
        bins = np.sort(used[:filled])
        growing = Part(bins.astype(np.int64) + first, counts[bins], sums[bins])
        counts[bins], sums[bins] = 0, 0.0
        found = Found(growing, Part.of_rates(direct, whole=False))
        return Found.together([found, reference(left[:skipped])]) if skipped else found

    return search
