"""From a seed sample on: an extract is continued for a reader and in a form.

Source: Cosmopedia (Ben Allal et al. 2024), which seeds every prompt with an extract and varies audience and
form. Ours must not add facts: the other passages of the context are what the continuation is made of.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lm.base import Request
from synthesis.base import Item, Step
from synthesis.context import Context
from synthesis.strategies.single import OFFERED, SingleStep, values_of

SEED_CHARACTERS = 400


@dataclass(frozen=True)
class ContinueSeed(SingleStep):
    """Writes on from the beginning of the context. `form` and `audience` as in `lesson`."""

    called = "continue_seed"
    offered = (*OFFERED, "seed")
    least = 1
    most = 8
    whole_documents = True
    form: str | None = None
    audience: str | None = None

    def next(self, item: Item, context: Context, earlier: Sequence[Step]) -> list[Request]:
        """One request with the seed."""
        if earlier:
            return []
        (prompt,) = self.prompts_in(item.language)
        return [
            self.request(item, prompt, {**values_of(item, context), "seed": seed_of(context, item.wording)})
        ]


def seed_of(context: Context, wording: int) -> str:
    """The beginning of a passage, another one for the next wording; that of the facts where none is there."""
    texts = [passage.text for passage in context.passages] or context.text.splitlines()[-1:] or [""]
    words = " ".join(texts[wording % len(texts)].split())
    if len(words) <= SEED_CHARACTERS:
        return words
    return words[: words.rfind(" ", 0, SEED_CHARACTERS) + 1 or SEED_CHARACTERS].rstrip()
