"""What a strategy is: it turns an item and its context into requests, and an answer into a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kg.model import Entity, GraphError, Relation, Subgraph, content_id
from lm.base import Completion, Request
from synthesis.context import Context


class SynthesisError(GraphError):
    """A text cannot be planned, asked for or exported."""


class PromptError(SynthesisError):
    """A prompt file is missing, has an unknown field, or lacks a part."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """How the model is to be asked; all of it is part of what was wanted."""

    model: str
    temperature: float = 0.8
    top_p: float = 0.9
    max_tokens: int = 360


@dataclass(frozen=True, slots=True)
class Item:
    """One text that is wanted: a subgraph, a strategy, a language, one of several wordings.

    `entities` and `relations` are those of the subgraph as they stand now. `context` names how the
    context is chosen (`synthesis.context`), `sampler` who chose the subgraph (for people only).
    """

    subgraph: Subgraph
    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...]
    strategy: str
    version: str
    parameters: Parameters
    language: str = "en"
    wording: int = 0
    context: str = "evidence"
    sampler: str = ""

    @property
    def key(self) -> str:
        """Hash of what was wanted. The words of the context are not part of it: one more document
        does not make an accepted text be asked for again."""
        p = self.parameters
        return content_id(
            *("item", self.subgraph.key, self.strategy, self.version, self.language, self.wording),
            *(self.context, p.model, repr(p.temperature), repr(p.top_p), p.max_tokens),
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as the model wrote it, cleaned of wrapping, before the checks."""

    title: str
    text: str
    kind: str = "text"


class Strategy(Protocol):
    """A way of writing about a subgraph. Pure: no model, no store, so a dry run shows exact prompts.

    `version` changes whenever its prompts or its code could make another request.
    """

    name: str

    @property
    def version(self) -> str:
        """Hash of the prompts and of the strategy's own revision."""
        ...

    def accepts(self, subgraph: Subgraph) -> str:
        """Empty where it can write about this subgraph, else why not."""
        ...

    def next(self, item: Item, context: Context, earlier: Sequence[Completion]) -> list[Request]:
        """The requests to send after these completions; an empty list ends the item."""
        ...

    def read(self, item: Item, context: Context, completion: Completion) -> list[Draft]:
        """The texts in one answer; none for a step that only prepares the next."""
        ...
