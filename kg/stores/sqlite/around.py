"""The neighbourhood of an entity, read from the indexes without loading the graph."""

import sqlite3
from collections.abc import Collection, Iterable

from kg.model import Subgraph

FEW = 16

_ENTITY = "SELECT row FROM entity WHERE id = ? AND hidden = 0"
_NEAR = (
    "SELECT r.id, e.row, e.id FROM relation r JOIN entity e ON e.row = r.target WHERE r.source = ?1 UNION ALL "
    "SELECT r.id, e.row, e.id FROM relation r JOIN entity e ON e.row = r.source WHERE r.target = ?1 LIMIT ?2"
)


def neighbourhood(connection: sqlite3.Connection, entity: bytes, hops: int, limit: int) -> Subgraph | None:
    """The entity, its heaviest neighbours hop by hop, the relations among them; None if it is not there."""
    found = connection.execute(_ENTITY, (entity,)).fetchone()
    if found is None:
        return None
    (centre,) = found
    if hops == 1:
        # Most entities have fewer neighbours than are wanted: then nothing need be weighed or sorted.
        near = connection.execute(_NEAR, (centre, limit + 1)).fetchall()
        if len(near) <= limit:
            others = {row: id for _, row, id in near}
            others.pop(centre, None)
            joined = {id for id, _, _ in near}
            joined.update(_among(connection, others))
            return _subgraph([entity, *others.values()], joined)
    known = [centre]
    frontier = [centre]
    for _ in range(hops):
        room = limit + 1 - len(known)
        if room <= 0 or not frontier:
            break
        frontier = _heaviest(connection, frontier, known, room)
        known += frontier
    ids = connection.execute(f"SELECT id FROM entity WHERE row IN ({_marks(known)})", known)
    return _subgraph([id for (id,) in ids], _among(connection, known))


def _heaviest(connection: sqlite3.Connection, edge: list[int], known: list[int], room: int) -> list[int]:
    near = connection.execute(
        f"SELECT e.row FROM (SELECT target AS other, weight FROM relation WHERE source IN ({_marks(edge)}) "
        f"UNION ALL SELECT source, weight FROM relation WHERE target IN ({_marks(edge)})) "
        f"JOIN entity e ON e.row = other WHERE other NOT IN ({_marks(known)}) "
        "GROUP BY other ORDER BY sum(weight) DESC, e.id LIMIT ?",
        (*edge, *edge, *known, room),
    )
    return [row for (row,) in near]


def _among(connection: sqlite3.Connection, rows: Collection[int]) -> list[bytes]:
    """Ids of the relations whose two ends are both among these.

    Few are read from one side, which is faster; for many each pair is looked up, so that a hub among
    them does not have all its relations read.
    """
    if not rows:
        return []
    marks, target = _marks(rows), "+target" if len(rows) <= FEW else "target"
    statement = f"SELECT id FROM relation WHERE source IN ({marks}) AND {target} IN ({marks})"
    return [id for (id,) in connection.execute(statement, (*rows, *rows))]


def _subgraph(entities: Iterable[bytes], relations: Iterable[bytes]) -> Subgraph:
    return Subgraph(
        tuple([id.hex() for id in sorted(entities)]), tuple([id.hex() for id in sorted(relations)])
    )


def _marks(values: Collection[int]) -> str:
    return ",".join("?" * len(values))
