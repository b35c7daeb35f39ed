"""The neighbourhood of an entity, read without loading the graph."""

from collections.abc import Iterable

from kg.model import Subgraph
from kg.stores.neo4j.commits import Questions
from kg.stores.neo4j.rows import is_id

HUB = 200  # relations above which those of an entity are not all read to find the ones wanted

_CENTRE = "MATCH (c:EgEntity {corpus: $corpus, id: $id}) WHERE c.hidden IS NULL "
# Relations among `known`: from those with few relations, and between hubs pair by pair.
_AMONG = (
    "CALL (known) { UNWIND known AS a WITH a, known WHERE COUNT { (a)-[:REL]->() } <= $hub "
    "MATCH (a)-[r:REL]->(b) WHERE b IN known RETURN r.id AS id "
    "UNION ALL WITH known UNWIND known AS a WITH a, known WHERE COUNT { (a)-[:REL]->() } > $hub "
    "UNWIND known AS b MATCH (a)-[r:REL]->(b) RETURN r.id AS id } "
)
# Most entities have fewer relations than neighbours are wanted: then nothing need be weighed or sorted.
_NEAR = (
    f"{_CENTRE} CALL (c) {{ MATCH (c)-[r:REL]-(o:EgEntity) WITH r, o LIMIT $limit + 1 "
    "RETURN collect(r.id) AS joined, collect(DISTINCT o) AS others } "
    "CALL (joined, others) { WITH joined, others WHERE size(joined) <= $limit WITH others AS known "
    f"{_AMONG} RETURN collect(id) AS among }} "
    "RETURN [[o IN others | o.id], joined, among] AS row"
)
_HEAVIEST = (
    "MATCH (a:EgEntity) WHERE a.corpus = $corpus AND a.id IN $edge MATCH (a)-[r:REL]-(o:EgEntity) "
    "WHERE NOT o.id IN $known WITH o, sum(r.weight) AS weight ORDER BY weight DESC, o.id LIMIT $room RETURN o.id"
)
_JOINED = (
    "MATCH (a:EgEntity) WHERE a.corpus = $corpus AND a.id IN $known WITH collect(a) AS known "
    f"{_AMONG} RETURN collect(id) AS row"
)


def neighbourhood(session: Questions, corpus: str, entity: str, hops: int, limit: int) -> Subgraph | None:
    """The entity, its heaviest neighbours hop by hop, the relations among them; None if it is not there."""
    centre = entity.lower() if is_id(entity) else ""
    if hops == 1:
        found = session.last(_NEAR, id=centre, limit=max(limit, 0), hub=HUB)
        if not found:
            return None
        ((others, joined, among),) = found
        if len(joined) <= limit:
            return _subgraph([centre, *others], [*joined, *among])
    elif session.run(f"{_CENTRE} RETURN c.id", corpus=corpus, id=centre).single() is None:
        return None
    known = [centre]
    frontier = [centre]
    for _ in range(hops):
        room = limit + 1 - len(known)
        if room <= 0 or not frontier:
            break
        nearest = session.run(_HEAVIEST, corpus=corpus, edge=frontier, known=known, room=room)
        frontier = [id for (id,) in nearest]
        known += frontier
    (among,) = session.last(_JOINED, known=known, hub=HUB)
    return _subgraph(known, among)


def _subgraph(entities: Iterable[str], relations: Iterable[str]) -> Subgraph:
    return Subgraph(tuple(sorted(set(entities) - {None})), tuple(sorted(set(relations))))
