"""Names said in another form than the context has: nicknames, initials, titles, short forms, feasts and reigns."""

import re
from collections.abc import Iterator
from functools import lru_cache
from re import Match

from synthesis.checks.names.capitals import CAPITAL, WORD, capitalised, without_accents
from synthesis.checks.names.everyday_forms import (
    BESIDE,
    BODIES,
    DAYS,
    GIVEN,
    LABELS,
    NICKNAMES,
    OURS,
    REIGNS,
    SPELLINGS,
    STANDS_FOR,
    TWO_LETTERS,
    WARS,
)
from synthesis.checks.numbers.numerals import NUMBER_WORDS, ORDINALS, ROMAN
from synthesis.checks.tokens import KEPT, folded, vocabulary

LINKS = "(?:of |the |and |for |& )*"
RUN = re.compile(f"{WORD}(?: {LINKS}{WORD})+")
LINK = frozenset("of the and for a an in on at to".split())
INITIAL = re.compile(r"\b[A-Z]{2,6}\b")
YEAR = re.compile(r"\b1\d{3}\b")
CENTURY = re.compile(r"\b(\w+) century")
COMPASS = re.compile("(north|south|east|west)ern(?:er|ers)?$")
SHORTEST = 3  # letters of a half of a word, or of initials


def in_other_form(text: str, found: Match[str], known: str) -> bool:
    """Whether a capitalised word of an English text, which the context has not, says what it has in other words."""
    key = without_accents(found[0].casefold())
    there = vocabulary(known)
    compass = COMPASS.match(key)
    return (
        key in NUMBER_WORDS  # those are for the check of numbers
        or (compass is not None and compass[1] in there)
        or not _calling_names(key).isdisjoint(capitalised(known))
        or _labels(key, text, found)
        or any(key.replace(a, b) in there or key.replace(b, a) in there for a, b in SPELLINGS)
        or _short_form(key, text, found, there)
        or _beside(key, text, found, known)
        or _joined(key, text, found, there, known)
        or _initials_of(found[0], key, known)
        or _expanded(text, found, known)
        or _dated(key, text, known)
        or (found[0].isupper() and _counts(key, there))
        or _root_of(found[0], known)
    )


@lru_cache(maxsize=1)
def _nicknames() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in NICKNAMES.replace("\n", "/").split("/"):
        names = frozenset(group.split())
        found |= {name: found.get(name, frozenset()) | names for name in names}
    return found


def _calling_names(name: str) -> frozenset[str]:
    return _nicknames().get(name, frozenset())


def is_given(name: str) -> bool:
    """Whether a folded word is a given name, of those with a short form or that end like a calling."""
    return name in _nicknames() or name in GIVEN


def _labels(key: str, text: str, found: Match[str]) -> bool:
    """ "Item 4", "Chapter IV" or "Part Two": the number is for another check."""
    after = re.match(r" (\w+)", text[found.end() :])
    if key not in LABELS or not after:
        return False
    number = after[1].casefold()
    return number[0].isdigit() or number in ROMAN or number in NUMBER_WORDS


def _short_form(key: str, text: str, found: Match[str], there: frozenset[str]) -> bool:
    """ "the Company" of a firm, or of a body that says "we": alone, not as the last word of a name."""
    if key not in BODIES or not text[: found.start()].casefold().endswith("the "):
        return False
    if CAPITAL.match(text, found.end() + 1) or text.startswith(" of ", found.end()):
        return False
    return not (OURS.isdisjoint(there) and there.isdisjoint(BODIES[key].split()))


def _beside(key: str, text: str, found: Match[str], known: str) -> bool:
    """A title or the kind of a place, beside a name that the context has alone."""
    if key not in BESIDE:
        return False
    after = CAPITAL.match(text, found.end() + (4 if text.startswith(" of ", found.end()) else 1))
    names = capitalised(known)
    if after:
        following = without_accents(after[0].casefold())
        return following in names or following in BESIDE
    before = re.search(f"({WORD}) $", text[: found.start()])
    return before is not None and without_accents(before[1].casefold()) in names


