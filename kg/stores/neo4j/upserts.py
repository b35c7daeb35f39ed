"""Rows of mixed kinds, written in batches; and single rows removed again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from kg.model import Candidate, Chunk, Document, Entity, Evidence, Mention, Record, Relation, Resolution
from kg.store import Row, StoreError
from kg.stores.neo4j import encoding, seen
from kg.stores.neo4j.commits import Write
from kg.stores.neo4j.derived import (
    ADD_RESOLUTIONS,
    DROP_RELATIONS,
    DROP_RESOLUTIONS,
    LARGE,
    entity_row,
    told,
    write_entities,
    write_relations,
)
from kg.stores.neo4j.encoding import Properties
from kg.stores.neo4j.redirects import add_redirects
from kg.stores.neo4j.written import delete_records, relink, sweep, upsert_records
from kg.stores.readings import checked_id

BATCH = 20_000
LABELS = ("EgDocument", "EgChunk", "EgCandidate", "EgMention", "EgEvidence", "EgEntity")
_READ = {
    label: f"UNWIND $ids AS id MATCH (n:{label} {{corpus: $corpus, id: id}}) RETURN properties(n)"
    for label in LABELS
}
_THERE = {
    label: f"UNWIND $ids AS id MATCH (n:{label} {{corpus: $corpus, id: id}}) RETURN id" for label in LABELS
}
_TEXTS = "UNWIND $ids AS id MATCH (d:EgDocument {corpus: $corpus, id: id}) RETURN id, d.text"
_RELATIONS = "UNWIND $ids AS id MATCH ()-[r:REL {corpus: $corpus, id: id}]->() RETURN id, r.weight, r.description, r.given"
_ANY_RELATION = "MATCH (a:EgEntity)-[r:REL]->() WHERE a.corpus = $corpus AND a.id >= '' RETURN 1 LIMIT 1"
_ENTITY_IDS = "MATCH (e:EgEntity) WHERE e.corpus = $corpus AND e.id >= '' RETURN e.id"
_RESOLUTIONS = (
    "UNWIND $ids AS id MATCH (k:EgCandidate {corpus: $corpus, id: id}) OPTIONAL MATCH (k)-[i:IS]->(e:EgEntity) "
    "RETURN id, e.id, i.reason, i.by"
)
_WAITING = (
    "UNWIND $rows AS id MERGE (k:EgCandidate {corpus: $corpus, id: id}) ON CREATE SET k.gone = true, k.name = '', "
    "k.type = '', k.surfaces = [], k.description = '' RETURN count(*)"
)
_SHOW = (
    "UNWIND $rows AS id MATCH (e:EgEntity {corpus: $corpus, id: id}) WHERE e.hidden "
    "AND EXISTS { MATCH (e)<-[:IS]-(k:EgCandidate) WHERE k.gone IS NULL } REMOVE e.hidden RETURN count(*)"
)
_HIDDEN = (
    "UNWIND $ids AS id MATCH (e:EgEntity {corpus: $corpus, id: id}) WHERE e.hidden "
    "AND EXISTS { MATCH (e)<-[:IS]-(k:EgCandidate) WHERE k.gone IS NULL } RETURN id"
)
_NEEDED = "MATCH (e:EgEntity {corpus: $corpus, id: $id}) RETURN EXISTS { (e)-[:REL]-() } OR EXISTS { (e)<-[:IS]-() }"
_DROP_ENTITY = (
    "UNWIND $rows AS id MATCH (e:EgEntity {corpus: $corpus, id: id}) DETACH DELETE e RETURN count(*)"
)
_DROP_WAITING = "UNWIND $rows AS id MATCH (k:EgCandidate {corpus: $corpus, id: id}) WHERE k.gone DETACH DELETE k RETURN count(*)"


def upsert(write: Write, rows: Iterable[Row]) -> int:
    """Write rows in any order, replacing those of the same id; how many were sent.

    A row may come before what it names: it waits to the end. What is still missing then is an error.
    """
    every = list(rows)
    relations = [row for row in every if isinstance(row, Relation)]
    first_load = len(relations) >= LARGE and not write.rows(_ANY_RELATION)
    if first_load:
        every = [row for row in every if not isinstance(row, Relation)]
    sent = len(relations) if first_load else 0
    late: list[Row] = []
    source = iter(every)
    while batch := list(islice(source, BATCH)):
        sent += len(batch)
        late += _write(write, batch)
    late = _write(write, late)
    if first_load and not late:
        late = _first_relations(write, relations)
    if late:
        raise StoreError(_missing(write, late[0]))
    return sent


def _write(write: Write, rows: Sequence[Row]) -> list[Row]:
    """Write the rows whose ends are there; the others are handed back."""
    by_kind: dict[type, list[Any]] = {}
    for row in rows:
        by_kind.setdefault(type(row), []).append(row)
    if strange := by_kind.keys() - _WRITERS.keys():
        known = ", ".join(kind.__name__ for kind in _WRITERS)
        raise ValueError(f"cannot write a {strange.pop().__name__}: a store keeps {known}")
    late: list[Row] = []
    for kind, work in _WRITERS.items():
        if kind in by_kind:
            late += work(write, by_kind[kind])
    return late


def _there(write: Write, label: str, ids: Iterable[str]) -> set[str]:
    """Those of the ids that are nodes under this label."""
    return {id for (id,) in write.rows(_THERE[label], ids=sorted(set(ids)))}


def _found(write: Write, label: str, ids: Iterable[str]) -> dict[str, Properties]:
    """Properties by id of those that are there."""
    return {row["id"]: row for (row,) in write.rows(_READ[label], ids=sorted(set(ids)))}


def _texts(write: Write, documents: Iterable[str]) -> dict[str, str]:
    return dict(write.rows(_TEXTS, ids=sorted(set(documents))))


# ---- one kind each -------------------------------------------------------------------------------


def _documents(write: Write, rows: list[Document]) -> list[Row]:
    for row in rows:
        seen.upsert_document(write, row)
    return []


def _chunks(write: Write, rows: list[Chunk]) -> list[Row]:
    texts = _texts(write, (row.document for row in rows))
    wanted = {row.id: seen.chunk_row(row, texts[row.document]) for row in rows if row.document in texts}
    _put(write, "EgChunk", wanted, seen.PUT_CHUNK, seen.PUT_CHUNK)
    return [row for row in rows if row.document not in texts]


def _candidates(write: Write, rows: list[Candidate]) -> list[Row]:
    there = _there(write, "EgDocument", (row.document for row in rows))
    wanted = {row.id: encoding.candidate_properties(row) for row in rows if row.document in there}
    _put(write, "EgCandidate", wanted, seen.PUT_CANDIDATE, seen.PUT_CANDIDATE)
    return [row for row in rows if row.document not in there]


def _mentions(write: Write, rows: list[Mention]) -> list[Row]:
    named = _there(write, "EgCandidate", (row.candidate for row in rows))
    chunks = _found(write, "EgChunk", (row.chunk for row in rows))
    here = [row for row in rows if row.candidate in named and row.chunk in chunks]
    wanted = {row.id: encoding.mention_properties(row, chunks[row.chunk]["document"]) for row in here}
    _put(write, "EgMention", wanted, seen.ADD_MENTION, seen.SET["EgMention"])
    return [row for row in rows if row.id not in wanted]


def _evidence(write: Write, rows: list[Evidence]) -> list[Row]:
    named = _there(write, "EgCandidate", (id for row in rows for id in (row.source, row.target)))
    chunks = _found(write, "EgChunk", (row.chunk for row in rows))
    here = [row for row in rows if {row.source, row.target} <= named and row.chunk in chunks]
    home = {row.chunk: chunks[row.chunk]["document"] for row in here}
    texts = _texts(write, home.values())
    wanted = {
        row.id: encoding.evidence_properties(
            row, home[row.chunk], texts.get(home[row.chunk], "")[row.start : row.end]
        )
        for row in here
    }
    _put(write, "EgEvidence", wanted, seen.ADD_EVIDENCE, seen.SET["EgEvidence"])
    return [row for row in rows if row.id not in wanted]


def _put(write: Write, label: str, wanted: Mapping[str, Properties], add: str, change: str) -> None:
    """Write those that are new with one statement, those that differ with the other."""
    rows = {id: {**row, "corpus": write.corpus} for id, row in wanted.items()}
    found = _found(write, label, rows)
    differing = seen.owned(write, seen.differing(rows, found))
    write.put(add, [row for row in differing if row["id"] not in found], "what was seen")
    write.put(change, [row for row in differing if row["id"] in found], "what was seen")


def _entities(write: Write, rows: list[Entity]) -> list[Row]:
    wanted = {row.id: entity_row(row, write.corpus) for row in rows}
    found = _found(write, "EgEntity", wanted)
    write_entities(write, wanted.values(), found)
    if wanted.keys() - found.keys():
        add_redirects(write, {})
    return []


def _first_relations(write: Write, rows: list[Relation]) -> list[Row]:
    """Write very many relations into a corpus that has none: nothing need be compared."""
    there = {id for (id,) in write.stream(_ENTITY_IDS)}
    late: list[Row] = [row for row in rows if row.source not in there or row.target not in there]
    if not late:
        write_relations(write, list({row.id: row for row in rows}.values()), ())
    return late


def _relations(write: Write, rows: list[Relation]) -> list[Row]:
    there = _there(write, "EgEntity", (id for row in rows for id in (row.source, row.target)))
    wanted = {row.id: row for row in rows if {row.source, row.target} <= there}
    found = {
        id: (weight, description, bool(given))
        for id, weight, description, given in write.rows(_RELATIONS, ids=sorted(wanted))
    }
    added = [row for row in wanted.values() if row.id not in found]
    changed = [row for row in wanted.values() if row.id in found and found[row.id] != told(row)]
    write_relations(write, added, changed)
    return [row for row in rows if not {row.source, row.target} <= there]


def _resolutions(write: Write, rows: list[Resolution]) -> list[Row]:
    entities = _there(write, "EgEntity", (row.entity for row in rows))
    # A user's word may be about a candidate that is not here (any more): it waits for its return.
    users = {checked_id(row.candidate) for row in rows if row.by == "user" and row.entity in entities}
    strange = sorted(users - _there(write, "EgCandidate", users))
    write.put(_WAITING, strange, "resolutions")
    old = {
        id: tuple(told) for id, *told in write.rows(_RESOLUTIONS, ids=sorted({row.candidate for row in rows}))
    }
    here = {row.candidate: row for row in rows if row.entity in entities and row.candidate in old}
    wanted = {id: (row.entity, row.reason, row.by) for id, row in here.items()}
    changed = sorted(id for id in wanted if wanted[id] != old[id])
    if changed:
        write.shows = True
        write.run(DROP_RESOLUTIONS, [id for id in changed if old[id][0] is not None])
        write.put(ADD_RESOLUTIONS, [[id, *wanted[id]] for id in changed], "resolutions")
    hidden = [id for (id,) in write.rows(_HIDDEN, ids=sorted({row.entity for row in here.values()}))]
    if hidden:
        write.shows = True
        write.run(_SHOW, hidden)
    if changed:
        relink(write)
    return [row for row in rows if row.entity not in entities or row.candidate not in old]


def _records(write: Write, rows: list[Record]) -> list[Row]:
    upsert_records(write, rows)
    return []


_WRITERS: Mapping[type, Callable[[Write, Any], list[Row]]] = {
    Document: _documents,
    Chunk: _chunks,
    Candidate: _candidates,
    Mention: _mentions,
    Evidence: _evidence,
    Entity: _entities,
    Relation: _relations,
    Resolution: _resolutions,
    Record: _records,
}
_ENDS: Mapping[type, Mapping[str, str]] = {
    Chunk: {"document": "EgDocument"},
    Candidate: {"document": "EgDocument"},
    Mention: {"candidate": "EgCandidate", "chunk": "EgChunk"},
    Evidence: {"source": "EgCandidate", "target": "EgCandidate", "chunk": "EgChunk"},
    Relation: {"source": "EgEntity", "target": "EgEntity"},
    Resolution: {"candidate": "EgCandidate", "entity": "EgEntity"},
}


def _missing(write: Write, row: Row) -> str:
    """What a row that cannot be written names in vain."""
    gone = [
        f"its {field} {getattr(row, field)!r} is no {label[2:].lower()} of this corpus"
        for field, label in _ENDS[type(row)].items()
        if not _there(write, label, [getattr(row, field)])
    ]
    return f"cannot write a {type(row).__name__}: {' and '.join(gone)}. Write what it names first; nothing was written"


# ---- and removed again ---------------------------------------------------------------------------


def delete(write: Write, rows: Iterable[Resolution | Record | Relation | Entity]) -> int:
    """Remove these rows by id; how many were there."""
    removed = 0
    for row in rows:
        if isinstance(row, Record):
            removed += delete_records(write, [row.id])
        elif isinstance(row, Relation):
            removed += _delete_relation(write, row)
        elif isinstance(row, Resolution):
            removed += _delete_resolution(write, row)
        elif isinstance(row, Entity):
            removed += _delete_entity(write, row)
        else:
            raise ValueError(
                f"cannot delete a {type(row).__name__}: only Resolution, Record, Relation and Entity"
            )
    sweep(write)
    return removed


def _delete_relation(write: Write, row: Relation) -> int:
    if not write.rows(_RELATIONS, ids=[row.id]):
        return 0
    write.shows = True
    return write.run(DROP_RELATIONS, [row.id])


def _delete_resolution(write: Write, row: Resolution) -> int:
    found = write.rows(_RESOLUTIONS, ids=[row.candidate])
    if not found or found[0][1] is None:
        return 0
    write.shows = True
    write.run(DROP_RESOLUTIONS, [row.candidate])
    write.run(_DROP_WAITING, [row.candidate])
    return 1


def _delete_entity(write: Write, row: Entity) -> int:
    found = write.rows(_NEEDED, id=row.id)
    if not found:
        return 0
    if found[0][0]:
        raise StoreError(
            f"cannot remove the entity {row.name[:80]!r}: relations or candidates still name it. Remove those first"
        )
    write.shows = True
    return write.run(_DROP_ENTITY, [row.id])
