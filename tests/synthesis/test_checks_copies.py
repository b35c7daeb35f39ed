"""Copies: of the prompt, of itself, of an earlier text, of a question that will be asked."""

import unicodedata
from dataclasses import replace
from itertools import groupby, islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.checks.copying import Copying
from synthesis.checks.exact_duplicates import ExactDuplicates
from synthesis.checks.leaked import Leaked
from synthesis.checks.tokens import PLAIN, counted, fold, runs_in, words
from synthesis.leakage import Leakage
from tests.synthesis.drafts import (
    GOOD,
    GOOD_ZH,
    MUTE,
    PASSAGE,
    PASSAGE_ZH,
    PATIENCE,
    failed_by,
    outcome,
    written,
)


def test_a_text_that_copies_its_passages_fails() -> None:
    assert failed_by(PASSAGE, entities=(PATIENCE,)) == ["copying"]
    assert failed_by(PASSAGE_ZH, entities=(MUTE,), language="zh", passage=PASSAGE_ZH) == ["copying"]


def test_sixty_words_in_a_row_are_too_many_even_in_a_long_text() -> None:
    passage = " ".join(f"word{number}" for number in range(200))
    own = " ".join(f"own{number}" for number in range(200))
    part = passage.split()
    assert outcome("copying", f"{own} {' '.join(part[:60])}", passage=passage).outcome == "passed"
    copied = outcome("copying", f"{own} {' '.join(part[:61])}", passage=passage)
    assert copied.reason == "61 words in a row are copied from the prompt"


def test_a_text_that_hands_back_the_prompt_fails() -> None:
    assert "copying" in failed_by(GOOD + "\n### Task\nWrite.", entities=(PATIENCE,))


def test_the_words_of_the_task_count_as_copied_too() -> None:
    said = "Say in one paragraph of plain prose what the balance is and who was concerned with it and when."
    draft = written(said)
    assert Copying().check(draft).outcome == "passed"
    asked = replace(draft, prompt=f"{draft.prompt} {said}")
    assert Copying().check(asked).outcome == "failed"


def test_a_text_that_speaks_of_the_passages_fails_unless_they_speak_of_passages_too() -> None:
    text = GOOD + " The passages leave the rest open."
    assert failed_by(text, entities=(PATIENCE,)) == ["copying"]
    assert failed_by(text, entities=(PATIENCE,), passage=PASSAGE + " It hung in the passage.") == []
    assert (
        outcome("copying", GOOD_ZH + "段落里没有说。", language="zh", passage=PASSAGE_ZH).outcome == "failed"
    )


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("The document also mentions a barrel of eels.", "the document also mentions"),
        ("According to the text, it is heavy.", "according to the text"),
        ("All of this is in the provided context.", "the provided context"),
        ("The excerpt is about a balance.", "the excerpt is about"),
        ("Nothing else is stated in the given document.", "stated in the given document"),
    ],
)
def test_a_text_that_speaks_of_what_the_model_was_shown_fails(said: str, quoted: str) -> None:
    found = outcome("copying", f"{GOOD} {said}")
    assert (found.outcome, found.reason) == ("failed", f"speaks of {quoted!r}, which its reader never sees")


@pytest.mark.parametrize("said", ["文档中提到了这台天平。", "根据原文，它很准。", "原文指出，它很准。"])
def test_a_chinese_text_that_speaks_of_what_the_model_was_shown_fails(said: str) -> None:
    found = outcome("copying", GOOD_ZH + said, language="zh", passage=PASSAGE_ZH)
    assert found.outcome == "failed"
    assert "which its reader never sees" in found.reason


@pytest.mark.parametrize(
    ("said", "passage"),
    [
        ("The document mentions a barrel.", "She found the document in a barrel."),
        ("She sent a text and documents to the town.", ""),
        ("In the context of the rent that was cheap.", ""),
        ("The texts of the two songs are lost.", ""),
    ],
)
def test_documents_that_the_sources_speak_of_may_be_spoken_of(said: str, passage: str) -> None:
    assert outcome("copying", f"{GOOD} {said}", passage=f"{PASSAGE} {passage}").outcome == "passed"


def test_a_passage_through_a_wall_is_none_of_the_prompt() -> None:
    assert (
        outcome("copying", GOOD + " With the passage of time a passage to the yard fell in.").outcome
        == "passed"
    )


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ((GOOD + " ") * 4, "'old patience was the work of tobias lunt, who finished it in 1838' 4 times"),
        (GOOD + " no" * 20, "'no' 20 times in a row"),
        (GOOD + " and so on" * 6 + ".", "'and so on' 6 times in a row"),
        (GOOD + " !!!!!!!!!!!!!!!!!!!!!!!!!!", "'!' 16 times in a row or more"),
        ("老耐心很准。" + "它又响了，" * 5, "'它又响了' 5 times in a row"),
        ("天平" + "准" * 40 + "。", "'准' 16 times in a row or more"),
    ],
)
def test_a_text_that_has_fallen_into_a_loop_fails_and_says_of_what(text: str, quoted: str) -> None:
    assert outcome("repetition", text).reason == quoted


