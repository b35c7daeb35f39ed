"""Candidates become groups, each one thing of the world: the order in which the rules are asked."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.model import By, Candidate
from kg.resolution.aliases import Aliases
from kg.resolution.groups import Groups
from kg.resolution.kinds import contradict, kind_of
from kg.resolution.links import Link, Match, everywhere, fuzzy, only_matches, other_surfaces
from kg.resolution.reasons import head_of, reason_for
from kg.resolution.rules import RULES
from kg.resolution.statements import Statements
from kg.resolution.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Member:
    """One candidate of a group, why it is there, and who says so."""

    candidate: str
    reason: str
    by: By = "rule"


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates that are one thing. `entity` is the id a user gave them to, or ""; so is `type`, by a file."""

    name: str
    kind: str
    members: tuple[Member, ...]
    entity: str = ""
    type: str = ""


def resolve(
    candidates: Iterable[Candidate],
    *,
    aliases: Aliases | None = None,
    statements: Statements | None = None,
    mentions: Mapping[str, int] | None = None,
    pins: Mapping[str, str] | None = None,
    guessed: Container[str] = (),
) -> list[Group]:
    """The candidates in groups, each of one thing, with a reason for every candidate.

    `mentions` counts how often each candidate is named (1 where absent), `pins` gives candidates to
    entities by a user's word. In the documents `guessed` (ids) types are a tagger's guesses: where they
    contradict each other the majority is right. The order of the candidates changes nothing. Near linear in their number.

    >>> people = [Candidate.make("d", name, "person") for name in ("Ada Quill", "Dr Quill", "Ida Quill")]
    >>> sorted(len(group.members) for group in resolve(people))
    [1, 1, 1]
    >>> sorted(member.reason for group in resolve(people[:2]) for member in group.members)
    ['same name', "title and surname of 'Ada Quill'"]
    """
    aliases = aliases or Aliases()
    vocabulary = Vocabulary(candidates, aliases=aliases, mentions=mentions or {}, guessed=guessed)
    given = _Given(
        vocabulary, statements or Statements(), [(pins or {}).get(one.id) for one in vocabulary.candidates]
    )
    links = [
        link for rule in RULES.values() if rule.scope == "anywhere" for link in everywhere(vocabulary, rule)
    ]
    links += [*other_surfaces(vocabulary), *fuzzy(vocabulary)]
    groups = given.groups()
    _join_names(vocabulary, groups, links, vocabulary.bearers)
    bound: dict[int, Match] = {}
    for rule in RULES.values():
        if rule.scope == "document":
            for i, match in only_matches(vocabulary, groups, rule).items():
                if not given.pins[i]:
                    bound.setdefault(i, match)
    strays = _strays(vocabulary, groups, bound)
    groups = given.groups()
    _join_names(
        vocabulary, groups, links, [[i for i in bearers if i not in strays] for bearers in vocabulary.bearers]
    )
    for i, match in sorted(bound.items(), key=lambda one: one[0]):
        groups.join(i, match.full, match.reason)
    return _finished(vocabulary, given, groups, short={vocabulary.forms[i] for i in bound})


@dataclass(frozen=True, slots=True)
class _Given:
    """What a user, an aliases file and the texts say: it stands before any rule."""

    vocabulary: Vocabulary
    statements: Statements
    pins: Sequence[str | None]

    def groups(self) -> Groups:
        """Every candidate by itself, but for those of which something is said."""
        known = self.vocabulary
        names = [known.names[row] for row in known.name_of]
        groups = Groups(names, kinds=known.kinds, weights=known.weights, pins=self.pins)
        first: dict[str, int] = {}
        for i, pin in enumerate(self.pins):
            if pin and first.setdefault(pin, i) != i:
                groups.join(i, first[pin], "user", by_order=True)
        listed: dict[int, int] = {}
        for i in range(len(names)):
            entry = known.alias(i)
            if entry and not (entry.type and contradict(kind_of(entry.type), known.kinds[i])):
                head = listed.setdefault(id(entry), i)
                if head != i:
                    groups.join(i, head, "alias file", by_order=True)
        for (a, b), said in sorted(self.statements.one.items()):
            if a in known.row and b in known.row:
                groups.join(known.row[a], known.row[b], f"the text says {said!r}:", by_order=True)
        for rivals in self._rivals():
            for i in rivals:
                for j in rivals:
                    if known.kinds[i] != known.kinds[j]:
                        groups.keep_apart(i, j)
        for a, b in sorted(self.statements.two):
            if a in known.row and b in known.row and known.forms[known.row[a]] != known.forms[known.row[b]]:
                groups.keep_apart(known.row[a], known.row[b])
        return groups

    def _rivals(self) -> list[list[int]]:
        """Candidates of one document with the same single word for a name: their types tell them apart.

        An extractor gives a name one type in a document, unless it means two things. (A longer name of
        two types, such as a person taken for an organisation, is rather a slip.)
        """
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i, one in enumerate(self.vocabulary.candidates):
            name = self.vocabulary.name(i)
            if self.vocabulary.kinds[i] and (name.chinese or len(name.words) < 2):
                found[one.document, name.form].append(i)
        return [rows for rows in found.values() if len(rows) > 1]


def _join_names(
    vocabulary: Vocabulary, groups: Groups, links: Iterable[Link], free: Sequence[Sequence[int]]
) -> None:
    """Join the free candidates of one name, then of linked names, then those with one match only."""
    for bearers in free:
        for i in bearers[1:]:
            groups.join(i, bearers[0], "same name")
    for link in links:
        if free[link.a] and free[link.b]:
            groups.join(free[link.a][0], free[link.b][0], link.reason)
    for rule in RULES.values():
        if rule.scope == "unique":
            for i, match in sorted(only_matches(vocabulary, groups, rule).items(), key=lambda one: one[0]):
                groups.join(i, match.full, match.reason)


def _strays(vocabulary: Vocabulary, groups: Groups, bound: Mapping[int, Match]) -> set[int]:
    """Candidates that follow their document, not their name: "Marsh" is another one elsewhere.

    Other than a person, a short name that means one thing wherever it is bound means it throughout.
    """
    meant: dict[int, set[int]] = defaultdict(set)
    for i, match in bound.items():
        meant[vocabulary.name_of[i]].add(groups.root(match.full))
    return {i for i in bound if vocabulary.name(i).personal or len(meant[vocabulary.name_of[i]]) > 1}


def _finished(vocabulary: Vocabulary, given: _Given, groups: Groups, *, short: Container[str]) -> list[Group]:
    found = []
    for members in groups.groups():
        head = head_of(vocabulary, members, short=short)
        entry = next((entry for i in members if (entry := vocabulary.alias(i))), None)
        rows = [
            Member(vocabulary.candidates[i].id, "user", "user")
            if given.pins[i]
            else Member(vocabulary.candidates[i].id, reason_for(vocabulary, groups, i, head=head))
            for i in members
        ]
        found.append(
            Group(
                entry.name if entry else vocabulary.candidates[head].name,
                groups.kind(groups.root(head)),
                tuple(rows),
                min((pin for i in members if (pin := given.pins[i])), default=""),
                entry.type if entry else "",
            )
        )
    return found
