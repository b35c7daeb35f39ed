"""What every command promises: keys, sums, exit codes, and a stdout that is data only."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from synthesis.exports import FORMATS

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program
    from tests.lm.conftest import FakeServer

BUILD = "corpus documents chunks entities mentions relations skipped tokens_in tokens_out usd stopped seconds"
STATS = "documents chunks entities mentions relations triangles components texts coverage"
SAMPLE = "key sampler entities relations documents"
GENERATE = "run planned done failed rejected reused tokens_in tokens_out usd stopped seconds"
EXPORT = "files texts tokens left_out"
ENTITIES = "id name type aliases mentions documents reason"
SIMULATE = "vertices edges reachable_pairs sources tie_rule method histogram t coverage se"
ECHO = ("--model", "echo", "--checks", "none")


def promises(keys: str, value: dict[str, Any]) -> bool:
    return set(keys.split()) <= set(value)


def adds_up(report: dict[str, Any]) -> bool:
    rejected = sum(report["rejected"].values())
    parts = report["done"] + rejected + report["failed"] + report["reused"] + report["left"]
    return bool(report["planned"] == parts)


# ---- the graph -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_build_reports_what_it_promises_and_a_second_one_reads_nothing(
    entigraph: "Program", documents: Path
) -> None:
    words = ("build", documents / "docs", "-o", "c.kg", "--names", documents / "names.txt", "--json")
    first, second = entigraph(*words), entigraph(*words)
    assert (first.code, second.code) == (0, 0)
    assert promises(BUILD, first.json)
    counted = {name: first.json[name] for name in ("documents", "entities", "mentions", "skipped", "stopped")}
    assert counted == {"documents": 2, "entities": 8, "mentions": 20, "skipped": [], "stopped": None}
    assert (first.json["new"], second.json["new"], second.json["unchanged"]) == (2, 0, 2)
    assert second.json["relations"] == first.json["relations"] > 0


def test_documents_come_from_standard_input_too(entigraph: "Program", documents: Path) -> None:
    names = documents / "names.txt"
    done = entigraph(
        "build", "-", "-o", "c.kg", "--names", names, "--json", stdin="Orla Finch saw Bram Keel."
    )
    assert (done.code, done.json["documents"], done.json["entities"]) == (0, 1, 2)


def test_a_dry_build_writes_nothing(entigraph: "Program", documents: Path, home: Path) -> None:
    done = entigraph(
        "build", documents / "docs", "-o", "c.kg", "--names", documents / "names.txt", "--dry-run"
    )
    assert done.code == 0
    assert "2 documents would be read" in done.out
    assert not (home / "c.kg").exists()


@pytest.mark.slow
def test_stats_count_the_corpus_and_its_coverage(entigraph: "Program", corpus: str) -> None:
    before = entigraph("stats", corpus, "--json").json
    entigraph("generate", corpus, *ECHO, "--sampler", "triangles", "-n", 1)
    after = entigraph("stats", corpus, "--json").json
    assert promises(STATS, before)
    assert promises("entities relations triangles", before["coverage"])
    assert (before["documents"], before["entities"], before["texts"]) == (2, 8, 0)
    assert set(before["coverage"].values()) == {0.0}
    assert after["texts"] == 1
    assert after["coverage"]["entities"] == pytest.approx(3 / 8)
    assert after["coverage"]["triangles"] == pytest.approx(1 / before["triangles"], abs=1e-6)


@pytest.mark.slow
def test_a_bare_edge_list_is_a_graph_for_stats_sample_and_simulate(entigraph: "Program", home: Path) -> None:
    (home / "g.csv").write_text("source,target\na,b\nb,c\nc,a\nc,d\n")
    stats = entigraph("stats", "g.csv", "--json").json
    assert promises(STATS, stats)
    assert (stats["entities"], stats["relations"], stats["triangles"], stats["components"]) == (4, 4, 1, 1)
    (row,) = entigraph("sample", "g.csv", "--sampler", "triangles", "--json").rows
    assert promises(SAMPLE, row)
    assert sorted(row["entities"]) == ["a", "b", "c"]
    curve = entigraph("simulate", "g.csv", "--t", "1,1000000", "--json").json
    assert promises(SIMULATE, curve)
    assert (curve["vertices"], curve["edges"], curve["reachable_pairs"]) == (4, 4, 9)
    assert curve["coverage"][1] == pytest.approx(9 / 12)


@pytest.mark.slow
def test_graphml_is_read_as_it_is_exported(entigraph: "Program", corpus: str) -> None:
    assert entigraph("export", corpus, "-o", "g.graphml", "--format", "graphml").code == 0
    there, again = entigraph("stats", corpus, "--json").json, entigraph("stats", "g.graphml", "--json").json
    assert {k: there[k] for k in ("entities", "relations", "triangles")} == {
        k: again[k] for k in ("entities", "relations", "triangles")
    }


@pytest.mark.slow
def test_a_random_graph_is_simulated_by_the_process_itself(entigraph: "Program") -> None:
    words = ("simulate", "--er", "30,2", "--seed", 1, "--t", "1,50", "--json")
    exact, run = entigraph(*words).json, entigraph(*words, "--method", "stepwise", "--replicates", 40).json
    assert promises(SIMULATE, run)
    assert (exact["method"], run["method"]) == ("exact", "stepwise")
    assert abs(run["coverage"][1] - exact["coverage"][1]) < 5 * run["se"][1]


@pytest.mark.slow
def test_entities_are_merged_split_and_the_word_is_taken_back(entigraph: "Program", corpus: str) -> None:
    rows = entigraph("entities", "list", corpus, "--json").rows
    assert len(rows) == 8
    assert all(promises(ENTITIES, row) for row in rows)
    assert entigraph("entities", "merge", corpus, "Keeper Dow", "Bram Keel", "--json").code == 0
    merged = entigraph("entities", "list", corpus, "--search", "Keel", "--json").rows
    assert [(row["name"], "Bram Keel" in row["aliases"]) for row in merged] == [("Keeper Dow", True)]
    assert entigraph("entities", "split", corpus, "Keeper Dow", "Bram Keel").code == 0
    assert len(entigraph("entities", "list", corpus, "--json").rows) == 8
    assert [entigraph("entities", "undo", corpus).code for _ in range(2)] == [0, 0]
    assert entigraph("entities", "list", corpus, "--json").rows == rows
    nothing_left = entigraph("entities", "undo", corpus)
    assert nothing_left.code == 2
    assert len(nothing_left.said) == 1


@pytest.mark.slow
def test_texts_that_rest_on_a_removed_document_become_stale(entigraph: "Program", corpus: str) -> None:
    infos = entigraph("documents", "list", corpus, "--json").rows
    assert [info["title"] for info in infos] == ["The Tide Clock", "A Quarrel about Brass"]
    entigraph("generate", corpus, *ECHO, "--entity", "Keeper Dow")
    assert entigraph("export", corpus, "-o", "t.jsonl", "--json").json["texts"] == 1
    removed = entigraph("documents", "remove", corpus, "A Quarrel about Brass", "--json")
    assert (removed.json["removed"], removed.json["documents"]) == (1, 1)
    assert entigraph("stats", corpus, "--json").json["stale"] == 1
    left = entigraph("export", corpus, "-o", "t.jsonl", "--json")
    assert (left.code, left.json["texts"], left.json["left_out"]) == (3, 0, {"stale": 1})


@pytest.mark.slow
def test_a_page_of_the_graph_opens_without_a_network(entigraph: "Program", corpus: str, home: Path) -> None:
    pytest.importorskip("pyvis")
    done = entigraph("show", corpus, "-o", "page.html", "--around", "Keeper Dow")
    assert (done.code, done.out) == (0, "page.html\n")
    page = (home / "page.html").read_text("utf-8")
    assert "Keeper Dow" in page
    assert 'src="http' not in page


# ---- the texts -----------------------------------------------------------------------------------


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


# ---- the program ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_settings_say_where_they_come_from_and_flags_stand_above_all(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    def temperature(*words: str, env: dict[str, str] | None = None) -> tuple[float, str]:
        found = entigraph("config", corpus, "--json", *words, env=env).json["temperature"]
        return float(found["value"]), found["origin"]

    assert temperature() == (0.8, "default")
    (home / "config.toml").write_text("temperature = 0.1\n")
    assert temperature() == (0.1, str(home / "config.toml"))
    assert temperature("--set", "temperature=0.2") == (0.2, "corpus")
    above = {"ENTIGRAPH_TEMPERATURE": "0.3"}
    assert temperature(env=above) == (0.3, "environment")
    words = ("generate", corpus, *ECHO, "-n", 1, "--dry-run", "--json", "--temperature", "0.4")
    assert entigraph(*words, env=above).json["requests"][0]["temperature"] == 0.4
    assert temperature("--set", "temperature=") == (0.1, str(home / "config.toml"))


def test_pinned_models_are_listed_with_their_licence(entigraph: "Program") -> None:
    rows = entigraph("models", "list", "--json").rows
    assert {"qwen2.5-coder-1.5b", "smollm2-135m", "en_core_web_sm"} <= {row["name"] for row in rows}
    assert all(row["licence"] and not row["present"] for row in rows)


def test_the_version_is_said(entigraph: "Program") -> None:
    from entigraph import __version__

    assert entigraph("--version").out == f"entigraph {__version__}\n"


@pytest.mark.slow
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    import typer

    from entigraph.cli import app

    def commands(words: list[str], command: object) -> "list[list[str]]":
        inner = getattr(command, "commands", {})
        return [words] + [found for name in inner for found in commands([*words, name], inner[name])]

    every = commands([], typer.main.get_command(app))
    assert ["entities", "merge"] in every
    assert len(every) > 20
    for words in every:
        with pytest.raises(SystemExit) as ended:
            app([*words, "-h"], prog_name="entigraph")
        said = capsys.readouterr()
        assert ended.value.code == 0
        assert not said.err
        assert said.out.startswith(f"Usage: entigraph {' '.join(words)}".rstrip())


def test_help_is_quick_because_it_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom entigraph.cli import main\ntry:\n    main(['--help'])\n"
        "except SystemExit:\n    pass\nprint(*sorted(sys.modules), file=sys.stderr)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {
        "numpy",
        "scipy",
        "pandas",
        "networkx",
        "pyarrow",
        "aiohttp",
        "spacy",
        "jieba",
        "sqlite3",
        "rich",
    }
    assert not heavy & set(loaded.stderr.split())


@pytest.mark.slow
def test_every_command_leaves_a_line_in_the_log_and_no_secret(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer"
) -> None:
    server.key = "sk-right"
    host = f"127_0_0_1_{server.port}"
    words = ("generate", corpus, "--model", server.name, "-n", 1, "--checks", "none")
    assert entigraph(*words, env={f"ENTIGRAPH_KEY_{host}": "sk-right"}).code == 0
    denied = entigraph(*words, env={f"ENTIGRAPH_KEY_{host}": "sk-wrong"})
    assert denied.code == 1
    log = (home / "entigraph.log").read_text("utf-8")
    assert "exit 0" in log
    assert f"exit {denied.code}" in log
    assert "entigraph generate" in log
    everything = log + denied.out + denied.err
    everything += (home / corpus / "journal" / "calls.jsonl").read_text("utf-8")
    assert "sk-" not in everything


@pytest.mark.slow
def test_a_reader_that_goes_away_ends_the_command_quietly(
    home: Path, program: list[str], env: dict[str, str]
) -> None:
    (home / "g.csv").write_text("source,target\n" + "".join(f"{n},{n + 1}\n" for n in range(3_000)))
    words = [*program, "sample", "g.csv", "--json"]  # more than a pipe holds
    with subprocess.Popen(
        words, cwd=home, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert promises(SAMPLE, json.loads(process.stdout.readline()))
        process.stdout.close()
        assert (process.wait(60), process.stderr.read()) == (0, "")


@pytest.mark.slow
def test_work_goes_on_when_nobody_reads_its_talk(
    entigraph: "Program", corpus: str, home: Path, program: list[str], env: dict[str, str]
) -> None:
    words = [*program, "generate", corpus, "--model", "echo:delay=0.3", "--checks", "copying", "-n", "4"]
    process = subprocess.Popen(words, cwd=home, env=env, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stderr is not None
    process.stderr.close()
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, b"")
    assert entigraph("stats", corpus, "--json").json["rejected"] == 4


@pytest.mark.slow
def test_stdout_is_data_only_and_the_talk_goes_to_stderr(entigraph: "Program", corpus: str) -> None:
    done = entigraph("generate", corpus, *ECHO, "-n", 2)
    assert done.out == ""
    assert "2 planned: 2 accepted" in done.err
    assert entigraph("sample", corpus, "-n", 2, "--report", "--json").rows != []


def provenance(entigraph: "Program", corpus: str, home: Path) -> list[dict[str, Any]]:
    assert entigraph("export", corpus, "-o", "written.jsonl").code == 0
    return provenance_beside(home / "written.jsonl")


def provenance_beside(path: Path) -> list[dict[str, Any]]:
    beside = path.with_name(path.name + ".provenance.jsonl")
    return [json.loads(line) for line in beside.read_text("utf-8").splitlines()]


def names(line: dict[str, Any]) -> list[str]:
    return [entity["name"] for entity in line["entities"]]
