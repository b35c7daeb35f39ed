"""A chunk's paragraphs without Markdown marks and line breaks, every character traceable to the document.

Parsers read better without `**`, `#` and hard-wrapped lines, and offsets must still point into the
stored text: a `Paragraph` remembers where each piece of its cleaned text comes from.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kg.model import Chunk

Kind = Literal["body", "heading", "item", "row"]

_FENCE = re.compile(r"^\s*(```|~~~)")
_RULE = re.compile(r"^\s*([-*_=~]\s*){3,}$|^\s*\|?[\s:|-]*-{3,}[\s:|-]*$")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?=\S)")
_ITEM = re.compile(r"^\s*(?:[-*+\u2022\u2013]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)](?=\s+[A-Z]))\s+(?=\S)")
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
_ENDS = re.compile(r"[.!?;:,\u3002\uff01\uff1f\uff1b\uff1a\uff0c\u2026][\"'\u201d\u2019)\]*_]*\s*$")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3}|`)(?=[^\s*_`])([^*_`\n]{1,80}?)(?<=\S)\1(?![\w*])")
# What is left out of the cleaned text, and what becomes one space.
_DROP = re.compile(
    r"\*+|`+|\|\s*$|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|!?\[(?=[^\]\n]*\]\()|\]\([^)\n]*\)|\[\^?\w{1,3}\]|\u00ad|</?[a-zA-Z][^<>\n]{0,80}>"
)
_SPACE = re.compile(r"\s*\n\s*|\s{2,}|[\t\r\f\v\u00a0]")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Cleaned text; `pieces` are (offset in `text`, offset in the document), ascending.

    `marked` are the stretches of `text` that were emphasised in the source (start, end, whether
    strongly, as `**bold**`).
    """

    text: str
    kind: Kind
    chunk: Chunk
    pieces: tuple[tuple[int, int], ...]
    marked: tuple[tuple[int, int, bool], ...] = ()

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the document of `text[start:end]`, which must not be empty."""
        return self._at(start), self._at(end - 1) + 1

    def _at(self, offset: int) -> int:
        clean, original = self.pieces[bisect_right(self.pieces, (offset, float("inf"))) - 1]
        return original + offset - clean


def paragraphs(text: str, chunk: Chunk) -> Iterator[Paragraph]:
    """The paragraphs, headings, list items and table rows of a chunk of `text`; code is left out."""
    block: list[tuple[int, int]] = []
    kind: Kind = "body"
    fenced = False
    at = chunk.start
    for line in text[chunk.start : chunk.end].splitlines(keepends=True):
        start, at = at, at + len(line)
        bare = line.strip()
        if _FENCE.match(line):
            fenced = not fenced
        if fenced or not bare or _FENCE.match(line) or _RULE.match(line):
            if bare and block and set(bare) <= {"=", "-"} and len(block) == 1 and not fenced:
                kind = "heading"
            if kind == "row" and "-" in bare:
                block = []  # the head of a table: names of columns
            yield from _cleaned(text, chunk, kind, block)
            block, kind = [], "body"
            continue
        quoted = _QUOTE.match(line)
        skip = quoted.end() if quoted else 0
        mark = _HEADING.match(line, skip) or _HEADING.match(line[skip:])
        item = _ITEM.match(line[skip:])
        row = line.count("|") >= 2
        if mark or item or row:
            yield from _cleaned(text, chunk, kind, block)
            kind = "heading" if mark else "item" if item else "row"
            found = mark or item
            block = [(start + skip + (found.end() if found else 0), at)]
            if mark:
                yield from _cleaned(text, chunk, kind, block)
                block, kind = [], "body"
        else:
            if kind == "row":
                yield from _cleaned(text, chunk, kind, block)
                block, kind = [], "body"
            block.append((start + skip, at))
    yield from _cleaned(text, chunk, kind, block)


def _cleaned(text: str, chunk: Chunk, kind: Kind, lines: list[tuple[int, int]]) -> Iterator[Paragraph]:
    """The lines of one block as one paragraph; a very long one in parts, cut at a space."""
    parts: list[str] = []
    pieces: list[tuple[int, int]] = []
    marked: list[tuple[int, int, bool]] = []
    length = 0

    def keep(words: str, origin: int) -> None:
        nonlocal length
        if words:
            pieces.append((length, origin))
            parts.append(words)
            length += len(words)

    for start, end in lines:
        line = text[start:end]
        emphasised = [(*match.span(2), len(match[1]) > 1) for match in _EMPHASIS.finditer(line)]
        cuts = sorted(
            [(m.span(), "") for m in _DROP.finditer(line)] + [(m.span(), " ") for m in _SPACE.finditer(line)]
        )
        if kind == "row":
            cuts = sorted(cuts + [((m.start(), m.end()), ",") for m in re.finditer(r"\|(?=\s*\S)", line)])
        done = 0
        clean_at: list[tuple[int, int]] = []
        for (left, right), instead in cuts:
            if left < done:
                continue
            clean_at.append((done, length))
            keep(line[done:left], start + done)
            if instead and parts and not parts[-1].endswith("," if instead == "," else (" ", ",")):
                keep(instead, start + left)
            done = right
        clean_at.append((done, length))
        keep(line[done:], start + done)
        for left, right, strong in emphasised:
            source, clean = clean_at[bisect_right(clean_at, (left, length)) - 1]
            marked.append((clean + left - source, clean + right - source, strong))
    whole = "".join(parts)
    if not whole.strip():
        return
    if kind == "body" and len(lines) == 1 and len(whole) <= 80 and not _ENDS.search(whole):
        kind = "heading"
    for left, right in _portions(whole):
        first = bisect_right(pieces, (left, float("inf"))) - 1
        inner = [(left, pieces[first][1] + left - pieces[first][0])]
        inner += [piece for piece in pieces[first + 1 :] if piece[0] < right]
        yield Paragraph(
            whole[left:right],
            kind,
            chunk,
            tuple((clean - left, origin) for clean, origin in inner),
            tuple((a - left, b - left, strong) for a, b, strong in marked if left <= a and b <= right),
        )


def _portions(text: str) -> Iterator[tuple[int, int]]:
    """The trimmed text, or parts of at most 20,000 characters cut at spaces."""
    left, right = len(text) - len(text.lstrip()), len(text.rstrip())
    while right - left > _LONGEST:
        cut = text.rfind(" ", left + 1, left + _LONGEST)
        cut = cut if cut > left else left + _LONGEST
        yield left, cut
        left = cut + (text[cut] == " ")
    if right > left:
        yield left, right
