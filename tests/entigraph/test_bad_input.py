"""What bad input gets: one line that says what was wanted, what was seen and what to try, and nothing lost."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.entigraph.conftest import Start, says, until

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program
    from tests.lm.conftest import FakeServer

ECHO = ("--model", "echo", "--checks", "none")


# ---- documents -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_empty_folder_holds_no_documents(entigraph: "Program", home: Path) -> None:
    (home / "empty").mkdir()
    done = entigraph("build", "empty", "-o", "c.kg")
    says(done, 1, "no documents found in 'empty'", ".md", ".pdf")
    assert not (home / "c.kg").exists()


@pytest.mark.slow
def test_a_folder_that_is_not_there_is_named(entigraph: "Program", home: Path) -> None:
    says(entigraph("build", "nosuch", "-o", "c.kg"), 1, "nosuch: there is no such file or folder")
    assert not (home / "c.kg").exists()


@pytest.mark.slow
def test_only_unreadable_documents_are_told_with_their_reasons(
    entigraph: "Program", documents: Path, home: Path
) -> None:
    (home / "broken.pdf").write_bytes(b"%PDF-1.4 not really")
    (home / "thing.xyz").write_bytes(bytes(range(256)) * 8)
    done = entigraph("build", "broken.pdf", "thing.xyz", "-o", "c.kg", "--names", documents / "names.txt")
    says(
        done, 1, "no document could be read", "broken.pdf", "'.xyz' files are not read", "known are", ".epub"
    )
    assert not (home / "c.kg").exists()


@pytest.mark.slow
def test_one_unreadable_document_does_not_keep_the_others_out(
    entigraph: "Program", documents: Path, home: Path
) -> None:
    (home / "thing.xyz").write_bytes(bytes(range(256)) * 8)
    words = ("build", documents / "docs", "thing.xyz", "-o", "c.kg", "--names", documents / "names.txt")
    done = entigraph(*words, "--json")
    assert (done.code, done.json["documents"]) == (3, 2)
    assert [skipped["source"] for skipped in done.json["skipped"]] == ["thing.xyz"]
    assert "skipped: thing.xyz: " in entigraph(*words).err


@pytest.mark.slow
def test_hostile_documents_and_names_go_through_whole(entigraph: "Program", home: Path) -> None:
    hostile = [
        "<script>alert(1)</script>",
        "'; DROP TABLE entity; --",
        "{braces}{0}",
        "الميناء القديم",
        "霧鐘",
    ]
    (home / "docs").mkdir()
    (home / "docs" / "empty.txt").write_bytes(b"")
    (home / "docs" / "nul.txt").write_bytes(b"Ada\0Pell met Ada Pell.\r\nBy the sea.")
    (home / "docs" / "all.txt").write_text(" met ".join(hostile) + "。\n" + "x" * 100_000, encoding="utf-8")
    (home / "names.txt").write_text("\n".join([*hostile, "Ada Pell", "N" * 100_000]), encoding="utf-8")
    built = entigraph("build", "docs", "-o", "c.kg", "--names", "names.txt", "--json")
    assert built.code in (0, 3), built.err
    found = {row["name"] for row in entigraph("entities", "list", "c.kg", "--json").rows}
    assert set(hostile) <= found
    done = entigraph("generate", "c.kg", *ECHO, "--entity", hostile[0], "--entity", hostile[1], "--json")
    assert (done.code, done.json["done"]) == (0, 1), done.err
    says(entigraph("generate", "c.kg", *ECHO, "--entity", "Q" * 100_000), 2, "there is no entity")
    assert len(entigraph("generate", "c.kg", *ECHO, "--entity", "Q" * 100_000).err) < 2_000


# ---- the place of a corpus -----------------------------------------------------------------------


@pytest.mark.slow
def test_a_corpus_path_that_is_something_else_is_left_alone(
    entigraph: "Program", documents: Path, home: Path
) -> None:
    (home / "notes.txt").write_text("mine")
    (home / "folder").mkdir()
    (home / "folder" / "letter.txt").write_text("mine too")
    for place, seen in (("notes.txt", "it is a file"), ("folder", "holds other things (letter.txt)")):
        says(entigraph("stats", place), 1, repr(place), seen)
        says(entigraph("build", documents / "docs", "-o", place), 1, repr(place), seen)
    assert (home / "notes.txt").read_text() == "mine"
    assert os.listdir(home / "folder") == ["letter.txt"]


@pytest.mark.slow
def test_a_corpus_that_is_not_there_is_not_made_by_reading(entigraph: "Program", home: Path) -> None:
    says(entigraph("stats", "no.kg"), 1, "'no.kg'", "entigraph build DOCS -o no.kg")
    assert not (home / "no.kg").exists()


def test_a_database_that_is_garbage_is_told(entigraph: "Program", corpus: str, home: Path) -> None:
    for end in ("-wal", "-shm"):
        (home / corpus / f"graph.sqlite{end}").unlink(missing_ok=True)
    (home / corpus / "graph.sqlite").write_bytes(b"not a database at all" * 300)
    says(entigraph("stats", corpus), 1, repr(corpus))


@pytest.mark.slow
def test_a_corpus_of_a_newer_version_is_refused_and_stays_as_it_is(
    entigraph: "Program", corpus: str, documents: Path, home: Path
) -> None:
    with sqlite3.connect(home / corpus / "graph.sqlite") as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()
    before = (home / corpus / "graph.sqlite").read_bytes()
    says(entigraph("stats", corpus), 1, "newer")
    says(entigraph("build", documents / "docs", "-o", corpus), 1, "newer")
    assert (home / corpus / "graph.sqlite").read_bytes() == before


@pytest.mark.slow
def test_a_second_builder_is_told_who_holds_the_corpus(
    entigraph: "Program", corpus: str, documents: Path, home: Path, start: Start
) -> None:
    words = ("-o", corpus, "--names", documents / "names.txt")
    holder = start("build", "-", *words)  # reads standard input, and waits for it
    lock = home / corpus / "writer.lock"
    until(lambda: str(holder.pid) in lock.read_text())
    says(entigraph("build", documents / "docs", *words), 1, repr(corpus), f"process {holder.pid}")
    assert entigraph("stats", corpus).code == 0, "readers never wait"
    _out, err = holder.communicate("Bram Keel saw Orla Finch.", timeout=60)
    assert holder.returncode == 0, err
    assert entigraph("stats", corpus, "--json").json["documents"] == 3


@pytest.mark.slow
def test_a_second_writer_of_a_run_is_told_who_writes_it(
    entigraph: "Program", corpus: str, server: "FakeServer", start: Start
) -> None:
    server.delay = 1.0
    words = ("generate", corpus, "--model", server.name, "--checks", "none", "-n", 3, "--concurrency", 1)
    writer = start(*words)
    until(lambda: len(server.bodies) > 0)
    says(entigraph(*words), 1, "the run", f"process {writer.pid}")
    server.delay = 0.0
    assert entigraph("generate", corpus, *ECHO, "-n", 1).code == 0, "another run may write beside it"
    assert writer.wait(60) == 0
    assert set(server.times_asked().values()) == {1}


@pytest.fixture
def small_disk(home: Path) -> Iterator[Path]:
    """A file system with room for little; making one takes root."""
    place = home / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no small file system can be mounted here (it takes root)")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(disk: Path) -> Path:
    """A file that takes all the room there is."""
    rest = disk / "filler"
    with rest.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return rest


@pytest.mark.slow
def test_a_full_disk_loses_nothing(
    entigraph: "Program", built: Path, documents: Path, small_disk: Path, server: "FakeServer"
) -> None:
    corpus = small_disk / "clock.kg"
    shutil.copytree(built, corpus)
    words = ("generate", corpus, "--model", server.name, "--checks", "none", "--concurrency", 1)
    assert entigraph(*words, "-n", 2).code == 0
    before = entigraph("stats", corpus, "--json").json
    (small_disk / "more.txt").write_text("Bram Keel saw Orla Finch at Saltmere. " * 200)
    filler = fill(small_disk)
    build = ("build", small_disk / "more.txt", "-o", corpus, "--names", documents / "names.txt")
    failed = entigraph(*build)
    assert failed.code == 1
    assert len(failed.said) == 1
    assert any(word in failed.err for word in ("disk is full", "space", "room")), failed.err
    failed = entigraph(*words, "-n", 4)
    assert failed.code == 1
    assert any(word in failed.err for word in ("disk is full", "space", "room"))
    filler.unlink()
    assert entigraph("stats", corpus, "--json").json == before
    assert entigraph(*build).code == 0
    done = entigraph(*words, "-n", 4, "--json")
    assert (done.code, done.json["done"] + done.json["reused"]) == (0, 4)
    assert entigraph("runs", "verify", corpus).code == 0


# ---- names ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("generate C --sampler edgse", "there is no sampler 'edgse'. Known: edges"),
        ("sample C --sampler edgse", "there is no sampler 'edgse'. Known: edges"),
        ("generate C --strategy realte", "there is no strategy 'realte'. Known: relate"),
        ("generate C --checks namd", "there is no check 'namd'. Known: named"),
        ("generate C --recipe entigrph", "there is no recipe 'entigrph'. Known: entigraph"),
        ("generate C --context evidnce", "evidence"),
        ("generate C --text-language klingon", "there is no text language 'klingon'. Known: en"),
        ("generate C --model ehco", "no model is named 'ehco'. A model is one of: echo"),
        ("generate C --model echo --entity Orla", "there is no entity 'Orla'. Known: Orla Finch"),
        ("generate C --temperature 9", "the setting 'temperature' is 0 or more, at most 2, seen '9.0'"),
        ("generate C --deadline 5x", "90s, 15m, 2h, not '5x'"),
        ("generate C --wordings 0", "'--wordings'"),
        ("generate C --entity Saltmere --plan p", "--plan and --entity"),
        ("build D -o n.kg --extractor spcay", "there is no extractor 'spcay'. Known: spacy"),
        ("build D -o n.kg --names N --chunk-tokens 0", "the setting 'chunk_tokens' is 1 or more, seen '0'"),
        ("build D -o n.kg --types N", "--extractor llm"),
        ("build D", "'--output'"),
        ("run D -o n.kg --model ehco --names N", "no model is named 'ehco'. A model is one of: echo"),
        ("run D -o n.kg --sampler edgse --names N", "there is no sampler 'edgse'. Known: edges"),
        ("run D -o n.kg --format cpd --names N", "there is no format 'cpd'. Known: cpt"),
        ("export C -o f --format cpd", "there is no format 'cpd'. Known: cpt"),
        ("runs show C nosuch", "there is no run 'nosuch'"),
        ("documents remove C clok", "there is no document 'clok'. Known: "),
        ("entities merge C Finch Keel", "there is no entity 'Finch'. Known: Orla Finch"),
        ("entities list C --type persn", "there is no type 'persn'. Known: "),
        ("show C --around Nobody -o p.html", "there is no entity 'Nobody'. Known: "),
        ("simulate C --method exat", "there is no method 'exat'. Known: exact"),
        ("simulate", "either CORPUS or --er V,LAMBDA"),
        ("simulate --er many", "--er wants V,LAMBDA"),
        ("config C --set modle=x", "there is no setting 'modle'. Known: model"),
        ("config --set model=x", "name one, or edit"),
        ("generatee C", "Did you mean 'generate'?"),
        ("generate C --wat", "No such option: --wat"),
    ],
)
def test_a_word_that_is_not_known_is_answered_with_those_that_are(
    entigraph: "Program", corpus: str, documents: Path, home: Path, words: str, answer: str
) -> None:
    places: dict[str, Any] = {"C": corpus, "D": documents / "docs", "N": documents / "names.txt"}
    says(entigraph(*(places.get(word, word) for word in words.split())), 2, answer)
    assert not (home / "n.kg").exists()
    assert not (home / corpus / "journal").exists()


@pytest.mark.slow
def test_a_file_that_is_not_there_or_not_what_it_should_be_is_told(
    entigraph: "Program", corpus: str, documents: Path, home: Path
) -> None:
    (home / "plan.jsonl").write_text('{"key": "x"}\n')
    says(entigraph("generate", corpus, *ECHO, "--plan", "nosuch"), 1, "cannot read the plan '", "nosuch'")
    says(entigraph("generate", corpus, *ECHO, "--plan", "plan.jsonl"), 1, "line 1", "entigraph sample")
    names = entigraph("build", documents / "docs", "-o", "n.kg", "--names", "nosuch")
    says(names, 1, "cannot read the list of names 'nosuch' (No such file or directory)")
    assert not (home / "n.kg").exists()
    says(entigraph("export", corpus, "-o", "plan.jsonl/t", "--source"), 1, "plan.jsonl/t")
    says(entigraph("stats", "nosuch.csv"), 1, "nosuch.csv")


@pytest.mark.slow
def test_settings_that_cannot_be_are_told_with_the_place_they_stand_in(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    done = entigraph("generate", corpus, *ECHO, env={"ENTIGRAPH_TEMPERATURE": "hot"})
    says(done, 2, "'temperature' wants a float, seen 'hot' in environment")
    (home / "config.toml").write_text("modell = 'x'\n")
    says(entigraph("config"), 2, "there is no setting 'modell'. Known: model", str(home / "config.toml"))
    (home / "config.toml").write_text("model = \n")
    says(entigraph("config"), 2, str(home / "config.toml"), "is not TOML")


def test_a_fault_is_told_in_one_line_with_a_traceback_only_where_it_is_asked_for(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    quiet, loud = entigraph("stats", "no.kg"), entigraph("stats", "no.kg", "--debug")
    says(quiet, 1, "no.kg")
    assert loud.code == 1
    assert "Traceback" in loud.err
    assert "CorpusNotFound" in (home / "entigraph.log").read_text(), "the log always has it"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("concurrency=0", "is 1 or more, seen '0'"),
        ("max_tokens=10", "is 32 or more, seen '10'"),
        ("temperature=nan", "is 0 or more, at most 2, seen 'nan'"),
        ("top_p=1.5", "is 0 or more, at most 1, seen '1.5'"),
    ],
)
def test_a_setting_that_would_stop_every_later_command_is_refused(
    entigraph: "Program", corpus: str, setting: str, message: str
) -> None:
    says(entigraph("config", corpus, "--set", setting), 2, message)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--recipe", "entigraph", "--strategy", "qa"), "--recipe says how to sample and to write"),
        (("--checks", "", "-n", 1), "--checks names no check"),
        (("--checks", "all,none", "-n", 1), "name none and others"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    entigraph: "Program", corpus: str, words: tuple[object, ...], message: str
) -> None:
    says(entigraph("generate", corpus, "--model", "echo", *words), 2, message)


@pytest.mark.slow
def test_the_check_of_claims_is_among_the_known_ones(entigraph: "Program", home: Path) -> None:
    (home / "t.jsonl").write_text('{"text": "a", "context": "b"}\n', encoding="utf-8")
    says(entigraph("check", "t.jsonl", "--checks", "foo"), 2, "there is no check 'foo'", "claims")
