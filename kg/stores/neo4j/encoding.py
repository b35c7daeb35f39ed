"""Rows of `kg.model` as properties of nodes, and back."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from kg.model import (
    Asked,
    Candidate,
    Check,
    Chunk,
    Document,
    Entity,
    Evidence,
    Mention,
    Record,
    Subgraph,
)
from kg.store import StoreError
from kg.stores.names import search_key

Properties = dict[str, Any]

NODES: Mapping[type, str] = {
    Document: "EgDocument",
    Chunk: "EgChunk",
    Candidate: "EgCandidate",
    Mention: "EgMention",
    Evidence: "EgEvidence",
    Entity: "EgEntity",
    Record: "EgText",
}

_DOCUMENT = ("id", "sha256", "title", "text", "source", "language", "author", "year")
_CHUNK = ("id", "document", "start", "end", "language")
_CANDIDATE = ("id", "document", "name", "type", "surfaces", "description")
_MENTION = ("candidate", "chunk", "start", "end", "surface")
_EVIDENCE = ("source", "label", "target", "chunk", "start", "end", "description", "weight")
_ENTITY = ("id", "name", "type", "sense", "description", "aliases")
_RECORD = (
    "id item kind title text language strategy version model call run sampler wording seed author parent status "
    "tokens_in tokens_out cost_usd"
).split()
_LISTS = ("documents", "chunks", "left_out")
LARGEST = 2**63 - 1
HEAD = 64  # characters of a name in a range index, which 100 kB would break
LONGEST = 32_000  # bytes that a text index takes; it refuses the row from 32,767


def _taken(row: object, fields: tuple[str, ...] | list[str]) -> Properties:
    """The fields as properties; None is no property, a tuple is a list."""
    found = ((name, getattr(row, name)) for name in fields)
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in found if value is not None
    }


def document_properties(document: Document, fingerprint: str) -> Properties:
    """Properties of an EgDocument."""
    return {**_taken(document, _DOCUMENT), "characters": len(document.text), "fingerprint": fingerprint}


def chunk_properties(chunk: Chunk, words: str) -> Properties:
    """Properties of an EgChunk, with its words."""
    return {**_taken(chunk, _CHUNK), "text": words}


def candidate_properties(candidate: Candidate) -> Properties:
    """Properties of an EgCandidate."""
    return _taken(candidate, _CANDIDATE)


def mention_properties(mention: Mention, document: str) -> Properties:
    """Properties of an EgMention."""
    return {"id": mention.id, "document": document, **_taken(mention, _MENTION)}


def evidence_properties(evidence: Evidence, document: str, words: str) -> Properties:
    """Properties of an EgEvidence, with the words that state it."""
    return {
        "id": evidence.id,
        "document": document,
        "text": words,
        **_taken(evidence, _EVIDENCE),
        "weight": float(evidence.weight),
    }


def entity_properties(entity: Entity) -> Properties:
    """Properties of an EgEntity; by the last ones it is searched.

    `head` is how the name begins; `search` name and aliases, each between two line ends, or, where that
    is too long for its index, `keys` beside `long`.
    """
    found = _taken(entity, _ENTITY)
    if entity.given:
        found["given"] = True
    names = [search_key(name) for name in (entity.name, *entity.aliases)]
    names[1:] = sorted({alias for alias in names[1:] if alias} - {names[0]})
    whole = "\n" + "\n".join(names) + "\n"
    long = len(whole) > LONGEST // 4 and len(whole.encode()) > LONGEST
    return found | {"head": names[0][:HEAD]} | ({"keys": whole, "long": True} if long else {"search": whole})


def record_properties(record: Record) -> Properties:
    """Properties of an EgText; nested fields as JSON. By the last ones it is found.

    `head` is how the key of its item begins; `about` every id it names, or, where that is too long for its
    index, `names` beside `long`.
    """
    subgraph = record.subgraph
    for name in ("wording", "seed", "tokens_in", "tokens_out"):
        if not -LARGEST <= getattr(record, name) <= LARGEST:
            raise StoreError(
                f"cannot write the text {record.id}: its {name} {getattr(record, name)} does not fit into 64 bits"
            )
    found = {
        **_taken(record, _RECORD),
        **{name: list(getattr(record, name)) for name in _LISTS},
        "subgraph": _json([subgraph.entities, subgraph.relations, subgraph.documents, subgraph.slots]),
        "asked": _json([[one.entity, one.name, one.candidates, one.named] for one in record.asked]),
        "relations": _json(record.relations),
        "checks": _json([[check.name, check.outcome, check.reason] for check in record.checks]),
        "head": record.item[:HEAD],
    }
    if record.cost_usd is not None:
        found["cost_usd"] = float(record.cost_usd)
    names = " ".join(about(record))
    return found | ({"names": names, "long": True} if len(names.encode()) > LONGEST else {"about": names})


def about(record: Record) -> list[str]:
    """Every id a text names, with a letter before it: e an entity, d a document, c a chunk."""
    subgraph = record.subgraph
    entities = {*subgraph.entities, *(one.entity for one in record.asked)}
    documents = {*record.documents, *subgraph.documents}
    return sorted(
        [*map("e{}".format, entities), *map("d{}".format, documents), *map("c{}".format, set(record.chunks))]
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


# ---- and back ------------------------------------------------------------------------------------


def _record(found: Mapping[str, Any]) -> Record:
    fields: Properties = {name: found.get(name) for name in _RECORD}
    entities, joined, meant, slots = json.loads(found["subgraph"])
    fields["subgraph"] = Subgraph(
        tuple(entities), tuple(joined), tuple(meant), tuple((key, value) for key, value in slots)
    )
    fields["asked"] = asked_of(found["asked"])
    fields["relations"] = tuple(tuple(relation) for relation in json.loads(found["relations"]))
    fields["checks"] = tuple(Check(*check) for check in json.loads(found["checks"]))
    for name in _LISTS:
        fields[name] = tuple(found[name])
    return Record(**fields)


def asked_of(value: str) -> tuple[Asked, ...]:
    """What a text was asked about, from its JSON."""
    return tuple(
        Asked(entity, name, tuple(behind), named) for entity, name, behind, named in json.loads(value)
    )


def _plain(kind: type, fields: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Any]:
    tuples = {"surfaces", "aliases"} & set(fields)

    def made(found: Mapping[str, Any]) -> Any:
        values = {name: found.get(name) for name in fields}
        for name in tuples:
            values[name] = tuple(values[name] or ())
        return kind(**values)

    return made


def _entity(found: Mapping[str, Any]) -> Entity:
    return Entity(
        found["id"],
        found["name"],
        found["type"],
        found["sense"],
        found["description"],
        tuple(found["aliases"]),
        found.get("given", False),
    )


MAKE: Mapping[type, Callable[[Mapping[str, Any]], Any]] = {
    Document: _plain(Document, _DOCUMENT),
    Chunk: _plain(Chunk, _CHUNK),
    Candidate: _plain(Candidate, _CANDIDATE),
    Mention: _plain(Mention, _MENTION),
    Evidence: _plain(Evidence, _EVIDENCE),
    Entity: _entity,
    Record: _record,
}
