"""`generate --judge-model`: what the judge costs, and what it did not come to."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program

pytestmark = pytest.mark.slow

ECHO = ("--model", "echo", "--checks", "none")


def test_what_a_judge_costs_is_in_the_totals(entigraph: "Program", corpus: str, home: Path) -> None:
    words = ("generate", corpus, *ECHO, "-n", 2, "--judge-model", "echo", "--json")
    done = entigraph(*words).json
    spent = 0
    for line in (home / corpus / "journal" / "calls.jsonl").read_text("utf-8").splitlines():
        event = json.loads(line)
        if event["event"] == "answered":
            spent += event["completion"]["tokens_in"] + event["completion"]["tokens_out"]
    assert done["tokens_in"] + done["tokens_out"] == spent


def test_a_text_that_the_judge_did_not_come_to_is_judged_when_the_run_goes_on(
    entigraph: "Program", corpus: str
) -> None:
    words = ("generate", corpus, *ECHO, "-n", 4, "--judge-model", "echo", "--json")
    whole = entigraph(*words, "--dry-run").json
    stopped = entigraph(*words, "--budget-tokens", whole["tokens_in"] // 2 + 2000)
    assert (stopped.code, stopped.json["stopped"]) == (3, "budget")
    assert stopped.json["left"] > 0
    done = entigraph(*words).json
    assert done["planned"] == 4
    assert done["done"] + sum(done["rejected"].values()) + done["reused"] == 4
    shown = entigraph("runs", "show", corpus, done["run"], "--json").json
    assert sum(shown["texts"].values()) == 4
    report = entigraph("report", corpus, "-o", "r.html")
    assert report.code == 0, report.err
