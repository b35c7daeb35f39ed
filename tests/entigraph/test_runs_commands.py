"""`runs`, and what a run keeps and says of itself; the journal compacted."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.entigraph.conftest import says

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program

pytestmark = pytest.mark.slow

ECHO = ("--model", "echo", "--checks", "none")


def test_texts_that_were_accepted_under_fewer_checks_are_named(entigraph: "Program", corpus: str) -> None:
    entigraph("generate", corpus, *ECHO, "-n", 2)
    again = entigraph("generate", corpus, "--model", "echo", "-n", 2)
    assert "2 of the reused texts were accepted before some of these checks were asked for" in again.err
    assert "accepted before" not in entigraph("generate", corpus, *ECHO, "-n", 2).err


def test_an_answer_that_a_strategy_cannot_go_on_with_is_a_rejected_text(
    entigraph: "Program", corpus: str
) -> None:
    words = ("generate", corpus, *ECHO, "-n", 2, "--strategy", "focal", "--json")
    done = entigraph(*words).json
    shown = entigraph("runs", "show", corpus, done["run"], "--json").json
    assert (done["rejected"], shown["texts"], shown["reasons"]) == (
        {"form": 2},
        {"rejected": 2},
        {"form": 2},
    )


def test_a_run_whose_model_never_answered_is_no_run(entigraph: "Program", corpus: str) -> None:
    words = ("--model", "http://127.0.0.1:9/v1#x", "--max-texts", 1)
    assert entigraph("generate", corpus, *words).code == 1
    assert entigraph("runs", "list", corpus, "--json").rows == []


def test_a_name_that_several_runs_begin_with_is_called_that(entigraph: "Program", corpus: str) -> None:
    for seed in (1, 2):
        entigraph("generate", corpus, *ECHO, "-n", 1, "--seed", seed)
    says(entigraph("runs", "show", corpus, "edges"), 2, "2 runs begin with 'edges'", "type more of the name")


def test_compaction_halves_a_journal_and_keeps_every_answer(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    words = ("generate", corpus, "--model", "echo", "--checks", "none", "--json")
    first = entigraph(*words).json
    found = entigraph("runs", "compact", corpus, "--json").json
    assert found["calls"] == first["planned"]
    assert found["bytes"] < found["bytes_before"]
    assert (home / corpus / "journal" / "calls.jsonl").stat().st_size == found["bytes"]
    again = entigraph(*words).json
    assert (again["reused"], again["tokens_out"]) == (first["planned"], 0)
    assert entigraph("runs", "compact", corpus).err.startswith(f"{first['planned']} answered calls in ")


def test_compaction_puts_a_damaged_line_aside(entigraph: "Program", corpus: str, home: Path) -> None:
    entigraph("generate", corpus, "--model", "echo", "--checks", "none")
    path = home / corpus / "journal" / "calls.jsonl"
    rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*rows[:2], b'{"event":"answered","crc":"00000000"}\n', *rows[2:]]))
    assert entigraph("runs", "verify", corpus).code == 1
    found = entigraph("runs", "compact", corpus, "--json").json
    assert found["damaged_lines"] == 1
    assert entigraph("runs", "verify", corpus).code == 0


def test_there_is_nothing_to_compact_where_nothing_was_asked(entigraph: "Program", corpus: str) -> None:
    says(entigraph("runs", "compact", corpus), 2, "has no journal yet")


def test_a_run_goes_on_to_what_was_rejected_and_past_its_pilot(entigraph: "Program", corpus: str) -> None:
    first = entigraph("generate", corpus, "--model", "echo", "-n", 2, "--json").json  # it copies its prompt
    rejected = sum(first["rejected"].values())
    assert rejected == 2
    again = entigraph("runs", "resume", corpus, first["run"], "--json").json
    assert again["rejected"] == {}, "what is known to be rejected is not asked for again"
    tried = entigraph("runs", "resume", corpus, first["run"], "--retry-rejected", 1, "--json").json
    assert sum(tried["rejected"].values()) == rejected
    options = entigraph("runs", "show", corpus, first["run"], "--json").json["options"]
    assert (options["retry_rejected"], options["pilot"]) == (1, True)
    entigraph("runs", "resume", corpus, first["run"], "--no-pilot", "--json")
    options = entigraph("runs", "show", corpus, first["run"], "--json").json["options"]
    assert (options["retry_rejected"], options["pilot"]) == (1, False), "what is not said stays"


def test_an_item_of_several_rejected_texts_is_tried_again_too(entigraph: "Program", corpus: str) -> None:
    words = ("--sampler", "documents", "--strategy", "hierarchical", "--model", "echo", "-n", 1)
    first = entigraph("generate", corpus, *words, "--json").json
    before = entigraph("runs", "show", corpus, first["run"], "--json").json["texts"]
    assert before["rejected"] > 1
    tried = entigraph("runs", "resume", corpus, first["run"], "--retry-rejected", 1, "--json").json
    assert tried["tokens_out"] > 0, "it was asked for again"
    after = entigraph("runs", "show", corpus, first["run"], "--json").json["texts"]
    assert sum(after.values()) > sum(before.values())
