"""What a user may name as a place: a corpus, or a bare graph file."""

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
def graph_at(place: str) -> Iterator[tuple["Graph", "Store | None"]]:
    """The graph of a corpus, with its store, or of a bare graph file, without one."""
    if is_bare_graph(place):
        from kg.exchange import read_graph

        yield read_graph(Path(place)), None
    else:
        with opened(place) as store:
            yield store.graph(), store
