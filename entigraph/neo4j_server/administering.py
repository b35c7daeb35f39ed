"""`neo4j-admin` of the development server: the importer, dumps, checks."""

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from entigraph.config import child_environment
from entigraph.neo4j_server.launching import OPENED, find_way
from entigraph.neo4j_server.layout import Layout, ServerError
from entigraph.neo4j_server.processes import is_ours, waited_lock


def admin(
    home: Path, cache: Path, words: Sequence[str], *, say: Callable[[str], None] = lambda _: None
) -> int:
    """Run neo4j-admin with these words on the databases of `home`; its exit code. It prints for itself.

    Raises ServerError while the server runs (an importer would write into its open database) and where
    it was never started: there is no database and no password yet.
    """
    layout = Layout(home)
    state = layout.state()
    if state is None or not (layout.conf / "neo4j.conf").exists():
        raise ServerError(
            f"neo4j-admin finds no database of ours in {str(home)!r}: run 'entigraph neo4j start' once, then "
            "'entigraph neo4j stop'"
        )
    with waited_lock(layout.lock, lambda: say("another command starts or stops the server; waiting")):
        if state.pid and is_ours(state.pid, home):
            raise ServerError(
                "neo4j-admin cannot work on a running server: stop it with 'entigraph neo4j stop'"
            )
        way = find_way(state.way, cache, None, say)
        if way.jars is None or way.java is None:
            raise ServerError(
                "neo4j-admin of a server in Docker is run in its image: see the page of Neo4j's Docker image"
            )
        opened = [word for name in OPENED for word in ("--add-opens", f"java.base/{name}=ALL-UNNAMED")]
        classes = f"{layout.conf}/*{os.pathsep}{way.jars}/*"
        command = [
            str(way.java.program),
            *opened,
            "-cp",
            classes,
            "org.neo4j.server.startup.Neo4jAdminBoot",
            *words,
        ]
        environment = child_environment(NEO4J_HOME=str(layout.home), NEO4J_CONF=str(layout.conf))
        return subprocess.run(command, env=environment, check=False).returncode
