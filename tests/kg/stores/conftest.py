"""One corpus for every store there is. A new store is tested by adding its places to `PLACES`."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec
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
    Mention,
    Record,
    Relation,
    Resolution,
    Subgraph,
)
from kg.store import Derived, Reading, Store
from kg.stores import open_corpus

Spoken = tuple[Document, Reading]
Say = Callable[..., Spoken]
Derive = Callable[[Store], Derived]
Everything = Callable[[Store], dict[str, Any]]
MakeRecord = Callable[..., Record]
ROOT = Path(__file__).resolve().parent.parent.parent.parent


# Files that import the driver of Neo4j are no tests where it is not installed.
collect_ignore = [] if find_spec("neo4j") else [f"test_neo4j_{one}.py" for one in ("killed", "lock", "reads")]

# Where a corpus of each kind is made in tests: the fixture that gives new places of it.
PLACES = {"folder": "new_folder", "bolt": "neo4j_place"}
# Other schemes that open a corpus of that kind.
ALSO = {"folder": (), "bolt": ("bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")}
MARKED = [pytest.param(kind, marks=pytest.mark.neo4j if kind == "bolt" else ()) for kind in sorted(PLACES)]


def entity_of(name: str) -> str:
    """The id of the entity of that name, without a type."""
    return Entity.make(name, "").id


@pytest.fixture(autouse=True)
def data_home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Journals of corpora in a database lie in the test's own folder, not in the user's."""
    if request.node.get_closest_marker("neo4j"):
        request.getfixturevalue("neo4j_url")  # found by what lies in the user's folder
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def new_folder(tmp_path: Path) -> Callable[[], str]:
    return lambda: str(tmp_path / f"{secrets.token_hex(4)}.kg")


@pytest.fixture
def tested_schemes() -> set[str]:
    """Names in STORES that the tests of this folder open corpora of."""
    return {*PLACES, *(scheme for kind in PLACES for scheme in ALSO[kind])}


