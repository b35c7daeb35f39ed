"""Proper names in a parsed English document: capitals and the parser's names, their bounds cleaned.

A name is decided once for a document, from all its occurrences: a capital at the beginning of a
sentence proves nothing, one in its middle does. The parser's own labels are one voice among others
(`english_types`).
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from kg.extract.english_cues import (
    CALENDAR,
    EVENT,
    FUNCTION_WORDS,
    HEADS,
    ORGANISATION,
    PAGE_WORDS,
    PEOPLE,
    PLACE,
    TITLES,
    WORK,
    word_list,
)
from kg.extract.english_entries import Entry
from kg.extract.parses import Casing, Parse, in_title_case

NAME_LABELS = frozenset("PERSON ORG GPE LOC FAC NORP PRODUCT EVENT WORK_OF_ART LAW LANGUAGE".split())
_JOINTS = frozenset(
    "de la le les du des van von der den del della di da al el bin ibn y o' d' ter ten zu".split()
)
_NO_NAME_POS = frozenset("DET PRON ADP CCONJ SCONJ AUX INTJ PART ADV PUNCT SPACE SYM X NUM VERB".split())
_NO_OFFICE = frozenset(
    "mr mrs ms miss mx dr prof sir dame rev capt col maj lt st saint old young madam monsieur".split()
)
_LONGEST = 10
_QUOTES = frozenset("\"'\u201c\u201d\u2018\u2019")
_NAMED_AFTER = frozenset((ORGANISATION, EVENT, WORK))

# Function words and adjectives alike stand in FUNCTION_WORDS; these may open a name: Great Agnes, Old Patience.
_OPENERS = frozenset(
    "great little old new last first second third fourth fifth sixth one two three four five six seven eight nine ten "
    "eleven twelve hundred thousand upper lower outer inner near far next own made".split()
)

Words = tuple[str, ...]


@dataclass(slots=True)
class Name:
    """A proper name of a document: how it is written, how often, and what was seen around it."""

    words: Words
    text: str
    count: int = 0
    sure: int = 0
    labels: Counter[str] = field(default_factory=Counter)


def is_capital(word: str) -> bool:
    """Whether the word is written as names are: "Finch", "LLM2LLM", "al-Razi" no, "iPhone" yes."""
    return word[0].isupper() or (len(word) > 2 and word[0].islower() and any(c.isupper() for c in word[1:]))


def names(parses: Sequence[Parse], casing: Casing, heads: Sequence[Entry] = ()) -> dict[Words, Name]:
    """The proper names of a document by their words, articles and possessive marks left out.

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
        spans = set(headed(parse, casing) if heading else (*runs(parse, casing), *titles(parse)))
        if parse.paragraph.kind == "row":
            spans = {(a, b) for a, b in spans if b - a > 1 or casing.is_name(parse.lower[a])}
        for first, last in sorted(spans | named.get(i, set())):
            key = tuple(parse.words[first:last])
            name = found.setdefault(key, Name(key, parse.text(first, last)))
            name.count += 1
            name.sure += first not in parse.opens or last - first > 1
            if key[-1].isdigit():
                bare = found.setdefault(key[:-1], Name(key[:-1], parse.text(first, last - 1)))
                bare.sure += name.count == 1 and int(key[-1]) > 20
            label = labelled.get(last - 1, "")
            if label in NAME_LABELS:
                name.labels[label] += 1
    parts = frozenset(key[-1].lower() for key in found if len(key) > 1)
    kept = {key: name for key, name in found.items() if _holds(name, casing, parts)}
    return {key: name for key, name in kept.items() if not _counted(name, kept)}


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
    known = word in _known_nouns()
    if name.words[0].isupper() and len(word) > 3 and casing.lower[word]:
        return False
    if name.sure or (word in parts and not casing.lower[word]):
        return True
    return casing.lower[word] == 0 and not known and sum(name.labels.values()) > 0


def runs(parse: Parse, casing: Casing) -> Iterator[tuple[int, int]]:
    """Stretches of tokens (first, last + 1) that are written as one name."""
    words, low, pos = parse.words, parse.lower, parse.pos
    n = len(words)
    sentence_end = {last for _, last in parse.sentences}
    i = 0
    while i < n:
        if not _begins(parse, casing, i):
            i += 1
            continue
        j = i + 1
        while j < n and j - i < _LONGEST and j not in sentence_end:
            if (
                is_capital(words[j])
                and low[j] not in CALENDAR
                and (low[j] not in FUNCTION_WORDS or low[j] in _OPENERS)
            ):
                j += 1
            elif words[j].isdigit() and len(words[j]) < 4:
                j += 1
            else:
                step = _joint(parse, i, j)
                if not step:
                    break
                j += step
        yield from _trimmed(parse, casing, i, j)
        i = j if j > i else i + 1


