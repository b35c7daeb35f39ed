"""The echo model says back what it was asked about, the same every time."""

import pytest

import lm
from lm import door
from lm.structured import parse

ENGLISH = """Write a text about the two entities below, using only the document.

### Document
The tide clock of Sel stopped in 1911. Nobody in the town repaired it. Orrin Vane had built it for the
harbour guild. He left for Marrow Point in spring. The guild never paid him.

### Entities
- Sel (place): a harbour town
- Orrin Vane

### Task
Write about Sel. Use Orrin Vane. Do not repeat the prompt.
"""
CHINESE = """请写一段文字。

### Passages
潮汐鐘在一九一一年停了。沒有人修理它。歐陽明為漁會造了它。漁會沒有付錢給他。

### Entities
- 潮汐鐘
- 歐陽明

### 任务
请写一段文字。
"""
SCHEMA = {
    "type": "object",
    "properties": {
        "entities": {
            "type": "array",
            "maxItems": 20,
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "maxLength": 80},
                    "type": {"enum": ["person", "place"]},
                },
                "required": ["name", "type"],
            },
        },
        "relations": {
            "type": "array",
            "maxItems": 5,
            "items": {
                "type": "object",
                "properties": {
                    "source": {"type": "string", "maxLength": 80},
                    "label": {"type": "string", "maxLength": 80},
                    "target": {"type": "string", "maxLength": 80},
                },
                "required": ["source", "label", "target"],
            },
        },
    },
    "required": ["entities", "relations"],
}


def say(text: str, name: str = "echo", **fields: object) -> lm.Completion:
    request = lm.Request(lm.chat(text), "echo", **fields)  # type: ignore[arg-type]
    return door.call(lm.connect(name).complete(request))


@pytest.mark.parametrize(
    ("prompt", "names"), [(ENGLISH, ["Sel", "Orrin Vane"]), (CHINESE, ["潮汐鐘", "歐陽明"])]
)
def test_every_asked_entity_is_named_in_sentences_of_the_document(prompt: str, names: list[str]) -> None:
    answer = say(prompt)
    assert all(name in answer.text for name in names)
    assert answer.finish == "stop"
    assert "###" not in answer.text
    assert "repeat" not in answer.text
    assert "请写" not in answer.text
    assert "- " not in answer.text
    document = prompt.replace("\n", " ")
    pieces = answer.text.replace("\n", " ").split("。" if "。" in prompt else ". ")
    assert len(pieces) >= 3
    assert all(piece.strip(" .") in document for piece in pieces)


def test_the_same_question_has_the_same_answer() -> None:
    assert say(ENGLISH).text == say(ENGLISH).text
    assert say(ENGLISH, "echo:delay=0.01").text == say(ENGLISH).text


def test_an_entity_that_the_document_does_not_name_is_named_all_the_same() -> None:
    assert "Brother Quill" in say(ENGLISH.replace("- Orrin", "- Brother Quill\n- Orrin")).text


def test_an_answer_is_cut_at_max_tokens_and_says_so() -> None:
    answer = say(ENGLISH, max_tokens=10)
    assert answer.finish == "length"
    assert answer.tokens_out <= 10


def test_a_schema_is_followed() -> None:
    answer = say(ENGLISH, schema=SCHEMA)
    found = parse(answer.text, SCHEMA)
    assert [e["name"] for e in found["entities"]] == ["Sel (place): a harbour town", "Orrin Vane"]
    plain = parse(say("Orrin Vane built the clock of Sel.", schema=SCHEMA).text, SCHEMA)
    assert [e["name"] for e in plain["entities"]] == ["Orrin Vane", "Sel"]
    assert plain["relations"][0]["source"] == "Orrin Vane"
    assert plain["relations"][0]["target"] == "Sel"


@pytest.mark.parametrize(
    "prompt", ["", "\x00", "<script>alert(1)</script>", "{x} %s", "### Entities\n", "ا ب", "a" * 100_000]
)
def test_any_prompt_has_an_answer(prompt: str) -> None:
    assert say(prompt).finish in ("stop", "length")


def test_it_is_streamed_word_by_word() -> None:
    pieces: list[str] = []
    request = lm.Request(lm.chat(ENGLISH), "echo")
    answer = door.call(lm.connect("echo").complete(request, pieces.append))
    assert "".join(pieces) == answer.text
    assert len(pieces) > 10


def test_it_fails_as_often_as_it_is_told_and_succeeds_when_asked_again() -> None:
    model = lm.connect("echo:fail=0.5")
    request = lm.Request(lm.chat(ENGLISH), "echo")
    outcomes = []
    for _ in range(40):
        try:
            outcomes.append(bool(door.call(model.complete(request)).text))
        except lm.ServerError:
            outcomes.append(False)
    assert 8 < sum(outcomes) < 32
