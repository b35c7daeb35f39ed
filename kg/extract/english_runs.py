"""Stretches of capitals in a parsed paragraph that are written as one name.

Words in small letters join two capitals into one name in a few ways only: "Guild of Bellfounders",
"St Wenna's Church", "Lowndes & Hale", "van der Velde", "Dew-Weighers".
"""

from collections.abc import Iterator
from functools import cache

from kg.extract.english_cues import (
    CALENDAR,
    EVENT,
    FUNCTION_WORDS,
    HEADS,
    ORGANISATION,
    PEOPLE,
    PLACE,
    TITLES,
    WORK,
    word_list,
)
from kg.extract.parses import Casing, Parse

_JOINTS = frozenset(
    "de la le les du des van von der den del della di da al el bin ibn y o' d' ter ten zu".split()
)
_NO_NAME_POS = frozenset("DET PRON ADP CCONJ SCONJ AUX INTJ PART ADV PUNCT SPACE SYM X NUM VERB".split())
_LONGEST = 10
_NAMED_AFTER = frozenset((ORGANISATION, EVENT, WORK))
# Function words and adjectives alike stand in FUNCTION_WORDS; these may open a name: Great Agnes, Old Patience.
_OPENERS = frozenset(
    "great little old new last first second third fourth fifth sixth one two three four five six seven eight nine ten "
    "eleven twelve hundred thousand upper lower outer inner near far next own made".split()
)


def is_capital(word: str) -> bool:
    """Whether the word is written as names are: "Finch", "LLM2LLM", "al-Razi" no, "iPhone" yes."""
    return word[0].isupper() or (not word.islower() and word[0].islower() and len(word) > 2)


def runs(parse: Parse, casing: Casing) -> Iterator[tuple[int, int]]:
    """Stretches of tokens (first, last + 1) that are written as one name."""
    words, low = parse.words, parse.lower
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
            ) or (words[j].isdigit() and len(words[j]) < 4):
                j += 1
            else:
                step = _joint(parse, i, j)
                if not step:
                    break
                j += step
        yield from _trimmed(parse, casing, i, j)
        i = j if j > i else i + 1


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


def _goes_on(parse: Parse, j: int) -> bool:
    """Whether a name goes on with this token: another capital, or a short number."""
    low = parse.lower[j]
    if parse.words[j].isdigit():
        return len(low) < 4
    return (
        is_capital(parse.words[j]) and low not in CALENDAR and (low not in FUNCTION_WORDS or low in _OPENERS)
    )


def _joint(parse: Parse, first: int, j: int) -> int:
    """How many tokens from `j` on join two capitals into one name: "of", "of the", "'s", "&", "-"."""
    words, low = parse.words, parse.lower
    n = len(words)

    def capital(k: int) -> bool:
        return k < n and is_capital(words[k]) and low[k] not in CALENDAR and low[k] not in FUNCTION_WORDS

    if low[j] in ("of", "for") and low[j - 1] not in CALENDAR:
        step = 2 if j + 1 < n and low[j + 1] == "the" else 1
        belongs = low[j - 1] in HEADS or low[j - 1] in PEOPLE or low[j - 1] in known_nouns()
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
def known_nouns() -> frozenset[str]:
    """Everyday nouns of the three lists; what is called like that is seldom a person."""
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
