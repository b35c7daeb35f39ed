"""`entigraph generate`: texts about chosen subgraphs, within limits, resumable."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from entigraph.cli.options import (
    Afresh,
    BudgetTokens,
    BudgetUsd,
    Checks,
    Corpus,
    Deadline,
    DryRun,
    Json,
    MaxTexts,
    Model,
    RetryRejected,
    Samplers,
    Seed,
    TargetsFrom,
    Uncovered,
    names,
    seconds,
)
from entigraph.cli.outcome import USAGE, partly
from entigraph.cli.terminal import Progress, data, duration, talk

if TYPE_CHECKING:
    from entigraph.config import Value
    from entigraph.generation import Job
    from kg.model import Record
    from synthesis.outcomes import RunReport


def generate(
    corpus: Corpus,
    sampler: Samplers = None,
    uncovered: Uncovered = False,
    afresh: Afresh = False,
    targets: TargetsFrom = None,
    plan: Annotated[
        str | None,
        typer.Option(help="Write about the subgraphs of this file ('sample --json').", show_default=False),
    ] = None,
    entity: Annotated[
        list[str] | None,
        typer.Option(
            "--entity", help="Write about exactly these entities (give it several times).", show_default=False
        ),
    ] = None,
    recipe: Annotated[
        str | None,
        typer.Option(
            help="entigraph: what the paper did (whole document, summary, all pairs, triples).",
            show_default=False,
        ),
    ] = None,
    strategy: Annotated[
        str | None,
        typer.Option(
            help="How to write, by names and their options: describe, relate, qa:form=choice, lesson…; by default what fits.",
            show_default=False,
        ),
    ] = None,
    strategies: Annotated[
        str | None,
        typer.Option(help="Folder of strategies of your own, files like tour.en.txt.", show_default=False),
    ] = None,
    model: Model = None,
    n: Annotated[
        int | None,
        typer.Option(
            "-n",
            help="Subgraphs of the plan in all: -n 20 after -n 10 reuses ten.",
            min=1,
            show_default=False,
        ),
    ] = None,
    wordings: Annotated[
        int, typer.Option(help="Write each subgraph this many times in all, the strategies in turn.", min=1)
    ] = 1,
    context: Annotated[
        str | None,
        typer.Option(help="What a text rests on: evidence, chunks or document.", show_default=False),
    ] = None,
    context_tokens: Annotated[
        int | None, typer.Option(help="Largest context, in tokens.", show_default=False)
    ] = None,
    text_language: Annotated[
        str | None, typer.Option(help="Language of the texts, e.g. en, zh.", show_default=False)
    ] = None,
    temperature: Annotated[
        float | None, typer.Option(help="Sampling temperature.", show_default=False)
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(help="Longest answer, in tokens.", show_default=False)
    ] = None,
    checks: Checks = "all",
    questions: Annotated[
        str | None,
        typer.Option(
            help="Reject texts that give away a question of this file: evaluation questions, one a line or JSON lines.",
            show_default=False,
        ),
    ] = None,
    judge_model: Annotated[
        str | None,
        typer.Option(
            help="Have this model judge every claim of a text that passed all other checks.",
            show_default=False,
        ),
    ] = None,
    pilot: Annotated[
        bool,
        typer.Option("--pilot/--no-pilot", help="Stop where fewer than half of the first 20 answers pass."),
    ] = True,
    concurrency: Annotated[int | None, typer.Option(help="Requests in flight.", show_default=False)] = None,
    seed: Seed = 0,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask again for texts whose documents or context changed.")
    ] = False,
    retry_rejected: RetryRejected = 0,
    batch: Annotated[
        bool | None,
        typer.Option(
            "--batch/--no-batch",
            help="Ask by the batch: within a day, often at half the price; run again it waits on.",
            show_default=False,
        ),
    ] = None,
    fsync: Annotated[
        str | None,
        typer.Option(
            help="What a power cut may cost: each (nothing), interval (a second), none.", show_default=False
        ),
    ] = None,
    budget_usd: BudgetUsd = None,
    budget_tokens: BudgetTokens = None,
    max_texts: MaxTexts = None,
    deadline: Deadline = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Write texts about chosen subgraphs; run again it goes on where it was and pays nothing twice."""
    from entigraph.generation import prepare
    from entigraph.generation_options import Options
    from entigraph.places import opened
    from entigraph.workplace import settings_for

    flags = {
        "model": model,
        "context": context,
        "context_tokens": context_tokens,
        "text_language": text_language,
        "temperature": temperature,
        "max_tokens": max_tokens,
        "concurrency": concurrency,
        "fsync": fsync,
    }
    with opened(corpus) as store:
        settings = settings_for(store, **flags)
        options = Options.of(
            settings,
            samplers=names(sampler) or ("edges",),
            uncovered=uncovered,
            afresh=afresh,
            targets=targets,
            strategies=names(strategy),
            strategies_folder=strategies,
            n=n,
            entities=tuple(entity or ()),
            plan=plan,
            recipe=recipe,
            wordings=wordings,
            checks=names(checks),
            questions=questions,
            judge_model=judge_model,
            pilot=pilot,
            seed=seed,
            refresh=refresh,
            retry_rejected=retry_rejected,
            batch=batch,
            budget_usd=budget_usd,
            budget_tokens=budget_tokens,
            max_texts=max_texts,
            deadline_seconds=seconds(deadline),
        )
        job = prepare(store, options, settings)
        told(settings["model"])
        if dry_run:
            from entigraph.cli.estimates import show_estimate

            return show_estimate(job, settings, json=json)
        report = carried_out(job, settings, quiet=json)
    if json:
        data(report.to_json())
    else:
        summary(report, corpus)
    if report.failed or report.stopped:
        raise partly()


