"""Names of persons in Latin script, parted into title, first names, surname and suffix, and compared."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.names import LONGEST_NAME, word_set, words
from kg.resolution.english_words import (
    BUILDINGS,
    COMMERCIAL,
    FEMALE,
    FEMALE_TITLES,
    HEADS,
    LETTERS_AFTER,
    MALE,
    MALE_TITLES,
    NICKNAMES,
    PARTICLES,
    QUALIFIERS,
    RANKS,
    SAME_TITLE,
    STOPWORDS,
    SUFFIXES,
    TITLES,
    WITH_FIRST_NAME,
)
from kg.scripts import plain

IMPERSONAL = (
    HEADS
    | BUILDINGS
    | COMMERCIAL
    | QUALIFIERS
    | word_set(
        "company board council guild society union trust bureau office ministry department university college school "
        "institute museum hospital bank church chapel court committee commission association club press works mill house "
        "street road lane square bridge river lake hill bay island harbour harbor port station library archive academy "
        "agency authority service group team party league federation foundation corporation limited ltd inc llc plc co "
        "army navy police court parliament assembly senate act treaty charter law code report journal times gazette post "
        "system project programme program model method theory index test clock engine machine bell lock ledger room hall "
        "tower gate market quay dock light sons brothers observatory convention conference festival war battle"
    )
)
"""Words that no person is called by."""
NAMES_BY_NICKNAME: dict[str, list[frozenset[str]]] = {}
"""Each first name with the sets of first names it may stand for."""
for _names in NICKNAMES:
    for _name in _names:
        NAMES_BY_NICKNAME.setdefault(_name, []).append(_names)


def vowels_folded(surname: str) -> str:
    """The surname with ae, oe, ue before a consonant as one vowel: Mueller is Muller, as Müller is."""
    return re.sub("([aou])e(?=[^aeiou ])", r"\1", surname)


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name in its parts, folded; `surname` may be of several words ("van der berg")."""

    titles: tuple[str, ...]
    given: tuple[str, ...]
    surname: str
    suffix: str

    @property
    def gender(self) -> str:
        """ "m", "f" or "" by the title, else by a first name that is usual in English."""
        if any(title in MALE_TITLES for title in self.titles):
            return "m"
        if any(title in FEMALE_TITLES for title in self.titles):
            return "f"
        first = self.given[0] if self.given else ""
        return "m" if first in MALE else "f" if first in FEMALE else ""


@lru_cache(maxsize=200_000)
def person(name: str) -> Person | None:
    """The parts of a person's name, or None where it cannot be one.

    A single word is a surname, before a number (Osric II) a first name.

    >>> person("Hartley, Dr John R.")
    Person(titles=('doctor',), given=('john', 'r'), surname='hartley', suffix='')
    """
    if len(name) > LONGEST_NAME:
        return None
    before, comma, after = plain(name).partition(",")
    tail = words(after)
    if comma and tail and not all(word in SUFFIXES or word in LETTERS_AFTER for word in tail):
        parts = [*words(after), *words(before)]
        inverted = len(words(before))
    else:
        parts, inverted = _split_initials(name), 0
    while len(parts) > 1 and parts[-1] in LETTERS_AFTER:
        parts.pop()
    suffix = ""
    if len(parts) > 1 and parts[-1] in SUFFIXES:
        suffix = SUFFIXES[parts.pop()]
        if len(parts) > 1 and parts[-1] == "the":
            parts.pop()
    titles = []
    while len(parts) > 1 and (
        parts[0] in TITLES
        or (parts[0] in ("vice", "rear") and parts[1] in RANKS)
        or parts[0] in ("the", "right", "very", "most")
    ):
        titles.append(SAME_TITLE.get(parts[0], parts[0]))
        parts.pop(0)
    if not parts or len(parts) > 7 or any(any(c.isdigit() for c in part) for part in parts):
        return None
    if any((part in STOPWORDS and part not in PARTICLES) or part == "&" for part in parts):
        return None
    if len(parts) == 1:
        if suffix.isdigit():
            return Person(tuple(titles), (parts[0],), "", suffix)
        return Person(tuple(titles), (), parts[0], suffix)
    if parts[0] in PARTICLES and not inverted:
        return Person(tuple(titles), (), " ".join(parts), suffix)
    start = len(parts) - 1 if not inverted else len(parts) - inverted
    while start > 1 and parts[start - 1] in PARTICLES:
        start -= 1
    return Person(tuple(titles), tuple(parts[:start]), " ".join(parts[start:]), suffix)


def _split_initials(name: str) -> list[str]:
    """Words of a name, capitals before a surname each by itself: "JRR Tolkien" is "J. R. R. Tolkien"."""
    found = list(words(plain(name)))
    written = re.findall(r"[^\W\d_]+", name)
    if len(written) == len(found) == 2 and 2 <= len(written[0]) <= 3 and written[0].isupper():
        title = found[0] in TITLES or found[0] in LETTERS_AFTER
        if not title and not written[1].isupper():
            return [*found[0], found[1]]
    return found


