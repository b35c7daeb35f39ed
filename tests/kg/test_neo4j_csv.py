"""A corpus as files for `neo4j-admin database import`: what is in them, and what comes back from a server."""

import re
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kg.model import (
    Asked,
    Candidate,
    Check,
    Chunk,
    Document,
    Entity,
    Evidence,
    GraphError,
    Mention,
    Record,
    Relation,
    Resolution,
    Subgraph,
)
from kg.neo4j_csv import write_neo4j_csv
from kg.store import Store
from kg.stores import open_corpus
from tests.kg.conftest import Tale

NAME = "it's \\ mine"
KINDS: tuple[type[Any], ...] = (
    Document,
    Chunk,
    Candidate,
    Mention,
    Evidence,
    Resolution,
    Entity,
    Relation,
    Record,
)
HOSTILE = [
    'quote " and ""',
    '"',
    "new\nline",
    "line\r\nend\r",
    "comma, semi; tab\t",
    "back\\slash\\",
    "nul \0 nul",
    " spaces ",
    "\ufeff\u2028\u202e\ufffe",
    "李明 \U0001f600",
    "'); MATCH (n) DETACH DELETE n //`}",
    "n" * 100_000,
    "\x1f",
]


@pytest.fixture
def full(tale: Tale) -> Store:
    """A corpus of everything: documents, one of which changed, texts, a user's word, hostile given entities."""
    from kg.curation import merge
    from kg.derivation import derive

    store = tale.store
    names = {"Orla Finch": "person", "Bram Keel": "person", "Saltmere": "place"}
    told = [("Orla Finch", "met", "Bram Keel"), ("Bram Keel", "left", "Saltmere")]
    tale.tell("one", "Orla Finch met Bram Keel. Bram Keel left Saltmere.", names, told)
    tale.tell("two", 'The "Tide"\r\nClock, by Orla Finch.', {"Orla Finch": "person", "Tide": "work"})
    derive(store)
    merge(store, ["Bram Keel", "Saltmere"])
    given = [
        Entity.make(name, "thing", str(i), name, ("also " + name, "") if i % 5 else (), given=True)
        for i, name in enumerate(HOSTILE)
    ]
    store.upsert(given)
    store.upsert([Entity.make("Blank", "", "", "", ("",), given=True)])
    pairs = pairwise(given)
    store.upsert([Relation.make(a.id, b.name, b.id, a.name, 1 / 3, given=True) for a, b in pairs])
    entities = list(store.read(Entity, "id", [one.entity for one in store.read(Resolution)]))
    store.upsert([record(store, n, entities) for n in range(3)])
    tale.tell("one", "Orla Finch is alone.", {"Orla Finch": "person"})  # cited chunks stay, as gone
    derive(store)
    store.set_settings(model='a "model"\nof mine')
    return store


def record(store: Store, number: int, entities: list[Entity]) -> Record:
    chunks = tuple(chunk.id for chunk in store.read(Chunk))
    asked = tuple(
        Asked(e.id, e.name, tuple(c.id for c in store.read(Candidate, "entity", [e.id])), True)
        for e in entities
    )
    return Record(
        id=secrets.token_hex(16),
        item="i" * 32,
        kind="text",
        title=HOSTILE[number],
        text=HOSTILE[number] * 2,
        language="en",
        strategy="relate",
        version="1",
        model="echo",
        subgraph=Subgraph.make([e.id for e in entities], slots=(("mood", HOSTILE[2]),)),
        asked=asked,
        relations=((entities[0].id, "met", entities[1].id),),
        documents=tuple(store.read(Chunk, "id", [c]).__next__().document for c in chunks),
        chunks=chunks if number else (),
        call="c",
        run="r",
        checks=(Check("finish", "failed", HOSTILE[0]),),
        status=("accepted", "rejected", "edited")[number],
        left_out=("a", "b") if number else (),
        cost_usd=0.1 if number else None,
        parent="p" if number else None,
    )