def test_a_text_that_says_most_things_twice_fails() -> None:
    words = [f"w{number}" for number in range(60)]
    twice = " ".join(words + words[:40])
    assert outcome("repetition", twice).reason.endswith("of its runs of 8 words are repetitions")
    assert outcome("repetition", " ".join(words + words[:20])).outcome == "passed"


@pytest.mark.parametrize(
    "text",
    [
        "Row, row, row your boat, gently down the stream, merrily, merrily, merrily, merrily, life is but a dream.",
        "Ha ha ha ha, said the pilot. The bell rang. The bell rang again. And the bell rang once more at noon.",
        f"{GOOD} It was a good balance. Nobody doubted that it was a good balance, for it was a good balance.",
        "Name ........................ Price\n----------------------------------\nHasty ................ 19",
        "沈先生说，听，听，听，听见了没有？听见了，听见了。",
    ],
)
def test_a_refrain_a_laugh_and_a_table_are_no_loops(text: str) -> None:
    assert outcome("repetition", text).outcome == "passed"


def test_the_reason_tells_a_loop_from_a_copy() -> None:
    assert failed_by((GOOD + " ") * 4, entities=(PATIENCE,)) == ["repetition"]


def test_the_same_words_in_other_case_and_white_space_are_an_exact_duplicate() -> None:
    check = ExactDuplicates()
    check.remember("first", GOOD)
    check.remember("second", GOOD.upper())
    same = check.check(written("  " + GOOD.upper().replace(" ", "\n ")))
    assert same.reason == "the same words as the text first"
    assert check.check(written(GOOD.replace("1838", "1839"))).outcome == "passed"
    assert check.check(written(GOOD_ZH)).outcome == "passed"


def test_a_text_that_holds_a_question_of_the_evaluation_fails_and_quotes_it() -> None:
    question = "Who built the balance that the Company calls Old Patience?"
    check = Leaked(Leakage.of([question]))
    held = check.check(written(f"Question: {question.upper()} Answer: Lunt."))
    assert held.reason == f"holds the question {question!r}"
    assert check.check(written(GOOD)).outcome == "passed"


def test_without_questions_leakage_is_unchecked() -> None:
    assert outcome("leakage", GOOD).outcome == "unchecked"
    assert Leaked(Leakage.of(["Who?"])).check(written(GOOD)).outcome == "unchecked"


PIECES = st.text(alphabet="ab B1_.,'’é½０二钟，\t\n\u0301", max_size=40)


@given(PIECES, PIECES)
def test_a_prompt_in_two_pieces_has_the_runs_of_the_whole(first: str, last: str) -> None:
    whole = runs_in(fold(f"{first}\n{last}"), 3)
    assert runs_in(f"{fold(first)} {fold(last)}", 3).tolist() == whole.tolist()


@given(PIECES)
def test_runs_agree_where_their_words_agree(text: str) -> None:
    said = words(text)
    pairs = list(pairwise(said))
    found = runs_in(fold(text), 2).tolist()
    assert [found.index(run) for run in found] == [pairs.index(pair) for pair in pairs]


@given(PIECES, st.integers(0, 20))
def test_words_are_counted_as_far_as_asked(text: str, most: int) -> None:
    assert counted(text, most) == min(most, len(words(text)))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 120), st.integers(1, 70)), min_size=1, max_size=12))
def test_what_is_copied_is_what_counting_every_run_finds(parts: list[tuple[bool, int, int]]) -> None:
    passage = [f"word{number}" for number in range(190)]
    own = (f"own{number}" for number in range(2000))
    said = [
        word
        for copied, start, length in parts
        for word in (passage[start : start + length] if copied else islice(own, length))
    ]
    held = set(zip(*(passage[at:] for at in range(8)), strict=False))
    stands = [run in held for run in zip(*(said[at:] for at in range(8)), strict=False)]
    longest = max((len(list(alike)) for copied, alike in groupby(stands) if copied), default=0)
    wanted = 2 * sum(stands) > len(stands) or longest + 7 > 60
    assert (outcome("copying", " ".join(said), passage=" ".join(passage)).outcome == "failed") is wanted


def test_folding_by_table_is_what_unicode_says_of_every_character() -> None:
    def slowly(text: str) -> str:
        plain = text.translate({ord(form): plain for form, plain in PLAIN.items()})
        return " ".join(unicodedata.normalize("NFKC", plain).casefold().split())

    for code in (*range(0xD800), *range(0xE000, 0x11000), *range(0x1F300, 0x1F700), 0xD800, 0xDFFF):
        text = f"缸{chr(code)} e{chr(code)}{chr(code)}"
        assert fold(text) == slowly(text), hex(code)
