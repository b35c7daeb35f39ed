"""Writing records: the texts, and what they cover and rest on as relations to look at."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg.model import Asked, Record
from kg.stores.neo4j import encoding
from kg.stores.neo4j.about import texts_naming
from kg.stores.neo4j.commits import Write
from kg.stores.neo4j.redirects import follow, read_redirects
from kg.stores.readings import checked_id

_READ = "UNWIND $ids AS id MATCH (t:EgText {corpus: $corpus, id: id}) RETURN properties(t)"
_PUT = "UNWIND $rows AS row MERGE (t:EgText {corpus: $corpus, id: row.id}) SET t = row RETURN count(*)"
_LOOSEN = (
    "UNWIND $rows AS row MATCH (t:EgText {corpus: $corpus, id: row.id})-[old:RESTS_ON|COVERS]->() DELETE old "
    "RETURN count(*)"
)
_REST = (
    "UNWIND $rows AS row MATCH (t:EgText {corpus: $corpus, id: row.id}) UNWIND row.chunks AS id "
    "MATCH (c:EgChunk {corpus: $corpus, id: id}) MERGE (t)-[:RESTS_ON]->(c) RETURN count(*)"
)
_STALE = (
    "UNWIND $rows AS id MATCH (t:EgText {corpus: $corpus, id: id}) WHERE t.status IN ['accepted', 'edited'] "
    "SET t.status = 'stale' WITH t OPTIONAL MATCH (t)-[c:COVERS]->() DELETE c RETURN count(*)"
)
_COUNTING = "UNWIND $ids AS id MATCH (t:EgText {corpus: $corpus, id: id}) WHERE t.status IN ['accepted', 'edited'] RETURN id"
_REMOVE = "UNWIND $rows AS id MATCH (t:EgText {corpus: $corpus, id: id}) DETACH DELETE t RETURN count(*)"

_TEXTS = (
    "MATCH (t:EgText) WHERE t.corpus = $corpus AND t.id >= '' AND t.status IN ['accepted', 'edited'] "
    "AND ($ids IS NULL OR t.id IN $ids) "
    "RETURN t.id, t.asked, [(t)-[:COVERS]->(e) WHERE e.corpus = $corpus | e.id]"
)
_IS = (
    "UNWIND $ids AS id MATCH (k:EgCandidate {corpus: $corpus, id: id})-[:IS]->(e:EgEntity) "
    "WHERE e.hidden IS NULL RETURN id, e.id"
)
_HERE = "UNWIND $ids AS id MATCH (e:EgEntity {corpus: $corpus, id: id}) WHERE e.hidden IS NULL RETURN id"
_COVER = (
    "UNWIND $rows AS row MATCH (t:EgText {corpus: $corpus, id: row[0]}) "
    "MATCH (e:EgEntity {corpus: $corpus, id: row[1]}) CREATE (t)-[:COVERS]->(e) RETURN count(*)"
)
_UNCOVER = (
    "UNWIND $rows AS row MATCH (t:EgText {corpus: $corpus, id: row[0]})-[c:COVERS]->"
    "(e:EgEntity {corpus: $corpus, id: row[1]}) DELETE c RETURN count(*)"
)


def upsert_records(write: Write, records: Iterable[Record]) -> None:
    """Write records. What they name need not be there (any more): a paid text is never refused."""
    wanted = {
        checked_id(one.id): {**encoding.record_properties(one), "corpus": write.corpus} for one in records
    }
    found = {row["id"]: row for (row,) in write.rows(_READ, ids=list(wanted))}
    changed = [wanted[id] for id in sorted(wanted) if found.get(id) != wanted[id]]
    if not changed:
        return
    write.put(_PUT, changed, "texts")
    write.run(_LOOSEN, changed)
    write.run(_REST, changed)
    relink(write, [row["id"] for row in changed])
    before = {id for row in changed for id in found.get(row["id"], {}).get("chunks", ())}
    if before - {id for row in changed for id in row["chunks"]}:
        sweep_chunks(write)


def delete_records(write: Write, ids: Sequence[str]) -> int:
    """Remove records; how many were there."""
    return write.run(_REMOVE, sorted(set(ids))) if write.rows(_READ, ids=list(ids)) else 0


def cited_of(write: Write, chunks: Iterable[str]) -> set[str]:
    """Those of the chunks that some text cites."""
    return set().union(*(cited for _, cited in texts_naming(write.tx, write.corpus, "c", chunks)))


def make_stale(write: Write, document: str, chunks: Iterable[str]) -> None:
    """Texts that rest on the document, or cite one of the chunks, no longer count."""
    ids = {
        id
        for letter, named in (("d", [document]), ("c", chunks))
        for id, _ in texts_naming(write.tx, write.corpus, letter, named)
    }
    counting = [id for (id,) in write.rows(_COUNTING, ids=sorted(ids))] if ids else []
    if counting:
        write.run(_STALE, counting)


# ---- what texts cover, as relations --------------------------------------------------------------


def relink(write: Write, ids: Sequence[str] | None = None) -> None:
    """Bring (:EgText)-[:COVERS]->(:EgEntity) up to date for these texts, or for all.

    A text covers the entities that it was asked about and names, as what its candidates are now; where
    none of those is here any more, the entity that took the place of its own.
    """
    texts = [(id, encoding.asked_of(asked), set(now)) for id, asked, now in write.rows(_TEXTS, ids=ids)]
    if not texts:
        return
    behind = sorted({one for _, asked, _ in texts for each in asked for one in each.candidates})
    resolved: dict[str, set[str]] = {}
    for candidate, entity in write.rows(_IS, ids=behind):
        resolved.setdefault(candidate, set()).add(entity)
    redirects = read_redirects(write.tx, write.corpus)
    wanted = {id: covered(asked, resolved, redirects) for id, asked, _ in texts}
    here = {id for (id,) in write.rows(_HERE, ids=sorted(set().union(*wanted.values())))}
    added, gone = [], []
    for id, _, now in texts:
        added += [[id, entity] for entity in sorted(wanted[id] & here - now)]
        gone += [[id, entity] for entity in sorted(now - wanted[id])]
    write.run(_UNCOVER, gone)
    write.put(_COVER, added, "what texts cover")


def covered(
    asked: Iterable[Asked], resolved: Mapping[str, set[str]], redirects: Mapping[str, str]
) -> set[str]:
    """The entities that a text covers now."""
    found: set[str] = set()
    for one in asked:
        if one.named:
            now = set().union(*(resolved.get(candidate, set()) for candidate in one.candidates))
            found |= {follow(id, redirects) for id in now or {one.entity}}
    return found


# ---- what nobody needs any more ------------------------------------------------------------------

_GONE_CHUNKS = "MATCH (n:EgChunk) WHERE n.corpus = $corpus AND n.id >= '' AND n.gone RETURN n.id"
_SWEEP_CHUNKS = (
    "UNWIND $rows AS id MATCH (n:EgChunk {corpus: $corpus, id: id}) DETACH DELETE n RETURN count(*)"
)
_SWEEP_ENTITIES = "MATCH (e:EgEntity) WHERE e.corpus = $corpus AND e.id >= '' AND e.hidden AND NOT (e)<-[:IS]-() RETURN e.id"
_DROP_ENTITIES = (
    "UNWIND $rows AS id MATCH (e:EgEntity {corpus: $corpus, id: id}) DETACH DELETE e RETURN count(*)"
)


def sweep_chunks(write: Write) -> None:
    """Remove old chunks that no record cites any more."""
    gone: list[Any] = [id for (id,) in write.rows(_GONE_CHUNKS)]
    if gone:
        cited = cited_of(write, gone)
        write.run(_SWEEP_CHUNKS, [id for id in gone if id not in cited])


def sweep(write: Write) -> None:
    """Remove old chunks that no record cites any more, and entities that no user's word needs."""
    sweep_chunks(write)
    write.run(_DROP_ENTITIES, [id for (id,) in write.rows(_SWEEP_ENTITIES)])
