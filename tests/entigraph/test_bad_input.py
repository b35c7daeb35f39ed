"""What bad input gets: one line that says what was wanted, what was seen and what to try, and nothing lost."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import lm

if TYPE_CHECKING:
    from tests.entigraph.conftest import Outcome, Program
    from tests.lm.conftest import FakeServer

ECHO = ("--model", "echo", "--checks", "none")
Start = Callable[..., "subprocess.Popen[str]"]


def says(done: "Outcome", code: int, *words: str, lines: int = 1) -> None:
    """It ended with this code and one line in which these words stand, and put nothing on stdout."""
    assert (done.code, done.out) == (code, ""), done.err
    assert len(done.said) == lines, done.err
    assert done.said[-1].startswith("entigraph: ")
    assert "Traceback" not in done.err
    for word in words:
        assert word in done.err


@pytest.fixture
def start(home: Path, env: dict[str, str], program: list[str]) -> Iterator[Start]:
    """Start the program and leave it running, in a process group of its own, deaf to no signal."""
    started: list[subprocess.Popen[str]] = []

    def hear() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    def begin(*words: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*program, *map(str, words)],
            cwd=home,
            env=env,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=hear,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < end, "it did not happen within 60 s"
        time.sleep(0.01)


# ---- documents -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_empty_folder_holds_no_documents(entigraph: "Program", home: Path) -> None:
    (home / "empty").mkdir()
    done = entigraph("build", "empty", "-o", "c.kg")
    says(done, 1, "no documents found in 'empty'", ".md", ".pdf")
    assert not (home / "c.kg").exists()


def test_a_folder_that_is_not_there_is_named(entigraph: "Program", home: Path) -> None:
    says(entigraph("build", "nosuch", "-o", "c.kg"), 1, "nosuch: there is no such file or folder")
    assert not (home / "c.kg").exists()


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


def test_a_corpus_that_is_not_there_is_not_made_by_reading(entigraph: "Program", home: Path) -> None:
    says(entigraph("stats", "no.kg"), 1, "'no.kg'", "entigraph build DOCS -o no.kg")
    assert not (home / "no.kg").exists()


def test_a_database_that_is_garbage_is_told(entigraph: "Program", corpus: str, home: Path) -> None:
    for end in ("-wal", "-shm"):
        (home / corpus / f"graph.sqlite{end}").unlink(missing_ok=True)
    (home / corpus / "graph.sqlite").write_bytes(b"not a database at all" * 300)
    says(entigraph("stats", corpus), 1, repr(corpus))


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


# ---- Ctrl-C --------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_waits_for_what_is_in_flight_and_goes_on_when_run_again(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer", start: Start, number: signal.Signals
) -> None:
    server.delay = 0.3
    words = ("generate", corpus, "--model", server.name, "--checks", "none", "-n", 12, "--json")
    process = start(*words, "--concurrency", 2)
    until(lambda: len(server.bodies) >= 3)
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=60)
    stopped = json.loads(out)
    assert (process.returncode, stopped["stopped"]) == (3, "interrupt"), err
    assert stopped["done"] == len(server.bodies) == lm_answers(home / corpus)
    assert stopped["planned"] == stopped["done"] + stopped["left"] == 12
    server.delay = 0.0
    again = entigraph(*words).json
    assert (again["done"], again["reused"]) == (12 - stopped["done"], stopped["done"])
    assert set(server.times_asked().values()) == {1}


@pytest.mark.slow
def test_a_second_ctrl_c_ends_it_at_once_and_loses_nothing(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer", start: Start
) -> None:
    server.behave = lambda n, body: "ok" if n < 2 else "slow"
    words = ("generate", corpus, "--model", server.name, "--checks", "none", "-n", 6, "--json")
    process = start(*words, "--concurrency", 2)
    until(lambda: len(server.bodies) >= 4)
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(1.0)
    assert process.poll() is None, "it waits for what is in flight"
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - began < 5
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("entigraph: interrupted")
    assert lm_answers(home / corpus) == 2
    server.behave = lambda n, body: "ok"
    assert entigraph(*words).json["reused"] == 2


def test_an_interrupted_build_goes_on_where_it_was(
    entigraph: "Program", documents: Path, home: Path, start: Start
) -> None:
    words = ("-o", "c.kg", "--names", documents / "names.txt", "--json")
    process = start("build", documents / "docs", "-", *words)
    until(lambda: (home / "c.kg" / "writer.lock").exists() and known(home / "c.kg") == 2)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    report = json.loads(out)
    assert (process.returncode, report["stopped"], report["documents"]) == (3, "interrupt", 2), err
    again = entigraph("build", documents / "docs", *words).json
    assert (again["unchanged"], again["entities"]) == (2, 8)


def test_the_main_job_writes_nothing_after_ctrl_c_in_its_build(
    documents: Path, home: Path, start: Start, server: "FakeServer"
) -> None:
    words = ("-o", "c.kg", "--names", documents / "names.txt", "--model", server.name, "--json")
    process = start("run", documents / "docs", "-", *words)
    until(lambda: (home / "c.kg" / "writer.lock").exists() and known(home / "c.kg") == 2)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    report = json.loads(out)
    assert (process.returncode, report["build"]["stopped"], report["generate"]) == (3, "interrupt", None), err
    assert server.bodies == []


def known(corpus: Path) -> int:
    """How many documents a corpus has committed so far."""
    try:
        connection = sqlite3.connect(corpus / "graph.sqlite")
        try:
            return int(connection.execute("SELECT count(*) FROM document").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.OperationalError:
        return 0


def lm_answers(corpus: Path) -> int:
    """How many answers the journal of a corpus holds."""
    with lm.Journal.open(corpus / "journal", read_only=True) as journal:
        return len(journal)


# ---- models and endpoints ------------------------------------------------------------------------


@pytest.mark.slow
def test_a_model_that_cannot_be_fetched_is_told_with_the_command_to_try(entigraph: "Program") -> None:
    nowhere = "http://127.0.0.1:9"
    away = dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY"), nowhere)
    away |= {
        "PIP_INDEX_URL": f"{nowhere}/simple",
        "UV_DEFAULT_INDEX": f"{nowhere}/simple",
        "PIP_RETRIES": "0",
    }
    done = entigraph("models", "pull", "smollm2-135m", env=away)
    assert done.code == 1
    assert "Traceback" not in done.err
    assert done.said[-1].startswith("entigraph: ")
    assert "smollm2-135m" in done.err
    assert "pip" in done.err


def test_a_pinned_model_that_was_not_fetched_is_told_with_the_command_that_fetches_it(
    entigraph: "Program", corpus: str
) -> None:
    says(entigraph("generate", corpus, "--model", "local", "-n", 1), 1, "entigraph models pull")
    says(entigraph("models", "verify", "smollm2-135m"), 1, "entigraph models pull smollm2-135m")


def test_a_wrong_key_is_told_before_anything_is_asked_and_is_never_shown(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer"
) -> None:
    server.key = "sk-right"
    key = {f"ENTIGRAPH_KEY_127_0_0_1_{server.port}": "sk-wrong"}
    done = entigraph("generate", corpus, "--model", server.name, "-n", 2, env=key)
    says(done, 1, "key", "401", server.url)
    assert "sk-" not in done.err + (home / "entigraph.log").read_text()
    assert server.bodies == []


def test_a_model_name_that_does_not_exist_is_answered_with_those_that_do(
    entigraph: "Program", corpus: str, server: "FakeServer"
) -> None:
    done = entigraph("generate", corpus, "--model", f"{server.url}#fake-11", "-n", 1)
    says(done, 1, "no model 'fake-11'", "fake-1", "fake-2")
    assert server.bodies == []


def test_an_endpoint_that_answers_html_is_told(
    entigraph: "Program", corpus: str, server: "FakeServer"
) -> None:
    page = server.url.replace("/v1", "/page")
    says(entigraph("generate", corpus, "--model", f"{page}#m", "-n", 1), 1, page, "/v1")
    assert server.bodies == []


def test_an_endpoint_that_is_down_is_told_before_any_plan_runs(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer"
) -> None:
    server.stop()
    done = entigraph("generate", corpus, "--model", server.name, "-n", 1)
    server.start()
    says(done, 1, "cannot reach", server.url, "connection refused")
    assert lm_answers(home / corpus) == 0
    assert "sent" not in (home / corpus / "journal" / "calls.jsonl").read_text()


def test_a_remote_model_without_a_limit_gets_the_estimate_and_sends_nothing(
    entigraph: "Program", corpus: str, documents: Path, home: Path, server: "FakeServer"
) -> None:
    key = {f"ENTIGRAPH_KEY_127_0_0_1_{server.port}": "sk-some"}  # with a key it may cost money: remote
    done = entigraph("generate", corpus, "--model", server.name, env=key)
    says(done, 2, "calls", "tokens in", "is a remote model", "--budget-tokens", lines=2)
    build = ("build", documents / "docs", "-o", "new.kg", "--extractor", "llm", "--model", server.name)
    says(entigraph(*build, env=key), 2, "is a remote model", "2 documents", "2 calls", "--budget-usd")
    assert not (home / "new.kg").exists()
    dry = entigraph(*build, "--dry-run", "--json", env=key)
    assert (dry.code, dry.json["documents"]) == (0, 2)
    assert server.bodies == []


def test_a_budget_of_nothing_sends_nothing(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer"
) -> None:
    words = ("generate", corpus, "--model", server.name, "-n", 3, "--json")
    done = entigraph(*words, "--budget-tokens", 0)
    assert (done.code, done.json["stopped"], done.json["left"]) == (3, "budget", 3)
    unpriced = entigraph(*words, "--budget-usd", 0)
    says(unpriced, 2, "needs the price of", "prices.toml")
    assert server.bodies == []


@pytest.mark.slow
def test_a_budget_stops_a_plan_too_large_to_count_at_once(entigraph: "Program", home: Path) -> None:
    (home / "docs").mkdir()
    names = [f"Keeper Number{n}" for n in range(120)]
    (home / "docs" / "all.txt").write_text(". ".join(names), encoding="utf-8")
    (home / "names.txt").write_text("\n".join(names), encoding="utf-8")
    assert entigraph("build", "docs", "-o", "c.kg", "--names", "names.txt").code == 0
    words = ("generate", "c.kg", *ECHO, "--sampler", "triples", "--budget-tokens", 1_000, "--json")
    done = entigraph(*words)  # 280,840 triples
    assert (done.code, done.json["stopped"], done.json["counted"]) == (3, "budget", False)
    assert done.json["planned"] >= 100_000
    parts = ("done", "failed", "reused", "left")
    assert done.json["planned"] == sum(done.json[part] for part in parts)


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
        ("generate C --temperature 9", "temperature must be between 0 and 2, seen 9"),
        ("generate C --deadline 5x", "90s, 15m, 2h, not '5x'"),
        ("generate C --wordings 0", "'--wordings'"),
        ("generate C --entity Saltmere --plan p", "--plan and --entity"),
        ("build D -o n.kg --extractor spcay", "there is no extractor 'spcay'. Known: spacy"),
        ("build D -o n.kg --names N --chunk-tokens 0", "at least 1 token"),
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
