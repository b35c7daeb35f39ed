"""The distinct names among candidates: each taken apart once, with how often it is borne."""

from collections import Counter, defaultdict
from collections.abc import Container, Hashable, Iterable, Mapping, Sequence

from kg.model import Candidate
from kg.names import form, words
from kg.resolution.aliases import Alias, Aliases
from kg.resolution.kinds import kind_of
from kg.resolution.name import Name, analyse
from kg.resolution.rules import Rule
from kg.scripts import is_chinese

LARGEST_BLOCK = 200
"""Names that share a key; of a larger block only the most mentioned are compared."""
NOISE = 0.1
"""Share of a name's mentions under which another type is taken for a slip, if they are two at most."""
GUESSED = 1 / 3
"""The same where types are guessed: a person and a place of one word need that share to be two things."""


class Vocabulary:
    """Candidates (rows, in the order of their ids) and their distinct names (rows of their own).

    `name_of` leads from candidate to name, `bearers` back; `weights` are mentions of a candidate,
    `heaviness` those of a name.
    """

    def __init__(
        self,
        candidates: Iterable[Candidate],
        *,
        aliases: Aliases,
        mentions: Mapping[str, int],
        guessed: Container[str] = (),
    ) -> None:
        self.candidates: Sequence[Candidate] = sorted(
            {one.id: one for one in candidates}.values(), key=lambda one: one.id
        )
        self.row = {one.id: i for i, one in enumerate(self.candidates)}
        self.aliases = aliases.by_form()
        self.weights = [max(1, mentions.get(one.id, 1)) for one in self.candidates]
        forms = {name: form(name) for name in {one.name for one in self.candidates}}
        self.forms = [forms[one.name] for one in self.candidates]
        self.kinds = self._kinds(guessed)
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

    def _kinds(self, guessed: Container[str]) -> list[str]:
        """Kind of each candidate; one that is but a slip of the extractor is taken for unknown."""
        kinds = []
        for i, one in enumerate(self.candidates):
            entry = self.alias(i)
            kinds.append(kind_of(entry.type if entry and entry.type else one.type))
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for key, kind, weight in zip(self.forms, kinds, self.weights, strict=True):
            if kind:
                counts[key][kind] += weight
        found = []
        for one, key, kind in zip(self.candidates, self.forms, kinds, strict=True):
            votes = counts[key]
            if len(votes) > 1 and _slip(one.name, kind, votes, one.document in guessed):
                kind = ""
            found.append(kind)
        return found

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


def _slip(name: str, kind: str, votes: Mapping[str, int], guessed: bool) -> bool:
    """Whether a type is a slip of the extractor, by the votes for each kind of one name.

    A type that a person, a list or a model has stated counts unless it is very rare. One that a tagger
    has guessed counts only for a person and a place called by one word ("Marsh"), both often.
    """
    if not kind:
        return False
    total = sum(votes.values())
    if not guessed:
        return votes[kind] <= 2 and votes[kind] < NOISE * total
    first = min(votes, key=lambda one: (-votes[one], one))
    single = len(form(name)) < 3 if is_chinese(name) else len(words(name)) < 2
    kept = single and {kind, first} == {"person", "place"} and votes[kind] >= GUESSED * total
    return kind != first and not kept