def told(model: "Value") -> None:
    """Say which model is used where nobody named one."""
    if model.origin == "default":
        talk(f"no --model and no setting: using the local model ({model.value})")


def carried_out(job: "Job", settings: "dict[str, Value]", *, quiet: bool = False) -> "RunReport":
    """Generate with progress on stderr; a remote model without a limit ends with exit 2 and the estimate."""
    from entigraph.generation import NeedsLimit
    from entigraph.generation import generate as carry_out
    from synthesis.planning import COUNTED

    if not (job.options.plan or job.options.entities):
        for said in job.options.choice.remarks(job.graph):
            talk(said)
    total, whole = job.items().rest(COUNTED)
    if not whole:
        total = 0
    with Progress(quiet=quiet) as progress:

        def on_progress(report: "RunReport", record: "Record | None") -> None:
            answered = report.done + sum(report.rejected.values()) + report.failed
            line = f"texts {report.done} accepted, {sum(report.rejected.values())} rejected"
            if report.reused:
                line += f", {report.reused} reused"
            if report.failed:
                line += f", {report.failed} failed"
            if total:
                line += f" of {total}"
            spent = report.tokens_in + report.tokens_out
            line += f" · {spent:,} tokens · {dollars(report.usd)}"
            left = total - answered - report.reused
            if answered and left > 0:
                import time

                each = (time.monotonic() - progress.started) / answered
                line += f" · about {duration(each * left)} left"
            if record is not None and record.status == "rejected" and not quiet:
                reason = next(check.reason for check in record.checks if check.outcome == "failed")
                progress.note(f"rejected ({record.reasons[0]}): {cut(record.title, 80)}: {cut(reason, 100)}")
            progress.say(line)

        progress.say(f"texts 0{f' of {total}' if total else ''} · waiting for the first answer")
        try:
            return carry_out(
                job, settings, on_progress=on_progress, on_event=lambda event: progress.note(event.message)
            )
        except NeedsLimit as needs:
            progress.clear()
            from entigraph.cli.estimates import estimate_words

            talk(estimate_words(needs.estimate))
            talk(f"entigraph: {needs}")
            raise typer.Exit(USAGE) from None


def cut(text: str, most: int) -> str:
    """The text, or its beginning and a mark that there is more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def dollars(usd: float | None) -> str:
    """An amount, or that it is not known."""
    return "price unknown" if usd is None else f"${usd:.4f}"


def summary(report: "RunReport", corpus: str) -> None:
    """How a run ended, for people."""
    from entigraph.places import typed

    rejected = ", ".join(f"{n} {why}" for why, n in report.rejected.most_common())
    talk(
        f"{'' if report.counted else 'more than '}{report.planned:,} planned: {report.done} accepted, {sum(report.rejected.values())} rejected"
        + (f" ({rejected})" if rejected else "")
        + f", {report.failed} failed, {report.reused} reused"
        + (f" ({report.reused_accepted} of them accepted)" if report.reused else "")
        + (f", {'' if report.counted else 'more than '}{report.left:,} left" if report.left else "")
        + f"; {report.tokens_in + report.tokens_out:,} tokens, {dollars(report.usd)}, {duration(report.seconds)}"
    )
    if report.fewer_checks:
        talk(
            f"{report.fewer_checks} of the reused texts were accepted before some of these checks were asked for, and stay"
        )
    for error in report.errors[:3]:
        talk(f"failed: {' '.join(error.split())[:200]}")
    if report.stopped == "pilot":
        talk("stopped: fewer than half of the first 20 answers passed the checks; these are some of them:")
        for record in report.shown[-3:]:
            talk(
                f"--- {record.title} ({'; '.join(check.reason for check in record.checks if check.outcome == 'failed')[:200]})"
            )
            talk(record.text[:500])
        talk("change the model or the prompts, or go on with --no-pilot")
    elif report.stopped:
        talk(
            f"stopped by {WHY.get(report.stopped, report.stopped)}; "
            f"'entigraph runs resume {typed(corpus)} {report.run}' goes on"
        )


WHY: dict[str, Any] = {
    "budget": "the budget",
    "limit": "--max-texts",
    "deadline": "the deadline",
    "interrupt": "Ctrl-C or a signal",
    "unreachable": "an endpoint that stayed away",
    "denied": "an endpoint that refuses",
}
