"""The rules by which two names are one thing's: each with its reason, and how far it reaches.

"anywhere": one name in all documents. "unique": in one document, or where the whole corpus offers one
match only. "document": only inside one document, and only if that document offers one match.

A rule's `keys` say which names are worth comparing: names that share none are never compared.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Literal

from kg.resolution import anywhere, nearby
from kg.resolution.name import Name

Scope = Literal["anywhere", "unique", "document"]


@dataclass(frozen=True, slots=True)
class Rule:
    """`test(short, full)` gives the reason, or None; names that pass it share one of their `keys`."""

    scope: Scope
    keys: Callable[[Name], Iterable[Hashable]]
    test: Callable[[Name, Name], str | None]


RULES: dict[str, Rule] = {
    "same name": Rule("anywhere", anywhere.form_key, anywhere.same_spelling),
    "title": Rule("anywhere", anywhere.full_person, anywhere.title),
    "spacing": Rule("anywhere", anywhere.unspaced, anywhere.spacing),
    "accents": Rule("anywhere", anywhere.umlaut, anywhere.accents),
    "particles": Rule("anywhere", anywhere.particles, anywhere.without_particles),
    "gloss": Rule("anywhere", anywhere.bracketed, anywhere.gloss),
    "plural": Rule("anywhere", anywhere.singular_key, anywhere.plural),
    "legal form": Rule("anywhere", anywhere.bare_key, anywhere.legal_form),
    "order": Rule("anywhere", anywhere.turned, anywhere.order),
    "first names": Rule("unique", nearby.surname_and_initial, nearby.first_names),
    "genus": Rule("unique", nearby.species, nearby.genus),
    "acronym": Rule("unique", nearby.letters, nearby.acronym),
    "short person": Rule("document", nearby.person_parts, nearby.short_person),
    "end": Rule("document", nearby.tails, nearby.end),
    "settlement": Rule("document", nearby.settled, nearby.settlement),
    "abbreviation": Rule("document", nearby.first_character, nearby.abbreviation),
}
"""Every rule, strongest first; docs/resolution.md has an example of each."""
