"""The model proposes ways of learning a document, then applies each: one text a way.

Source: Lin et al., "Learning Facts at Scale with Active Reading" (arXiv 2508.09494), where the strategies that
a model proposes for a document give more diverse texts than prompts that are fixed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lm.base import Request
from synthesis.base import Draft, Item, Step
from synthesis.context import Context
from synthesis.strategies.single import OFFERED, SingleStep, unwrapped, values_of

WAY_TOKENS = 60
NUMBERED = re.compile(r"^\s*(?:[-*•]|\(?\d+[.):、）]?)\s*")
SHORTEST = 4


@dataclass(frozen=True)
class Study(SingleStep):
    """Asks for `ways` ways to study the passages, then writes what each comes to."""

    called = "study"
    offered = (*OFFERED, "ways", "way")
    least = 1
    most = 8
    whole_documents = True
    ways: int = 3

    def __post_init__(self) -> None:
        """Raise ValueError for a number of ways that cannot be."""
        if not 1 <= self.ways <= 20:
            raise ValueError(f"the strategy 'study' takes 1 to 20 ways, not {self.ways}")
        super().__post_init__()

    @property
    def prompts(self) -> tuple[str, ...]:
        """One prompt a step."""
        return ("study_ways", "study")

    @property
    def texts(self) -> int:
        """One text a way."""
        return self.ways

    def next(self, item: Item, context: Context, earlier: Sequence[Step]) -> list[Request]:
        """First the ways, then a text for each."""
        proposing, applying = self.prompts_in(item.language)
        values = {**values_of(item, context), "ways": str(self.ways), "way": ""}
        if not earlier:
            return [self.request(item, proposing, values, max_tokens=WAY_TOKENS * self.ways)]
        if len(earlier) > 1:
            return []
        ways = ways_in(earlier[0].completion.text)[: self.ways]
        return [self.request(item, applying, {**values, "way": way}) for way in ways]

    def read(self, item: Item, context: Context, earlier: Sequence[Step], step: Step) -> list[Draft]:
        """Nothing of the ways, all of a text."""
        return [Draft(self.title(item, context), unwrapped(step.completion.text))] if earlier else []

    def stand_in(self, request: Request) -> str:
        """As many ways as were asked for."""
        return "\n".join(
            f"{n}. Link every name to its place and to the year, as on card {n}."
            for n in range(1, self.ways + 1)
        )


def ways_in(text: str) -> list[str]:
    """The lines of a list, each once, without their numbers.

    >>> ways_in("1. Draw a time line.\\n2) Ask who paid.\\n\\n- Draw a time line.")
    ['Draw a time line.', 'Ask who paid.']
    """
    lines = (NUMBERED.sub("", line).strip("* ") for line in unwrapped(text).splitlines())
    return list(
        dict.fromkeys(line for line in lines if len(line) >= SHORTEST and not line.endswith((":", "：")))
    )
