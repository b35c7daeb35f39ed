"""`entigraph judge`: tables, limits, what it costs beforehand, bad input."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program
    from tests.lm.conftest import FakeServer

pytestmark = pytest.mark.slow

RUBRIC = "[settings]\nscale = 2-9\n[criteria]\nclear = It is clear.\ntrue = It is true.\n"


@pytest.fixture
def judged(entigraph: "Program", corpus: str, home: Path) -> str:
    """A corpus with texts of two strategies about the same subgraphs."""
    (home / "rubric.txt").write_text(RUBRIC, encoding="utf-8")
    words = ("--strategy", "relate,lesson:form=letter", "-n", 4, "--model", "echo", "--checks", "none")
    assert entigraph("generate", corpus, *words).code == 0
    return corpus


def test_scores_are_a_table_and_the_same_command_again_costs_nothing(
    entigraph: "Program", judged: str
) -> None:
    words = ("judge", judged, "--rubric", "rubric.txt", "--model", "echo", "--votes", 2)
    found = entigraph(*words, "--json").json
    assert (found["planned"], found["judged"], found["failed"], found["texts"]) == (16, 16, 0, 8)
    assert {name: one["value"] for name, one in found["scores"].items()} == {"clear": 2.0, "true": 2.0}
    assert set(found["by"]) == {"relate", "lesson:form=letter"}
    again = entigraph(*words)
    assert again.code == 0
    assert "16 judgements (16 of them before)" in again.err
    assert "lesson:form=letter" in again.out
    assert entigraph("stats", judged, "--json").json["texts"] == 8
    assert entigraph("runs", "verify", judged).code == 0


def test_pairs_are_asked_in_both_orders(entigraph: "Program", judged: str) -> None:
    found = entigraph("judge", judged, "--pairs", "strategy", "-n", 3, "--model", "echo", "--json").json
    assert (found["pairs"], found["judged"], found["flipped"]) == (3, 6, 3)
    assert set(found["scores"]) == {"relate", "lesson:form=letter"}
    assert found["first"]["value"] == 1.0


def test_a_dry_run_says_what_it_would_cost_and_sends_nothing(
    entigraph: "Program", judged: str, server: "FakeServer"
) -> None:
    found = entigraph("judge", judged, "--model", server.name, "--dry-run", "--json").json
    assert found["calls"] == 8
    assert len(found["requests"]) == 3
    assert found["usd_most"] is None
    assert server.bodies == []
    assert "### Text" in entigraph("judge", judged, "--model", "echo", "--dry-run").out


def test_a_budget_stops_it_and_the_same_command_goes_on(entigraph: "Program", judged: str) -> None:
    words = ("judge", judged, "--model", "echo", "--json")
    done = entigraph(*words, "--budget-tokens", 1)
    assert done.code == 3
    assert (done.json["stopped"], done.json["judged"]) == ("budget", 0)
    assert entigraph(*words).json["judged"] == 8


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--rubric", "nowhere.txt"), "cannot read"),
        (("--pairs", "strategie"), "there is no group 'strategie'. Known: strategy"),
        (("--by", "colour"), "there is no group 'colour'"),
        (("--pairs", "model"), "no two texts are about the same subgraph and differ in their model"),
        (("--votes", "0"), "votes"),
        (("--model", "nothing"), "no model is named 'nothing'"),
    ],
)
def test_wrong_words_are_one_line(
    entigraph: "Program", judged: str, words: tuple[str, ...], message: str
) -> None:
    done = entigraph("judge", judged, *(("--model", "echo") if "--model" not in words else ()), *words)
    assert done.code in (1, 2)
    assert message in " ".join(done.err.split())


def test_a_corpus_without_texts_says_what_to_do(entigraph: "Program", corpus: str) -> None:
    assert "'entigraph generate' writes some" in entigraph("judge", corpus, "--model", "echo").err
