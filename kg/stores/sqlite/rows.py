"""Rows read back as the types of `kg.model`: one query for each kind and column."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
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
    Relation,
    Resolution,
    Subgraph,
)
from kg.store import DocumentInfo
from kg.stores.sqlite.encoding import texts_of

RECORD = (
    "id, item, kind, title, text, language, strategy, version, model, subgraph, asked, relations, documents, chunks, "
    "call, run, sampler, wording, seed, author, parent, checks, status, left_out, tokens_in, tokens_out, cost_usd"
)
_RECORD = RECORD.split(", ")

_IDS = "(SELECT as_id(value) FROM json_each(:ids))"
_TEXTS = "(SELECT as_text(value) FROM json_each(:ids))"
_ENTITIES = f"(SELECT row FROM entity WHERE id IN {_IDS})"
_DOCUMENTS = f"(SELECT row FROM document WHERE id IN {_IDS})"

SELECT: dict[type, str] = {
    Document: "SELECT d.id, d.sha256, d.title, b.text, d.source, d.language, d.author, d.year "
    "FROM document d JOIN body b ON b.row = d.body",
    Chunk: "SELECT c.id, b.document, c.start, c.stop, c.language FROM chunk c JOIN body b ON b.row = c.body",
    Candidate: "SELECT a.id, d.id, a.name, t.text, a.surfaces, a.description "
    "FROM candidate a JOIN document d ON d.row = a.document JOIN term t ON t.row = a.type",
    Mention: "SELECT a.id, c.id, m.start, m.stop, m.surface FROM mention m "
    "JOIN candidate a ON a.row = m.candidate JOIN chunk c ON c.row = m.chunk "
    "JOIN document d ON d.row = a.document",
    Evidence: "SELECT s.id, l.text, t.id, c.id, v.start, v.stop, v.description, v.weight FROM evidence v "
    "JOIN candidate s ON s.row = v.source JOIN candidate t ON t.row = v.target "
    "JOIN term l ON l.row = v.label JOIN chunk c ON c.row = v.chunk JOIN document d ON d.row = s.document",
    Resolution: "SELECT a.id, e.id, a.reason, a.said_by FROM candidate a JOIN entity e ON e.row = a.entity",
    Entity: "SELECT e.id, e.name, t.text, e.sense, e.description, e.aliases, e.given "
    "FROM entity e JOIN term t ON t.row = e.type",
    Relation: "SELECT r.id, s.id, l.text, t.id, r.description, r.weight, r.given FROM relation r "
    "JOIN entity s ON s.row = r.source JOIN entity t ON t.row = r.target JOIN term l ON l.row = r.label",
    Record: f"SELECT {RECORD} FROM record",
}

ORDER: dict[type, str] = {
    Document: "d.id",
    Chunk: "c.id",
    Candidate: "a.id",
    Mention: "d.id, m.start, m.stop, a.id, c.id",
    Evidence: "d.id, v.start, v.stop, s.id, l.text, t.id, c.id",
    Resolution: "a.id",
    Entity: "e.id",
    Relation: "r.id",
    Record: "id",
}

_PIECE = "(v.source, v.label, v.target, v.chunk, v.start, v.stop)"
_OF_ENTITY = f"(SELECT row FROM candidate WHERE entity IN {_ENTITIES})"

WHERE: dict[type, dict[str, str]] = {
    Document: {"": "", "id": f"d.id IN {_IDS}"},
    Chunk: {
        "": "c.document IS NOT NULL",
        "id": f"c.id IN {_IDS}",
        "document": f"c.document IN {_DOCUMENTS}",
    },
    Candidate: {
        "": "",
        "id": f"a.id IN {_IDS}",
        "document": f"a.document IN {_DOCUMENTS}",
        "entity": f"a.entity IN {_ENTITIES}",
    },
    Mention: {
        "": "",
        "document": f"m.candidate IN (SELECT row FROM candidate WHERE document IN {_DOCUMENTS})",
        "chunk": f"m.chunk IN (SELECT row FROM chunk WHERE id IN {_IDS})",
        "candidate": f"m.candidate IN (SELECT row FROM candidate WHERE id IN {_IDS})",
        "entity": f"m.candidate IN {_OF_ENTITY}",
    },
    Evidence: {
        "": "",
        "document": f"v.source IN (SELECT row FROM candidate WHERE document IN {_DOCUMENTS})",
        "chunk": f"v.chunk IN (SELECT row FROM chunk WHERE id IN {_IDS})",
        "relation": f"{_PIECE} IN ("
        "SELECT w.source, w.label, w.target, w.chunk, w.start, w.stop FROM relation r "
        "CROSS JOIN candidate x ON x.entity = r.source "
        "CROSS JOIN evidence w ON w.source = x.row AND w.label = r.label "
        "CROSS JOIN candidate y ON y.row = w.target AND y.entity = r.target "
        f"WHERE r.id IN {_IDS})",
        "entity": f"{_PIECE} IN (SELECT w.source, w.label, w.target, w.chunk, w.start, w.stop FROM ("
        f"SELECT source, label, target, chunk, start, stop FROM evidence WHERE source IN {_OF_ENTITY} UNION ALL "
        f"SELECT source, label, target, chunk, start, stop FROM evidence WHERE target IN {_OF_ENTITY}) w)",
    },
    Resolution: {
        "": "",
        "candidate": f"a.id IN {_IDS}",
        "entity": f"a.entity IN {_ENTITIES}",
        "by": f"a.said_by IN {_TEXTS}",
    },
    Entity: {
        "": "NOT e.hidden",
        "id": f"e.id IN {_IDS}",
        "type": f"NOT e.hidden AND e.type IN (SELECT row FROM term WHERE text IN {_TEXTS})",
        "given": f"NOT e.hidden AND e.row IN (SELECT row FROM entity WHERE given = 1) AND '1' IN {_TEXTS}",
    },
    Relation: {
        "": "",
        "id": f"r.id IN {_IDS}",
        "entity": f"(r.source IN {_ENTITIES} OR r.target IN {_ENTITIES})",
        "given": f"r.row IN (SELECT row FROM relation WHERE given = 1) AND '1' IN {_TEXTS}",
    },
    Record: {
        "": "",
        "id": f"id IN {_IDS}",
        "entity": f"row IN (SELECT record FROM record_entity WHERE entity IN {_IDS})",
        "document": f"row IN (SELECT record FROM record_document WHERE document IN {_IDS})",
        **{name: f"{name} IN {_TEXTS}" for name in ("item", "run", "status", "strategy")},
    },
}
TEXTUAL = {"by", "type", "given", "item", "run", "status", "strategy"}


def _record(row: tuple[Any, ...]) -> Record:
    fields: dict[str, Any] = dict(zip(_RECORD, row, strict=True))
    fields["id"] = row[0].hex()
    entities, joined, meant, slots = json.loads(fields["subgraph"])
    fields["subgraph"] = Subgraph(
        tuple(entities), tuple(joined), tuple(meant), tuple((key, value) for key, value in slots)
    )
    fields["asked"] = tuple(
        Asked(entity, name, tuple(behind), named)
        for entity, name, behind, named in json.loads(fields["asked"])
    )
    fields["relations"] = tuple(tuple(relation) for relation in json.loads(fields["relations"]))
    fields["checks"] = tuple(Check(*check) for check in json.loads(fields["checks"]))
    for name in ("documents", "chunks", "left_out"):
        fields[name] = texts_of(fields[name])
    return Record(**fields)


MAKE: dict[type, Callable[[tuple[Any, ...]], Any]] = {
    Document: lambda r: Document(r[0].hex(), *r[1:]),
    Chunk: lambda r: Chunk(r[0].hex(), r[1].hex(), *r[2:]),
    Candidate: lambda r: Candidate(r[0].hex(), r[1].hex(), r[2], r[3], texts_of(r[4]), r[5]),
    Mention: lambda r: Mention(r[0].hex(), r[1].hex(), *r[2:]),
    Evidence: lambda r: Evidence(r[0].hex(), r[1], r[2].hex(), r[3].hex(), *r[4:]),
    Resolution: lambda r: Resolution(r[0].hex(), r[1].hex(), *r[2:]),
    Entity: lambda r: Entity(r[0].hex(), r[1], r[2], r[3], r[4], texts_of(r[5]), bool(r[6])),
    Relation: lambda r: Relation(r[0].hex(), r[1].hex(), r[2], r[3].hex(), r[4], r[5], bool(r[6])),
    Record: _record,
}


def query(kind: type, by: str) -> str:
    """The statement that reads `kind` by that column; ValueError lists the columns there are."""
    if kind not in WHERE:
        known = ", ".join(known.__name__ for known in WHERE)
        raise ValueError(f"cannot read {kind!r}: a store keeps {known}")
    if by not in WHERE[kind]:
        known = ", ".join(repr(name) for name in WHERE[kind] if name)
        raise ValueError(f"cannot read {kind.__name__} by {by!r}: it is read by {known}, or whole")
    where = WHERE[kind][by]
    return f"{SELECT[kind]} {'WHERE ' + where if where else ''} ORDER BY {ORDER[kind]}"


def values(by: str, ids: Iterable[str]) -> str:
    """The ids or texts as one parameter: JSON of hex, so that no value is cut or misread.

    What is not an id matches nothing.
    """
    if by in TEXTUAL:
        return json.dumps([text.encode("utf-8", "replace").hex() for text in ids])
    return json.dumps([id for id in ids if is_id(id)])


def is_id(id: str) -> bool:
    """Whether this is 32 hex digits."""
    try:
        return len(id) == 32 and len(bytes.fromhex(id)) == 16
    except ValueError:
        return False


def rows(connection: sqlite3.Connection, kind: type, statement: str, ids: str) -> Iterator[Any]:
    """Rows of that kind, streamed."""
    make = MAKE[kind]
    cursor = connection.execute(statement, {"ids": ids})
    try:
        for row in cursor:
            yield make(row)
    finally:
        cursor.close()


def follow(connection: sqlite3.Connection, ids: Iterable[str]) -> list[str]:
    """The ids with redirects followed to their end; those without one as they are."""
    wanted = list(ids)
    if connection.execute("SELECT 1 FROM redirect LIMIT 1").fetchone() is None:
        return wanted
    moved = {old.hex(): new.hex() for old, new in connection.execute("SELECT old, new FROM redirect")}
    for i, id in enumerate(wanted):
        while id in moved:
            id = moved[id]
        wanted[i] = id
    return wanted


def behind(connection: sqlite3.Connection, ids: Iterable[str]) -> list[str]:
    """These entity ids and every id that redirects to one of them."""
    found = set(ids)
    statement = f"SELECT old FROM redirect WHERE new IN {_IDS}"
    fresh = set(found)
    while fresh:
        rows = connection.execute(statement, {"ids": values("id", fresh)})
        fresh = {old.hex() for (old,) in rows} - found
        found |= fresh
    return sorted(found)


def entity(connection: sqlite3.Connection, row: int) -> Entity:
    """The entity in that row."""
    found = connection.execute(f"{SELECT[Entity]} WHERE e.row = ?", (row,)).fetchone()
    made: Entity = MAKE[Entity](found)
    return made


def places(
    connection: sqlite3.Connection, chunks: Iterable[str]
) -> Iterator[tuple[str, list[tuple[str, int, int]]]]:
    """Each text once, with the chunks in it: (id, start, end), offsets into this text."""
    found: dict[int, list[tuple[str, int, int]]] = {}
    for body, id, start, stop in connection.execute(
        f"SELECT body, id, start, stop FROM chunk WHERE id IN {_IDS}", {"ids": values("id", chunks)}
    ):
        found.setdefault(body, []).append((id.hex(), start, stop))
    for body, inside in found.items():
        text, first = connection.execute("SELECT text, first FROM body WHERE row = ?", (body,)).fetchone()
        yield text, [(id, start - first, stop - first) for id, start, stop in inside]


def documents(connection: sqlite3.Connection) -> list[DocumentInfo]:
    """Every document with its counts, in the order of source."""
    found = connection.execute(
        "SELECT id, sha256, title, source, language, author, year, characters, fingerprint, "
        "(SELECT count(*) FROM chunk WHERE document = d.row), "
        "(SELECT count(*) FROM chunk c JOIN mention m ON m.chunk = c.row WHERE c.document = d.row), "
        "(SELECT count(*) FROM chunk c JOIN evidence v ON v.chunk = c.row WHERE c.document = d.row) "
        "FROM document d ORDER BY source, id"
    )
    return [DocumentInfo(id.hex(), *rest) for id, *rest in found]
