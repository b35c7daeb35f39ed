"""The embedded store: a folder with a SQLite database, a journal and the files of runs."""

import copy
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TypeVar

from kg import neighbours
from kg.graph import Graph
from kg.locks import Lock
from kg.model import Document, Entity, Record, Relation, Resolution, Subgraph
from kg.store import Derived, DocumentInfo, Past, Reading, Row, StoreError, T
from kg.stores import arrays_cache as cache
from kg.stores.sqlite import arrays, derived, rows, search, seen, upserts
from kg.stores.sqlite.around import neighbourhood
from kg.stores.sqlite.database import Database
from kg.stores.sqlite.past import keep_past, read_past
from kg.stores.sqlite.place import DATABASE, check_place, make_corpus, remove_corpus

R = TypeVar("R")


class SqliteStore:
    """A corpus in a folder. May be used from several threads; see `kg.store.Store` for what it does.

    The builder's lock is taken at once (`writable=True`), when the first row other than a record is
    written (None), or never (False: every write is refused). Records and settings need no lock:
    several runs may write them side by side.
    """

    def __init__(self, location: str, *, make: bool = False, writable: bool | None = None) -> None:
        self._location = location
        self._folder = Path(location)
        self._writable = writable
        self._graph: tuple[str, Graph] | None = None
        self._lock = Lock(self._folder / "writer.lock", f"the corpus {location!r}")
        self._database = Database(self._folder / DATABASE, location)
        check_place(self._folder, location, make)
        if make and not (self._folder / DATABASE).exists():
            make_corpus(self._folder, location)
        try:
            self._database.check()
            with self._read() as connection:
                (id,) = connection.execute("SELECT id FROM corpus").fetchone()
            self._corpus_id: str = id.hex()
            if writable:
                self._lock.acquire()
        except BaseException:
            self.close()
            raise

    # ---- what it is ------------------------------------------------------------------------------

    @property
    def location(self) -> str:
        """The place as the user wrote it."""
        return self._location

    @property
    def corpus_id(self) -> str:
        """32 hex digits made with the corpus."""
        return self._corpus_id

    @property
    def folder(self) -> Path:
        """The corpus's own folder."""
        return self._folder

    @property
    def generation(self) -> int:
        """Raised by every commit, by whichever process."""
        with self._read() as connection:
            (generation,) = connection.execute("SELECT generation FROM corpus").fetchone()
        return int(generation)

    @property
    def settings(self) -> dict[str, str]:
        """Settings kept with the corpus; a copy."""
        with self._read() as connection:
            return dict(connection.execute("SELECT key, value FROM setting ORDER BY key"))

    def set_settings(self, **values: str) -> None:
        """Keep these settings; an empty value removes one."""
        with self._write(lambda: False, locked=False) as connection:
            connection.executemany(
                "DELETE FROM setting WHERE key = ?", [(k,) for k, v in values.items() if not v]
            )
            connection.executemany(
                "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value "
                "WHERE value <> excluded.value",
                [(key, value) for key, value in values.items() if value],
            )

    # ---- writing ---------------------------------------------------------------------------------

    def replace_document(self, document: Document, reading: Reading) -> None:
        """Put this document and all that was seen in it in the place of what was there."""
        with self._write() as connection:
            seen.replace_document(connection, document, reading)

    def remove_documents(self, ids: Iterable[str]) -> int:
        """Remove documents and what was seen in them; how many were there."""
        with self._write() as connection:
            return sum(seen.remove_document(connection, id) for id in _several(ids))

    def replace_derived(self, derived_rows: Derived) -> None:
        """Put these resolutions, entities and relations in the place of the old ones."""
        # 1e6 relations are written in nine tenths of the time unchecked; their ends were looked up before.
        with self._write(checked=False) as connection:
            derived.replace_derived(connection, derived_rows)

    def upsert(self, rows: Iterable[Row]) -> int:
        """Write rows, replacing those of the same id; how many were sent."""
        return self._change(rows, upserts.upsert)

    def delete(self, rows: Iterable[Resolution | Record | Relation | Entity]) -> int:
        """Remove these rows; how many were there."""
        return self._change(rows, upserts.delete)

    def keep(self, past: Past) -> None:
        """Keep this past of another corpus; what it needs is written after it."""
        with self._write(lambda: False) as connection:
            keep_past(connection, past)

    def _change(self, rows: Iterable[R], work: Callable[[sqlite3.Connection, Iterable[R]], int]) -> int:
        """Do the work in a transaction; the builder's lock is taken when a row that is no record comes by."""
        others = False

        def watched() -> Iterator[R]:
            nonlocal others
            for row in source:
                if not others and not isinstance(row, Record):
                    others = True
                    self._lock.acquire()
                yield row

        source = iter(rows)
        first = next(source, None)
        if first is None:
            return 0
        # Ask for the lock before the transaction: who waits for a builder's would not be told who it is.
        locked = not isinstance(first, Record)
        source = chain([first], source)
        with self._write(lambda: others, locked) as connection:
            return work(connection, watched())

    # ---- reading ---------------------------------------------------------------------------------

    def read(self, kind: type[T], by: str = "", ids: Iterable[str] = ()) -> Iterator[T]:
        """Rows of one kind, streamed, all of one commit."""
        statement = rows.query(kind, by)
        return self._stream(kind, statement, by, list(_several(ids)))

    def _stream(self, kind: type[T], statement: str, by: str, ids: list[str]) -> Iterator[T]:
        with self._database.trouble("read"), self._database.snapshot() as connection:
            if by == "entity" or (by == "id" and kind is Entity):
                ids = rows.follow(connection, ids)
            if by == "entity" and kind is Record:
                ids = rows.behind(connection, ids)
            yield from rows.rows(connection, kind, statement, rows.values(by, ids))

    def words(self, chunks: Iterable[str]) -> dict[str, str]:
        """The words of these chunks by id, also of those whose document has changed since; unknown ids are left out."""
        found: dict[str, str] = {}
        with self._read() as connection:
            for body, places in rows.places(connection, _several(chunks)):
                found.update((id, body[start:stop]) for id, start, stop in places)
        return found

    def documents(self) -> list[DocumentInfo]:
        """Every document without its text, in the order of source."""
        with self._read() as connection:
            return rows.documents(connection)

    def graph(self) -> Graph:
        """The derived graph as arrays; from memory, else from the cached arrays, else from the tables."""
        with self._database.trouble("read"), self._database.snapshot() as connection:
            generation, stamp = connection.execute("SELECT generation, graph FROM corpus").fetchone()
            known = self._graph
            if known is not None and known[0] == stamp:
                graph = known[1]
            else:
                kept = cache.load(self._folder / "arrays", stamp, generation)
                graph = kept or arrays.read_graph(connection, generation)
                if kept is None and len(graph) + graph.relation_count >= cache.LEAST:
                    cache.save(self._folder / "arrays", stamp, graph)
        if graph.generation != generation:  # written to since, but nothing the graph shows
            graph = copy.copy(graph)
            object.__setattr__(graph, "generation", generation)
        self._graph = (stamp, graph)
        return graph

    def search(self, text: str, limit: int = 20) -> list[Entity]:
        """Entities whose name or alias contains the text: exact, prefix, inside, then by alias."""
        with self._read() as connection:
            return [rows.entity(connection, row) for row in search.search(connection, text, limit)]

    def neighbourhood(self, entity: str, hops: int = 1, limit: int = 50) -> Subgraph:
        """The entity, its heaviest neighbours hop by hop, and the relations among them."""
        with self._read() as connection:
            (stamp,) = connection.execute("SELECT graph FROM corpus").fetchone()
            graph = self._graph[1] if self._graph is not None and self._graph[0] == stamp else None
            found = _around(connection, graph, entity, hops, limit)
            if found is None:
                (moved,) = rows.follow(connection, [entity])
                found = _around(connection, graph, moved, hops, limit)
        if found is None:
            raise StoreError(
                f"cannot show what is around the entity {entity!r}: the corpus {self._location!r} has none of that id. "
                "Look its name up with 'entigraph entities list'"
            )
        return found

    def past(self) -> Past:
        """What is kept of what is gone."""
        with self._database.trouble("read"), self._database.snapshot() as connection:
            return read_past(connection)

    def remove(self) -> None:
        """Remove the corpus and close it."""
        self._may_write()
        self._lock.acquire()
        self._database.close()
        remove_corpus(self._folder, self._location)
        self._lock.release()

    def close(self) -> None:
        """Give back connections and the lock."""
        self._database.close()
        self._lock.release()

    # ---- the rim ---------------------------------------------------------------------------------

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with self._database.trouble("read"), self._database.reader() as connection:
            yield connection

    @contextmanager
    def _write(
        self, shows: Callable[[], bool] = lambda: True, locked: bool = True, checked: bool = True
    ) -> Iterator[sqlite3.Connection]:
        self._may_write()
        if locked:
            self._lock.acquire()
        with self._database.writing(shows, checked) as connection:
            yield connection

    def _may_write(self) -> None:
        if self._writable is False:
            raise StoreError(
                f"cannot write to the corpus {self._location!r}: it was opened for reading. Open it writable"
            )


def _several(ids: Iterable[str]) -> Iterable[str]:
    if isinstance(ids, str):
        raise ValueError(f"wanted several ids, got one text {ids!r}: put it in a list")
    return ids


def _around(
    connection: sqlite3.Connection, graph: Graph | None, entity: str, hops: int, limit: int
) -> Subgraph | None:
    """From the arrays where they are at hand (half the time), else from the tables."""
    if graph is not None:
        try:
            return neighbours.neighbourhood(graph, entity, hops, limit)
        except KeyError:
            return None
    return neighbourhood(connection, bytes.fromhex(entity) if rows.is_id(entity) else b"", hops, limit)
