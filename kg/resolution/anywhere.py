"""Names that are one thing's wherever they stand: spelling, number, order, titles, legal form.

For each rule a function that gives its keys and one that tests two names which share a key.
"""

import re
from collections.abc import Hashable, Iterator

from kg.names import LONGEST_NAME, form, same_form
from kg.resolution import chinese, english
from kg.resolution.english_words import FEATURES, LEGAL
from kg.resolution.kinds import agree, contradict
from kg.resolution.name import Name, analyse, initials, singular_form, without_legal_form

GLOSS = re.compile(r"(.+?)\s*[(（]\s*(.+?)\s*[)）]")


def form_key(name: Name) -> Iterator[Hashable]:
    """The name in its plainest form (kg.names.form)."""
    yield name.form


def same_spelling(a: Name, b: Name) -> str | None:
    """Which step of kg.names makes two spellings equal."""
    return same_form(a.written, b.written)


def unspaced(name: Name) -> Iterator[Hashable]:
    """The words without spaces, if they are long enough to mean one thing."""
    joined = singular_form(name).replace(" ", "") if name.words else ""
    if len(joined) >= (5 if len(name.words) < 2 or any(len(word) > 1 for word in name.words) else 2):
        yield joined
    if len(name.words) == 1 and name.acronym:
        yield name.words[0]


def spacing(a: Name, b: Name) -> str | None:
    """Tide clock, tideclock; W.H.O., WHO."""
    if singular_form(a) == singular_form(b):
        return None
    return "spacing of" if agree(a.kind, b.kind) or (a.acronym and b.acronym) else None


def singular_key(name: Name) -> Iterator[Hashable]:
    """The words in the singular."""
    if name.words:
        yield singular_form(name)


def plural(a: Name, b: Name) -> str | None:
    """Tide tables, tide table; not for persons, nor for places among themselves."""
    if contradict(a.kind, b.kind) or a.kind == b.kind == "place":
        return None
    return "plural of" if "person" not in (a.kind, b.kind) and not a.numbers ^ b.numbers else None


def bare_key(name: Name) -> Iterator[Hashable]:
    """An organisation without Limited, Company and the like."""
    if name.kind in ("organisation", "") and name.words:
        yield without_legal_form(name.words)


def legal_form(a: Name, b: Name) -> str | None:
    """Marlowe Gear, Marlowe Gear Ltd; not Marlowe Ltd, Marlowe Inc."""
    forms = [{word for word in name.words if word in LEGAL} for name in (a, b)]
    if forms[0] and forms[1] and not forms[0] <= forms[1] and not forms[1] <= forms[0]:
        return None
    if len(without_legal_form(a.words)) == 1 and a.kind != b.kind:
        return None
    return "legal form left out of"


def turned(name: Name) -> Iterator[Hashable]:
    """The words in one order, however "of", a river or an ordinal turned them."""
    if name.kind == "person" or name.words.count("of") > 1 or "and" in name.words:
        return
    found = ["of" if word == "for" else word for word in singular_form(name).split(" ") if word != "the"]
    if "of" in found[1:-1]:
        at = found.index("of")
        found = [*found[at + 1 :], *found[:at]]
        if found[0].isdigit():
            found = [*found[1:], found[0]]
    if len(found) == 2 and found[1] in FEATURES and found[0] not in FEATURES:
        found.reverse()
    if len(found) > 1 and found[0].endswith("th") and found[0][0].isdigit():
        found = [*found[1:], found[0][:-2]]
    if len(found) > 1:
        yield tuple(found)


def order(a: Name, b: Name) -> str | None:
    """University of Brackwater, Brackwater University; River Tam, Tam River."""
    return "other order of" if agree(a.kind, b.kind) and a.words != b.words else None


def full_person(name: Name) -> Iterator[Hashable]:
    """Surname and first name."""
    if name.parts and name.parts.given and (name.parts.surname or name.parts.suffix):
        yield (english.vowels_folded(name.parts.surname), name.parts.given[0])
    if name.chinese_parts and name.chinese_parts.given and name.chinese_parts.surname:
        yield (name.chinese_parts.surname, name.chinese_parts.given)


def title(a: Name, b: Name) -> str | None:
    """Dr Jane Smith, Jane Smith; Hartley, John; 王大明局长, 王大明."""
    if a.parts and b.parts:
        found = english.same_person(a.parts, b.parts)
        return found[0] if found and found[1] else None
    if a.chinese_parts and b.chinese_parts:
        return chinese.same_person(a.chinese_parts, b.chinese_parts)
    return None


def umlaut(name: Name) -> Iterator[Hashable]:
    """The form with ae, oe and ue as single vowels."""
    if name.words:
        yield name.form.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def accents(a: Name, b: Name) -> str | None:
    """Müller, Mueller: one of the two must be written with the accent."""
    accented = [any(c in name.written for c in "äöüÄÖÜøæåØÆÅ") for name in (a, b)]
    return "accents written out" if accented[0] != accented[1] else None


def particles(name: Name) -> Iterator[Hashable]:
    """A Chinese name without 的 and 之."""
    if name.chinese and len(name.form) >= 4 and not name.personal:
        yield name.form.replace("的", "").replace("之", "")


def without_particles(a: Name, b: Name) -> str | None:
    """青坪的钟表行会, 青坪钟表行会."""
    return "with or without 的" if agree(a.kind, b.kind) else None


def bracketed(name: Name) -> Iterator[Hashable]:
    """The form, and those of a name and of its gloss in brackets."""
    yield name.form
    for part in parts_of_gloss(name.written):
        yield form(part)


def gloss(a: Name, b: Name) -> str | None:
    """World Health Organization (WHO), WHO; 刘德海（老刘）, 刘德海: only if the bracket holds a shorter name."""
    for whole, other in ((a, b), (b, a)):
        parts = parts_of_gloss(whole.written)
        if parts and other.form in map(form, parts) and not whole.numbers ^ other.numbers:
            return "without the bracket of"
    return None


def parts_of_gloss(written: str) -> tuple[str, ...]:
    """Name and gloss of "World Health Organization (WHO)"; () where the bracket holds no other name of it."""
    found = GLOSS.fullmatch(written) if len(written) <= LONGEST_NAME else None
    if not found:
        return ()
    whole, short = analyse(found[1], ""), analyse(found[2], "")
    acronym = short.acronym and short.acronym in set(initials(whole))
    person = (
        whole.chinese_parts
        and short.chinese_parts
        and chinese.short_person(short.chinese_parts, whole.chinese_parts)
    )
    other_script = whole.chinese != short.chinese and len(short.form) > 1
    return (found[1], found[2]) if acronym or person or other_script else ()
