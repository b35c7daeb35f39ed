"""Documents, chunks and sentences of a corpus, the last few kept at hand."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TypeVar

from kg.model import Chunk, Document
from kg.sentences import sentences
from kg.store import Store

V = TypeVar("V")


@dataclass(slots=True)
class Sentence:
    """A sentence that may be taken: which asked entities it names, whether it states a relation."""

    document: str
    chunk: str
    number: int
    start: int
    end: int
    entities: set[str] = field(default_factory=set)
    states: int = 0


class Recent(OrderedDict[str, V]):
    """The last few things read, by id."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __setitem__(self, key: str, value: V) -> None:
        super().__setitem__(key, value)
        while len(self) > self.most:
            self.popitem(last=False)


class Library:
    """Reads from a store what contexts are made of, so that neighbours in a plan are read once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._documents: Recent[Document] = Recent(16)
        self._sentences: Recent[list[tuple[int, int]]] = Recent(2000)
        self._chunks: Recent[list[Chunk]] = Recent(64)

    def document(self, id: str) -> Document:
        """The document with that id."""
        if id not in self._documents:
            self._documents[id] = next(self.store.read(Document, "id", [id]))
        return self._documents[id]

    def words(self, document: str, start: int, end: int) -> str:
        """A stretch of a document."""
        return self.document(document).text[start:end]

    def chunks_of(self, document: str) -> list[Chunk]:
        """The chunks of a document in their order."""
        if document not in self._chunks:
            self._chunks[document] = sorted(
                self.store.read(Chunk, "document", [document]), key=lambda c: c.start
            )
        return self._chunks[document]

    def chunks(self, ids: set[str]) -> dict[str, Chunk]:
        """The chunks with these ids; those that are gone are left out."""
        return {chunk.id: chunk for chunk in self.store.read(Chunk, "id", sorted(ids))} if ids else {}

    def sentences(self, chunk: Chunk) -> list[tuple[int, int]]:
        """Where the sentences of a chunk start and end, in its document."""
        if chunk.id not in self._sentences:
            text = self.document(chunk.document).text
            self._sentences[chunk.id] = list(sentences(text, chunk.start, chunk.end, chunk.language))
        return self._sentences[chunk.id]
