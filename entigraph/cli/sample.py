"""`entigraph sample`: which parts of the graph would be written about, and what that covers."""

from typing import TYPE_CHECKING, Annotated

import typer

from entigraph.cli.options import (
    Afresh,
    Json,
    Model,
    PlotTo,
    Samplers,
    Seed,
    TargetsFrom,
    Uncovered,
    names,
)
from entigraph.cli.terminal import data, out, table, talk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from entigraph.choosing import Choice
    from kg.graph import Graph
    from kg.model import Subgraph
    from kg.store import Store
    from sampling.curves import Curve

MOST_POINTS = 12
BOUND_UP_TO = 50_000  # edges: the bound takes about a second for 20,000


def sample(
    corpus: Annotated[
        str, typer.Argument(metavar="CORPUS", help="A corpus, an edge list (.csv, .tsv) or .graphml.")
    ],
    sampler: Samplers = None,
    n: Annotated[
        int | None, typer.Option("-n", help="How many; without it, all.", min=1, show_default=False)
    ] = None,
    seed: Seed = 0,
    uncovered: Uncovered = False,
    afresh: Afresh = False,
    targets: TargetsFrom = None,
    budget_usd: Annotated[
        float | None,
        typer.Option(help="Only so many as so many dollars are expected to pay.", min=0, show_default=False),
    ] = None,
    budget_tokens: Annotated[
        int | None,
        typer.Option(help="Only so many as so many tokens are expected to pay.", min=0, show_default=False),
    ] = None,
    model: Model = None,
    report: Annotated[
        bool, typer.Option("--report", help="Say what the plan covers, and its curve, on stderr.")
    ] = False,
    times: Annotated[
        int, typer.Option(help="In the report: also what 2, 3, … up to this many texts cover.", min=1)
    ] = 1,
    plot: PlotTo = None,
    json: Json = False,
) -> None:
    """Print a plan, one subgraph a line; the first n of a longer plan are the shorter plan."""
    from itertools import islice

    from analysis.plot import check_place
    from entigraph.choosing import Choice, chosen
    from entigraph.places import graph_at
    from sampling import Coverage, CoverSampler, coverage_of_records, plan_lines
    from sampling.curves import Curve

    choice = Choice(names(sampler) or ("edges",), seed, uncovered, afresh, targets=targets)
    place = None if plot is None else check_place(plot)
    limited = budget_usd is not None or budget_tokens is not None
    if choice.endless and n is None and budget_tokens is None:
        raise ValueError(
            f"the sampler {'+'.join(choice.samplers)!r} never ends; say how many with -n, or --budget-tokens"
        )
    with graph_at(corpus) as (graph, store):
        items: Iterator[Subgraph] = islice(chosen(choice, graph, store), n)
        if limited:
            items = _affordable(items, graph, store, choice, budget_usd, budget_tokens, model)
        curve = None
        if report or place is not None:
            start = coverage_of_records(store) if store is not None and choice.goes_on else Coverage(graph)
            asked = [one.times for one in choice.made(graph, None) if isinstance(one, CoverSampler)]
            curve = Curve(start, max([times, *asked]))
            items = curve.through(items)
        line = None
        for line in plan_lines(graph, items, "+".join(choice.samplers)):
            if json:
                data(line)
            else:
                out(words(line))
        if line is None:
            talk(_why_nothing(choice, limited=limited))
        if curve is not None and report:
            _say(curve, graph, choice, whole=n is None and not limited)
        if curve is not None and place is not None:
            _draw(curve, choice, place)


def words(line: dict[str, object]) -> str:
    """One subgraph as a line for people."""
    entities, relations, documents, ids = (line[key] for key in ("entities", "relations", "documents", "ids"))
    assert isinstance(entities, list)
    assert isinstance(relations, list)
    assert isinstance(documents, list)
    assert isinstance(ids, dict)
    heads = " · ".join(entities or documents)
    slots = ", ".join(f"{name}: {value}" for name, value in ids["slots"])
    joined = "; ".join("—".join(triple) for triple in relations[:3])
    return "    ".join(part for part in (heads, slots, joined and f"[{joined}]") if part)


def _why_nothing(choice: "Choice", *, limited: bool) -> str:
    if limited:
        return "nothing comes within this budget: one text takes more, or there is nothing to choose"
    if choice.only_uncovered:
        return f"nothing is left that is uncovered, or there is nothing to choose: {choice.when_empty}"
    return choice.when_empty


def _affordable(
    items: "Iterator[Subgraph]",
    graph: "Graph",
    store: "Store | None",
    choice: "Choice",
    usd: float | None,
    tokens: int | None,
    model: str | None,
) -> "Iterator[Subgraph]":
    """The items that a budget is expected to pay, at what a text about one of them has cost or would cost."""
    from entigraph.planning import Asked, cost, ground
    from entigraph.workplace import settings_for
    from sampling import within

    settings = settings_for(store, model=model)
    asked = Asked("relations", 1, choice.samplers, (), str(settings["model"].value), choice.seed)
    each = cost(ground(graph, store, times=1), asked, choice.samplers[0], settings)
    price = each.usd(1)
    said = f"a text takes about {each.tokens:,.0f} tokens" + ("" if price is None else f" or ${price:.5f}")
    talk("; ".join((said, *each.says)))
    if usd is not None:
        if price is None:
            raise ValueError(
                f"the price of {asked.model!r} is not known, so no number of dollars can be planned for; give "
                "--budget-tokens, or write the price into the prices file ('entigraph config' names it)"
            )
        dollars = price
        items = within(items, usd, lambda _: dollars)
    if tokens is not None:
        items = within(items, tokens, lambda _: each.tokens)
    return items


def _say(curve: "Curve", graph: "Graph", choice: "Choice", *, whole: bool) -> None:
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
    from sampling import CoverSampler

    (made,) = choice.made(graph, None)
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


def _draw(curve: "Curve", choice: "Choice", place: "Path") -> None:
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
