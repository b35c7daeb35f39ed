"""Rows of a source, gathered in a temporary database: repeats joined, however many there are.

Everything is read before anything is written, so a source with an error in its last line changes
nothing; and what is kept in memory does not grow with the source.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from math import fsum

from kg.importing.base import SHOWN, LeftOut, Named, Row
from kg.importing.senses import SEVERAL, Known, Thing, settled
from kg.model import Entity, Relation, content_id, normal_name

BATCH = 10_000
REMEMBERED = 100_000

# The end of a link is the id of a thing (a blob) or a key of the source (a text).
_TABLES = """
CREATE TABLE thing (
    id BLOB PRIMARY KEY, same BLOB NOT NULL, kind TEXT NOT NULL,
    name TEXT NOT NULL, type TEXT NOT NULL, description TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE alias (thing BLOB NOT NULL, text TEXT NOT NULL, PRIMARY KEY (thing, text)) WITHOUT ROWID;
CREATE TABLE key (id TEXT PRIMARY KEY, thing BLOB) WITHOUT ROWID;
CREATE TABLE link (source NOT NULL, label TEXT, target NOT NULL, weight REAL, description TEXT);
CREATE TABLE home (id PRIMARY KEY, entity TEXT) WITHOUT ROWID;
CREATE TABLE entity (id TEXT PRIMARY KEY, name TEXT, type TEXT, sense TEXT, description TEXT, aliases TEXT)
WITHOUT ROWID;
"""
# Of several descriptions the longest is kept, whatever the order of the rows.
_THING = """
INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET description = excluded.description
WHERE (length(excluded.description), excluded.description) > (length(description), description)
"""
_LINKS = "link LEFT JOIN home AS a ON a.id = link.source LEFT JOIN home AS b ON b.id = link.target"


class Spool:
    """Takes rows in any order, then gives entities and relations, each once."""

    def __init__(self, left_out: LeftOut) -> None:
        self.left_out = left_out
        self._database = sqlite3.connect("", isolation_level=None)  # a file without a name, gone when closed
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA cache_size = -65536")
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")
        self._plain: dict[tuple[str, str], bytes] = {}

    def close(self) -> None:
        """Give the disk space back."""
        self._database.close()

    # ---- taking ----------------------------------------------------------------------------------

    def take(self, rows: Iterable[Row]) -> int:
        """Gather these rows; how many they were."""
        source, count = iter(rows), 0
        while batch := list(islice(source, BATCH)):
            count += len(batch)
            links = []
            for row in batch:
                if isinstance(row, Named):
                    self._named(row)
                elif "" in (row.source, row.target) or any(
                    isinstance(end, Named) and not end.name for end in (row.source, row.target)
                ):
                    self.left_out.add("an end of it has no name", f"a relation {row.label[:60]!r}")
                else:
                    ends = self._end(row.source), self._end(row.target)
                    links.append((ends[0], row.label, ends[1], row.weight, row.description))
            self._database.executemany("INSERT INTO link VALUES (?, ?, ?, ?, ?)", links)
        return count

    def _named(self, row: Named) -> None:
        """A thing of the source; one without a name is left out, and its key remembered."""
        thing = self._thing(row) if row.name else None
        if thing is None:
            self.left_out.add("it has no name", row.description or f"a node {row.key[:60]}".rstrip())
        if row.key:
            self._database.execute("INSERT OR REPLACE INTO key VALUES (?, ?)", (row.key, thing))

    def _end(self, end: Named | str) -> bytes | str:
        return end if isinstance(end, str) else self._thing(end)

    def _thing(self, row: Named) -> bytes:
        pair = (row.name, row.type)
        if not (row.description or row.aliases) and (known := self._plain.get(pair)):
            return known
        normal, kind = normal_name(row.name), normal_name(row.type)
        id = bytes.fromhex(content_id("thing", normal, kind))
        same = bytes.fromhex(content_id("same", normal))
        self._database.execute(_THING, (id, same, kind, row.name, row.type, row.description))
        self._database.executemany(
            "INSERT OR IGNORE INTO alias VALUES (?, ?)", ((id, alias) for alias in row.aliases)
        )
        if len(self._plain) >= REMEMBERED:
            self._plain.clear()
        self._plain[pair] = id
        return id

    # ---- giving ----------------------------------------------------------------------------------

    def settle(self, known: Known) -> int:
        """Decide which entity each thing is; how many entities they are."""
        found = self._database.execute(
            "SELECT id, kind, name, type, description, "
            "(SELECT json_group_array(text) FROM alias WHERE thing = thing.id), same FROM thing ORDER BY same, kind"
        )
        groups = ([_thing(row) for row in rows] for _, rows in groupby(found, key=lambda row: row[6]))
        while batch := list(islice(groups, BATCH)):
            homes, entities = settled(batch, known)
            names = {thing.id: thing.name for group in batch for thing in group}
            for id, home in homes:
                if home is None:
                    self.left_out.add(SEVERAL, f"the name {names[id][:60]!r}")
            self._database.executemany("INSERT INTO home VALUES (?, ?)", homes)
            self._database.executemany(
                "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (e.id, e.name, e.type, e.sense, e.description, json.dumps(e.aliases))
                    for e in sorted(entities, key=lambda entity: entity.id)
                ),
            )
        self._database.execute(
            "INSERT INTO home SELECT key.id, home.entity FROM key LEFT JOIN home ON home.id = key.thing"
        )
        self._leave_links()
        (count,) = self._database.execute("SELECT count(*) FROM entity").fetchone()
        return int(count)

    def _leave_links(self) -> None:
        """Count the links that cannot be relations."""
        for reason, where in (
            ("it names a node that is not in the source", "a.id IS NULL OR b.id IS NULL"),
            (
                "an end of it was left out",
                "a.id IS NOT NULL AND b.id IS NOT NULL AND (a.entity IS NULL OR b.entity IS NULL)",
            ),
            ("it joins a thing to itself", "a.entity = b.entity"),
        ):
            (count,) = self._database.execute(f"SELECT count(*) FROM {_LINKS} WHERE {where}").fetchone()
            if count:
                self.left_out.reasons[reason] += count
                shown = self._database.execute(
                    f"SELECT label, link.source, link.target FROM {_LINKS} WHERE {where} LIMIT ?", (SHOWN,)
                )
                self.left_out.shown += [f"{self._said(*row)}: {reason}" for row in shown]
        del self.left_out.shown[SHOWN:]

    def _said(self, label: str, source: bytes | str, target: bytes | str) -> str:
        names = []
        for end in (source, target):
            found = self._database.execute(
                "SELECT name FROM thing WHERE id = coalesce((SELECT thing FROM key WHERE id = ?1), ?1)",
                (end,),
            ).fetchone()
            names.append((found[0] if found else str(end))[:60])
        return f"the relation {names[0]!r} {label[:60]!r} {names[1]!r}"

    def entities(self) -> Iterator[Entity]:
        """The entities in the order of their ids."""
        found = self._database.execute("SELECT * FROM entity ORDER BY id")
        for id, name, type, sense, description, aliases in found:
            yield Entity(id, name, type, sense, description, tuple(json.loads(aliases)), given=True)

    def relations(self) -> Iterator[Relation]:
        """The relations by source, label and target; the weights of parallel ones are added."""
        found = self._database.execute(
            f"SELECT a.entity, label, b.entity, weight, description FROM {_LINKS} "
            "WHERE a.entity <> b.entity ORDER BY 1, 2, 3"
        )
        for (source, label, target), rows in groupby(found, key=lambda row: row[:3]):
            weights, descriptions = zip(*(row[3:] for row in rows), strict=True)
            description = max(descriptions, key=lambda text: (len(text), text))
            yield Relation.make(source, label, target, description, fsum(weights), given=True)


def _thing(row: tuple[bytes, str, str, str, str, str, bytes]) -> Thing:
    id, kind, name, type, description, aliases, _ = row
    return Thing(id, kind, name, type, description, tuple(json.loads(aliases)))
