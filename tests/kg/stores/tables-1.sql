-- The tables of version 1 of the embedded store, as its first release made them.
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
    text TEXT NOT NULL
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
    hidden INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX entity_hidden ON entity (row) WHERE hidden = 1;
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
CREATE UNIQUE INDEX relation_id ON relation (id);
CREATE INDEX relation_source ON relation (source, target);
CREATE INDEX relation_target ON relation (target, source);
CREATE INDEX relation_given ON relation (row) WHERE given = 1;
CREATE INDEX name_entity ON name (entity);
CREATE INDEX name_head ON name (alias, substr(text, 1, 64));
PRAGMA application_id = 1162300231;
PRAGMA user_version = 1;
