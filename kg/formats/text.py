"""Plain text, and Markdown with a block of `key: value` lines on top."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.encodings import NotText, clean, decode
from kg.formats.base import Parsed, ReadError, whole, year_of

FRONT_MATTER = re.compile(r"\s*---[^\S\n]*\n(.{0,20000}?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|$)", re.DOTALL)
ENTRY = re.compile(r"(\w[\w -]*):(?:\s+(.*))?$")
CONTINUED = re.compile(r"\s|- |#|$")
TITLE = re.compile(r"#\s+([^\n]+?)[\s#]*(?:\n|$)")


def read_text(file: BinaryIO, field: str | None = None) -> Iterator[Parsed]:
    """The text as it is, in whatever encoding."""
    yield Parsed(_decoded(file))


def read_markdown(file: BinaryIO, field: str | None = None) -> Iterator[Parsed]:
    """The Markdown as it is, without its front matter.

    Of the front matter `title`, `author`, `year` (or `date`) and `language` (or `lang`) are used;
    without a title the first line is, if it is a heading of the first level.
    """
    text = _decoded(file)
    facts: dict[str, str] = {}
    block = FRONT_MATTER.match(text)
    if block:
        read = _entries(block.group(1))
        if read is not None:
            facts, text = read, text[block.end() :]
    text = text[len(text) - len(text.lstrip("\n \t")) :] if text[:1] in "\n \t" else text
    heading = TITLE.match(text)
    yield Parsed(
        text,
        facts.get("title") or (heading.group(1) if heading else ""),
        facts.get("author") or facts.get("authors") or None,
        year_of(facts.get("year") or facts.get("date") or ""),
        (facts.get("language") or facts.get("lang") or "").lower() or None,
    )


def _decoded(file: BinaryIO) -> str:
    try:
        return decode(whole(file))
    except NotText as seen:
        raise ReadError(f"it does not look like text: {seen}") from None


def _entries(block: str) -> dict[str, str] | None:
    """The `key: value` lines of a block, or None if it is prose between two rules."""
    facts: dict[str, str] = {}
    for line in block.splitlines():
        entry = ENTRY.match(line)
        if entry:
            value = (entry.group(2) or "").strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            facts[entry.group(1).strip().lower()] = clean(value)
        elif not CONTINUED.match(line):
            return None
    return facts or None
