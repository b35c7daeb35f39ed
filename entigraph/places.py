"""What a user may name as a place: a corpus, or a bare graph file."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.store import Store

GRAPH_FILES = (".csv", ".tsv", ".graphml")


def is_bare_graph(place: str) -> bool:
    """Whether the place names a graph file: an edge list or GraphML."""
    return place.lower().endswith(GRAPH_FILES)


@contextmanager
def opened(place: str, *, create: bool = False) -> Iterator["Store"]:
    """The corpus at that place, closed afterwards. Raises CorpusNotFound where there is none."""
    from kg.stores import open_corpus

    store = open_corpus(place, create=create)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def looked_at(place: str) -> Iterator["Store | None"]:
    """The corpus at that place, None where there is none: nothing is made."""
    if "://" not in place and not Path(place).exists():
        yield None
    else:
        with opened(place) as store:
            yield store


@contextmanager
def made(place: str) -> Iterator["Store"]:
    """The corpus at that place, made where there is none.

    One that was made here and has nothing in it when an error ends the work is taken away again.
    """
    new = "://" not in place and not Path(place).exists()
    try:
        with opened(place, create=True) as store:
            yield store
    except BaseException:
        if new and _is_empty(place):
            shutil.rmtree(place, ignore_errors=True)
        raise


def _is_empty(place: str) -> bool:
    """Whether a corpus holds no document and no call that was paid for."""
    from kg.model import GraphError

    journal = Path(place) / "journal" / "calls.jsonl"
    try:
        with opened(place) as store:
            return not store.documents() and (not journal.exists() or journal.read_bytes().count(b"\n") < 2)
    except (GraphError, OSError):
        return False


@contextmanager
def graph_at(place: str) -> Iterator[tuple["Graph", "Store | None"]]:
    """The graph of a corpus, with its store, or of a bare graph file, without one."""
    if is_bare_graph(place):
        from kg.exchange import read_graph

        yield read_graph(Path(place)), None
    else:
        with opened(place) as store:
            yield store.graph(), store
