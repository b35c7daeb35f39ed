"""What kind of thing an English name is, told by the words in it and around it.

Every occurrence casts votes; the parser's label is one voice. Invented names are often labelled
wrongly (persons as organisations), so a title, a verb that only people do, or a last word such as
"Street" or "Guild" outweighs it.
"""

from collections import Counter
from collections.abc import Sequence

from kg.extract.english_cues import (
    CONCEPT,
    EVENT,
    HEADS,
    OBJECT,
    ORGANISATION,
    PEOPLE,
    PERSON,
    PERSON_VERBS,
    PLACE,
    PLACE_HEADS,
    PLACE_PREPOSITIONS,
    TITLES,
    WORK,
    word_list,
)
from kg.extract.parses import Parse, head_of

LABELS = {
    "PERSON": PERSON,
    "ORG": ORGANISATION,
    "GPE": PLACE,
    "LOC": PLACE,
    "FAC": PLACE,
    "NORP": CONCEPT,
    "PRODUCT": OBJECT,
    "EVENT": EVENT,
    "WORK_OF_ART": WORK,
    "LAW": WORK,
    "LANGUAGE": CONCEPT,
}
_DONE_TO_THINGS = frozenset(
    "build cast ring sell buy weigh repair mend melt hang carry make wrap blow fix install wind forge carve lend break "
    "clean polish tune load lift dig".split()
)
_DONE_TO_WORKS = frozenset("write read print publish edit translate compile quote".split())


def votes(parse: Parse, first: int, last: int, label: str) -> Counter[str]:
    """What one occurrence of a name says about its type, in points."""
    low, found = parse.lower, Counter[str]()
    kind = LABELS.get(label, "")
    if kind:
        # the parser says ORG of what it does not know
        found[kind] += kind != ORGANISATION or last - first > 1
    if low[first] in word_list("english_given") and last - first < 4:
        found[PERSON] += 2
    head = head_of(parse, first, last)
    governor, dep = parse.heads[head], parse.deps[head]
    before = low[first - 1] if first else ""
    after = low[last] if last < len(low) else ""
    if (before in TITLES and before not in ("old", "young")) or (
        before == "." and first > 1 and low[first - 2] in TITLES
    ):
        found[PERSON] += 4
    if dep in ("nsubj", "nsubjpass") and parse.lemmas[governor] in PERSON_VERBS:
        found[PERSON] += 2
    if dep == "appos" and parse.lemmas[governor] in PEOPLE and not first <= governor < last:
        found[PERSON] += 3
    if dep in ("compound", "nmod") and parse.lemmas[governor] in PEOPLE and governor >= last:
        found[PERSON] += 1
    if last < len(low) and after in ("'s", "\u2019s") and last + 1 < len(low) and low[last + 1] in _BODY:
        found[PERSON] += 3
    if after == "," and last + 1 < len(low) and low[last + 1] in ("who", "aged"):
        found[PERSON] += 2
    for child in _nouns_about(parse, head, last):
        if parse.lemmas[child] in PEOPLE:
            found[PERSON] += 3
        elif parse.lower[child] in PLACE_HEADS:
            found[PLACE] += 3
    if dep == "pobj" and before in PLACE_PREPOSITIONS:
        found[PLACE] += 2 if before in ("in", "at", "near") else 1
    if before == "the":
        found[PERSON] -= 2
    acts = dep == "nsubj" or (dep == "conj" and parse.deps[governor] == "nsubj")
    if acts and 1 < last - first < 4 and before != "the" and not set(low[first:last]) & HEADS.keys():
        found[PERSON] += 1
    if before in ("dear", "named"):
        found[PERSON] += 3
    if dep in ("dobj", "nsubjpass"):
        done = parse.lemmas[governor]
        found[OBJECT] += 2 * (done in _DONE_TO_THINGS)
        found[WORK] += 2 * (done in _DONE_TO_WORKS)
    if before == "of" and first > 1 and low[first - 2] in PLACE_HEADS:
        found[PLACE] += 3
    return found


def _nouns_about(parse: Parse, head: int, last: int) -> list[int]:
    """Nouns that say what the name is: its apposition, its complement, the word it follows."""
    stop = min(len(parse.words), last + 8)
    near = [i for i in range(last, stop) if parse.deps[i] == "appos" and parse.heads[i] == head]
    governor = parse.heads[head]
    if parse.deps[head] == "nsubj" and parse.lemmas[governor] == "be":
        near += [i for i in range(governor, min(len(parse.words), governor + 8)) if parse.deps[i] == "attr"]
    first = last - 1
    while first > 0 and parse.heads[first - 1] == head and first - 1 >= last - 6:
        first -= 1
        if parse.pos[first] == "NOUN":
            near.append(first)
    return near


_BODY = frozenset(
    "wife husband son daughter mother father brother sister uncle aunt hand hands eyes face voice head life death "
    "widow apprentice pupil grave diary letter letters opinion mind heart will nephew niece cousin childhood".split()
)


def type_of(words: Sequence[str], counts: Counter[str], surnames: frozenset[str]) -> str:
    """The type of a name, given its words, the votes of its occurrences and the surnames of the document.

    >>> type_of(("Fleece", "Street"), Counter({"person": 1}), frozenset())
    'place'
    """
    low = [word.lower() for word in words]
    last = low[-1]
    ahead = next((i for i, word in enumerate(low) if word in ("of", "for")), len(low))
    kind = low[ahead - 1] if 0 < ahead < len(low) else last
    titled = (
        len(low) > 1
        and low[0] in TITLES
        and low[0] not in ("old", "young", "prior", "master", "general", "judge")
    )
    if ahead < len(low) and (kind in PEOPLE or kind in TITLES):
        return CONCEPT
    if (
        titled
        and "'s" not in low
        and "\u2019s" not in low
        and not (last in HEADS and low[0] in ("saint", "st"))
    ):
        return PERSON
    if len(low) > 1 and (kind in PEOPLE or kind in TITLES) and low[0] not in word_list("english_given"):
        return CONCEPT
    if (
        len(low) > 1
        and (kind in HEADS or (kind.endswith("s") and kind[:-1] in HEADS))
        and last not in surnames
    ):
        return HEADS.get(kind) or HEADS[kind[:-1]]
    if low[0] in (
        "st",
        "mount",
        "lake",
        "fort",
        "port",
        "cape",
        "isle",
        "river",
        "upper",
        "lower",
        "nether",
        "north",
        "south",
    ):
        return PLACE
    if len(low) == 1 and (last in PEOPLE or last in TITLES):
        return CONCEPT
    positive = {kind: points for kind, points in counts.items() if points > 0}
    if last in surnames:
        return PERSON
    if len(low) == 1 and last in HEADS and counts[PERSON] < 2:
        return HEADS[last]
    if not positive:
        return OBJECT
    return min(positive, key=lambda kind: (-positive[kind], kind == ORGANISATION, kind))
