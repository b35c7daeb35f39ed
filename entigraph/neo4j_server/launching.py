"""Start the server's process and wait until it answers; a start that fails leaves nothing running."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from entigraph.config import child_environment
from entigraph.neo4j_server.container import (
    check_docker,
    container_log,
    container_runs,
    run_container,
    stop_container,
)
from entigraph.neo4j_server.jars import VERSION, installed_jars, maven_jars
from entigraph.neo4j_server.java import Java, find_java
from entigraph.neo4j_server.layout import (
    LOG_BYTES,
    Layout,
    ServerError,
    State,
    first_heap,
    settings,
    write_secret,
)
from entigraph.neo4j_server.processes import ended, is_ours, kill, refusal, speaks_bolt, tail

WAYS = ("installed", "maven", "docker")
ANSWER_SECONDS = 240.0
REFUSAL_SECONDS = 30.0  # for a database to come up after the server has
STOP_SECONDS = 60
OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.lang", "java.util.concurrent")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Way:
    """How a server can be run here: in a container, or with these jars and this Java."""

    name: str
    version: str
    jars: Path | None = None
    java: Java | None = None


def find_way(named: str | None, cache: Path, java: str | None, say: Say) -> Way:
    """The first way to run a server that is there, or the one that is named. Raises ServerError."""
    if named is not None and named not in WAYS:
        raise ValueError(f"a way to run Neo4j is one of {', '.join(WAYS)}, not {named!r}")
    failures: list[str] = []
    log: tuple[str, ...] = ()
    for name in WAYS if named is None else (named,):
        try:
            if name == "docker":
                check_docker()
                return Way(name, VERSION)
            if name == "installed":
                jars = installed_jars()
                return Way(name, jars.version, jars.folder, find_java(java))
            found = find_java(java)
            jars = maven_jars(cache, found, say)
            return Way(name, jars.version, jars.folder, found)
        except ServerError as error:
            failures.append(f"{name}: {error}")
            log = log or error.log
    what = "no way to run Neo4j here" if named is None else "cannot run Neo4j that way"
    raise ServerError(f"{what}. {'. '.join(failures)}", log)


def launch(layout: Layout, way: Way, *, bolt_port: int, http_port: int, heap: str, say: Say) -> State:
    """What runs now: a server that answers a query on its database. Raises ServerError, and stops it then."""
    password = layout.make_password()
    say(f"starting Neo4j {way.version}{f' with {way.java}' if way.java else ''}, heap {heap}")
    since = time.strftime("%Y-%m-%d %H:%M:%S")
    state = State(way.name, way.version, bolt_port, http_port, heap=heap, since=since)
    starts = (_size(layout.log), _size(layout.debug_log))
    if way.jars is None or way.java is None:
        container = run_container(layout, bolt_port, http_port, heap, password)
        state = State(way.name, way.version, bolt_port, http_port, 0, container, "", heap, since)
        process = None
    else:
        _write_settings(layout, settings(layout, bolt_port, http_port, heap))
        if not (layout.data / "dbms" / "auth.ini").exists() and not layout.has_databases:
            _set_password(layout, way.jars, way.java, password)
        if _size(layout.log) > LOG_BYTES:
            layout.log.replace(layout.log.with_name(layout.log.name + ".1"))
        starts = (_size(layout.log), starts[1])
        process = _spawn(layout, way.jars, way.java, heap)
        java = str(way.java)
        state = State(way.name, way.version, bolt_port, http_port, process.pid, "", java, heap, since)
    layout.keep(state)
    try:
        wait(layout, state, process, password, starts)
    except BaseException:
        if not _gone(layout, state, process):
            say("stopping it")
            _end(layout, state)
        raise
    return state


def last_lines(layout: Layout, state: State | None, lines: int) -> list[str]:
    """The last lines of the log of the server that runs or ran last."""
    if state is not None and state.container:
        return container_log(state.container, lines)
    return tail(layout.log, lines)


def reason(lines: list[str]) -> str:
    """The line of a log that says why: the deepest cause, else an error, else the last line.

    >>> reason(["INFO Starting...", "ERROR Failed: see log", "Caused by: x.LockException: locked", "	at x"])
    'x.LockException: locked'
    """
    causes = [line.strip() for line in lines if line.strip().startswith("Caused by:")]
    if causes:
        return causes[-1].removeprefix("Caused by: ")
    wrong = [line.strip() for line in lines if re.search(r"\bERROR\b|^Error|Exception\b", line)]
    said = wrong or [line.strip() for line in lines if line.strip()]
    return re.sub(r"^[-\d: .+]*(ERROR\s+)?", "", said[-1 if not wrong else 0]) if said else "it said nothing"


def _write_settings(layout: Layout, wanted: dict[str, str]) -> None:
    lines = [f"{name}={value}".replace("\\", "\\\\") for name, value in wanted.items()]
    text = "# Written by 'entigraph neo4j start' at every start.\n" + "\n".join(lines) + "\n"
    (layout.conf / "neo4j.conf").write_text(text, "utf-8")


def quoted(word: str) -> str:
    r"""A word as the files of arguments of Neo4j's own programs want it, where quotes and # mean something.

    >>> print(quoted('-a "b" #c'))
    "-a \"b\" #c"
    """
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _set_password(layout: Layout, jars: Path, java: Java, password: str) -> None:
    """Tell the server its password before its first start, through a file: a command line is public."""
    words = layout.home / "password.words"
    write_secret(words, f"--\n{quoted(password)}")  # it may begin with a "-", as one in 64 random ones does
    command = [str(java.program), "-cp", f"{jars}/*", "org.neo4j.server.startup.Neo4jAdminBoot"]
    command += ["dbms", "set-initial-password", f"@{words}"]
    environment = child_environment(NEO4J_HOME=str(layout.home), NEO4J_CONF=str(layout.conf))
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=120,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ServerError("Neo4j did not take its first password within 120 s") from None
    finally:
        words.unlink()
    if done.returncode:
        lines = [line.replace(password, "***") for line in (done.stdout + done.stderr).splitlines()]
        raise ServerError(f"Neo4j does not take its first password: {reason(lines)}", tuple(lines[-20:]))


def _spawn(layout: Layout, jars: Path, java: Java, heap: str) -> "subprocess.Popen[bytes]":
    """The server's process, in a session of its own: it lives on when we end."""
    opened = [word for name in OPENED for word in ("--add-opens", f"java.base/{name}=ALL-UNNAMED")]
    command = [str(java.program), f"-Xms{first_heap(heap)}", f"-Xmx{heap}", *opened]
    # Plugins such as APOC also stand on the class path, as Neo4j's own script has it.
    classes = f"{jars}/*{os.pathsep}{layout.home / 'plugins'}/*"
    command += ["-Dfile.encoding=UTF-8", "-cp", classes, "org.neo4j.server.CommunityEntryPoint"]
    command += [f"--home-dir={layout.home}", f"--config-dir={layout.conf}", "--console-mode"]
    environment = child_environment(NEO4J_HOME=str(layout.home), NEO4J_CONF=str(layout.conf))
    with layout.log.open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=layout.home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait(
    layout: Layout,
    state: State,
    process: "subprocess.Popen[bytes] | None",
    password: str,
    starts: tuple[int, int] = (0, 0),
) -> None:
    """Until the server answers a query. Raises ServerError with the reason its logs give.

    `starts`: where in its log and its debug log the lines of this start begin.
    """
    began = time.monotonic()
    refused, first_refusal = "", 0.0
    while (waited := time.monotonic() - began) < ANSWER_SECONDS:
        if _gone(layout, state, process):
            raise _failed(layout, state, starts[0], f"its process ended after {waited:.0f} s")
        if speaks_bolt(state.bolt_port):
            answer = refusal(state.http_port, password)
            if answer == "":
                return
            if answer and "Unauthorized" in answer:
                raise ServerError(
                    f"Neo4j started, but does not take the password in {str(layout.password_file)!r}. Was it "
                    "changed? Write the one in use into that file"
                )
            if answer and (cause := _database_failure(layout, starts[1])):
                raise _failed(layout, state, starts[0], f"its database 'neo4j' does not come up: {cause}")
            refused = answer or refused
            first_refusal = first_refusal or (waited if refused else 0.0)
            if refused and waited - first_refusal > REFUSAL_SECONDS:
                break
        time.sleep(0.2)
    how = f"it did not answer a query within {waited:.0f} s" + (f" ({refused})" if refused else "")
    raise _failed(layout, state, starts[0], how)


