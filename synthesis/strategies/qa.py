"""Questions and answers: of one step, of several steps along a path, or with answers to choose from.

Continued pretraining on questions and answers beside texts helps a model to bring out what it knows
(Cheng et al., "Instruction Pre-Training", arXiv 2406.14491; Allen-Zhu and Li, arXiv 2309.14316). The wrong
answers of a choice are other entities of the graph, of the same type and not joined to those asked about.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from kg.model import Subgraph
from lm.base import Request
from synthesis.base import Draft, Item, Step
from synthesis.context import Context
from synthesis.strategies.single import OFFERED, SingleStep, names_of, unwrapped, values_of, variant_of
from synthesis.turns import question_and_answer

MARK = re.compile(
    r"^[\s>*#\d.)]*(?P<mark>question|answer|reason|问题|回答|答案|理由)\s*\d*\s*\**\s*[:：]\s*\**\s*",
    re.I | re.M,
)
ASKING = ("question", "问题")
LETTERS = "ABCDEFGH"


@dataclass(frozen=True)
class QuestionsAndAnswers(SingleStep):
    """Writes `questions` questions with answers: `form` is single, multihop or choice."""

    called = "qa"
    offered = (*OFFERED, "questions", "answer", "options")
    kind = "qa"
    form: Literal["single", "multihop", "choice"] = "single"
    questions: int = 2

    def __post_init__(self) -> None:
        """Raise ValueError for a number of questions that cannot be."""
        if not 1 <= self.questions <= 10:
            raise ValueError(f"the strategy 'qa' writes 1 to 10 questions at once, not {self.questions}")
        if self.form != "single" and self.questions != type(self).questions:
            raise ValueError(f"the strategy 'qa:form={self.form}' writes one question at a time")
        super().__post_init__()

    @property
    def prompts(self) -> tuple[str, ...]:
        """The prompt of the form."""
        return ("qa" if self.form == "single" else f"qa_{self.form}",)

    @property
    def distractors(self) -> int:
        """Three wrong answers for a choice."""
        return 3 if self.form == "choice" else 0

    def accepts(self, subgraph: Subgraph) -> str:
        """Empty where the number of entities fits: several steps want three."""
        count, least = len(subgraph.entities), 3 if self.form == "multihop" else 1
        if least <= count <= 8:
            return ""
        return f"the strategy {self.name!r} writes about {least} to 8 entities, this subgraph has {count}"

    def next(self, item: Item, context: Context, earlier: Sequence[Step]) -> list[Request]:
        """One request; none where a choice has nothing to choose from."""
        if earlier or (self.form == "choice" and not item.distractors):
            return []
        (prompt,) = self.prompts_in(item.language)
        options, answer = choice_of(item, context)
        values = {
            **values_of(item, context),
            "questions": str(self.questions),
            "answer": answer,
            "options": "\n".join(f"- {option}" for option in options),
        }
        return [self.request(item, prompt, values)]

    def read(self, item: Item, context: Context, earlier: Sequence[Step], step: Step) -> list[Draft]:
        """All pairs as one text; the answer as it came where it holds none."""
        raw = unwrapped(step.completion.text)
        pairs = pairs_in(raw)
        if self.form != "single":
            pairs = pairs[:1]
        if self.form == "choice" and pairs:
            pairs = [laid_out(pairs[0], *choice_of(item, context))]
        text = "\n\n".join(question_and_answer(asked, reply, item.language) for asked, reply in pairs)
        return [Draft(self.title(item, context), text or raw, self.kind)]


def choice_of(item: Item, context: Context) -> tuple[list[str], str]:
    """The answers to choose from, in an order that the subgraph decides, and the right one."""
    names = names_of(item, context)
    variant = variant_of(item)
    answer = names[variant % len(names)] if names else ""
    options = sorted(item.distractors)
    options.insert(variant // 7 % (len(options) + 1), answer)
    return options, answer


def laid_out(pair: tuple[str, str], options: Sequence[str], answer: str) -> tuple[str, str]:
    """The question with its answers to choose from, and the right one with the reason."""
    lines = [f"{LETTERS[place]}) {option}" for place, option in enumerate(options)]
    asked, reason = pair
    return "\n".join((asked, *lines)), f"{lines[options.index(answer)]}. {reason}"


def pairs_in(text: str) -> list[tuple[str, str]]:
    """Questions with what follows them, however they are numbered or marked.

    >>> pairs_in("1. **Question:** Who?\\nAnswer: Ada.\\n2. Question: When?")
    [('Who?', 'Ada.')]
    """
    marks = list(MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)][: len(marks)]
    parts = [(m["mark"].lower(), text[m.end() : end].strip()) for m, end in zip(marks, ends, strict=True)]
    return [
        (asked, reply)
        for (one, asked), (other, reply) in pairwise(parts)
        if one in ASKING and other not in ASKING and asked and reply
    ]
