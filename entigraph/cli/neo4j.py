"""`entigraph neo4j`: a real Neo4j on this machine for development; corpora removed from one."""

from dataclasses import asdict
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from entigraph.cli.options import Json
from entigraph.cli.terminal import Progress, data, out, talk

if TYPE_CHECKING:
    from entigraph.neo4j_server import Server

app = typer.Typer(
    help="Run a Neo4j on this machine for development.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("start")
def start(
    way: Annotated[
        str | None,
        typer.Option(
            help="installed, maven or docker; otherwise the first of them that is there.", show_default=False
        ),
    ] = None,
    bolt_port: Annotated[
        int | None, typer.Option(help="Port for Bolt, else 7687.", show_default=False)
    ] = None,
    http_port: Annotated[
        int | None, typer.Option(help="Port for Neo4j Browser, else 7474.", show_default=False)
    ] = None,
    heap: Annotated[
        str | None,
        typer.Option(
            help="Memory for Java, such as 512m or 4g; else a quarter of this machine's, 2g at most.",
            show_default=False,
        ),
    ] = None,
    java: Annotated[
        str | None,
        typer.Option(help="The java to use, 17 or 21; otherwise one is looked for.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Start the server, or say that it runs; its address goes to stdout."""
    from entigraph import neo4j_server
    from entigraph.config import neo4j_cache, neo4j_home

    progress = Progress(quiet=json)
    try:
        server = neo4j_server.start(
            neo4j_home(),
            neo4j_cache(),
            way=way,
            bolt_port=bolt_port,
            http_port=http_port,
            heap=heap,
            java=java,
            say=progress.note,
        )
    except neo4j_server.ServerError as error:
        _show_log(error.log)
        raise
    if json:
        return data(asdict(server))
    talk(f"Neo4j {server.version} {'runs' if server.new else 'runs already'} ({_how(server)})")
    _introduce(server)
    return out(server.address)


@app.command("stop")
def stop(json: Json = False) -> None:
    """Stop the server and wait until it has shut down cleanly."""
    from entigraph import neo4j_server
    from entigraph.config import neo4j_home

    progress = Progress(quiet=json)
    try:
        stopped = neo4j_server.stop(neo4j_home(), say=progress.note)
    except neo4j_server.ServerError as error:
        _show_log(error.log)
        raise
    if json:
        return data({"stopped": stopped})
    return talk("Neo4j has stopped" if stopped else "Neo4j does not run; nothing to stop")


@app.command("status")
def status(json: Json = False) -> None:
    """Whether the server runs, where, and where its password is; exit code 3 where it does not run."""
    from entigraph import neo4j_server
    from entigraph.config import neo4j_home

    server = neo4j_server.status(neo4j_home())
    if json:
        data(asdict(server))
    elif server.running:
        answers = "answers" if server.answering else "does not answer yet"
        talk(f"Neo4j {server.version} runs since {server.since} and {answers} ({_how(server)})")
        _introduce(server)
        out(server.address)
    else:
        talk("Neo4j does not run; start it with 'entigraph neo4j start'")
    if not server.running:
        raise typer.Exit(3)


@app.command("logs")
def logs(
    n: Annotated[int, typer.Option("-n", "--lines", help="How many of the last lines.", min=1)] = 50,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what comes, until Ctrl-C.")
    ] = False,
) -> None:
    """Print the last lines of the server's log."""
    from entigraph import neo4j_server
    from entigraph.config import neo4j_home

    home = neo4j_home()
    lines = neo4j_server.logs(home, lines=n)
    if not lines and not follow:
        return talk(f"there is no log yet in {str(home)!r}; 'entigraph neo4j start' starts a server")
    for line in lines:
        out(line)
    if follow:
        for line in neo4j_server.follow(home):
            out(line)
    return None


@app.command("admin", context_settings={"ignore_unknown_options": True})
def admin(
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS...", help="What neo4j-admin is to do, such as: database check neo4j."),
    ],
) -> None:
    """Run Neo4j's own neo4j-admin on the databases of the stopped server."""
    from entigraph import neo4j_server
    from entigraph.config import neo4j_cache, neo4j_home

    try:
        code = neo4j_server.admin(neo4j_home(), neo4j_cache(), words, say=talk)
    except neo4j_server.ServerError as error:
        _show_log(error.log)
        raise
    if code:
        talk(f"entigraph: neo4j-admin ended with {code}")
        raise typer.Exit(1)


@app.command("wipe")
def wipe(
    address: Annotated[
        str | None,
        typer.Argument(
            metavar="[ADDRESS]",
            help="The corpus: bolt://host:7687#name. With --all a server; ours where none is named.",
            show_default=False,
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every corpus of entigraph in that database.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Remove; without it only say what would go.")] = False,
    json: Json = False,
) -> None:
    """Remove a corpus from Neo4j; nodes that are not entigraph's are never touched."""
    from entigraph import neo4j_server
    from entigraph.config import neo4j_home, neo4j_login

    if address is None and not all_:
        raise ValueError("name the corpus to remove, such as bolt://127.0.0.1:7687#handbook, or say --all")
    named = "#" in (address or "")
    if address is not None and named == all_:
        raise ValueError(
            "an address with '#name' removes one corpus, --all removes every corpus of a database: give one of them"
        )
    wiped = neo4j_server.wipe(
        address or neo4j_server.status(neo4j_home()).address, login=neo4j_login, every=all_, really=yes
    )
    if json:
        return data(asdict(wiped))
    what = f"{', '.join(map(repr, wiped.corpora)) or 'no corpus'} at {wiped.address}"
    said = f"{what}: {wiped.nodes:,} nodes, {wiped.relations:,} relations"
    return talk(f"removed {said}" if yes else f"would remove {said}; nothing was removed, --yes does it")


def _how(server: "Server") -> str:
    parts = [f"process {server.pid}" if server.pid else "container", server.way, server.java]
    return ", ".join(part for part in parts if part)


def _introduce(server: "Server") -> None:
    """How to use it. The password is named by its file and never printed."""
    talk(f"browser   {server.browser}  user {server.user}, password in {server.password_file}")
    talk(f"here      entigraph build DOCS -o {server.address}#handbook  (it finds the password itself)")
    talk(
        f"elsewhere export NEO4J_URI={server.address} NEO4J_USERNAME={server.user} "
        f'NEO4J_PASSWORD="$(cat {quote(server.password_file)})"'
    )


def _show_log(lines: tuple[str, ...]) -> None:
    for line in lines:
        talk(f"  | {line}")
