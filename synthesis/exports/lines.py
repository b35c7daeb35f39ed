"""What there is to export, twice over: streamed to be looked at, then fetched by id in the order of the file."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kg.model import Document, Record
from kg.store import Store
from synthesis.context import heading


@dataclass(frozen=True, slots=True)
class Line:
    """One training text and where it comes from. `kind` is "text", "qa", "dialogue", "document" or "replay"."""

    id: str
    title: str
    text: str
    language: str
    kind: str
    provenance: dict[str, Any]


class Origin(Protocol):
    """Where texts come from. `batch` is how many are fetched at once."""

    batch: int

    def all(self, left_out: Counter[str]) -> Iterator[Line]:
        """Every text that counts, in an order that only the corpus decides; the others are counted by reason."""
        ...

    def some(self, ids: Sequence[str]) -> Iterator[Line]:
        """These texts, in any order; what is gone or does not count any more is missing."""
        ...


class Texts:
    """The accepted and edited texts of a corpus."""

    batch = 500

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, left_out: Counter[str]) -> Iterator[Line]:
        """In the order of ids."""
        for record in self._store.read(Record):
            if record.counts:
                yield _line(record)
            else:
                rejected = record.status == "rejected" and record.reasons
                left_out[record.reasons[0] if rejected else record.status] += 1

    def some(self, ids: Sequence[str]) -> Iterator[Line]:
        """Those that still count."""
        for record in self._store.read(Record, "id", ids):
            if record.counts:
                yield _line(record)


class Documents:
    """The documents themselves, titled with author and year: the Raw baseline. They may be long: one at a time."""

    batch = 1

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, left_out: Counter[str]) -> Iterator[Line]:
        """In the order of their sources."""
        for info in self._store.documents():
            yield from self.some([info.id])

    def some(self, ids: Sequence[str]) -> Iterator[Line]:
        """Those that are still there."""
        for document in self._store.read(Document, "id", ids):
            yield Line(
                id=document.id,
                title=heading(document),
                text=document.text,
                language=document.language,
                kind="document",
                provenance={"id": document.id, "source": document.source},
            )


def _line(record: Record) -> Line:
    return Line(record.id, record.title, record.text, record.language, record.kind, provenance_of(record))


def provenance_of(record: Record) -> dict[str, Any]:
    """Everything about a record but its words: subgraph, sources, strategy, model, call, checks."""
    return {
        "id": record.id,
        "subgraph": record.subgraph.key,
        "entities": [{"id": a.entity, "name": a.name, "named": a.named} for a in record.asked],
        "relations": [list(relation) for relation in record.relations],
        "documents": list(record.documents),
        "chunks": list(record.chunks),
        "left_out": list(record.left_out),
        "kind": record.kind,
        "strategy": record.strategy,
        "version": record.version,
        "sampler": record.sampler,
        "wording": record.wording,
        "parent": record.parent,
        "language": record.language,
        "model": record.model,
        "author": record.author,
        "call": record.call,
        "run": record.run,
        "seed": record.seed,
        "checks": {check.name: check.outcome for check in record.checks},
        "tokens_in": record.tokens_in,
        "tokens_out": record.tokens_out,
        "cost_usd": record.cost_usd,
    }
