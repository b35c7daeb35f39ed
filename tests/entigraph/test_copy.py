"""`entigraph copy`: whole, refused before anything is written, going on after a kill; and places in general."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from entigraph.places import is_bare_graph, typed
from kg.model import Entity
from kg.stores import open_corpus

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.entigraph.conftest import Program

pytestmark = pytest.mark.slow  # many runs of the program

ECHO = ("--model", "echo", "--checks", "none")
COPY = {
    "documents",
    "chunks",
    "entities",
    "mentions",
    "evidence",
    "relations",
    "texts",
    "left_out",
    "seconds",
}


def test_a_copy_has_the_figures_of_the_corpus_and_writes_on_without_paying_twice(
    entigraph: "Program", corpus: str
) -> None:
    entigraph("generate", corpus, *ECHO, "--sampler", "triangles", "-n", 2)
    done = entigraph("copy", corpus, "copy.kg", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json.keys() == COPY
    old, new = (entigraph("stats", place, "--json").json for place in (corpus, "copy.kg"))
    assert {**old, "generation": 0} == {**new, "generation": 0}
    assert {name: new[name] for name in ("documents", "entities", "texts")} == {
        name: done.json[name] for name in ("documents", "entities", "texts")
    }
    assert entigraph("runs", "verify", "copy.kg").code == 0
    again = entigraph("generate", "copy.kg", *ECHO, "--sampler", "triangles", "-n", 2, "--json")
    assert (again.json["reused"], again.json["done"]) == (2, 0)


def test_a_correction_can_be_taken_back_in_a_copy(entigraph: "Program", corpus: str) -> None:
    before = entigraph("stats", corpus, "--json").json["entities"]
    entigraph("entities", "merge", corpus, "Orla Finch", "Bram Keel")
    done = entigraph("copy", corpus, "copy.kg")
    assert done.code == 0
    assert done.said[-1].startswith(f"2 documents, {before - 1} entities, ")
    assert entigraph("entities", "undo", "copy.kg").code == 0
    assert entigraph("stats", "copy.kg", "--json").json["entities"] == before
    assert entigraph("stats", corpus, "--json").json["entities"] == before - 1


@pytest.mark.parametrize(
    ("source", "target", "code", "seen"),
    [
        ("no.kg", "copy.kg", 1, "there is none"),
        ("clock.kg", "clock.kg", 1, "they are one corpus"),
        ("clock.kg", "ftp://host#x", 1, "no store is called 'ftp'"),
        ("ftp://host#x", "copy.kg", 1, "no store is called 'ftp'"),
        ("graph.csv", "copy.kg", 2, "entigraph import graph.csv -o copy.kg"),
        ("clock.kg", "graph.graphml", 2, "entigraph export clock.kg -o graph.graphml --format graphml"),
        ("clock.kg", "things", 1, "that folder holds other things"),
        ("clock.kg", "note.txt", 1, "it is a file, a corpus is a folder"),
    ],
)
def test_what_cannot_be_copied_is_told_before_anything_is_written(
    entigraph: "Program", corpus: str, home: Path, source: str, target: str, code: int, seen: str
) -> None:
    (home / "graph.csv").write_text("a,b\n")
    (home / "note.txt").write_text("a note")
    (home / "things").mkdir()
    (home / "things" / "letter.txt").write_text("dear")
    before = sorted(home.rglob("*"))
    done = entigraph("copy", source, target)
    assert (done.code, done.out, len(done.said)) == (code, "", 1)
    assert seen in done.err
    made = set(home.rglob("*")) - set(before)
    assert {path.name for path in made} <= {
        "writer.lock",
        "entigraph.log",
        "graph.sqlite-shm",
        "graph.sqlite-wal",
    }


def test_a_corpus_that_is_there_is_replaced_only_when_told_and_never_by_itself(
    entigraph: "Program", corpus: str
) -> None:
    entigraph("copy", corpus, "copy.kg")
    entigraph("documents", "remove", "copy.kg", "A Quarrel about Brass")
    refused = entigraph("copy", corpus, "copy.kg")
    assert (refused.code, len(refused.said)) == (1, 1)
    assert "that corpus is not empty, it has 1 documents" in refused.err
    assert entigraph("copy", corpus, "copy.kg", "--replace").code == 0
    assert entigraph("stats", "copy.kg", "--json").json["documents"] == 2
    itself = entigraph("copy", corpus, corpus, "--replace")
    assert (itself.code, entigraph("stats", corpus, "--json").json["documents"]) == (1, 2)
    assert "cannot replace 'clock.kg': it is the corpus to be copied" in itself.err


def test_a_copy_that_is_killed_is_refused_by_name_and_goes_on(
    entigraph: "Program", home: Path, env: dict[str, str], program: list[str]
) -> None:
    store = open_corpus(home / "large.kg", create=True)
    store.upsert(Entity.make(f"E{number}", "x", given=True) for number in range(150_000))
    store.close()
    for number in (signal.SIGKILL, signal.SIGTERM):
        child = subprocess.Popen(
            [*program, "copy", "large.kg", "my copy.kg"], cwd=home, env=env, stderr=subprocess.PIPE, text=True
        )
        database = home / "my copy.kg" / "graph.sqlite-wal"
        while child.poll() is None and not (database.exists() and database.stat().st_size > 1_000_000):
            time.sleep(0.01)
        os.kill(child.pid, number)
        said = child.communicate()[1]
        assert child.returncode == (-signal.SIGKILL if number == signal.SIGKILL else 130), said
        half = entigraph("stats", "my copy.kg")
        assert (half.code, len(half.said)) == (1, 1)
        assert "half a copy of 'large.kg'. Run 'entigraph copy \"large.kg\" \"my copy.kg\"' again" in half.err
    done = entigraph("copy", "large.kg", "my copy.kg", "--json")
    assert (done.code, done.json["entities"]) == (0, 150_000)
    assert entigraph("stats", "my copy.kg", "--json").json["entities"] == 150_000


# ---- places ----------------------------------------------------------------------------------------


def test_a_place_is_shown_as_one_types_it_and_without_a_password() -> None:
    assert typed("handbook.kg") == "handbook.kg"
    assert typed("my books/../a b.kg") == '"my books/../a b.kg"'
    assert typed('a"$x`.kg') == '"a\\"\\$x\\`.kg"'
    assert typed("bolt://host:7687#books") == '"bolt://host:7687#books"'
    assert typed("neo4j+s://u:p%40@host#b") == '"neo4j+s://host#b"'


def test_an_address_is_no_graph_file() -> None:
    assert not is_bare_graph("bolt://host#names.csv")
    assert is_bare_graph("names.CSV")


def test_a_password_in_an_address_is_said_nowhere(entigraph: "Program", corpus: str, home: Path) -> None:
    pytest.importorskip("neo4j")
    place = "bolt://neo4j:very-secret@127.0.0.1:1#c"
    for words in (
        ("stats", place),
        ("copy", corpus, place),
        ("copy", place, "copy.kg", "--json"),
        ("generate", place, *ECHO),
        ("copy", "g.csv", place),
    ):
        done = entigraph(*words)
        assert done.code in (1, 2)
        assert len(done.said) == 1
        assert "very-secret" not in done.out + done.err
    assert "very-secret" not in (home / "entigraph.log").read_text("utf-8")
    assert not (home / "copy.kg").exists()


@pytest.mark.neo4j
def test_the_commands_work_on_an_address_as_on_a_folder(
    entigraph: "Program", documents: Path, neo4j_place: "Callable[[], str]", home: Path
) -> None:
    place = neo4j_place()
    local = {"ENTIGRAPH_LOCAL": str(home / "local")}
    words = ("-o", place, "--names", documents / "names.txt")
    dry = entigraph("build", documents / "docs", *words, "--dry-run", env=local)
    assert (dry.code, entigraph("stats", place, env=local).code) == (0, 1)
    failed = entigraph("build", documents / "nothing", *words, env=local)
    assert (failed.code, entigraph("stats", place, env=local).code) == (1, 1)
    run = entigraph("run", documents / "docs", *words, *ECHO, "-n", 2, "--json", env=local)
    assert run.code == 0, run.err
    folder = next((home / "local").iterdir())
    assert Path(run.json["export"]["files"][0]).parent == folder
    assert {"journal", "runs", "graph.html"} <= {path.name for path in folder.iterdir()}
    stats = entigraph("stats", place, "--json", env=local).json
    assert stats["texts"] == run.json["generate"]["done"] > 0
    name = entigraph("runs", "list", place, "--json", env=local).rows[0]["run"]
    resumed = entigraph("runs", "resume", place, name, "--json", env=local)
    assert (resumed.code, resumed.json["done"]) == (0, 0)
    assert entigraph("copy", place, "back.kg", env=local).code == 0
    back = entigraph("stats", "back.kg", "--json").json
    assert {**back, "generation": 0} == {**stats, "generation": 0}
    assert entigraph("show", place, "-o", "page.html", env=local).code == 0
    assert entigraph("export", place, "-o", "out.jsonl", "--json", env=local).json["texts"] == stats["texts"]
    assert (
        json.loads((folder / "journal" / "calls.jsonl").read_text("utf-8").splitlines()[0])["corpus"]
        == folder.name
    )
    merged = entigraph("entities", "merge", place, "Orla Finch", "Bram Keel", env=local)
    assert merged.code == 0
    assert place.rpartition("@")[2] in merged.err
    assert place.partition("@")[0].rpartition(":")[2] not in merged.err
