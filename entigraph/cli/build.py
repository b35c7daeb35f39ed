"""`entigraph build`: documents become a graph."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entigraph.cli.options import BudgetTokens, BudgetUsd, Deadline, Json, Model, seconds
from entigraph.cli.outcome import partly
from entigraph.cli.terminal import Progress, data, duration, out, talk

if TYPE_CHECKING:
    from kg.building import BuildReport
    from kg.building import Progress as Step

Sources = Annotated[
    list[str], typer.Argument(metavar="DOCS...", help="Files, folders, patterns, or - for standard input.")
]
Output = Annotated[
    str,
    typer.Option(
        "-o",
        "--output",
        metavar="CORPUS",
        help="The corpus to build: handbook.kg, or bolt://host:7687#handbook.",
    ),
]
Extractor = Annotated[
    str | None,
    typer.Option(help="auto, spacy, jieba, dictionary, or llm (calls a model).", show_default=False),
]
Names = Annotated[
    Path | None,
    typer.Option(help="List of names, one a line: takes the dictionary extractor.", show_default=False),
]
Types = Annotated[
    Path | None,
    typer.Option(help="Types and labels wanted from the llm extractor (TOML).", show_default=False),
]
Aliases = Annotated[
    Path | None, typer.Option(help="File that says which names are one thing.", show_default=False)
]
Language = Annotated[
    str | None, typer.Option(help="Language of the documents; by default told for each.", show_default=False)
]
Field = Annotated[
    str | None, typer.Option(help="Column or key that holds the text in csv and jsonl.", show_default=False)
]
Prune = Annotated[bool, typer.Option("--prune", help="Remove documents that are no longer there.")]


def build(
    docs: Sources,
    output: Output,
    extractor: Extractor = None,
    model: Model = None,
    names: Names = None,
    types: Types = None,
    aliases: Aliases = None,
    language: Language = None,
    field: Field = None,
    chunk_tokens: Annotated[
        int | None, typer.Option(help="Largest chunk, in tokens.", show_default=False)
    ] = None,
    prune: Prune = False,
    second_pass: Annotated[
        bool, typer.Option("--second-pass", help="Let the llm extractor ask what it missed.")
    ] = False,
    budget_usd: BudgetUsd = None,
    budget_tokens: BudgetTokens = None,
    deadline: Deadline = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be read; write and send nothing.")
    ] = False,
    json: Json = False,
) -> None:
    """Read documents, find entities and relations, and keep them; only what changed is read again."""
    from entigraph.building import BuildOptions
    from entigraph.building import build as carry_out
    from entigraph.places import looked_at, made
    from entigraph.workplace import settings_for

    with looked_at(output) if dry_run else made(output) as store:
        flags = {"extractor": extractor, "model": model, "chunk_tokens": chunk_tokens, "language": language}
        settings = settings_for(store, **flags)
        options = BuildOptions.of(
            settings,
            sources=tuple(docs),
            names=names,
            types=types,
            aliases=aliases,
            field=field,
            prune=prune,
            dry_run=dry_run,
            second_pass=second_pass,
            budget_usd=budget_usd,
            budget_tokens=budget_tokens,
            deadline_seconds=seconds(deadline),
        )
        with Progress(quiet=json) as progress:
            report = carry_out(options, store, settings, lambda step: progress.say(step_words(step)))
    if json:
        data(report.to_json())
    elif dry_run:
        summary_of_dry_run(report)
    else:
        summary(report)
    if report.skipped or report.stopped:
        raise partly()


def step_words(step: "Step") -> str:
    """How far a build is, in one line."""
    of = f" of {step.total}" if step.total else ""
    return f"documents {step.documents}{of} · {step.mentions:,} mentions · {step.source}"


def summary_of_dry_run(report: "BuildReport") -> None:
    """What a build would read, for people."""
    out(
        f"{report.documents} documents would be read, {report.unchanged} are unchanged: "
        f"{report.chunks} chunks, about {report.tokens_in:,} tokens of text"
    )
    told(report)
    talk("dry run: nothing was sent or written")


def summary(report: "BuildReport") -> None:
    """How a build ended, for people."""
    talk(
        f"{report.documents} documents ({report.unchanged} unchanged), {report.chunks} chunks, "
        f"{report.entities:,} entities, {report.mentions:,} mentions, {report.relations:,} relations "
        f"in {duration(report.seconds)}"
    )
    told(report)
    if report.stopped:
        why = "Ctrl-C" if report.stopped == "interrupt" else f"the {report.stopped}"
        talk(f"stopped by {why}; run the same command again to go on")


def told(report: "BuildReport") -> None:
    """What a build has to say about its documents: notes, and what was skipped and why."""
    for note in report.notes:
        talk(f"note: {note}")
    for skipped in report.skipped[:20]:
        talk(f"skipped: {skipped.source}: {skipped.reason}")
    if len(report.skipped) > 20:
        talk(f"skipped: {len(report.skipped) - 20} more; --json lists all")
