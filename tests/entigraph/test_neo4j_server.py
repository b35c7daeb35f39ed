"""`entigraph neo4j` on real servers, each in a folder of its own, with the jars of the user's cache."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from entigraph.config import neo4j_cache
from entigraph.neo4j_server.jars import VERSION

if TYPE_CHECKING:
    from tests.entigraph.conftest import Outcome

pytestmark = [pytest.mark.slow, pytest.mark.neo4j]
HEAP = "256m"
PROGRAM = [sys.executable, "-c", "from entigraph.cli import main; main()"]


@dataclass(frozen=True)
class Place:
    """A server of its own: its folder, its ports, and the program that sees no other."""

    home: Path
    bolt_port: int
    http_port: int
    env: dict[str, str]

    def begin(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [*PROGRAM, "neo4j", *words],
            env=self.env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        )

    def __call__(self, *words: str) -> "Outcome":
        from tests.entigraph.conftest import Outcome

        process = self.begin(*words)
        out, err = process.communicate(timeout=300)
        return Outcome(process.returncode, out, err)

    @property
    def start(self) -> list[str]:
        return [
            *("start", "--heap", HEAP),
            *("--bolt-port", str(self.bolt_port), "--http-port", str(self.http_port)),
        ]

    @property
    def password(self) -> str:
        return (self.home / "password").read_text().strip()

    @property
    def address(self) -> str:
        return f"bolt://127.0.0.1:{self.bolt_port}"

    def ask(self, query: str) -> list[Any]:
        import neo4j

        with neo4j.GraphDatabase.driver(self.address, auth=("neo4j", self.password)) as driver:
            return [record.values() for record in driver.execute_query(query).records]


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def new_place(folder: Path) -> Place:
    from tests.entigraph.conftest import environment

    bolt_port, http_port = free_ports()
    env = environment(folder) | {
        "ENTIGRAPH_NEO4J_HOME": str(folder / "server"),
        "ENTIGRAPH_NEO4J_CACHE": str(neo4j_cache()),
    }
    env |= {name: value for name, value in os.environ.items() if name in ("PATH", "JAVA_HOME")}
    env["HOME"] = str(Path.home())  # where Maven keeps its settings
    return Place(folder / "server", bolt_port, http_port, env)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place where no server was ever started."""
    return new_place(tmp_path)


