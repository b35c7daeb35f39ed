"""`entigraph serve`: the port, the end, what is missing, a corpus that goes away."""

import http.client
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.stores import open_corpus
from tests.web.conftest import Client, Serve, Studio

PROGRAM = [sys.executable, "-c", "from entigraph.cli import main; main()"]


@pytest.fixture
def started(folder_corpus: str) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """The command as a process, and the address that it printed."""
    words = ["serve", folder_corpus, "--port", "0"]
    process = subprocess.Popen([*PROGRAM, *words], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stderr is not None
    yield process, process.stderr.readline().split()[-1]
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_while_a_page_listens(
    started: "tuple[subprocess.Popen[str], str]", number: signal.Signals
) -> None:
    process, url = started
    assert Client(url).get("/api/corpus").json["name"] == "clock"
    connection = http.client.HTTPConnection(url.removeprefix("http://").rstrip("/"), timeout=30)
    connection.request("GET", "/api/events")
    stream = connection.getresponse()
    assert stream.status == 200
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    connection.close()
    assert process.returncode == 0
    assert out == ""
    assert err in ("", "Ctrl-C ends it\n"), "nothing more is said"


def test_a_port_in_use_is_said_with_what_to_try(folder_corpus: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*PROGRAM, "serve", folder_corpus, "--port", port], capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert f"port {port}" in done.stderr
    assert "--port 0" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["serve", "nothing.kg"], "there is none"),
        (["serve", "{corpus}", "--host", "no.such.host.invalid"], "--host 127.0.0.1"),
        (["serve", "{corpus}", "--port", "70000"], "65535"),
        (["serve", "{corpus}", "--at", "#/nowhere?top=3"], "'#/browse'"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(folder_corpus: str, words: list[str], said: str) -> None:
    asked = [word.format(corpus=folder_corpus) for word in words]
    done = subprocess.run([*PROGRAM, *asked], capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["fastapi", "uvicorn"])
def test_without_the_extra_the_line_that_installs_it_is_said(folder_corpus: str, name: str) -> None:
    code = f"import sys; sys.modules[{name!r}] = None; from entigraph.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "serve", folder_corpus], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "pip install 'entigraph[studio]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_corpus_that_is_deleted_is_gone_in_every_route(folder_corpus: str, serve: Serve) -> None:
    studio = serve(folder_corpus)
    id = studio.entity("Orla Finch")
    shutil.rmtree(folder_corpus)
    for answer in (
        studio.get("/api/corpus"),
        studio.post("/api/view"),
        studio.get("/api/search", q="Orla"),
        studio.get(f"/api/entities/{id}"),
        studio.get(f"/api/entities/{id}/mentions"),
    ):
        assert answer.status == 410
        assert "deleted" in answer.said
    open_corpus(folder_corpus, create=True).close()
    assert studio.get("/api/corpus").status == 410, "another corpus in its place is not it"


@pytest.mark.neo4j
def test_a_corpus_wiped_from_a_database_is_gone(neo4j_place: object, tmp_path: Path, serve: Serve) -> None:
    assert callable(neo4j_place)
    place = neo4j_place()
    open_corpus(place, create=True).close()
    studio = serve(place)
    assert studio.get("/api/corpus").json["entities"] == 0
    store = open_corpus(place)
    store.remove()
    answer = studio.get("/api/corpus")
    assert answer.status == 410
    assert "neo4j:" not in answer.said, "no password, no user"


def test_a_password_in_the_address_is_shown_nowhere(folder_studio: Studio) -> None:
    from entigraph import places

    assert places.typed("bolt://neo4j:secret@host:7687#c") == '"bolt://host:7687#c"'
    assert "secret" not in folder_studio.desk.location


def test_a_server_that_only_shows_refuses_to_change(folder_corpus: str, serve: Serve) -> None:
    studio = serve(folder_corpus, read_only=True)
    assert studio.get("/api/corpus").json["read_only"] is True
    one, two = studio.entity("Orla Finch"), studio.entity("Bram Keel")
    for path, body in {
        "/api/generate": {"model": "echo", "subgraphs": [[one, two]]},
        "/api/entities/merge": {"entities": [one, two], "into": one},
        f"/api/entities/{one}/split": {"parts": [two]},
        "/api/curation/undo": {},
        f"/api/texts/{one}/verdict": {"status": "accepted"},
        f"/api/texts/{one}/edit": {"text": "Orla Finch."},
        "/api/runs/some-run/stop": {},
        "/api/runs/some-run/resume": {},
    }.items():
        answer = studio.post(path, body)
        assert answer.status == 403, (path, answer.said)
        assert "--read-only" in answer.said


def test_the_corpus_may_be_built_on_while_it_is_served(folder_studio: Studio, tmp_path: Path) -> None:
    from tests.web.conftest import build

    before = folder_studio.get("/api/corpus").json
    build(
        folder_studio.place,
        tmp_path / "more",
        {"new.md": "Orla Finch saw Zeb Aster."},
        "Orla Finch\nZeb Aster\n",
    )
    after = folder_studio.get("/api/corpus").json
    assert after["generation"] > before["generation"]
    assert folder_studio.entity("Zeb Aster")
