"""The graph of a corpus as arrays, put together from the columns of its tables."""

import sqlite3

import numpy as np

from kg.graph import Floats, Graph, Ids, Ints
from kg.stores.assembly import Numbers, membership, order_of, supported
from kg.stores.sqlite.columns import places, table, table_with_ids, terms


def read_graph(connection: sqlite3.Connection, generation: int) -> Graph:
    """The derived graph as it stands in this connection's snapshot; rows sorted by id."""
    entity_rows, entity_ids, names, types = _entities(connection)
    relation_ids, ends, labels, weights = _relations(connection)
    documents = connection.execute("SELECT row, id, title FROM document ORDER BY id").fetchall()
    n, m, d = len(entity_ids), len(relation_ids), len(documents)
    place = places(entity_rows, _size(connection, "entity"))
    sources, targets = place[ends[:, 0]], place[ends[:, 1]]
    type_names, type_codes = terms(connection, types)
    label_names, label_codes = terms(connection, labels)

    # What each candidate row stands for: the place of its entity, the place of its document; -1 for none.
    live = "entity IS NOT NULL AND document IS NOT NULL"
    candidates = table(connection, "candidate", "row", ("row", "entity", "document"), live)
    document_place = places(
        np.array([row for row, _, _ in documents], np.int64), _size(connection, "document")
    )
    entity_of = np.full(_size(connection, "candidate"), -1, np.int64)
    entity_of[candidates[:, 0]] = place[candidates[:, 1]]
    document_of = np.full(len(entity_of), -1, np.int64)
    document_of[candidates[:, 0]] = document_place[candidates[:, 2]]

    relations, supporting = _supported(
        connection, entity_of, document_of, sources * max(n, 1) + targets, labels, n
    )
    return Graph(
        entity_ids=entity_ids,
        names=names,
        types=type_codes,
        type_names=type_names,
        mentions=_mentions(connection, entity_of, n),
        relation_ids=relation_ids,
        sources=sources.astype(np.int32),
        targets=targets.astype(np.int32),
        labels=label_codes,
        label_names=label_names,
        weights=weights,
        document_ids=tuple(id.hex() for _, id, _ in documents),
        document_titles=tuple(title for _, _, title in documents),
        entity_documents=membership(entity_of, document_of, n, d),
        relation_documents=membership(relations, supporting, m, d),
        generation=generation,
    )


def _size(connection: sqlite3.Connection, name: str) -> int:
    """One more than the greatest row number."""
    (last,) = connection.execute(f"SELECT coalesce(max(row), 0) FROM {name}").fetchone()
    return int(last) + 1


def _entities(connection: sqlite3.Connection) -> tuple[Numbers, Ids, list[str], Numbers]:
    found = connection.execute("SELECT row, id, type, name FROM entity WHERE hidden = 0").fetchall()
    ids = np.frombuffer(b"".join([row[1] for row in found]), "S16")
    order = order_of(ids)
    rows = np.fromiter((row[0] for row in found), np.int64, len(found))
    types = np.fromiter((row[2] for row in found), np.int64, len(found))
    return rows[order], ids[order], [found[i][3] for i in order.tolist()], types[order]


def _relations(connection: sqlite3.Connection) -> tuple[Ids, Numbers, Numbers, Floats]:
    """Ids, (source, target) rows, label rows and weights, sorted by id."""
    columns, ids = table_with_ids(connection, "relation", ("row", "source", "target", "label"))
    weights = np.ones(len(ids), np.float64)
    # Most weights are 1; the others come one by one, because SQLite prints reals with 15 digits only.
    other = connection.execute("SELECT row, weight FROM relation WHERE weight <> 1.0").fetchall()
    place = places(columns[:, 0], _size(connection, "relation"))
    rows = np.fromiter((row for row, _ in other), np.int64, len(other))
    weights[place[rows]] = np.fromiter((weight for _, weight in other), np.float64, len(other))
    order = order_of(ids)
    columns = columns[order]
    return ids[order], columns[:, 1:3], columns[:, 3], weights[order]


def _mentions(connection: sqlite3.Connection, entity_of: Numbers, n: int) -> Ints:
    counted = "(SELECT candidate, count(*) AS n FROM mention GROUP BY candidate)"
    pairs = table(connection, counted, "candidate", ("candidate", "n"))
    entities = entity_of[pairs[:, 0]]
    known = entities >= 0
    return np.bincount(entities[known], weights=pairs[known, 1], minlength=n).astype(np.int32)


def _supported(
    connection: sqlite3.Connection,
    entity_of: Numbers,
    document_of: Numbers,
    pairs: Numbers,
    labels: Numbers,
    n: int,
) -> tuple[Numbers, Numbers]:
    """(relation, document) of every piece of evidence, as places; `pairs` is source * n + target by relation."""
    spoken = table(connection, "evidence", "source", ("source", "label", "target"))
    ends = entity_of[spoken[:, 0]], entity_of[spoken[:, 2]]
    known = (ends[0] >= 0) & (ends[1] >= 0)
    spoken = spoken[known]
    relations, hit = supported(pairs, labels, ends[0][known] * n + ends[1][known], spoken[:, 1])
    return relations, document_of[spoken[hit, 0]]
