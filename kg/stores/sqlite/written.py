"""Writing records: the texts, and by which documents, chunks and entities they are found."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from kg.model import Record
from kg.stores.sqlite.encoding import packed, texts
from kg.stores.sqlite.rows import RECORD
from kg.stores.sqlite.seen import sweep

_NAMES = RECORD.split(", ")
_UPSERT = (
    f"INSERT INTO record ({RECORD}) VALUES ({', '.join('?' * len(_NAMES))}) ON CONFLICT (id) DO UPDATE SET "
    f"{', '.join(f'{name} = excluded.{name}' for name in _NAMES[1:])} WHERE ({', '.join(_NAMES[1:])}) IS NOT "
    f"({', '.join(f'excluded.{name}' for name in _NAMES[1:])})"
)


def upsert_records(connection: sqlite3.Connection, records: Iterable[Record]) -> None:
    """Write records. What they name need not be there (any more): a paid text is never refused."""
    loosened = False
    for record in records:
        id = packed(record.id)
        old = connection.execute("SELECT row, chunks FROM record WHERE id = ?", (id,)).fetchone()
        connection.execute(_UPSERT, record_row(record))
        (row,) = connection.execute("SELECT row FROM record WHERE id = ?", (id,)).fetchone()
        links = {
            "document": {*record.documents, *record.subgraph.documents},
            "chunk": set(record.chunks),
            "entity": {*record.subgraph.entities, *(asked.entity for asked in record.asked)},
        }
        for name, ids in links.items():
            wanted = {packed(id) for id in ids}
            found = connection.execute(f"SELECT {name} FROM record_{name} WHERE record = ?", (row,))
            present = {id for (id,) in found}
            connection.executemany(
                f"INSERT INTO record_{name} ({name}, record) VALUES (?, ?)",
                sorted((id, row) for id in wanted - present),
            )
            connection.executemany(
                f"DELETE FROM record_{name} WHERE {name} = ? AND record = ?",
                sorted((id, row) for id in present - wanted),
            )
        loosened |= old is not None and bool(set(json.loads(old[1])) - links["chunk"])
    if loosened:
        sweep(connection)


def delete_record(connection: sqlite3.Connection, id: str) -> bool:
    """Remove a record; whether it was there."""
    found = connection.execute("SELECT row FROM record WHERE id = ?", (packed(id),)).fetchone()
    if found is None:
        return False
    for name in ("document", "chunk", "entity"):
        connection.execute(f"DELETE FROM record_{name} WHERE record = ?", found)
    connection.execute("DELETE FROM record WHERE row = ?", found)
    return True


def record_row(record: Record) -> tuple[Any, ...]:
    """The columns RECORD; nested fields as JSON."""
    subgraph = record.subgraph
    nested = {
        "id": packed(record.id),
        "subgraph": _json([subgraph.entities, subgraph.relations, subgraph.documents, subgraph.slots]),
        "asked": _json([[a.entity, a.name, a.candidates, a.named] for a in record.asked]),
        "relations": _json(record.relations),
        "documents": texts(record.documents),
        "chunks": texts(record.chunks),
        "checks": _json([[check.name, check.outcome, check.reason] for check in record.checks]),
        "left_out": texts(record.left_out),
    }
    return tuple(nested[name] if name in nested else getattr(record, name) for name in _NAMES)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
