"""The check `form`: pairs, turns, and the words that a story was given."""

import pytest

from kg.model import Subgraph
from synthesis.base import Draft, Item, Kind, Parameters
from synthesis.checks import Written
from synthesis.checks.form import Form
from synthesis.context import Context


def outcome(kind: Kind, text: str, *slots: tuple[str, str]) -> tuple[str, str]:
    item = Item(Subgraph.make((), slots=slots), (), (), "story", "1", Parameters("echo"))
    found = Form().check(Written(Draft("T", text, kind), item, Context(), "stop", ""))
    return found.outcome, found.reason


@pytest.mark.parametrize(
    ("kind", "text", "passes"),
    [
        ("text", "Anything.", True),
        ("qa", "Question: Who?\nAnswer: Orla.", True),
        ("qa", "问题：谁？\n回答：她。\n\n问题：何时？\n回答：昨天。", True),
        ("qa", "Who? Orla did.", False),
        ("qa", "Well. Question: Who?\nAnswer: Orla.", False),
        ("dialogue", "A: One.\nB: Two.\nA: Three.\nB: Four.", True),
        ("dialogue", "甲：一。\n乙：二。\n甲：三。\n乙：四。", True),
        ("dialogue", "A: One.\nB: Two.", False),
        ("dialogue", "A: One.\nA: Two.\nA: Three.\nA: Four.", False),
        ("dialogue", "They talked for a long while.", False),
    ],
)
def test_questions_have_answers_and_talk_has_turns(kind: Kind, text: str, passes: bool) -> None:
    assert outcome(kind, text)[0] == ("passed" if passes else "failed")


def test_a_story_uses_the_words_it_was_given_in_any_form() -> None:
    slots = (("adjective", "happy"), ("feature", "twist"), ("noun", "kettle"), ("verb", "go"))
    assert outcome("story", "Happily she went home with two Kettles.", *slots)[0] == "passed"
    failed, reason = outcome("story", "She was happy and went home.", *slots)
    assert (failed, reason) == ("failed", "does not use 'kettle'")
    assert outcome("story", "The unhappy skettle.", *slots)[0] == "failed"
    assert outcome("story", "小猫提着苹果。", ("noun", "苹果"))[0] == "passed"
    assert outcome("story", "小猫提着梨。", ("noun", "苹果"))[0] == "failed"
