"""Links between names: what every rule says of the names that share a key, without joining any yet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.names import form, words
from kg.resolution.blocking import fuzzy_pairs
from kg.resolution.groups import Groups
from kg.resolution.kinds import agree, contradict
from kg.resolution.name import analyse
from kg.resolution.rules import Rule
from kg.resolution.spelling import similarity
from kg.resolution.vocabulary import Vocabulary
from kg.scripts import is_chinese

MOST_HEADS = 16
"""Different things of one key that a name is compared with."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two distinct names (rows) that are held for one, the lighter first."""

    a: int
    b: int
    reason: str


@dataclass(frozen=True, slots=True)
class Match:
    """The candidate (row) that a shorter name stands for, and why."""

    full: int
    reason: str


def everywhere(vocabulary: Vocabulary, rule: Rule) -> Iterator[Link]:
    """Each name with the heaviest one that the rule holds for the same."""
    names = vocabulary.names
    for block in vocabulary.blocks(rule, range(len(names))).values():
        heads: list[int] = []
        for row in block:
            for head in heads:
                a, b = names[row], names[head]
                reason = None if contradict(a.kind, b.kind) else rule.test(a, b)
                if reason:
                    yield Link(row, head, reason)
                    break
            else:
                if len(heads) < MOST_HEADS:
                    heads.append(row)


def fuzzy(vocabulary: Vocabulary) -> Iterator[Link]:
    """Misspelt names, closest first; the rarer of two is the misspelling and has none of its own.

    So a chain of misspellings never glues its two ends together.
    """
    names = vocabulary.names
    rows = [row for row, name in enumerate(names) if name.words]
    found = []
    for i, j in fuzzy_pairs([names[row].words for row in rows]):
        a, b = vocabulary.by_weight((rows[i], rows[j]))[::-1]
        if agree(names[a].kind, names[b].kind):
            close = similarity(names[a].words, names[b].words)
            if close:
                found.append((-close, names[b].written, names[a].written, a, b))
    misspelt: set[str] = set()
    right: set[str] = set()
    for close, _, _, a, b in sorted(found):
        wrong, good = names[a].form, names[b].form
        if good in misspelt or wrong in right:
            continue
        misspelt.add(wrong)
        right.add(good)
        yield Link(a, b, f"fuzzy {-close:.2f}")


def other_surfaces(vocabulary: Vocabulary) -> Iterator[Link]:
    """Names that another candidate goes by as well, if they say enough by themselves."""
    names = vocabulary.names
    by_form: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(names):
        by_form[name.form].append(row)
    seen = set()
    for i, one in enumerate(vocabulary.candidates):
        row = vocabulary.name_of[i]
        for surface in one.surfaces:
            if surface == one.name or (row, surface) in seen:
                continue
            seen.add((row, surface))
            enough = len(form(surface)) >= 4 if is_chinese(surface) else len(words(surface)) > 1
            if not enough or analyse(surface, names[row].kind).is_short:
                continue
            for other in vocabulary.by_weight(by_form.get(form(surface), ())):
                if other != row and agree(names[other].kind, names[row].kind):
                    yield Link(other, row, "also called so in a text:")


def only_matches(vocabulary: Vocabulary, groups: Groups, rule: Rule) -> dict[int, Match]:
    """Each candidate that the rule brings to one group only: in its document, or else anywhere."""
    unique = rule.scope == "unique"
    keys = vocabulary.keys(rule)
    all_blocks = vocabulary.blocks(rule, range(len(vocabulary.names))) if unique else {}
    documents: dict[str, list[int]] = defaultdict(list)
    for i, one in enumerate(vocabulary.candidates):
        if keys[vocabulary.name_of[i]]:
            documents[one.document].append(i)
    found: dict[int, Match] = {}
    for candidates in documents.values():
        here: dict[int, list[int]] = defaultdict(list)
        for i in candidates:
            here[vocabulary.name_of[i]].append(i)
        blocks = vocabulary.blocks(rule, here)
        for i in candidates:
            short = keys[vocabulary.name_of[i]]
            near = [(row, here[row]) for key in short for row in blocks[key]]
            matches = _matches(vocabulary, groups, rule, i, near)
            if not matches and unique and len(vocabulary.name(i).acronym) != 2:
                far = [(row, vocabulary.bearers[row]) for key in short for row in all_blocks[key]]
                matches = _matches(vocabulary, groups, rule, i, far)
            if len(matches) == 1:
                found[i] = next(iter(matches.values()))
    return found


def _matches(
    vocabulary: Vocabulary, groups: Groups, rule: Rule, short: int, fulls: Iterable[tuple[int, Sequence[int]]]
) -> dict[int, Match]:
    """Groups that hold a name the rule accepts for this candidate, each with one of its candidates."""
    found: dict[int, Match] = {}
    own_row, own_root = vocabulary.name_of[short], groups.root(short)
    name = vocabulary.names[own_row]
    for row, candidates in fulls:
        reason = rule.test(name, vocabulary.names[row]) if row != own_row else None
        if reason:
            for i in candidates:
                root = groups.root(i)
                if root != own_root and root not in found and groups.may_join(short, i):
                    found[root] = Match(i, reason)
    return found
