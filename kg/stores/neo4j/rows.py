"""How rows of each kind are asked for, by each column, and made into the types of `kg.model`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kg.model import (
    Candidate,
    Chunk,
    Document,
    Entity,
    Evidence,
    Mention,
    Record,
    Relation,
    Resolution,
)
from kg.stores.neo4j import encoding

COLUMNS = {
    Document: "n.id, n.sha256, n.title, n.text, n.source, n.language, n.author, n.year",
    Chunk: "n.id, n.document, n.start, n.end, n.language",
    Candidate: "n.id, n.document, n.name, n.type, n.surfaces, n.description",
    Mention: "n.document, n.candidate, n.chunk, n.start, n.end, n.surface",
    Evidence: "n.document, n.source, n.label, n.target, n.chunk, n.start, n.end, n.description, n.weight",
    Resolution: "n.id, e.id, i.reason, i.by",
    Entity: "n.id, n.name, n.type, n.sense, n.description, n.aliases, coalesce(n.given, false)",
    Relation: "n.id, s.id, n.label, t.id, n.description, n.weight, coalesce(n.given, false)",
    Record: "n.id, properties(n)",
}
NODE = {
    Document: "MATCH (n:EgDocument)",
    Chunk: "MATCH (n:EgChunk)",
    Candidate: "MATCH (n:EgCandidate)",
    Resolution: "MATCH (n:EgCandidate)-[i:IS]->(e:EgEntity)",
    Entity: "MATCH (n:EgEntity)",
    Relation: "MATCH (s:EgEntity)-[n:REL]->(t:EgEntity)",
    Record: "MATCH (n:EgText)",
}

# Along the index, with what else must hold.
ALONG: Mapping[type, Mapping[str, str]] = {
    Document: {"": ""},
    Chunk: {"": "n.gone IS NULL"},
    Candidate: {"": "n.gone IS NULL"},
    Resolution: {"": "", "by": "i.by IN $ids"},
    Entity: {
        "": "n.hidden IS NULL",
        "type": "n.hidden IS NULL AND n.type IN $ids",
        "given": "n.hidden IS NULL AND n.given AND '1' IN $ids",
    },
    Relation: {"": "", "given": "n.given AND '1' IN $ids"},
    Record: {"": "", **{name: f"n.{name} IN $ids" for name in ("run", "status", "strategy")}},
}
# From ids of rows themselves.
OF_IDS: Mapping[type, Mapping[str, str]] = {
    Document: {"id": ""},
    Chunk: {"id": ""},
    Candidate: {"id": "n.gone IS NULL"},
    Resolution: {"candidate": ""},
    Entity: {"id": ""},
    Relation: {"id": ""},
    Record: {"id": ""},
}
_ANCHOR = "MATCH (a:Eg{}) WHERE a.corpus = $corpus AND a.id IN $ids "
# From ids of something beside them.
BESIDE: Mapping[type, Mapping[str, str]] = {
    Chunk: {"document": _ANCHOR.format("Document") + "MATCH (a)<-[:IN]-(n:EgChunk)"},
    Candidate: {
        "document": _ANCHOR.format("Document") + "MATCH (a)<-[:IN]-(n:EgCandidate)",
        "entity": _ANCHOR.format("Entity") + "MATCH (a)<-[:IS]-(n:EgCandidate) WHERE n.gone IS NULL",
    },
    Resolution: {"entity": _ANCHOR.format("Entity") + "MATCH (a)<-[:IS]-(n:EgCandidate)"},
    Relation: {"entity": _ANCHOR.format("Entity") + "MATCH (a)-[n:REL]-(:EgEntity)"},
    Mention: {
        "chunk": _ANCHOR.format("Chunk") + "MATCH (a)<-[:IN]-(n:EgMention)",
        "candidate": _ANCHOR.format("Candidate") + "MATCH (a)<-[:OF]-(n:EgMention)",
        "entity": _ANCHOR.format("Entity")
        + "MATCH (a)<-[:IS]-(k:EgCandidate) WHERE k.document IN $documents OR $documents IS NULL "
        "MATCH (k)<-[:OF]-(n:EgMention)",
    },
    Evidence: {
        "chunk": _ANCHOR.format("Chunk") + "MATCH (a)<-[:IN]-(n:EgEvidence)",
        "entity": _ANCHOR.format("Entity")
        + "MATCH (a)<-[:IS]-(k:EgCandidate) WHERE k.document IN $documents OR $documents IS NULL "
        "MATCH (k)<-[:FROM|TO]-(n:EgEvidence)",
        "relation": "MATCH (s:EgEntity)-[r:REL]->(t:EgEntity) WHERE r.corpus = $corpus AND r.id IN $ids "
        "MATCH (s)<-[:IS]-(k:EgCandidate) WHERE k.document IN $documents OR $documents IS NULL "
        "MATCH (k)<-[:FROM]-(n:EgEvidence)-[:TO]->(:EgCandidate)-[:IS]->(t) WHERE n.label = r.label",
    },
}
SPOKEN = {Mention: "EgMention", Evidence: "EgEvidence"}
IN_DOCUMENTS = "MATCH (d:EgDocument) WHERE d.corpus = $corpus AND d.id IN $documents MATCH (d)<-[:IN]-(:EgChunk)<-[:IN]-(n:{})"
BY_DOCUMENT: Mapping[type, set[str]] = {Mention: {"", "document"}, Evidence: {"", "document"}}
ABOUT = {"entity": "e", "document": "d"}
TEXTUAL = {"by", "type", "given", "item", "run", "status", "strategy"}


def _with_tuple(kind: Callable[..., Any], place: int) -> Callable[[list[Any]], Any]:
    def made(row: list[Any]) -> Any:
        row[place] = tuple(row[place])
        return kind(*row)

    return made


MAKE: Mapping[type, Callable[[list[Any]], Any]] = {
    Document: lambda row: Document(*row),
    Chunk: lambda row: Chunk(*row),
    Candidate: _with_tuple(Candidate, 4),
    Mention: lambda row: Mention(*row[1:]),
    Evidence: lambda row: Evidence(*row[1:]),
    Resolution: lambda row: Resolution(*row),
    Entity: _with_tuple(Entity, 5),
    Relation: lambda row: Relation(*row),
    Record: lambda row: encoding.MAKE[Record](row[1]),
}
ORDER: Mapping[type, Callable[[list[Any]], Any]] = {
    Mention: lambda row: (row[0], row[3], row[4], row[1], row[2]),
    Evidence: lambda row: (row[0], row[5], row[6], row[1], row[2], row[3], row[4]),
}


# ---- what can be asked ---------------------------------------------------------------------------

BY: Mapping[type, tuple[str, ...]] = {
    Document: ("id",),
    Chunk: ("id", "document"),
    Candidate: ("id", "document", "entity"),
    Mention: ("document", "chunk", "candidate", "entity"),
    Evidence: ("document", "chunk", "relation", "entity"),
    Resolution: ("candidate", "entity", "by"),
    Entity: ("id", "type", "given"),
    Relation: ("id", "entity", "given"),
    Record: ("id", "entity", "document", "item", "run", "status", "strategy"),
}


def check(kind: type, by: str) -> None:
    """ValueError where a store keeps no such kind, or has no such column; it lists those there are."""
    if kind not in BY:
        known = ", ".join(known.__name__ for known in BY)
        raise ValueError(f"cannot read {kind!r}: a store keeps {known}")
    if by and by not in BY[kind]:
        known = ", ".join(map(repr, BY[kind]))
        raise ValueError(f"cannot read {kind.__name__} by {by!r}: it is read by {known}, or whole")


def is_id(id: str) -> bool:
    """Whether this is 32 hex digits."""
    try:
        return len(id) == 32 and len(bytes.fromhex(id)) == 16
    except ValueError:
        return False


def wanted(by: str, ids: Iterable[str]) -> list[str]:
    """What to look for, each once, sorted. What is not an id matches nothing."""
    if by in TEXTUAL:
        return sorted({text.encode("utf-8", "replace").decode("utf-8") for text in ids})
    return sorted({id.lower() for id in ids if is_id(id)})
