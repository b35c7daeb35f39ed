"""Killed servers, killed builders, cut connections: what was interrupted is refused until it is mended.

A build writes in transactions of a few rows here, so that documents and graph become several each.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from kg.model import Document, Entity, Relation
from kg.store import CorpusLocked, Store, StoreError
from kg.stores import open_corpus
from tests.kg.stores.conftest import OwnServer

pytestmark = [pytest.mark.neo4j, pytest.mark.slow]

BUILDER = """
import sys
from pathlib import Path
from kg.building import build
from kg.extract import extractor
from kg.model import GraphError
from kg.stores import open_corpus
from kg.stores.neo4j import commits, derived, upserts

commits.WHOLE, commits.BATCH, derived.BATCH, derived.LARGE, upserts.LARGE = 40, 20, 20, 60, 60
place, folder = sys.argv[1], Path(sys.argv[2])

def tell(progress):
    print("entities" if progress.source == "entities" else "document", flush=True)

try:
    store = open_corpus(place, create=True, writable=True)
    print("ready", flush=True)
    build([folder / "docs"], store, extractor("dictionary", names=folder / "names.txt"), on_event=tell)
    store.close()
except GraphError as error:
    print("told", error, flush=True)
    sys.exit(3)
"""
DOCUMENTS, NAMES = 6, 40
See = Callable[[Store], dict[str, Any]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents of about sixty mentions each, and the list of names."""
    rng = random.Random(7)
    made = tmp_path_factory.mktemp("sources")
    names = [f"Person{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(NAMES)]
    (made / "names.txt").write_text("\n".join(names) + "\n", "utf-8")
    (made / "docs").mkdir()
    for i in range(DOCUMENTS):
        lines = [f"{a} met {b} near {c}." for a, b, c in (rng.sample(names, 3) for _ in range(20))]
        (made / "docs" / f"{i}.txt").write_text("\n".join(lines), "utf-8")
    return made


@pytest.fixture
def expected(folder: Path, tmp_path: Path, everything: See) -> dict[str, Any]:
    """What a build that nobody interrupts makes, in a folder."""
    store = open_corpus(tmp_path / "whole.kg", create=True)
    build(store, folder)
    found = everything(store)
    store.close()
    assert len(found["Relation"]) > 100
    return found


def build(store: Store, folder: Path) -> None:
    from kg.building import build as carry_out
    from kg.extract import extractor

    carry_out([folder / "docs"], store, extractor("dictionary", names=folder / "names.txt"))


@contextmanager
def building(place: str, folder: Path, root: Path) -> Iterator["subprocess.Popen[str]"]:
    """A builder in a process of its own, ready to write; killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", BUILDER, place, str(folder)],
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(process: "subprocess.Popen[str]", line: str) -> None:
    """Until the builder has said this."""
    assert process.stdout is not None
    for said in process.stdout:
        if said.startswith(line):
            return
    raise AssertionError(f"the builder ended before it said {line!r}")


def looked_at(place: str, expected: dict[str, Any]) -> str:
    """What a reader is told, empty where nothing is wrong: what it sees then is whole."""
    counts = {info.id: (info.chunks, info.mentions, info.evidence) for info in expected["documents"]}
    reader = open_corpus(place, writable=False)
    try:
        for info in reader.documents():
            if info.fingerprint:
                assert (info.chunks, info.mentions, info.evidence) == counts[info.id]
        rows = len(list(reader.read(Entity))), len(list(reader.read(Relation)))
        graph = reader.graph()
        whole = len(expected["Entity"]), len(expected["Relation"])
        assert (len(graph), graph.relation_count) == rows
        assert rows in ((0, 0), whole), "a graph is there or it is not"
        return ""
    except StoreError as error:
        return str(error)
    finally:
        reader.close()


def constraints(store: Any) -> set[str]:
    with store._access.session() as session:
        return {name for (name,) in session.run("SHOW CONSTRAINTS YIELD name RETURN name")}


def mended(place: str, folder: Path, expected: dict[str, Any], everything: See) -> None:
    """The build is run again and the corpus is as if nothing had happened."""
    store = open_corpus(place, create=True, writable=True)
    build(store, folder)
    store.close()
    reader = open_corpus(place, writable=False)
    assert everything(reader) == expected
    assert "eg_rel_id" in constraints(reader)
    reader.close()


def reach(moment: tuple[str, str], process: "subprocess.Popen[str]", place: str, rng: random.Random) -> None:
    """Until the builder has said so and a little longer, or until a step has begun and not ended."""
    how, what = moment
    if how == "said":
        wait_for(process, what)
        time.sleep(rng.uniform(0.0, 0.15))
        return
    reader: Any = open_corpus(place)
    while not any(step.startswith(what) for step in reader._head().unfinished):
        assert process.poll() is None, "it ended before that"
    reader.close()


MOMENTS = [
    ("said", "document"),
    ("begun", "document"),
    ("said", "entities"),
    ("begun", "derived"),
    ("said", "document"),
]


def test_a_server_killed_five_times_mid_build_leaves_what_a_rerun_makes_whole(
    own_server: OwnServer, folder: Path, root: Path, expected: dict[str, Any], everything: See
) -> None:
    rng = random.Random(20_261_121)
    told = []
    for moment in MOMENTS:
        place = own_server.new_place()
        with building(place, folder, root) as process:
            reach(moment, process, place, rng)
            own_server.kill()
            out, _ = process.communicate(timeout=60)
            assert process.returncode == 3, "the server was killed while it built"
            assert "told cannot" in out
            assert "Is the server running?" in out or "connection" in out
        with pytest.raises(StoreError, match=r"Is the server running\? 'entigraph neo4j start'"):
            open_corpus(place)
        own_server.start()
        told.append(looked_at(place, expected))
        mended(place, folder, expected, everything)
    assert all("was interrupted. Run the command that wrote it again" in one for one in told if one)
    assert any(told), "one of the kills met a graph or a document half written"


def test_a_builder_killed_ten_times_leaves_what_a_rerun_makes_whole(
    own_server: OwnServer, folder: Path, root: Path, expected: dict[str, Any], everything: See
) -> None:
    rng = random.Random(4)
    told = []
    for moment in MOMENTS * 2:
        place = own_server.new_place()
        with building(place, folder, root) as process:
            reach(moment, process, place, rng)
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL, "it was at work when it was killed"
        told.append(looked_at(place, expected))
        mended(place, folder, expected, everything)
    assert sum(map(bool, told)) >= 2, "some kills met a graph or a document half written"


def test_of_two_builders_at_once_one_works_and_the_other_is_told(
    own_server: OwnServer, folder: Path, root: Path, expected: dict[str, Any], everything: See
) -> None:
    place = own_server.new_place()
    open_corpus(place, create=True).close()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", BUILDER, place, str(folder)],
            env={**os.environ, "PYTHONPATH": str(root)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=300)[0] for process in processes]
    assert sorted(process.returncode for process in processes) == [0, 3]
    loser = [process.returncode for process in processes].index(3)
    pid = processes[1 - loser].pid
    assert f"process {pid} (" in said[loser]
    assert "since 20" in said[loser]
    assert f"stop it with 'kill {pid}'" in said[loser]
    reader = open_corpus(place)
    assert everything(reader) == expected
    reader.close()


def test_a_builder_whose_server_restarts_while_it_idles_takes_its_lock_again(own_server: OwnServer) -> None:
    place = own_server.new_place()
    builder = open_corpus(place, create=True, writable=True)
    idle = open_corpus(place)
    builder.upsert([Entity.make("before", "x", given=True)])
    own_server.kill()
    with pytest.raises(StoreError, match="Is the server running"):
        builder.upsert([Entity.make("meanwhile", "x", given=True)])
    for look in (idle.graph, idle.documents, lambda: list(idle.read(Entity)), lambda: idle.search("before")):
        with pytest.raises(StoreError, match="Is the server running"):
            look()
    own_server.start()
    assert [one.name for one in idle.read(Entity)] == ["before"]
    builder.upsert([Entity.make("after", "x", given=True)])
    with pytest.raises(CorpusLocked, match="this process already"):
        idle.upsert([Entity.make("me too", "x")])
    assert sorted(one.name for one in idle.read(Entity)) == ["after", "before"]
    builder.close()
    assert idle.upsert([Entity.make("now me", "x")]) == 1
    idle.close()


class Wire:
    """Between a client and a server: hands bytes on until so many have come from the server, then cuts."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.left = 10**12
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        try:
            while True:
                client = self.listening.accept()[0]
                server = socket.create_connection(("127.0.0.1", self.target))
                for one, other, counted in ((client, server, False), (server, client, True)):
                    threading.Thread(target=self._hand_on, args=(one, other, counted), daemon=True).start()
        except OSError:
            pass

    def _hand_on(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        try:
            while found := source.recv(4096):
                if counted:
                    self.left -= len(found)
                if self.left < 0:
                    break
                target.sendall(found)
        except OSError:
            pass
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def close(self) -> None:
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()


@pytest.fixture
def wire(own_server: OwnServer) -> Iterator[Wire]:
    made = Wire(own_server.bolt_port)
    yield made
    made.close()


@pytest.fixture
def sliced(
    own_server: OwnServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Store]]:
    """A corpus that is read in many small slices: its place, and the store that built it."""
    from kg.stores.neo4j import slices

    monkeypatch.setattr(slices, "SLICE", 20)
    place = own_server.new_place()
    store = open_corpus(place, create=True)
    build(store, folder)
    yield place, store
    store.close()


def test_a_connection_cut_while_pages_are_read_is_an_error_never_a_short_result(
    own_server: OwnServer, wire: Wire, sliced: tuple[str, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.stores.neo4j import reads

    monkeypatch.setattr(reads, "PAGE", 20)
    place, store = sliced
    looks: dict[str, Callable[[Store], Any]] = {
        "relations": lambda one: list(one.read(Relation)),
        "documents": lambda one: list(one.read(Document)),
        "infos": lambda one: one.documents(),
        "graph": lambda one: one.graph().names,
        "search": lambda one: one.search("Person"),
        "past": lambda one: one.past(),
    }
    expected = {name: look(store) for name, look in looks.items()}
    store.close()
    cut = place.replace(str(own_server.bolt_port), str(wire.port))
    rng = random.Random(3)
    errors: list[str] = []
    for name, look in looks.items():
        for _ in range(6):
            wire.left = 10**12
            reader = open_corpus(cut)
            wire.left = rng.randrange(100, 30_000)
            try:
                assert look(reader) == expected[name]
            except StoreError as error:
                errors.append(str(error))
            finally:
                wire.left = 10**12
                reader.close()
    assert len(errors) >= 6
    assert all("Is the server running?" in error for error in errors)
    wire.left = 10**12
    builder = open_corpus(cut, writable=True)
    wire.left = 500
    with pytest.raises(StoreError, match="Is the server running"):
        builder.upsert([Entity.make(f"E{i}", "x", given=True) for i in range(3_000)])
    wire.left = 10**12
    builder.upsert([Entity.make("after the cut", "x", given=True)])
    builder.close()


def test_a_graph_can_be_read_while_texts_are_written_without_a_pause(
    sliced: tuple[str, Store], record: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.stores.neo4j import commits

    monkeypatch.setattr(commits, "WAIT_SECONDS", 20.0)
    place, _ = sliced
    writer, ended = open_corpus(place), threading.Event()

    def write() -> None:
        i = 0
        while not ended.is_set():
            writer.upsert([record(str(i := i + 1))])

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(3):
            reader = open_corpus(place)
            assert reader.graph().relation_count > 100
            assert len(list(reader.read(Entity))) == NAMES
            reader.close()
    finally:
        ended.set()
        thread.join()
    writer.close()
