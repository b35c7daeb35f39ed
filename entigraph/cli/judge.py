"""`entigraph judge`: a model scores the texts of a corpus by a rubric, or compares them in pairs."""

from typing import TYPE_CHECKING, Annotated

import typer

from entigraph.cli.options import (
    BudgetTokens,
    BudgetUsd,
    Corpus,
    Deadline,
    DryRun,
    Json,
    Model,
    Seed,
    seconds,
)
from entigraph.cli.outcome import partly
from entigraph.cli.terminal import Progress, data, out, table, talk

if TYPE_CHECKING:
    from analysis.agreement import Between
    from analysis.judgements import PairTable, ScoreTable
    from entigraph.judging import Judged, JudgeJob
    from synthesis.judge import JudgeReport


def judge(
    corpus: Corpus,
    rubric: Annotated[
        str | None,
        typer.Option(help="File of criteria and a scale; without it our own four.", show_default=False),
    ] = None,
    model: Model = None,
    pairs: Annotated[
        str | None,
        typer.Option(
            help="Compare texts about one subgraph that differ in this: strategy, model, sampler, run, wording, language.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        str,
        typer.Option(help="Rows of the table of scores: strategy, model, sampler, run, wording, language."),
    ] = "strategy",
    n: Annotated[
        int | None,
        typer.Option("-n", help="So many texts or pairs; without it, all.", min=1, show_default=False),
    ] = None,
    votes: Annotated[int, typer.Option(help="Ask each question so many times.", min=1)] = 1,
    seed: Seed = 0,
    concurrency: Annotated[int | None, typer.Option(help="Requests in flight.", show_default=False)] = None,
    budget_usd: BudgetUsd = None,
    budget_tokens: BudgetTokens = None,
    deadline: Deadline = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Let a model judge the accepted texts; what it has judged already is not asked for again."""
    from entigraph.judging import JudgeOptions, prepare
    from entigraph.judging import judge as carry_out
    from entigraph.places import opened
    from entigraph.workplace import settings_for

    with opened(corpus) as store:
        settings = settings_for(store, model=model, concurrency=concurrency)
        options = JudgeOptions(
            model=settings["model"].value,
            rubric=rubric,
            pairs=pairs,
            by=by,
            n=n,
            votes=votes,
            seed=seed,
            concurrency=int(settings["concurrency"].value),
            budget_usd=budget_usd,
            budget_tokens=budget_tokens,
            deadline_seconds=seconds(deadline),
        )
        job = prepare(store, options, settings)
        if dry_run:
            return _dry(job, json=json)
        with Progress(quiet=json) as progress:

            def on_progress(report: "JudgeReport") -> None:
                spent = report.tokens_in + report.tokens_out
                progress.say(f"judged {report.judged} of {len(list(job.questions()))} · {spent:,} tokens")

            found = carry_out(
                job, settings, on_progress=on_progress, on_event=lambda event: progress.note(event.message)
            )
    if json:
        data(found.to_json())
    else:
        _say(found)
    if found.report.failed or found.report.stopped:
        raise partly()


def _dry(job: "JudgeJob", *, json: bool) -> None:
    found = job.estimate()
    if json:
        return data(found)
    price = "price unknown" if found["usd_most"] is None else f"at most ${found['usd_most']:.4f}"
    out(
        f"{found['calls']:,} calls, about {found['tokens_in']:,} tokens in, at most {found['tokens_out_most']:,} out; {price}"
    )
    for number, request in enumerate(job.shown(), 1):
        out(f"\n===== request {number}: {request.model}, temperature {request.temperature} =====")
        for message in request.messages:
            out(f"[{message.role}]\n{message.content}")
    talk("dry run: nothing was sent")


def _say(found: "Judged") -> None:
    from analysis.judgements import ScoreTable

    report = found.report
    if isinstance(found.table, ScoreTable):
        _scores(found.table)
    else:
        _pairs(found.table)
    reused = f" ({report.reused} of them before)" if report.reused else ""
    talk(
        f"{report.judged} judgements{reused}, {report.failed} without an answer that can be read; "
        f"{report.tokens_in + report.tokens_out:,} tokens; run {report.run}"
    )
    for error in report.errors[:3]:
        talk(f"failed: {' '.join(error.split())[:200]}")
    if report.stopped:
        talk(f"stopped ({report.stopped}); the same command goes on")


def _scores(found: "ScoreTable") -> None:
    rows = [
        (group, *(_shown(means[name]) for name in found.means))
        for group, means in [("all", found.means), *found.by.items()]
    ]
    table(rows, ("", *found.means))
    if found.votes > 1:
        table(
            [(name, _shown(found.agreement[name])) for name in found.agreement],
            ("criterion", f"agreement of {found.votes} votes (kappa)"),
        )


def _pairs(found: "PairTable") -> None:
    table([(group, _shown(won)) for group, won in found.wins.items()], ("", "wins"))
    talk(
        f"{found.pairs} pairs in both orders: agreement of the two orders {_shown(found.agreement)} (kappa), "
        f"what stood first won {_shown(found.first)} of the time, {found.flipped} changed with the order and count as ties"
    )


def _shown(found: "Between") -> str:
    import math

    if math.isnan(found.value):
        return "-"
    bounds = "" if math.isnan(found.low) else f" ({found.low:.2f} to {found.high:.2f})"
    return f"{found.value:.2f}{bounds}"
