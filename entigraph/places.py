"""What a user may name as a place: a corpus in a folder or at an address, or a bare graph file."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from entigraph import config

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.store import Store

GRAPH_FILES = (".csv", ".tsv", ".graphml")


def is_address(place: str) -> bool:
    """Whether the place is the address of a corpus, such as bolt://host:7687#handbook."""
    return "://" in place


def is_bare_graph(place: str) -> bool:
    """Whether the place names a graph file: an edge list or GraphML."""
    return place.lower().endswith(GRAPH_FILES) and not is_address(place)


def typed(place: str) -> str:
    """The place as one types it in a shell; never with a password.

    >>> print(typed("handbook.kg"), typed("bolt://neo4j:secret@host:7687#handbook"))
    handbook.kg "bolt://host:7687#handbook"
    """
    from kg.stores import shown

    plain = shown(place)
    if re.fullmatch(r"[\w./+:,@%=-]+", plain):
        return plain
    return '"' + re.sub(r'(["\\$`])', r"\\\1", plain) + '"'


def at(place: str, *, create: bool = False, writable: bool | None = None, half: bool = False) -> "Store":
    """The corpus at that place, with the logins and folders of this user; see `kg.stores.open_corpus`."""
    from kg.stores import open_corpus

    if not is_address(place):
        return open_corpus(place, create=create, writable=writable, half=half)
    return open_corpus(
        place,
        create=create,
        writable=writable,
        half=half,
        login=config.neo4j_login,
        local=config.local_folder(),
    )


def to_write(path: Path | None) -> Path | None:
    """The path of a file to write, as it was given. Raises ValueError for a file that a corpus consists of."""
    if path is None:
        return None
    from kg.stores.sqlite.place import DATABASE, PARTS

    full = path.resolve()
    for corpus in full.parents:
        first = full.relative_to(corpus).parts[0]
        theirs = first in PARTS or first.startswith(DATABASE)
        if theirs and ((corpus / DATABASE).is_file() or (corpus / "journal" / "calls.jsonl").is_file()):
            raise ValueError(
                f"cannot write {str(path)!r}: the corpus {str(corpus)!r} keeps its own data there; name another file"
            )
    return path


@contextmanager
def opened(place: str, *, create: bool = False, writable: bool | None = None) -> Iterator["Store"]:
    """The corpus at that place, closed afterwards. Raises CorpusNotFound where there is none."""
    store = at(place, create=create, writable=writable)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def looked_at(place: str) -> Iterator["Store | None"]:
    """The corpus at that place, None where there is none: nothing is made."""
    if not _is_there(place):
        yield None
    else:
        with opened(place) as store:
            yield store


@contextmanager
def made(place: str, *, writable: bool | None = None, half: bool = False) -> Iterator["Store"]:
    """The corpus at that place, made where there is none.

    One that was made here and has nothing in it when an error ends the work is taken away again.
    """
    new = not _is_there(place)
    store = at(place, create=True, writable=writable, half=half)
    try:
        yield store
    except BaseException:
        store.close()
        if new:
            _take_away_if_empty(place)
        raise
    finally:
        store.close()


def _is_there(place: str) -> bool:
    """Whether something is at that place: a file, a folder, a corpus in a database (whole or half)."""
    if not is_address(place):
        return Path(place).exists()
    from kg.store import CorpusNotFound

    try:
        at(place, writable=False, half=True).close()
    except CorpusNotFound:
        return False
    return True


def _take_away_if_empty(place: str) -> None:
    from kg.copying import held
    from kg.model import GraphError

    try:
        store = at(place, half=True)
        try:
            if not held(store):
                store.remove()
        finally:
            store.close()
    except (GraphError, OSError):
        pass  # what ended the work is told; this is not


@contextmanager
def graph_at(place: str) -> Iterator[tuple["Graph", "Store | None"]]:
    """The graph of a corpus, with its store, or of a bare graph file, without one."""
    if is_bare_graph(place):
        from kg.exchange import read_graph

        yield read_graph(Path(place)), None
    else:
        with opened(place) as store:
            yield store.graph(), store
