"""The studio as a browser meets it: a small corpus served over HTTP, through the guard, on every store."""

import json
import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from kg.stores import open_corpus
from tests.entigraph.conftest import CLOCK, NAMES, QUARREL
from tests.lm.conftest import FakeServer

HAS_STUDIO = find_spec("fastapi") is not None and find_spec("uvicorn") is not None
collect_ignore_glob = [] if HAS_STUDIO else ["test_*.py"]

TIDES = """---
title: 潮钟
---
林静在盐场修好了潮钟。Ines Marrow wrote to 林静 about the brass. <script>alert("tide")</script> was on the bell.
"""
MORE_NAMES = '林静\n盐场\n潮钟\n<script>alert("tide")</script>\n'
DOCUMENTS = {"clock.md": CLOCK, "quarrel.md": QUARREL, "tides.md": TIDES}


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers by their names in small letters, the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def said(self) -> str:
        """Why it was refused."""
        return str(self.json["detail"])


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass(frozen=True)
class Client:
    """Asks a server; what it refuses is an answer too, and no redirect is followed."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        request = urllib.request.Request(
            self.url.rstrip("/") + path, data=body, method=method, headers={**self.headers, **(headers or {})}
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())
        try:
            with opener.open(request, timeout=120) as answer:
                return _answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error.code, error.headers, error.read())

    def get(self, path: str, *several: tuple[str, object], **query: object) -> Answer:
        """`several` are for a name that stands more than once."""
        pairs = [*several, *query.items()]
        asked = f"?{urllib.parse.urlencode(pairs)}" if pairs else ""
        return self.ask("GET", path + asked)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        data = json.dumps({} if body is None else body).encode()
        return self.ask("POST", path, data, {"Content-Type": "application/json", **headers})


def _answer(status: int, headers: Any, body: bytes) -> Answer:
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body)


@dataclass(frozen=True)
class Studio(Client):
    """A served corpus: `place` to open it beside the server, `desk` what the routes share."""

    place: str = ""
    desk: Any = None
    server: Any = None

    def entity(self, name: str) -> str:
        """The id of the entity of that name."""
        found = [one["id"] for one in self.get("/api/search", q=name).json if one["name"] == name]
        assert len(found) == 1, name
        return str(found[0])


Serve = Callable[..., Studio]


@pytest.fixture(autouse=True)
def own_home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, log and journals of the test lie in its own folder."""
    if request.node.get_closest_marker("neo4j"):
        request.getfixturevalue("neo4j_url")  # found by what lies in the user's folder
    for kind in ("DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    monkeypatch.setenv("ENTIGRAPH_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("ENTIGRAPH_LOG", str(tmp_path / "entigraph.log"))


def build(place: str, folder: Path, documents: dict[str, str], names: str) -> None:
    """Make a corpus of these documents, in which these names (one a line) are found."""
    from kg.building import build as kg_build
    from kg.extract.dictionary import DictionaryExtractor

    (folder / "docs").mkdir(parents=True, exist_ok=True)
    for name, text in documents.items():
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    (folder / "names.txt").write_text(names, encoding="utf-8")
    store = open_corpus(place, create=True)
    try:
        kg_build(folder / "docs", store, DictionaryExtractor(folder / "names.txt"))
    finally:
        store.close()


@pytest.fixture(scope="session")
def built_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus of three documents and twelve entities in a folder; tests take a copy of it."""
    home = tmp_path_factory.mktemp("studio")
    build(str(home / "clock.kg"), home, DOCUMENTS, NAMES + MORE_NAMES)
    return home / "clock.kg"


@pytest.fixture
def folder_corpus(built_folder: Path, tmp_path: Path) -> str:
    """A corpus in a folder, to do anything to."""
    shutil.copytree(built_folder, tmp_path / "clock.kg")
    return str(tmp_path / "clock.kg")


KINDS = ["folder", pytest.param("neo4j", marks=(pytest.mark.neo4j, pytest.mark.slow))]


@pytest.fixture(params=KINDS)
def new_corpus(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes a place where no corpus is yet, in each kind of store."""
    if request.param == "folder":
        return lambda: str(tmp_path / "new.kg")
    made: Callable[[], str] = request.getfixturevalue("neo4j_place")
    return made


@pytest.fixture(params=KINDS)
def corpus(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same corpus in each kind of store."""
    if request.param == "folder":
        return str(request.getfixturevalue("folder_corpus"))
    place = str(request.getfixturevalue("neo4j_place")())
    build(place, tmp_path / "sources", DOCUMENTS, NAMES + MORE_NAMES)
    return place


@pytest.fixture
def serve() -> Iterator[Serve]:
    """`serve(place, read_only=True)`: the studio of a corpus, on any free port, until the test ends."""
    from entigraph.web.app import STATIC
    from entigraph.web.desk import Desk
    from entigraph.web.serving import Server

    running: list[tuple[Any, Any]] = []

    def start(
        place: str, *, read_only: bool = False, host: str = "127.0.0.1", static: Path | None = None
    ) -> Studio:
        desk = Desk(place, read_only=read_only)
        try:
            server = Server(desk, host=host, port=0, static=static or STATIC)
        except BaseException:
            desk.close()
            raise
        running.append((server, desk))
        server.start()
        url = server.url.partition("?")[0]
        held = {"Authorization": f"Bearer {server.door.token}"} if server.door.token else {}
        return Studio(url, held, place, desk, server)

    yield start
    for server, desk in running:
        server.stop()
        desk.close()


@pytest.fixture
def studio(corpus: str, serve: Serve) -> Studio:
    """The studio of the small corpus, on each kind of store."""
    return serve(corpus)


@pytest.fixture
def folder_studio(folder_corpus: str, serve: Serve) -> Studio:
    """The studio of the small corpus in a folder, for what does not depend on the store."""
    return serve(folder_corpus)


@pytest.fixture
def model() -> Iterator[FakeServer]:
    """An OpenAI-compatible server on this machine."""
    with FakeServer() as server:
        yield server
