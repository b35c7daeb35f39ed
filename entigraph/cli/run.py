"""`entigraph run`: the main job in one command: build, sample, write, check, export, show."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entigraph.cli.build import (
    Aliases,
    Extractor,
    Field,
    Language,
    Names,
    Output,
    Prune,
    Sources,
    Types,
    step_words,
)
from entigraph.cli.options import (
    BudgetTokens,
    BudgetUsd,
    Checks,
    Deadline,
    DryRun,
    Json,
    MaxTexts,
    Model,
    Samplers,
    Seed,
    seconds,
)
from entigraph.cli.options import (
    names as split,
)
from entigraph.cli.outcome import partly
from entigraph.cli.terminal import Progress, data, duration, out, talk

if TYPE_CHECKING:
    from entigraph.config import Value
    from entigraph.generation_options import Options
    from kg.building import BuildReport
    from kg.model import Record
    from kg.store import Store
    from synthesis.outcomes import RunReport

SAMPLERS = "triangles,edges,entities"
TEXTS = 16


def run(
    docs: Sources,
    output: Output,
    extractor: Extractor = None,
    names: Names = None,
    types: Types = None,
    aliases: Aliases = None,
    language: Language = None,
    field: Field = None,
    prune: Prune = False,
    sampler: Samplers = None,
    recipe: Annotated[
        str | None, typer.Option(help="entigraph: what the paper did.", show_default=False)
    ] = None,
    strategy: Annotated[
        str | None, typer.Option(help="How to write; by default what fits the subgraph.", show_default=False)
    ] = None,
    model: Model = None,
    n: Annotated[int, typer.Option("-n", help="Subgraphs to write about, in all.", min=1)] = TEXTS,
    wordings: Annotated[int, typer.Option(help="Write each subgraph this many times.", min=1)] = 1,
    format: Annotated[
        str, typer.Option(help="Format of the training file: cpt, chat, alpaca, sharegpt, parquet, hf.")
    ] = "cpt",
    checks: Checks = "all",
    pilot: Annotated[
        bool,
        typer.Option("--pilot/--no-pilot", help="Stop where fewer than half of the first 20 answers pass."),
    ] = True,
    seed: Seed = 0,
    budget_usd: BudgetUsd = None,
    budget_tokens: BudgetTokens = None,
    max_texts: MaxTexts = None,
    deadline: Deadline = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Build the graph, write texts about parts of it, check and export them; run again it goes on."""
    import time

    from entigraph.building import BuildOptions, build
    from entigraph.cli.build import summary as build_summary
    from entigraph.cli.generate import carried_out, told
    from entigraph.cli.generate import summary as write_summary
    from entigraph.generation import prepare, samples
    from entigraph.generation_options import Options, checked
    from entigraph.places import looked_at, made
    from entigraph.workplace import settings_for
    from kg.suggest import unknown
    from synthesis.exports import FORMATS

    started = time.monotonic()
    if format not in FORMATS:
        raise ValueError(unknown("format", format, FORMATS))
    with looked_at(output) if dry_run else made(output) as store:
        settings = settings_for(store, extractor=extractor, model=model, language=language)
        build_options = BuildOptions.of(
            settings,
            sources=tuple(docs),
            names=names,
            types=types,
            aliases=aliases,
            field=field,
            prune=prune,
            dry_run=dry_run,
            budget_usd=budget_usd,
            budget_tokens=budget_tokens,
            deadline_seconds=seconds(deadline),
        )
        options = Options.of(
            settings,
            samplers=split(sampler) or split(SAMPLERS),
            strategies=split(strategy),
            n=n,
            recipe=recipe,
            wordings=wordings,
            checks=split(checks),
            pilot=pilot,
            seed=seed,
            budget_usd=budget_usd,
            budget_tokens=budget_tokens,
            max_texts=max_texts,
            deadline_seconds=seconds(deadline),
        )
        checked(options)
        told(settings["model"])
        with Progress(quiet=json) as progress:
            built = build(build_options, store, settings, lambda step: progress.say(step_words(step)))
        if dry_run:
            return estimates(store, built, options, settings, json=json)
        assert store is not None
        if not json:
            build_summary(built)
        if built.stopped:
            if json:
                took = round(time.monotonic() - started, 3)
                data({"build": built.to_json(), "generate": None, "export": None, "seconds": took})
            raise partly()
        options = left_of(options, built)
        job = prepare(store, options, settings)
        written = carried_out(job, settings, quiet=json)
        if not json:
            write_summary(written, output)
        exported = exported_files(store, format)
        shown = samples(store, options.run, 3)
        page = _page(store, quiet=json)
        if json:
            data(
                {
                    "build": built.to_json(),
                    "generate": written.to_json(),
                    "export": exported,
                    "seconds": round(time.monotonic() - started, 3),
                }
            )
        else:
            closing(store, output, written, exported, shown, page, time.monotonic() - started)
    if built.skipped or built.stopped or written.failed or written.stopped:
        raise partly()


