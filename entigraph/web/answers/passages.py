"""The places where a corpus names or states something, each in its sentence."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from entigraph.web.answers.marking import Span, apart, around, pieces
from entigraph.web.shapes.base import Passage
from kg.model import Chunk, Evidence, Mention
from kg.store import Store


@dataclass(frozen=True, slots=True)
class Pages:
    """The chunks that some places lie in: their words, and the titles of their documents."""

    chunks: Mapping[str, Chunk]
    words: Mapping[str, str]
    titles: Mapping[str, str]

    @staticmethod
    def of(store: Store, titles: Mapping[str, str], chunks: Iterable[str]) -> "Pages":
        """Those of these chunk ids."""
        ids = sorted(set(chunks))
        if not ids:
            return Pages({}, {}, titles)
        return Pages({one.id: one for one in store.read(Chunk, "id", ids)}, store.words(ids), titles)

    def passage(self, chunk_id: str, start: int, end: int, spans: Sequence[Span]) -> Passage | None:
        """The sentences of the chunk that the place touches, with these spans marked; None where it is gone."""
        chunk, words = self.chunks.get(chunk_id), self.words.get(chunk_id)
        if chunk is None or words is None:
            return None
        first, last = around(words, chunk.start, start, end, chunk.language)
        text = words[first - chunk.start : last - chunk.start]
        return Passage(
            document=chunk.document,
            title=self.titles.get(chunk.document, ""),
            at=start,
            pieces=pieces(text, first, spans),
        )


def of_mentions(
    store: Store, titles: Mapping[str, str], mentions: Sequence[Mention], entity: str
) -> list[Passage]:
    """Each mention in its sentence, marked."""
    pages = Pages.of(store, titles, (one.chunk for one in mentions))
    found = (
        pages.passage(one.chunk, one.start, one.end, [Span(one.start, one.end, "entity", entity)])
        for one in mentions
    )
    return [passage for passage in found if passage is not None]


def of_evidence(
    store: Store, titles: Mapping[str, str], evidence: Sequence[Evidence], source: str, target: str
) -> list[Passage]:
    """Each place that states a relation of these two entities, in its sentence; the two are marked in it."""
    chunks = sorted({one.chunk for one in evidence})
    pages = Pages.of(store, titles, chunks)
    named: dict[str, list[Mention]] = defaultdict(list)
    for mention in store.read(Mention, "chunk", chunks) if chunks else ():
        named[mention.chunk].append(mention)
    found = []
    for one in evidence:
        ends = {one.target: target, one.source: source}
        names = [
            Span(mention.start, mention.end, "entity", ends[mention.candidate])
            for mention in named[one.chunk]
            if mention.candidate in ends and mention.start < one.end and mention.end > one.start
        ]
        note = one.description or one.label
        spans = [*apart(names), Span(one.start, one.end, "evidence", note=note)]
        passage = pages.passage(one.chunk, one.start, one.end, spans)
        if passage is not None:
            found.append(passage)
    return found
