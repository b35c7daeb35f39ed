"""A short story that must use given words and features: diversity that is dealt out, not hoped for.

Source: TinyStories (Eldan and Li, arXiv 2305.07759): a verb, a noun, an adjective and some features (dialogue,
a twist, a bad ending, a moral) are drawn for each story. With entities beside the words, from a plan of your
own, the story is about them.
"""

from dataclasses import dataclass

from kg.model import Subgraph
from synthesis.base import Item
from synthesis.context import Context
from synthesis.prompting import prompt_language
from synthesis.strategies.single import SingleStep, listed


@dataclass(frozen=True)
class Story(SingleStep):
    """Writes a story for `reader`, from the slots of a subgraph."""

    called = "story"
    kind = "story"
    reader: str | None = None

    def accepts(self, subgraph: Subgraph) -> str:
        """Empty for a subgraph with slots."""
        if subgraph.slots:
            return ""
        return "the strategy 'story' writes from given words; use it with '--sampler slots'"

    def title(self, item: Item, context: Context) -> str:
        """The words it was given, not the features."""
        words = [word for kind, word in item.subgraph.slots if kind != "feature"]
        language = prompt_language(item.language)
        return ("故事：" if language == "zh" else "A story: ") + listed(words, language)
