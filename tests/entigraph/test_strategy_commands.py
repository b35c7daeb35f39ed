"""`generate` by strategies: options, prompt files of one's own, wordings, dry runs, bad input."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lm.base import Request
from tests.entigraph.conftest import says

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program
    from tests.lm.conftest import FakeServer

ECHO = ("--model", "echo", "--checks", "none")
TOUR = """[settings]
entities = 2
[user]
### Document
{context}
### Entities
{entities}
### Task
Lead a visitor past {names}, {tone}.
[tones]
plain = plainly
proud = with pride
"""


def dry(entigraph: "Program", corpus: str, *words: object) -> dict[str, Any]:
    found: dict[str, Any] = entigraph(
        "generate", corpus, "--model", "echo", *words, "--dry-run", "--json"
    ).json
    return found


def prompts(found: dict[str, Any]) -> list[str]:
    return [Request.from_dict(request).messages[-1].content for request in found["requests"]]


def test_a_file_in_a_folder_is_a_strategy(entigraph: "Program", corpus: str, home: Path) -> None:
    (home / "mine").mkdir()
    (home / "mine" / "tour.en.txt").write_text(TOUR, encoding="utf-8")
    words = ("--strategies", "mine", "--strategy", "tour:tone=proud", "-n", 2)
    assert all(", with pride." in prompt for prompt in prompts(dry(entigraph, corpus, *words)))
    done = entigraph("generate", corpus, *ECHO, *words, "--json").json
    assert done["done"] == 2
    exported = entigraph("export", corpus, "-o", "out.jsonl", "--json").json
    assert exported["texts"] == 2
    lines = [json.loads(line) for line in (home / "out.jsonl.provenance.jsonl").read_text().splitlines()]
    assert {line["strategy"] for line in lines} == {"tour:tone=proud"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--strategy", "relat"), "there is no strategy 'relat'. Known: relate"),
        (("--strategy", "qa:from=choice"), "the strategy 'qa' has no option 'from'. Known: form"),
        (("--strategy", "qa:form=chioce"), "is one of choice"),
        (("--strategy", "qa:questions=0"), "1 to 10 questions"),
        (("--strategy", "study:ways=99"), "1 to 20 ways"),
        (("--strategy", "relate,relate"), "named twice"),
        (("--strategies", "nowhere", "--strategy", "tour"), "no folder"),
        (("--strategy", "story"), "use it with '--sampler slots'"),
        (("--strategy", "summarize"), "use it with '--sampler documents'"),
        (("--retry-rejected", "-1"), "retry-rejected"),
        (("--context", "everything"), "there is no context 'everything'"),
    ],
)
def test_wrong_words_are_one_line_and_nothing_is_sent(
    entigraph: "Program", corpus: str, server: "FakeServer", words: tuple[str, ...], message: str
) -> None:
    done = entigraph("generate", corpus, "--model", server.name, "-n", 3, *words)
    assert done.code in (1, 2)
    assert message in " ".join(done.err.split())
    assert server.bodies == []


def test_a_prompt_file_with_an_unknown_field_is_refused_before_anything_is_sent(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer"
) -> None:
    (home / "mine").mkdir()
    (home / "mine" / "tour.zh.txt").write_text("[user]\n讲讲{naems}。", encoding="utf-8")
    (home / "mine" / "tour.en.txt").write_text(TOUR, encoding="utf-8")
    words = ("--strategies", "mine", "--strategy", "tour", "-n", 1)
    done = entigraph("generate", corpus, "--model", server.name, *words)
    assert done.code == 1
    assert "tour.zh.txt uses the unknown field 'naems'; known fields: names" in done.err
    assert server.bodies == []


def test_a_dry_run_says_calls_tokens_price_and_time_and_shows_three_requests(
    entigraph: "Program", corpus: str
) -> None:
    found = dry(entigraph, corpus, "--strategy", "study:ways=4", "-n", 3)
    assert (found["planned"], found["calls"], found["texts"]) == (3, 15, 12)
    assert found["tokens_in_low"] <= found["tokens_in"] <= found["tokens_in_high"]
    assert (
        found["tokens_out_low"] < found["tokens_out"] < found["tokens_out_high"] <= found["tokens_out_most"]
    )
    assert (found["usd"], found["seconds"], found["answers_seen"]) == (0.0, None, 0)
    assert len(found["requests"]) == 3
    said = entigraph("generate", corpus, "--model", "echo", "-n", 3, "--dry-run").out
    assert "time unknown" in said
    assert "no answer like these" in said


def test_a_dry_run_learns_from_the_answers_that_are_there(entigraph: "Program", corpus: str) -> None:
    done = entigraph("generate", corpus, *ECHO, "-n", 6, "--json").json
    found = dry(entigraph, corpus, "-n", 9, "--checks", "none")
    assert (found["reused"], found["answers_seen"]) == (6, done["done"])
    assert found["calls"] == 3
    mean = done["tokens_out"] / done["done"]
    assert found["tokens_out"] == pytest.approx(3 * mean, abs=2)
    assert found["seconds"] is not None


def test_a_rate_that_is_set_says_how_long_it_takes(entigraph: "Program", corpus: str) -> None:
    assert entigraph("config", corpus, "--set", "requests_per_minute=2").code == 0
    assert dry(entigraph, corpus, "-n", 4)["seconds"] == pytest.approx(120)


def test_wordings_turn_through_strategies_and_lines(entigraph: "Program", corpus: str) -> None:
    words = ("--strategy", "relate,lesson", "-n", 1, "--wordings", 5)
    found = dry(entigraph, corpus, *words)
    assert found["calls"] == 5
    done = entigraph("generate", corpus, *ECHO, *words, "--json").json
    assert done["done"] == 5


def test_a_rejected_text_is_asked_for_again_with_the_reasons(
    entigraph: "Program", corpus: str, server: "FakeServer"
) -> None:
    """The fake server hands its prompt back, so that every answer is rejected as a copy."""
    words = (
        "generate",
        corpus,
        "--model",
        server.name,
        "--checks",
        "copying",
        "--no-pilot",
        "-n",
        1,
        "--json",
    )
    assert entigraph(*words).json["rejected"] == {"copying": 1}
    assert len(server.bodies) == 1
    again = entigraph(*words, "--retry-rejected", 2).json
    assert (again["planned"], again["rejected"], again["stopped"]) == (1, {"copying": 1}, None)
    assert len(server.bodies) == 3
    first, second, third = (body["messages"] for body in server.bodies)
    assert second[: len(first)] == first
    assert [turn["role"] for turn in second[len(first) :]] == ["assistant", "user"]
    assert "for these reasons: copying: " in second[-1]["content"]
    assert len(third) == len(second) + 2


@pytest.mark.slow
def test_how_durable_the_journal_is_is_a_flag_and_a_setting(entigraph: "Program", corpus: str) -> None:
    for policy in ("each", "none"):
        assert entigraph("generate", corpus, *ECHO, "-n", 2, "--fsync", policy, "--json").json["planned"] == 2
    refused = entigraph("generate", corpus, *ECHO, "-n", 2, "--fsync", "every")
    assert refused.code == 2
    assert "'fsync' is one of " in refused.err
    assert entigraph("config", corpus, "--set", "fsync=each").code == 0


@pytest.mark.slow
def test_texts_that_give_away_an_evaluation_question_are_rejected(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    words = ("generate", corpus, "--model", "echo", "--checks", "leakage", "--no-pilot", "-n", 3, "--json")
    (home / "asked.txt").write_text("What is the capital of the country that nobody in this town has seen?\n")
    assert entigraph(*words, "--questions", "asked.txt").json["done"] == 3
    text = (
        json.loads((home / "clock.kg").with_name("t.jsonl").read_text().splitlines()[0])["text"]
        if (entigraph("export", corpus, "-o", "t.jsonl").code == 0)
        else ""
    )
    said = " ".join(text.split()[-20:])
    (home / "asked.txt").write_text(f"Is it true that {said}?\n", encoding="utf-8")
    found = entigraph(*words, "--questions", "asked.txt", "--seed", 1, "--strategy", "lesson").json
    assert found["rejected"].get("leakage", 0) > 0
    missing = entigraph(*words, "--questions", "nowhere.txt")
    assert missing.code in (1, 2)
    assert "nowhere.txt" in missing.err


@pytest.mark.slow
@pytest.mark.parametrize(
    "strategy", ["lesson:audience=a {b}", "rephrase:style=in {names} {context}", "continue_seed:form={x}"]
)
def test_braces_in_the_words_of_an_option_are_words(entigraph: "Program", corpus: str, strategy: str) -> None:
    sampler = "edges" if strategy.startswith("lesson") else "documents,edges"
    words = ("--strategy", strategy, "--sampler", sampler, "-n", 4)
    found = entigraph("generate", corpus, *ECHO, *words, "--dry-run", "--json")
    assert found.code == 0, found.err
    said = json.dumps(found.json["requests"], ensure_ascii=False)
    assert strategy.partition("=")[2] in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("[user]\nWrite about {Names}.", "'{Names}', which is no field"),
        ("[user]\nWrite about { names }.", "'{ names }', which is no field"),
        ("[user]\nWrite about {names!r}.", "'{names!r}', which is no field"),
        ("[user]\nWrite about {names.__class__}.", "which is no field"),
        ("[user]\nWrite about {0} and {}.", "'{0}', which is no field"),
        ("[user]\nWrite about {names", "which is no field"),
        ("junk\n[user]\nWrite about {names}.", "words before its first part: 'junk'"),
    ],
)
def test_a_prompt_with_what_only_looks_like_a_field_is_refused(
    entigraph: "Program", corpus: str, home: Path, words: str, message: str
) -> None:
    (home / "mine").mkdir()
    (home / "mine" / "tour.en.txt").write_text(words, encoding="utf-8")
    found = entigraph(
        "generate", corpus, *ECHO, "-n", 1, "--strategies", "mine", "--strategy", "tour", "--dry-run"
    )
    says(found, 1, message)


@pytest.mark.slow
def test_braces_that_are_no_field_may_stand_in_a_prompt(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    (home / "mine").mkdir()
    prompt = '[user]\nAnswer as {"about": "{names}", "text": ...}.'
    (home / "mine" / "tour.en.txt").write_text(prompt, encoding="utf-8")
    words = ("--strategies", "mine", "--strategy", "tour", "--dry-run", "--json")
    found = entigraph("generate", corpus, *ECHO, "-n", 1, *words)
    assert found.code == 0, found.err
    assert '{"about": "' in found.json["requests"][0]["messages"][-1]["content"]


@pytest.mark.slow
def test_documents_without_entities_can_be_rephrased(entigraph: "Program", home: Path) -> None:
    (home / "one.txt").write_text("hello there\n", encoding="utf-8")
    assert entigraph("build", "one.txt", "-o", "one.kg").code == 0
    words = ("--sampler", "documents", "--strategy", "rephrase")
    done = entigraph("generate", "one.kg", *ECHO, *words, "-n", 1, "--json")
    assert (done.code, done.json["done"]) == (0, 1), done.err
    says(entigraph("generate", "one.kg", *ECHO, "-n", 1), 1, "no entities were found", "--sampler documents")


@pytest.mark.slow
def test_made_up_answers_of_a_dry_run_are_called_so(entigraph: "Program", corpus: str) -> None:
    two = entigraph("generate", corpus, *ECHO, "-n", 1, "--strategy", "focal", "--dry-run")
    assert "that answer is made up here" in two.err
    one = entigraph("generate", corpus, *ECHO, "-n", 1, "--dry-run")
    assert "made up" not in one.err