@pytest.fixture(params=MARKED)
def new_place(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Makes a place where no corpus is yet."""
    made: Callable[[], str] = request.getfixturevalue(PLACES[request.param])
    return made


@pytest.fixture(params=MARKED)
def new_other_place(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Makes a place for a second corpus: with `new_place`, every pair of kinds."""
    made: Callable[[], str] = request.getfixturevalue(PLACES[request.param])
    return made


@pytest.fixture
def place(new_place: Callable[[], str]) -> str:
    return new_place()


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """An empty corpus."""
    opened = open_corpus(place, create=True)
    yield opened
    opened.close()


@dataclass(frozen=True)
class OwnServer:
    """A Neo4j that belongs to one module of tests: it may be killed."""

    home: Path
    bolt_port: int
    http_port: int

    def start(self) -> None:
        """Returns when it answers."""
        words = ["start", "--bolt-port", str(self.bolt_port), "--http-port", str(self.http_port)]
        started = subprocess.run(
            [
                sys.executable,
                "-c",
                "from entigraph.cli import main; main()",
                "neo4j",
                *words,
                "--heap",
                "384m",
            ],
            env={**os.environ, "ENTIGRAPH_NEO4J_HOME": str(self.home), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert started.returncode == 0, started.stderr

    def kill(self) -> None:
        """SIGKILL, and gone when this returns."""
        from entigraph import neo4j_server

        pid = neo4j_server.status(self.home).pid
        os.kill(pid, signal.SIGKILL)
        while neo4j_server.status(self.home).running:
            time.sleep(0.02)

    @property
    def password(self) -> str:
        return (self.home / "password").read_text("utf-8").strip()

    @property
    def url(self) -> str:
        return f"bolt://neo4j:{quote(self.password, safe='')}@127.0.0.1:{self.bolt_port}"

    def new_place(self) -> str:
        return f"{self.url}#test-{os.getpid()}-{secrets.token_hex(4)}"


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    """A server of this module's own, stopped and gone when its tests have ended."""
    from entigraph import neo4j_server

    with socket.socket() as bolt, socket.socket() as http:
        for one in (bolt, http):
            one.bind(("127.0.0.1", 0))
        ports = bolt.getsockname()[1], http.getsockname()[1]
    server = OwnServer(tmp_path_factory.mktemp("neo4j"), *ports)
    server.start()
    yield server
    neo4j_server.stop(server.home)


@pytest.fixture
def say() -> Say:
    """A document read by hand: `say("a.txt", "Anna", "knows", "Bert")` states one relation."""

    def spoken(place: str, source: str, label: str, target: str, *, kind: str = "person") -> Spoken:
        text = f"{source} {label} {target}."
        document = Document.make(place, text, title=place.title(), source=place, language="en", year=1907)
        chunk = Chunk.make(document.id, text, 0, 0, len(text), "en")
        ends = {name: Candidate.make(document.id, name, kind, (name,), "seen") for name in (source, target)}
        places = {source: 0, target: len(text) - 1 - len(target)}
        mentions = [
            Mention(ends[name].id, chunk.id, start, start + len(name), text[start : start + len(name)])
            for name, start in places.items()
        ]
        evidence = Evidence(ends[source].id, label, ends[target].id, chunk.id, 0, len(text), "said", 1.5)
        return document, Reading([chunk], list(ends.values()), mentions, [evidence], "by hand 1")

    return spoken


@pytest.fixture
def derive() -> Derive:
    """Resolves by equal name, lets a user's word stand, and writes what follows."""

    def work(store: Store) -> Derived:
        entities: dict[str, Entity] = {}
        resolutions: dict[str, Resolution] = {}
        said = {resolution.candidate: resolution for resolution in store.read(Resolution, "by", ["user"])}
        for candidate in store.read(Candidate):
            if candidate.id in said:
                (entity,) = store.read(Entity, "id", [said[candidate.id].entity])
                resolutions[candidate.id] = said[candidate.id]
            else:
                entity = Entity.make(candidate.name, candidate.type)
                resolutions[candidate.id] = Resolution(candidate.id, entity.id, "same name")
            entities[entity.id] = entity
        weights: dict[tuple[str, str, str], float] = {}
        for evidence in store.read(Evidence):
            ends = resolutions[evidence.source].entity, resolutions[evidence.target].entity
            key = (ends[0], evidence.label, ends[1])
            weights[key] = weights.get(key, 0) + evidence.weight
        relations = [Relation.make(*key, weight=weight) for key, weight in weights.items()]
        derived = Derived(list(resolutions.values()), list(entities.values()), relations)
        store.replace_derived(derived)
        return derived

    return work


@pytest.fixture
def record() -> MakeRecord:
    """A text that rests on documents and chunks."""

    def made(key: str, **fields: Any) -> Record:
        entity = Entity.make("Anna", "person")
        whole: dict[str, Any] = {
            "id": Entity.make(key, "").id,
            "item": f"item of {key}",
            "kind": "text",
            "title": "Anna and Bert",
            "text": "Anna knows Bert, as she said.\n",
            "language": "en",
            "strategy": "describe",
            "version": "1",
            "model": "echo",
            "subgraph": Subgraph.make([entity.id], slots=(("tone", "plain"),)),
            "asked": (Asked(entity.id, "Anna", (entity.id,), True),),
            "relations": ((entity.id, "knows", entity.id),),
            "documents": (),
            "chunks": (),
            "call": "key of the call",
            "run": "run 1",
            "checks": (Check("named", "passed"), Check("language", "unchecked", "no data")),
            "left_out": ("two sentences",),
            "seed": 2**62,
            "cost_usd": 0.1 + 0.2,
        }
        return Record(**{**whole, **fields})

    return made


@pytest.fixture
def everything() -> Callable[[Store], dict[str, Any]]:
    """All that a store shows of a corpus, comparable."""

    def seen(store: Store) -> dict[str, Any]:
        kinds: tuple[Any, ...] = (
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
        graph = store.graph()
        return {
            **{kind.__name__: [asdict(row) for row in store.read(kind)] for kind in kinds},
            "documents": store.documents(),
            "settings": store.settings,
            "graph": [
                graph.entity_ids.tobytes(),
                list(graph.names),
                graph.types.tolist(),
                graph.type_names,
                graph.mentions.tolist(),
                graph.relation_ids.tobytes(),
                graph.sources.tolist(),
                graph.targets.tolist(),
                graph.labels.tolist(),
                graph.label_names,
                graph.weights.tolist(),
                graph.document_ids,
                graph.document_titles,
                graph.entity_documents.starts.tolist(),
                graph.entity_documents.values.tolist(),
                graph.relation_documents.starts.tolist(),
                graph.relation_documents.values.tolist(),
            ],
        }

    return seen
