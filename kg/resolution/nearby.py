"""Names that are one thing's inside one document: acronyms, initials, surnames, short forms.

For each rule a function that gives its keys and one that tests a short name against a full one.
"""

from collections.abc import Hashable, Iterator

from kg.resolution import chinese, chinese_organisations, english
from kg.resolution.english import NAMES_BY_NICKNAME
from kg.resolution.english_words import (
    BUILDINGS,
    COMMERCIAL,
    FEATURES,
    HEADS,
    QUALIFIERS,
    SETTLEMENTS,
    STOPWORDS,
)
from kg.resolution.name import Name, initials


def surname_and_initial(name: Name) -> Iterator[Hashable]:
    """Surname and first letter, of short first names also that of the long ones."""
    if name.parts and name.parts.given and name.parts.surname:
        first = name.parts.given[0]
        for letter in sorted(
            {first[0]} | {one[0] for names in NAMES_BY_NICKNAME.get(first, ()) for one in names}
        ):
            yield (english.vowels_folded(name.parts.surname), letter)


def first_names(a: Name, b: Name) -> str | None:
    """J. R. Hartley, John Hartley; Liz Crane, Elizabeth Crane; the shorter is asked for the fuller."""
    if not (a.parts and b.parts):
        return None
    lengths = [len("".join(name.parts.given)) for name in (a, b) if name.parts]
    if (lengths[0], a.form) > (lengths[1], b.form):
        return None
    found = english.same_person(a.parts, b.parts)
    return found[0] if found and not found[1] else None


def species(name: Name) -> Iterator[Hashable]:
    """First letter and the rest, of a name whose rest is not capitalised."""
    if len(name.words) > 1 and not name.personal and name.written.split()[-1].islower():
        yield (name.words[0][0], *name.words[1:])


def genus(short: Name, full: Name) -> str | None:
    """A. vellaris: Aspergillus vellaris."""
    found = len(short.words[0]) == 1 and len(full.words[0]) > 2 and "." in short.written
    return "initial of" if found else None


def letters(name: Name) -> Iterator[Hashable]:
    """Letters of an acronym, or the first letters of a long name."""
    if name.acronym:
        yield name.acronym
    elif len(name.words) > 1:
        yield from initials(name)


def acronym(short: Name, full: Name) -> str | None:
    """WHO, World Health Organization; of a person only if both are persons (JFK)."""
    if (
        not short.acronym
        or full.acronym
        or ("person" in (short.kind, full.kind) and short.kind != full.kind != "")
    ):
        return None
    return "acronym of" if short.acronym in set(initials(full)) else None


def person_parts(name: Name) -> Iterator[Hashable]:
    """Surname, and first name."""
    if name.parts:
        if name.parts.surname:
            yield name.parts.surname
            yield english.vowels_folded(name.parts.surname).split()[-1]
        if name.parts.given:
            yield name.parts.given[0]
    if name.chinese_parts:
        yield name.chinese_parts.surname or name.chinese_parts.given
        yield name.chinese_parts.given or name.chinese_parts.age + name.chinese_parts.surname
        yield name.chinese_parts.surname + name.chinese_parts.given


def short_person(short: Name, full: Name) -> str | None:
    """Orrell, Dr Orrell, Tamsin: Tamsin Orrell; 王师傅: 王大明."""
    if short.parts and full.parts:
        return english.short_person(short.parts, full.parts)
    if short.chinese_parts and full.chinese_parts:
        return chinese.short_person(short.chinese_parts, full.chinese_parts)
    return None


def tails(name: Name) -> Iterator[Hashable]:
    """Every end of an organisation's or place's name, and its first and last word."""
    if name.kind not in ("organisation", "place"):
        return
    if name.chinese:
        for start in range(0, max(1, min(len(name.form) - 2, 12))):
            yield name.form[start:]
    else:
        for start in range(0, max(1, min(len(name.words) - 1, 6))):
            yield name.words[start:]
        yield name.words[:1]
        yield name.words[-1:]


def end(short: Name, full: Name) -> str | None:
    """Harbour Board: Tam Harbour Board; 钟表行会: 青坪钟表行会; the Guild; Halberd: Halberd Insurance Group."""
    if short.kind != full.kind or short.personal or full.personal or short.form == full.form:
        return None
    if short.chinese:
        return (
            chinese_organisations.short_organisation(short.form, full.form)
            if short.kind == "organisation"
            else None
        )
    if not short.words or not full.words or full.numbers or len(short.words) >= len(full.words):
        return None
    if len(short.words) == 1:
        return _head(short, full)
    dropped = full.words[: len(full.words) - len(short.words)]
    if full.words[len(dropped) :] != short.words or len(dropped) > 2:
        return None
    if short.kind == "place" and short.words[-1] not in BUILDINGS:
        return None
    if any(word in QUALIFIERS or word in STOPWORDS or word[0].isdigit() for word in dropped):
        return None
    return "end of" if _bare(full.written)[:1].isupper() else None


def _bare(written: str) -> str:
    return written.removeprefix("the ").removeprefix("The ")


def _head(short: Name, full: Name) -> str | None:
    """The Guild, where the document has one guild with a longer name; Halberd, of a firm so called."""
    word, written = short.words[0], _bare(short.written)
    if not written[:1].isupper() or "and" in full.words:
        return None
    if word == full.words[0] and full.words[-1] in COMMERCIAL and short.kind == "organisation":
        return "first word of" if word not in HEADS | QUALIFIERS else None
    if word not in HEADS or (short.kind == "place" and written == short.written):
        return None
    if word == full.words[-1] and "of" not in full.words and full.words[-2] not in QUALIFIERS:
        return "head word of"
    return "head word of" if full.words[:2] == (word, "of") else None


def settled(name: Name) -> Iterator[Hashable]:
    """A place without "town of", 镇, 县."""
    if name.kind == "place":
        if name.chinese:
            yield name.form
            yield name.form[:-1]
        else:
            yield " ".join(bare_place(name))


def bare_place(name: Name) -> tuple[str, ...]:
    """The words without those for a settlement."""
    words = name.words[:-1] if len(name.words) > 1 and name.words[-1] in FEATURES else name.words
    found = tuple(word for word in words if word not in SETTLEMENTS)
    if len(found) > 1 and found[0] == "of" and len(found) < len(name.words):
        found = found[1:]
    return found or name.words


def settlement(a: Name, b: Name) -> str | None:
    """Village of Tam, Tam; 青坪镇, 青坪."""
    if a.chinese and b.chinese:
        return "place without 镇, 县 of" if chinese_organisations.settlement(a.form, b.form) else None
    if a.chinese or b.chinese or bare_place(a) != bare_place(b) or a.words == b.words:
        return None
    if a.words[-1] in FEATURES or b.words[-1] in FEATURES:
        short = min(a, b, key=lambda name: len(name.words))
        return "kind of place left out of" if short.written.startswith(("the ", "The ")) else None
    return "kind of place left out of" if a.words == bare_place(a) or b.words == bare_place(b) else None


def first_character(name: Name) -> Iterator[Hashable]:
    """First characters of a Chinese organisation's words, if they are of two characters each."""
    if name.chinese and name.kind in ("organisation", "") and not name.personal:
        yield from name.form[:12:2]


def abbreviation(short: Name, full: Name) -> str | None:
    """北大: 北京大学; 清华: 清华大学."""
    if not (short.chinese and full.chinese):
        return None
    return (
        "short for"
        if chinese_organisations.abbreviates(short.form, full.form)
        or chinese_organisations.bare(short.form, full.form)
        else None
    )
