"""Candidates become groups, each one thing of the world: the order in which the rules are asked."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.model import By, Candidate, normal_name
from kg.names import form, is_chinese, same_form, words
from kg.resolution.aliases import Aliases
from kg.resolution.blocking import fuzzy_pairs
from kg.resolution.groups import Groups
from kg.resolution.kinds import agree, contradict, kind_of
from kg.resolution.name import analyse, singular_form
from kg.resolution.rules import RULES, Rule
from kg.resolution.spelling import similarity
from kg.resolution.statements import Statements

LARGEST_BLOCK = 200
"""Names that share a key; of a larger block only the first are compared."""
MOST_HEADS = 16
NOISE = 0.1
"""Share of a name's mentions under which another type is taken for a slip, if they are two at most."""


@dataclass(frozen=True, slots=True)
class Member:
    """One candidate of a group, why it is there, and who says so."""

    candidate: str
    reason: str
    by: By = "rule"


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates that are one thing. `entity` is the id a user gave them to, or ""."""

    name: str
    kind: str
    members: tuple[Member, ...]
    entity: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class _Link:
    """Two distinct names (rows) that a rule holds for one."""

    a: int
    b: int
    reason: str


def resolve(
    candidates: Iterable[Candidate],
    *,
    aliases: Aliases | None = None,
    statements: Statements | None = None,
    mentions: Mapping[str, int] | None = None,
    pins: Mapping[str, str] | None = None,
) -> list[Group]:
    """The candidates in groups, each of one thing, with a reason for every candidate.

    `mentions` counts how often each candidate is named (1 where absent), `pins` gives candidates to
    entities by a user's word. The order of the candidates changes nothing. Near linear in their number.

    >>> people = [Candidate.make("d", name, "person") for name in ("Ada Quill", "Dr Quill", "Ida Quill")]
    >>> sorted(len(group.members) for group in resolve(people))
    [1, 1, 1]
    >>> [[member.reason for member in group.members] for group in resolve(people[:2])]
    [['same name', "title and surname of 'Ada Quill'"]]
    """
    return _Resolver(
        sorted({one.id: one for one in candidates}.values(), key=lambda one: one.id),
        aliases or Aliases(),
        statements or Statements(),
        mentions or {},
        pins or {},
    ).groups()


class _Resolver:
    """One run: distinct names are compared, candidates are joined."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        aliases: Aliases,
        statements: Statements,
        mentions: Mapping[str, int],
        pins: Mapping[str, str],
    ) -> None:
        self.candidates = candidates
        self.row = {one.id: i for i, one in enumerate(candidates)}
        self.statements = statements
        self.pins = [pins.get(one.id) for one in candidates]
        self.aliases = aliases.by_form()
        self.weights = [max(1, mentions.get(one.id, 1)) for one in candidates]
        self.kinds = self._kinds()
        distinct = sorted({(one.name, kind) for one, kind in zip(candidates, self.kinds, strict=True)})
        rows = {pair: i for i, pair in enumerate(distinct)}
        self.names = [analyse(*pair) for pair in distinct]
        self.name_of = [rows[one.name, kind] for one, kind in zip(candidates, self.kinds, strict=True)]
        self.bearers: list[list[int]] = [[] for _ in distinct]
        self.heaviness = [0] * len(distinct)
        for i, name in enumerate(self.name_of):
            self.bearers[name].append(i)
            self.heaviness[name] += self.weights[i]

    def _kinds(self) -> list[str]:
        """Kind of each candidate; one that its name has hardly ever is taken for unknown."""
        entries = [self.aliases.get(form(one.name)) for one in self.candidates]
        kinds = [
            kind_of(entry.type if entry and entry.type else one.type)
            for entry, one in zip(entries, self.candidates, strict=True)
        ]
        counts: dict[tuple[str, str], int] = defaultdict(int)
        totals: dict[str, int] = defaultdict(int)
        forms = [form(one.name) for one in self.candidates]
        for key, kind, weight in zip(forms, kinds, self.weights, strict=True):
            counts[key, kind] += weight
            totals[key] += weight
        return [
            "" if counts[key, kind] <= 2 and counts[key, kind] < NOISE * totals[key] else kind
            for key, kind in zip(forms, kinds, strict=True)
        ]

    # ---- links between names -----------------------------------------------------------------------

    def _by_weight(self, rows: Iterable[int]) -> list[int]:
        return sorted(
            rows,
            key=lambda row: (
                not self.names[row].kind,
                -self.heaviness[row],
                self.names[row].written,
                self.names[row].kind,
            ),
        )

    def _blocks(self, rule: Rule, rows: Iterable[int]) -> dict[Hashable, list[int]]:
        blocks: dict[Hashable, list[int]] = defaultdict(list)
        for row in rows:
            for key in dict.fromkeys(rule.keys(self.names[row])):
                blocks[key].append(row)
        return {
            key: self._by_weight(block)[:LARGEST_BLOCK] if len(block) > 1 else block
            for key, block in blocks.items()
        }

    def _everywhere(self, rule: Rule) -> Iterator[_Link]:
        """Each name with the heaviest one that the rule holds for the same."""
        for block in self._blocks(rule, range(len(self.names))).values():
            heads: list[int] = []
            for row in block:
                for head in heads:
                    a, b = self.names[row], self.names[head]
                    reason = None if contradict(a.kind, b.kind) else rule.test(a, b)
                    if reason:
                        yield _Link(row, head, reason)
                        break
                else:
                    if len(heads) < MOST_HEADS:
                        heads.append(row)

    def _fuzzy(self) -> Iterator[_Link]:
        """Misspelt names, closest first; the rarer of two is the misspelling and has none of its own."""
        rows = [row for row, name in enumerate(self.names) if name.words]
        found = []
        for i, j in fuzzy_pairs([self.names[row].words for row in rows]):
            a, b = self._by_weight((rows[i], rows[j]))[::-1]
            if agree(self.names[a].kind, self.names[b].kind):
                close = similarity(self.names[a].words, self.names[b].words)
                if close:
                    found.append((-close, self.names[b].written, self.names[a].written, a, b))
        misspelt: set[str] = set()
        right: set[str] = set()
        for close, _, _, a, b in sorted(found):
            wrong, good = self.names[a].form, self.names[b].form
            if good in misspelt or wrong in right:
                continue
            misspelt.add(wrong)
            right.add(good)
            yield _Link(a, b, f"fuzzy {-close:.2f}")

    # ---- joining candidates ------------------------------------------------------------------------

    def _start(self) -> Groups:
        """What a user, an aliases file and the texts say, before any rule."""
        names = [self.names[row] for row in self.name_of]
        groups = Groups(names, kinds=self.kinds, weights=self.weights, pins=self.pins)
        first: dict[str, int] = {}
        for i, pin in enumerate(self.pins):
            if pin and first.setdefault(pin, i) != i:
                groups.join(i, first[pin], "user", by_order=True)
        listed: dict[int, int] = {}
        for i, one in enumerate(self.candidates):
            entry = self.aliases.get(form(one.name))
            if entry and not (entry.type and contradict(kind_of(entry.type), self.kinds[i])):
                known = listed.setdefault(id(entry), i)
                if known != i:
                    groups.join(i, known, "alias file", by_order=True)
        for (a, b), said in sorted(self.statements.one.items()):
            if a in self.row and b in self.row:
                groups.join(self.row[a], self.row[b], f"the text says {said!r}:", by_order=True)
        for rivals in self._rivals().values():
            for i in rivals:
                for j in rivals:
                    if self.kinds[i] != self.kinds[j]:
                        groups.keep_apart(i, j)
        for a, b in sorted(self.statements.two):
            if a in self.row and b in self.row and names[self.row[a]].form != names[self.row[b]].form:
                groups.keep_apart(self.row[a], self.row[b])
        return groups

    def _rivals(self) -> dict[tuple[str, str], list[int]]:
        """Candidates of one document with the same single word for a name: their types tell them apart.

        An extractor gives a name one type in a document, unless it means two things. (A longer name of
        two types, such as a person taken for an organisation, is rather a slip.)
        """
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i, one in enumerate(self.candidates):
            name = self.names[self.name_of[i]]
            if self.kinds[i] and (name.chinese or len(name.words) < 2):
                found[one.document, name.form].append(i)
        return {key: rows for key, rows in found.items() if len(rows) > 1}

    def _join_names(self, groups: Groups, links: Iterable[_Link], free: Sequence[Sequence[int]]) -> None:
        for link in links:
            for a in free[link.a][:1]:
                for b in free[link.b][:1]:
                    groups.join(a, b, link.reason)

    def _join_bearers(self, groups: Groups, free: Sequence[Sequence[int]]) -> None:
        for bearers in free:
            for i in bearers[1:]:
                groups.join(i, bearers[0], "same name")

    def _only_match(self, groups: Groups, rule: Rule) -> dict[int, tuple[int, str]]:
        """Each candidate that the rule brings to one group only: in its document, or else anywhere."""
        everywhere = self._blocks(rule, range(len(self.names))) if rule.scope == "unique" else {}
        documents: dict[str, list[int]] = defaultdict(list)
        for i, one in enumerate(self.candidates):
            documents[one.document].append(i)
        found: dict[int, tuple[int, str]] = {}
        for bearers in documents.values():
            here: dict[int, list[int]] = defaultdict(list)
            for i in bearers:
                here[self.name_of[i]].append(i)
            blocks = self._blocks(rule, here)
            for i in bearers:
                short = self.names[self.name_of[i]]
                keys = list(dict.fromkeys(rule.keys(short)))
                matches = self._matches(
                    groups, rule, i, [(row, here[row]) for key in keys for row in blocks[key]]
                )
                if not matches and rule.scope == "unique" and len(short.acronym) != 2:
                    rows = [row for key in keys for row in everywhere[key]]
                    matches = self._matches(groups, rule, i, [(row, self.bearers[row]) for row in rows])
                if len(matches) == 1:
                    found[i] = next(iter(matches.values()))
        return found

    def _matches(
        self, groups: Groups, rule: Rule, short: int, fulls: Iterable[tuple[int, Sequence[int]]]
    ) -> dict[int, tuple[int, str]]:
        """Groups that hold a name the rule accepts for this candidate, each with a candidate and the reason."""
        found: dict[int, tuple[int, str]] = {}
        name, own = self.names[self.name_of[short]], groups.root(short)
        for row, bearers in fulls:
            if row == self.name_of[short]:
                continue
            reason = rule.test(name, self.names[row])
            for i in bearers if reason else ():
                root = groups.root(i)
                if root != own and groups.may_join(short, i):
                    found.setdefault(root, (i, str(reason)))
        return found

    def groups(self) -> list[Group]:
        everywhere = [
            link for rule in RULES.values() if rule.scope == "anywhere" for link in self._everywhere(rule)
        ]
        everywhere += [*self._surfaces(), *self._fuzzy()]
        groups = self._start()
        self._join_bearers(groups, self.bearers)
        self._join_names(groups, everywhere, self.bearers)
        self._join_unique(groups)
        bound: dict[int, tuple[int, str]] = {}
        for rule in RULES.values():
            if rule.scope == "document":
                for i, match in sorted(self._only_match(groups, rule).items()):
                    if not self.pins[i]:
                        bound.setdefault(i, match)
        strays = self._strays(groups, bound)
        free = [[i for i in bearers if i not in strays] for bearers in self.bearers]
        groups = self._start()
        self._join_bearers(groups, free)
        self._join_names(groups, everywhere, free)
        self._join_unique(groups)
        for i, (full, reason) in sorted(bound.items()):
            groups.join(i, full, reason)
        return self._finished(groups)

    def _join_unique(self, groups: Groups) -> None:
        for rule in RULES.values():
            if rule.scope == "unique":
                for i, (full, reason) in sorted(self._only_match(groups, rule).items()):
                    groups.join(i, full, reason)

    def _strays(self, groups: Groups, bound: Mapping[int, tuple[int, str]]) -> set[int]:
        """Candidates that follow their document, not their name: "Marsh" is another one elsewhere.

        Other than a person, a short name that means one thing wherever it is bound means it throughout.
        """
        meant: dict[int, set[int]] = defaultdict(set)
        for i, (full, _) in bound.items():
            meant[self.name_of[i]].add(groups.root(full))
        return {i for i in bound if self.names[self.name_of[i]].personal or len(meant[self.name_of[i]]) > 1}

    def _surfaces(self) -> Iterator[_Link]:
        """Names that another candidate goes by as well, if they say enough by themselves."""
        by_form: dict[str, list[int]] = defaultdict(list)
        for row, name in enumerate(self.names):
            by_form[name.form].append(row)
        seen = set()
        for i, one in enumerate(self.candidates):
            row = self.name_of[i]
            for surface in one.surfaces:
                enough = len(form(surface)) >= 4 if is_chinese(surface) else len(words(surface)) > 1
                if not enough or (row, surface) in seen or analyse(surface, self.names[row].kind).is_short:
                    continue
                seen.add((row, surface))
                for other in self._by_weight(by_form.get(form(surface), ())):
                    if other != row and agree(self.names[other].kind, self.names[row].kind):
                        yield _Link(other, row, "also called so in a text:")

    # ---- what comes out ----------------------------------------------------------------------------

    def _finished(self, groups: Groups) -> list[Group]:
        found = []
        for members in groups.groups():
            head = self._head(members)
            pins = {pin for i in members if (pin := self.pins[i])}
            listed = next(
                (entry for i in members if (entry := self.aliases.get(form(self.candidates[i].name)))), None
            )
            rows = [
                Member(self.candidates[i].id, *self._reason(groups, i, head, listed is not None))
                for i in members
            ]
            found.append(
                Group(
                    listed.name if listed else self.candidates[head].name,
                    groups.kind(groups.root(head)),
                    tuple(rows),
                    min(pins, default=""),
                    listed.type if listed else "",
                )
            )
        return found

    def _head(self, members: Sequence[int]) -> int:
        """The candidate whose name is the most telling: in full, spelt as most often, longest."""
        weights: dict[str, int] = defaultdict(int)
        for i in members:
            weights[normal_name(self.candidates[i].name)] += self.weights[i]

        def rank(i: int) -> tuple[bool, bool, bool, bool, int, int, str, str]:
            one = self.candidates[i]
            name = self.names[self.name_of[i]]
            weight = weights[normal_name(one.name)]
            return (
                name.is_short,
                bool(name.acronym),
                singular_form(name) != name.form,
                "," in one.name,
                -weight,
                -len(one.name),
                one.name,
                one.id,
            )

        return min(members, key=rank)

    def _reason(self, groups: Groups, i: int, head: int, listed: bool) -> tuple[str, By]:
        if self.pins[i]:
            return "user", "user"
        one, other = self.candidates[i].name, self.candidates[head].name
        shown = repr(other if len(other) <= 60 else other[:59] + "…")
        same = same_form(one, other)
        if same:
            return same, "rule"
        if listed and self.aliases.get(form(one)):
            return "alias file", "rule"
        a, b = self.names[self.name_of[i]], self.names[self.name_of[head]]
        for rule in RULES.values():
            reason = rule.test(a, b) if set(rule.keys(a)) & set(rule.keys(b)) else None
            if reason:
                return f"{reason} {shown}", "rule"
        close = similarity(a.words, b.words)
        if close:
            return f"fuzzy {close:.2f}", "rule"
        kept = (
            groups.reasons.get(i)
            or groups.reasons.get(self.bearers[self.name_of[i]][0])
            or "linked by other names to"
        )
        return f"{kept} {shown}", "rule"
