"""Document → summary → sentence → passage: each level is a record that knows its parent.

A summary names what matters; each of its sentences is written out again from the document. So every part of
a document that matters gets a passage of its own, and the tree tells where it stands. After the summary →
sentence → story data of TinyStories (Eldan and Li, arXiv 2305.07759), turned towards documents.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.model import Subgraph
from kg.sentences import sentences
from lm.base import Request
from synthesis.base import Draft, Item, Step
from synthesis.context import Context
from synthesis.strategies.single import OFFERED, SingleStep, unwrapped, values_of
from synthesis.strategies.summarize import summary_of

STAND_IN = "The keeper wound the clock of the harbour every evening."


@dataclass(frozen=True)
class Hierarchical(SingleStep):
    """Writes a summary, and a passage about each of its first `sentences` sentences."""

    called = "hierarchical"
    offered = (*OFFERED, "sentence")
    sentences: int = 5

    def __post_init__(self) -> None:
        """Raise ValueError for a number of sentences that cannot be."""
        if not 1 <= self.sentences <= 40:
            raise ValueError(f"the strategy 'hierarchical' takes 1 to 40 sentences, not {self.sentences}")
        super().__post_init__()

    @property
    def prompts(self) -> tuple[str, ...]:
        """One prompt a step."""
        return ("summarize", "hierarchical")

    @property
    def texts(self) -> int:
        """The summary, and two for each of its sentences."""
        return 1 + 2 * self.sentences

    def accepts(self, subgraph: Subgraph) -> str:
        """Empty for a subgraph that is one document and no entity."""
        if len(subgraph.documents) == 1 and not subgraph.entities:
            return ""
        return "the strategy 'hierarchical' writes about one document; use it with '--sampler documents'"

    def next(self, item: Item, context: Context, earlier: Sequence[Step]) -> list[Request]:
        """First the summary; then a passage for each of its sentences that was accepted, if it was itself."""
        summarizing, expanding = self.prompts_in(item.language)
        values = values_of(item, context)
        if not earlier:
            return [self.request(item, summarizing, {**values, "sentence": ""})]
        if len(earlier) > 1 or not all(earlier[0].accepted[:1]):
            return []
        said = self._of(item, earlier[0])
        return [
            self.request(item, expanding, {**values, "sentence": said[place]})
            for place in self._kept(said, earlier[0])
        ]

    def read(self, item: Item, context: Context, earlier: Sequence[Step], step: Step) -> list[Draft]:
        """The summary and its sentences, or a passage."""
        title = summary_of(context, item.language)
        if not earlier:
            whole = Draft(title, unwrapped(step.completion.text), "summary")
            return [whole, *(Draft(title, said, "sentence", (0, 0)) for said in self._of(item, step))]
        place = self._kept(self._of(item, earlier[0]), earlier[0])[step.place]
        source = context.titles[0] if context.titles else ""
        return [Draft(source, unwrapped(step.completion.text), "text", (0, 1 + place))]

    def stand_in(self, request: Request) -> str:
        """A summary of as many sentences as are written out."""
        return " ".join([STAND_IN] * self.sentences)

    def _of(self, item: Item, step: Step) -> list[str]:
        """The first sentences of a summary."""
        text = unwrapped(step.completion.text)
        found = sentences(text, 0, len(text), item.language)
        return [" ".join(text[start:end].split()) for start, end in found[: self.sentences]]

    @staticmethod
    def _kept(said: Sequence[str], step: Step) -> list[int]:
        """The places of the sentences that were accepted; the first text of the step is the summary itself."""
        return [place for place in range(len(said)) if step.accepted[1 + place]]
