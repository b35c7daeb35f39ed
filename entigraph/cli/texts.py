"""`entigraph texts`: read what was written, and say what counts: accept, reject, edit."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entigraph.cli.options import Corpus, Json
from entigraph.cli.terminal import data, lines, out, table, talk

if TYPE_CHECKING:
    from kg.model import Record
    from kg.store import Store

app = typer.Typer(
    help="List and read texts; accept, reject or edit them: your word stands above the checks.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Text = Annotated[str, typer.Argument(metavar="TEXT", help="Id of a text, or its beginning.")]


@app.command("list")
def list_(
    corpus: Corpus,
    entity: Annotated[
        list[str] | None,
        typer.Option(
            "--entity",
            help="Only texts about this entity (given several times: about all).",
            show_default=False,
        ),
    ] = None,
    status: Annotated[
        str | None,
        typer.Option(help="Only accepted, rejected, edited or stale ones.", show_default=False),
    ] = None,
    strategy: Annotated[
        str | None, typer.Option(help="Only texts of this strategy.", show_default=False)
    ] = None,
    run: Annotated[str | None, typer.Option(help="Only texts of this run.", show_default=False)] = None,
    reason: Annotated[
        str | None, typer.Option(help="Only texts that failed this check.", show_default=False)
    ] = None,
    search: Annotated[
        str | None, typer.Option(help="Only texts with these words in title or text.", show_default=False)
    ] = None,
    top: Annotated[int, typer.Option(help="At most this many, the newest first.", min=1)] = 50,
    json: Json = False,
) -> None:
    """Texts, the newest first: what they are about, and what became of them."""
    from dataclasses import asdict

    from entigraph.places import opened
    from entigraph.text_lists import Wanted, chosen, texts_of
    from kg.curation import find

    statuses = ("accepted", "rejected", "edited", "stale")
    if status is not None and status not in statuses:
        from kg.suggest import unknown

        raise ValueError(unknown("status of texts", status, statuses))
    with opened(corpus) as store:
        entities = tuple(find(store, name).id for name in entity or ())
        wanted = Wanted(entities, status or "", strategy or "", run or "", reason or "", search or "")
        found, reasons = chosen(store, texts_of(store, store.graph()), wanted)
    if json:
        return lines(asdict(text) for text in found[:top])
    table(
        [
            (
                text.id[:12],
                text.status,
                text.strategy,
                ", ".join(text.reasons),
                " · ".join(name[:30] for name in text.names)[:60] or text.title[:60],
            )
            for text in found[:top]
        ],
        ("text", "status", "strategy", "failed", "about"),
    )
    if len(found) > top:
        talk(f"{len(found) - top:,} more: --top shows more of them")
    if reasons:
        talk("rejected for: " + ", ".join(f"{count} {reason}" for reason, count in reasons.most_common()))


@app.command("show")
def show(corpus: Corpus, text: Text, json: Json = False) -> None:
    """A text with its checks, its exact prompt, and the words it rests on."""
    from entigraph.places import opened
    from synthesis.reader import text_of
    from synthesis.sources import sources_of

    with opened(corpus) as store:
        record = text_of(store, text)
        found = _all_of(store, record)
        chunks = sources_of(store, record).chunks
    if json:
        rest = [
            {"document": one.document, "title": one.title, "at": one.at, "text": one.text} for one in chunks
        ]
        return data(found | {"sources": rest})
    for name in ("id", "title", "status", "strategy", "model", "run", "author", "parent"):
        out(f"{name}: {found[name]}")
    out(f"\n{record.text}")
    out("")
    table([(one.name, one.outcome, one.reason) for one in record.checks], ("check", "", "why"))
    for message in found["prompt"]:
        out(f"\n[{message['role']}]\n{message['content']}")
    for one in chunks:
        out(f"\n===== {one.title}, from {one.at} =====\n{one.text}")


@app.command("accept")
def accept(
    corpus: Corpus,
    text: Text,
    reason: Annotated[str, typer.Option(help="Why, for those who read the checks.", show_default=False)] = "",
    json: Json = False,
) -> None:
    """Let a text count, whatever the checks said."""
    from entigraph.places import opened
    from synthesis import reader

    with opened(corpus) as store:
        record = reader.accept(store, text, reason)
    _said(json, record, "counts")


@app.command("reject")
def reject(
    corpus: Corpus,
    text: Text,
    reason: Annotated[str, typer.Option(help="What is wrong with it.")],
    json: Json = False,
) -> None:
    """Take a text out: it does not count any more, and is not exported."""
    from entigraph.places import opened
    from synthesis import reader

    with opened(corpus) as store:
        record = reader.reject(store, text, reason)
    _said(json, record, "does not count any more")


@app.command("edit")
def edit(
    corpus: Corpus,
    text: Text,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The text in your words; - reads it from stdin.")
    ],
    json: Json = False,
) -> None:
    """Put a text in your words in the place of one: it counts instead, and the old one stays to be read."""
    from entigraph.places import opened
    from synthesis import reader

    words = sys.stdin.read() if str(file) == "-" else _read(file)
    with opened(corpus) as store:
        record = reader.edit(store, text, words)
    failed = [check for check in record.checks if check.outcome == "failed"]
    _said(json, record, "counts in the place of " + str(record.parent))
    if not json:
        for check in failed:
            talk(f"the check {check.name!r} says: {check.reason}")


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"{str(file)!r} is not UTF-8") from None


def _all_of(store: "Store", record: "Record") -> dict[str, Any]:
    """Everything about a text as plain data, with its prompt where the journal has it."""
    from dataclasses import asdict

    from entigraph.workplace import journal_at

    prompt: list[dict[str, str]] = []
    journal = journal_at(store)
    if journal is not None:
        with journal:
            request = journal.request(record.call) if record.author == "model" else None
            prompt = request.to_dict()["messages"] if request else []
    return asdict(record) | {"prompt": prompt}


def _said(json: bool, record: "Record", what: str) -> None:
    if json:
        data({"text": record.id, "status": record.status, "reasons": list(record.reasons)})
    else:
        talk(f"the text {record.id} {what}")
