"""`entigraph runs`: what was generated, how it went, and going on with it."""

import json as json_
from typing import Annotated

import typer

from entigraph.cli.options import BudgetTokens, BudgetUsd, Corpus, Deadline, Json, MaxTexts, seconds
from entigraph.cli.outcome import FAILED, partly
from entigraph.cli.terminal import data, lines, out, table, talk

app = typer.Typer(
    help="List, show, resume, verify and merge runs, compact their journal.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Run = Annotated[str, typer.Argument(metavar="RUN", help="Name of a run, or its beginning.")]


@app.command("list")
def list_(corpus: Corpus, json: Json = False) -> None:
    """Every run of a corpus with its numbers."""
    from entigraph.places import opened
    from entigraph.run_folders import last_report, run_folders

    with opened(corpus) as store:
        rows = [last_report(folder) for folder in run_folders(store)]
    if json:
        return lines(rows)
    if not rows:
        return talk(f"{corpus!r} has no runs yet; 'entigraph generate {corpus}' makes one")
    table(
        [
            (
                r["run"],
                r["planned"],
                r["done"],
                sum(r["rejected"].values()),
                r["failed"],
                r["reused"],
                r["stopped"] or "",
            )
            for r in rows
        ],
        ("run", "planned", "done", "rejected", "failed", "reused", "stopped by"),
    )


@app.command("show")
def show(corpus: Corpus, run: Run, json: Json = False) -> None:
    """The options of a run, its last report, and its texts by status."""
    from collections import Counter

    from entigraph.places import opened
    from entigraph.run_folders import last_report, run_folder
    from kg.model import Record
    from synthesis.yields import yields

    with opened(corpus) as store:
        folder = run_folder(store, run)
        records = list(store.read(Record, "run", [folder.name]))
        found = last_report(folder) | {
            "options": json_.loads((folder / "run.json").read_text("utf-8")),
            "texts": dict(Counter(record.status for record in records)),
            "reasons": dict(Counter(reason for record in records for reason in record.reasons)),
        }
        titles = {info.id: info.title for info in store.documents()}
    rows = yields(records)
    if json:
        return data(found | {"yields": [row.to_json() for row in rows]})
    for name, value in found.items():
        out(f"{name}: {json_.dumps(value, ensure_ascii=False)}")
    if rows:
        table(
            [
                (
                    row.group,
                    titles.get(row.name, row.name) if row.group == "document" else row.name,
                    row.texts,
                    row.accepted,
                    row.rejected,
                    ", ".join(f"{count} {reason}" for reason, count in row.reasons.most_common(3)),
                )
                for row in rows
            ],
            ("yield by", "", "texts", "accepted", "rejected", "for"),
        )


@app.command("resume")
def resume(
    corpus: Corpus,
    run: Run,
    budget_usd: BudgetUsd = None,
    budget_tokens: BudgetTokens = None,
    max_texts: MaxTexts = None,
    deadline: Deadline = None,
    retry_rejected: Annotated[
        int | None,
        typer.Option(
            help="Ask again up to so many times for a rejected text, with the reasons.",
            min=0,
            show_default="as before",
        ),
    ] = None,
    no_pilot: Annotated[
        bool, typer.Option("--no-pilot", help="Also where fewer than half of the first 20 answers passed.")
    ] = False,
    json: Json = False,
) -> None:
    """Go on with a run with the options it was started with; the limits are those given now."""
    from entigraph.cli.generate import carried_out, summary
    from entigraph.generation import prepare
    from entigraph.places import opened
    from entigraph.run_folders import options_in, run_folder
    from entigraph.workplace import settings_for

    with opened(corpus) as store:
        others = {} if retry_rejected is None else {"retry_rejected": retry_rejected}
        options = options_in(
            run_folder(store, run),
            **(others | ({"pilot": False} if no_pilot else {})),
            budget_usd=budget_usd,
            budget_tokens=budget_tokens,
            max_texts=max_texts,
            deadline_seconds=seconds(deadline),
        )
        settings = settings_for(store)
        report = carried_out(prepare(store, options, settings), settings, quiet=json)
    if json:
        data(report.to_json())
    else:
        summary(report, corpus)
    if report.failed or report.stopped:
        raise partly()


@app.command("verify")
def verify(corpus: Corpus, json: Json = False) -> None:
    """Read the whole journal, check every line, and see that every text has its call in it."""
    from entigraph.places import opened
    from entigraph.workplace import journal_of
    from kg.model import Record

    with opened(corpus) as store, journal_of(store) as journal:
        records = list(store.read(Record))
        orphans = [record.id for record in records if record.author == "model" and record.call not in journal]
        found = {
            "calls": len(journal),
            "texts": len(records),
            "problems": [{"line": p.line, "reason": p.reason} for p in journal.problems],
            "texts_without_call": orphans,
        }
    if json:
        data(found)
    else:
        talk(
            f"{found['calls']} answered calls, {found['texts']} texts, {len(journal.problems)} bad lines, {len(orphans)} texts without a call"
        )
        for problem in journal.problems:
            talk(f"line {problem.line}: {problem.reason}")
    if journal.problems or orphans:
        raise typer.Exit(FAILED)


@app.command("merge")
def merge(
    corpus: Corpus,
    other: Annotated[
        str, typer.Argument(metavar="OTHER", help="The corpus, or copy of it, whose answers are taken over.")
    ],
    json: Json = False,
) -> None:
    """Take over the answers and runs of another corpus; 'runs resume' makes texts of them without a call."""
    from shutil import copytree

    from entigraph.places import opened, typed
    from entigraph.run_folders import run_folders
    from entigraph.workplace import journal_of
    from kg.stores import shown
    from lm.journal import Journal

    with opened(corpus) as store, opened(other) as there:
        if store.folder.resolve() == there.folder.resolve():
            raise ValueError(f"{shown(corpus)!r} and {shown(other)!r} are one corpus; name two")
        answers = 0
        if (there.folder / "journal").is_dir():
            with (
                journal_of(store) as journal,
                Journal.open(there.folder / "journal", read_only=True) as source,
            ):
                answers = journal.take_over(source)
        known = {folder.name for folder in run_folders(store)}
        runs = [folder for folder in run_folders(there) if folder.name not in known]
        for folder in runs:
            copytree(folder, store.folder / "runs" / folder.name)
    names = [folder.name for folder in runs]
    if json:
        return data({"answers": answers, "runs": names})
    talk(f"{answers} answers and {len(names)} runs taken over from {shown(other)}")
    if answers:
        talk(f"'entigraph runs resume {typed(corpus)} RUN' makes texts of them, without a call")


@app.command("compact")
def compact(corpus: Corpus, json: Json = False) -> None:
    """Drop from the journal what no sum and no answer needs any more; damaged lines are put aside."""
    from entigraph.places import opened
    from entigraph.workplace import journal_of

    with opened(corpus) as store:
        path = store.folder / "journal" / "calls.jsonl"
        if not path.is_file():
            raise ValueError(f"{corpus!r} has no journal yet: nothing was asked for it")
        before = path.stat().st_size
        with journal_of(store) as journal:
            journal.compact()
            found = {"calls": len(journal), "bytes_before": before, "bytes": path.stat().st_size}
        found["damaged_lines"] = sum(
            aside.read_bytes().count(b"\n") for aside in path.parent.glob("damaged-*.jsonl")
        )
    if json:
        return data(found)
    talk(
        f"{found['calls']:,} answered calls in {found['bytes']:,} bytes, {before:,} before"
        + (
            f"; {found['damaged_lines']} damaged lines lie in damaged-*.jsonl"
            if found["damaged_lines"]
            else ""
        )
    )