@dataclass(frozen=True)
class Started:
    place: Place
    outcomes: tuple["Outcome", "Outcome"]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A server that two commands started at the same moment."""
    from tests.entigraph.conftest import Outcome

    place = new_place(tmp_path_factory.mktemp("started"))
    both = [place.begin(*place.start, *more) for more in ((), ("--json",))]
    said = [process.communicate(timeout=300) for process in both]
    outcomes = [Outcome(process.returncode, *words) for process, words in zip(both, said, strict=True)]
    assert [outcome.code for outcome in outcomes] == [0, 0], outcomes
    yield Started(place, (outcomes[0], outcomes[1]))
    stopped = place("stop")
    assert stopped.code == 0, stopped.err


@pytest.fixture
def running(started: Started) -> Place:
    return started.place


def test_two_starts_at_the_same_moment_are_one_server(started: Started) -> None:
    people, program = started.outcomes
    assert people.out == f"{started.place.address}\n"
    news = [" runs (" in people.err, program.json["new"]]
    assert sorted(news) == [False, True]
    assert f"process {program.json['pid']}," in people.err


def test_starting_a_server_that_runs_says_so_and_changes_nothing(running: Place) -> None:
    before = running("status", "--json").json
    again = running("start")
    assert (again.code, again.out) == (0, f"{running.address}\n")
    assert f"Neo4j {VERSION} runs already (process {before['pid']}," in again.err
    assert running("status", "--json").json == before


def test_what_start_says_is_enough_to_log_in(running: Place) -> None:
    said = running("start").err
    line = next(line for line in said.splitlines() if "export NEO4J_URI" in line)
    script = f'{line.partition("elsewhere")[2]}; printf "%s" "$NEO4J_URI $NEO4J_USERNAME $NEO4J_PASSWORD"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == f"{running.address} neo4j {running.password}"
    assert running.ask("RETURN 1") == [[1]]


def test_a_password_that_looks_like_an_option_or_a_comment_is_a_password(place: Place) -> None:
    place.home.mkdir(parents=True)
    (place.home / "password").write_text('--verbose "#c" \\d \'e @f\n', "utf-8")
    try:
        started = place(*place.start)
        assert started.code == 0, started.err
        assert place.ask("RETURN 1") == [[1]]
    finally:
        place("stop")


def test_the_program_finds_the_password_of_the_server_by_itself(running: Place) -> None:
    code = "from entigraph.config import neo4j_login as l; import sys; print(*[l(a) for a in sys.argv[1:]])"
    hosts = [f"127.0.0.1:{running.bolt_port}", f"localhost:{running.bolt_port}", "example.org:7687"]
    command = [sys.executable, "-c", code, *hosts]
    done = subprocess.run(command, env=running.env, capture_output=True, text=True, check=True)
    login = f"('neo4j', '{running.password}')"
    assert done.stdout.strip() == f"{login} {login} None"


def test_only_its_owner_can_read_the_password_and_it_stands_nowhere_else(
    running: Place, started: Started
) -> None:
    assert stat.S_IMODE((running.home / "password").stat().st_mode) == 0o600
    assert stat.S_IMODE(running.home.stat().st_mode) == 0o700
    said = "".join(outcome.out + outcome.err for outcome in started.outcomes)
    said += running("status").out + running("status", "--json").out
    said += " ".join(psutil.Process(running("status", "--json").json["pid"]).cmdline())
    files = [path for path in running.home.rglob("*") if path.is_file() and path.stat().st_size < 1_000_000]
    assert len(files) > 10
    holding = [path.name for path in files if running.password.encode() in path.read_bytes()]
    assert (holding, running.password in said) == (["password"], False)


def test_status_tells_where_the_server_is(running: Place) -> None:
    outcome = running("status", "--json")
    seen = outcome.json
    assert outcome.code == 0
    assert (seen["running"], seen["answering"], seen["new"]) == (True, True, False)
    assert (seen["address"], seen["way"], seen["heap"]) == (running.address, "maven", HEAP)
    assert "CommunityEntryPoint" in " ".join(psutil.Process(seen["pid"]).cmdline())


def test_the_server_listens_on_this_machine_only(running: Place) -> None:
    server = psutil.Process(running("status", "--json").json["pid"])
    listening = {tuple(c.laddr) for c in server.net_connections("inet") if c.status == psutil.CONN_LISTEN}
    hosts = {str(host).removeprefix("::ffff:") for host, _ in listening}
    assert hosts == {"127.0.0.1"}
    assert {port for _, port in listening} == {running.bolt_port, running.http_port}


def test_neo4j_browser_is_there(running: Place) -> None:
    with urllib.request.urlopen(running("status", "--json").json["browser"], timeout=10) as page:
        assert b"Neo4j Browser" in page.read()


def test_logs_prints_the_last_lines(running: Place) -> None:
    lines = (running.home / "logs" / "console.log").read_text("utf-8").splitlines()
    assert running("logs", "-n", "2").out.splitlines() == lines[-2:]
    assert "Started." in lines[-1]


def test_logs_follow_goes_on_with_what_comes(running: Place) -> None:
    process = running.begin("logs", "-n", "1", "--follow")
    assert process.stdout is not None
    assert "Started." in process.stdout.readline()
    time.sleep(0.5)
    with (running.home / "logs" / "console.log").open("a") as log:
        log.write("INFO  Started. Said later.\n")
    assert process.stdout.readline() == "INFO  Started. Said later.\n"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130


def test_a_port_of_another_server_is_not_taken_over(running: Place, place: Place) -> None:
    outcome = place("start", "--bolt-port", str(running.bolt_port), "--http-port", str(place.http_port))
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.said == [
        f"entigraph: cannot start Neo4j: port {running.bolt_port} of 127.0.0.1 is taken by another Neo4j. "
        "Stop that, or choose a free port with --bolt-port"
    ]
    assert place("status").code == 3


def test_other_ports_for_a_server_that_runs_are_refused(running: Place) -> None:
    outcome = running("start", "--bolt-port", "7999")
    assert outcome.code == 1
    assert f"it runs already, on port {running.bolt_port}. Stop it first" in outcome.err


def test_a_hub_with_two_hundred_thousand_relations_is_wiped_under_a_small_heap(running: Place) -> None:
    running.ask("CREATE (:EgCorpus {name: 'hub', id: 'x'}), (:EgEntity {corpus: 'hub', id: 'hub'})")
    running.ask("CREATE (:EgCorpus {name: 'kept', id: 'y'}), (:EgEntity {corpus: 'kept', id: 'a'})")
    running.ask("CREATE (:Person {name: 'not ours', corpus: 'hub', id: 'p'})")
    for first in range(0, 200_000, 20_000):
        running.ask(
            f"MATCH (h:EgEntity {{corpus: 'hub', id: 'hub'}}) UNWIND range({first}, {first + 19_999}) AS i "
            "CREATE (h)-[:REL {corpus: 'hub', id: toString(i)}]->"
            "(:EgEntity {corpus: 'hub', id: 'e' + toString(i)})"
        )
    only_told = running("wipe", f"{running.address}#hub", "--json").json
    assert (only_told["nodes"], only_told["relations"], only_told["removed"]) == (200_002, 200_000, False)
    outcome = running("wipe", f"{running.address}#hub", "--yes", "--json")
    assert outcome.code == 0, outcome.err
    wiped = outcome.json
    assert (wiped["nodes"], wiped["relations"], wiped["corpora"]) == (200_002, 200_000, ["hub"])
    left = running.ask("MATCH (n) RETURN labels(n)[0], n.corpus ORDER BY 1, 2")
    assert left == [["EgCorpus", None], ["EgEntity", "kept"], ["Person", "hub"]]
    again = running("wipe", f"{running.address}#hub", "--yes")
    assert again.code == 1
    assert "there is no corpus 'hub' at" in again.err
    assert "There are: kept" in again.err
    assert running("wipe", "--all", "--yes", "--json").json["nodes"] == 2
    assert running.ask("MATCH (n) RETURN labels(n)") == [[["Person"]]]


@dataclass(frozen=True)
class Life:
    """What happened to a server that was killed, started from an installed Neo4j, stopped, and damaged."""

    home: Path
    after_kill: "Outcome"
    restarted: "Outcome"
    found: list[Any]
    stopped: "Outcome"
    log: list[str]
    after_stop: "Outcome"
    damaged: "Outcome"
    after_damage: "Outcome"


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    folder = tmp_path_factory.mktemp("life")
    place = new_place(folder)
    first = place(*place.start, "--json")
    assert first.code == 0, first.err
    place.ask("CREATE (:Kept {name: 'tide clock'})")
    os.kill(first.json["pid"], signal.SIGKILL)
    after_kill = place("status", "--json")

    (folder / "opt" / "bin").mkdir(parents=True)
    (folder / "opt" / "lib").symlink_to(neo4j_cache() / f"{VERSION}-community" / "lib")
    script = folder / "opt" / "bin" / "neo4j"
    script.write_text("#!/bin/sh\nexit 1\n")
    script.chmod(0o755)
    place.env["PATH"] = f"{script.parent}{os.pathsep}{place.env['PATH']}"
    restarted = place(*place.start, "--json")
    found = place.ask("MATCH (n:Kept) RETURN n.name") if restarted.code == 0 else []
    stopped = place("stop")
    log = place("logs").out.splitlines()
    after_stop = place("status")

    for path in (place.home / "data" / "databases" / "neo4j").glob("neostore*"):
        path.write_bytes(b"no database")
    damaged = place(*place.start)
    after_damage = place("status")
    shutil.rmtree(place.home / "data")
    return Life(place.home, after_kill, restarted, found, stopped, log, after_stop, damaged, after_damage)


def test_a_server_that_was_killed_is_seen_as_gone(life: Life) -> None:
    assert life.after_kill.code == 3
    assert life.after_kill.json["running"] is False


def test_a_killed_server_starts_again_with_its_data(life: Life) -> None:
    assert life.restarted.code == 0, life.restarted.err
    assert life.restarted.json["new"] is True
    assert life.found == [["tide clock"]]


def test_an_installed_neo4j_runs_on_our_own_data_where_there_is_one(life: Life) -> None:
    assert (life.restarted.json["way"], life.restarted.json["version"]) == ("installed", VERSION)
    assert life.restarted.json["home"] == str(life.home)


def test_stop_waits_for_a_clean_end(life: Life) -> None:
    assert life.stopped.code == 0
    assert life.stopped.said[-1] == "Neo4j has stopped"
    assert life.log[-1].endswith("Stopped.")
    assert (life.after_stop.code, life.after_stop.out) == (3, "")


def test_a_damaged_database_is_said_in_one_line_after_the_last_lines_of_the_log(life: Life) -> None:
    assert (life.damaged.code, life.damaged.out) == (1, "")
    assert life.damaged.said[-1].startswith("entigraph: Neo4j did not start: ")
    assert str(life.home / "logs" / "console.log") in life.damaged.said[-1]
    assert any(line.startswith("  | ") for line in life.damaged.said)
    assert life.after_damage.code == 3, "what did not start was stopped"


def test_a_heap_that_this_machine_does_not_have_is_said_with_the_reason(place: Place) -> None:
    outcome = place(*place.start, "--heap", "9999g")
    assert outcome.code == 1
    assert "Neo4j did not start: its process ended after" in outcome.said[-1]
    assert "memory" in outcome.said[-1]
    assert place("status").code == 3


def ends(pid: int, seconds: float) -> bool:
    """Whether a process ends in that time; one that only waits to be taken note of has ended."""
    try:
        process = psutil.Process(pid)
        end = time.monotonic() + seconds
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
    except psutil.NoSuchProcess:
        pass
    return True


def test_a_start_that_is_interrupted_leaves_nothing_running(place: Place) -> None:
    process = place.begin(*place.start)
    state = place.home / "server.json"
    while not state.exists():
        assert process.poll() is None
        time.sleep(0.02)
    pid = json.loads(state.read_text())["pid"]
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "interrupted" in said
    assert ends(pid, seconds=20)