def _gone(layout: Layout, state: State, process: "subprocess.Popen[bytes] | None") -> bool:
    if process is not None:
        return process.poll() is not None
    return not (container_runs(state.container) if state.container else is_ours(state.pid, layout.home))


def _failed(layout: Layout, state: State, start: int, how: str) -> ServerError:
    lines = container_log(state.container, 100) if state.container else _lines(layout.log, start)
    place = f"'docker logs {state.container}'" if state.container else repr(str(layout.log))
    why = f": {reason(lines)[:400].rstrip('.')}" if "ended" in how else ""
    return ServerError(f"Neo4j did not start: {how}{why}. Its log: {place}", tuple(lines[-20:]))


def _database_failure(layout: Layout, start: int) -> str:
    """Why the database does not come up though the server did; empty where nothing is known of it."""
    lines = _lines(layout.debug_log, start)
    first = next((n for n, line in enumerate(lines) if "Failed to start DatabaseId" in line), None)
    return "" if first is None else reason(lines[first : first + 200])[:400]


def _lines(path: Path, start: int) -> list[str]:
    try:
        with path.open("rb") as file:
            file.seek(start)
            return file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _end(layout: Layout, state: State) -> None:
    """Stop what was started and did not come up."""
    if state.container:
        with suppress(ServerError):
            stop_container(state.container, STOP_SECONDS)
        return
    kill(state.pid, layout.home, signal.SIGTERM)
    if not ended(state.pid, layout.home, STOP_SECONDS):
        kill(state.pid, layout.home, signal.SIGKILL)
        ended(state.pid, layout.home, 10)
