"""Countries, peoples and cities said in another form, or that follow from a place the context names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from re import Match

from synthesis.checks.names.capitals import NAME, capitalised, without_accents
from synthesis.checks.names.world import CONTINENTS, REGIONS
from synthesis.checks.tokens import KEPT, folded

ENDINGS = ("s", "man", "men", "woman", "women", "er", "ers", "ian", "ians", "an", "ans", "ese", "ite", "ites")
FEWEST_LETTERS = 3  # before an ending
OUTSIDE = ("outside ", "beyond ", "rest of ", "non-", "leaving ", "left ")
# Places that are people's names too: what is meant is a place where no other name stands beside the word.
PERSONS = frozenset(
    "adelaide alexandria austin carolina chad cleveland dallas denver durham florence georgia houston india jersey jordan kent "
    "lorraine madeira montana paris perth salvador santiago savannah sofia stirling sydney virginia washington york".split()
)
LANGUAGES = frozenset(["french", "german", "chinese"])  # of which texts speak whatever they are about
SPOKEN = ("in ", "into ", "speak ", "spoke ", "speaking ", "learned ", "taught ", "from the ")


@dataclass(frozen=True, slots=True)
class World:
    """The places by their forms: `of` has those of one word, `phrases` those of several by each of their words."""

    of: dict[str, set[str]]
    phrases: dict[str, set[str]]
    above: dict[str, set[str]]
    continents: frozenset[str]


def follows(text: str, found: Match[str], known: str) -> bool:
    """Whether a capitalised word of `text` says a place or people that `known` names in some form.

    What a place lies in follows from it ("Canadian" from Toronto, "Europe" from Denmark), never the reverse; that
    something is outside a continent may be said wherever the context names any place.
    """
    key = without_accents(found[0].casefold())
    meant = set(_places(key)).union(
        *(world().of[phrase] for phrase in _phrases(key, without_accents(folded(text))))
    )
    named = _named(known)
    if key in LANGUAGES and (not named or text[: found.start()].endswith(SPOKEN)):
        return True
    if not named.isdisjoint(meant):
        return True
    return bool(named) and not world().continents.isdisjoint(meant) and _outside(text, found.start())


def _outside(text: str, at: int) -> bool:
    return text[:at].removesuffix("the ").endswith(OUTSIDE)


@lru_cache(maxsize=KEPT)
def _named(known: str) -> frozenset[str]:
    """The places that a context names in any form, with all that they lie in."""
    plain = without_accents(folded(known))
    named: set[str] = set()
    alone = {name.casefold() for name in NAME.findall(known)}
    for word in capitalised(known) - PERSONS.difference(alone):
        named.update(_places(word))
        for phrase in _phrases(word, plain):
            named |= world().of[phrase]
    return frozenset(_with_all_above(named))


def _with_all_above(places: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    waiting = list(places)
    while waiting:
        place = waiting.pop()
        if place not in reached:
            reached.add(place)
            waiting += world().above[place]
    return reached


def _places(word: str) -> Iterator[str]:
    of = world().of
    if word in of:
        yield from of[word]
        return
    for ending in ENDINGS:
        root = word.removesuffix(ending)
        if root != word and len(root) >= FEWEST_LETTERS and root in of:
            yield from of[root]


def _phrases(word: str, plain: str) -> Iterator[str]:
    return (phrase for phrase in world().phrases.get(word, ()) if phrase in plain)


@lru_cache(maxsize=1)
def world() -> World:
    """All places of the table."""
    of: defaultdict[str, set[str]] = defaultdict(set)
    phrases: defaultdict[str, set[str]] = defaultdict(set)
    above: defaultdict[str, set[str]] = defaultdict(set)

    def place(forms: str, *within: str) -> str:
        names = [form.replace("_", " ").casefold() for form in forms.split()]
        for name in names:
            of[name].add(names[0])
            for word in name.replace("-", " ").replace(".", " ").split():
                if word != name and word not in ("the", "of", "de", "la", "au"):
                    phrases[word].add(name)
        above[names[0]].update(within)
        return names[0]

    for continent, lines in CONTINENTS.items():
        around = place(continent)
        for line in lines.strip().splitlines():
            head, _, parts = line.partition(":")
            forms, _, within = head.partition("<")
            country = place(forms, *_named_in(within) or [around])
            for part in filter(None, map(str.strip, parts.split(","))):
                place(part, country)
    continents = frozenset(map(place, CONTINENTS))
    for line in REGIONS.strip().splitlines():
        forms, _, held = line.partition("=")
        region = place(forms)
        for name in _named_in(held):
            above[name].add(region)
    return World(dict(of), dict(phrases), dict(above), continents)


def _named_in(line: str) -> list[str]:
    return [name.replace("_", " ").casefold() for name in line.split()]
