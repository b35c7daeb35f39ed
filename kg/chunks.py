"""A document cut into chunks: whole paragraphs where they fit, else sentences, else pieces of one.

Chunks are offsets in order, without overlap; between them there is whitespace only, so the text of
the document can be put together again from its chunks and the gaps.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from kg.languages import UNDETERMINED, language_of
from kg.model import Chunk, Document
from kg.sentences import Span, iter_sentences
from lm.tokens import estimate

CHUNK_TOKENS = 400
"""Bound on a chunk unless another is asked for: shorter chunks yield more entities a word read."""

VERSION = 1
"""Raised when the same text would be cut differently, so that corpora are read again."""

BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
HEADING = re.compile(r"#{1,6}\s[^\n]*")
AFTER_COMMA = re.compile(
    r"[,;:\u2014\uff0c\uff1b\uff1a\u3001\u060c\u061b]+[\"'\u2019\u201d\u300d\u300f)\]]*\s*"
)
SPACES = re.compile(r"\s+")


def chunk(document: Document, *, max_tokens: int = CHUNK_TOKENS, language: str | None = None) -> list[Chunk]:
    """The chunks of a document, each of at most `max_tokens` by the estimate of `lm.tokens`.

    A Markdown heading opens a new chunk when the one before it is at least half full, and never
    closes one. `language` sets that of every chunk; without it each is told from its own words, or
    is the document's where those do not tell. An empty text has no chunks. O(length).

    Raises ValueError for a bound below 1.
    """
    if max_tokens < 1:
        raise ValueError(f"chunks need a bound of at least 1 token, got max_tokens={max_tokens!r}; try 400")
    seen: Counter[bytes] = Counter()
    chunks = []
    for start, end in _packed(document.text, max_tokens, document.language):
        words = document.text[start:end]
        digest = hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        spoken = language or language_of(words)
        if spoken == UNDETERMINED:
            spoken = document.language
        chunks.append(Chunk.make(document.id, words, seen[digest], start, end, spoken))
        seen[digest] += 1
    return chunks


def fingerprint(max_tokens: int, language: str | None = None) -> str:
    """What determines how a text is cut: under another fingerprint it is cut again."""
    return f"chunks/{VERSION}:{max_tokens}:{language or 'auto'}"


def _packed(text: str, max_tokens: int, language: str) -> Iterator[Span]:
    """Pieces put together, in order, as long as they stay within the bound."""
    held: list[tuple[Span, int]] = []
    total = 0
    for piece, tokens in _pieces(text, max_tokens, language):
        opens = bool(HEADING.match(text, *piece))
        if held and (total + tokens > max_tokens or (opens and 2 * total >= max_tokens)):
            kept = len(held)
            while kept > 1 and HEADING.fullmatch(text, *held[kept - 1][0]):
                kept -= 1
            carried = held[kept:]
            if tokens + sum(count for _, count in carried) > max_tokens:
                kept, carried = len(held), []
            yield held[0][0][0], held[kept - 1][0][1]
            held, total = carried, sum(count for _, count in carried)
        held.append((piece, tokens))
        total += tokens
    if held:
        yield held[0][0][0], held[-1][0][1]


def _pieces(text: str, max_tokens: int, language: str) -> Iterator[tuple[Span, int]]:
    """Paragraphs, sentences or parts of sentences that are within the bound, each with its tokens.

    The whitespace after a piece is counted with it, so that the sum over pieces bounds their join.
    """
    for start, end, following in _paragraphs(text):
        tokens = estimate(text[start:following])
        if tokens <= max_tokens:
            yield (start, end), tokens
            continue
        spans = iter_sentences(text, start, end, language)
        span = next(spans, None)
        while span is not None:
            after = next(spans, None)
            stop = after[0] if after else following
            tokens = estimate(text[span[0] : stop])
            if tokens <= max_tokens:
                yield span, tokens
            else:
                yield from _cut(text, span, stop, max_tokens)
            span = after


def _paragraphs(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, start of the next) of each stretch between blank lines, trimmed."""
    start = len(text) - len(text.lstrip())
    last = len(text.rstrip())
    for gap in BLANK_LINES.finditer(text, start, last):
        end = gap.start()
        while text[end - 1].isspace():
            end -= 1
        yield start, end, gap.end()
        start = gap.end()
    if start < last:
        yield start, last, last


def _cut(text: str, span: Span, following: int, max_tokens: int) -> Iterator[tuple[Span, int]]:
    """One sentence in parts within the bound: after commas, else at spaces, else between characters."""
    start, end = span
    while start < end:
        reach = _reach(text, start, end, max_tokens)
        stop = end if reach >= end else _break(text, start, reach)
        trimmed = stop
        while text[trimmed - 1].isspace():
            trimmed -= 1
        follow = following if stop >= end else stop
        while follow < end and text[follow].isspace():
            follow += 1
        yield (start, trimmed), estimate(text[start:follow])
        start = follow


def _reach(text: str, start: int, end: int, max_tokens: int) -> int:
    """The furthest end for which the text from `start` is within the bound; at least one character."""
    low, high = start + 1, start + max_tokens
    while high < end and estimate(text[start:high]) <= max_tokens:
        low, high = high, high + (high - start)
    high = min(high, end)
    while low < high:
        middle = (low + high + 1) // 2
        if estimate(text[start:middle]) <= max_tokens:
            low = middle
        else:
            high = middle - 1
    return low


def _break(text: str, start: int, reach: int) -> int:
    """Where to cut at or before `reach`: the last comma or space of the second half, else a character."""
    for pattern in (AFTER_COMMA, SPACES):
        ends = [match.end() for match in pattern.finditer(text, start + (reach - start) // 2, reach)]
        if ends:
            return ends[-1]
    stop = reach
    while stop > start + 1 and _joined(text[stop - 1], text[stop]):
        stop -= 1
    return stop if stop > start + 1 else reach


def _joined(before: str, after: str) -> bool:
    """Whether two characters are seen as one: combining marks, emoji joined or varied."""
    joiner = "\u200d"
    return (
        joiner in (before, after)
        or unicodedata.combining(after) > 0
        or unicodedata.category(after) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    )
