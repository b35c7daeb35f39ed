"""Writing what was seen: one document with its chunks, candidates, mentions and evidence, whole."""

import sqlite3

from kg.model import Candidate, Chunk, Document, Evidence, Mention
from kg.store import Reading
from kg.stores.readings import check_reading
from kg.stores.sqlite.encoding import Terms, packed, texts

CHUNK = (
    "INSERT INTO chunk (id, document, body, start, stop, language) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) "
    "DO UPDATE SET document = excluded.document, body = excluded.body, start = excluded.start, "
    "stop = excluded.stop, language = excluded.language WHERE (document, body, start, stop, language) IS NOT "
    "(excluded.document, excluded.body, excluded.start, excluded.stop, excluded.language)"
)
CANDIDATE = (
    "INSERT INTO candidate (id, document, name, type, surfaces, description) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (id) DO UPDATE SET document = excluded.document, name = excluded.name, type = excluded.type, "
    "surfaces = excluded.surfaces, description = excluded.description "
    "WHERE (document, name, type, surfaces, description) IS NOT (excluded.document, excluded.name, "
    "excluded.type, excluded.surfaces, excluded.description)"
)
MENTION = (
    "INSERT INTO mention (candidate, chunk, start, stop, surface) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET surface = excluded.surface WHERE surface <> excluded.surface"
)
EVIDENCE = (
    "INSERT INTO evidence (source, label, target, chunk, start, stop, description, weight) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET description = excluded.description, "
    "weight = excluded.weight WHERE (description, weight) IS NOT (excluded.description, excluded.weight)"
)


def replace_document(connection: sqlite3.Connection, document: Document, reading: Reading) -> None:
    """Put the document and what was seen in it in the place of what was there."""
    check_reading(document, reading)
    row, body = put_document(connection, document, reading.fingerprint)
    _forget(connection, row)
    terms = Terms(connection)
    kept = [packed(chunk.id) for chunk in reading.chunks]
    connection.executemany(CHUNK, (chunk_row(chunk, row, body) for chunk in reading.chunks))
    _retire(connection, "chunk", row, kept)
    kept = [packed(candidate.id) for candidate in reading.candidates]
    connection.executemany(
        CANDIDATE, (candidate_row(candidate, row, terms) for candidate in reading.candidates)
    )
    _retire(connection, "candidate", row, kept)
    chunks = _rows_of(connection, "chunk", row)
    named = _rows_of(connection, "candidate", row)
    connection.executemany(
        MENTION, (mention_row(m, named[m.candidate], chunks[m.chunk]) for m in reading.mentions)
    )
    connection.executemany(
        EVIDENCE,
        (
            evidence_row(e, named[e.source], terms[e.label], named[e.target], chunks[e.chunk])
            for e in reading.evidence
        ),
    )
    drop_bodies(connection, packed(document.id))


def put_document(connection: sqlite3.Connection, document: Document, fingerprint: str) -> tuple[int, int]:
    """Write the document's own row and text; rows of document and body. New words make records stale."""
    id = packed(document.id)
    old = connection.execute("SELECT row, sha256, body FROM document WHERE id = ?", (id,)).fetchone()
    if old is not None and old[1] == document.sha256:
        row, _, body = old
    else:
        insert = "INSERT INTO body (document, text) VALUES (?, ?)"
        body = connection.execute(insert, (id, document.text)).lastrowid
        row = None if old is None else old[0]
        if old is not None:
            make_stale(connection, id)
    columns = (
        id,
        document.sha256,
        document.title,
        document.source,
        document.language,
        document.author,
        document.year,
        len(document.text),
        fingerprint,
        body,
    )
    connection.execute(
        "INSERT INTO document (row, id, sha256, title, source, language, author, year, characters, fingerprint, "
        "body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (row) DO UPDATE SET sha256 = excluded.sha256, "
        "title = excluded.title, source = excluded.source, language = excluded.language, "
        "author = excluded.author, year = excluded.year, characters = excluded.characters, "
        "fingerprint = excluded.fingerprint, body = excluded.body WHERE (sha256, title, source, language, author, "
        "year, fingerprint, body) IS NOT (excluded.sha256, excluded.title, excluded.source, excluded.language, "
        "excluded.author, excluded.year, excluded.fingerprint, excluded.body)",
        (row, *columns),
    )
    if row is None:
        (row,) = connection.execute("SELECT row FROM document WHERE id = ?", (id,)).fetchone()
    return row, body


def upsert_document(connection: sqlite3.Connection, document: Document) -> None:
    """Write a document alone. If its words changed, what was seen in it goes: its offsets no longer hold."""
    id = packed(document.id)
    old = connection.execute("SELECT sha256, fingerprint FROM document WHERE id = ?", (id,)).fetchone()
    if old is not None and old[0] != document.sha256:
        replace_document(connection, document, Reading())
    else:
        put_document(connection, document, "" if old is None else old[1])


