"""One door to every way of getting the coverage curve of a graph, and what comes out of it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.bands import standard_deviation
from analysis.coverage import check_draws, check_tie_rule, choose_sources, rate_histogram
from analysis.graphs import Digraph
from analysis.simulation import stepwise
from analysis.trees import trees
from kg.graph import Graph
from kg.suggest import unknown


@dataclass(frozen=True, slots=True)
class CoverageCurve:
    """Coverage of ordered pairs, 0 to 1, after each number of draws `t`, and how it was found.

    `reachable_pairs` / (V (V - 1)) is the ceiling. `sources` is how many breadth-first searches it
    rests on. `se` is the standard error of `coverage` (sampled sources, or replicates; None where one
    alone cannot tell); `sd` the standard deviation of one run, only where asked. `histogram` holds
    (rate, count) pairs: count links are taught by rate draws in V (V - 1); empty for `stepwise`.
    """

    vertices: int
    edges: int
    reachable_pairs: float
    sources: int
    tie_rule: str
    method: str
    histogram: tuple[tuple[float, float], ...]
    t: tuple[float, ...]
    coverage: tuple[float, ...]
    se: tuple[float | None, ...]
    sd: tuple[float | None, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The keys `simulate --json` promises; whole numbers as integers; `sd` only where asked."""
        found: dict[str, Any] = {
            "vertices": self.vertices,
            "edges": self.edges,
            "reachable_pairs": _whole(self.reachable_pairs),
            "sources": self.sources,
            "tie_rule": self.tie_rule,
            "method": self.method,
            "histogram": [[_whole(rate), _whole(count)] for rate, count in self.histogram],
            "t": [_whole(t) for t in self.t],
            "coverage": list(self.coverage),
            "se": list(self.se),
        }
        if self.sd is not None:
            found["sd"] = list(self.sd)
        return found


@dataclass(frozen=True, slots=True)
class Settings:
    """What a method may need; see `simulate`."""

    t: tuple[float, ...]
    tie_rule: str
    sources: int | None
    replicates: int
    rng: np.random.Generator | None
    sd: bool


def simulate(
    graph: Graph | Digraph,
    *,
    t: Sequence[float],
    method: str = "exact",
    tie_rule: str = "fifo",
    undirected: bool = False,
    sources: int | None = None,
    replicates: int = 20,
    rng: np.random.Generator | None = None,
    sd: bool = False,
) -> CoverageCurve:
    """The coverage curve of the paper's process on a graph, at the numbers of draws `t`.

    `exact` sums the closed form over all sources, or over `sources` random ones; `stepwise` runs the
    process `replicates` times. `undirected` lets every relation be walked both ways. Self-loops and
    repeated edges are dropped. `rng` is needed for sampled sources and for `stepwise`.
    Raises ValueError for wrong arguments, before any work.
    """
    if method not in METHODS:
        raise ValueError(unknown("method", method, METHODS))
    check_tie_rule(tie_rule)
    draws = tuple(check_draws(t).reshape(-1).tolist())
    source_graph = Digraph.of_graph(graph) if isinstance(graph, Graph) else graph
    if undirected:
        source_graph = source_graph.symmetrised()
    return METHODS[method](source_graph, Settings(draws, tie_rule, sources, replicates, rng, sd))


def exact_curve(graph: Digraph, settings: Settings) -> CoverageCurve:
    """By the closed form; `se` is 0 where all sources were searched."""
    if settings.sd and settings.tie_rule != "fifo":
        raise ValueError(
            "the standard deviation has a closed form for the tie rule 'fifo' only; leave sd out"
        )
    sources = choose_sources(graph, settings.sources, settings.rng)
    histogram = rate_histogram(graph, sources=sources, tie_rule=settings.tie_rule)
    deviation = standard_deviation(graph, settings.t, sources=sources) if settings.sd else None
    return CoverageCurve(
        vertices=graph.vertices,
        edges=graph.edges,
        reachable_pairs=histogram.reachable_pairs,
        sources=histogram.sources,
        tie_rule=settings.tie_rule,
        method="exact",
        histogram=tuple(zip(histogram.rates.tolist(), histogram.counts.tolist(), strict=True)),
        t=settings.t,
        coverage=tuple(histogram.curve(settings.t).tolist()),
        se=_known(histogram.standard_error(settings.t)),
        sd=None if deviation is None else _known(deviation),
    )


def stepwise_curve(graph: Digraph, settings: Settings) -> CoverageCurve:
    """By running the process; `se` and `sd` are from the spread between replicates."""
    if settings.rng is None:
        raise ValueError("stepping needs a random generator: pass rng=np.random.default_rng(seed)")
    if settings.sources is not None:
        raise ValueError("stepping draws pairs from all sources; sampled sources go with method='exact'")
    runs = stepwise(
        graph,
        settings.t,
        replicates=settings.replicates,
        rng=settings.rng,
        tie_rule=settings.tie_rule,
    )
    several = len(runs) > 1
    deviation = runs.std(axis=0, ddof=1) if several else np.full(runs.shape[1], np.nan)
    reachable = sum(len(tree.vertices) - 1 for tree in trees(graph, range(graph.vertices)))
    return CoverageCurve(
        vertices=graph.vertices,
        edges=graph.edges,
        reachable_pairs=reachable,
        sources=graph.vertices,
        tie_rule=settings.tie_rule,
        method="stepwise",
        histogram=(),
        t=settings.t,
        coverage=tuple(runs.mean(axis=0).tolist()),
        se=_known(deviation / math.sqrt(len(runs))),
        sd=_known(deviation) if settings.sd else None,
    )


METHODS: dict[str, Callable[[Digraph, Settings], CoverageCurve]] = {
    "exact": exact_curve,
    "stepwise": stepwise_curve,
}


def _known(values: np.typing.NDArray[np.float64]) -> tuple[float | None, ...]:
    return tuple(None if math.isnan(value) else value for value in values.tolist())


def _whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value
