"""`entigraph export` as a user types it: what it says, what it writes, how it ends."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kg.stores import open_corpus
from synthesis.exports import FORMATS
from tests.entigraph.conftest import Program, says
from tests.synthesis.export_records import record

ECHO = ("--model", "echo", "--checks", "none", "--no-pilot", "--sampler", "pairs")


@pytest.fixture(scope="session")
def texts(built: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A corpus with twelve texts in it, each of about fifty words; to be read."""
    place = tmp_path_factory.mktemp("texts") / "clock.kg"
    shutil.copytree(built, place)
    store = open_corpus(place)
    store.upsert(record(n, " ".join(f"word{n} of {i}" for i in range(16))) for n in range(12))
    store.close()
    return str(place)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_written_named_and_verified(
    entigraph: Program, texts: str, home: Path, format: str
) -> None:
    done = entigraph("export", texts, "-o", "out", "--format", format, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json["texts"] == 12
    assert done.json["left_out"] == {}
    assert done.json["files"] == ["out", "out.provenance.jsonl", "out.manifest.json"]
    verified = entigraph("export", "--verify", "out.manifest.json")
    assert verified.code == 0
    assert verified.out == f"{3 if format == 'hf' else 2} files are those that out.manifest.json lists\n"


def test_a_changed_file_is_told_with_its_name_and_exit_one(
    entigraph: Program, texts: str, home: Path
) -> None:
    assert entigraph("export", texts, "-o", "t.jsonl", "--shards", 2).code == 0
    (home / "t-00001-of-00002.jsonl").write_text("other")
    told = entigraph("export", "--verify", "t.jsonl")
    assert (told.code, told.out.split()[0]) == (1, "t-00001-of-00002.jsonl")
    assert len(told.said) == 1
    found = entigraph("export", "--verify", "t.jsonl.manifest.json", "--json")
    assert found.code == 1
    assert (found.json["files"], list(found.json["wrong"])) == (4, ["t-00001-of-00002.jsonl"])


@pytest.mark.slow
def test_a_scaling_curve_is_made_of_files_that_contain_each_other(
    entigraph: Program, texts: str, home: Path
) -> None:
    whole = entigraph("export", texts, "-o", "all.jsonl", "--json").json
    half = entigraph("export", texts, "-o", "half.jsonl", "--tokens", whole["tokens"] // 2, "--json").json
    assert whole["tokens"] // 4 < half["tokens"] <= whole["tokens"] // 2
    assert half["texts"] + half["left_out"]["beyond_tokens"] == 12
    assert (home / "all.jsonl").read_bytes().startswith((home / "half.jsonl").read_bytes())
    other = entigraph("export", texts, "-o", "other.jsonl", "--seed", 1)
    assert other.code == 0
    assert (home / "other.jsonl").read_bytes() != (home / "all.jsonl").read_bytes()
    assert sorted(lines(home / "other.jsonl"), key=str) == sorted(lines(home / "all.jsonl"), key=str)


def test_more_tokens_than_there_are_end_with_three_and_all_of_them(
    entigraph: Program, texts: str, home: Path
) -> None:
    done = entigraph("export", texts, "-o", "t.jsonl", "--tokens", 10**9)
    assert done.code == 3
    assert "1,000,000,000 tokens were asked for; there are" in done.said[-1]
    assert len(lines(home / "t.jsonl")) == 12
    assert entigraph("export", texts, "-o", "t2.jsonl", "--tokens", 10**9, "--json").json["texts"] == 12


def test_what_was_written_is_said_to_people(entigraph: Program, texts: str, home: Path) -> None:
    (home / "general.jsonl").write_text('{"text": "some general words"}\n')
    (home / "q.txt").write_text("Who keeps the tide clock of Saltmere?\nWhy?\n")
    words = ("--replay", "general.jsonl", "--replay-rate", 0.2, "--replay-mode", "additive", "--shards", 2)
    done = entigraph("export", texts, "-o", "t.jsonl", *words, "--decontaminate", "q.txt")
    assert (done.code, done.out) == (0, "")
    first, replayed, held, beside, verify = done.said
    assert held == "held against 1 questions of q.txt, 1 more are too short to look for"
    assert first.endswith("in 2 files from t-00000-of-00002.jsonl on")
    assert "are from general.jsonl: " in replayed
    assert "t-00000-of-00002.jsonl.provenance.jsonl" in beside
    assert verify.endswith("entigraph export --verify t.jsonl.manifest.json")


def test_questions_are_kept_out_of_what_is_trained_on(entigraph: Program, texts: str, home: Path) -> None:
    (home / "q.txt").write_text("Title 3 word3 of 0 word3 of 1\nWhat does nobody say of word3 at all?\n")
    done = entigraph("export", texts, "-o", "t.jsonl", "--decontaminate", "q.txt", "--json")
    assert (done.json["texts"], done.json["left_out"]) == (11, {"leaks_question": 1})
    assert not any(line["text"].startswith("Title 3\n") for line in lines(home / "t.jsonl"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code", "answer"),
    [
        ("C -o t --format alpcaa", 2, "there is no format 'alpcaa'. Known: alpaca"),
        ("C -o t --tokens 0", 2, "tokens must be 1 or more, seen 0"),
        ("C -o t --tokens -5", 2, "tokens must be 1 or more, seen -5"),
        ("C -o t --tokens many", 2, "'--tokens'"),
        ("C -o t --shards 0", 2, "shards must be 1 or more"),
        ("C -o t --shards 13", 2, "there are 12 texts, too few for 13 shards"),
        ("C -o t --mix half", 2, "a mix is written qa:docs=1:1"),
        ("C -o t --mix qa:docs=1:1", 1, "there are 0 texts of kind qa and 12 others"),
        ("C -o t --replay nosuch", 2, "cannot read the replay file 'nosuch'"),
        ("C -o t --replay-rate 0.5", 2, "--replay FILE"),
        ("C -o t --replay plain", 2, "the replay file 'plain', line 1: 'not json' is not JSON"),
        ("C -o t --replay general --replay-rate 2", 2, "the replay rate is a share"),
        ("C -o t --replay general --format chat", 2, "use cpt, parquet, hf"),
        ("C -o t --replay general --replay-mode more", 2, "there is no replay mode 'more'"),
        ("C -o t --decontaminate nosuch", 2, "cannot read the questions 'nosuch'"),
        ("C -o t --exact-duplicates no", 2, "Known: drop, keep"),
        ("C -o t --format graphml --tokens 5", 2, "--tokens is about texts; graphml has none"),
        ("C -o t --format csv --no-shuffle", 2, "--no-shuffle is about texts"),
        ("C -o t --format csv --source", 2, "--source is about texts"),
        ("C -o docs", 1, "cannot write 'docs': it is a folder"),
        ("C -o plain/t", 1, "'plain/t'"),
        ("C -o plain --format hf", 1, "there is a file of that name"),
        ("C", 2, "'--output'"),
        ("", 2, "CORPUS"),
        ("C --verify t", 2, "--verify"),
        ("--verify nosuch", 1, "cannot read the manifest 'nosuch.manifest.json'"),
        ("--verify plain", 1, "plain.manifest.json"),
    ],
)
def test_what_cannot_be_is_told_in_one_line_and_nothing_is_written(
    entigraph: Program, texts: str, home: Path, words: str, code: int, answer: str
) -> None:
    (home / "docs").mkdir()
    (home / "plain").write_text("not json\n")
    (home / "general").write_text('{"text": "words"}\n')
    given = [texts if word == "C" else word for word in words.split()]
    says(entigraph("export", *given), code, answer)
    assert not list(home.glob("t*"))
    assert (home / "plain").read_text() == "not json\n"


@pytest.mark.slow
def test_the_main_job_exports_in_every_format(entigraph: Program, documents: Path, home: Path) -> None:
    words = ("run", documents / "docs", "-o", "c.kg", "--names", documents / "names.txt", *ECHO, "-n", 4)
    for format in ("cpt", "chat", "alpaca", "sharegpt", "parquet"):
        done = entigraph(*words, "--format", format, "--json")
        assert done.json["export"]["texts"] == 4
        name = "texts.parquet" if format == "parquet" else "texts.jsonl"
        assert [Path(file).name for file in done.json["export"]["files"]] == [
            name,
            f"{name}.provenance.jsonl",
            f"{name}.manifest.json",
        ]
        assert entigraph("export", "--verify", f"c.kg/{name}").code == 0
