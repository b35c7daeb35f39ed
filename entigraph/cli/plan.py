"""`entigraph plan`: how many texts, tokens and dollars a coverage takes, or what a budget covers."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entigraph.cli.options import BudgetTokens, BudgetUsd, Deadline, Json, Model, PlotTo, Seed, names, seconds
from entigraph.cli.outcome import partly
from entigraph.cli.terminal import data, out, table, talk
from entigraph.cli.watching import Watch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.amounts import Amount
    from analysis.plans import Plan
    from analysis.plot import Picture
    from entigraph.planning import Ground

DEFAULT_TARGET = 0.9


def plan(
    corpus: Annotated[
        str | None,
        typer.Argument(
            metavar="[CORPUS]", help="A corpus, an edge list (.csv, .tsv) or .graphml.", show_default=False
        ),
    ] = None,
    er: Annotated[
        str | None,
        typer.Option(
            "--er",
            metavar="V,LAMBDA",
            help="A random graph instead: V vertices, LAMBDA edges each on average.",
            show_default=False,
        ),
    ] = None,
    target: Annotated[
        float | None,
        typer.Option(
            help="Share of the unit that texts are to cover, 0 to 1; 0.9 without a budget.",
            show_default=False,
        ),
    ] = None,
    unit: Annotated[str, typer.Option(help="relations, entities, triangles or pairs.")] = "relations",
    times: Annotated[int, typer.Option(help="A thing counts once this many texts cover it.", min=1)] = 1,
    sampler: Annotated[
        str | None,
        typer.Option(
            "--sampler",
            help="What chooses the subgraphs: edges (the default), entities, triangles, …; several by comma are compared.",
            show_default=False,
        ),
    ] = None,
    strategy: Annotated[
        str | None,
        typer.Option(help="Count the cost of texts of these strategies alone.", show_default=False),
    ] = None,
    model: Model = None,
    budget_usd: BudgetUsd = None,
    budget_tokens: BudgetTokens = None,
    max_texts: Annotated[
        int | None,
        typer.Option(help="What so many texts cover, instead of a target.", min=0, show_default=False),
    ] = None,
    level: Annotated[float, typer.Option(help="Chance that an interval holds the truth, 0 to 1.")] = 0.9,
    seed: Seed = 0,
    deadline: Deadline = None,
    plot: PlotTo = None,
    json: Json = False,
) -> None:
    """Say how many texts, tokens and dollars a coverage takes and what the next percent costs; or what a budget covers."""
    import numpy as np

    from analysis.plans import afford, compare
    from analysis.plans import plan as planned
    from analysis.plot import check_place, draw
    from entigraph.planning import Asked, cost, drawn
    from entigraph.workplace import settings_for
    from sampling import UNITS

    if (corpus is None) == (er is None):
        raise ValueError("name a graph to plan for: either CORPUS or --er V,LAMBDA")
    budget: dict[str, Any] = {"usd": budget_usd, "tokens": budget_tokens, "texts": max_texts}
    is_budget = any(value is not None for value in budget.values())
    if target is not None and is_budget:
        raise ValueError("--target asks what a coverage costs, a budget what it covers; give one of them")
    if target is not None and not 0 < target <= 1:
        raise ValueError(f"--target is a share above 0 and up to 1, such as 0.9, seen {target!r}")
    if unit not in UNITS:
        raise ValueError(f"there is no unit {unit!r} of coverage. Known: {', '.join(UNITS)}")
    place = None if plot is None else check_place(plot)
    ends = seconds(deadline)
    with _started(corpus, er, times, seed) as start:
        settings = settings_for(start.store, model=model)
        asked = Asked(
            unit,
            times,
            names(sampler) or ("edges",),
            names(strategy),
            str(settings["model"].value),
            seed,
        )
        asked.check()
        rng = np.random.default_rng([seed, 2])
        with Watch("items drawn", deadline_seconds=ends, quiet=json) as watch:
            ways = [
                drawn(start, asked, name, progress=watch.show, stop=watch.stop) for name in asked.samplers
            ]
        plans, reasons = compare(
            ways,
            [cost(start, asked, name, settings) for name in asked.samplers],
            lambda one, each: (
                afford(one, each, **budget, rng=rng, level=level)
                if is_budget
                else planned(one, DEFAULT_TARGET if target is None else target, each, rng=rng, level=level)
            ),
        )
        if place is not None:
            talk(f"wrote {draw(picture(start, plans, level), place)}")
    if json:
        others = [one.to_dict() for one in plans[1:]]
        more = {"model": asked.model, "others": others, "unreachable": reasons, "stopped": watch.why}
        data(plans[0].to_dict() | more)
    else:
        _told(plans, reasons, asked.model, is_budget, str(settings["model"].origin))
    if watch.why is not None:
        talk(
            f"stopped by {'Ctrl-C' if watch.why == 'interrupt' else 'the deadline'}: fewer orders were drawn"
        )
        raise partly()


def picture(start: "Ground", plans: "list[Plan]", level: float) -> "Picture":
    """Expected coverage over texts asked for, with the band of drawn orders, and what was written so far."""
    import numpy as np

    from analysis.plot import Line, Picture

    lines = []
    before = start.written.answers[-1] if start.written else 0
    for one in plans:
        way, per_item = one.outlook, one.outlook.wordings / (one.cost.share or 1.0)
        longest = max((run[-1] for run in way.runs if len(run)), default=1.0)
        n = np.linspace(0, longest if way.items is None else max(1, way.items), 101).round()
        low, high = way.band(n, level=level)
        lines.append(
            Line(
                f"{way.sampler}, expected",
                (before + n * per_item).tolist(),
                way.share(n).tolist(),
                low.tolist(),
                high.tolist(),
            )
        )
    if start.written and before:
        lines.append(
            Line("written so far", start.written.answers, start.written.share(plans[0].outlook.unit))
        )
    way = plans[0].outlook
    met = "" if way.times == 1 else f", each {way.times} times"
    return Picture(
        title=f"Coverage of {way.total:,} {way.unit}{met}",
        x_label="texts asked for",
        y_label=f"share of the {way.unit}",
        lines=lines,
        percent=True,
        levels=[] if way.total == 0 else [("reachable", way.ceiling)],
    )


@contextmanager
def _started(corpus: str | None, er: str | None, times: int, seed: int) -> "Iterator[Ground]":
    from entigraph.cli.simulate import random_of
    from entigraph.places import graph_at
    from entigraph.planning import Ground, ground, random_graph

    if er is not None:
        asked = random_of(er)
        yield Ground(random_graph(asked.vertices, asked.mean_degree, seed))
    else:
        with graph_at(str(corpus)) as (graph, store):
            yield ground(graph, store, times=times)


def _told(plans: "list[Plan]", reasons: dict[str, str], model: str, is_budget: bool, origin: str) -> None:
    best = plans[0]
    way = best.outlook
    met = "" if way.times == 1 else f", each by {way.times} texts"
    out(f"{way.total:,} {way.unit}{met}; covered now: {way.start:,} ({way.start / max(1, way.total):.1%})")
    if is_budget:
        out(
            f"{best.amount.texts:,} more texts of the sampler {way.sampler!r} bring that to {best.coverage:.1%} "
            f"({best.level:.0%} interval: {best.coverage_low:.1%} to {best.coverage_high:.1%})"
        )
    else:
        out(f"to cover {best.target:.1%} with the sampler {way.sampler!r} and the model {model}:")
    table(
        [
            ("this plan", *_row(best.amount)),
            (f"low ({best.level:.0%} interval)", *_row(best.low)),
            ("high", *_row(best.high)),
            (
                "the next 1 %",
                *_row(best.next_percent, "nothing is left" if best.coverage > 1 - 1e-9 else None),
            ),
        ],
        ("", "texts", "tokens", "dollars"),
    )
    if len(plans) > 1:
        out("")
        table(
            [
                (one.outlook.sampler, *_row(one.amount), f"{one.coverage:.1%}", f"{one.outlook.ceiling:.1%}")
                for one in plans
            ],
            ("best first", "texts", "tokens", "dollars", "covers", "reachable"),
        )
    for reason in reasons.values():
        talk(reason)
    for line in best.cost.says:
        talk(line)
    if best.amount.usd is None:
        talk(
            f"the price of {model} is not known: write it into the prices file ('entigraph config' names it)"
        )
    elif origin == "default" and not best.amount.usd:
        talk(f"{model} runs on this machine and costs nothing; name a --model for its price")
    if way.wordings > 1:
        talk(
            f"{best.items:,} subgraphs, each in {way.wordings} wordings: 'entigraph generate -n {best.items} --wordings {way.wordings}'"
        )


def _row(amount: "Amount | None", why: str | None = None) -> tuple[str, str, str]:
    if amount is None:
        return why or "not reached", "", ""
    return (
        f"{amount.texts:,}",
        f"{amount.tokens:,}",
        "unknown" if amount.usd is None else f"{amount.usd:,.4f}",
    )
