"""The neighbourhood of an entity, read from the indexes without loading the graph."""

import sqlite3

from kg.model import Subgraph


def neighbourhood(connection: sqlite3.Connection, entity: bytes, hops: int, limit: int) -> Subgraph | None:
    """The entity, its heaviest neighbours hop by hop, the relations among them; None if it is not there."""
    found = connection.execute("SELECT row FROM entity WHERE id = ? AND hidden = 0", (entity,)).fetchone()
    if found is None:
        return None
    ids = {found[0]: entity}
    frontier = [found[0]]
    for _ in range(hops):
        room = limit - (len(ids) - 1)
        if room <= 0 or not frontier:
            break
        edge, known = _marks(frontier), _marks(ids)
        near = connection.execute(
            "SELECT e.row, e.id FROM (SELECT target AS other, weight FROM relation "
            f"WHERE source IN ({edge}) UNION ALL SELECT source, weight FROM relation WHERE target IN ({edge})) "
            f"JOIN entity e ON e.row = other WHERE other NOT IN ({known}) "
            "GROUP BY other ORDER BY sum(weight) DESC, e.id LIMIT ?",
            (*frontier, *frontier, *ids, room),
        ).fetchall()
        ids.update(near)
        frontier = [row for row, _ in near]
    marks = _marks(ids)
    joined = connection.execute(
        f"SELECT id FROM relation WHERE source IN ({marks}) AND target IN ({marks})", (*ids, *ids)
    ).fetchall()
    return Subgraph(
        tuple(sorted(id.hex() for id in ids.values())), tuple(sorted(id.hex() for (id,) in joined))
    )


def _marks(values: dict[int, bytes] | list[int]) -> str:
    return ",".join("?" * len(values))
