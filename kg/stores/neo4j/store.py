"""The store in Neo4j: a corpus as a graph that others can look at and query."""

import copy
import json
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TypeVar

from kg import neighbours
from kg.graph import Graph
from kg.model import Document, Entity, Record, Relation, Resolution, Subgraph
from kg.store import Derived, DocumentInfo, Past, Reading, Row, StoreError, T
from kg.stores import arrays_cache as cache
from kg.stores.neo4j import (
    around,
    arrays,
    derived,
    keeping,
    loading,
    making,
    reads,
    search,
    seen,
    upserts,
    wiping,
)
from kg.stores.neo4j import rows as asked
from kg.stores.neo4j.access import Access, Login
from kg.stores.neo4j.address import parse
from kg.stores.neo4j.commits import Commits, Head, Questions, Write
from kg.stores.neo4j.holding import Holding

R = TypeVar("R")


class Neo4jStore:
    """A corpus in Neo4j. May be used from several threads; see `kg.store.Store` for what it does.

    The builder's lock is taken at once (`writable=True`), when the first row other than a record is
    written (None), or never (False: every write is refused). A write of more than 100,000 rows is
    several transactions; until its last one the derived graph is refused to everybody but the builder.
    """

    def __init__(
        self,
        location: str,
        *,
        make: bool = False,
        writable: bool | None = None,
        login: Login | None = None,
        local: Path | None = None,
    ) -> None:
        address = parse(location)
        self._location = str(address)
        self._writable = writable
        self._graph: tuple[str, Graph] | None = None
        self._closed = False
        self._writing = threading.RLock()  # of the threads of this process
        self._prepared = make
        self._access = Access(address, login)
        self._commits = Commits(self._access)
        self._holding = Holding(self._access)
        try:
            if make:
                making.make(self._access)
            with self._access.trouble("open"), self._access.session() as session:
                head = self._commits.head(session)
            if loading.STEP in head.unfinished:
                loading.finish(self._access)
            self._corpus_id = head.id
            self._folder = (local or _local()) / head.id
            if writable:
                self._holding.acquire()
        except BaseException:
            self.close()
            raise

    # ---- what it is ------------------------------------------------------------------------------

    @property
    def location(self) -> str:
        """The address, without user and password."""
        return self._location

    @property
    def corpus_id(self) -> str:
        """32 hex digits made with the corpus."""
        return self._corpus_id

    @property
    def folder(self) -> Path:
        """The folder on this machine for journal and runs; made when something is written there."""
        return self._folder

    @property
    def generation(self) -> int:
        """Raised by every commit, by whichever process."""
        return self._head().generation

    @property
    def settings(self) -> dict[str, str]:
        """Settings kept with the corpus; a copy."""
        return self._head().settings

    def set_settings(self, **values: str) -> None:
        """Keep these settings; an empty value removes one."""

        def work(write: Write) -> None:
            old = write.head.settings
            new = {key: value for key, value in {**old, **values}.items() if value}
            if new != old:
                write.set(settings=json.dumps(new, sort_keys=True, ensure_ascii=False))

        self._write(work, locked=False)

    # ---- writing ---------------------------------------------------------------------------------

    def replace_document(self, document: Document, reading: Reading) -> None:
        """Put this document and all that was seen in it in the place of what was there."""
        step = f"document {document.id}"
        self._write(lambda write: seen.replace_document(write, document, reading), step)

    def remove_documents(self, ids: Iterable[str]) -> int:
        """Remove documents and what was seen in them; how many were there."""
        several = list(_several(ids))
        return self._write(
            lambda write: sum(seen.remove_document(write, id) for id in several), "removal of documents"
        )

    def replace_derived(self, derived_rows: Derived) -> None:
        """Put these resolutions, entities and relations in the place of the old ones."""
        self._write(lambda write: derived.replace_derived(write, derived_rows), "derived graph")

    def upsert(self, rows: Iterable[Row]) -> int:
        """Write rows, replacing those of the same id; how many were sent."""
        return self._change(rows, upserts.upsert)

    def delete(self, rows: Iterable[Resolution | Record | Relation | Entity]) -> int:
        """Remove these rows; how many were there."""
        return self._change(rows, upserts.delete)

    def keep(self, past: Past) -> None:
        """Keep this past of another corpus."""
        self._write(lambda write: keeping.keep_past(write, past))

    def _change(self, rows: Iterable[R], work: Callable[[Write, Iterable[R]], int]) -> int:
        """Do the work; the builder's lock is taken first where a row is no record."""
        every = list(rows)
        if not every:
            return 0
        locked = not all(isinstance(row, Record) for row in every)
        return self._write(lambda write: work(write, every), locked=locked, parted=True)

    def _write(
        self, work: Callable[[Write], R], step: str = "", *, locked: bool = True, parted: bool = False
    ) -> R:
        self._may_write()
        with self._writing:
            if locked:
                self._holding.acquire()
            if not self._prepared:
                making.prepare(self._access)
                self._prepared = True
            try:
                return self._commits.write(work, step, parted)
            except BaseException:
                self._prepared = False  # a large load that was cut off has left its constraint out
                raise

    # ---- reading ---------------------------------------------------------------------------------

    def read(self, kind: type[T], by: str = "", ids: Iterable[str] = ()) -> Iterator[T]:
        """Rows of one kind, streamed, all of one commit."""
        asked.check(kind, by)
        several = list(_several(ids))
        return self._stream(kind, by, several)

    def _stream(self, kind: type[T], by: str, ids: list[str]) -> Iterator[T]:
        self._open()
        check = self._check_whole if kind in (Entity, Relation, Resolution) and by != "id" else None
        yield from reads.stream(self._commits, kind, by, ids, check)

    def words(self, chunks: Iterable[str]) -> dict[str, str]:
        """The words of these chunks by id, also of those whose document has changed since; unknown ids are left out."""
        several = list(_several(chunks))
        return self._read(lambda session, corpus: reads.words(session, corpus, several))

    def documents(self) -> list[DocumentInfo]:
        """Every document without its text, in the order of source."""
        self._open()
        return self._commits.read(
            lambda session: reads.documents(session, self._commits.corpus), texts=False
        )[0]

    def past(self) -> Past:
        """What is kept of what is gone."""
        return self._read(reads.past)

    def graph(self) -> Graph:
        """The derived graph as arrays; from memory, else from the cached arrays, else from the server."""
        head = self._head()
        self._check_whole(head)
        if self._graph is None or self._graph[0] != head.graph:
            kept = cache.load(self._folder / "arrays", head.graph, head.generation)
            if kept is not None:
                self._graph = (head.graph, kept)
            else:
                self._graph, head = self._fresh()
        graph = self._graph[1]
        if graph.generation != head.generation:  # written to since, but nothing the graph shows
            graph = copy.copy(graph)
            object.__setattr__(graph, "generation", head.generation)
            self._graph = (head.graph, graph)
        return graph

    def _fresh(self) -> tuple[tuple[str, Graph], Head]:
        """The graph read from the server, and kept where it is large."""
        with self._access.trouble("read"):
            corpus = self._commits.corpus
            found, head = self._commits.read(
                lambda session: arrays.read_graph(session, corpus, 0), texts=False
            )
        self._check_whole(head)
        object.__setattr__(found, "generation", head.generation)
        if len(found) + found.relation_count >= cache.LEAST:
            cache.save(self._folder / "arrays", head.graph, found)
        return (head.graph, found), head

    def search(self, text: str, limit: int = 20) -> list[Entity]:
        """Entities whose name or alias contains the text: exact, prefix, inside, then by alias."""
        return self._read(lambda session, _: search.search(session, text, limit), whole=True)

    def neighbourhood(self, entity: str, hops: int = 1, limit: int = 50) -> Subgraph:
        """The entity, its heaviest neighbours hop by hop, and the relations among them."""
        found = self._around(entity, hops, limit)
        if found is None:
            moved = self._read(lambda session, corpus: reads.follow(session, corpus, [entity]))[0]
            found = self._around(moved, hops, limit) if moved != entity else None
        if found is None:
            raise StoreError(
                f"cannot show what is around the entity {entity!r}: the corpus {self._location!r} has none of that id. "
                "Look its name up with 'entigraph entities list'"
            )
        return found

    def _around(self, entity: str, hops: int, limit: int) -> Subgraph | None:
        """From the arrays where they are at hand and of this commit, else from the server."""
        if self._graph is not None and self._graph[0] == self._head().graph:
            try:
                return neighbours.neighbourhood(self._graph[1], entity, hops, limit)
            except KeyError:
                return None
        return self._read(
            lambda session, corpus: around.neighbourhood(session, corpus, entity, hops, limit), whole=True
        )

    def remove(self) -> None:
        """Remove the corpus, its folder on this machine, and close it."""
        self._may_write()
        self._holding.acquire()
        with self._access.trouble("remove"):
            address = self._access.address
            wiping.wipe(self._access.driver, address.database, address.corpus)
        shutil.rmtree(self._folder, ignore_errors=True)
        self.close()

    def close(self) -> None:
        """Give back connections and the lock."""
        self._closed = True
        self._holding.release()
        self._access.close()

    # ---- the rim ---------------------------------------------------------------------------------

    def _open(self) -> None:
        if self._closed:
            raise StoreError(f"cannot use the corpus {self._location!r}: it was closed. Open it again")

    def _may_write(self) -> None:
        self._open()
        if self._writable is False:
            raise StoreError(
                f"cannot write to the corpus {self._location!r}: it was opened for reading. Open it writable"
            )

    def _head(self) -> Head:
        self._open()
        with self._access.trouble("read"), self._access.session() as session:
            return self._commits.head(session)

    def _read(self, work: Callable[[Questions, str], R], whole: bool = False) -> R:
        """What is read, all of one commit; with `whole`, of a derived graph that is."""
        self._open()
        corpus = self._commits.corpus
        found, head = self._commits.read(lambda session: work(session, corpus))
        if whole:
            self._check_whole(head)
        return found

    def _check_whole(self, head: Head) -> None:
        """Refuse a graph that is half written, but to the builder who is going to mend it."""
        if not head.unfinished or self._holding.held:
            return
        if by := self._holding.refusal():
            raise StoreError(
                f"cannot read the graph of {self._location!r}: its {head.unfinished[0]} is being written ({by})"
            )
        raise StoreError(
            f"cannot read the graph of {self._location!r}: writing its {head.unfinished[0]} was interrupted. "
            "Run the command that wrote it again, it goes on where it stopped"
        )


def _local() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("entigraph")) / "corpora"


def _several(ids: Iterable[str]) -> Iterable[str]:
    if isinstance(ids, str):
        raise ValueError(f"wanted several ids, got one text {ids!r}: put it in a list")
    return chain(ids)
