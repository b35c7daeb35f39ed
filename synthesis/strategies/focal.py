"""The passages rewritten with the focus on a question, which the model asks itself first.

A text written to answer something puts other facts forward than one that retells: each wording asks another
question, so the same passages are met from several sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lm.base import Request
from synthesis.base import Draft, Item, Step
from synthesis.context import Context
from synthesis.strategies.single import OFFERED, SingleStep, unwrapped, values_of

QUESTION_TOKENS = 80
STAND_IN = "How did they come to know one another, and what followed from it?"


@dataclass(frozen=True)
class Focal(SingleStep):
    """Asks a question, then writes what the passages say to it. `question` fixes it, and the first step falls away."""

    called = "focal"
    offered = (*OFFERED, "question")
    least = 1
    most = 8
    whole_documents = True
    question: str | None = None

    @property
    def prompts(self) -> tuple[str, ...]:
        """One prompt a step."""
        return ("focal_question", "focal")

    def next(self, item: Item, context: Context, earlier: Sequence[Step]) -> list[Request]:
        """First the question, then the text."""
        asking, writing = self.prompts_in(item.language)
        values = values_of(item, context)
        if not earlier and not self.question:
            return [self.request(item, asking, {**values, "question": ""}, max_tokens=QUESTION_TOKENS)]
        if len(earlier) == (not self.question):
            question = self.question or first_question(earlier[0].completion.text)
            return [self.request(item, writing, {**values, "question": question})] if question else []
        return []

    def read(self, item: Item, context: Context, earlier: Sequence[Step], step: Step) -> list[Draft]:
        """Nothing of the question, all of the text."""
        if not earlier and not self.question:
            return []
        return [Draft(self.title(item, context), unwrapped(step.completion.text))]

    def stand_in(self, request: Request) -> str:
        """A question."""
        return STAND_IN


def first_question(text: str) -> str:
    """The first question of an answer, without a number or quotation marks before it."""
    for line in text.splitlines():
        words = line.strip().lstrip("-*#0123456789.) ").strip("\"'“”*` ")
        if words.endswith(("?", "？")):
            return words
    return ""
