"""What is kept of what is gone: redirects, cited chunks of changed documents, entities a user's word needs."""

import sqlite3

from kg.model import Chunk, Entity
from kg.store import Past, StoreError
from kg.stores.sqlite.derived import Differences, add_redirects, entity_row, write_entities
from kg.stores.sqlite.encoding import Terms, packed
from kg.stores.sqlite.rows import MAKE, SELECT

_OLD_CHUNKS = (
    "SELECT c.id, b.document, c.start, c.stop, c.language, b.row, b.first FROM chunk c JOIN body b ON b.row = c.body "
    "WHERE c.document IS NULL ORDER BY c.id"
)


def read_past(connection: sqlite3.Connection) -> Past:
    """The past of the corpus; `connection` must see one commit."""
    redirects = {
        old.hex(): new.hex() for old, new in connection.execute("SELECT old, new FROM redirect ORDER BY old")
    }
    chunks = []
    for id, document, start, stop, language, body, first in connection.execute(_OLD_CHUNKS).fetchall():
        (text,) = connection.execute("SELECT text FROM body WHERE row = ?", (body,)).fetchone()
        words = text[start - first : stop - first]
        chunks.append((Chunk(id.hex(), document.hex(), start, stop, language), words))
    hidden = connection.execute(f"{SELECT[Entity]} WHERE e.hidden = 1 ORDER BY e.id")
    return Past(redirects, chunks, [MAKE[Entity](row) for row in hidden])


def keep_past(connection: sqlite3.Connection, past: Past) -> None:
    """Write this past beside what is there: see `kg.store.Store.keep`."""
    terms = Terms(connection)
    hidden = {row[0]: (*row[:6], 1, row[7]) for row in (entity_row(one, terms) for one in past.entities)}
    known = {id for (id,) in connection.execute("SELECT id FROM entity")} if hidden else set()
    added = [hidden[id] for id in sorted(hidden.keys() - known)]
    write_entities(connection, Differences(added=added))
    for chunk, words in past.chunks:
        _keep_chunk(connection, chunk, words)
    kept = {packed(old) for old in past.redirects}
    gone = [(old,) for (old,) in connection.execute("SELECT old FROM redirect") if old not in kept]
    connection.executemany("DELETE FROM redirect WHERE old = ?", gone)
    add_redirects(connection, past.redirects)


def _keep_chunk(connection: sqlite3.Connection, chunk: Chunk, words: str) -> None:
    """A chunk without a document, and a text that is its words alone."""
    if len(words) != chunk.end - chunk.start:
        raise StoreError(
            f"cannot keep the words of {chunk}: they are {len(words)} characters long, its offsets say "
            f"{chunk.end - chunk.start}. Hand in what `past` returned"
        )
    id = packed(chunk.id)
    if connection.execute("SELECT 1 FROM chunk WHERE id = ?", (id,)).fetchone():
        return
    body = connection.execute(
        "INSERT INTO body (document, text, first) VALUES (?, ?, ?)",
        (packed(chunk.document), words, chunk.start),
    ).lastrowid
    connection.execute(
        "INSERT INTO chunk (id, document, body, start, stop, language) VALUES (?, NULL, ?, ?, ?, ?)",
        (id, body, chunk.start, chunk.end, chunk.language),
    )
