"""Texts of every kind as chats: who says what, and that no words are lost on the way."""

import pytest

from synthesis.turns import Turn, question_and_answer, spoken, turns_of


@pytest.mark.parametrize(("language", "mark"), [("en", "Question: "), ("zh", "问题："), ("fr", "Question: ")])
def test_a_question_and_its_answer_are_read_back_as_they_were_written(language: str, mark: str) -> None:
    text = question_and_answer(" Who winds it?\nAnd why? ", " Orla.\nShe must. ", language)
    assert text.startswith(mark)
    chat = turns_of("qa", "The clock", text, language)
    assert chat == (Turn("user", "Who winds it?\nAnd why?"), Turn("assistant", "Orla.\nShe must."))


@pytest.mark.parametrize("kind", ["text", "lesson", "qa", "dialogue"])
def test_what_is_neither_a_question_nor_talk_answers_a_question_about_its_title(kind: str) -> None:
    prose = "Orla winds the clock."
    chat = turns_of(kind, "The {clock}", prose, "en")
    assert chat == (Turn("user", "Tell me about this: The {clock}"), Turn("assistant", prose))
    assert turns_of(kind, "钟", prose, "zh")[0].text == "请讲讲：钟"


def test_a_text_without_a_title_is_asked_for_without_naming_one() -> None:
    request, answer = turns_of("text", " ", "Orla.", "en")
    assert request.text
    assert ":" not in request.text
    assert answer.text == "Orla."


def test_whoever_speaks_first_is_the_user_and_the_assistant_has_the_last_word() -> None:
    text = "Ines: Who winds it?\nBram: Orla.\nDow: Every day.\nInes: Why?"
    chat = turns_of("dialogue", "t", text, "en")
    assert chat == (Turn("user", "Who winds it?"), Turn("assistant", "Orla.\nEvery day."))


def test_a_line_without_a_name_goes_on_with_what_was_said() -> None:
    assert spoken("甲：谁上弦？\n\n  每天吗？\n乙：奥拉。") == [
        ("甲", "谁上弦？\n每天吗？"),
        ("乙", "奥拉。"),
    ]


def test_a_text_that_begins_without_a_name_is_no_dialogue() -> None:
    text = "It was night.\nInes: Who winds it?\nBram: Orla."
    assert spoken(text) == []
    assert turns_of("dialogue", "t", text, "en")[1].text == text


def test_a_line_separator_inside_a_turn_stays_where_it_is() -> None:
    chat = turns_of("dialogue", "t", "Ines: one\u2028two: three\nBram: four", "en")
    assert [turn.text for turn in chat] == ["one\u2028two: three", "four"]


def test_one_voice_alone_is_prose() -> None:
    text = "Ines: I wind it.\nInes: Every day."
    assert turns_of("dialogue", "t", text, "en")[1].text == text


def test_several_questions_are_several_exchanges() -> None:
    text = "Question: Who?\nA) Orla\nB) Bram\nAnswer: A) Orla. She did.\n\nQuestion: When?\nAnswer: In 1874.\n\nSo it is said."
    found = turns_of("qa", "The Clock", text, "en")
    assert [turn.role for turn in found] == ["user", "assistant"] * 2
    assert found[0].text == "Who?\nA) Orla\nB) Bram"
    assert found[3].text == "In 1874.\n\nSo it is said."
    assert turns_of("qa", "The Clock", f"Well.\n\n{text}", "en")[0].text == "Tell me about this: The Clock"
