"""Fuzzy match: when are two names that differ by a letter or two one name misspelt?

A high similarity is not enough: "Lock 3" and "Lock 4", "John" and "Joan", "Brackwater" and
"Blackwater" are as close as any misprint. So every differing word must also differ *the way misprints
do*: a letter doubled or dropped, two swapped, a vowel mistaken in a long word, letters that scanners
confuse; never in a number, never in the first letter, and never a word for its opposite.
"""

from itertools import pairwise

from rapidfuzz.distance import OSA, Levenshtein

from kg.resolution.english_words import FEMALE, MALE, OPPOSITES, PREFIX_PAIRS

FUZZY = 0.88
"""Least similarity (Levenshtein, normalised) of two whole names that are taken for one."""
SHORTEST = 4
"""Letters; a shorter word is never taken for a misspelling."""
VOWELS = frozenset("aeiouy")
SCANNED = (
    ("1", "l"), ("0", "o"), ("5", "s"), ("rn", "m"), ("cl", "d"), ("vv", "w"), ("ii", "u"), ("li", "h"), ("l", "i"),
    ("c", "e"), ("h", "b"), ("u", "n"), ("f", "t"), ("nn", "m"), ("tl", "d"),
)  # fmt: skip
"""What scanners take for each other; the second of each pair is the form they are brought to."""
OPPOSITE: dict[str, frozenset[str]] = {}
"""Each word with the words that mean another thing in its place."""
for _words in OPPOSITES:
    for _word in _words:
        OPPOSITE[_word] = OPPOSITE.get(_word, frozenset()) | _words


def opposite(a: str, b: str) -> bool:
    """Whether two words tell two things apart: north and south, elder and younger, macro- and micro-."""
    if b in OPPOSITE.get(a, ()) and a != b:
        return True
    for pair in PREFIX_PAIRS:
        one, other = pair.split()
        for x, y in ((one, other), (other, one)):
            if a.startswith(x) and b.startswith(y) and a[len(x) :] == b[len(y) :] != "":
                return True
    return False


def undoubled(word: str) -> str:
    """The word with double letters made single."""
    return word[:1] + "".join(b for a, b in pairwise(word) if a != b)


def scanned(word: str) -> str:
    """The word as a scanner that confuses everything would read it."""
    for wrong, right in SCANNED:
        word = word.replace(wrong, right)
    return word


def skeleton(word: str) -> str:
    """First letter and consonants, single: a key that misprints of vowels and double letters share."""
    return word[:1] + "".join(c for c in undoubled(word)[1:] if c not in VOWELS)


def misspelt(a: str, b: str) -> bool:
    """Whether one word is the other misspelt.

    >>> misspelt("tolliver", "toliver"), misspelt("clockmaker", "c1ockmaker"), misspelt("john", "joan")
    (True, True, False)
    """
    if a == b:
        return True
    if min(len(a), len(b)) >= SHORTEST and a.isalpha() != b.isalpha() and scanned(a) == scanned(b):
        return not (a.isdigit() or b.isdigit())
    if min(len(a), len(b)) < SHORTEST or (any(map(str.isdigit, a + b)) and scanned(a) != scanned(b)):
        return False
    if opposite(a, b) or {a, b} <= MALE | FEMALE or a.isdigit() or b.isdigit():
        return False
    if a[0] != b[0]:
        return False
    if a[:-1] == b[:-1] or a in (b + "s", b + "a", b + "e") or b in (a + "s", a + "a", a + "e"):
        return False
    short = min(len(a), len(b))
    if undoubled(a) == undoubled(b):
        return True
    if short >= 6 and OSA.distance(a, b) == 1 < Levenshtein.distance(a, b):
        return True
    if short >= 7 and scanned(a) == scanned(b) and Levenshtein.distance(a, b) <= 2:
        return True
    if len(a) != len(b):
        inner = a[:-1] != b and b[:-1] != a
        return short >= (6 if inner else 8) and Levenshtein.distance(a, b) == 1
    return short >= 8 and skeleton(a) == skeleton(b) and Levenshtein.distance(a, b) == 1


def similarity(a: tuple[str, ...], b: tuple[str, ...]) -> float | None:
    """Similarity, 0 to 1, of two names that may be one misspelt, or None where they may not.

    >>> similarity(("observatory", "of", "kestrel", "ness"), ("observatry", "of", "kestrel", "ness"))
    0.96
    >>> similarity(("lock", "3"), ("lock", "4")) is None
    True
    """
    if len(a) != len(b):
        return None
    wrong = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    if not wrong or len(wrong) > 1 + len(a) // 3 or not all(misspelt(x, y) for x, y in wrong):
        return None
    ours, theirs = " ".join(a), " ".join(b)
    close = Levenshtein.normalized_similarity(ours, theirs)
    if close < FUZZY and scanned(ours) == scanned(theirs):
        close = FUZZY
    return round(close, 2) if close >= FUZZY else None
