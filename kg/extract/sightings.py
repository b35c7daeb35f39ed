"""What an extractor noticed in one document, gathered into a `Reading`.

Shared by the extractors: they say "this stretch names X, a person" and "this sentence says that X
built Y"; here the names are brought under one candidate each, quarrels about a type are settled by
majority, and everything that the protocol promises (offsets that spell, ends that exist, one row for
one sight) is made to hold.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.model import Candidate, Chunk, Document, Evidence, Mention, normal_name
from kg.store import Reading

MENTIONED_WITH = "mentioned with"
LONGEST_LABEL = 80
MOST_SURFACES = 32


@dataclass(frozen=True, slots=True)
class Sight:
    """One place that names something: `name` is what it is called at its best, `key` its normal form."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence that joins two names (by key) under a label; directed."""

    source: str
    label: str
    target: str
    chunk: str
    start: int
    end: int
    weight: float = 1.0
    description: str = ""


@dataclass(slots=True)
class Sightings:
    """Collects what is seen in one document; `reading` hands it on."""

    document: Document
    names: dict[str, Counter[str]] = field(default_factory=dict)
    types: dict[str, Counter[str]] = field(default_factory=dict)
    surfaces: dict[str, dict[str, None]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    mentions: dict[tuple[str, int, int], str] = field(default_factory=dict)
    statements: dict[tuple[str, str, str, int, int], Statement] = field(default_factory=dict)

    def name(self, name: str, type: str, *, weight: int = 1, description: str = "") -> str:
        """Note that something is called `name` and is a `type`; returns its key ("" for no name at all)."""
        key = normal_name(name)
        if key:
            self.names.setdefault(key, Counter())[" ".join(name.split())] += weight
            self.types.setdefault(key, Counter())[type] += weight
            if description and key not in self.descriptions:
                self.descriptions[key] = description
        return key

    def mention(self, key: str, chunk: Chunk, start: int, end: int) -> None:
        """Note that `document.text[start:end]` names `key`; a stretch outside the chunk is a ValueError."""
        if not chunk.start <= start < end <= chunk.end:
            raise ValueError(
                f"a mention must lie in its chunk {chunk.start}..{chunk.end}, not {start}..{end}"
            )
        self.mentions[key, start, end] = chunk.id
        surface = " ".join(self.document.text[start:end].split())
        self.surfaces.setdefault(key, {}).setdefault(surface)

    def state(self, statement: Statement) -> bool:
        """Note a relation and say whether it is new; one of a thing with itself never is."""
        place = (statement.source, statement.label, statement.target, statement.start, statement.end)
        if statement.source == statement.target or place in self.statements:
            return False
        self.statements[place] = statement
        return True

    def reading(self, chunks: Sequence[Chunk], fingerprint: str) -> Reading:
        """The candidates that were mentioned, with their mentions and evidence, in the order of the text."""
        first: dict[str, int] = {}
        for key, start, _ in self.mentions:
            first[key] = min(first.get(key, start), start)
        order = sorted((key for key in first if key in self.names), key=lambda key: (first[key], key))
        candidates = {key: self._candidate(key) for key in order}
        mentions = [
            Mention(candidates[key].id, chunk, start, end, self.document.text[start:end])
            for (key, start, end), chunk in sorted(self.mentions.items(), key=lambda item: item[0][1:])
            if key in candidates
        ]
        return Reading(
            tuple(chunks), tuple(candidates.values()), mentions, self._evidence(candidates), fingerprint
        )

    def _candidate(self, key: str) -> Candidate:
        name = most(self.names[key])
        surfaces = tuple(self.surfaces[key])[:MOST_SURFACES]
        description = self.descriptions.get(key, "")
        return Candidate.make(self.document.id, name, most(self.types[key]), surfaces, description)

    def _evidence(self, candidates: dict[str, Candidate]) -> list[Evidence]:
        found = [
            Evidence(
                candidates[said.source].id,
                said.label[:LONGEST_LABEL],
                candidates[said.target].id,
                said.chunk,
                said.start,
                said.end,
                said.description,
                said.weight,
            )
            for said in self.statements.values()
            if said.source in candidates and said.target in candidates
        ]
        return sorted(found, key=lambda row: (row.start, row.end, row.source, row.label, row.target))


def most(counts: Counter[str]) -> str:
    """What was counted most often; of equals, the first in the alphabet.

    >>> most(Counter("abba"))
    'a'
    """
    return min(counts, key=lambda word: (-counts[word], word))


def together(sights: Sequence[Sight], *, nearest: int = 8, at_most: int = 60) -> Iterator[tuple[str, str]]:
    """Pairs of different names seen in one sentence, nearest first, each pair once.

    A name is paired with at most `nearest` that follow it, and a sentence gives at most `at_most`
    pairs, so that a list of hundreds of names stays a list.
    """
    keys = list(
        dict.fromkeys(sight.key for sight in sorted(sights, key=lambda sight: (sight.start, sight.end)))
    )
    given = 0
    for step in range(1, min(nearest, len(keys) - 1) + 1):
        for i in range(len(keys) - step):
            if given == at_most:
                return
            given += 1
            yield keys[i], keys[i + step]


def state_together(
    sightings: Sightings,
    sights: Sequence[Sight],
    chunk: str,
    start: int,
    end: int,
    joined: Iterable[tuple[str, str]] = (),
) -> None:
    """Note every pair of names in one sentence as mentioned together, but those that are `joined` already."""
    already = set(joined)
    for one, other in together(sights):
        if (one, other) not in already and (other, one) not in already:
            sightings.state(Statement(one, MENTIONED_WITH, other, chunk, start, end, weight=0.25))
