"""Web pages: the words a reader sees, block by block; scripts and styles are left out.

lxml reports tags and words as they come, no tree is kept: a large page takes little more memory
than its text.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from kg.encodings import NotText, clean, detect
from kg.formats.base import Parsed, ReadError, library, whole, year_of

DROPPED = frozenset(["script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select"])
PARAGRAPHS = re.compile(
    "address|article|aside|blockquote|body|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|"
    "form|h[1-6]|header|hr|html|main|nav|ol|p|pre|section|summary|table|ul"
)
LINES = frozenset(["br", "tr", "li", "caption", "option"])
CELLS = frozenset(["td", "th"])
SPACES = re.compile(r"[^\S ]\s*| \s+")  # a single space needs no replacing
DECLARED = re.compile(
    rb"""(?:<meta[^>]{0,200}?charset\s*=\s*["']?|<\?xml[^>]{0,100}?encoding\s*=\s*["'])([\w.:-]{2,40})""",
    re.I,
)
TAG = re.compile(
    r"</?(?:p|br|div|span|i|b|em|strong|h[1-6]|a|ul|ol|li|table|tr|td|html|body|blockquote|pre|hr)\b[^>]{0,300}>",
    re.I,
)
PIECE = 1_000_000


def read_html(file: BinaryIO, field: str | None = None) -> Iterator[Parsed]:
    """The visible text of a page, with its title, author, year and language where it states them."""
    yield page(whole(file))


def looks_like_html(text: str) -> bool:
    """Whether a text is marked up: at least two tags, one of them near its beginning."""
    found = TAG.search(text, 0, 2000)
    return bool(found and TAG.search(text, found.end()))


def page(data: bytes) -> Parsed:
    """The same for a page given as bytes (for the chapters of a book and the rows of a table)."""
    etree: Any = library("lxml.etree", "HTML")  # Any: its targets are not typed
    text = _decoded(data)
    words = Words()
    parser = etree.HTMLParser(target=words, encoding="utf-8", huge_tree=True)
    try:
        for start in range(0, len(text), PIECE):
            parser.feed(text[start : start + PIECE].encode("utf-8", "replace"))
        parser.close()
    except etree.LxmlError as error:
        if not words.parts:
            raise ReadError(f"it cannot be parsed as HTML: {error}") from None
    return words.parsed()


def _decoded(data: bytes) -> str:
    declared = DECLARED.search(data, 0, 4096)
    try:
        name = detect(data)
    except NotText as seen:
        raise ReadError(f"it does not look like HTML: {seen}") from None
    if declared and not name.startswith(("utf", "gb18030")):
        try:
            return clean(data.decode(declared.group(1).decode("ascii"), "replace"))
        except LookupError:
            pass
    return clean(data.decode(name, "replace"))


class Words:
    """Collects the words between the tags; the parser calls it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.facts: dict[str, str] = {}
        self._title: list[str] = []
        self._inside_title = False
        self._dropped = 0
        self._kept_as_is = 0
        self._gap = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag opens."""
        if tag in DROPPED:
            self._dropped += 1
        elif tag == "title":
            self._inside_title = not self._title
        elif tag == "html":
            self.facts.setdefault("lang", attributes.get("lang") or attributes.get("xml:lang") or "")
        elif tag == "meta":
            name = (attributes.get("name") or attributes.get("property") or "").lower()
            self.facts.setdefault(name, attributes.get("content") or "")
        elif tag in CELLS:
            self._gap = self._gap or " | "
        else:
            self._kept_as_is += tag == "pre"
            self._break(tag)
            if tag == "li":
                self._gap = (self._gap or "\n") + "- "

    def end(self, tag: str) -> None:
        """A tag closes."""
        if tag in DROPPED:
            self._dropped = max(0, self._dropped - 1)
        elif tag == "title":
            self._inside_title = False
        else:
            self._kept_as_is -= tag == "pre" and self._kept_as_is > 0
            if tag != "br":
                self._break(tag)

    def data(self, data: str) -> None:
        """Words between two tags."""
        if self._dropped:
            return
        if self._inside_title:
            self._title.append(data)
            return
        text = data if self._kept_as_is else SPACES.sub(" ", data)
        if not self._kept_as_is and text[:1] == " ":
            self._gap = self._gap or " "
            text = text[1:]
        if not text:
            return
        if self._gap and self.parts:
            self.parts.append(self._gap)
        elif self._gap.endswith("- "):
            self.parts.append("- ")
        self._gap = ""
        if not self._kept_as_is and text[-1] == " ":
            text, self._gap = text[:-1], " "
        self.parts.append(text)

    def close(self) -> None:
        """The page is over."""

    def parsed(self) -> Parsed:
        """What was collected."""
        author = self.facts.get("author") or self.facts.get("article:author") or self.facts.get("dc.creator")
        date = next(
            (
                self.facts[name]
                for name in ("article:published_time", "date", "dc.date")
                if self.facts.get(name)
            ),
            "",
        )
        return Parsed(
            clean("".join(self.parts)),
            clean(" ".join("".join(self._title).split())),
            author or None,
            year_of(date),
            self.facts.get("lang", "").split("-")[0].lower() or None,
        )

    def _break(self, tag: str) -> None:
        if PARAGRAPHS.fullmatch(tag):
            self._gap = "\n\n"
        elif tag in LINES and not self._gap.startswith("\n\n"):
            self._gap = self._gap + "\n" if tag == "br" and self._gap.startswith("\n") else "\n"
