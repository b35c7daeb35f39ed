"""Rows of mixed kinds, written in batches; and single rows removed again."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from kg.model import Candidate, Chunk, Document, Entity, Evidence, Mention, Record, Relation, Resolution
from kg.store import Row, StoreError
from kg.stores.sqlite.derived import (
    ENTITY,
    RELATION,
    Differences,
    add_redirects,
    entity_row,
    relation_rows,
    write_entities,
    write_relations,
)
from kg.stores.sqlite.encoding import Terms, packed, texts_of
from kg.stores.sqlite.rows import values
from kg.stores.sqlite.search import add_names, drop_names
from kg.stores.sqlite.seen import (
    CANDIDATE,
    CHUNK,
    EVIDENCE,
    MENTION,
    candidate_row,
    chunk_row,
    evidence_row,
    mention_row,
    sweep,
    upsert_document,
)
from kg.stores.sqlite.written import delete_record, upsert_records

BATCH = 20_000
ORDER = (Document, Chunk, Candidate, Mention, Evidence, Entity, Relation, Resolution, Record)


def upsert(connection: sqlite3.Connection, rows: Iterable[Row]) -> int:
    """Write rows in any order, replacing those of the same id; how many were sent.

    A row may come before what it names: it waits to the end. What is still missing then is an error.
    """
    sent = 0
    late: list[Row] = []
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        sent += len(batch)
        late += _write(connection, batch)
    late = _write(connection, late)
    if late:
        raise StoreError(_missing(connection, late[0]))
    return sent


def _write(connection: sqlite3.Connection, rows: Sequence[Row]) -> list[Row]:
    """Write the rows whose ends are there; the others are handed back."""
    sorted_rows: dict[type, list[Any]] = {}
    for row in rows:
        sorted_rows.setdefault(type(row), []).append(row)
    if strange := sorted_rows.keys() - set(ORDER):
        known = ", ".join(kind.__name__ for kind in ORDER)
        raise ValueError(f"cannot write a {strange.pop().__name__}: a store keeps {known}")
    late: list[Row] = []
    terms = Terms(connection)
    for kind in ORDER:
        if kind in sorted_rows:
            late += _WRITERS[kind](connection, sorted_rows[kind], terms)
    return late


class _Ends:
    """Row numbers of the ids that a batch of rows names."""

    def __init__(self, connection: sqlite3.Connection, table: str, ids: Iterable[str]) -> None:
        found = connection.execute(
            f"SELECT id, row FROM {table} WHERE id IN (SELECT as_id(value) FROM json_each(?))",
            (values("id", set(ids)),),
        )
        self.rows: dict[str, int] = {id.hex(): row for id, row in found}

    def has(self, *ids: str) -> bool:
        return all(id in self.rows for id in ids)


def _documents(connection: sqlite3.Connection, rows: list[Document], terms: Terms) -> list[Row]:
    for row in rows:
        upsert_document(connection, row)
    return []


def _chunks(connection: sqlite3.Connection, rows: list[Chunk], terms: Terms) -> list[Row]:
    found = connection.execute(
        "SELECT id, row, body FROM document WHERE id IN (SELECT as_id(value) FROM json_each(?))",
        (values("id", {row.document for row in rows}),),
    )
    homes = {id.hex(): (row, body) for id, row, body in found}
    here = [row for row in rows if row.document in homes]
    connection.executemany(CHUNK, (chunk_row(row, *homes[row.document]) for row in here))
    return [row for row in rows if row.document not in homes]


def _candidates(connection: sqlite3.Connection, rows: list[Candidate], terms: Terms) -> list[Row]:
    ends = _Ends(connection, "document", (row.document for row in rows))
    here = [row for row in rows if ends.has(row.document)]
    connection.executemany(CANDIDATE, (candidate_row(row, ends.rows[row.document], terms) for row in here))
    return [row for row in rows if not ends.has(row.document)]


def _mentions(connection: sqlite3.Connection, rows: list[Mention], terms: Terms) -> list[Row]:
    named = _Ends(connection, "candidate", (row.candidate for row in rows))
    chunks = _Ends(connection, "chunk", (row.chunk for row in rows))
    here = [row for row in rows if named.has(row.candidate) and chunks.has(row.chunk)]
    connection.executemany(
        MENTION, (mention_row(row, named.rows[row.candidate], chunks.rows[row.chunk]) for row in here)
    )
    return [row for row in rows if not (named.has(row.candidate) and chunks.has(row.chunk))]


def _evidence(connection: sqlite3.Connection, rows: list[Evidence], terms: Terms) -> list[Row]:
    ends = _Ends(connection, "candidate", (id for row in rows for id in (row.source, row.target)))
    chunks = _Ends(connection, "chunk", (row.chunk for row in rows))
    late: list[Row] = []
    lines = []
    for row in rows:
        if ends.has(row.source, row.target) and chunks.has(row.chunk):
            source, target = ends.rows[row.source], ends.rows[row.target]
            lines.append(evidence_row(row, source, terms[row.label], target, chunks.rows[row.chunk]))
        else:
            late.append(row)
    connection.executemany(EVIDENCE, lines)
    return late


def _entities(connection: sqlite3.Connection, rows: list[Entity], terms: Terms) -> list[Row]:
    new = {row[0]: row for row in (entity_row(row, terms) for row in rows)}
    write_entities(connection, _against(connection, "entity", ENTITY, new))
    redirected = connection.execute("SELECT 1 FROM redirect LIMIT 1").fetchone()
    if redirected:
        add_redirects(connection, {})
    return []


def _relations(connection: sqlite3.Connection, rows: list[Relation], terms: Terms) -> list[Row]:
    ends = _Ends(connection, "entity", (id for row in rows for id in (row.source, row.target)))
    here = [row for row in rows if ends.has(row.source, row.target)]
    new = {row[0]: row for row in relation_rows(here, ends.rows, terms)}
    write_relations(connection, _against(connection, "relation", RELATION, new))
    return [row for row in rows if not ends.has(row.source, row.target)]


def _resolutions(connection: sqlite3.Connection, rows: list[Resolution], terms: Terms) -> list[Row]:
    entities = _Ends(connection, "entity", (row.entity for row in rows))
    users = [row for row in rows if row.by == "user" and entities.has(row.entity)]
    # A user's word may be about a candidate that is not here (any more): it waits for its return.
    connection.executemany(
        "INSERT INTO candidate (id, document, name, type, surfaces, description) VALUES (?, NULL, '', ?, '[]', '') "
        "ON CONFLICT DO NOTHING",
        ((packed(row.candidate), terms[""]) for row in users),
    )
    named = _Ends(connection, "candidate", (row.candidate for row in rows))
    here = [row for row in rows if entities.has(row.entity) and named.has(row.candidate)]
    connection.executemany(
        "UPDATE candidate SET (entity, reason, said_by) = (?1, ?2, ?3) WHERE row = ?4 "
        "AND (entity, reason, said_by) IS NOT (?1, ?2, ?3)",
        ((entities.rows[row.entity], row.reason, row.by, named.rows[row.candidate]) for row in here),
    )
    _show(connection, {entities.rows[row.entity] for row in here})
    return [row for row in rows if not (entities.has(row.entity) and named.has(row.candidate))]


def _show(connection: sqlite3.Connection, entities: Iterable[int]) -> None:
    """Entities that were hidden show again if a candidate of a document is one of them."""
    for entity in entities:
        found = connection.execute(
            "UPDATE entity SET hidden = 0 WHERE row = ?1 AND hidden = 1 AND EXISTS "
            "(SELECT 1 FROM candidate WHERE entity = ?1 AND document IS NOT NULL) RETURNING name, aliases",
            (entity,),
        ).fetchall()
        add_names(connection, [(entity, name, texts_of(aliases)) for name, aliases in found])


def _records(connection: sqlite3.Connection, rows: list[Record], terms: Terms) -> list[Row]:
    upsert_records(connection, rows)
    return []


_WRITERS: Mapping[type, Any] = {
    Document: _documents,
    Chunk: _chunks,
    Candidate: _candidates,
    Mention: _mentions,
    Evidence: _evidence,
    Entity: _entities,
    Relation: _relations,
    Resolution: _resolutions,
    Record: _records,
}


def _against(
    connection: sqlite3.Connection, table: str, columns: str, new: Mapping[bytes, tuple[Any, ...]]
) -> Differences:
    """These rows against those of the same id that are there."""
    found = connection.execute(
        f"SELECT {columns}, row FROM {table} WHERE id IN (SELECT as_id(value) FROM json_each(?))",
        (values("id", (id.hex() for id in new)),),
    )
    old = {row[0]: row for row in found}
    result = Differences()
    for id in sorted(new):
        if id not in old:
            result.added.append(new[id])
        elif old[id][:-1] != new[id]:
            result.changed.append((old[id][-1], old[id][:-1], new[id]))
    return result


def _missing(connection: sqlite3.Connection, row: Row) -> str:
    """What a row that cannot be written names in vain."""
    ends = {
        Chunk: {"document": "document"},
        Candidate: {"document": "document"},
        Mention: {"candidate": "candidate", "chunk": "chunk"},
        Evidence: {"source": "candidate", "target": "candidate", "chunk": "chunk"},
        Relation: {"source": "entity", "target": "entity"},
        Resolution: {"candidate": "candidate", "entity": "entity"},
    }[type(row)]
    gone = [
        f"its {field} {getattr(row, field)!r} is no {table} of this corpus"
        for field, table in ends.items()
        if not _Ends(connection, table, [getattr(row, field)]).rows
    ]
    return f"cannot write a {type(row).__name__}: {' and '.join(gone)}. Write what it names first; nothing was written"


def delete(connection: sqlite3.Connection, rows: Iterable[Resolution | Record | Relation | Entity]) -> int:
    """Remove these rows by id; how many were there."""
    removed = 0
    for row in rows:
        if isinstance(row, Record):
            removed += delete_record(connection, row.id)
        elif isinstance(row, Relation):
            removed += connection.execute("DELETE FROM relation WHERE id = ?", (packed(row.id),)).rowcount
        elif isinstance(row, Resolution):
            removed += _delete_resolution(connection, row)
        elif isinstance(row, Entity):
            removed += _delete_entity(connection, row)
        else:
            raise ValueError(
                f"cannot delete a {type(row).__name__}: only Resolution, Record, Relation and Entity"
            )
    sweep(connection)
    return removed


def _delete_resolution(connection: sqlite3.Connection, row: Resolution) -> int:
    id = (packed(row.candidate),)
    found = connection.execute(
        "UPDATE candidate SET (entity, reason, said_by) = (NULL, NULL, NULL) WHERE id = ? AND entity IS NOT NULL",
        id,
    )
    connection.execute("DELETE FROM candidate WHERE id = ? AND document IS NULL", id)
    return found.rowcount


def _delete_entity(connection: sqlite3.Connection, row: Entity) -> int:
    found = connection.execute("SELECT row FROM entity WHERE id = ?", (packed(row.id),)).fetchone()
    if found is None:
        return 0
    if connection.execute(
        "SELECT 1 FROM relation WHERE source = ?1 OR target = ?1 UNION ALL SELECT 1 FROM candidate WHERE entity = ?1",
        found,
    ).fetchone():
        raise StoreError(
            f"cannot remove the entity {row.name[:80]!r}: relations or candidates still name it. Remove those first"
        )
    drop_names(connection, found)
    connection.execute("DELETE FROM entity WHERE row = ?", found)
    return 1
