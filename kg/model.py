"""The types of the graph: what was seen in the documents, and what is derived from it.

Extraction writes `Document`, `Chunk`, `Candidate`, `Mention` and `Evidence`: what was *seen*.
`Resolution`, `Entity` and `Relation` are *derived* from those and can be derived again, so every
merge can be undone and a changed document touches only its own rows.

Ids are hashes of content (32 hex digits, 16 bytes): a rerun makes the same ids. Offsets are code
points into the text of the document, half open: `document.text[start:end]`.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Literal

By = Literal["rule", "model", "user"]


class GraphError(Exception):
    """Something about a graph or its documents went wrong.

    GraphError
    ├── ReadError        a document cannot be read (kg.read)
    ├── AliasError       a file of aliases has an error in a line (kg.resolution)
    ├── ExtractError     an extractor cannot run, e.g. its extra or pipeline is missing (kg.extract)
    └── StoreError       the corpus cannot be opened, read or written (kg.store)
        ├── CorpusNotFound   there is no corpus at that place
        ├── CorpusLocked     another process writes to it; the message says who
        └── CorpusTooNew     written by a newer version of this program
    """


def content_id(*parts: str | int) -> str:
    """Hash of the parts, 32 hex digits. The parts are kept apart: ("ab", "c") is not ("a", "bc").

    >>> content_id("ab", "c") == content_id("a", "bc")
    False
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = str(part).encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