# ---- the files -----------------------------------------------------------------------------------


def test_the_files_hold_every_node_and_relation(full: Store, tmp_path: Path) -> None:
    written = write_neo4j_csv(full, tmp_path / "out")
    assert written.rows["EgEntity"] == len(list(full.read(Entity))) + len(full.past().entities)
    assert written.rows["EgEntity-REL"] == len(list(full.read(Relation)))
    assert written.rows["EgMention"] == written.rows["EgMention-OF"] == len(list(full.read(Mention)))
    assert written.rows["EgText"] == 3
    assert written.rows["EgChunk-WAS_IN"] > 0
    assert sorted(map(Path, written.files)) == sorted((tmp_path / "out").iterdir())
    assert written.corpus == "tale"


def test_the_command_names_every_file(full: Store, tmp_path: Path) -> None:
    written = write_neo4j_csv(full, tmp_path / "a folder; with 'quotes'")
    named = re.findall(r"(?:nodes|relationships)=(\w+)=(\S+)\.csv", written.command)
    assert sorted(file for _, file in named) == sorted(written.rows)
    assert all(file.endswith(kind) for kind, file in named)
    assert written.command.startswith("cd '")
    said = (written.folder / "load.txt").read_text("utf-8")
    assert written.command.endswith(said.strip())


def test_lists_are_parted_by_a_character_that_is_in_none(full: Store, tmp_path: Path) -> None:
    written = write_neo4j_csv(full, tmp_path / "out")  # an alias above is "also \x1f"
    (code,) = re.findall(r"--array-delimiter=U\+([0-9A-F]+)", written.command)
    used = {c for e in full.read(Entity) for alias in e.aliases for c in alias}
    assert chr(int(code, 16)) not in used
    assert "\x1f" in used


def test_a_very_long_field_makes_the_buffer_of_the_importer_larger(tale: Tale, tmp_path: Path) -> None:
    small = write_neo4j_csv(tale.store, tmp_path / "small")
    assert "--read-buffer-size" not in small.command
    tale.store.upsert([Entity.make("Long", "thing", description="李" * 3_000_000, given=True)])
    assert "--read-buffer-size=12m" in write_neo4j_csv(tale.store, tmp_path / "long").command


def test_an_earlier_export_is_replaced_and_anything_else_is_left_alone(full: Store, tmp_path: Path) -> None:
    first = write_neo4j_csv(full, tmp_path / "out")
    again = write_neo4j_csv(full, tmp_path / "out")
    assert again.rows == first.rows
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x")
    with pytest.raises(GraphError, match="something else is there already"):
        write_neo4j_csv(full, tmp_path / "mine")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "out", "tale.kg"]


# ---- through the importer ------------------------------------------------------------------------


CONF = """server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{}
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
server.memory.heap.max_size=384m
server.memory.pagecache.size=64m
"""
OPENED = ("nio", "io", "sun.nio.ch", "lang", "util.concurrent")


