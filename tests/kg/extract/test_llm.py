"""The extractor that asks a model: grounding, faults, the second pass, types files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import lm
from kg.extract.base import ExtractError
from kg.extract.llm import LLMExtractor
from kg.extract.wanted import Wanted, read_types
from kg.model import GraphError
from kg.store import Reading
from lm.base import FREE, BadRequest, Completion, Price, Request, TokenCallback
from lm.structured import require_bounds

TEXT = "Orla Finch keeps the tide clock. She learned from Bram Keel. Keel (贝尔姆) lived in Saltmere."
GOOD = {
    "entities": [
        {"name": "Orla Finch", "type": "person", "aliases": [], "description": "She keeps the tide clock."},
        {"name": "the Tide Clock", "type": "object", "aliases": [], "description": "A clock."},
        {"name": "Bram Keel", "type": "person", "aliases": ["Keel", "贝尔姆"], "description": "A teacher."},
        {"name": "Nant Hollow", "type": "place", "aliases": [], "description": "Not in the passage."},
        {"name": "She", "type": "person", "aliases": [], "description": "A pronoun."},
    ],
    "relations": [
        {"source": "Orla Finch", "label": "keeps", "target": "tide clock", "description": "She keeps it."},
        {"source": "Orla Finch", "label": "learned from", "target": "Bram Keel", "description": "A trade."},
        {"source": "Keel", "label": "lived in", "target": "Saltmere", "description": "He lived there."},
        {"source": "Orla Finch", "label": "visited", "target": "Nant Hollow", "description": "Made up."},
    ],
}


class Scripted:
    """A model whose answers are given: `answers` by the number of the request."""

    name = "scripted"
    remote = False

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = answers
        self.requests: list[Request] = []

    @property
    def price(self) -> Price:
        return FREE

    async def complete(self, request: Request, on_token: TokenCallback | None = None) -> Completion:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return Completion(answer, "stop", 10, 10, 0.0, self.name, 0.0)

    def count_tokens(self, text: str) -> int:
        return len(text) // 4

    async def check(self) -> None: ...

    async def aclose(self) -> None: ...


Asked = Callable[..., tuple[LLMExtractor, list[tuple[Any, Reading | GraphError]], Scripted]]


@pytest.fixture
def ask(tmp_path: Path, document_of: Any) -> Asked:
    """Reads TEXT with a model that gives these answers."""

    def go(*answers: str | Exception, text: str = TEXT, language: str = "en", **options: Any) -> Any:
        model = Scripted(*answers)
        with (
            lm.Journal.open(tmp_path / "journal") as journal,
            lm.Session(model, journal=journal, retries=0) as session,
        ):
            reader = LLMExtractor(session, **options)
            return reader, list(reader.read([document_of(text, language)])), model

    return go


def names(reading: Reading | GraphError) -> dict[str, str]:
    assert isinstance(reading, Reading), reading
    return {one.name: one.type for one in reading.candidates}


def test_what_the_text_holds_is_kept_and_the_rest_is_counted(ask: Asked) -> None:
    reader, [(_, reading)], _ = ask(json.dumps(GOOD))
    assert names(reading) == {
        "Orla Finch": "person",
        "tide clock": "object",
        "Bram Keel": "person",
        "Saltmere": "other",
    }
    assert "2 ungrounded entities" in reader.notes[0]
    assert "1 ungrounded relations" in reader.notes[0]


def test_aliases_of_both_scripts_are_mentions(ask: Asked) -> None:
    _, [(_, reading)], _ = ask(json.dumps(GOOD))
    assert isinstance(reading, Reading)
    [keel] = [one for one in reading.candidates if one.name == "Bram Keel"]
    assert keel.surfaces == ("Bram Keel", "Keel", "贝尔姆")
    assert keel.description == "A teacher."


def test_evidence_is_the_sentence_or_the_few_that_hold_both_ends(ask: Asked) -> None:
    _, [(_, reading)], _ = ask(json.dumps(GOOD))
    assert isinstance(reading, Reading)
    assert {row.label: TEXT[row.start : row.end] for row in reading.evidence} == {
        "keeps": "Orla Finch keeps the tide clock.",
        "learned from": "Orla Finch keeps the tide clock. She learned from Bram Keel.",
        "lived in": "Keel (贝尔姆) lived in Saltmere.",
    }


def test_prose_around_the_json_and_a_cut_end_are_repaired(ask: Asked) -> None:
    answer = "Sure! ```json\n" + json.dumps(GOOD)[:130]
    _, [(_, reading)], model = ask(answer)
    assert list(names(reading)) == ["Orla Finch"]
    assert len(model.requests) == 1


def test_a_useless_answer_is_asked_for_once_more(ask: Asked) -> None:
    reader, [(_, reading)], model = ask("I am sorry.", json.dumps(GOOD))
    assert "Orla Finch" in names(reading)
    assert [request.sample for request in model.requests] == [0, 1]
    assert "1 answers of no use" in reader.notes[0]


def test_useless_answers_end_in_an_error_not_in_asking_on(ask: Asked) -> None:
    _, [(_, reading)], model = ask("I am sorry.")
    assert isinstance(reading, ExtractError)
    assert "no answer of the model could be used" in str(reading)
    assert len(model.requests) == 2


def test_a_request_that_fails_is_the_error_of_its_document(ask: Asked) -> None:
    _, [(_, reading)], _ = ask(BadRequest("the passage is too long"))
    assert isinstance(reading, ExtractError)
    assert "the passage is too long" in str(reading)


def test_the_second_pass_adds_what_was_missed(ask: Asked) -> None:
    more = {"entities": [{"name": "Saltmere", "type": "place"}], "relations": []}
    _, [(_, reading)], model = ask(json.dumps(GOOD), json.dumps(more), second_pass=True)
    assert len(model.requests) == 2
    assert "- Orla Finch" in model.requests[1].messages[0].content
    assert "Saltmere" in names(reading)


def test_nothing_is_asked_twice(ask: Asked) -> None:
    ask(json.dumps(GOOD))
    _, [(_, reading)], model = ask(json.dumps({"entities": []}))
    assert model.requests == []
    assert "Orla Finch" in names(reading)


def test_a_chinese_passage_gets_the_chinese_prompt(ask: Asked) -> None:
    answer = {
        "entities": [{"name": "顾守拙", "type": "person"}, {"name": "《夜听簿》", "type": "work"}],
        "relations": [],
    }
    _, [(_, reading)], model = ask(json.dumps(answer), text="顾守拙写《夜听簿》。", language="zh")
    assert "请读一段文字" in model.requests[0].messages[0].content
    assert names(reading) == {"顾守拙": "person", "夜听簿": "work"}


def test_braces_in_a_passage_are_left_alone(ask: Asked) -> None:
    text = "Use {entities} and {types} and {passage} as {0}."
    _, _, model = ask(json.dumps({"entities": []}), text=text)
    assert text in model.requests[0].messages[0].content


def test_a_types_file_limits_and_explains(ask: Asked, tmp_path: Path) -> None:
    file = tmp_path / "types.toml"
    file.write_text('[types]\nkeeper = "who minds a clock"\n[labels]\nminds = "looks after"\n', "utf-8")
    answer = {
        "entities": [{"name": "Orla Finch", "type": "keeper"}, {"name": "tide clock", "type": "object"}],
        "relations": [
            {"source": "Orla Finch", "label": "minds", "target": "tide clock"},
            {"source": "Orla Finch", "label": "knows", "target": "Bram Keel"},
        ],
    }
    _, [(_, reading)], model = ask(json.dumps(answer), types=file)
    assert "keeper: who minds a clock" in model.requests[0].messages[0].content
    assert names(reading)["Orla Finch"] == "keeper"
    assert isinstance(reading, Reading)
    assert [row.label for row in reading.evidence] == ["minds"]


@pytest.mark.parametrize("text", ["not toml [", "[types]\nx = 1\n", "[kinds]\nx = 'y'\n", ""])
def test_a_broken_types_file_is_said_before_anything_is_asked(tmp_path: Path, text: str) -> None:
    file = tmp_path / "types.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ExtractError, match="types file"):
        read_types(file)


@pytest.mark.parametrize("characters", [0, 1_000, 10**9])
def test_the_schema_is_bounded_whatever_the_passage(characters: int) -> None:
    require_bounds(Wanted().schema(characters))
    require_bounds(Wanted({"a": "b"}, {"c": "d"}).schema(characters))


@pytest.mark.slow
@pytest.mark.local_model
def test_the_local_model_names_what_a_passage_holds(
    local_model: Path, tmp_path: Path, document_of: Any
) -> None:
    text = "Orla Finch keeps the tide clock of Saltmere. Bram Keel built the tide clock."
    with (
        lm.Journal.open(tmp_path / "journal") as journal,
        lm.Session(lm.connect("local"), journal=journal) as session,
    ):
        [(_, reading)] = list(LLMExtractor(session, max_tokens=600).read([document_of(text)]))
    found = names(reading)
    assert {"Orla Finch", "Bram Keel"} <= found.keys()
    assert isinstance(reading, Reading)
    assert reading.evidence
