"""Documents in one chunk, and what an extractor saw in them by name."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.extract.base import Extractor
from kg.model import Chunk, Document
from kg.store import Reading


@dataclass(frozen=True)
class Seen:
    """A reading, told by names."""

    reading: Reading

    @property
    def names(self) -> list[str]:
        return [candidate.name for candidate in self.reading.candidates]

    @property
    def types(self) -> dict[str, str]:
        return {candidate.name: candidate.type for candidate in self.reading.candidates}

    @property
    def relations(self) -> set[tuple[str, str, str]]:
        by = {candidate.id: candidate.name for candidate in self.reading.candidates}
        return {(by[row.source], row.label, by[row.target]) for row in self.reading.evidence}

    @property
    def stated(self) -> set[tuple[str, str, str]]:
        return {row for row in self.relations if row[1] != "mentioned with"}


def a_document(text: str, language: str = "en", place: str = "doc.md") -> tuple[Document, list[Chunk]]:
    document = Document.make(place, text, title=place, source=place, language=language)
    return document, [Chunk.make(document.id, text, 0, 0, len(text), language)] if text else []


See = Callable[..., Seen]


@pytest.fixture(scope="session")
def see() -> See:
    """Reads one text with an extractor."""

    def look(extractor: Extractor, text: str, language: str = "en") -> Seen:
        [(_, reading)] = list(extractor.read([a_document(text, language)]))
        assert isinstance(reading, Reading), reading
        return Seen(reading)

    return look


@pytest.fixture(scope="session")
def document_of() -> Callable[..., tuple[Document, list[Chunk]]]:
    return a_document


@pytest.fixture(scope="session")
def keys(root: Path) -> Path:
    return root / "tests" / "data" / "keys"
