"""What is being written, as it is told."""

from types import SimpleNamespace
from typing import Any

import lm
from entigraph.web.works.writing import MOST_LETTERS, MOST_PARTS, Writing
from lm.jobs import PieceState
from synthesis.underway import Place


def piece(call: str, text: str, state: PieceState = "more") -> lm.Piece:
    underway: Any = SimpleNamespace(title=f"about {call}")
    return lm.Piece(lm.Job(lm.Request(lm.chat("?"), "m"), Place(underway, 0)), call, text, state)


def texts(writing: Writing) -> dict[str, str]:
    return {call: part.text for call, part in writing.parts()}


def test_pieces_grow_together_and_what_is_lost_begins_anew() -> None:
    writing = Writing()
    for text in ("Orla ", "wrote"):
        writing.hear(piece("a", text))
    assert texts(writing) == {"a": "Orla wrote"}
    writing.hear(piece("a", "", "lost"))
    assert texts(writing) == {}
    writing.hear(piece("a", "Anew"))
    assert texts(writing) == {"a": "Anew"}


def test_what_was_checked_goes_with_all_that_was_whole_before_it() -> None:
    writing = Writing()
    for call in "abc":
        writing.hear(piece(call, call))
    for call in "ba":
        writing.hear(piece(call, "", "whole"))
    record: Any = SimpleNamespace(call="a")
    writing.came(record)
    assert texts(writing) == {"c": "c"}


def test_halves_of_a_character_are_put_together() -> None:
    writing = Writing()
    for half in ("\ud83d", "\ude00"):
        writing.hear(piece("a", half))
        texts(writing)["a"].encode()
    assert texts(writing) == {"a": "\U0001f600"}


def test_very_long_and_very_many_are_bounded_and_those_being_written_come_first() -> None:
    writing = Writing()
    for number in range(40):
        writing.hear(piece(str(number), "x" * 15_000))
        writing.hear(piece(str(number), "x" * 15_000))
        if number < 35:
            writing.hear(piece(str(number), "", "whole"))
    parts = writing.parts()
    assert len(parts) == MOST_PARTS
    assert [call for call, _ in parts[:5]] == ["35", "36", "37", "38", "39"]
    assert {len(part.text) for _, part in parts} == {MOST_LETTERS}
