"""`entigraph check`: what it prints, what it asks, where it stops, and what it says of bad files."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from entigraph.checking import Options, check, checked
from entigraph.text_rows import Row, read_rows

if TYPE_CHECKING:
    from tests.entigraph.conftest import Outcome, Program
    from tests.lm.conftest import FakeServer

CONTEXT = "Orla Finch and Bram Keel built the tide clock of Saltmere. Bram Keel cast its bell at Nant Hollow in 1871."
TRUE = "Bram Keel cast its bell at Nant Hollow in 1871."
REWORDED = "At Nant Hollow the bell was cast by Bram Keel, in the year 1871."
WRONG = "In 1884 Ferdinand Loach repaired the tide clock."


def file(home: Path, *rows: dict[str, Any], name: str = "texts.jsonl") -> str:
    (home / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return name


def row(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "context": CONTEXT, **more}


def refused(done: "Outcome", *words: str) -> None:
    """Wrong usage in one line with these words, and nothing on stdout."""
    assert (done.code, done.out) == (2, ""), done.err
    assert len(done.said) == 1, done.err
    assert "Traceback" not in done.err
    for word in words:
        assert word in done.err


# ---- the rules alone ---------------------------------------------------------------------------------


def test_each_text_gets_one_line_with_its_verdict_and_the_words_it_rests_on(
    entigraph: "Program", home: Path
) -> None:
    texts = file(home, row(TRUE, id="copy"), row(REWORDED, id=2), row(WRONG))
    done = entigraph("check", texts, "--json")
    assert done.code == 0, done.err
    assert [(one["line"], one.get("id"), one["supported"]) for one in done.rows] == [
        (1, "copy", True),
        (2, 2, None),
        (3, None, False),
    ]
    assert done.rows[0]["reasons"] == []
    assert any("Ferdinand" in reason and "Loach" in reason for reason in done.rows[2]["reasons"])
    assert done.rows[2]["checks"]["names"]["outcome"] == "failed"
    assert [one["claim"] for one in done.rows[1]["claims"]] == [REWORDED]
    assert done.err == ""


def test_people_get_words_and_a_sum(entigraph: "Program", home: Path) -> None:
    done = entigraph("check", file(home, row(TRUE), row(REWORDED), row(WRONG, id="x")))
    assert done.code == 0
    assert [line.split(":")[:2] for line in done.out.splitlines()] == [
        ["line 1", " supported"],
        ["line 2", " not decided"],
        ["line 3 (x)", " not supported"],
    ]
    assert "3 texts: 1 supported, 1 not supported, 1 not decided" in done.err
    assert "--model" in done.err


def test_entities_and_a_language_are_checked_where_they_are_given(entigraph: "Program", home: Path) -> None:
    texts = file(home, row(TRUE, entities=["Bram Keel", "Ines Marrow"], language="zh"), row(TRUE))
    given, bare = (one["checks"] for one in entigraph("check", texts, "--json").rows)
    assert given["named"] == {"outcome": "failed", "reason": "not named: 'Ines Marrow'"}
    assert given["language"]["outcome"] == "failed"
    assert bare["named"]["outcome"] == bare["language"]["outcome"] == "unchecked"


def test_only_the_checks_asked_for_run(entigraph: "Program", home: Path) -> None:
    texts = file(home, row(WRONG), row(TRUE))
    wrong, right = entigraph("check", texts, "--checks", "names", "--json").rows
    assert list(wrong["checks"]) == ["names"]
    assert (wrong["supported"], right["supported"]) == (False, None)
    refused(entigraph("check", texts, "--checks", "nmaes"), "'nmaes'", "names")


def test_hostile_texts_get_their_line(entigraph: "Program", home: Path) -> None:
    hostile = [
        "",
        "\x00",
        "<script>alert(1)</script>",
        "MATCH (n) DETACH DELETE n",
        "{0}{context}",
        "ميناء",
        "霧" * 9,
    ]
    texts = file(home, *(row(text) for text in hostile), {"text": TRUE, "context": ""}, row("\ud800 rang."))
    done = entigraph("check", texts, "--json")
    assert done.code == 0, done.err
    assert [one["line"] for one in done.rows] == list(range(1, len(hostile) + 3))
    assert all(one["supported"] is not True for one in done.rows)


# ---- a judge -----------------------------------------------------------------------------------------


def test_with_a_judge_a_reworded_text_is_decided_and_asked_about_once(
    entigraph: "Program", home: Path
) -> None:
    texts = file(home, row("At Nant Hollow Bram Keel cast its bell in 1871."), row(WRONG))
    done = entigraph("check", texts, "--model", "echo", "--json")
    assert [one["supported"] for one in done.rows] == [True, False]
    again = entigraph("check", texts, "--model", "echo")
    assert again.code == 0
    planned = entigraph("check", texts, "--model", "echo", "--dry-run", "--json").json
    assert (planned["texts"], planned["calls"], planned["reused"], planned["requests"]) == (2, 0, 4, [])


def test_a_dry_run_shows_the_exact_prompts_and_sends_nothing(
    entigraph: "Program", home: Path, server: "FakeServer"
) -> None:
    texts = file(home, row(f"{REWORDED} {WRONG}"))
    done = entigraph("check", texts, "--model", server.name, "--dry-run")
    assert done.code == 0
    assert "4 calls" in done.out
    assert WRONG in done.out
    assert server.bodies == []
    assert "without --model nothing is sent" in entigraph("check", texts, "--dry-run").err


@pytest.mark.slow
def test_answers_are_kept_in_the_folder_named_and_asked_for_once(
    entigraph: "Program", home: Path, server: "FakeServer"
) -> None:
    texts = file(home, *(row(f"{REWORDED} It cost {price} crowns.") for price in range(40, 46)))
    words = ("check", texts, "--model", server.name, "--journal", "kept", "--json")
    assert entigraph(*words).code == 0
    asked = len(server.bodies)
    assert asked == 14  # two questions a claim; the first claim is the same in all
    assert entigraph(*words).code == 0
    assert len(server.bodies) == asked
    assert (home / "kept" / "calls.jsonl").is_file()


def test_a_judge_that_gives_no_log_probabilities_is_asked_for_its_word(
    entigraph: "Program", home: Path, server: "FakeServer"
) -> None:
    server.refuses = ("logprobs",)
    done = entigraph("check", file(home, row(REWORDED)), "--model", server.name, "--json")
    assert done.code == 0
    assert done.rows[0]["supported"] is None
    assert "neither yes nor no" in done.rows[0]["reasons"][0]


def test_a_limit_stops_asking_and_every_text_still_gets_its_line(
    entigraph: "Program", home: Path, server: "FakeServer"
) -> None:
    texts = file(home, row(REWORDED), row("Bram Keel was paid 90 crowns."), row(WRONG))
    for limit in (("--max-texts", "1"), ("--budget-tokens", "30")):
        done = entigraph("check", texts, "--model", server.name, *limit, "--json")
        assert done.code == 3, done.err
        assert [one["line"] for one in done.rows] == [1, 2, 3]
        assert done.rows[2]["supported"] is False  # by the rules
        assert "the same command goes on" in done.err
    assert len(server.bodies) == 2


@pytest.mark.slow
def test_a_judge_that_fails_is_told_and_asked_again(
    entigraph: "Program", home: Path, server: "FakeServer"
) -> None:
    texts = file(home, row(REWORDED))
    server.behave = lambda n, body: "400"
    done = entigraph("check", texts, "--model", server.name, "--json")
    assert (done.code, done.rows[0]["supported"]) == (3, None)
    assert "2 questions have no answer" in done.err
    server.behave = lambda n, body: "ok"
    assert entigraph("check", texts, "--model", server.name, "--json").code == 0


def test_a_remote_judge_without_a_limit_is_refused_with_what_it_would_be_asked(
    entigraph: "Program", home: Path
) -> None:
    texts = file(home, row(REWORDED), row(WRONG))
    done = entigraph("check", texts, "--model", "http://judge.invalid/v1#big")
    refused(done, "remote", "4 calls", "--max-texts", "--budget-tokens")


@pytest.mark.slow
def test_a_judge_that_is_not_there_is_one_line(entigraph: "Program", home: Path) -> None:
    texts = file(home, row(REWORDED))
    done = entigraph("check", texts, "--model", "http://127.0.0.1:9/v1#none")
    assert (done.code, done.out, len(done.said)) == (1, "", 1)
    refused(entigraph("check", texts, "--model", "gpt"), "no model is named 'gpt'")
    refused(entigraph("check", texts, "--model", "echo", "--checks", "names"), "'claims'")


# ---- bad files ---------------------------------------------------------------------------------------

BAD: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "empty": (b"", ("is empty", "'text' and 'context'")),
    "blank": (b"\n \n", ("blank lines", "'text' and 'context'")),
    "no JSON": (b'{"text": "a", "context": "b"}\ntext: a\n', ("line 2", "not JSON", "text: a")),
    "a list": (b'["a", "b"]\n', ("line 1", "a list")),
    "no context": (b'\n{"text": "a", "contxt": "b"}\n', ("line 2", "'context'", "'contxt'")),
    "no text": (b'{"text": null, "context": "b"}\n', ("line 1", "'text' is text, not null")),
    "bad entities": (b'{"text": "a", "context": "b", "entities": "Ada"}\n', ("'entities' is a list",)),
    "bad id": (b'{"text": "a", "context": "b", "id": 1.5}\n', ("'id'", "a number")),
    "binary": (bytes(range(256)) * 40, ("line 1",)),
    "latin-1": (
        '{"text": "Der Türmer läutete über Köln", "context": "b"}\n'.encode("latin-1") * 9,
        ("not UTF-8", "iconv"),
    ),
    "utf-16": ('{"text": "a", "context": "b"}\n'.encode("utf-16") * 3, ("line 1", "UTF-8")),
    "deep": (b"[" * 100_000 + b"\n", ("line 1", "not JSON")),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_line_that_names_the_place(tmp_path: Path, name: str) -> None:
    data, words = BAD[name]
    (tmp_path / "bad.jsonl").write_bytes(data)
    with pytest.raises(ValueError, match=re.escape("bad.jsonl'")) as refusal:
        checked(tmp_path / "bad.jsonl", Options())
    said = str(refusal.value)
    for word in words:
        assert word in said
    assert "\n" not in said
    assert len(said) < 500


def test_a_huge_line_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    (tmp_path / "huge.jsonl").write_bytes(b'{"text": "' + b"x" * 16_100_000)
    with pytest.raises(ValueError, match="line 1 is longer than 16,000,000 bytes"):
        checked(tmp_path / "huge.jsonl", Options())


def test_a_file_that_is_not_there_or_a_folder_is_named(entigraph: "Program", home: Path) -> None:
    for name in ("nosuch.jsonl", "."):
        done = entigraph("check", name)
        assert (done.code, done.out, len(done.said)) == (1, "", 1)
        assert name in done.err


def test_nothing_is_asked_where_a_later_line_is_bad(
    entigraph: "Program", home: Path, server: "FakeServer"
) -> None:
    (home / "bad.jsonl").write_text(json.dumps(row(REWORDED)) + "\nnonsense\n", encoding="utf-8")
    refused(entigraph("check", "bad.jsonl", "--model", server.name), "line 2")
    assert server.bodies == []


# ---- from Python -------------------------------------------------------------------------------------


def test_python_calls_the_same(home: Path) -> None:
    path = home / file(home, row(TRUE), row(WRONG))
    assert [finding.supported for finding in check(read_rows(path))] == [True, False]
    found = next(iter(check([Row(1, WRONG, CONTEXT)], ("claims",))))
    assert [verdict.outcome for verdict in found.claims] == ["failed"]
