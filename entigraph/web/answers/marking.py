"""Text in pieces: a stretch of a document split where something in it is marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from entigraph.web.shapes.base import Mark, Piece
from kg.sentences import sentences


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch to be marked, by places in the document (code points, half open)."""

    start: int
    end: int
    mark: Mark
    entity: str | None = None
    note: str = ""


def pieces(text: str, start: int, spans: Sequence[Span]) -> list[Piece]:
    """The text, which begins at `start` of its document, in pieces that give it back when they are joined.

    Where spans lie over each other the earlier one of `spans` wins. O(len(text) + length of the spans).
    """
    return [piece for piece, _ in placed(text, start, spans)]


def placed(text: str, start: int, spans: Sequence[Span]) -> list[tuple[Piece, int]]:
    """The same, each piece with the place where it begins."""
    owner = [-1] * len(text)
    for number in range(len(spans) - 1, -1, -1):
        first, last = max(0, spans[number].start - start), min(len(text), spans[number].end - start)
        if first < last:
            owner[first:last] = [number] * (last - first)
    found = []
    begin = 0
    for place in range(1, len(text) + 1):
        if place < len(text) and owner[place] == owner[begin]:
            continue
        words, of = text[begin:place], owner[begin]
        if of < 0:
            piece = Piece(text=words)
        else:
            span = spans[of]
            piece = Piece(text=words, mark=span.mark, entity=span.entity, note=span.note)
        found.append((piece, start + begin))
        begin = place
    return found


def apart(spans: Iterable[Span]) -> list[Span]:
    """Spans of which none lies over another: of those that do, the longer ones, then the first."""
    kept: list[Span] = []
    end = -1
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.start >= end:
            kept.append(span)
            end = span.end
        elif span.end - span.start > kept[-1].end - kept[-1].start:
            kept[-1] = span
            end = span.end
    return kept


def around(words: str, first: int, start: int, end: int, language: str) -> tuple[int, int]:
    """Where the sentences begin and end that a place touches, in a chunk whose words begin at `first`."""
    begin, stop = max(0, start - first), min(len(words), end - first)
    for one, two in sentences(words, language=language):
        if one < end - first and two > start - first:
            begin, stop = min(begin, one), max(stop, two)
    return first + begin, first + stop
