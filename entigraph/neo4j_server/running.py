"""The development server of a folder: started, stopped, looked at; one at a time."""

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from entigraph.neo4j_server.container import container_runs, follow_container, stop_container
from entigraph.neo4j_server.launching import STOP_SECONDS, WAYS, find_way, last_lines, launch, wait
from entigraph.neo4j_server.layout import (
    BOLT_PORT,
    HOST,
    HTTP_PORT,
    USER,
    Layout,
    ServerError,
    State,
    checked_heap,
    usual_heap,
)
from entigraph.neo4j_server.processes import (
    ended,
    follow_file,
    is_ours,
    kill,
    port_is_taken,
    speaks_bolt,
    waited_lock,
)


@dataclass(frozen=True, slots=True)
class Server:
    """The development server of a folder. `new`: this call started it; `answering`: it speaks Bolt now."""

    running: bool
    answering: bool
    new: bool
    address: str
    browser: str
    user: str
    password_file: str
    version: str
    way: str
    java: str
    heap: str
    pid: int
    since: str
    home: str
    log: str


def status(home: Path) -> Server:
    """What runs in that folder now; ports and version are those of the last start where nothing does."""
    layout = Layout(home)
    state = layout.state()
    return _seen(layout, state, running=_runs(layout, state), new=False)


def start(
    home: Path,
    cache: Path,
    *,
    way: str | None = None,
    bolt_port: int | None = None,
    http_port: int | None = None,
    heap: str | None = None,
    java: str | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Server:
    """The server of the folder `home`, answering; the one that runs already where one does.

    `way` is installed, maven or docker; without it the first that is there. Jars are kept in `cache`.
    Takes about 10 s, the first time with Maven about a minute. Raises ServerError, and leaves nothing
    running then; ValueError for a port or heap that cannot be.
    """
    ports = _ports(bolt_port, http_port)
    if heap is not None:
        checked_heap(heap)
    if way is not None and way not in WAYS:
        raise ValueError(f"a way to run Neo4j is one of {', '.join(WAYS)}, not {way!r}")
    layout = Layout(home)
    layout.make()
    with waited_lock(layout.lock, lambda: say("another command starts or stops it; waiting")):
        state = layout.state()
        if state is not None and _runs(layout, state):
            _check_same(state, bolt_port, http_port)
            wait(layout, state, None, layout.make_password())
            return _seen(layout, state, running=True, new=False)
        for port, option in zip(ports, ("--bolt-port", "--http-port"), strict=True):
            _check_free(port, option)
        found = find_way(way, cache, java, say)
        state = launch(
            layout,
            found,
            bolt_port=ports[0],
            http_port=ports[1],
            heap=checked_heap(heap) if heap else usual_heap(),
            say=say,
        )
        return _seen(layout, state, running=True, new=True)


def stop(home: Path, *, say: Callable[[str], None] = lambda _: None) -> bool:
    """Whether a server was stopped; False where none ran. Waits until it has shut down cleanly.

    Raises ServerError where it has not ended after 60 seconds; it is not killed.
    """
    layout = Layout(home)
    if layout.state() is None:
        return False
    with waited_lock(layout.lock, lambda: say("another command starts or stops it; waiting")):
        state = layout.state()
        if state is None or not _runs(layout, state):
            return False
        if state.container:
            stop_container(state.container, STOP_SECONDS)
            return True
        kill(state.pid, layout.home, signal.SIGTERM)
        say(f"asked Neo4j (process {state.pid}) to end; waiting for it")
        if not ended(state.pid, layout.home, STOP_SECONDS):
            raise ServerError(
                f"Neo4j (process {state.pid}) has not ended {STOP_SECONDS} s after it was asked to. Wait and "
                f"try again, or end it with 'kill -9 {state.pid}': it repairs itself at the next start",
                tuple(last_lines(layout, state, 10)),
            )
        return True


def logs(home: Path, *, lines: int = 50) -> list[str]:
    """The last lines the server said; none where none was ever started."""
    layout = Layout(home)
    return last_lines(layout, layout.state(), lines)


def follow(home: Path) -> Iterator[str]:
    """Each line the server says from now on, without end."""
    layout = Layout(home)
    state = layout.state()
    if state is not None and state.container:
        yield from follow_container(state.container)
    else:
        yield from follow_file(layout.log)


def _runs(layout: Layout, state: State | None) -> bool:
    if state is None:
        return False
    return container_runs(state.container) if state.container else is_ours(state.pid, layout.home)


def _seen(layout: Layout, state: State | None, *, running: bool, new: bool) -> Server:
    known = state or State("", "", BOLT_PORT, HTTP_PORT)
    return Server(
        running=running,
        answering=running and speaks_bolt(known.bolt_port),
        new=new,
        address=f"bolt://{HOST}:{known.bolt_port}",
        browser=f"http://{HOST}:{known.http_port}/browser/",
        user=USER,
        password_file=str(layout.password_file),
        version=known.version,
        way=known.way,
        java=known.java if running else "",
        heap=known.heap if running else "",
        pid=known.pid if running else 0,
        since=known.since if running else "",
        home=str(layout.home),
        log=str(layout.log),
    )


def _ports(bolt_port: int | None, http_port: int | None) -> tuple[int, int]:
    ports = (
        BOLT_PORT if bolt_port is None else bolt_port,
        HTTP_PORT if http_port is None else http_port,
    )
    if wrong := [port for port in ports if not 1 <= port <= 65535]:
        raise ValueError(f"a port lies between 1 and 65535, seen {wrong[0]}")
    if ports[0] == ports[1]:
        raise ValueError(f"Bolt and HTTP need a port each, seen {ports[0]} for both")
    return ports


def _check_same(state: State, bolt_port: int | None, http_port: int | None) -> None:
    for wanted, seen in ((bolt_port, state.bolt_port), (http_port, state.http_port)):
        if wanted is not None and wanted != seen:
            raise ServerError(
                f"cannot start Neo4j on port {wanted}: it runs already, on port {seen}. "
                "Stop it first: 'entigraph neo4j stop'"
            )


def _check_free(port: int, option: str) -> None:
    if port_is_taken(port):
        by = "another Neo4j" if speaks_bolt(port) else "another program"
        raise ServerError(
            f"cannot start Neo4j: port {port} of {HOST} is taken by {by}. "
            f"Stop that, or choose a free port with {option}"
        )
