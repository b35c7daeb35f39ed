"""Answers that are wrapped, cut or sloppy still give the data they hold; others say what was seen."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lm import Malformed
from lm.structured import parse, require_bounds

NAME = {"type": "string", "maxLength": 60}
ENTITY = {
    "type": "object",
    "properties": {"name": NAME, "type": {"enum": ["person", "place"]}, "note": NAME},
    "required": ["name", "type"],
}
SCHEMA = {
    "type": "object",
    "properties": {"entities": {"type": "array", "maxItems": 4, "items": ENTITY}},
    "required": ["entities"],
}
SEL = {"name": "Sel", "type": "place"}
ORRIN = {"name": "Orrin Vane", "type": "person"}
BOTH = {"entities": [SEL, ORRIN]}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(BOTH),
        "Sure, here it is:\n```json\n" + json.dumps(BOTH, indent=2) + "\n```\nAnything else?",
        '{"entities": [{"name": "Sel", "type": "place",}, {"name": "Orrin Vane", "type": "person"},]}',
        "{'entities': [{'name': 'Sel', 'type': 'place'}, {'name': 'Orrin Vane', 'type': 'person'}]}",
        '{entities: [{name: "Sel", type: "place"}, {name: "Orrin Vane", type: "person"}]}',
        '{"entities": [{"name": "Sel", "type": "place"}, {"name": "Orrin Vane", "type": "person"}, {"name": "A',
        '{"entities": [{"name": "Sel", "type": "place"}, {"name": "Orrin Vane", "type": "person"}, {"name": "Au", "ty',
        '{"entities": [{"name": "Sel", "type": "place"}, {"name": "X", "type": "cheese"}, '
        '{"name": "Orrin Vane", "type": "person"}]}',
        '{"entities": [{"name": "Sel", "type": "place"} {"name": "Orrin Vane", "type": "person"}], "more": 3}',
    ],
)
def test_the_data_is_found(text: str) -> None:
    assert parse(text, SCHEMA) == BOTH


def test_a_newline_inside_a_string_is_kept() -> None:
    assert parse('{"entities": [{"name": "Sel\nby the sea", "type": "place"}]}', SCHEMA)["entities"][0] == {
        "name": "Sel\nby the sea",
        "type": "place",
    }


def test_a_cut_string_is_left_out_and_not_half_kept() -> None:
    text = '{"entities": [{"name": "Sel", "type": "place", "note": "a harbour to'
    assert parse(text, SCHEMA) == {"entities": [SEL]}


def test_too_many_items_and_too_long_words_are_shortened_to_the_bound() -> None:
    text = json.dumps({"entities": [{"name": "N" * 500, "type": "place"}] * 9})
    assert parse(text, SCHEMA) == {"entities": [{"name": "N" * 60, "type": "place"}] * 4}


def test_an_empty_array_is_an_answer() -> None:
    assert parse('{"entities": []}', SCHEMA) == {"entities": []}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", "holds no JSON"),
        ("I cannot do that.", "holds no JSON"),
        ('{"names": ["Sel"]}', "lacks answer.entities"),
        ('{"entities": "Sel"}', "should be array"),
        ('{"entities": [{"name": "Sel", "type": "cheese"}]}', "'cheese'"),
        ('{"entities": [{"name": 3, "type": "place"}]}', "should be string"),
        ("{" * 5000, "entities"),
        ("[" * 5000, "should be object"),
    ],
)
def test_what_cannot_be_used_says_what_was_seen(text: str, seen: str) -> None:
    with pytest.raises(Malformed, match=seen):
        parse(text, SCHEMA)


@given(st.text())
def test_any_text_gives_data_or_malformed(text: str) -> None:
    for wrapped in (text, '{"entities": [' + text, '{"entities": [{"name": "' + text):
        try:
            found = parse(wrapped, SCHEMA)
        except Malformed:
            continue
        assert len(found["entities"]) <= 4


@given(st.integers(0, len(json.dumps({"entities": [SEL, ORRIN, SEL]}))))
def test_cut_anywhere_only_whole_items_are_kept(cut: int) -> None:
    whole = json.dumps({"entities": [SEL, ORRIN, SEL]})
    try:
        found = parse(whole[:cut], SCHEMA)["entities"]
    except Malformed:
        found = []
    assert found == [SEL, ORRIN, SEL][: len(found)]


def test_numbers_true_and_alternatives_are_read() -> None:
    schema = {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "minimum": 0, "maximum": 9},
            "x": {"type": "number"},
            "b": {"type": "boolean"},
            "o": {"anyOf": [{"type": "null"}, NAME]},
        },
        "required": ["n", "x", "b", "o"],
    }
    assert parse('{"n": 3, "x": -1.5e3, "b": True, "o": None, }', schema) == {
        "n": 3,
        "x": -1500.0,
        "b": True,
        "o": None,
    }
    with pytest.raises(Malformed, match="outside"):
        parse('{"n": 11, "x": 1, "b": true, "o": "s"}', schema)
    with pytest.raises(Malformed, match="should be integer"):
        parse('{"n": true, "x": 1, "b": true, "o": "s"}', schema)


def test_a_bounded_schema_passes_and_an_unbounded_one_is_named() -> None:
    require_bounds(SCHEMA)
    with pytest.raises(ValueError, match=r"answer\.entities without a maxItems"):
        require_bounds({"type": "object", "properties": {"entities": {"type": "array", "items": NAME}}})
    with pytest.raises(ValueError, match=r"answer\.list\[\] without a maxLength"):
        require_bounds(
            {
                "type": "object",
                "properties": {"list": {"type": "array", "maxItems": 2, "items": {"type": "string"}}},
            }
        )
    with pytest.raises(ValueError, match="maxLength"):
        require_bounds({"anyOf": [{"type": "null"}, {"type": "string"}]})
