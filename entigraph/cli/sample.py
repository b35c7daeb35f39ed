"""`entigraph sample`: which parts of the graph would be written about, and what that covers."""

from typing import TYPE_CHECKING, Annotated

import typer

from entigraph.cli.curve import draw_plan, say_of_plan
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
from entigraph.cli.terminal import data, out, talk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from entigraph.choosing import Choice
    from kg.graph import Graph
    from kg.model import Subgraph
    from kg.store import Store


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
    from sampling import sampler as made
    from sampling.curves import Curve

    choice = Choice(names(sampler) or ("edges",), seed, uncovered, afresh, targets=targets)
    place = None if plot is None else check_place(plot)
    limited = budget_usd is not None or budget_tokens is not None
    if choice.endless and n is None and budget_tokens is None:
        raise ValueError(
            f"the sampler {'+'.join(choice.samplers)!r} never ends; say how many with -n, or --budget-tokens"
        )
    with graph_at(corpus) as (graph, store):
        for said in choice.remarks(graph):
            talk(said)
        items: Iterator[Subgraph] = islice(chosen(choice, graph, store), n)
        if limited:
            items = _affordable(items, graph, store, choice, budget_usd, budget_tokens, model)
        curve = None
        if report or place is not None:
            start = coverage_of_records(store) if store is not None and choice.goes_on else Coverage(graph)
            asked = [one.times for one in map(made, choice.samplers) if isinstance(one, CoverSampler)]
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
            say_of_plan(curve, graph, choice, whole=n is None and not limited)
        if curve is not None and place is not None:
            draw_plan(curve, choice, place)


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
