"""How ids, tuples of texts, types and labels stand in the tables."""

import json
import sqlite3
from collections.abc import Sequence

from kg.store import StoreError


class Terms(dict[str, int]):
    """Row numbers of types and labels, for one transaction; a new one is written when it is asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__()
        self._connection = connection

    def __missing__(self, text: str) -> int:
        self._connection.execute("INSERT INTO term (text) VALUES (?) ON CONFLICT DO NOTHING", (text,))
        (row,) = self._connection.execute("SELECT row FROM term WHERE text = ?", (text,)).fetchone()
        self[text] = int(row)
        return int(row)


def packed(id: str) -> bytes:
    """The 16 bytes of an id; StoreError where it is not 32 hex digits."""
    try:
        data = bytes.fromhex(id)
    except (ValueError, TypeError):
        data = b""
    if len(data) != 16:
        raise StoreError(f"cannot write the id {id!r}: an id is 32 hex digits. Make it with kg.content_id")
    return data


def pack(ids: Sequence[str]) -> bytes:
    """The ids one after the other, 16 bytes each."""
    try:
        data = bytes.fromhex("".join(ids))
    except (ValueError, TypeError):
        data = b""
    if len(data) != 16 * len(ids) or set(map(len, ids)) - {32}:
        data = b"".join([packed(id) for id in ids])
    return data


def texts(values: Sequence[str]) -> str:
    """A tuple of texts as JSON."""
    return json.dumps(values, ensure_ascii=False) if values else "[]"


def texts_of(value: str) -> tuple[str, ...]:
    """The tuple back."""
    return tuple(json.loads(value)) if value != "[]" else ()
