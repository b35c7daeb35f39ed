"""Where a corpus can be kept, and the one door to it."""

from pathlib import Path
from typing import Protocol

from kg.store import Store, StoreError


class Factory(Protocol):
    """Opens the corpus at a location of its scheme."""

    def __call__(self, location: str, *, make: bool, writable: bool | None) -> Store: ...


def _folder(location: str, *, make: bool, writable: bool | None) -> Store:
    from kg.stores.sqlite import SqliteStore

    return SqliteStore(location, make=make, writable=writable)


STORES: dict[str, Factory] = {"folder": _folder}


def open_corpus(location: str | Path, *, create: bool = False, writable: bool | None = None) -> Store:
    """The corpus at that place: a folder, or an address such as bolt://host:7687#name.

    With `create` a missing one is made. `writable` True takes the builder's lock at once (CorpusLocked
    says who has it), None when it is first needed, False refuses every write. Raises CorpusNotFound,
    CorpusTooNew or StoreError before anything is done.
    """
    place = str(location)
    scheme, separator, _ = place.partition("://")
    name = scheme if separator else "folder"
    if name not in STORES:
        known = ", ".join(f"{known}://" for known in sorted(STORES) if known != "folder")
        raise StoreError(
            f"cannot open the corpus {place!r}: no store is called {name!r}. "
            f"Give a folder such as corpus.kg{' or ' + known if known else ''}"
        )
    if not place:
        raise StoreError("cannot open a corpus without a name: give a folder such as corpus.kg")
    return STORES[name](place, make=create, writable=writable)


__all__ = ["STORES", "Factory", "open_corpus"]
