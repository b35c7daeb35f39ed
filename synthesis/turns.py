r"""Texts that are questions and answers or talk: how they are written down, and read back for chat formats.

A record holds one text, whatever it is made of, so that checks and coverage see all of its words:

    qa          "Question: Who winds the clock?\nAnswer: Orla Finch winds it."     (问题：… 回答：…)
    dialogue    "Ines: Who winds it?\nBram: Orla does."                             a line for each turn

Everything else is prose, and reads in a chat as the answer to a question about its title.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ASKS = {"en": "Tell me about this: {}", "zh": "请讲讲：{}"}
UNTITLED = {"en": "Tell me something you know.", "zh": "请讲讲你知道的一件事。"}
MARKS = {"en": ("Question: ", "Answer: "), "zh": ("问题：", "回答：")}
QA = re.compile(r"^(?:Question: |问题：)(?P<question>.+?)\n(?:Answer: |回答：)(?P<answer>.+)\Z", re.DOTALL)
NEXT = re.compile(r"\n\s*\n(?=Question: |问题：)")
SAID = re.compile(r"^(?P<who>[^:：\n]{1,40})(?:: |：)(?P<words>\S.*)$")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side says. A chat begins with the user, and the sides take turns."""

    role: Literal["user", "assistant"]
    text: str


def question_and_answer(question: str, answer: str, language: str) -> str:
    """The text of a record of kind "qa".

    >>> question_and_answer("Who winds it?", "Orla.", "en")
    'Question: Who winds it?\\nAnswer: Orla.'
    """
    ask, reply = MARKS.get(language, MARKS["en"])
    return f"{ask}{question.strip()}\n{reply}{answer.strip()}"


def asked_and_answered(text: str) -> list[tuple[str, str]]:
    """The pairs in a text of kind "qa", blank lines between them; nothing where a part of it is no pair.

    >>> asked_and_answered("Question: Who?\\nAnswer: Orla.\\n\\nQuestion: When?\\nAnswer: In 1874.")
    [('Who?', 'Orla.'), ('When?', 'In 1874.')]
    """
    found = [QA.match(part.strip()) for part in NEXT.split(text.strip())]
    return [(one["question"].strip(), one["answer"].strip()) for one in found if one] if all(found) else []


def spoken(text: str) -> list[tuple[str, str]]:
    """Who says what in a text of kind "dialogue"; a line without a name goes on with the turn before it.

    Nothing where the first line has no name: that is no dialogue.

    >>> spoken("Ines: Who winds it?\\nBram: Orla does.")
    [('Ines', 'Who winds it?'), ('Bram', 'Orla does.')]
    """
    turns: list[tuple[str, str]] = []
    for line in filter(str.strip, text.split("\n")):  # not splitlines: U+2028 is a character like any other
        found = SAID.match(line.strip())
        if found:
            turns.append((found["who"], found["words"]))
        elif not turns:
            return []
        else:
            turns[-1] = (turns[-1][0], f"{turns[-1][1]}\n{line.strip()}")
    return turns


def turns_of(kind: str, title: str, text: str, language: str) -> tuple[Turn, ...]:
    """A text as a chat between a user and an assistant, which has the last word.

    Prose is the answer to a question about its title. In a dialogue whoever speaks first is the user; turns
    of one side in a row are joined, and a question that nobody answers any more is left out.
    """
    if kind == "qa" and (pairs := asked_and_answered(text)):
        return tuple(
            turn for asked, reply in pairs for turn in (Turn("user", asked), Turn("assistant", reply))
        )
    if kind == "dialogue" and (chat := _alternating(spoken(text))):
        return chat
    return (Turn("user", _request(title, language)), Turn("assistant", text))


def _request(title: str, language: str) -> str:
    if not title.strip():
        return UNTITLED.get(language, UNTITLED["en"])
    return ASKS.get(language, ASKS["en"]).format(title)


def _alternating(said: Sequence[tuple[str, str]]) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    for who, words in said:
        role: Literal["user", "assistant"] = "user" if who == said[0][0] else "assistant"
        if turns and turns[-1].role == role:
            turns[-1] = Turn(role, f"{turns[-1].text}\n{words}")
        else:
            turns.append(Turn(role, words))
    return tuple(turns[: len(turns) // 2 * 2])