def estimates(
    store: "Store | None",
    built: "BuildReport",
    options: "Options",
    settings: "dict[str, Value]",
    *,
    json: bool,
) -> None:
    """What a dry run prints: what would be read, and what the texts would cost if there is a graph yet."""
    from entigraph.cli.build import summary_of_dry_run
    from entigraph.cli.estimates import estimate_data, show_estimate
    from entigraph.generation import prepare

    job = prepare(store, options, settings) if store is not None and len(store.graph()) else None
    if json:
        texts = None if job is None else estimate_data(job, job.estimate(), settings)
        return data({"build": built.to_json(), "generate": texts})
    summary_of_dry_run(built)
    if job is not None:
        return show_estimate(job, settings, json=json)
    talk("what the texts would cost is known once the graph is there: 'entigraph build', then this again")


def left_of(options: "Options", built: "BuildReport") -> "Options":
    """The options with what reading the documents has cost taken off the limits."""
    from dataclasses import replace

    usd, tokens, seconds_ = options.budget_usd, options.budget_tokens, options.deadline_seconds
    return replace(
        options,
        budget_usd=None if usd is None else max(0.0, usd - (built.usd or 0.0)),
        budget_tokens=None if tokens is None else max(0, tokens - built.tokens_in - built.tokens_out),
        deadline_seconds=None if seconds_ is None else max(0.001, seconds_ - built.seconds),
    )


def exported_files(store: "Store", format: str) -> dict[str, Any]:
    """The training file of a run, beside its corpus; empty counts where no text passed."""
    from synthesis.exports import export

    endings = {"parquet": ".parquet", "hf": "-hf"}  # the last is a folder
    store.folder.mkdir(parents=True, exist_ok=True)  # of a corpus in a database it may not be there yet
    report = export(store, store.folder / f"texts{endings.get(format, '.jsonl')}", format=format)
    if report.nothing:
        talk(f"entigraph: {report.nothing}")
    return report.to_json()


def _page(store: "Store", *, quiet: bool) -> Path | None:
    """The page of the graph; without the extra it needs, a line that says how to get it."""
    from kg.model import GraphError
    from kg.page import show

    try:
        return show(store, store.folder / "graph.html").path
    except GraphError as missing:
        if not quiet:
            talk(f"no page: {missing}")
        return None


def closing(
    store: "Store",
    corpus: str,
    written: "RunReport",
    exported: dict[str, Any],
    shown: "list[Record]",
    page: Path | None,
    seconds_: float,
) -> None:
    """What was made, where it is, three texts, and what to type next."""
    from entigraph.places import typed

    for record in shown:
        heads = " · ".join(asked.name for asked in record.asked)
        out(f"\n--- {record.strategy}: {heads}")
        out(record.text.strip())
        out(f"    [from {', '.join(_titles(store, record))}; record {record.id[:12]}]")
    out("")
    out(f"Done in {duration(seconds_)}.")
    if exported["files"]:
        out(
            f"  training file   {exported['files'][0]}  ({exported['texts']} texts, about {exported['tokens']:,} tokens)"
        )
        out(f"  provenance      {exported['files'][1]}")
    if page is not None:
        out(f"  the graph       {page}  (open it in a browser)")
    place = typed(corpus)
    out(f"  the corpus      {place}")
    out(f"Next: entigraph generate {place} --sampler edges -n 40     or: entigraph stats {place}")


def _titles(store: "Store", record: "Record") -> list[str]:
    titles = {info.id: info.title for info in store.documents()}
    return [repr(titles[id]) for id in record.documents if id in titles] or ["the graph itself"]
