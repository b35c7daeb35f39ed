"""The paper's process by chance: step by step, or event by event. What the exact curve must agree with.

A step draws an ordered pair (x, y); if y can be reached from x in the *source* graph, x becomes linked to
every vertex of the path to y. `stepwise` does just that, for every tie, selection and link rule.

`event_driven` draws, for each pair, only when it is drawn first (or the first k times), as if draws came
as a Poisson process of one a unit of time; the minimum over a subtree is when its root is linked. One
run is a path exact jointly at all t, at the cost of one search a source instead of t steps. Its mean is
the exact curve up to O(1 / K), its spread the Poissonised one (`bands`, poissonised=True): slightly more
than that of a fixed number of steps.

Source: Yang et al. 2024, arXiv 2409.07431, section 6, for the steps; the events are ours.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from threading import Event
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.coverage import Progress, Stop, check_threads, check_tie_rule, choose_sources
from analysis.events import Events, compiled_events, reference_events
from analysis.graphs import Digraph
from analysis.histograms import Floats, check_draws, check_times
from analysis.rules import LINK_RULES, Selection, UniformPairs, check_link_rule, selection
from analysis.searches import TIE_RULES, chunks, in_parallel, kernels
from analysis.trees import Tree
from kg.model import GraphError

MAX_VERTICES = 3_000
DRAWS_AT_ONCE = 8_192
PIECES_WITH_STOP = 100

Ints = NDArray[np.int64]
Steps = Callable[[Ints, Ints], int]


def stepwise(
    graph: Digraph,
    t: ArrayLike,
    *,
    replicates: int,
    rng: np.random.Generator,
    tie_rule: str = "fifo",
    selection_rule: str | Selection = "uniform",
    link_rule: str = "star",
    times: int = 1,
    threads: int = 1,
    kernel: str = "auto",
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Floats:
    """Coverage in `replicates` independent runs, shape (replicates, len(t)), 0 to 1.

    `t` are whole numbers of steps, in any order; a pair counts once it was met `times` times, of which
    the source graph is one. Each run has its own stream of numbers, so `threads` changes nothing; 5 V^2
    bytes a run. The paper's rules are compiled (below 0.1 µs a step); other rules take about 10 µs a step,
    the tie rule `uniform` about 100. `progress(done, all)` is called after each run; `stop()` is asked
    then and ten times a second, and if it says yes, the runs done so far come back.
    Raises ValueError for wrong arguments, GraphError where it is stopped before a run was done.
    """
    check_tie_rule(tie_rule)
    check_link_rule(link_rule)
    check_times(times)
    check_threads(threads)
    steps = check_draws(t).reshape(-1)
    if (fractional := steps[steps != np.floor(steps)]).size:
        raise ValueError(f"a step process has whole steps only, saw t={float(fractional[0])!r}")
    _check_replicates(replicates)
    if graph.vertices > MAX_VERTICES:
        raise ValueError(
            f"stepping keeps every link in memory and takes at most V={MAX_VERTICES}, saw "
            f"V={graph.vertices}. Use the method 'exact', which it agrees with, or 'event'"
        )
    chosen = selection(selection_rule, graph) if isinstance(selection_rule, str) else selection_rule
    numba = kernels(kernel)
    if not graph.pairs:
        return np.zeros((replicates, len(steps)))
    order = np.argsort(steps, kind="stable")
    stops = [int(step) for step in steps[order]]
    process, ceiling = _process(graph, tie_rule, link_rule, chosen, times, numba)

    ended = Event()

    def run(stream: np.random.Generator) -> list[int]:
        return list(_run(graph, process, chosen, stops, stream, times, ceiling, ended))

    densities, done = np.empty((replicates, len(steps))), 0
    with ThreadPoolExecutor(threads) as pool:
        try:
            for future in [pool.submit(run, stream) for stream in rng.spawn(replicates)]:
                if (links := _waited(future, stop)) is None:
                    break
                densities[done, order] = np.array(links, dtype=np.float64) / graph.pairs
                done += 1
                if progress is not None:
                    progress(done, replicates)
        finally:  # also where Ctrl-C is an exception: nobody waits for runs that count no more
            ended.set()
            pool.shutdown(cancel_futures=True)
    if not done:
        raise GraphError("stopped before the first run was done; give it longer, or take fewer draws")
    return densities[:done]


def _waited(future: "Future[list[int]]", stop: Stop | None) -> list[int] | None:
    """What a run found, or None where `stop` says yes before it has ended."""
    while stop is not None:
        if stop():
            return None
        with suppress(FutureTimeoutError):
            return future.result(0.1)
    return future.result()


def _run(
    graph: Digraph,
    process: Callable[[Ints, np.random.Generator], Steps],
    pairs: Selection,
    stops: Sequence[int],
    rng: np.random.Generator,
    times: int,
    ceiling: int,
    ended: Event,
) -> Iterator[int]:
    """Number of links known at each stop; stops ascending. Fewer come where `ended` is set meanwhile."""
    met = np.zeros((graph.vertices, graph.vertices), dtype=np.int64 if times > 255 else np.uint8)
    met[graph.tails, graph.indices] = 1
    take = process(met, rng.spawn(1)[0])
    links, step, used = graph.edges if times == 1 else 0, 0, 0
    xs = ys = np.empty(0, dtype=np.int64)
    for stop in stops:
        while step < stop and links < ceiling:
            if ended.is_set():
                return
            if used == len(xs):
                xs, ys = pairs.draw(rng, DRAWS_AT_ONCE)
                used = 0
            until = min(used + stop - step, len(xs))
            links += take(xs[used:until], ys[used:until])
            step, used = step + until - used, until
        yield links


def _process(
    graph: Digraph, tie_rule: str, link_rule: str, pairs: Selection, times: int, numba: ModuleType | None
) -> tuple[Callable[[Ints, np.random.Generator], Steps], int]:
    """What takes steps, given the links met so far; and the number of links after which none can be new."""
    vertices, links_of = graph.vertices, LINK_RULES[link_rule].links
    paths = list(TIE_RULES[tie_rule](graph, range(vertices)))
    reachable = sum(len(one.vertices) - 1 for one in paths)
    ceiling = reachable if link_rule == "star" and isinstance(pairs, UniformPairs) else graph.pairs
    if numba is not None and tie_rule == "fifo" and link_rule == "star":
        from analysis.simulation_kernels import steps

        parents = np.stack([one.parent_vertices(vertices) for one in paths if isinstance(one, Tree)])
        return lambda met, rng: lambda xs, ys: steps(parents, met, xs, ys, times), ceiling
    places = np.full((vertices, vertices), -1, dtype=np.int32)
    for x, one in enumerate(paths):
        places[x, one.vertices] = np.arange(len(one.vertices))

    def process(met: Ints, rng: np.random.Generator) -> Steps:
        def take(xs: Ints, ys: Ints) -> int:
            grown = 0
            for x, place in zip(xs.tolist(), places[xs, ys].tolist(), strict=True):
                for link in links_of(paths[x].path_to(place, rng)) if place >= 0 else ():
                    if met[link] < times:
                        met[link] += 1
                        grown += bool(met[link] == times)
            return grown

        return take

    return process, ceiling


def event_driven(
    graph: Digraph,
    t: ArrayLike,
    *,
    replicates: int,
    rng: np.random.Generator,
    sources: int | Sequence[int] | None = None,
    tie_rule: str = "fifo",
    times: int = 1,
    threads: int = 1,
    kernel: str = "auto",
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Floats:
    """Coverage in `replicates` independent runs at all `t` at once, shape (replicates, len(t)), 0 to 1.

    For uniform pairs and the star of the tie rule `fifo`. All replicates of a source share its search,
    so twenty cost about ten searches. With sampled `sources` the grown part is scaled up. Each piece of
    the sources has its own stream of numbers: the same runs for any number of threads.
    `progress(done, all)` is called after each piece; `stop()` is asked there too, and if it says yes, the
    sources done so far count as the sample: the first of those that were given, else of a random order.
    """
    check_tie_rule(tie_rule)
    check_times(times)
    check_threads(threads)
    _check_replicates(replicates)
    if tie_rule != "fifo":
        raise ValueError(
            f"with the tie rule {tie_rule!r} each draw of a pair may take another path, so its first draw does "
            "not tell when links are met. Use tie_rule='fifo', or the method 'stepwise'"
        )
    draws, numba = check_draws(t).reshape(-1), kernels(kernel)
    if not graph.pairs:
        return np.zeros((replicates, len(draws)))
    chosen = np.asarray(choose_sources(graph, sources, rng), dtype=np.int64)
    at_most = len(chosen)
    if stop is not None:
        at_most = -(-len(chosen) // PIECES_WITH_STOP)
        if not isinstance(sources, Sequence):
            chosen = rng.permutation(chosen)
    order = np.argsort(draws, kind="stable")
    ends = np.append(draws[order] / graph.pairs, np.inf)
    seed = [int(part) for part in rng.integers(2**32, size=4)]

    def stream(piece: Ints) -> np.random.Generator:
        return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(int(piece[0]),)))

    worker = (
        reference_events(graph, ends, replicates, times)
        if numba is None
        else compiled_events(graph, ends, replicates, times, numba)
    )
    found, done = np.zeros((replicates, len(ends)), dtype=np.int64), 0
    for piece, met in in_parallel(
        chunks(chosen, graph, at_most=at_most), lambda: _with_stream(worker(), stream), threads
    ):
        found += met
        done += len(piece)
        if progress is not None:
            progress(done, len(chosen))
        if stop is not None and stop():
            break
    known = np.cumsum(found[:, :-1], axis=1) * (graph.vertices / done)
    coverage = np.empty((replicates, len(draws)))
    coverage[:, order] = (known + (graph.edges if times == 1 else 0)) / graph.pairs
    return coverage


def _with_stream(work: Events, stream: Callable[[Ints], np.random.Generator]) -> Callable[[Ints], Ints]:
    return lambda piece: work(piece, stream(piece))


def _check_replicates(replicates: int) -> None:
    if replicates < 1:
        raise ValueError(f"at least one replicate is needed, saw {replicates!r}")
