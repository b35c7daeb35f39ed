"""Proper names in a parsed English document: capitals and the parser's names, their bounds cleaned.

A name is decided once for a document, from all its occurrences: a capital at the beginning of a
sentence proves nothing, one in its middle does. The parser's own labels are one voice among others
(`english_types`).
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.extract.english_cues import (
    CALENDAR,
    FUNCTION_WORDS,
    HEADS,
    ORGANISATION,
    PAGE_WORDS,
    PLACE,
    TITLES,
    WORK,
)
from kg.extract.english_entries import Entry
from kg.extract.english_runs import known_nouns, runs
from kg.extract.parses import Casing, Parse, in_title_case

NAME_LABELS = frozenset("PERSON ORG GPE LOC FAC NORP PRODUCT EVENT WORK_OF_ART LAW LANGUAGE".split())
_NO_OFFICE = frozenset(
    "mr mrs ms miss mx dr prof sir dame rev capt col maj lt st saint old young madam monsieur".split()
)
_FORMS = ("ing", "ed", "ly", "est")
_QUOTES = frozenset("\"'\u201c\u201d\u2018\u2019")


Words = tuple[str, ...]


@dataclass(slots=True)
class Name:
    """A proper name of a document: how it is written, how often, and what was seen around it."""

    words: Words
    text: str
    count: int = 0
    sure: int = 0
    labels: Counter[str] = field(default_factory=Counter)


def names(
    parses: Sequence[Parse], casing: Casing, known: Callable[[str], bool], heads: Sequence[Entry] = ()
) -> dict[Words, Name]:
    """The proper names of a document by their words, articles and possessive marks left out.

    `known` says whether an English dictionary has a word: one that it lacks may stand at the
    beginning of its sentences only and be a name all the same.

    `heads` are the entries of a catalogue or the like: they are names where they are written so.
    """
    found: dict[Words, Name] = {}
    named: dict[int, set[tuple[int, int]]] = {}
    for entry in heads:
        if _is_named(parses[entry.parse], entry, casing):
            named.setdefault(entry.parse, set()).add((entry.first, entry.last))
    for i, parse in enumerate(parses):
        heading = parse.paragraph.kind == "heading"
        labelled = {i: label for first, last, label in parse.entities for i in range(first, last)}
        shown = set() if heading else set(titles(parse))
        spans = set(headed(parse, casing)) if heading else {*runs(parse, casing), *shown}
        if parse.paragraph.kind == "row":
            spans = {(a, b) for a, b in spans if b - a > 1 or casing.is_name(parse.lower[a])}
        for first, last in sorted(spans | named.get(i, set())):
            key = tuple(parse.words[first:last])
            name = found.setdefault(key, Name(key, parse.text(first, last)))
            name.count += 1
            name.sure += first not in parse.opens or last - first > 1 or (first, last) in shown
            if key[-1].isdigit():
                bare = found.setdefault(key[:-1], Name(key[:-1], parse.text(first, last - 1)))
                bare.sure += name.count == 1 and int(key[-1]) > 20
            label = labelled.get(last - 1, "")
            if label in NAME_LABELS:
                name.labels[label] += 1
    parts = frozenset(key[-1].lower() for key in found if len(key) > 1)
    strange = _strange(found, known)
    kept = {key: name for key, name in found.items() if _holds(name, casing, parts | strange)}
    return {key: name for key, name in kept.items() if not _counted(name, kept)}


def _strange(found: Mapping[Words, Name], known: Callable[[str], bool]) -> frozenset[str]:
    """Single words (lower case) that no dictionary has, in no form."""
    single = (key[0].lower() for key in found if len(key) == 1)
    return frozenset(
        word
        for word in single
        if word.isalpha()
        and len(word) > 3
        and not word.endswith(_FORMS)
        and not known(word)
        and not known(word.removesuffix("s"))
    )


def _counted(name: Name, names: Mapping[Words, Name]) -> bool:
    """Whether the number at the end belongs to the sentence: "Cold Elbow 45", but not "Lock 3"."""
    return name.words[-1].isdigit() and (
        name.words[:-1] in names or (name.count < 2 and int(name.words[-1]) > 20)
    )


def _holds(name: Name, casing: Casing, parts: frozenset[str]) -> bool:
    """Whether enough speaks for a name. `parts` are the last words of longer ones, such as surnames."""
    low = [word.lower() for word in name.words]
    if all(
        word in FUNCTION_WORDS or word in CALENDAR or word in PAGE_WORDS or word in TITLES for word in low
    ):
        office = len(low) == 1 and low[0] in TITLES and low[0] not in _NO_OFFICE
        return office and name.sure > 1 and casing.is_name(low[0])
    if low[0] in PAGE_WORDS and all(not word.isalpha() or len(word) == 1 for word in low[1:]):
        return False
    if any(word in CALENDAR for word in low) and all(word in CALENDAR or not word.isalpha() for word in low):
        return False
    if len(name.words) > 1:
        return True
    word = low[0]
    if len(word) < 2:
        return False
    if casing.lower[word] > casing.capital[word] and casing.capital[word] * 3 < casing.lower[word]:
        return False
    known = word in known_nouns()
    if name.words[0].isupper() and len(word) > 3 and casing.lower[word]:
        return False
    if name.sure or (word in parts and not casing.lower[word]):
        return True
    return casing.lower[word] == 0 and not known and sum(name.labels.values()) > 0


def _is_named(parse: Parse, entry: Entry, casing: Casing) -> bool:
    """Whether what heads an entry is a name: capitals throughout, or a capital that is never a small letter."""
    words = [word for word in parse.words[entry.first : entry.last] if word[0].isalpha() and len(word) > 3]
    if entry.last - entry.first == 1:
        return parse.pos[entry.first] not in ("NOUN", "NUM") and not casing.lower[parse.lower[entry.first]]
    capitals = all(word[0].isupper() for word in words)
    if not capitals and parse.paragraph.kind == "heading":
        return _is_named_after(parse, entry, casing)
    return (
        capitals and casing.capital[parse.lower[entry.last - 1]] >= casing.lower[parse.lower[entry.last - 1]]
    )


def _is_named_after(parse: Parse, entry: Entry, casing: Casing) -> bool:
    """Whether a heading in small letters names a thing after a name: "The Bray bells"."""
    first, last = entry.first, entry.last
    return (
        1 < last - first < 4
        and first > 0
        and all(casing.is_name(word) for word in parse.lower[first : last - 1])
        and parse.words[first][0].isupper()
        and parse.pos[last - 1] == "NOUN"
        and parse.words[last - 1].islower()
    )


def headed(parse: Parse, casing: Casing) -> Iterator[tuple[int, int]]:
    """Names in a heading, where capitals prove little: houses, places and what the text knows already."""
    bold = in_title_case(parse.words)
    for first, last in runs(parse, casing):
        low = parse.lower[first:last]
        at = low.index("of") if "of" in low else len(low)
        if HEADS.get(low[at - 1]) == WORK and at < len(low):
            first += at + 1 + (low[at + 1] == "the")
            low = parse.lower[first:last]
            at = len(low)
        known = all(casing.is_name(word) for word in low if word[0].isalpha() and word != "of")
        inside = not bold and last - first > 1 and parse.lower[first - 1 : first] in (["the"], ["of"])
        if (
            inside
            or (last - first > 1 and HEADS.get(low[at - 1]) in (ORGANISATION, PLACE))
            or (known and not (bold and last - first == 1))
        ):
            yield first, last


def titles(parse: Parse) -> Iterator[tuple[int, int]]:
    """Stretches (first, last + 1) between quotation or emphasis marks that are written as a title.

    One emphasised word with a capital is one too: the names of ships and newspapers are printed so.
    """
    stretches = [(start, end) for start, end, strong in parse.paragraph.marked if not strong]
    opened = -1
    for i, word in enumerate(parse.words):
        if word in _QUOTES:
            if opened >= 0 and 2 < i - opened < 13:
                stretches.append((parse.starts[opened + 1], parse.ends[i - 1]))
            opened = i
    for start, end in stretches:
        first, last = bisect_left(parse.starts, start), bisect_right(parse.ends, end)
        if last - first == 1 and parse.words[first].istitle() and parse.lower[first] not in known_nouns():
            yield first, last
        if (
            1 < last - first < 12
            and in_title_case(parse.words[first:last])
            and parse.words[last - 1][-1].isalnum()
            and not any(word in CALENDAR for word in parse.lower[first:last])
        ):
            yield first, last
