"""Entries of a catalogue, a glossary, a parts list: what stands at the head of many paragraphs.

A document made of entries presents what it is about by its layout: an emphasised lead ("**Fog horn.**
Copper and leather."), a heading of its own, the words before a colon or a dash, the first cell of a
row. A layout counts when the document has it three times at least: one bold "Present:" is no list.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.extract.english_cues import CALENDAR, FUNCTION_WORDS, PAGE_WORDS, word_list
from kg.extract.parses import Parse

AT_LEAST = 3
_LONGEST = 6
_DASHES = frozenset((":", "\u2014", "\u2013", "--"))
_STOPS = frozenset((",", ".", "(", ";"))
_NAME_POS = frozenset(("NOUN", "PROPN", "ADJ", "NUM", "PUNCT", "PART", "ADP", "DET"))


@dataclass(frozen=True, slots=True)
class Entry:
    """The tokens `first` to `last - 1` of a paragraph head it; `layout` says how."""

    parse: int
    first: int
    last: int
    layout: str


def entries(parses: Sequence[Parse]) -> list[Entry]:
    """The entries of a document, in order, noted in its parses; none where no layout comes back enough."""
    found = [entry for i, parse in enumerate(parses) for entry in [_entry(i, parse)] if entry is not None]
    often = {layout for layout in {one.layout for one in found} if _count(found, layout) >= AT_LEAST}
    kept = [entry for entry in found if entry.layout in often]
    for entry in kept:
        parses[entry.parse].entry = (entry.first, entry.last)
    return kept


def _count(found: Sequence[Entry], layout: str) -> int:
    return sum(entry.layout == layout for entry in found)


def _entry(i: int, parse: Parse) -> Entry | None:
    n = len(parse.words)
    first = _after_number(parse)
    marked = parse.paragraph.marked[:1]
    if parse.paragraph.kind == "heading":
        last, layout = n, "heading"
    elif first < n and marked and marked[0][0] <= parse.starts[first] < marked[0][1]:
        last = next((j for j in range(first, n) if parse.ends[j] > marked[0][1]), n)
        layout = "lead"
    elif parse.paragraph.kind == "row":
        last, layout = next((j for j in range(first, n) if parse.words[j] == ","), n), "row"
    else:
        stops = range(first, min(n, first + _LONGEST + 1))
        last = next((j for j in stops if parse.words[j] in _DASHES), 0)
        layout = "definition"
        if not last and parse.paragraph.kind == "item":
            last = next((j for j in stops if parse.words[j] in _STOPS), 0)
            layout = "item"
    if layout in ("heading", "lead"):
        last = next((j for j in range(first + 1, last) if parse.words[j] in (",", "(", ":", ";")), last)
    while last > first and not parse.words[last - 1][-1].isalnum():
        last -= 1
    if first >= last or (layout == "heading" and i == 0):
        return None
    if layout == "item" and "of" in parse.lower[first:last]:
        return None
    return Entry(i, first, last, layout) if is_phrase(parse, first, last, vague=layout != "heading") else None


def _after_number(parse: Parse) -> int:
    """The first word after "3.", "Lot 7:", "Exhibit II." and an article."""
    words, n = parse.words, len(parse.words)
    first = 0
    if n > 2 and (words[1].isdigit() or words[1].strip("IVXL") == "") and not words[2][0].isalnum():
        first = 3
    while first < n and (not words[first][0].isalpha() or parse.lower[first] in ("a", "an", "the", "no")):
        first += 1
    return first


def is_phrase(parse: Parse, first: int, last: int, *, vague: bool = False) -> bool:
    """Whether the tokens are one noun phrase that could name a thing: no verb, no clause, no date."""
    low = parse.lower[first:last]
    head = low[low.index("of") - 1] if "of" in low[1:] else low[-1]
    return (
        last - first <= _LONGEST
        and all(parse.pos[k] in _NAME_POS or parse.lower[k].endswith("ing") for k in range(first, last))
        and not any(word in CALENDAR or word in ("and", "or", ",", ";") for word in low)
        and not any(word.isdigit() for word in low[:1])
        and (head not in PAGE_WORDS or _is_capitalised(parse, first, last))
        and head not in FUNCTION_WORDS
        and head not in word_list("english_generic")
        and (vague or head not in word_list("english_vague"))
    )


def _is_capitalised(parse: Parse, first: int, last: int) -> bool:
    """Whether several words are written with capitals throughout: "the Sunrise Table", not "table 3"."""
    return last - first > 1 and all(word[0].isupper() for word in parse.words[first:last])
