"""`entigraph show`: a page with a part of the graph, to open in a browser without a network."""

from pathlib import Path
from typing import Annotated

import typer

from entigraph.cli.options import Page
from entigraph.cli.terminal import out, talk


def show(
    corpus: Annotated[
        str, typer.Argument(metavar="CORPUS", help="A corpus, an edge list (.csv, .tsv) or .graphml.")
    ],
    output: Page = Path("graph.html"),
    around: Annotated[
        str | None, typer.Option(help="Only what lies around this entity.", show_default=False)
    ] = None,
    hops: Annotated[int, typer.Option(help="How far around it.", min=1, max=6)] = 1,
    top: Annotated[
        int, typer.Option(help="At most this many entities, the best joined first.", min=1, max=2000)
    ] = 150,
    type: Annotated[str | None, typer.Option(help="Only entities of this type.", show_default=False)] = None,
    highlight: Annotated[
        list[str] | None,
        typer.Option(help="Point out this entity; may be given several times.", show_default=False),
    ] = None,
) -> None:
    """Draw a bounded part of the graph as one HTML file."""
    from entigraph.places import graph_at
    from kg.page import show as write

    with graph_at(corpus) as (graph, store):
        page = write(
            store or graph,
            output,
            around=around,
            hops=hops,
            top=top,
            types=(type,) if type else (),
            highlight=highlight or (),
        )
    more = f"; {page.left_out:,} more did not fit (--top)" if page.left_out else ""
    talk(f"{page.entities:,} entities and {page.edges:,} pairs joined by relations{more}")
    talk("open it in a browser; it needs no network")
    out(str(page.path))
