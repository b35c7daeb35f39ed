"""Entities found by name: exact, then prefix, then inside, then the same by alias.

Names are compared as `normal_name` leaves them. Three characters and more are looked up in an FTS5
trigram index. FTS5 finds nothing for fewer, silently, and most Chinese names are shorter: characters
of Chinese, Japanese and Korean are kept singly and in pairs in `gram`; other short queries read the
plain table.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kg.stores.names import search_key
from kg.stores.sqlite.bulk import insert

HEAD = 64  # characters of a name that are indexed for exact and prefix search
_DENSE = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def grams(text: str) -> set[str]:
    """Single characters and pairs of the dense scripts in the text."""
    found: set[str] = set()
    for run in _DENSE.findall(text):
        found.update(run)
        found.update(run[i : i + 2] for i in range(len(run) - 1))
    return found


def add_names(connection: sqlite3.Connection, entities: Iterable[tuple[int, str, Sequence[str]]]) -> None:
    """Make entities findable: (row, name, aliases)."""
    (last,) = connection.execute("SELECT coalesce(max(row), 0) FROM name").fetchone()
    names = []
    for row, name, aliases in entities:
        own = search_key(name)
        others = {search_key(alias) for alias in aliases} - {own} if aliases else ()
        if own:
            names.append((row, 0, own))
        names += [(row, 1, text) for text in others if text]
    rows = [(last + i, *name) for i, name in enumerate(names, 1)]
    insert(connection, "name", "row, entity, alias, text", rows)
    pairs = sorted((gram, row) for row, _, _, text in rows if not text.isascii() for gram in grams(text))
    insert(connection, "gram", "gram, name", pairs)
    connection.execute("INSERT INTO trigram (rowid, text) SELECT row, text FROM name WHERE row > ?", (last,))


def drop_names(connection: sqlite3.Connection, entities: Iterable[int]) -> None:
    """Take the names of these entities (rows) out again."""
    for entity in entities:
        found = connection.execute("SELECT row, text FROM name WHERE entity = ?", (entity,)).fetchall()
        for row, text in found:
            connection.execute(
                "INSERT INTO trigram (trigram, rowid, text) VALUES ('delete', ?, ?)", (row, text)
            )
            connection.executemany(
                "DELETE FROM gram WHERE gram = ? AND name = ?", ((gram, row) for gram in grams(text))
            )
        connection.execute("DELETE FROM name WHERE entity = ?", (entity,))


def search(connection: sqlite3.Connection, text: str, limit: int) -> list[int]:
    """Rows of the entities found, best first; within one rank by name in code points, then by id."""
    wanted = search_key(text)
    found: dict[int, None] = {}
    if not wanted or limit <= 0:
        return []
    inside: tuple[list[int], list[int]] | None = None
    for alias in (0, 1):
        for rank in (_exact, _prefix):
            found.update(dict.fromkeys(rank(connection, wanted, alias, limit)))
            if len(found) >= limit:
                return list(found)[:limit]
        if inside is None:
            inside = _inside(connection, wanted, limit)
        found.update(dict.fromkeys(inside[alias]))
        if len(found) >= limit:
            return list(found)[:limit]
    return list(found)


_ROWS = "SELECT n.entity FROM {} JOIN entity e ON e.row = n.entity WHERE {} ORDER BY {} LIMIT :limit"
_HEAD = f"substr(n.text, 1, {HEAD})"
_EXACT = _ROWS.format("name n", f"n.alias = :alias AND {_HEAD} = :head AND +n.text = :text", "e.id")
_PREFIX = _ROWS.format(
    "name n",
    f"n.alias = :alias AND {_HEAD} >= :head AND {_HEAD} < :after AND n.text >= :text AND n.text < :beyond "
    "AND n.text <> :text",
    f"{_HEAD}, n.text, e.id",
)
# Names and aliases in one pass along the table (`+`: not along the index of names); the id of an entity is looked up only for those that come into question.
_HOLDS = (
    "SELECT n.alias, n.text, n.entity FROM {} instr(n.text, :text) > 1 ORDER BY +n.alias, n.text LIMIT :most"
)
_SCAN = _HOLDS.format("name n WHERE")
_GRAM = _HOLDS.format("gram g CROSS JOIN name n ON n.row = g.name WHERE g.gram = :gram AND")
_TRIGRAM = _HOLDS.format("trigram CROSS JOIN name n ON n.row = trigram.rowid WHERE trigram MATCH :match AND")
_IDS = "SELECT row, id FROM entity WHERE row IN (SELECT value FROM json_each(?))"


def _exact(connection: sqlite3.Connection, text: str, alias: int, limit: int) -> Iterator[int]:
    values = {"alias": alias, "head": text[:HEAD], "text": text, "limit": limit}
    return _entities(connection, _EXACT, values)


def _prefix(connection: sqlite3.Connection, text: str, alias: int, limit: int) -> Iterator[int]:
    values = {"alias": alias, "head": text[:HEAD], "text": text, "limit": limit}
    values |= {"after": _after(text[:HEAD]), "beyond": _after(text)}
    return _entities(connection, _PREFIX, values)


def _inside(connection: sqlite3.Connection, text: str, limit: int) -> tuple[list[int], list[int]]:
    """Entities of which the name, and of which an alias, holds the text further in; aliases only if they are needed."""
    # Enough of both: where fewer names than the limit hold it, all of them and as many aliases are read.
    values: dict[str, Any] = {"text": text, "most": 2 * limit}
    head = text[:HEAD]
    statement = _SCAN
    if len(head) >= 3:
        parts = {head[i : i + 3] for i in [*range(0, len(head) - 2, 3), len(head) - 3]}
        values["match"] = " AND ".join('"' + part.replace('"', '""') + '"' for part in sorted(parts))
        statement = _TRIGRAM
    elif dense := sorted(grams(head), key=len):
        values["gram"] = dense[-1]
        statement = _GRAM
    rows = connection.execute(statement, values).fetchall()
    if (
        len(rows) == 2 * limit
    ):  # others of the last one's name may have been cut off: the lowest ids are wanted
        alias, last, _ = rows[-1]
        kept = [row for row in rows if row[:2] != (alias, last)]
        same = {"alias": alias, "head": last[:HEAD], "text": last, "limit": 2 * limit}
        rows = kept + [(alias, last, row) for row in _entities(connection, _EXACT, same)]
    ids = dict(connection.execute(_IDS, (json.dumps([row for _, _, row in rows]),)))
    rows.sort(key=lambda one: (one[0], one[1], ids[one[2]]))
    names, aliases = ([row for kind, _, row in rows if kind == alias] for alias in (0, 1))
    return names, aliases


def _entities(connection: sqlite3.Connection, statement: str, values: dict[str, Any]) -> Iterator[int]:
    return (row for (row,) in connection.execute(statement, values))


def _after(text: str) -> str:
    """The least text that is greater than every text beginning with this one, in code points."""
    text = text.rstrip("\U0010ffff")
    if not text:
        return "\U0010ffff" * (HEAD + 1)
    last = ord(text[-1]) + 1
    return text[:-1] + chr(0xE000 if last == 0xD800 else last)
