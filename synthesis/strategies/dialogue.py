"""Two people talk: one asks, one knows. Facts come as answers to what a person would want to know."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from synthesis.base import Draft, Item, Step
from synthesis.context import Context
from synthesis.strategies.single import SingleStep, unwrapped

MARKED = re.compile(r"^\s*[-*]?\s*\*\*(.{1,40}?)(?:[:：])?\*\*\s*[:：]?\s*", re.MULTILINE)
BLANK = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Dialogue(SingleStep):
    """Writes a talk. `pair` are the speakers, "a visitor and a guide"; else they take turns."""

    called = "dialogue"
    least = 1
    most = 8
    kind = "dialogue"
    pair: str | None = None

    def read(self, item: Item, context: Context, earlier: Sequence[Step], step: Step) -> list[Draft]:
        """The talk, a line for each turn, the names of the speakers without markup."""
        (draft,) = super().read(item, context, earlier, step)
        return [Draft(draft.title, plain_turns(draft.text), self.kind)]


def plain_turns(text: str) -> str:
    """A talk without bold names and blank lines.

    >>> plain_turns("**Guide:** Yes.\\n\\n**Visitor**: Why?")
    'Guide: Yes.\\nVisitor: Why?'
    """
    return BLANK.sub("\n", MARKED.sub(lambda found: f"{found[1]}: ", unwrapped(text)))
