"""The tables of the embedded store, and how an older corpus is brought up to date.

Inside, rows are small integers; the 16-byte ids stand once, in the table of their kind. Types and
labels are kept once, in `term`. `hidden` entities and candidates without a document are those that
only a user's word keeps alive: they are found by id and nowhere else.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

VERSION = 2
APPLICATION = 0x45474B47  # "EGKG", so that a stranger's database is told apart

# From version n to n + 1: the SQL that does it. A change of the tables adds one entry here.
MIGRATIONS: dict[int, str] = {
    1: """
ALTER TABLE body ADD COLUMN first INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entity ADD COLUMN given INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entity_given ON entity (row) WHERE given = 1;
"""
}

TABLES = """
CREATE TABLE corpus (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id BLOB NOT NULL,
    generation INTEGER NOT NULL,
    graph TEXT NOT NULL  -- drawn anew whenever something changes that the graph shows
) STRICT;
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE term (row INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE body (
    row INTEGER PRIMARY KEY,
    document BLOB NOT NULL CHECK (length(document) = 16),
    text TEXT NOT NULL,
    first INTEGER NOT NULL DEFAULT 0  -- where in its document the text begins: not 0 for a copied old chunk
) STRICT;
CREATE INDEX body_document ON body (document);
CREATE TABLE document (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    language TEXT NOT NULL,
    author TEXT,
    year INTEGER,
    characters INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    body INTEGER NOT NULL REFERENCES body (row)
) STRICT;
CREATE INDEX document_body ON document (body);
CREATE TABLE chunk (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    document INTEGER REFERENCES document (row),  -- null: its document changed, but a record cites it
    body INTEGER NOT NULL REFERENCES body (row),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    language TEXT NOT NULL
) STRICT;
CREATE INDEX chunk_document ON chunk (document);
CREATE INDEX chunk_body ON chunk (body);
CREATE TABLE candidate (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    document INTEGER REFERENCES document (row),  -- null: gone, but a user said which entity it is
    name TEXT NOT NULL,
    type INTEGER NOT NULL REFERENCES term (row),
    surfaces TEXT NOT NULL,
    description TEXT NOT NULL,
    entity INTEGER REFERENCES entity (row),  -- these three are its resolution
    reason TEXT,
    said_by TEXT
) STRICT;
CREATE INDEX candidate_document ON candidate (document);
CREATE INDEX candidate_entity ON candidate (entity);
CREATE INDEX candidate_user ON candidate (said_by) WHERE said_by <> 'rule';
CREATE TABLE mention (
    candidate INTEGER NOT NULL REFERENCES candidate (row),
    chunk INTEGER NOT NULL REFERENCES chunk (row),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    surface TEXT NOT NULL,
    PRIMARY KEY (candidate, chunk, start, stop)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_chunk ON mention (chunk);
CREATE TABLE evidence (
    source INTEGER NOT NULL REFERENCES candidate (row),
    label INTEGER NOT NULL REFERENCES term (row),
    target INTEGER NOT NULL REFERENCES candidate (row),
    chunk INTEGER NOT NULL REFERENCES chunk (row),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    description TEXT NOT NULL,
    weight REAL NOT NULL,
    PRIMARY KEY (source, label, target, chunk, start, stop)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_target ON evidence (target);
CREATE INDEX evidence_chunk ON evidence (chunk);

CREATE TABLE entity (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    name TEXT NOT NULL,
    type INTEGER NOT NULL REFERENCES term (row),
    sense TEXT NOT NULL,
    description TEXT NOT NULL,
    aliases TEXT NOT NULL,
    hidden INTEGER NOT NULL DEFAULT 0,
    given INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX entity_hidden ON entity (row) WHERE hidden = 1;
CREATE INDEX entity_given ON entity (row) WHERE given = 1;
CREATE TABLE relation (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    source INTEGER NOT NULL REFERENCES entity (row),
    label INTEGER NOT NULL,  -- a term; not checked, for speed
    target INTEGER NOT NULL REFERENCES entity (row),
    description TEXT NOT NULL,
    weight REAL NOT NULL,
    given INTEGER NOT NULL
) STRICT;
CREATE TABLE redirect (old BLOB PRIMARY KEY, new BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX redirect_new ON redirect (new);

CREATE TABLE name (
    row INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL REFERENCES entity (row),
    alias INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE TABLE gram (
    gram TEXT NOT NULL,
    name INTEGER NOT NULL,
    PRIMARY KEY (gram, name)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE trigram USING fts5 (
    text, content = 'name', content_rowid = 'row', detail = 'none', tokenize = 'trigram case_sensitive 1'
);

CREATE TABLE record (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    item TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    strategy TEXT NOT NULL,
    version TEXT NOT NULL,
    model TEXT NOT NULL,
    subgraph TEXT NOT NULL,
    asked TEXT NOT NULL,
    relations TEXT NOT NULL,
    documents TEXT NOT NULL,
    chunks TEXT NOT NULL,
    call TEXT NOT NULL,
    run TEXT NOT NULL,
    sampler TEXT NOT NULL,
    wording INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    author TEXT NOT NULL,
    parent TEXT,
    checks TEXT NOT NULL,
    status TEXT NOT NULL,
    left_out TEXT NOT NULL,
    tokens_in INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL,
    cost_usd REAL
) STRICT;
CREATE INDEX record_item ON record (item);
CREATE INDEX record_run ON record (run);
CREATE INDEX record_status ON record (status);
CREATE INDEX record_strategy ON record (strategy);
CREATE TABLE record_document (
    document BLOB NOT NULL, record INTEGER NOT NULL REFERENCES record (row), PRIMARY KEY (document, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_document_record ON record_document (record);
CREATE TABLE record_chunk (
    chunk BLOB NOT NULL, record INTEGER NOT NULL REFERENCES record (row), PRIMARY KEY (chunk, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_chunk_record ON record_chunk (record);
CREATE TABLE record_entity (
    entity BLOB NOT NULL, record INTEGER NOT NULL REFERENCES record (row), PRIMARY KEY (entity, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_entity_record ON record_entity (record);
"""

# Dropped before a bulk load and built after it.
BULK_INDEXES = {
    "relation_id": "CREATE UNIQUE INDEX relation_id ON relation (id)",
    "relation_source": "CREATE INDEX relation_source ON relation (source, target)",
    "relation_target": "CREATE INDEX relation_target ON relation (target, source)",
    "relation_given": "CREATE INDEX relation_given ON relation (row) WHERE given = 1",
    "name_entity": "CREATE INDEX name_entity ON name (entity)",
    "name_head": "CREATE INDEX name_head ON name (alias, substr(text, 1, 64))",
}


def create(connection: sqlite3.Connection, corpus_id: str) -> None:
    """Make the tables of an empty corpus in one transaction."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    for statement in _statements(TABLES):
        connection.execute(statement)
    for statement in BULK_INDEXES.values():
        connection.execute(statement)
    connection.execute("INSERT INTO corpus VALUES (1, ?, 0, '')", (bytes.fromhex(corpus_id),))
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def migrate(path: Path, steps: Mapping[int, str] = MIGRATIONS, target: int = VERSION) -> Path | None:
    """Bring the database at `path` to version `target`; the path of the copy kept, None if none was needed.

    The copy is `graph.sqlite.v<old version>` beside it. All steps are one transaction: it is the old
    version or the new one, never between. Raises KeyError for a version no step leads away from.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version >= target:
            return None
        wanted = [steps[n] for n in range(version, target)]
        copy = path.with_name(f"{path.name}.v{version}")
        with closing(sqlite3.connect(copy)) as kept:
            connection.backup(kept)
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone() != (version,):
            connection.execute("ROLLBACK")  # another process was faster
            return copy
        for step in wanted:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {target}")
        connection.execute("COMMIT")
        return copy
    finally:
        connection.close()


def _statements(script: str) -> list[str]:
    """The statements of a script; `executescript` would commit on its own."""
    found, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found
