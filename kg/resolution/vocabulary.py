"""The distinct names among candidates: each taken apart once, with how often it is borne."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

from kg.model import Candidate
from kg.names import form
from kg.resolution.aliases import Alias, Aliases
from kg.resolution.kinds import kind_of
from kg.resolution.name import Name, analyse
from kg.resolution.rules import Rule

LARGEST_BLOCK = 200
"""Names that share a key; of a larger block only the most mentioned are compared."""
NOISE = 0.1
"""Share of a name's mentions under which another type is taken for a slip, if they are two at most."""


class Vocabulary:
    """Candidates (rows, in the order of their ids) and their distinct names (rows of their own).

    `name_of` leads from candidate to name, `bearers` back; `weights` are mentions of a candidate,
    `heaviness` those of a name.
    """

    def __init__(
        self, candidates: Iterable[Candidate], *, aliases: Aliases, mentions: Mapping[str, int]
    ) -> None:
        self.candidates: Sequence[Candidate] = sorted(
            {one.id: one for one in candidates}.values(), key=lambda one: one.id
        )
        self.row = {one.id: i for i, one in enumerate(self.candidates)}
        self.aliases = aliases.by_form()
        self.weights = [max(1, mentions.get(one.id, 1)) for one in self.candidates]
        forms = {name: form(name) for name in {one.name for one in self.candidates}}
        self.forms = [forms[one.name] for one in self.candidates]
        self.kinds = self._kinds()
        borne = [(one.name, kind) for one, kind in zip(self.candidates, self.kinds, strict=True)]
        distinct = sorted(set(borne))
        rows = {pair: i for i, pair in enumerate(distinct)}
        self.names: list[Name] = [analyse(*pair) for pair in distinct]
        self.name_of = [rows[pair] for pair in borne]
        self.bearers: list[list[int]] = [[] for _ in distinct]
        self.heaviness = [0] * len(distinct)
        for i, name in enumerate(self.name_of):
            self.bearers[name].append(i)
            self.heaviness[name] += self.weights[i]
        self._keys: dict[int, list[list[Hashable]]] = {}

    def _kinds(self) -> list[str]:
        """Kind of each candidate; one that its name has hardly ever is taken for unknown."""
        kinds = []
        for i, one in enumerate(self.candidates):
            entry = self.alias(i)
            kinds.append(kind_of(entry.type if entry and entry.type else one.type))
        counts: dict[tuple[str, str], int] = defaultdict(int)
        totals: dict[str, int] = defaultdict(int)
        for key, kind, weight in zip(self.forms, kinds, self.weights, strict=True):
            counts[key, kind] += weight
            totals[key] += weight
        return [
            "" if counts[key, kind] <= 2 and counts[key, kind] < NOISE * totals[key] else kind
            for key, kind in zip(self.forms, kinds, strict=True)
        ]

    def alias(self, candidate: int) -> Alias | None:
        """The entry of the aliases file that lists the candidate's name."""
        return self.aliases.get(self.forms[candidate])

    def name(self, candidate: int) -> Name:
        """The candidate's name, taken apart."""
        return self.names[self.name_of[candidate]]

    def by_weight(self, rows: Iterable[int]) -> list[int]:
        """Names of a known kind first, then the most mentioned."""

        def rank(row: int) -> tuple[bool, int, str, str]:
            name = self.names[row]
            return not name.kind, -self.heaviness[row], name.written, name.kind

        return sorted(rows, key=rank)

    def keys(self, rule: Rule) -> list[list[Hashable]]:
        """The rule's keys of every name, made once."""
        if id(rule) not in self._keys:
            self._keys[id(rule)] = [list(dict.fromkeys(rule.keys(name))) for name in self.names]
        return self._keys[id(rule)]

    def blocks(self, rule: Rule, rows: Iterable[int]) -> dict[Hashable, list[int]]:
        """Names by each of their keys, the heaviest first."""
        keys = self.keys(rule)
        blocks: dict[Hashable, list[int]] = defaultdict(list)
        for row in rows:
            for key in keys[row]:
                blocks[key].append(row)
        return {
            key: self.by_weight(block)[:LARGEST_BLOCK] if len(block) > 1 else block
            for key, block in blocks.items()
        }
