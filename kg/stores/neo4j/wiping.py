"""Corpora removed from a database: only nodes under our own labels, and never one transaction of them all.

Removing a node takes its relations with it in one transaction, and a hub with a million of them does
not fit into the server's memory pool. So relations go first, a bounded number a transaction, then their
nodes. The corpus's own row goes last: a wipe that was cut off finds what is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import neo4j

from kg.stores.neo4j.schema import CORPUS, LABELS

NODES = 5_000  # a page of nodes
RELATIONS = 20_000  # a transaction
MINE = dict.fromkeys(LABELS, "n.corpus = $corpus AND n.id >= ''") | {CORPUS: "n.name = $corpus"}


@dataclass(frozen=True, slots=True)
class Wiped:
    """How many nodes and relations were removed, or would be."""

    nodes: int
    relations: int


def corpora(driver: neo4j.Driver, database: str) -> list[str]:
    """The names of the corpora in a database (empty: the server's default one)."""
    with driver.session(database=database or None) as session:
        return [name for (name,) in session.run(f"MATCH (c:{CORPUS}) RETURN c.name ORDER BY c.name")]


def wipe(driver: neo4j.Driver, database: str, corpus: str | None) -> Wiped:
    """Remove one corpus, or all of ours where `corpus` is None; a corpus that is not there is no error.

    Relations that others drew to our nodes go with them; other nodes stay. Cut off at any moment, the
    graph that is left is refused to readers, and the next wipe removes the rest.
    """
    nodes = relations = 0
    with driver.session(database=database or None) as session:
        session.run(_UNFINISHED.format(mine=_mine(CORPUS, corpus)), corpus=corpus).consume()
        for label in (*LABELS, CORPUS):
            while ids := _page(session, label, corpus):
                while removed := _count(session, _DROP_RELATIONS, label, corpus, ids):
                    relations += removed
                nodes += _count(session, _DROP_NODES, label, corpus, ids)
    return Wiped(nodes, relations)


def counted(driver: neo4j.Driver, database: str, corpus: str | None) -> Wiped:
    """What `wipe` would remove."""
    nodes = relations = 0
    with driver.session(database=database or None) as session:
        for label in (*LABELS, CORPUS):
            found = session.run(
                f"MATCH (n:{label}) WHERE {_mine(label, corpus)} RETURN count(n), "
                "sum(COUNT { (n)-->() } + COUNT { (n)<--(o) WHERE none(l IN labels(o) WHERE l IN $ours) })",
                corpus=corpus,
                ours=[*LABELS, CORPUS],
            ).single(strict=True)
            nodes, relations = nodes + found[0], relations + found[1]
    return Wiped(nodes, relations)


_UNFINISHED = f"MATCH (n:{CORPUS}) WHERE {{mine}} SET n.unfinished = ['removal'], n.graph = 'removed'"
# Not (n:label): by its label the planner would look through the whole corpus for every id.
_OURS = "UNWIND $ids AS id MATCH (n) WHERE elementId(n) = id AND '{label}' IN labels(n) AND {mine}"
_DROP_RELATIONS = f"{_OURS} MATCH (n)-[r]-() WITH DISTINCT r LIMIT $most DELETE r RETURN count(*)"
_DROP_NODES = f"{_OURS} DETACH DELETE n RETURN count(*)"


def _page(session: neo4j.Session, label: str, corpus: str | None) -> list[str]:
    query = f"MATCH (n:{label}) WHERE {_mine(label, corpus)} RETURN elementId(n) LIMIT {NODES}"
    return [id for (id,) in session.run(query, corpus=corpus)]


def _mine(label: str, corpus: str | None) -> str:
    if corpus is not None:
        return MINE[label]
    return "n.name IS NOT NULL" if label == CORPUS else "n.corpus IS NOT NULL AND n.id IS NOT NULL"


def _count(session: neo4j.Session, query: str, label: str, corpus: str | None, ids: Sequence[str]) -> int:
    """How many rows a step of deletion removed, in a transaction of its own that is tried again.

    Whose the nodes are is asked once more: a node that somebody else removed since may have left its
    element id to a new one.
    """
    statement = query.format(label=label, mine=_mine(label, corpus))

    def work(tx: neo4j.ManagedTransaction) -> int:
        found = tx.run(statement, ids=ids, most=RELATIONS, corpus=corpus).single(strict=True)
        return int(found[0])

    return session.execute_write(work)
