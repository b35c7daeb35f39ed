"""Commands on an address that cannot be used: one line, exit code 1, nothing made and no password told."""

import os
import secrets
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program

pytestmark = pytest.mark.neo4j
SECRET = "s3cret-Word"


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def commands(place: str, documents: Path) -> list[list[object]]:
    return [
        ["build", documents / "docs", "-o", place, "--names", documents / "names.txt"],
        ["run", documents / "docs", "-o", place, "--model", "echo"],
        ["stats", place],
        ["generate", place, "--model", "echo"],
        ["entities", "list", place],
        ["export", place, "-o", "texts.jsonl"],
    ]


def made(home: Path) -> set[Path]:
    """What is in the user's folders but the log."""
    return {path for path in home.rglob("*") if path.is_file() and path.name != "entigraph.log"}


def check_refused(
    entigraph: "Program", home: Path, documents: Path, place: str, reason: str, **env: str
) -> None:
    before = made(home)
    for words in commands(place, documents):
        done = entigraph(*words, env=env)
        assert (done.code, done.out, len(done.said)) == (1, "", 1), (words, done)
        assert reason in done.err, words
        assert SECRET not in done.err
    assert made(home) == before, "nothing was made here"
    log = home / "entigraph.log"
    assert SECRET not in (log.read_text("utf-8") if log.exists() else "")


def test_a_server_that_is_down(entigraph: "Program", home: Path, documents: Path, closed_port: int) -> None:
    place = f"bolt://neo4j:{SECRET}@127.0.0.1:{closed_port}#x"
    check_refused(entigraph, home, documents, place, "Is the server running? 'entigraph neo4j start'")


def test_a_wrong_password(neo4j_url: str, entigraph: "Program", home: Path, documents: Path) -> None:
    """Of a user of our own: after three wrong ones the server refuses that user for a while."""
    host = neo4j_url.rpartition("@")[2]
    name = f"test-{os.getpid()}-{secrets.token_hex(4)}"
    wrong = "the server refused the user or the password"
    check_refused(entigraph, home, documents, f"bolt://nobody:{SECRET}@{host}#{name}", wrong)
    check_refused(
        entigraph,
        home,
        documents,
        f"bolt://{host}#{name}",
        wrong,
        NEO4J_USERNAME="nobody",
        NEO4J_PASSWORD=SECRET,
    )


def test_a_password_with_a_number_sign_is_told_to_be_written_otherwise(
    entigraph: "Program", home: Path, documents: Path
) -> None:
    for place in (f"bolt://neo4j:12#{SECRET}@127.0.0.1#x", f"bolt://neo4j:/{SECRET}@127.0.0.1#x"):
        check_refused(entigraph, home, documents, place, "%23")
