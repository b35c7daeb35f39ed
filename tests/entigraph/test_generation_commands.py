"""What the commands about texts promise, from a plan to an export: keys, sums and exit codes."""

import csv
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from synthesis.exports import FORMATS
from tests.entigraph.promised import (
    BUILD,
    ECHO,
    EXPORT,
    GENERATE,
    SAMPLE,
    adds_up,
    names,
    promises,
    provenance,
    provenance_beside,
)

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program
    from tests.lm.conftest import FakeServer


@pytest.mark.slow
def test_a_plan_is_sampled_and_written_about(entigraph: "Program", corpus: str, home: Path) -> None:
    long, short = (
        entigraph("sample", corpus, "--sampler", "pairs", "-n", n, "--seed", 3, "--json") for n in (6, 4)
    )
    assert all(promises(SAMPLE, row) for row in long.rows)
    assert long.rows[:4] == short.rows
    (home / "plan.jsonl").write_text(short.out)
    report = entigraph("generate", corpus, *ECHO, "--plan", "plan.jsonl", "--json").json
    assert (report["planned"], report["done"]) == (4, 4)
    written = provenance(entigraph, corpus, home)
    assert {frozenset(names(line)) for line in written} == {frozenset(row["entities"]) for row in short.rows}


@pytest.mark.slow
def test_n_is_the_number_in_all_and_what_is_there_is_reused(entigraph: "Program", corpus: str) -> None:
    words = ("generate", corpus, *ECHO, "--sampler", "pairs", "--json")
    first, again, more = (entigraph(*words, "-n", n) for n in (10, 10, 20))
    assert all(
        done.code == 0 and promises(GENERATE, done.json) and adds_up(done.json) for done in (first, more)
    )
    assert (first.json["planned"], first.json["done"], first.json["reused"]) == (10, 10, 0)
    assert (again.json["planned"], again.json["done"], again.json["reused"]) == (10, 0, 10)
    assert (more.json["planned"], more.json["done"], more.json["reused"]) == (20, 10, 10)
    assert first.json["run"] == again.json["run"] == more.json["run"]
    assert again.json["tokens_in"] == again.json["tokens_out"] == 0


def test_named_entities_are_what_is_written_about(entigraph: "Program", corpus: str, home: Path) -> None:
    done = entigraph("generate", corpus, *ECHO, "--entity", "keeper dow", "--entity", "Bram Keel", "--json")
    assert (done.code, done.json["planned"], done.json["done"]) == (0, 1, 1)
    (line,) = provenance(entigraph, corpus, home)
    assert sorted(names(line)) == ["Bram Keel", "Keeper Dow"]


def test_rejected_texts_are_counted_by_reason_and_not_exported(entigraph: "Program", corpus: str) -> None:
    done = entigraph("generate", corpus, "--model", "echo", "--checks", "copying", "-n", 3, "--json")
    assert done.code == 0
    assert adds_up(done.json)
    assert done.json["rejected"] == {"copying": 3}
    nothing = entigraph("export", corpus, "-o", "t.jsonl", "--json")
    assert promises(EXPORT, nothing.json)
    assert (nothing.code, nothing.json["texts"], nothing.json["left_out"]) == (3, 0, {"copying": 3})


@pytest.mark.slow
def test_rejected_texts_are_judged_again_without_a_call_when_the_check_is_not_asked_for(
    entigraph: "Program", corpus: str, server: "FakeServer"
) -> None:
    words = ("generate", corpus, "--model", server.name, "-n", 3, "--json")
    assert entigraph(*words, "--checks", "copying").json["rejected"] == {"copying": 3}
    same = entigraph(*words, "--checks", "copying").json
    assert (same["reused"], same["reused_accepted"]) == (3, 0)
    judged = entigraph(*words, "--checks", "named").json
    assert (judged["reused"], judged["reused_accepted"], judged["done"]) == (3, 3, 0)
    assert entigraph("stats", corpus, "--json").json["texts"] == 3
    assert len(server.bodies) == 3


