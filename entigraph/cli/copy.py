"""`entigraph copy`: a corpus from one place to another, between a folder and Neo4j both ways."""

from typing import Annotated

import typer

from entigraph.cli.options import Json
from entigraph.cli.terminal import Progress, data, duration, talk


def copy(
    source: Annotated[
        str,
        typer.Argument(
            metavar="A", help="The corpus to copy: a folder or an address (bolt://host:7687#name)."
        ),
    ],
    target: Annotated[
        str, typer.Argument(metavar="B", help="Where the copy goes: a place where no corpus is yet.")
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove the corpus that is at B first, its paid calls too.")
    ] = False,
    json: Json = False,
) -> None:
    """Copy all of a corpus: documents, graph, texts, corrections, settings, runs and paid calls."""
    import time

    from entigraph.copying import copy as carry_out
    from entigraph.places import typed

    started = time.monotonic()
    with Progress(quiet=json) as progress:
        report = carry_out(
            source,
            target,
            replace=replace,
            on_event=lambda event: progress.say(
                f"{event.kind} {event.rows:,}" + (f" of {event.total:,}" if event.total is not None else "")
            ),
        )
    seconds = time.monotonic() - started
    if json:
        return data(report.to_json() | {"seconds": round(seconds, 3)})
    talk(
        f"{report.documents:,} documents, {report.entities:,} entities, {report.relations:,} relations and "
        f"{report.texts:,} texts copied to {typed(target)} in {duration(seconds)}"
    )
    for what, count in report.left_out.items():
        talk(f"left where they were: {count} {what} (exports, pages)")