def looks_personal(name: str) -> bool:
    """Whether a name without a type could be a person's: two to four capitalised words, none a common noun."""
    found = words(name)
    if found and any(word in TITLES for word in found[:1]) and len(found) > 1:
        return not any(word in IMPERSONAL for word in found)
    written = re.findall(r"[^\W\d_]+", name)
    return (
        2 <= len(found) <= 4
        and not any(word in IMPERSONAL or word in STOPWORDS or not word.isalpha() for word in found)
        and all(word[:1].isupper() or word in PARTICLES for word in written)
        and not any(len(word) > 1 and word.isupper() for word in written)
    )


def initial_of(a: str, b: str) -> bool:
    """Whether one of two first names is the other's initial."""
    return min(len(a), len(b)) == 1 and a[0] == b[0]


def nickname(a: str, b: str) -> bool:
    """Whether one first name is short for the other: a usual one (Liz), or its beginning (Lem, Lemuel)."""
    if any(b in names for names in NAMES_BY_NICKNAME.get(a, ())):
        return True
    short, full = sorted((a, b), key=len)
    return (
        len(short) >= 3
        and len(full) >= len(short) + 2
        and full.startswith(short)
        and short not in MALE | FEMALE
    )


def first_names(a: tuple[str, ...], b: tuple[str, ...]) -> str | None:
    """How two rows of first names agree ("" if equal, else the reason), or None where they do not."""
    if len(a[0]) == len(b[0]) == 1 and len(a) != len(b) and a[0] != b[0]:
        return None
    reason = "" if a == b else "middle name left out of"
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x == y:
            continue
        if initial_of(x, y):
            reason = "initials of"
        elif not i and nickname(x, y):
            reason = "short first name of"
        else:
            return None
    return reason


def same_person(a: Person, b: Person) -> tuple[str, bool] | None:
    """Why two names with first name and surname are one person's, and whether that holds anywhere.

    A reason that does not hold anywhere needs the two in one document, or no other match at all.
    """
    if not (a.given and b.given) or apart(a, b) or vowels_folded(a.surname) != vowels_folded(b.surname):
        return None
    if not a.surname and not (a.suffix and a.suffix == b.suffix):
        return None
    agreed = first_names(a.given, b.given)
    if agreed is None:
        return None
    if agreed:
        return agreed, False
    return ("title of" if a.titles != b.titles else "order of the name"), True


def short_person(short: Person, full: Person) -> str | None:
    """Why, inside one document, the shorter name is the fuller one's: surname, title, or first name."""
    if not full.surname or not full.given or apart(short, full):
        return None
    last = [vowels_folded(one.surname).split()[-1:] for one in (short, full)]
    if short.surname and not short.given and last[0] == last[1]:
        if short.suffix and short.suffix != full.suffix:
            return None
        return "title and surname of" if short.titles else "surname of"
    if any(title in WITH_FIRST_NAME for title in short.titles) and short.surname == full.given[0]:
        return "title and first name of"
    if short.surname == full.given[0] and not short.titles and len(short.surname) > 2:
        return "first name of"
    return None


def clashing_titles(a: Person, b: Person) -> bool:
    """Whether the titles alone show two persons: Mr and Mrs, Mrs and Captain."""
    if a.gender and b.gender and a.gender != b.gender:
        return True
    ranks = [any(title in RANKS for title in one.titles) for one in (a, b)]
    return (ranks[0] and b.gender == "f" and bool(b.titles)) or (
        ranks[1] and a.gender == "f" and bool(a.titles)
    )


def apart(a: Person, b: Person) -> bool:
    """Whether two names are certainly two persons: other first names, Elder and Younger, Mr and Mrs."""
    if clashing_titles(a, b) and not (a.given and a.given == b.given and a.surname == b.surname):
        return True
    if a.suffix != b.suffix and ((a.suffix and b.suffix) or (a.given and b.given)):
        return True
    if a.given and b.given:
        if a.surname and b.surname and a.surname != b.surname:
            return not close_surnames(a.surname, b.surname) or a.given[0] != b.given[0]
        return first_names(a.given, b.given) is None and not close_surnames(a.given[0], b.given[0])
    if a.surname in b.given or b.surname in a.given:
        return False
    return bool(a.titles and b.titles and a.surname and b.surname and a.surname != b.surname)


def close_surnames(a: str, b: str) -> bool:
    """Whether two parts of a name may be one part misspelt; see `kg.resolution.spelling`."""
    from kg.resolution.spelling import misspelt

    return misspelt(a, b) or vowels_folded(a) == vowels_folded(b)