@pytest.mark.slow
def test_the_recipe_of_the_paper_begins_with_summaries_of_whole_documents(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    done = entigraph("generate", corpus, *ECHO, "--recipe", "entigraph", "-n", 4, "--json")
    assert (done.code, done.json["planned"]) == (0, 4)
    strategies = [line["strategy"] for line in provenance(entigraph, corpus, home)]
    assert sorted(strategies) == ["relate", "relate", "summarize", "summarize"]


@pytest.mark.slow
def test_a_dry_run_shows_the_exact_prompts_and_sends_nothing(
    entigraph: "Program", corpus: str, server: "FakeServer"
) -> None:
    words = ("generate", corpus, "--model", server.name, "--checks", "none", "-n", 2)
    dry = entigraph(*words, "--dry-run", "--json")
    people = entigraph(*words, "--dry-run")
    assert (dry.code, server.bodies) == (0, [])
    assert entigraph(*words).code == 0
    shown = {request["messages"][-1]["content"] for request in dry.json["requests"]}
    assert shown == set(server.times_asked())
    assert len(shown) == 2
    assert all(prompt in people.out for prompt in shown)


@pytest.mark.slow
def test_a_corpus_without_runs_says_how_to_make_one(entigraph: "Program", corpus: str) -> None:
    done = entigraph("runs", "list", corpus)
    assert (done.code, done.out) == (0, "")
    assert "has no runs yet; 'entigraph generate" in done.err
    assert entigraph("runs", "list", corpus, "--json").rows == []


@pytest.mark.slow
def test_a_run_that_a_limit_stopped_is_listed_shown_resumed_and_verified(
    entigraph: "Program", corpus: str
) -> None:
    stopped = entigraph("generate", corpus, *ECHO, "-n", 5, "--max-texts", 2, "--json")
    assert (stopped.code, stopped.json["stopped"], stopped.json["left"]) == (3, "limit", 3)
    assert adds_up(stopped.json)
    (row,) = entigraph("runs", "list", corpus, "--json").rows
    assert promises(GENERATE, row)
    assert row["run"] == stopped.json["run"]
    resumed = entigraph("runs", "resume", corpus, row["run"][:8], "--json")
    assert (resumed.code, resumed.json["done"], resumed.json["reused"]) == (0, 3, 2)
    shown = entigraph("runs", "show", corpus, row["run"], "--json").json
    assert (shown["options"]["n"], shown["texts"], shown["stopped"]) == (5, {"accepted": 5}, None)
    verified = entigraph("runs", "verify", corpus, "--json")
    assert verified.code == 0
    assert verified.json == {"calls": 5, "texts": 5, "problems": [], "texts_without_call": []}


@pytest.mark.slow
def test_a_journal_that_was_tampered_with_is_found_out(entigraph: "Program", corpus: str, home: Path) -> None:
    entigraph("generate", corpus, *ECHO, "-n", 2)
    calls = home / corpus / "journal" / "calls.jsonl"
    calls.write_bytes(calls.read_bytes().replace(b'"finish"', b'"finiss"', 1))
    verified = entigraph("runs", "verify", corpus)
    assert verified.code == 1
    assert "checksum" in verified.err


@pytest.mark.slow
def test_answers_of_a_copy_are_taken_over_and_become_texts_without_a_call(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer"
) -> None:
    shutil.copytree(home / corpus, home / "copy.kg")
    words = ("--model", server.name, "--checks", "none", "--json")
    entigraph("generate", corpus, *words, "-n", 2)
    run = entigraph("generate", "copy.kg", *words, "-n", 5).json["run"]
    asked = len(server.bodies)
    merged = entigraph("runs", "merge", corpus, "copy.kg", "--json").json
    assert merged == {"answers": 3, "runs": []}
    again = entigraph("runs", "merge", corpus, "copy.kg", "--json").json
    assert again["answers"] == 0
    report = entigraph("generate", corpus, *words, "-n", 5).json
    assert (report["run"], report["reused"], report["reused_accepted"]) == (run, 5, 5)
    assert len(server.bodies) == asked
    assert entigraph("runs", "verify", corpus, "--json").json["calls"] == 5
    same = entigraph("runs", "merge", corpus, corpus)
    assert (same.code, "name two" in same.err) == (2, True)


@pytest.mark.slow
def test_every_format_holds_the_same_texts_and_says_where_they_come_from(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    entigraph("generate", corpus, *ECHO, "-n", 3)
    for format in FORMATS:
        done = entigraph("export", corpus, "-o", f"t.{format}", "--format", format, "--json")
        assert done.code == 0
        assert promises(EXPORT, done.json)
        assert done.json["texts"] == len(provenance_beside(home / f"t.{format}")) == 3
    cpt = [json.loads(line) for line in (home / "t.cpt").read_text("utf-8").splitlines()]
    chat = [json.loads(line) for line in (home / "t.chat").read_text("utf-8").splitlines()]
    assert all(set(line) == {"text"} and "Tide Clock" in line["text"].splitlines()[0] for line in cpt[:1])
    assert all([m["role"] for m in line["messages"]][-1] == "assistant" for line in chat)
    pandas = pytest.importorskip("pandas")
    assert len(pandas.read_parquet(home / "t.parquet")) == 3
    raw = entigraph("export", corpus, "-o", "raw.jsonl", "--source", "--json").json
    assert raw["texts"] == 2
    assert entigraph("export", corpus, "-o", "g.csv", "--format", "csv").code == 0
    with (home / "g.csv").open(encoding="utf-8", newline="") as file:
        assert {"source", "target"} <= set(next(csv.reader(file)))
    assert entigraph("export", corpus, "-o", "g.gexf", "--format", "gexf").code == 0
    assert "<gexf" in (home / "g.gexf").read_text("utf-8")[:300]


def test_one_command_builds_writes_checks_and_exports(
    entigraph: "Program", documents: Path, home: Path, server: "FakeServer"
) -> None:
    words = ("run", documents / "docs", "-o", "c.kg", "--names", documents / "names.txt", "-n", 3)
    done = entigraph(*words, "--model", server.name, "--json")
    assert promises("build generate export seconds", done.json)
    assert promises(BUILD, done.json["build"])
    assert promises(GENERATE, done.json["generate"])
    assert promises("files texts tokens", done.json["export"])
    assert adds_up(done.json["generate"])
    assert len(server.bodies) == 3
    again = entigraph(*words, "--model", server.name)
    assert len(server.bodies) == 3, "nothing is asked twice"
    assert "3 reused" in again.err
    assert "Next: entigraph" in again.out


def test_a_dry_run_of_the_main_job_makes_nothing(entigraph: "Program", documents: Path, home: Path) -> None:
    words = ("run", documents / "docs", "-o", "c.kg", "--names", documents / "names.txt", "--model", "echo")
    done = entigraph(*words, "--dry-run", "--json")
    assert (done.code, done.json["build"]["documents"], done.json["generate"]) == (0, 2, None)
    assert not (home / "c.kg").exists()
