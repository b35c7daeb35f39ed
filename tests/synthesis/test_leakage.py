"""Questions that a model will be asked must not stand in the texts it learns from."""

from pathlib import Path

import pytest

from synthesis.leakage import LEAST, Leakage, questions_in, words_of

LONG = "In which winter did the fog bell of Skerry Point crack so badly that Mina Arden had to write to the pilots?"
SHORT = "Who keeps the tide clock of Saltmere?"


def test_thirteen_words_in_a_row_give_a_long_question_away() -> None:
    leakage = Leakage.of([LONG])
    thirteen = " ".join(words_of(LONG)[4:17])
    assert leakage.found(f"They say {thirteen}, and more.") == LONG
    assert leakage.found(f"They say {' '.join(words_of(LONG)[4:16])}, and more.") is None


def test_a_short_question_is_leaked_by_all_of_its_words_and_by_nothing_less() -> None:
    leakage = Leakage.of([SHORT])
    assert leakage.found("Question: WHO keeps the tide-clock of Saltmere?\nAnswer: Orla.") == SHORT
    assert leakage.found("Orla keeps the tide clock of Saltmere.") is None
    assert leakage.found("Who keeps the old tide clock of Saltmere?") is None


def test_a_question_of_fewer_than_six_words_is_counted_and_not_looked_for() -> None:
    leakage = Leakage.of(["Who is Orla Finch?", SHORT])
    assert (leakage.too_short, leakage.questions) == (1, [SHORT])
    assert leakage.found("Who is Orla Finch? Nobody knows.") is None


def test_a_chinese_character_is_a_word_and_forms_of_width_do_not_matter() -> None:
    question = "听缸师凭什么判断一缸醋可以开封？"
    leakage = Leakage.of([question, "Ｗｈｏ ｗｏｕｎｄ the clock in １９１１ ?"])
    assert leakage.found("问：听缸师凭什么判断，一缸醋可以开封？答：听声音。") == question
    assert leakage.found("听缸师判断一缸醋可以开封。") is None
    assert leakage.found("So who wound the clock in 1911, then?") is not None


def test_questions_with_the_same_beginning_are_told_apart() -> None:
    head = "In the handbook of the sworn hand"
    first, second = f"{head} what is written on wool?", f"{head} what is written on grass?"
    leakage = Leakage.of([first, second])
    assert leakage.found(f"x {head} what is written on grass y") == second
    assert leakage.found(head) is None


def test_a_longer_run_can_be_asked_for_and_too_short_a_one_is_refused() -> None:
    assert Leakage.of([LONG], words=LEAST).found("with the fog bell of Skerry Point crack") == LONG
    with pytest.raises(ValueError, match="look for 6 or more"):
        Leakage.of([LONG], words=LEAST - 1)


def test_no_text_and_no_question_leak_nothing() -> None:
    assert Leakage.of([]).found(LONG) is None
    assert Leakage.of([LONG]).found("") is None


@pytest.mark.parametrize(
    "written",
    [
        f"{LONG}\n\n  {SHORT}  \r\n",
        f'{{"question": "{LONG}", "answer": "1883"}}\n{{"text": "{SHORT}"}}\n',
        f'{{"title": "x", "questions": [{{"question": "{LONG}", "options": ["a"]}}, "{SHORT}"]}}',
        f'["{LONG}", {{"text": "{SHORT}"}}]',
        f"{LONG}\n{SHORT}",
    ],
)
def test_questions_are_read_from_lines_or_objects_or_objects_of_several(tmp_path: Path, written: str) -> None:
    file = tmp_path / "q"
    file.write_text(written, encoding="utf-8-sig")
    assert questions_in(file) == [LONG, SHORT]


def test_our_own_questions_are_found(tmp_path: Path) -> None:
    examples = Path(__file__).resolve().parents[2] / "examples"
    for name in ("wendlow-questions.jsonl", "mianxi-questions.jsonl"):
        questions = questions_in(examples / name)
        leakage = Leakage.of(questions)
        assert len(questions) > 10
        assert len(leakage.questions) + leakage.too_short == len(questions)
        assert all(leakage.found(f"Ask: {question}") for question in leakage.questions)


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("", "there are no questions"),
        (" \n\n", "there are no questions"),
        ('[\n{"question": "Who?"}\n]', "line 1: it is not JSON"),
        ('{"question": "Who?"}\nWho?', "line 2: it is not JSON"),
        ('{"question": "Who?"}\n\n{"asked": "Who?"}', "line 3: it asks nothing"),
        ('{"question": 7}', "line 1: it asks nothing"),
        ('{"questions": [{"question": " "}]}', "line 1: it asks nothing"),
        ('{"questions": [' * 3000, "line 1: it is not JSON"),
        ("\x00\x01\x02\x03" * 40, "cannot read the questions"),
    ],
)
def test_a_file_that_asks_nothing_is_told_with_its_line(tmp_path: Path, written: str, answer: str) -> None:
    file = tmp_path / "q"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(ValueError, match=answer):
        questions_in(file)


def test_a_plain_question_may_begin_with_a_bracket(tmp_path: Path) -> None:
    file = tmp_path / "q"
    file.write_text("[1] Who keeps the clock?\n{x} and who winds it?\n", encoding="utf-8")
    assert questions_in(file) == ["[1] Who keeps the clock?", "{x} and who winds it?"]


def test_a_file_of_questions_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"cannot read the questions .*nosuch"):
        questions_in(tmp_path / "nosuch")
