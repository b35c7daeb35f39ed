"""What the server can take: the same rows created by plain statements, one client, no check and no index."""

import time
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from benchmarks.neo4j_servers import Bench
from kg.store import Derived

T = TypeVar("T")

STATEMENT, TRANSACTION = 10_000, 50_000  # rows, as the store sends them
_NODES = "UNWIND $rows AS row CREATE (n:BareNode) SET n = row RETURN collect(elementId(n))"
_RELATIONS = (
    "UNWIND $rows AS row MATCH (a) WHERE elementId(a) = row[0] MATCH (b) WHERE elementId(b) = row[1] "
    "CREATE (a)-[:BARE {corpus: 'bare', id: row[2], label: row[3], weight: row[4], description: row[5]}]->(b)"
)
_CLEAR = (
    "MATCH (n:BareNode)-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 20000 ROWS",
    "MATCH (n:BareNode) CALL (n) { DELETE n } IN TRANSACTIONS OF 20000 ROWS",
)


def bare(bench: Bench, derived: Derived) -> dict[str, Any]:
    """Relations per second of plain CREATE statements, entities with four properties included in the time."""
    start, served = time.perf_counter(), bench.server.cpu_seconds
    place: dict[str, str] = {}
    with bench.driver.session() as session:
        for several in _parts(derived.entities, TRANSACTION):
            with session.begin_transaction() as tx:
                for few in _parts(several, STATEMENT):
                    rows = [
                        {"corpus": "bare", "id": one.id, "name": one.name, "type": one.type} for one in few
                    ]
                    made = tx.run(_NODES, rows=rows).single(strict=True)[0]
                    place.update(zip((one.id for one in few), made, strict=True))
                tx.commit()
        ordered = sorted(derived.relations, key=lambda one: (one.source, one.target))
        for some in _parts(ordered, TRANSACTION):
            with session.begin_transaction() as tx:
                for part in _parts(some, STATEMENT):
                    rows_of = [
                        [place[one.source], place[one.target], one.id, one.label, one.weight, one.description]
                        for one in part
                    ]
                    tx.run(_RELATIONS, rows=rows_of).consume()
                tx.commit()
    seconds, served = time.perf_counter() - start, bench.server.cpu_seconds - served
    for statement in _CLEAR:
        bench.rows(statement)
    return {
        "bare_relations_per_second": len(derived.relations) / seconds,
        "bare_seconds": seconds,
        "bare_server_cpu_seconds": served,
    }


def _parts(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))
