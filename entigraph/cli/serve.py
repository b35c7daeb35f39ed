"""`entigraph serve`: the studio of a corpus in the browser."""

from typing import Annotated

import typer

from entigraph.cli.options import Corpus
from entigraph.cli.terminal import talk

INSTALL = "pip install 'entigraph[studio]'"


def serve(
    corpus: Corpus,
    port: Annotated[
        int, typer.Option(help="Port to serve at; 0 takes any that is free.", min=0, max=65535)
    ] = 8321,
    host: Annotated[
        str,
        typer.Option(help="Address to serve at; 0.0.0.0 serves other machines too, and asks for a token."),
    ] = "127.0.0.1",
    open: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    at: Annotated[
        str,
        typer.Option(
            help="Where to open the page, as it copies it: '#/browse?top=30'.", show_default="its start"
        ),
    ] = "",
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Only show: nothing is written, nothing is asked of a model.")
    ] = False,
) -> None:
    """Browse the graph in the browser, see what texts cover, and write texts about what you select."""
    try:
        from entigraph.web.desk import Desk
        from entigraph.web.serving import Server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("fastapi", "pydantic", "starlette", "uvicorn"):
            raise
        from kg.model import GraphError

        raise GraphError(f"the studio needs {error.name}, which is not installed: {INSTALL}") from None

    with Desk(corpus, read_only=read_only) as desk:
        server = Server(desk, host=host, port=port, at=at)
        talk(f"{desk.location} is served at {server.url}")
        if server.door.token:
            talk(
                "other machines can reach it: whoever has this address with its token may do all that you may"
            )
        talk("Ctrl-C ends it")
        if open:
            server.open_browser()
        server.run()
