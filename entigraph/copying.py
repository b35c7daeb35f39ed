"""A corpus copied from one place that a user names to another."""

from contextlib import closing
from typing import TYPE_CHECKING

from entigraph.places import at, is_bare_graph, made, typed
from kg.stores import shown

if TYPE_CHECKING:
    from kg.copying import CopyReport, OnCopied


def copy(
    source: str, target: str, *, replace: bool = False, on_event: "OnCopied | None" = None
) -> "CopyReport":
    """Copy the corpus at `source` to `target`, where none is or an unfinished copy of it; see `kg.copy`.

    With `replace` a corpus that is at `target` is removed first, if it is not the source itself. Raises
    ValueError for a graph file, StoreError where a place is none, before anything is written.
    """
    from kg.copying import copy as carry_out

    _no_graph_files(source, target)
    with closing(at(source, writable=False)) as there:
        if replace:
            _remove(target, keep=there.corpus_id)
        with made(target, writable=True, half=True) as here:
            return carry_out(there, here, on_event)


def _no_graph_files(source: str, target: str) -> None:
    """Raise ValueError where one of the places names a bare graph."""
    if is_bare_graph(source):
        raise ValueError(
            f"cannot copy {source!r}: it is a graph file, not a corpus. "
            f"Make a corpus of it with 'entigraph import {typed(source)} -o {typed(target)}'"
        )
    if is_bare_graph(target):
        raise ValueError(
            f"cannot copy to {target!r}: that names a graph file, a corpus is a folder or an address. Write the "
            f"graph alone with 'entigraph export {typed(source)} -o {typed(target)} --format {target.rpartition('.')[2]}'"
        )


def _remove(place: str, *, keep: str) -> None:
    """Remove the corpus at that place, if there is one and it is not the one to keep."""
    from kg.store import CorpusNotFound, StoreError

    try:
        old = at(place, writable=True, half=True)
    except CorpusNotFound:
        return
    with closing(old):
        if old.corpus_id == keep:
            raise StoreError(
                f"cannot replace {shown(place)!r}: it is the corpus to be copied. Name another place"
            )
        old.remove()
