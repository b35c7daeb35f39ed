"""A stretch of a document with everything marked that it names."""

from entigraph.web.answers.marking import Span, apart, around, placed
from entigraph.web.refusals import NotThere
from entigraph.web.shapes.details import DocumentPage
from kg.model import Chunk, Document, Evidence, Mention, Resolution
from kg.store import Store


def opened_at(store: Store, id: str, at: int | None, start: int | None, characters: int) -> DocumentPage:
    """The document from `start` on, or with `at` in its first third, or from its beginning.

    What begins at `at` is in focus: the evidence or the mention there, else the sentence that holds it. Raises
    NotThere.
    """
    document = next(iter(store.read(Document, "id", [id])), None)
    if document is None:
        raise NotThere(f"there is no document {id!r} in this corpus: it may have been removed or read anew")
    text, total = document.text, len(document.text)
    if at is not None:
        at = min(at, max(0, total - 1))
    if start is None:
        start = 0 if at is None else _line(text, max(0, at - characters // 3))
    start = min(start, total)
    end = min(total, start + characters)
    chunks = [one for one in store.read(Chunk, "document", [id]) if one.start < end and one.end > start]
    spans = _names(store, chunks)
    if at is not None:
        spans = [*spans, *_asked(store, document, chunks, spans, at)]
    found = placed(text[start:end], start, spans)
    focus = None
    if at is not None:
        focus = next((n for n, (piece, place) in enumerate(found) if place + len(piece.text) > at), None)
    return DocumentPage(
        id=document.id,
        title=document.title,
        source=document.source,
        language=document.language,
        start=start,
        end=end,
        total=total,
        focus=focus,
        pieces=[piece for piece, _ in found],
    )


def _line(text: str, place: int) -> int:
    """Where the line begins that holds the place, if that is near."""
    begins = text.rfind("\n", 0, place) + 1
    return begins if place - begins < 400 else place


def _names(store: Store, chunks: list[Chunk]) -> list[Span]:
    """Everything these chunks name; of names inside names the longer ones."""
    if not chunks:
        return []
    mentions = list(store.read(Mention, "chunk", [one.id for one in chunks]))
    candidates = sorted({one.candidate for one in mentions})
    entity = (
        {one.candidate: one.entity for one in store.read(Resolution, "candidate", candidates)}
        if candidates
        else {}
    )
    return apart(Span(one.start, one.end, "entity", entity.get(one.candidate)) for one in mentions)


def _asked(store: Store, document: Document, chunks: list[Chunk], names: list[Span], at: int) -> list[Span]:
    """The evidence that begins there; where there is none and no name begins there, the sentence around it."""
    here = [one for one in chunks if one.start <= at < one.end]
    if here:
        stated = store.read(Evidence, "chunk", [one.id for one in here])
        spans = [
            Span(one.start, one.end, "evidence", note=one.description or one.label)
            for one in stated
            if one.start == at
        ]
        if spans:
            return spans
    if any(one.start == at for one in names):
        return []
    if here:
        words = document.text[here[0].start : here[0].end]
        first, last = around(words, here[0].start, at, at + 1, here[0].language)
    else:
        first, last = at, at + 1
    return [Span(first, last, "evidence")]
