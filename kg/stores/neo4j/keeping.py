"""Writing the past of another corpus: see `kg.store.Store.keep`."""

from kg.store import Past, StoreError
from kg.stores.neo4j.commits import Write
from kg.stores.neo4j.derived import entity_row
from kg.stores.neo4j.encoding import chunk_properties
from kg.stores.neo4j.redirects import DROP, add_redirects, read_redirects
from kg.stores.readings import checked_id

_THERE = {
    label: f"UNWIND $ids AS id MATCH (n:{label} {{corpus: $corpus, id: id}}) RETURN id"
    for label in ("EgEntity", "EgChunk")
}
_ADD_ENTITIES = "UNWIND $rows AS row CREATE (e:EgEntity) SET e = row RETURN count(*)"
_ADD_CHUNKS = (
    "UNWIND $rows AS row CREATE (n:EgChunk) SET n = row WITH n "
    "OPTIONAL MATCH (d:EgDocument {corpus: $corpus, id: n.document}) "
    "FOREACH (one IN CASE WHEN d IS NULL THEN [] ELSE [d] END | CREATE (n)-[:WAS_IN]->(one)) RETURN count(*)"
)


def keep_past(write: Write, past: Past) -> None:
    """Write this past beside what is there; what is here already stays as it is."""
    entities = {checked_id(one.id): one for one in past.entities}
    chunks = {}
    for chunk, words in past.chunks:
        if len(words) != chunk.end - chunk.start:
            raise StoreError(
                f"cannot keep the words of {chunk}: they are {len(words)} characters long, its offsets say "
                f"{chunk.end - chunk.start}. Hand in what `past` returned"
            )
        row = {**chunk_properties(chunk, words), "corpus": write.corpus, "gone": True}
        chunks[checked_id(chunk.id)] = row
    known = {id for (id,) in write.rows(_THERE["EgEntity"], ids=sorted(entities))}
    hidden = [
        {**entity_row(one, write.corpus), "hidden": True} for id, one in entities.items() if id not in known
    ]
    write.put(_ADD_ENTITIES, hidden, "entities")
    known = {id for (id,) in write.rows(_THERE["EgChunk"], ids=sorted(chunks))}
    write.put(_ADD_CHUNKS, [row for id, row in sorted(chunks.items()) if id not in known], "chunks")
    before = read_redirects(write.tx, write.corpus)
    write.run(DROP, sorted(before.keys() - past.redirects.keys()))
    add_redirects(write, past.redirects)
