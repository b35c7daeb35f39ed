"""What `sample --report` and `--plot` say of a plan: what it covers, how often, and after how many texts."""

from typing import TYPE_CHECKING

from entigraph.cli.terminal import table, talk

if TYPE_CHECKING:
    from pathlib import Path

    from entigraph.choosing import Choice
    from kg.graph import Graph
    from sampling.curves import Curve

MOST_POINTS = 12
BOUND_UP_TO = 50_000  # edges: the bound takes about a second for 20,000


def say_of_plan(curve: "Curve", graph: "Graph", choice: "Choice", *, whole: bool) -> None:
    """The table: what is covered how often at the end; and the curve: what is after how many texts."""
    from sampling import UNITS

    coverage, points, times = curve.coverage, curve.points, curve.times
    final = points[-1]
    written = " with those that are written" if coverage.texts > final.texts else ""
    talk(f"{_texts(final.texts)} would cover{written}:")
    heads = ["", "of", *(f"by {k} or more" if k > 1 else "by any" for k in range(1, times + 1)), "share"]
    rows = []
    for unit in UNITS:
        total, counts = coverage.total(unit), final.covered[unit]
        share = f"{counts[-1] / total:.1%}" if total else "-"
        rows.append((unit, f"{total:,}", *(f"{count:,}" for count in counts), share))
    table(rows, heads, say=talk)
    if len(points) > 2:
        talk("after")
        shown = (
            points if len(points) <= MOST_POINTS else [*points[: -1 : -(-len(points) // MOST_POINTS)], final]
        )
        table(
            [
                (
                    _texts(one.texts),
                    *(_share(one.covered[unit][-1], coverage.total(unit)) for unit in UNITS),
                )
                for one in shown
            ],
            ["", *UNITS],
            say=talk,
        )
    if whole and len(choice.samplers) == 1:
        _say_of_cover(curve, graph, choice)


def _texts(count: int) -> str:
    return f"{count:,} text{'' if count == 1 else 's'}"


def _share(count: int, total: int) -> str:
    return f"{count / total:.1%}" if total else "-"


def _say_of_cover(curve: "Curve", graph: "Graph", choice: "Choice") -> None:
    """Of a whole cover: what could not be covered as often as asked, and how few items it takes at least."""
    from sampling import CoverSampler, sampler

    made = sampler(choice.samplers[0])
    if not isinstance(made, CoverSampler):
        return
    coverage, unit = curve.coverage, made.unit
    total, covered = coverage.total(unit), coverage.covered(unit, made.times)
    if covered < total:
        often = "" if made.times == 1 else f" by {made.times} texts or more"
        talk(
            f"{covered:,} of {total:,} {unit} are covered{often}: the other {total - covered:,} are in fewer "
            f"{'edges and triangles' if made.items == 'both' else made.items}, and no item is taken twice"
        )
    if len(graph.edges) <= BOUND_UP_TO and coverage.texts == curve.points[-1].texts:
        talk(f"no choice takes fewer than {made.at_least(graph):,} texts for that")


def draw_plan(curve: "Curve", choice: "Choice", place: "Path") -> None:
    """The curve as a picture: the share of every unit, and of what is covered as often as asked."""
    from analysis.plot import Line, Picture, draw
    from sampling import UNITS

    points, coverage = curve.points, curve.coverage
    lines = [
        Line(
            unit if k == 1 else f"{unit}, {k} times",
            [float(one.texts) for one in points],
            [one.covered[unit][k - 1] / coverage.total(unit) for one in points],
        )
        for unit in UNITS
        if coverage.total(unit)
        for k in sorted({1, curve.times})
    ]
    title = f"Coverage of a plan: {'+'.join(choice.samplers)}"
    draw(Picture(title, "texts", "share covered", lines, log_x=True, percent=True), place)
    talk(f"drawn: {place}")