@pytest.fixture
def loaded(tmp_path: Path) -> Iterator[Callable[[Path, list[str]], str]]:
    """`loaded(folder, arguments)`: loads the files and starts a server on them; its address."""
    from entigraph.config import child_environment, neo4j_cache
    from entigraph.neo4j_server.jars import maven_jars
    from entigraph.neo4j_server.java import find_java

    home, port = tmp_path / "server", free_port()
    for name in ("conf", "plugins"):
        (home / name).mkdir(parents=True)
    (home / "conf" / "neo4j.conf").write_text(CONF.format(port))
    java = find_java()
    env = child_environment(NEO4J_HOME=str(home), NEO4J_CONF=str(home / "conf"))
    begin = [str(java.program), "-Xmx384m"]
    begin += [
        w
        for name in OPENED
        for w in ("--add-opens", f"java.base/{name if name[0] == 's' else 'java.' + name}=ALL-UNNAMED")
    ]
    begin += ["-cp", f"{maven_jars(neo4j_cache(), java, print).folder}/*"]

    def admin(folder: Path, *words: str) -> str:
        command = [*begin, "org.neo4j.server.startup.Neo4jAdminBoot", *words]
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    with ExitStack() as stack:

        def load(folder: Path, arguments: list[str]) -> str:
            report = tmp_path / "report"
            assert "IMPORT DONE" in admin(folder, *arguments, f"--report-file={report}")
            assert not report.exists() or report.read_text() == ""  # what the importer complains of
            admin(home, "dbms", "set-initial-password", "password1")
            words = ["org.neo4j.server.CommunityEntryPoint", f"--home-dir={home}"]
            words += [f"--config-dir={home / 'conf'}", "--console-mode"]
            log = stack.enter_context((home / "log").open("w"))
            server = stack.enter_context(subprocess.Popen([*begin, *words], env=env, stdout=log, stderr=log))
            stack.callback(server.kill)
            until = time.monotonic() + 240
            while "Started." not in (home / "log").read_text():
                assert server.poll() is None, (home / "log").read_text()[-2000:]
                assert time.monotonic() < until
                time.sleep(0.5)
            return f"bolt://neo4j:password1@127.0.0.1:{port}"

        yield load


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.mark.slow
@pytest.mark.neo4j
def test_what_the_importer_loads_is_the_corpus(
    full: Store, tmp_path: Path, loaded: Callable[[Path, list[str]], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = write_neo4j_csv(full, tmp_path / "out", corpus=NAME)
    server = loaded(written.folder, written.arguments)
    address = f"{server}#{quote(NAME)}"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    there = open_corpus(address)
    try:
        for kind in KINDS:
            assert list(there.read(kind)) == list(full.read(kind)), kind
        assert there.past() == full.past()
        assert there.settings == full.settings
        assert there.documents() == full.documents()
        chunks = [chunk for record in full.read(Record) for chunk in record.chunks]
        assert there.words(chunks) == full.words(chunks)
        assert there.graph().relation_ids.tolist() == full.graph().relation_ids.tolist()
        assert [e.name for e in there.search("QUOTE")] == [e.name for e in full.search("QUOTE")]
        texts = list(full.read(Record, "document", [full.documents()[0].id]))
        assert list(there.read(Record, "document", [full.documents()[0].id])) == texts
        generation = there.generation
        there.upsert(full.read(Entity))
        assert there.generation == generation
    finally:
        there.close()
    same_as_a_copy(full, server)


def same_as_a_copy(full: Store, server: str) -> None:
    """Every node and relation of ours is as the store itself writes it, to the last property."""
    import neo4j

    from kg.copying import copy

    copied = open_corpus(f"{server}#copied", create=True)
    copy(full, copied)
    copied.close()
    login = ("neo4j", "password1")
    with neo4j.GraphDatabase.driver(f"bolt://{server.partition('@')[2]}", auth=login) as driver:

        def pairs(corpus: str) -> list[list[object]]:
            found = driver.execute_query(
                "MATCH (a {corpus: $corpus})-[r]->(b) RETURN labels(a)[0], a.id, type(r), properties(r), "
                "labels(b)[0], b.id ORDER BY a.id, type(r), b.id, r.id",
                corpus=corpus,
            ).records
            rows = [list(row) for row in found]
            for row in rows:
                row[3].pop("corpus", None)
            return rows

        def nodes(corpus: str) -> list[dict[str, object]]:
            found = driver.execute_query(
                "MATCH (a {corpus: $corpus}) WHERE size(a.id) = 32 "  # what the store keeps for itself has other ids
                "RETURN properties(a) ORDER BY labels(a)[0], a.id",
                corpus=corpus,
            ).records
            return [{**row[0], "corpus": ""} for row in found]

        assert pairs(NAME) == pairs("copied")
        assert nodes(NAME) == nodes("copied")