def _joined(key: str, text: str, found: Match[str], there: frozenset[str], known: str) -> bool:
    """Two words of the context in one, or a half of one of its words: "Ironbridge" and "Iron Bridge"."""
    for at in range(SHORTEST, len(key) - SHORTEST + 1):
        first, last = key[:at], key[at:]
        if first in there and last in there:
            return re.search(rf"\b{first}[- ]{last}\b", folded(known)) is not None
    after = re.match(r"[- ](\w+)", text[found.end() :])
    before = re.search(r"(\w+)[- ]$", text[: found.start()])
    return (after is not None and key + after[1].casefold() in there) or (
        before is not None and before[1].casefold() + key in there
    )


def _initials_of(word: str, key: str, known: str) -> bool:
    """Initials of words that stand side by side in the context, whatever their case, or a well-known abbreviation."""
    plain = folded(known)
    if any(re.search(rf"(?<!\w){said}\b", plain) for said in STANDS_FOR.get(key, "").split("/") if said):
        return True
    key = key.removesuffix("s")
    if not word.removesuffix("s").isupper() or len(key) < SHORTEST:
        return False
    return key in "".join(w[0] for w in re.findall(r"\w+|[.;:]", plain) if w not in LINK)


def _expanded(text: str, found: Match[str], known: str) -> bool:
    """A word of a name of which the context has the initials."""
    for run in RUN.finditer(text):
        if run.start() <= found.start() < run.end():
            words = list(CAPITAL.finditer(text, run.start(), run.end()))
            at = next((i for i, word in enumerate(words) if word.start() == found.start()), 0)
            initials = "".join(word[0][0] for word in words)
            return not _capital_initials(known).isdisjoint(_around(initials, at))
    return False


def _around(initials: str, at: int) -> Iterator[str]:
    for start in range(at + 1):
        for end in range(at + 1, len(initials) + 1):
            if end - start >= SHORTEST or initials[start:end].casefold() in TWO_LETTERS:
                yield initials[start:end]


@lru_cache(maxsize=KEPT)
def _capital_initials(known: str) -> frozenset[str]:
    return frozenset(INITIAL.findall(known))


def _dated(key: str, text: str, known: str) -> bool:
    """A reign or war of the years that the context gives, or a feast on a day that it gives."""
    if key in REIGNS:
        return _within(REIGNS[key], known)
    plain = folded(text)
    return any(key in war.split() and war in plain and _within(WARS[war], known) for war in WARS) or any(
        key in day.replace("'s", "").split() and day in plain and _on(DAYS[day], folded(known))
        for day in DAYS
    )


def _within(years: tuple[int, int], known: str) -> bool:
    first, last = years
    if any(first <= int(year) <= last for year in YEAR.findall(known)):
        return True
    for said in CENTURY.findall(folded(known)):
        century = int(said[:2]) if said[:2].isdigit() else ORDINALS.get(said, 0)
        if first < 100 * century and 100 * (century - 1) < last:
            return True
    return False


def _on(date: str, plain: str) -> bool:
    day, _, month = date.partition(" ")
    if not month:
        return day in plain
    return re.search(rf"\b{day}(?:st|nd|rd|th)?(?: of)? {month}|{month} {day}\b", plain) is not None


def _counts(key: str, there: frozenset[str]) -> bool:
    """A Roman numeral of which the context has the figure or the word."""
    value = ROMAN.get(key)
    return value is not None and (
        str(value) in there or any(ORDINALS[word] == value for word in there & ORDINALS.keys())
    )


def _root_of(word: str, known: str) -> bool:
    """A place whose people the context speaks of: "Wendlow" of "a Wendlower"."""
    if len(word) <= SHORTEST:
        return False
    people = re.search(rf"\b[a-z]+ {re.escape(word)}(?:ers?|ians?|ish|ese|ites?)\b(?! [A-Z])", known)
    return people is not None
