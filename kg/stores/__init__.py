"""Where a corpus can be kept, and the one door to it."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from kg.store import Store, StoreError
from kg.stores.marks import COPYING, Mark

Login = Callable[[str], tuple[str, str] | None]
"""Asked for the user and the password of `host:port`; None where there are none."""


class Factory(Protocol):
    """Opens the corpus at a location of its scheme."""

    def __call__(
        self, location: str, *, make: bool, writable: bool | None, login: Login | None, local: Path | None
    ) -> Store: ...


def _folder(
    location: str, *, make: bool, writable: bool | None, login: Login | None, local: Path | None
) -> Store:
    from kg.stores.sqlite import SqliteStore

    return SqliteStore(location, make=make, writable=writable)


def _neo4j(
    location: str, *, make: bool, writable: bool | None, login: Login | None, local: Path | None
) -> Store:
    try:
        from kg.stores.neo4j import Neo4jStore
    except ModuleNotFoundError as error:
        if error.name != "neo4j":
            raise
        raise StoreError(
            "a corpus in Neo4j needs the driver, which is not installed: pip install 'entigraph[neo4j]'"
        ) from None

    return Neo4jStore(location, make=make, writable=writable, login=login, local=local)


STORES: dict[str, Factory] = {
    "folder": _folder,
    **{scheme + kind: _neo4j for scheme in ("bolt", "neo4j") for kind in ("", "+s", "+ssc")},
}


def open_corpus(
    place: str | Path,
    *,
    create: bool = False,
    writable: bool | None = None,
    login: Login | None = None,
    local: Path | None = None,
    half: bool = False,
) -> Store:
    """The corpus at that place: a folder, or an address such as bolt://host:7687#name.

    With `create` a missing one is made. `writable` True takes the builder's lock at once (CorpusLocked
    says who has it), None when it is first needed, False refuses every write. An address without user
    and password asks `login`; journal and runs of a corpus that is no folder lie under `local`. Half a
    copy (`kg.copy` was interrupted) is refused unless `half`. Raises CorpusNotFound, CorpusTooNew or
    StoreError before anything is done.
    """
    named = str(place)
    name = scheme_of(named) if "://" in named else "folder"
    if name not in STORES:
        known = ", ".join(f"{known}://" for known in sorted(STORES) if known != "folder")
        raise StoreError(
            f"cannot open the corpus {shown(named)!r}: no store is called {name!r}. "
            f"Give a folder such as corpus.kg{' or ' + known if known else ''}"
        )
    if not named:
        raise StoreError("cannot open a corpus without a name: give a folder such as corpus.kg")
    store = STORES[name](named, make=create, writable=writable, login=login, local=local)
    try:
        if not half and (mark := Mark.of(store.settings)):
            raise StoreError(
                f"cannot open the corpus {store.location!r}: it is half a copy of {mark.source!r}. "
                f'Run \'entigraph copy "{mark.source}" "{store.location}"\' again, it goes on where it stopped'
            )
    except BaseException:
        store.close()
        raise
    return store


def scheme_of(place: str) -> str:
    """The scheme of an address; empty for a path.

    >>> scheme_of("bolt://host#name"), scheme_of("corpus.kg")
    ('bolt', '')
    """
    scheme, separator, _ = place.partition("://")
    return scheme if separator else ""


def shown(place: str) -> str:
    """The place without the user and the password that an address may hold.

    >>> shown("bolt://neo4j:secret@host:7687#name")
    'bolt://host:7687#name'
    >>> shown("bolt://neo4j:a#b/c@host")
    'bolt://host'
    """
    scheme, separator, rest = place.partition("://")
    if not separator:
        return place
    host, mark, name = rest.rpartition("#")
    if not mark or (":" in host and "@" in name and "@" not in host):  # no name, or a password with a # in it
        host, mark, name = rest, "", ""
    return f"{scheme}://{host.rpartition('@')[2]}{mark}{name}"


def called(location: str) -> str:
    """What the corpus at that place is called, for a heading.

    >>> called("work/tides.kg"), called("bolt://host:7687#tides")
    ('tides', 'tides')
    """
    _, address, rest = location.partition("://")
    return rest.rpartition("#")[2] if address else Path(location).stem


__all__ = ["COPYING", "STORES", "Factory", "Login", "Mark", "called", "open_corpus", "scheme_of", "shown"]