def remove_document(connection: sqlite3.Connection, id: str) -> bool:
    """Remove a document and what was seen in it; whether it was there."""
    key = packed(id)
    found = connection.execute("SELECT row FROM document WHERE id = ?", (key,)).fetchone()
    if found is None:
        return False
    make_stale(connection, key)
    _forget(connection, found[0])
    _retire(connection, "chunk", found[0], [])
    _retire(connection, "candidate", found[0], [])
    connection.execute("DELETE FROM document WHERE row = ?", found)
    drop_bodies(connection, key)
    return True


def make_stale(connection: sqlite3.Connection, document: bytes) -> None:
    """Records that rest on the document, or cite a chunk of it, no longer count."""
    connection.execute(
        "UPDATE record SET status = 'stale' WHERE status IN ('accepted', 'edited') AND row IN ("
        "SELECT record FROM record_document WHERE document = :id UNION "
        "SELECT k.record FROM body b JOIN chunk c ON c.body = b.row JOIN record_chunk k ON k.chunk = c.id "
        "WHERE b.document = :id)",
        {"id": document},
    )


def drop_bodies(connection: sqlite3.Connection, document: bytes) -> None:
    """Remove old texts of the document that no chunk needs any more."""
    connection.execute(
        "DELETE FROM body WHERE document = ? AND NOT EXISTS (SELECT 1 FROM chunk WHERE body = body.row) "
        "AND NOT EXISTS (SELECT 1 FROM document WHERE body = body.row)",
        (document,),
    )


def sweep(connection: sqlite3.Connection) -> None:
    """Remove old chunks that no record cites any more, and entities that no user's word needs."""
    rows = connection.execute(
        "SELECT c.row, b.document FROM chunk c JOIN body b ON b.row = c.body WHERE c.document IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM record_chunk WHERE chunk = c.id)"
    ).fetchall()
    connection.executemany("DELETE FROM chunk WHERE row = ?", ((row,) for row, _ in rows))
    for document in {document for _, document in rows}:
        drop_bodies(connection, document)
    connection.execute(
        "DELETE FROM entity WHERE hidden = 1 AND NOT EXISTS (SELECT 1 FROM candidate WHERE entity = entity.row)"
    )


def chunk_row(chunk: Chunk, document: int, body: int) -> tuple[bytes, int, int, int, int, str]:
    """The columns of CHUNK."""
    return packed(chunk.id), document, body, chunk.start, chunk.end, chunk.language


def candidate_row(candidate: Candidate, document: int, terms: Terms) -> tuple[bytes, int, str, int, str, str]:
    """The columns of CANDIDATE."""
    surfaces = texts(candidate.surfaces)
    return (
        packed(candidate.id),
        document,
        candidate.name,
        terms[candidate.type],
        surfaces,
        candidate.description,
    )


def mention_row(mention: Mention, candidate: int, chunk: int) -> tuple[int, int, int, int, str]:
    """The columns of MENTION."""
    return candidate, chunk, mention.start, mention.end, mention.surface


def evidence_row(
    evidence: Evidence, source: int, label: int, target: int, chunk: int
) -> tuple[int, int, int, int, int, int, str, float]:
    """The columns of EVIDENCE."""
    place = evidence.start, evidence.end
    return source, label, target, chunk, *place, evidence.description, evidence.weight


def _forget(connection: sqlite3.Connection, document: int) -> None:
    for table in ("mention", "evidence"):
        connection.execute(
            f"DELETE FROM {table} WHERE chunk IN (SELECT row FROM chunk WHERE document = ?)", (document,)
        )


def _retire(connection: sqlite3.Connection, table: str, document: int, kept: list[bytes]) -> None:
    """Take leave of the document's rows that are not kept; those still needed stay without a document."""
    needed = {
        "chunk": "EXISTS (SELECT 1 FROM record_chunk WHERE chunk = chunk.id)",
        "candidate": "said_by = 'user'",
    }[table]
    rows = dict(connection.execute(f"SELECT id, row FROM {table} WHERE document = ?", (document,)))
    for id in kept:
        rows.pop(id, None)
    gone = [(row,) for row in rows.values()]
    connection.executemany(f"UPDATE {table} SET document = NULL WHERE row = ? AND {needed}", gone)
    connection.executemany(f"DELETE FROM {table} WHERE row = ? AND document IS NOT NULL", gone)


def _rows_of(connection: sqlite3.Connection, table: str, document: int) -> dict[str, int]:
    found = connection.execute(f"SELECT id, row FROM {table} WHERE document = ?", (document,))
    return {id.hex(): row for id, row in found}
