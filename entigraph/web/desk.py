"""What all routes share: the corpus, its graph, what its texts cover, and whether anything may be changed."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Annotated, Self

from fastapi import Depends, Request

from entigraph import places
from entigraph.planning import calls_of
from entigraph.web.kept import Kept
from entigraph.web.picture.atlas import Atlas
from entigraph.web.picture.covered import Covered, covered_of
from entigraph.web.refusals import Gone, ReadOnly
from kg.graph import Graph
from kg.model import Entity
from kg.name_index import NameIndex
from kg.store import Store
from kg.stores import called, shown

DEAR_SECONDS = 0.5
"""Coverage that takes longer to count is counted anew only so often that it takes a fifth of the time."""
MOST_NAMES = 2_000_000


class Desk:
    """A corpus that is served. May be used from several threads.

    `place` is what the user typed, with a password where one was typed: for `places.opened`, never to be shown.
    """

    def __init__(self, place: str, *, read_only: bool = False) -> None:
        self.place = place
        self.read_only = read_only
        self.stopping = threading.Event()
        """Set as soon as the server is to end: streams and runs end with it."""
        self._store = places.at(place, writable=False if read_only else None)
        self._mark = _mark(place)
        self._graphs: Kept[Graph] = Kept()
        self._atlases: Kept[Atlas] = Kept()
        self._covered: Kept[Covered] = Kept()
        self._names: Kept[tuple[Graph, NameIndex]] = Kept()
        self._reading = threading.Lock()
        self._counted, self._cost = 0.0, 0.0
        self._endings: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ---- what is served --------------------------------------------------------------------------

    @property
    def store(self) -> Store:
        """The corpus. Raises Gone where it was deleted or another was made in its place."""
        if self._mark is not None and _mark(self.place) != self._mark:
            raise Gone(
                f"the corpus {self.location!r} is not there any more: it was deleted, moved or built anew. "
                "Start the server again with a corpus that is there"
            )
        return self._store

    @property
    def name(self) -> str:
        """What the corpus is called, for a heading."""
        return called(self.location)

    @property
    def location(self) -> str:
        """Where the corpus is, without user and password."""
        return shown(self._store.location)

    @property
    def typed(self) -> str:
        """The corpus as one types it in a shell, without user and password."""
        return places.typed(self.place)

    def refuse_if_read_only(self) -> None:
        """Raise ReadOnly where nothing may be changed."""
        if self.read_only:
            raise ReadOnly(
                "this server only shows: it was started with --read-only. Start it without to change anything"
            )

    @contextmanager
    def own_store(self) -> Iterator[Store]:
        """The corpus opened for one piece of work that takes the builder's lock, which is given back after it."""
        self.refuse_if_read_only()
        self.store  # noqa: B018  raises where the corpus has gone
        with places.opened(self.place) as store:
            yield store

    # ---- what is known of it ---------------------------------------------------------------------

    def graph(self) -> Graph:
        """The graph of the last commit; kept by the store, loaded once however many ask at the start."""
        store = self.store
        return self._graphs.get(store.generation, store.graph)

    def atlas(self) -> Atlas:
        """What is worked out of the graph once: communities, counts of types and labels."""
        graph = self.graph()
        atlas = self._atlases.last
        if atlas is not None and atlas.fits(graph):
            return atlas
        return self._atlases.get(id(graph.relation_ids), lambda: Atlas(graph))

    def covered(self) -> Covered:
        """What the texts cover, counted once for each generation.

        Where that takes long (many thousands of texts) and texts are being written, it may be of a generation a few seconds
        old, but always of the same graph; `Covered.generation` says which.
        """
        graph = self.graph()
        last = self._covered.last
        recent = time.monotonic() - self._counted < 5 * self._cost
        if last is not None and self._cost > DEAR_SECONDS and recent and _same(last.coverage.graph, graph):
            return last
        return self._covered.get(graph.generation, lambda: self._count(graph))

    def _count(self, graph: Graph) -> Covered:
        began = time.monotonic()
        found = covered_of(self.store, graph, calls_of(self.store))
        self._counted = time.monotonic()
        self._cost = self._counted - began
        return found

    def search(self, text: str, limit: int) -> list[Entity]:
        """Entities whose name or alias holds the text, best first, as `Store.search` finds them.

        From memory where the names are there: a part that very many names hold takes a store a second. Until
        they are read, and for more than two million entities, the store looks.
        """
        graph, store = self.graph(), self.store
        known = self._names.last
        if known is None or not _same(known[0], graph):
            if len(graph) <= MOST_NAMES and self._reading.acquire(blocking=False):
                threading.Thread(target=self._read_names, args=(graph,), name="names", daemon=True).start()
            return store.search(text, limit)
        ids = known[1].search(text, limit)
        entities = {one.id: one for one in store.read(Entity, "id", ids)} if ids else {}
        return [entities[id] for id in ids if id in entities]

    def _read_names(self, graph: Graph) -> None:
        try:
            with suppress(Exception):  # the store looks, and says what is wrong
                self._names.get(id(graph.entity_ids), lambda: (graph, NameIndex(self.store.read(Entity))))
        finally:
            self._reading.release()

    def warm_up(self, then: Callable[[], object] = lambda: None) -> None:
        """Work out in the background what the first picture needs; `then` is called when that is done."""

        def work() -> None:
            with suppress(Exception):  # whoever asks first is told what is wrong
                self.atlas().communities()
                self.covered()
                self.search("a", 1)
            then()

        threading.Thread(target=work, name="warm-up", daemon=True).start()

    # ---- the end ---------------------------------------------------------------------------------

    def at_close(self, ending: Callable[[], None]) -> None:
        """Call this when the desk is closed, the last one first."""
        self._endings.append(ending)

    def close(self) -> None:
        """End what is under way and give the corpus back. Called twice it does nothing the second time."""
        self.stopping.set()
        while self._endings:
            self._endings.pop()()
        self._store.close()


def _same(one: Graph, other: Graph) -> bool:
    return one.relation_ids is other.relation_ids and one.entity_ids is other.entity_ids


def _mark(place: str) -> tuple[int, int] | None:
    """What tells the database file of a folder from another made in its place; None for an address."""
    if places.is_address(place):
        return None
    from kg.stores.sqlite.place import DATABASE

    try:
        found = (Path(place) / DATABASE).stat()
    except OSError:
        return (0, 0)
    return found.st_dev, found.st_ino


async def desk_of(request: Request) -> Desk:
    """The desk of the application that was asked; async, so that no thread is taken for it."""
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(desk_of)]
"""The type of a route's argument that is the desk."""