def normal_name(name: str) -> str:
    """The form under which two spellings of a name are one: NFKC, case folded, single spaces.

    >>> normal_name("  The  Tide\\u00a0CLOCK ")
    'the tide clock'
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


# ---- seen ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """One source text. `id` comes from its place, `sha256` from its words.

    `source` is where it was read from, for people. `language` is an ISO 639-1 code ("en", "zh"), or
    "und" where it could not be told.
    """

    id: str
    sha256: str
    title: str
    text: str
    source: str
    language: str = "und"
    author: str | None = None
    year: int | None = None

    @staticmethod
    def make(
        place: str,
        text: str,
        *,
        title: str,
        source: str,
        language: str = "und",
        author: str | None = None,
        year: int | None = None,
    ) -> "Document":
        """A document whose id is the hash of `place`: its path relative to the argument that named it."""
        sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return Document(content_id("document", place), sha256, title, text, source, language, author, year)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a document that is read at once: offsets, never a copy."""

    id: str
    document: str
    start: int
    end: int
    language: str = "und"

    @staticmethod
    def make(
        document: str, words: str, occurrence: int, start: int, end: int, language: str = "und"
    ) -> "Chunk":
        """A chunk whose id is h(document, sha256 of its words, which time these words occur)."""
        digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
        return Chunk(content_id("chunk", document, digest, occurrence), document, start, end, language)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one document calls one thing: `name` as it is written there most tellingly."""

    id: str
    document: str
    name: str
    type: str
    surfaces: tuple[str, ...] = ()
    description: str = ""

    @staticmethod
    def make(
        document: str, name: str, type: str, surfaces: tuple[str, ...] = (), description: str = ""
    ) -> "Candidate":
        """A candidate whose id is h(document, normalised name, type)."""
        key = content_id("candidate", document, normal_name(name), type)
        return Candidate(key, document, name, type, surfaces or (name,), description)


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a candidate is named: `document.text[start:end] == surface`."""

    candidate: str
    chunk: str
    start: int
    end: int
    surface: str

    @property
    def id(self) -> str:
        """Hash of the candidate and the place."""
        return content_id("mention", self.candidate, self.chunk, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of text that states a relation between two candidates of one document; directed."""

    source: str
    label: str
    target: str
    chunk: str
    start: int
    end: int
    description: str = ""
    weight: float = 1.0

    @property
    def id(self) -> str:
        """Hash of the two ends, the label and the place."""
        return content_id("evidence", self.source, self.label, self.target, self.chunk, self.start, self.end)


# ---- derived -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which entity a candidate is, why, and who says so. Rows by "user" survive every rebuild."""

    candidate: str
    entity: str
    reason: str
    by: By = "rule"


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing of the world, under one name. `sense` is empty unless two things share the name.

    `given` marks one that was imported: it stands for itself, whether or not a document names it.
    """

    id: str
    name: str
    type: str
    sense: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    given: bool = False

    @staticmethod
    def make(
        name: str,
        type: str,
        sense: str = "",
        description: str = "",
        aliases: tuple[str, ...] = (),
        given: bool = False,
    ) -> "Entity":
        """An entity whose id is h(normalised name, sense)."""
        key = content_id("entity", normal_name(name), sense)
        return Entity(key, name, type, sense, description, aliases, given)


@dataclass(frozen=True, slots=True)
class Relation:
    """A labelled, directed relation; `weight` is the sum of its evidence, `given` marks one imported without a text."""

    id: str
    source: str
    label: str
    target: str
    description: str = ""
    weight: float = 1.0
    given: bool = False

    @staticmethod
    def make(
        source: str, label: str, target: str, description: str = "", weight: float = 1.0, given: bool = False
    ) -> "Relation":
        """A relation whose id is h(source, label, target)."""
        return Relation(
            content_id("relation", source, label, target), source, label, target, description, weight, given
        )


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A few entities and relations that one text is to be about, by id.

    `documents` are the documents *meant* (a pair of one document names that document); empty means
    "wherever its evidence is". `slots` are extra words or features for seeded diversity.
    Use `Subgraph.make`, which sorts, so that `key` is the same however the subgraph was reached.
    """

    entities: tuple[str, ...]
    relations: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    slots: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def make(
        entities: tuple[str, ...] | list[str],
        relations: tuple[str, ...] | list[str] = (),
        documents: tuple[str, ...] | list[str] = (),
        slots: tuple[tuple[str, str], ...] = (),
    ) -> "Subgraph":
        """The subgraph with its parts sorted and free of repeats."""
        return Subgraph(
            tuple(sorted(set(entities))),
            tuple(sorted(set(relations))),
            tuple(sorted(set(documents))),
            tuple(sorted(set(slots))),
        )

    @property
    def key(self) -> str:
        """Hash of the parts: the same however the subgraph was reached."""
        slots = [word for slot in self.slots for word in slot]
        return content_id(
            "subgraph",
            len(self.entities),
            *self.entities,
            len(self.relations),
            *self.relations,
            len(self.documents),
            *self.documents,
            *slots,
        )


# ---- written -------------------------------------------------------------------------------------

Status = Literal["accepted", "rejected", "stale", "edited", "judgement"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One entity a text was asked about, as it stood when the text was written.

    `candidates` are the candidates behind it in the documents the text rests on: coverage is counted
    through what they resolve to *now*. `named` says whether the text names the entity.
    """

    entity: str
    name: str
    candidates: tuple[str, ...] = ()
    named: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """What one check said of one text. `outcome` is "unchecked" where it could not run."""

    name: str
    outcome: Literal["passed", "failed", "unchecked"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One text with everything needed to explain it and to write it again.

    `item` is the hash of what was wanted (subgraph, strategy and its version, model, language, wording): a record
    with the same item need not be asked for again. `call` is the key of the request in the journal.
    `relations` are (source entity, label, target entity) by id at the time.
    """

    id: str
    item: str
    kind: str
    title: str
    text: str
    language: str
    strategy: str
    version: str
    model: str
    subgraph: Subgraph
    asked: tuple[Asked, ...]
    relations: tuple[tuple[str, str, str], ...]
    documents: tuple[str, ...]
    chunks: tuple[str, ...]
    call: str
    run: str
    sampler: str = ""
    wording: int = 0
    seed: int = 0
    author: str = "model"
    parent: str | None = None
    checks: tuple[Check, ...] = ()
    status: Status = "accepted"
    left_out: tuple[str, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float | None = None

    @property
    def counts(self) -> bool:
        """Whether it counts as a text of the corpus: it was accepted, or written anew by a reader."""
        return self.status in ("accepted", "edited")

    @property
    def reasons(self) -> tuple[str, ...]:
        """Names of the checks it failed, in their order."""
        return tuple(check.name for check in self.checks if check.outcome == "failed")
