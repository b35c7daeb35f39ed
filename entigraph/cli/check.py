"""`entigraph check`: the checks on texts from anywhere, each beside the context it should rest on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entigraph.cli.options import BudgetTokens, BudgetUsd, Deadline, DryRun, Json, MaxTexts, names, seconds
from entigraph.cli.outcome import partly
from entigraph.cli.terminal import Progress, data, duration, out, talk

if TYPE_CHECKING:
    from entigraph.checking import Estimate
    from entigraph.findings import Finding, Tally

WORDS = {True: "supported", False: "not supported", None: "not decided"}


def check(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="JSON lines with 'text' and 'context'; 'entities', 'language' and 'id' may be there.",
        ),
    ],
    model: Annotated[
        str | None,
        typer.Option(
            help="The model that judges claims: local, local:NAME, FILE.gguf, http://host:port/v1#name, "
            "openai:name, or echo. Without it only the rules run.",
            show_default=False,
        ),
    ] = None,
    checks: Annotated[
        str, typer.Option(help="all, or names by comma: claims, and those of 'generate --checks'.")
    ] = "all",
    concurrency: Annotated[int | None, typer.Option(help="Requests in flight.", show_default=False)] = None,
    journal: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where the judge's answers are kept; by default in the user's data folder.",
            show_default=False,
        ),
    ] = None,
    budget_usd: BudgetUsd = None,
    budget_tokens: BudgetTokens = None,
    max_texts: MaxTexts = None,
    deadline: Deadline = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Say of each text whether its context supports it, and which words speak against that."""
    from entigraph.checking import Options, check_file, checked, estimated
    from entigraph.workplace import connect, settings_for

    settings = settings_for(None, model=model, concurrency=concurrency)
    options = Options(
        model=model,
        checks=names(checks),
        concurrency=int(settings["concurrency"].value),
        timeout_seconds=float(settings["timeout_seconds"].value),
        budget_usd=budget_usd,
        budget_tokens=budget_tokens,
        max_texts=max_texts,
        deadline_seconds=seconds(deadline),
    )
    total = checked(file, options)
    if dry_run:
        if model is None:
            return talk(f"without --model nothing is sent: the rules alone run over {total:,} texts")
        return _show(estimated(file, connect(model, settings), journal, max_texts), model, json=json)
    with Progress(quiet=json) as progress:

        def on_finding(finding: "Finding", tally: "Tally") -> None:
            progress.clear()
            if json:
                data(finding.to_json())
            else:
                out(_line(finding))
            left = total - tally.texts
            progress.say(
                f"{tally.texts:,} of {total:,} texts, {tally.unsupported:,} not supported{_left(tally, left)}"
            )

        def _left(tally: "Tally", left: int) -> str:
            import time

            each = (time.monotonic() - progress.started) / tally.texts
            return f" · about {duration(each * left)} left" if left else ""

        tally = check_file(
            file,
            options,
            settings,
            on_finding,
            journal=journal,
            on_event=lambda event: progress.note(event.message),
        )
    if not json:
        _summary(tally, model)
    if tally.by_word:
        talk(
            f"{model} gives no log-probabilities: {tally.by_word:,} claims were judged by its word alone, less surely"
        )
    if tally.stopped:
        talk(f"entigraph: stopped ({tally.stopped}); the same command goes on and asks nothing twice")
    elif tally.unanswered:
        talk(
            f"entigraph: {tally.unanswered:,} questions have no answer of the judge; the same command asks them again"
        )
    if tally.stopped or tally.unanswered:
        raise partly()


def _line(finding: "Finding") -> str:
    """One row for people: where it stands, what it is, why."""
    name = f"line {finding.row.line}" + ("" if finding.row.id is None else f" ({finding.row.id})")
    why = "; ".join(" ".join(reason.split()) for reason in finding.reasons)
    return f"{name}: {WORDS[finding.supported]}" + (f": {why}" if why else "")


def _summary(tally: "Tally", model: str | None) -> None:
    counted = ", ".join(f"{count:,} {name}" for name, count in tally.failed.most_common())
    talk(
        f"{tally.texts:,} texts: {tally.supported:,} supported, {tally.unsupported:,} not supported, "
        f"{tally.undecided:,} not decided" + (f"; failed checks: {counted}" if counted else "")
    )
    if model is None:
        if tally.undecided:
            talk("the rules alone say of few texts that they are supported; --model NAME asks a judge")
        return
    price = "price unknown" if tally.usd is None else f"${tally.usd:.4f}"
    talk(f"{tally.tokens_in + tally.tokens_out:,} tokens, {price}")


def _show(found: "Estimate", model: str, *, json: bool) -> None:
    """What a dry run prints: numbers, price, and the first prompts exactly as they would be sent."""
    if json:
        return data(
            {
                "texts": found.texts,
                "calls": found.calls,
                "reused": found.reused,
                "tokens_in": found.tokens_in,
                "tokens_out": found.calls,
                "usd": found.usd,
                "requests": [request.to_dict() for request in found.requests],
            }
        )
    out(
        f"{found.texts:,} texts: {found.calls:,} calls ({found.reused:,} are answered already), "
        f"about {found.tokens_in:,} tokens in, {found.calls:,} out"
    )
    out("price unknown" if found.usd is None else f"price: about ${found.usd:.4f}")
    for number, request in enumerate(found.requests, 1):
        out(
            f"\n===== request {number} of {found.calls}: {request.model}, at most {request.max_tokens} token ====="
        )
        for message in request.messages:
            out(f"[{message.role}]\n{message.content}")
    talk("dry run: nothing was sent")
