"""What an extractor is, and what it hands on."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from kg.model import Chunk, Document, GraphError
from kg.store import Reading


class ExtractError(GraphError):
    """An extractor cannot run: an extra, a pipeline or a list of names is missing."""


class Extractor(Protocol):
    """Reads documents and writes what it saw in them: candidates, mentions, evidence.

    `name` is its entry in `EXTRACTORS`; `fingerprint` changes whenever the same document could yield
    something else (version, model, schema, settings): a document read under another one is read again.
    """

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    def check(self) -> None:
        """Raise now (ExtractError) what would fail every document."""
        ...

    def read(
        self, documents: Iterable[tuple[Document, Sequence[Chunk]]]
    ) -> Iterator[tuple[Document, Reading | GraphError]]:
        """Each document with what was seen in it, or the error that kept it from being read.

        Lazy, in any order; the chunks are handed back in `Reading.chunks` (their language may have
        been set). Every mention spells its surface: `document.text[start:end] == surface`, and lies
        within its chunk; both ends of every evidence are candidates of the same reading.
        """
        ...
