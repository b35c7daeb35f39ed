"""What a strategy is: it turns an item and its context into requests, and the answers into texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from kg.model import Entity, GraphError, Relation, Subgraph, content_id
from lm.base import Completion, Request
from synthesis.context import Context

Kind = Literal["text", "qa", "dialogue", "story", "summary", "sentence"]


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

    `entities` and `relations` are those of the subgraph as they stand now. `strategy` is written as it is
    typed, with its options. `context` names how the context is chosen (`synthesis.context`), `sampler` who
    chose the subgraph (for people only). `distractors` are names of other entities of the graph, alike but
    not joined to these: wrong answers for a question about them.
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
    distractors: tuple[str, ...] = ()

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
    """A text as the model wrote it, cleaned of wrapping, before the checks.

    `parent` is the text it grew out of: the number of the step in `earlier`, and of the draft in that step.
    """

    title: str
    text: str
    kind: Kind = "text"
    parent: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A request that was answered, and what became of the texts in it: `accepted` for each, in order.

    `place` is that of the request in its round.
    """

    request: Request
    completion: Completion
    place: int = 0
    accepted: tuple[bool, ...] = ()


class Strategy(Protocol):
    """A way of writing about a subgraph. Pure: no model, no store, so a dry run shows exact prompts.

    `version` changes whenever its prompts or its code could make another request. `texts` is how many texts
    an item comes to at most; `distractors` how many wrong answers it wants.
    """

    @property
    def name(self) -> str:
        """As it is typed, with its options."""
        ...

    @property
    def version(self) -> str:
        """Hash of the prompts and of the strategy's own revision."""
        ...

    @property
    def texts(self) -> int:
        """The most texts that one item gives."""
        ...

    @property
    def distractors(self) -> int:
        """How many other entities an item should bring along."""
        ...

    def accepts(self, subgraph: Subgraph) -> str:
        """Empty where it can write about this subgraph, else why not."""
        ...

    def next(self, item: Item, context: Context, earlier: Sequence[Step]) -> list[Request]:
        """The requests of the next round; an empty list ends the item.

        It is asked when every request of the rounds before has its answer; `earlier` has them in the order
        of the requests.
        """
        ...

    def read(self, item: Item, context: Context, earlier: Sequence[Step], step: Step) -> list[Draft]:
        """The texts in one answer; none for a step that only prepares the next.

        `earlier` are the steps of the rounds before that of `step`.
        """
        ...

    def stand_in(self, request: Request) -> str:
        """An answer of about the expected form, so that later rounds can be counted before any is sent."""
        ...
