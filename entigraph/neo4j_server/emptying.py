"""Corpora removed from a Neo4j server, while nobody builds them."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace

from kg.store import CorpusNotFound, StoreError

Login = Callable[[str], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Wipe:
    """What was removed from the database at `address`, or what would be."""

    address: str
    corpora: tuple[str, ...]
    nodes: int
    relations: int
    removed: bool


def wipe(address: str, *, login: Login, every: bool = False, really: bool = False) -> Wipe:
    """Remove the corpus of the address, or every corpus of ours in its database; without `really` count.

    Raises CorpusNotFound where there is none of that name, CorpusLocked while it is being built.
    """
    try:
        from kg.stores.neo4j.access import Access
        from kg.stores.neo4j.address import parse
        from kg.stores.neo4j.holding import Holding
        from kg.stores.neo4j.wiping import corpora, counted
        from kg.stores.neo4j.wiping import wipe as remove
    except ModuleNotFoundError as error:
        if error.name != "neo4j":
            raise
        raise StoreError(
            "the driver of Neo4j is not installed; install it with: pip install 'entigraph[neo4j]'"
        ) from None

    at = parse(address)
    place = f"{at.server}{f'/{at.database}' if at.database else ''}"
    access = Access(at, login)
    try:
        with access.trouble("wipe"):
            there = corpora(access.driver, at.database)
            one = None if every else at.corpus
            found = counted(access.driver, at.database, one)
            names = there if every else [at.corpus]
            if one is not None and one not in there and not found.nodes:
                raise CorpusNotFound(
                    f"there is no corpus {one!r} at {place}. There are: {', '.join(there) or 'none'}"
                )
            if really:
                with ExitStack() as held:
                    for name in names:
                        other = Access(replace(at, corpus=name), login)
                        held.callback(other.close)
                        holding = Holding(other)
                        held.callback(holding.release)
                        holding.acquire()
                    found = remove(access.driver, at.database, one)
    finally:
        access.close()
    return Wipe(place, tuple(names), found.nodes, found.relations, really)