def _is_named(parse: Parse, entry: Entry, casing: Casing) -> bool:
    """Whether what heads an entry is a name: capitals throughout, or a capital that is never a small letter."""
    words = [word for word in parse.words[entry.first : entry.last] if word[0].isalpha() and len(word) > 3]
    if entry.last - entry.first == 1:
        return parse.pos[entry.first] not in ("NOUN", "NUM") and not casing.lower[parse.lower[entry.first]]
    capitals = all(word[0].isupper() for word in words)
    return (
        capitals and casing.capital[parse.lower[entry.last - 1]] >= casing.lower[parse.lower[entry.last - 1]]
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
        if (last - first > 1 and HEADS.get(low[at - 1]) in (ORGANISATION, PLACE)) or (
            known and not (bold and last - first == 1)
        ):
            yield first, last


def titles(parse: Parse) -> Iterator[tuple[int, int]]:
    """Stretches (first, last + 1) between quotation or emphasis marks that are written as a work's title."""
    stretches = [(start, end) for start, end, strong in parse.paragraph.marked if not strong]
    opened = -1
    for i, word in enumerate(parse.words):
        if word in _QUOTES:
            if opened >= 0 and 2 < i - opened < 13:
                stretches.append((parse.starts[opened + 1], parse.ends[i - 1]))
            opened = i
    for start, end in stretches:
        first, last = bisect_left(parse.starts, start), bisect_right(parse.ends, end)
        if (
            1 < last - first < 12
            and in_title_case(parse.words[first:last])
            and parse.words[last - 1][-1].isalnum()
        ):
            if not any(word in CALENDAR for word in parse.lower[first:last]):
                yield first, last


def _begins(parse: Parse, casing: Casing, i: int) -> bool:
    """Whether a name may begin with this token."""
    word, low = parse.words[i], parse.lower[i]
    if not is_capital(word) or low in CALENDAR or not any(c.isalpha() for c in word):
        return False
    followed = (
        i + 1 < len(parse.words) and is_capital(parse.words[i + 1]) and parse.lower[i + 1] not in CALENDAR
    )
    if low in FUNCTION_WORDS and not (low in _OPENERS and followed):
        return False
    if i not in parse.opens:
        return True
    if low in _OPENERS:
        return casing.is_name(low)
    if casing.lower[low] and not casing.capital[low] and not (followed and parse.pos[i] == "PROPN"):
        return False
    if casing.is_name(low) or parse.pos[i] == "PROPN" or low in TITLES:
        return True
    return followed and parse.pos[i] not in _NO_NAME_POS


def _joint(parse: Parse, first: int, j: int) -> int:
    """How many tokens from `j` on join two capitals into one name: "of", "of the", "'s", "&", "-"."""
    words, low = parse.words, parse.lower
    n = len(words)

    def capital(k: int) -> bool:
        return k < n and is_capital(words[k]) and low[k] not in CALENDAR and low[k] not in FUNCTION_WORDS

    if low[j] in ("of", "for") and low[j - 1] not in CALENDAR:
        step = 2 if j + 1 < n and low[j + 1] == "the" else 1
        belongs = low[j - 1] in HEADS or low[j - 1] in PEOPLE or low[j - 1] in _known_nouns()
        if j - first > 1:
            belongs = HEADS.get(low[j - 1]) in _NAMED_AFTER
        if capital(j + step) and belongs and (low[j] == "of" or low[j - 1] in HEADS):
            return step + 1
    if low[j] in _JOINTS and capital(j + 1):
        return 2
    if words[j] == "&" and capital(j + 1):
        return 2
    if low[j] == "and" and capital(j + 1) and first and low[first - 1] == "the" and j - first == 1:
        people = {low[j - 1], low[j + 1]} & (PEOPLE | TITLES)
        last = _last_capital(parse, j + 1)
        return 2 if not people and (last in HEADS or last == low[j + 1]) else 0
    if (
        low[j] == "and"
        and j + 1 < n
        and low[j + 1] in ("sons", "daughters", "sister", "brothers", "co")
        and capital(j + 1)
    ):
        return 2
    if words[j] in ("'s", "\u2019s", "'", "\u2019") and capital(j + 1):
        kind = HEADS.get(_last_capital(parse, j + 1))
        titled = low[first] in TITLES and not low[first].startswith("s")
        whole = j - first == 1 or (kind in (PLACE, ORGANISATION, EVENT) and not titled)
        return 2 if whole and j - first < 5 else 0
    if words[j] == "-" and j + 1 < n and parse.starts[j + 1] == parse.ends[j] == parse.starts[j] + 1:
        return 2 if parse.starts[j] == parse.ends[j - 1] else 0
    if words[j] == "." and len(words[j - 1]) == 1 and capital(j + 1):
        return 2
    return 0


def _last_capital(parse: Parse, j: int) -> str:
    """The last word (lower case) of the capitals that begin at `j`."""
    while j + 1 < len(parse.words) and is_capital(parse.words[j + 1]) and parse.lower[j + 1] not in CALENDAR:
        j += 1
    return parse.lower[j]


@cache
def _known_nouns() -> frozenset[str]:
    return word_list("english_plain") | word_list("english_generic") | word_list("english_vague")


def _trimmed(parse: Parse, casing: Casing, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The run without what does not belong to a name at its ends; nothing where nothing is left."""
    low, words = parse.lower, parse.words

    def opens(i: int) -> bool:
        return low[i] in _OPENERS and i + 1 < last and is_capital(words[i + 1])

    while first < last and (
        (low[first] in FUNCTION_WORDS and not opens(first))
        or low[first] in CALENDAR
        or not words[first][0].isalnum()
    ):
        first += 1
    while last > first and (
        low[last - 1] in FUNCTION_WORDS
        or low[last - 1] in CALENDAR
        or not any(c.isalnum() for c in words[last - 1])
        or words[last - 1] in ("'s", "\u2019s")
    ):
        last -= 1
    if first < last:
        yield first, last
