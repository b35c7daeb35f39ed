"""The rules by which two names are one thing's: each with its reason, and how far it reaches.

"anywhere": one name in all documents. "unique": in one document, or where the whole corpus offers one
match only. "document": only inside one document, and only if that document offers one match.

A rule's `keys` say which names are worth comparing: names that share none are never compared.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kg.names import same_form
from kg.resolution import chinese, english
from kg.resolution.english import NAMES_BY_NICKNAME
from kg.resolution.english_words import LEGAL, QUALIFIERS, SETTLEMENTS, STOPWORDS
from kg.resolution.kinds import agree, contradict
from kg.resolution.name import Name, initials, singular_form, without_legal_form

Scope = Literal["anywhere", "unique", "document"]


@dataclass(frozen=True, slots=True)
class Rule:
    """`test(short, full)` gives the reason, or None; names that pass it share one of their `keys`."""

    scope: Scope
    keys: Callable[[Name], Iterable[Hashable]]
    test: Callable[[Name, Name], str | None]


# ---- anywhere --------------------------------------------------------------------------------------


def _form(name: Name) -> Iterator[Hashable]:
    yield name.form


def _same(a: Name, b: Name) -> str | None:
    return same_form(a.written, b.written)


def _unspaced(name: Name) -> Iterator[Hashable]:
    joined = "".join(name.words)
    if len(joined) >= (5 if len(name.words) < 2 or any(len(word) > 1 for word in name.words) else 2):
        yield joined
    if len(name.words) == 1 and name.acronym:
        yield name.words[0]


def _spacing(a: Name, b: Name) -> str | None:
    return "spacing of" if agree(a.kind, b.kind) or (a.acronym and b.acronym) else None


def _singular(name: Name) -> Iterator[Hashable]:
    if name.words:
        yield singular_form(name)


def _plural(a: Name, b: Name) -> str | None:
    if contradict(a.kind, b.kind) or a.kind == b.kind == "place":
        return None
    return "plural of" if "person" not in (a.kind, b.kind) and not a.numbers ^ b.numbers else None


def _legal(name: Name) -> Iterator[Hashable]:
    if name.kind in ("organisation", "") and name.words:
        yield without_legal_form(name.words)


def _legal_form(a: Name, b: Name) -> str | None:
    forms = [{word for word in name.words if word in LEGAL} for name in (a, b)]
    if forms[0] and forms[1] and not forms[0] <= forms[1] and not forms[1] <= forms[0]:
        return None
    if len(without_legal_form(a.words)) == 1 and a.kind != b.kind:
        return None
    return "legal form left out of"


def _turned(name: Name) -> Iterator[Hashable]:
    if name.kind in ("person", "work") or name.words.count("of") > 1 or "and" in name.words:
        return
    found = [word for word in singular_form(name).split(" ") if word not in ("the", "for")]
    if "of" in found[1:-1]:
        at = found.index("of")
        yield (*found[at + 1 :], *found[:at])
    elif len(found) > 1:
        yield tuple(found)


def _order(a: Name, b: Name) -> str | None:
    return "other order of" if agree(a.kind, b.kind) and ("of" in a.words) != ("of" in b.words) else None


def _full_person(name: Name) -> Iterator[Hashable]:
    if name.parts and name.parts.given and name.parts.surname:
        yield (name.parts.surname, name.parts.given[0])
    if name.chinese_parts and name.chinese_parts.given and name.chinese_parts.surname:
        yield (name.chinese_parts.surname, name.chinese_parts.given)


def _title(a: Name, b: Name) -> str | None:
    if a.parts and b.parts:
        found = english.same_person(a.parts, b.parts)
        return found[0] if found and found[1] else None
    if a.chinese_parts and b.chinese_parts:
        return chinese.same_person(a.chinese_parts, b.chinese_parts)
    return None


def _umlaut(name: Name) -> Iterator[Hashable]:
    if name.words:
        yield name.form.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _accents(a: Name, b: Name) -> str | None:
    accented = [any(c in name.written for c in "äöüÄÖÜøæåØÆÅ") for name in (a, b)]
    return "accents written out" if accented[0] != accented[1] else None


def _particles(name: Name) -> Iterator[Hashable]:
    if name.chinese and len(name.form) >= 4 and not name.personal:
        yield name.form.replace("的", "").replace("之", "")


def _without_particles(a: Name, b: Name) -> str | None:
    return "with or without 的" if agree(a.kind, b.kind) else None


# ---- unique ----------------------------------------------------------------------------------------


def _surname_and_initial(name: Name) -> Iterator[Hashable]:
    if name.parts and name.parts.given and name.parts.surname:
        first = name.parts.given[0]
        for letter in sorted(
            {first[0]} | {one[0] for names in NAMES_BY_NICKNAME.get(first, ()) for one in names}
        ):
            yield (name.parts.surname, letter)


def _first_names(a: Name, b: Name) -> str | None:
    if not (a.parts and b.parts):
        return None
    found = english.same_person(a.parts, b.parts)
    return found[0] if found and not found[1] else None


def _letters(name: Name) -> Iterator[Hashable]:
    if name.acronym:
        yield name.acronym
    elif len(name.words) > 1 and name.kind != "person":
        yield from initials(name)


def _acronym(short: Name, full: Name) -> str | None:
    if (
        not short.acronym
        or full.acronym
        or ("person" in (short.kind, full.kind) and short.kind != full.kind != "")
    ):
        return None
    return "acronym of" if short.acronym in set(initials(full)) else None


# ---- document --------------------------------------------------------------------------------------


def _person_parts(name: Name) -> Iterator[Hashable]:
    if name.parts:
        if name.parts.surname:
            yield name.parts.surname
            yield name.parts.surname.split()[-1]
        if name.parts.given:
            yield name.parts.given[0]
    if name.chinese_parts:
        yield name.chinese_parts.surname or name.chinese_parts.given
        yield name.chinese_parts.given


def _short_person(short: Name, full: Name) -> str | None:
    if short.parts and full.parts:
        return english.short_person(short.parts, full.parts)
    if short.chinese_parts and full.chinese_parts:
        return chinese.short_person(short.chinese_parts, full.chinese_parts)
    return None


def _tails(name: Name) -> Iterator[Hashable]:
    if name.kind not in ("organisation", "place"):
        return
    if name.chinese:
        for start in range(0, max(1, min(len(name.form) - 3, 12))):
            yield name.form[start:]
    else:
        for start in range(0, max(1, min(len(name.words) - 1, 6))):
            yield name.words[start:]


def _end(short: Name, full: Name) -> str | None:
    if short.kind != full.kind or short.personal or full.personal or short.form == full.form:
        return None
    if short.chinese:
        return chinese.short_organisation(short.form, full.form)
    dropped = full.words[: len(full.words) - len(short.words)]
    if (
        not dropped
        or len(short.words) < 2
        or full.words[len(dropped) :] != short.words
        or short.kind != "organisation"
    ):
        return None
    if any(word in QUALIFIERS or word in STOPWORDS or word[0].isdigit() for word in dropped) or full.numbers:
        return None
    proper = full.written.split()[1 if full.written.casefold().startswith("the ") else 0][:1].isupper()
    return "end of" if proper and len(dropped) <= 2 and dropped[-1] not in ("of", "and") else None


def _settled(name: Name) -> Iterator[Hashable]:
    if name.kind == "place":
        if name.chinese:
            yield name.form
            yield name.form[:-1]
        else:
            yield " ".join(_bare_place(name))


def _bare_place(name: Name) -> tuple[str, ...]:
    found = tuple(word for word in name.words if word not in SETTLEMENTS)
    if len(found) > 1 and found[0] == "of" and len(found) < len(name.words):
        found = found[1:]
    return found or name.words


def _settlement(a: Name, b: Name) -> str | None:
    if a.chinese and b.chinese:
        return "place without 镇, 县 of" if chinese.settlement(a.form, b.form) else None
    if a.chinese or b.chinese or _bare_place(a) != _bare_place(b) or a.words == b.words:
        return None
    return "kind of place left out of" if a.words == _bare_place(a) or b.words == _bare_place(b) else None


def _first_character(name: Name) -> Iterator[Hashable]:
    if name.chinese and name.kind in ("organisation", "") and not name.personal:
        yield name.form[:1]
        if name.form[:2] in ("中国", "中华"):
            yield name.form[2:3]


def _abbreviation(short: Name, full: Name) -> str | None:
    found = short.chinese and full.chinese and chinese.abbreviates(short.form, full.form)
    return "short for" if found else None


RULES: dict[str, Rule] = {
    "same name": Rule("anywhere", _form, _same),
    "title": Rule("anywhere", _full_person, _title),
    "spacing": Rule("anywhere", _unspaced, _spacing),
    "accents": Rule("anywhere", _umlaut, _accents),
    "particles": Rule("anywhere", _particles, _without_particles),
    "plural": Rule("anywhere", _singular, _plural),
    "legal form": Rule("anywhere", _legal, _legal_form),
    "order": Rule("anywhere", _turned, _order),
    "first names": Rule("unique", _surname_and_initial, _first_names),
    "acronym": Rule("unique", _letters, _acronym),
    "short person": Rule("document", _person_parts, _short_person),
    "end": Rule("document", _tails, _end),
    "settlement": Rule("document", _settled, _settlement),
    "abbreviation": Rule("document", _first_character, _abbreviation),
}
"""Every rule, strongest first; docs/resolution.md has an example of each."""
