"""One door to every way of getting the coverage curve of a graph: exact, by chance, or by a formula."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from analysis.bands import standard_deviation
from analysis.coverage import (
    Floats,
    Progress,
    Stop,
    check_draws,
    check_threads,
    check_tie_rule,
    choose_sources,
    rate_histogram,
)
from analysis.curves import CoverageCurve, RandomGraph, Settings
from analysis.graphs import Digraph, erdos_renyi
from analysis.histograms import RateHistogram, check_times
from analysis.rules import check_link_rule
from analysis.simulation import event_driven, stepwise
from analysis.theory import FORMULAS, reachable_share
from kg.graph import Graph
from kg.suggest import unknown

Any_graph = Digraph | RandomGraph


def simulate(
    graph: Graph | Digraph | RandomGraph,
    *,
    t: Sequence[float],
    method: str = "exact",
    tie_rule: str = "fifo",
    link_rule: str = "star",
    times: int = 1,
    undirected: bool = False,
    sources: int | None = None,
    replicates: int = 20,
    rng: np.random.Generator | None = None,
    sd: bool = False,
    threads: int = 1,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> CoverageCurve:
    """The coverage curve of the paper's process on a graph, at the numbers of draws `t`.

    `exact` sums the closed form over all sources, or over `sources` random ones; `stepwise` runs the
    process `replicates` times, `event` draws as many exact paths without stepping; `branching` and `fluid`
    are formulas of the random graph that need no graph at all: of one they use V and the mean degree.
    A pair counts once it was met `times` times. `undirected` lets every relation be walked both ways.
    Self-loops and repeated edges are dropped. `rng` is needed to draw a graph, sources or runs.

    `progress(done, all)` is called now and then; when `stop()` says yes, the curve of what is known so far
    comes back, with `stopped` set. Raises ValueError for wrong arguments, before any work; GraphError where
    it is stopped before anything is known.
    """
    if method not in METHODS:
        raise ValueError(unknown("method", method, METHODS))
    check_tie_rule(tie_rule)
    check_link_rule(link_rule)
    check_threads(threads)
    draws = tuple(check_draws(t).reshape(-1).tolist())
    settings = Settings(
        *(draws, tie_rule, link_rule, check_times(times), sources, replicates, rng, sd, threads),
        *(progress, stop),
    )
    made: Any_graph = Digraph.of_graph(graph) if isinstance(graph, Graph) else graph
    if method in FORMULAS:
        return METHODS[method](made, settings)
    if isinstance(made, RandomGraph):
        made = erdos_renyi(made.vertices, made.mean_degree, settings.drawn("a random graph"))
    return METHODS[method](made.symmetrised() if undirected else made, settings)


def exact_curve(graph: Any_graph, settings: Settings) -> CoverageCurve:
    """By the closed form; `se` is 0 where all sources were searched."""
    assert isinstance(graph, Digraph)
    if settings.sd and (settings.tie_rule, settings.link_rule, settings.times) != ("fifo", "star", 1):
        raise ValueError(
            "the standard deviation has a closed form for the tie rule 'fifo', the link rule 'star' and "
            "pairs met once; leave sd out, or use the method 'stepwise'"
        )
    sources = choose_sources(graph, settings.sources, settings.rng)
    histogram = _searched(graph, settings, sources)
    stopped, deviation = histogram.sources < len(sources), None
    if settings.sd and not stopped:
        try:
            deviation = standard_deviation(
                graph, settings.t, sources=sources, threads=settings.threads, progress=_watched(settings)
            )
        except Stopped:
            stopped = True
    return _curve(
        graph,
        settings,
        histogram,
        "exact",
        histogram.curve(settings.t, times=settings.times),
        histogram.standard_error(settings.t, times=settings.times),
        deviation,
        stopped=stopped,
    )


def stepwise_curve(graph: Any_graph, settings: Settings) -> CoverageCurve:
    """By running the process; `se` and `sd` are from the spread between replicates."""
    assert isinstance(graph, Digraph)
    rng = settings.drawn("stepping")
    if settings.sources is not None:
        raise ValueError(
            "stepping draws pairs from all sources; sampled sources go with method='exact' or 'event'"
        )

    runs = stepwise(
        graph,
        settings.t,
        replicates=settings.replicates,
        rng=rng,
        tie_rule=settings.tie_rule,
        link_rule=settings.link_rule,
        times=settings.times,
        threads=settings.threads,
        progress=settings.progress,
        stop=settings.stop,
    )
    reachable = rate_histogram(graph, threads=settings.threads)
    mean, error, deviation = _moments(runs)
    return CoverageCurve(
        vertices=graph.vertices,
        edges=graph.edges,
        reachable_pairs=reachable.reachable_pairs,
        sources=graph.vertices,
        tie_rule=settings.tie_rule,
        method="stepwise",
        histogram=(),
        t=settings.t,
        coverage=tuple(mean.tolist()),
        se=_known(error),
        sd=_known(deviation) if settings.sd else None,
        link_rule=settings.link_rule,
        times=settings.times,
        replicates=len(runs),
        stopped=len(runs) < settings.replicates,
    )


def event_curve(graph: Any_graph, settings: Settings) -> CoverageCurve:
    """By event-driven paths; `se` is from the spread between replicates and, if sampled, between sources."""
    assert isinstance(graph, Digraph)
    rng = settings.drawn("drawing events")
    if settings.link_rule != "star":
        raise ValueError(
            f"events are those of the link rule 'star', not {settings.link_rule!r}: simulate that one with 'stepwise'"
        )
    # in random order, so that those done before a stop are a sample
    sources = rng.permutation(choose_sources(graph, settings.sources, rng)).tolist() if graph.pairs else []
    searched = len(sources)

    def progress(done: int, of: int) -> None:
        nonlocal searched
        searched = done
        if settings.progress is not None:
            settings.progress(done, of)

    runs = event_driven(
        graph,
        settings.t,
        replicates=settings.replicates,
        rng=rng,
        sources=sources,
        tie_rule=settings.tie_rule,
        times=settings.times,
        threads=settings.threads,
        progress=progress,
        stop=settings.stop,
    )
    mean, error, deviation = _moments(runs)
    histogram = rate_histogram(graph, sources=sources[:searched] or None, threads=settings.threads)
    between = histogram.standard_error(settings.t, times=settings.times)
    return _curve(
        graph,
        settings,
        histogram,
        "event",
        mean,
        np.hypot(error, between),
        deviation if settings.sd else None,
        replicates=len(runs),
        stopped=searched < len(sources),
    )


def formula_curve(name: str) -> Callable[[Any_graph, Settings], CoverageCurve]:
    """A method that asks the formula of that name: no search, no error bar, no graph but its V and lambda."""

    def method(graph: Any_graph, settings: Settings) -> CoverageCurve:
        if settings.sd or settings.sources is not None or settings.link_rule != "star":
            raise ValueError(
                f"the formula {name!r} is of the mean over random graphs, with the link rule 'star': leave "
                "out sd, sources and the link rule, or use the method 'exact'"
            )
        if isinstance(graph, Digraph):
            vertices, edges = graph.vertices, graph.edges
            mean = edges / max(1, vertices - 1)  # the density of the graph is lambda / V
            if not edges:
                raise ValueError(f"the formula {name!r} needs a graph with relations, saw none")
        else:
            vertices, mean = graph.vertices, graph.mean_degree
            edges = round(mean * max(0, vertices - 1))
        found = FORMULAS[name].curve(vertices, mean, settings.t, times=settings.times)
        pairs, share = vertices * (vertices - 1), reachable_share(mean)
        known = mean / vertices if name == "branching" or not share else 0.0
        return CoverageCurve(
            vertices=vertices,
            edges=edges,
            reachable_pairs=min(1.0, known + share) * pairs,
            sources=0,
            tie_rule=settings.tie_rule,
            method=name,
            histogram=(),
            t=settings.t,
            coverage=tuple(np.minimum(found, 1.0).tolist()),
            se=(None,) * len(settings.t),
            times=settings.times,
        )

    return method


METHODS: dict[str, Callable[[Any_graph, Settings], CoverageCurve]] = {
    "exact": exact_curve,
    "stepwise": stepwise_curve,
    "event": event_curve,
    "branching": formula_curve("branching"),
    "fluid": formula_curve("fluid"),
}


class Stopped(Exception):
    """The standard deviation was given up."""


def _watched(settings: Settings) -> Callable[[int, int], None]:
    """A progress callback that ends the work, by Stopped, once `stop` says so."""

    def watch(done: int, of: int) -> None:
        if settings.progress is not None:
            settings.progress(done, of)
        if settings.stop is not None and settings.stop():
            raise Stopped

    return watch


def _searched(graph: Digraph, settings: Settings, sources: Sequence[int]) -> RateHistogram:
    return rate_histogram(
        graph,
        sources=sources if len(sources) else None,
        tie_rule=settings.tie_rule,
        link_rule=settings.link_rule,
        threads=settings.threads,
        progress=settings.progress,
        stop=settings.stop,
    )


def _moments(runs: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, standard error and standard deviation over runs; NaN where one run cannot tell."""
    several = len(runs) > 1
    deviation = runs.std(axis=0, ddof=1) if several else np.full(runs.shape[1], np.nan)
    deviation = np.where(np.ptp(runs, axis=0) == 0, 0.0 * deviation, deviation)  # not what rounding leaves
    return runs.mean(axis=0), deviation / math.sqrt(len(runs)), deviation


def _curve(
    graph: Digraph,
    settings: Settings,
    histogram: RateHistogram,
    method: str,
    coverage: Floats,
    error: Floats,
    deviation: Floats | None,
    *,
    replicates: int = 0,
    stopped: bool = False,
) -> CoverageCurve:
    return CoverageCurve(
        vertices=graph.vertices,
        edges=graph.edges,
        reachable_pairs=histogram.reachable_pairs,
        sources=histogram.sources,
        tie_rule=settings.tie_rule,
        method=method,
        histogram=tuple(zip(histogram.rates.tolist(), histogram.counts.tolist(), strict=True)),
        t=settings.t,
        coverage=tuple(coverage.tolist()),
        se=_known(error),
        sd=None if deviation is None else _known(deviation),
        link_rule=settings.link_rule,
        times=settings.times,
        replicates=replicates,
        stopped=stopped,
    )


def _known(values: Floats) -> tuple[float | None, ...]:
    return tuple(None if math.isnan(value) else value for value in values.tolist())
