"""Makes the pictures of docs/coverage.md and prints every figure that it quotes.

    python docs/images/coverage.py [FOLDER]

The same pictures and the same words each time; tests/test_notebook.py holds the page to the words.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from scipy.stats import hypergeom

sys.path.pop(0)  # this folder: numba would take this file for the package of its name

from analysis import LINK_RULES, erdos_renyi, event_driven, fit, rate_histogram, stepwise
from analysis.bands import standard_deviation
from analysis.histograms import Floats
from analysis.plot import COLOURS, Line, Picture, draw
from analysis.scaling import PUBLISHED, published_points
from analysis.theory import branching_curve, fluid_curve

HERE = Path(__file__).parent
V, LAMBDA, SEED = 100, 3.0, 1
GRAPH = erdos_renyi(V, LAMBDA, np.random.default_rng(SEED))
K = GRAPH.pairs
EXACT = rate_histogram(GRAPH)
STEPS = np.array([10, 100, 1_000, 10_000, 100_000])
WIDE = np.concatenate([[0.0], np.geomspace(1, 20 * K, 100)])
RUNS = 400
PAIRS = "ordered pairs known"


def row(name: str, values: Iterable[float], form: str = ">10.4f") -> str:
    """One line of a table."""
    return f"{name:<36}" + "".join(f"{value:{form}}" for value in values)


def straightness(x: Floats, y: Floats) -> float:
    """R squared of the least-squares line."""
    return float(np.corrcoef(x, y)[0, 1] ** 2)


def regimes(folder: Path) -> Iterator[str]:
    """Three windows on one curve."""
    early, middle, late = np.linspace(0, K / 50, 60), np.geomspace(K / 20, K, 60), np.linspace(0, 20 * K, 100)
    windows = ("almost a straight line", early), ("almost a logarithm", middle), ("a plateau", late)
    with matplotlib.rc_context({"svg.hashsalt": "entigraph", "svg.fonttype": "none"}):
        figure = Figure(figsize=(9.6, 3.2), layout="constrained")
        for axes, (title, t) in zip(figure.subplots(1, 3), windows, strict=True):
            axes.plot(t, EXACT.curve(t), color=COLOURS[0], linewidth=2)
            axes.set_title(title, loc="left", fontsize="medium")
            axes.set_xscale("log" if t is middle else "linear")
            axes.set_xlabel("draws (logarithmic)" if t is middle else "draws")
            axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
            axes.spines[["top", "right"]].set_visible(False)
        axes.axhline(EXACT.plateau, color=COLOURS[-1], linestyle=":")
        axes.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(4))
        figure.axes[0].set_ylabel(PAIRS)
        figure.savefig(folder / "coverage-regimes.svg", metadata={"Date": None})
    first, second = EXACT.curve(early), EXACT.curve(middle)
    missing = EXACT.plateau - float(EXACT.curve(5 * K))
    yield f"V = {V}, lambda = {LAMBDA:g}, seed {SEED}: {GRAPH.edges} links; K = {K:,}; reachable: {EXACT.plateau:.4f} of K"
    yield f"t up to 0.02 K     a straight line explains {straightness(early, first):.4f} of the variance"
    yield f"t = 0.05 K to K    a logarithm explains {straightness(np.log(middle), second):.4f}, a straight line {straightness(middle, second):.4f}"
    yield f"t = 5 K            {missing:.4f} of K is missing to the plateau"


def methods(folder: Path) -> Iterator[str]:
    """The same curve five ways."""
    runs = stepwise(GRAPH, STEPS, replicates=RUNS, rng=np.random.default_rng(0))
    paths = event_driven(GRAPH, STEPS, replicates=RUNS, rng=np.random.default_rng(0))
    exact, sd = EXACT.curve(WIDE), standard_deviation(GRAPH, WIDE)
    lines = (
        Line("exact; two standard deviations of one run", WIDE, exact, exact - 2 * sd, exact + 2 * sd),
        Line("branching, the paper's formula", WIDE, branching_curve(V, LAMBDA, WIDE)),
        Line("fluid", WIDE, fluid_curve(V, LAMBDA, WIDE)),
        Line(f"stepwise, mean of {RUNS} runs", STEPS, runs.mean(axis=0), marks=True),
    )
    title, levels = f"One random graph, V = {V}, lambda = {LAMBDA:g}", (("reachable", EXACT.plateau),)
    draw(
        Picture(title, "draws", PAIRS, lines, log_x=True, percent=True, levels=levels),
        folder / "coverage-methods.svg",
    )
    many = [rate_histogram(erdos_renyi(V, LAMBDA, np.random.default_rng(seed))) for seed in range(30)]
    yield row("draws", STEPS, ">10,")
    yield row("exact, this graph", EXACT.curve(STEPS))
    for name, found in ((f"stepwise, {RUNS} runs", runs), (f"event, {RUNS} paths", paths)):
        yield row(name, found.mean(axis=0))
        yield row("  its standard error", found.std(axis=0, ddof=1) / RUNS**0.5, ">10.5f")
    mean = np.mean([one.curve(STEPS) for one in many], axis=0)
    yield row("exact, mean of 30 graphs", mean)
    formulas = ("fluid", fluid_curve), ("branching", branching_curve)
    for name, curve in formulas:
        yield row(name, curve(V, LAMBDA, STEPS))
    for name, curve in formulas:
        yield row(f"{name} over that mean, percent", 100 * (curve(V, LAMBDA, STEPS) / mean - 1), ">+10.1f")


def spread(_: Path) -> Iterator[str]:
    """How far one run strays: the closed form against runs; and what sampled sources cost."""
    t = np.array([100, 1_000, 10_000])
    seen = stepwise(GRAPH, t, replicates=2_000, rng=np.random.default_rng(2)).std(axis=0, ddof=1)
    yield row("draws", t, ">10,")
    yield row("standard deviation, closed form", standard_deviation(GRAPH, t), ">10.5f")
    yield row("of 2,000 stepwise runs", seen, ">10.5f")
    for seed in (0, 4):
        some = rate_histogram(GRAPH, sources=25, rng=np.random.default_rng(seed))
        yield row(f"25 sources of 100, sample {seed}: off by", some.curve(t) - EXACT.curve(t), ">+10.5f")
        yield row("  its standard error", some.standard_error(t), ">10.5f")
    nowhere = int((np.diff(GRAPH.indptr) == 0).sum())
    missed = hypergeom.pmf(0, V, nowhere, 25)
    yield f"{nowhere} entities of {V} lead nowhere; 25 hold none of them with a chance of {missed:.2f}"


def several(folder: Path) -> Iterator[str]:
    """One mention is not knowledge."""
    lines = [
        Line("met once" if k == 1 else f"met {k} times", WIDE, EXACT.curve(WIDE, times=k))
        for k in (1, 2, 5, 10)
    ]
    title = f"How often must a pair be met? (V = {V}, lambda = {LAMBDA:g})"
    draw(
        Picture(title, "draws", PAIRS, lines, log_x=True, percent=True),
        folder / "coverage-times.svg",
    )
    target = 0.9 * EXACT.plateau
    once = EXACT.draws_for(target)
    yield f"draws until nine tenths of the reachable pairs are known ({target:.4f} of K)"
    for k in (1, 2, 5, 10):
        draws = EXACT.draws_for(target, times=k)
        yield f"met {k:>2} {'time' if k == 1 else 'times':<5}   {draws:>9,.0f}   {draws / once:.1f} times as many as once"
    more = EXACT.draws_for(0.91 * EXACT.plateau) - once
    yield f"one hundredth more, met once: {more:,.0f} draws, {more / once:.0%} on top"


def links(_: Path) -> Iterator[str]:
    """What a draw teaches, and by which path."""
    yield row("draws", STEPS, ">10,")
    for name in LINK_RULES:
        yield row(f"link rule {name}", rate_histogram(GRAPH, link_rule=name).curve(STEPS))
    uniform = rate_histogram(GRAPH, tie_rule="uniform")
    yield row("tie rule uniform, link rule star", uniform.curve(STEPS))


def measured(folder: Path) -> Iterator[str]:
    """The paper's fitted curve, fitted again from points with noise."""
    x, y = published_points(10)
    y = y + np.random.default_rng(0).normal(0, 0.3, len(y))
    asked, ahead = (100.0, 910.0, 2_000.0), np.geomspace(0.3, 2_000, 25)
    report = fit(x, y, at=[*asked, *ahead], ceiling=100, noise=0.3, rng=np.random.default_rng(0))
    answers, band = report.at[: len(asked)], report.at[len(asked) :]
    low, high = [answer.low for answer in band], [answer.high for answer in band]
    lines = (
        Line("fit, and what the points allow", ahead, [answer.y for answer in band], low, high),
        Line("the published curve", ahead, PUBLISHED.at(ahead)),
        Line("points", x[1:], y[1:], marks=True),
    )
    title = "Ten points from the paper's coefficients, with noise of 0.3"
    draw(
        Picture(title, "million tokens", "percent right", lines, log_x=True),
        folder / "coverage-fit.svg",
    )
    assert report.plateau is not None
    yield f"{len(x)} points, best model: {report.best}"
    for answer in (*answers, report.plateau):
        truth = float(PUBLISHED.at(answer.x))
        yield f"{answer.x:>5g}: published {truth:.2f}, fitted {answer.y:.2f}, {answer.says.partition(';')[0]}"


SECTIONS = (regimes, methods, spread, several, links, measured)


def main(folder: Path) -> None:
    print("\n\n".join("\n".join(section(folder)) for section in SECTIONS))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
