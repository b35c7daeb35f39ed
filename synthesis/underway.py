"""An item between its first request and its last answer: rounds of requests, and the texts they gave."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.model import Check, Record
from lm.base import LMError, Message, Request, TransientError, Unreachable
from lm.jobs import Job
from synthesis.base import Item, Step, Strategy
from synthesis.context import Context
from synthesis.prompting import prompt_language

AGAIN = {
    "en": "This answer was not accepted, for these reasons: {}. Write it again from the beginning, in the form "
    "that was asked for, so that this is mended. Write the answer alone.",
    "zh": "这个回答没有被采用，原因是：{}。请改正这些问题，按照所要求的格式，从头再写一遍。只写回答本身。",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Which request of an item a job carries, and how often its answer was rejected before."""

    underway: "Underway"
    number: int
    tries: int = 0


@dataclass(slots=True, eq=False)
class Underway:
    """An item that has been asked for.

    A round ends when each of its requests has an answer that is kept or has failed; then the strategy says
    what the next round is, knowing what was accepted. After a failure there is no further round. `words` is
    what readers said of its texts before, by the id of the text.
    """

    item: Item
    strategy: Strategy
    context: Context
    earlier: list[Step] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    error: LMError | None = None
    fresh: bool = False
    accepted: int = 0
    words: Mapping[str, Check] = field(default_factory=dict)
    _round: list[Step | None] = field(default_factory=list)
    _texts: dict[tuple[int, int], Record] = field(default_factory=dict)
    _open: int = 0

    @property
    def title(self) -> str:
        """What it is about: its entities, or its documents where it names none."""
        return " · ".join(entity.name for entity in self.item.entities) or " · ".join(self.context.titles)

    def requests(self) -> list[Request]:
        """Those of the next round; none where the item ends here."""
        return [] if self.error else self.strategy.next(self.item, self.context, self.earlier)

    def ask(self, requests: Sequence[Request]) -> list[Job]:
        """The jobs of a round that begins."""
        self._round, self._open = [None] * len(requests), len(requests)
        return [Job(request, Place(self, number)) for number, request in enumerate(requests)]

    def add(self, place: Place, number: int, record: Record) -> None:
        """A text, the draft of that number in the step at that place."""
        self.records.append(record)
        self._texts[len(self.earlier) + place.number, number] = record
        self.accepted += record.status == "accepted"

    def keep(self, place: Place, step: Step, records: Sequence[Record]) -> None:
        """What became of a step; a step may be kept twice, if it was asked for again."""
        kept = tuple(record.status == "accepted" for record in records)
        self._round[place.number] = replace(step, place=place.number, accepted=kept)

    def parent(self, draft: tuple[int, int] | None) -> Record | None:
        """The text that a draft grew out of."""
        return self._texts[draft] if draft else None

    def answered(self) -> bool:
        """One request less is open: whether the round is over."""
        self._open -= 1
        if self._open == 0:
            self.earlier += [step for step in self._round if step is not None]
        return self._open == 0

    @property
    def reason(self) -> str:
        """Why its last text was rejected."""
        return next((reason for record in reversed(self.records) for reason in record.reasons), "empty")

    def whole(self) -> bool:
        """Whether nothing is missing that another attempt could bring."""
        return not isinstance(self.error, TransientError | Unreachable)


def again(request: Request, answer: str, records: Sequence[Record], language: str) -> Request:
    """The request that asks for another answer and says why this one was rejected."""
    said = "; ".join(_reasons(records))
    words = AGAIN[prompt_language(language)].format(said)
    turns = (Message("assistant", answer), Message("user", words))
    return replace(request, messages=(*request.messages, *turns))


def _reasons(records: Sequence[Record]) -> Iterator[str]:
    for record in records:
        for check in record.checks:
            if check.outcome == "failed":
                yield f"{check.name}: {check.reason}"
