"""What a corpus must be able to do, wherever it is kept: the `Store` protocol and `open`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from kg.model import (
    Candidate,
    Chunk,
    Document,
    Entity,
    Evidence,
    GraphError,
    Mention,
    Record,
    Relation,
    Resolution,
    Subgraph,
)

if TYPE_CHECKING:
    from kg.graph import Graph

Row = Document | Chunk | Candidate | Mention | Evidence | Resolution | Entity | Relation | Record
T = TypeVar("T", Document, Chunk, Candidate, Mention, Evidence, Resolution, Entity, Relation, Record)


class StoreError(GraphError):
    """The corpus cannot be opened, read or written."""


class CorpusNotFound(StoreError):
    """There is no corpus at that place."""


class CorpusLocked(StoreError):
    """Another process writes to this corpus; the message says which, since when."""


class CorpusTooNew(StoreError):
    """The corpus was written by a newer version of this program."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that an extractor saw in one document. `fingerprint` says what read it and how."""

    chunks: Sequence[Chunk] = ()
    candidates: Sequence[Candidate] = ()
    mentions: Sequence[Mention] = ()
    evidence: Sequence[Evidence] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document without its text, for listing. `fingerprint` is that of its reading."""

    id: str
    sha256: str
    title: str
    source: str
    language: str
    author: str | None
    year: int | None
    characters: int
    fingerprint: str
    chunks: int = 0
    mentions: int = 0
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class Derived:
    """Everything derived from what was seen, to be written in one step.

    `redirects` maps an entity id that no longer exists to the one that took its place.
    """

    resolutions: Sequence[Resolution] = ()
    entities: Sequence[Entity] = ()
    relations: Sequence[Relation] = ()
    redirects: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Past:
    """What a corpus keeps of what is gone, so that a copy is whole.

    `redirects` maps ids of vanished entities to those that took their place. `chunks` are those that a
    record cites though their document changed or went, with their words. `entities` are kept only
    because a user named them for a candidate that is gone: they are found by id and nowhere else.
    """

    redirects: dict[str, str] = field(default_factory=dict)
    chunks: Sequence[tuple[Chunk, str]] = ()
    entities: Sequence[Entity] = ()


class Store(Protocol):
    """A corpus: what was seen, what is derived, what was written about it.

    Every write is one transaction, raises `generation` by one if it changes anything, and is
    idempotent: the same rows written twice change nothing. Reads see the last committed generation and
    never wait. One builder writes at a time (CorpusLocked says who); records are written beside it, and
    what they name need not be there. Lone surrogates are refused: replace them before ids are made.

    `read(kind, by, ids)` streams rows in the order of their ids (mentions and evidence in the order
    of document and start). `by` names a column below, `ids` its values; without them, all rows:

        Document    id
        Chunk       id, document          a chunk cited by a record is found by id for good
        Candidate   id, document, entity
        Mention     document, chunk, candidate, entity
        Evidence    document, chunk, relation, entity
        Resolution  candidate, entity, by
        Entity      id (redirects followed), type, given ("1")
        Relation    id, entity, given ("1")
        Record      id, item, run, status, strategy, entity, document
    """

    @property
    def location(self) -> str:
        """The place as the user wrote it."""
        ...

    @property
    def corpus_id(self) -> str:
        """32 hex digits made when the corpus was created; the journal carries it too."""
        ...

    @property
    def folder(self) -> Path:
        """Local folder for `journal/` and `runs/`."""
        ...

    @property
    def generation(self) -> int:
        """Raised by every commit, by whichever process."""
        ...

    @property
    def settings(self) -> dict[str, str]:
        """Settings kept with the corpus; a copy."""
        ...

    def set_settings(self, **values: str) -> None:
        """Keep these settings with the corpus; an empty value removes one."""
        ...

    def replace_document(self, document: Document, reading: Reading) -> None:
        """Put this document and all that was seen in it in the place of what was there.

        If its words changed, accepted records that rest on it become stale.
        """
        ...

    def remove_documents(self, ids: Iterable[str]) -> int:
        """Remove documents and what was seen in them; records that rest on them become stale."""
        ...

    def replace_derived(self, derived: Derived) -> None:
        """Put these resolutions, entities and relations in the place of the old ones.

        Relations that were given, resolutions by a user and entities they need stay. So does an entity
        that was given: as it is, or, where it is among the new ones, with their words but still given.
        """
        ...

    def upsert(self, rows: Iterable[Row]) -> int:
        """Write rows in batches, replacing those of the same id; returns how many were sent.

        Raises StoreError where a row names an end that does not exist; nothing is dropped silently.
        """
        ...

    def delete(self, rows: Iterable[Resolution | Record | Relation | Entity]) -> int:
        """Remove these rows, e.g. a user's resolution that is taken back."""
        ...

    def read(self, kind: type[T], by: str = "", ids: Iterable[str] = ()) -> Iterator[T]:
        """Rows of one kind; see the class for the columns."""
        ...

    def words(self, chunks: Iterable[str]) -> dict[str, str]:
        """The words of these chunks by id, also of cited ones whose document has changed since.

        Unknown ids are left out.
        """
        ...

    def documents(self) -> list[DocumentInfo]:
        """Every document, without its text, in the order of source."""
        ...

    def graph(self) -> "Graph":
        """The whole derived graph as arrays, stamped with the generation; cached until that rises."""
        ...

    def search(self, text: str, limit: int = 20) -> list[Entity]:
        """Entities whose name or alias contains the text, best first (exact, prefix, inside)."""
        ...

    def neighbourhood(self, entity: str, hops: int = 1, limit: int = 50) -> Subgraph:
        """The entity, up to `limit` neighbours (heaviest first, hop by hop) and the relations among them."""
        ...

    def past(self) -> Past:
        """What is kept of what is gone; redirects, chunks and entities in the order of their ids."""
        ...

    def keep(self, past: Past) -> None:
        """Keep this past of another corpus, before the rows that need it: resolutions by a user, records.

        Its redirects take the place of those that were here (one whose id is an entity here is left
        out). Chunks and entities that are here already stay as they are; a chunk that no record comes to
        cite, or an entity that no user's word comes to need, may go with the next delete.
        """
        ...

    def remove(self) -> None:
        """Remove the corpus and all that belongs to it, the paid calls too, and close it.

        CorpusLocked where another process writes to it. Nothing else that lies there is touched.
        """
        ...

    def close(self) -> None:
        """Give back what is held. Called twice it does nothing the second time."""
        ...
