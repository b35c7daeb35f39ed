"""How much of what was written came to count: accepted and rejected texts by strategy, sampler and document."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from kg.model import Record

Group = Literal["strategy", "sampler", "document"]
GROUPS: tuple[Group, ...] = ("strategy", "sampler", "document")


@dataclass(slots=True)
class Yield:
    """The texts of one strategy, one sampler or one document.

    `accepted` counts edited texts too. `stale` ones were accepted until their source changed. `reasons` says
    how many texts each check rejected: a text that failed two counts for both, so that the reasons may add up
    to more than `rejected`.
    """

    group: Group
    name: str
    accepted: int = 0
    rejected: int = 0
    stale: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def texts(self) -> int:
        """All that were written."""
        return self.accepted + self.rejected + self.stale

    @property
    def share(self) -> float | None:
        """The accepted share of what was judged, 0 to 1; None where nothing was. Stale texts passed too."""
        return (self.texts - self.rejected) / self.texts if self.texts else None

    def to_json(self) -> dict[str, Any]:
        """The row as it is printed; reasons by their number, the commonest first."""
        return {
            "group": self.group,
            "name": self.name,
            "texts": self.texts,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "stale": self.stale,
            "share": None if self.share is None else round(self.share, 4),
            "reasons": dict(sorted(self.reasons.items(), key=lambda row: (-row[1], row[0]))),
        }


def yields(records: Iterable[Record]) -> list[Yield]:
    """A row for each strategy, sampler and document, in this order, those with the most texts first.

    A text that rests on two documents counts for both; one without a sampler or document is in no row of
    theirs. Judgements are no texts. Reads the records once.
    """
    rows: dict[tuple[Group, str], Yield] = {}
    for record in records:
        if record.status == "judgement":
            continue
        for group, name in _groups(record):
            row = rows.get((group, name)) or rows.setdefault((group, name), Yield(group, name))
            if record.status == "rejected":
                row.rejected += 1
                row.reasons.update(record.reasons)
            elif record.status == "stale":
                row.stale += 1
            else:
                row.accepted += 1
    return sorted(rows.values(), key=lambda row: (GROUPS.index(row.group), -row.texts, row.name))


def _groups(record: Record) -> Iterator[tuple[Group, str]]:
    yield "strategy", record.strategy
    if record.sampler:
        yield "sampler", record.sampler
    for document in dict.fromkeys(record.documents):
        yield "document", document
