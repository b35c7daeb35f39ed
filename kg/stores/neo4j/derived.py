"""Writing what is derived: resolutions, entities and relations in the place of the old ones.

What is there is read packed, compared with what is handed in, and only the difference is written.
Relations are written by source and with the server's own ids of their ends, sorted: half again as fast
as looking both ends up by (corpus, id).
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from kg.model import Entity, Relation, Resolution
from kg.store import Derived, StoreError
from kg.stores.neo4j.commits import BATCH, Write
from kg.stores.neo4j.encoding import Properties, entity_properties
from kg.stores.neo4j.redirects import add_redirects
from kg.stores.neo4j.schema import CREATE_RELATION_CONSTRAINT, ENTITY_INDEXES, RELATION_CONSTRAINT
from kg.stores.neo4j.slices import ahead, ranges
from kg.stores.neo4j.written import relink
from kg.stores.readings import checked_id

_SIZE = "MATCH (e:EgEntity) WHERE e.corpus = $corpus AND e.id >= '' RETURN count(*), sum(COUNT { (e)-[:REL]->() })"
_SLICE = "MATCH (e:EgEntity) WHERE e.corpus = $corpus AND e.id >= $first AND e.id < $beyond "
_ENTITIES = f"{_SLICE} RETURN collect(properties(e))"
_PLACES = f"{_SLICE} RETURN collect(e.id), collect(elementId(e))"
_ADD_ENTITIES = "UNWIND $rows AS row CREATE (e:EgEntity) SET e = row RETURN count(*)"
SET_ENTITIES = (
    "UNWIND $rows AS row MATCH (e:EgEntity {corpus: $corpus, id: row.id}) SET e = row RETURN count(*)"
)
_PLACES_OF = "UNWIND $ids AS id MATCH (e:EgEntity {corpus: $corpus, id: id}) RETURN id, elementId(e)"
_NAMED = "UNWIND $ids AS id MATCH (e:EgEntity {corpus: $corpus, id: id}) WHERE (e)<-[:IS]-() RETURN id"
_HIDE = "UNWIND $rows AS id MATCH (e:EgEntity {corpus: $corpus, id: id}) SET e.hidden = true RETURN count(*)"
_DROP = "UNWIND $rows AS id MATCH (e:EgEntity {corpus: $corpus, id: id}) DETACH DELETE e RETURN count(*)"

# A relation by its id stands for its ends and its label: the id is their hash.
_RELATIONS = (
    f"{_SLICE} MATCH (e)-[r:REL]->(b) WHERE r.id IS NOT NULL RETURN collect(r.id), collect(r.weight), "
    "collect(r.description), collect(coalesce(r.given, false)), collect(CASE WHEN r.given THEN [e.id, b.id] END)"
)
_ADD_RELATIONS = (
    "UNWIND $rows AS row MATCH (a) WHERE elementId(a) = row[0] UNWIND row[1] AS r "
    "MATCH (b) WHERE elementId(b) = r[0] "
    "CREATE (a)-[:REL {corpus: $corpus, id: r[1], label: r[2], weight: r[3], description: r[4], given: r[5]}]->(b) "
    "RETURN count(*)"
)
_SET_RELATIONS = (
    "UNWIND $rows AS row MATCH ()-[r:REL {corpus: $corpus, id: row[0]}]->() "
    "SET r.weight = row[1], r.description = row[2], r.given = row[3] RETURN count(*)"
)
DROP_RELATIONS = "UNWIND $rows AS id MATCH ()-[r:REL {corpus: $corpus, id: id}]->() DELETE r RETURN count(*)"

_COUNT = "MATCH ()-[r:REL]->() RETURN count(r)"  # kept by the server, of all corpora together
_COUNT_ENTITIES = "MATCH (e:EgEntity) RETURN count(e)"
LARGE = 100_000  # rows

_RESOLUTIONS = (
    "MATCH (k:EgCandidate) WHERE k.corpus = $corpus AND k.id >= '' OPTIONAL MATCH (k)-[i:IS]->(e:EgEntity) "
    "RETURN k.id, e.id, i.reason, i.by, k.gone"
)
DROP_RESOLUTIONS = (
    "UNWIND $rows AS id MATCH (:EgCandidate {corpus: $corpus, id: id})-[i:IS]->() DELETE i RETURN count(*)"
)
ADD_RESOLUTIONS = (
    "UNWIND $rows AS row MATCH (k:EgCandidate {corpus: $corpus, id: row[0]}) "
    "MATCH (e:EgEntity {corpus: $corpus, id: row[1]}) CREATE (k)-[:IS {reason: row[2], by: row[3]}]->(e) "
    "RETURN count(*)"
)

Told = tuple[str, str, str]
"""Entity, reason and by of a resolution."""


@dataclass
class Present:
    """The relations that are there: what they say by id, and the ends of those that were given."""

    rows: dict[str, tuple[float, str, bool]] = field(default_factory=dict)
    given_ends: set[str] = field(default_factory=set)


def replace_derived(write: Write, derived: Derived) -> None:
    """Write everything derived; what was given or said by a user stays, with the entities it needs."""
    entities = {row["id"]: row for row in (entity_row(one, write.corpus) for one in derived.entities)}
    ((size, joined),) = write.rows(_SIZE)
    found = {row["id"]: row for (rows,) in _sliced(write, _ENTITIES, size) for row in rows}
    present = _present(write, joined)
    told = {id: (tuple(old), gone) for id, *old, gone in write.rows(_RESOLUTIONS)}
    needed = present.given_ends | {
        old[0] for old, gone in told.values() if old[2] == "user" and not gone and old[0] is not None
    }
    leaving = _entities(write, entities, found, needed)
    _relations(write, derived.relations, found.keys() - leaving | entities.keys(), present)
    _resolutions(write, derived.resolutions, found.keys() - leaving | entities.keys(), told)
    _leave(write, sorted(leaving))
    add_redirects(write, derived.redirects)
    if write.shows:
        relink(write)


# ---- entities ------------------------------------------------------------------------------------


def entity_row(entity: Entity, corpus: str) -> Properties:
    """Properties of an EgEntity, whole."""
    return {**entity_properties(entity), "id": checked_id(entity.id), "corpus": corpus}


def write_entities(write: Write, rows: Iterable[Properties], found: Mapping[str, Properties]) -> None:
    """Write those that are new or differ."""
    changed = sorted((row for row in rows if found.get(row["id"]) != row), key=lambda row: str(row["id"]))
    if changed:
        write.shows = True
        added = [row for row in changed if row["id"] not in found]
        with _index_after(write, len(added), _COUNT_ENTITIES, ENTITY_INDEXES):
            write.put(_ADD_ENTITIES, added, "entities")
        write.put(SET_ENTITIES, [row for row in changed if row["id"] in found], "entities")


def _entities(
    write: Write, wanted: Mapping[str, Properties], found: Mapping[str, Properties], needed: set[str]
) -> set[str]:
    """Write the entities; ids of those to take leave of."""
    rows, leaving = [], set()
    for id, row in wanted.items():
        rows.append({**row, "given": True} if found.get(id, {}).get("given") else row)
    for id in found.keys() - wanted.keys():
        if id in needed or found[id].get("given"):
            rows.append({name: value for name, value in found[id].items() if name != "hidden"})
        else:
            leaving.add(id)
    write_entities(write, rows, found)
    return leaving


def _leave(write: Write, leaving: Sequence[str]) -> None:
    """Remove entities; one that a user's word about a vanished candidate names is only hidden."""
    if not leaving:
        return
    write.shows = True
    named = {id for (id,) in write.rows(_NAMED, ids=list(leaving))}
    write.run(_HIDE, sorted(named))
    write.run(_DROP, [id for id in leaving if id not in named])


# ---- relations -----------------------------------------------------------------------------------


def _present(write: Write, size: int) -> Present:
    found = Present()
    for ids, *told, ends in _sliced(write, _RELATIONS, size):
        found.rows.update(zip(ids, zip(*told, strict=True), strict=True))
        found.given_ends.update(end for pair in ends for end in pair)
    return found


def _sliced(write: Write, statement: str, size: int) -> Iterator[list[Any]]:
    """The one row of each slice of a statement, where there are rows at all."""
    for first, beyond in ranges(size) if size else ():
        yield write.rows(statement, first=first, beyond=beyond)[0]


def _relations(
    write: Write, relations: Sequence[Relation], here: set[str] | frozenset[str], present: Present
) -> None:
    wanted = {one.id: one for one in relations}
    if lost := ends_of(wanted.values()) - here:
        raise StoreError(
            f"cannot write the relations: one of them names the entity {min(lost)!r}, which is not among the entities "
            "derived with it. Hand in the entity as well"
        )
    old = present.rows
    added = [one for one in wanted.values() if one.id not in old]
    changed = [
        one for one in wanted.values() if one.id in old and not old[one.id][2] and told(one) != old[one.id]
    ]
    gone = sorted(id for id, (_, _, given) in old.items() if not given and id not in wanted)
    if added or changed or gone:
        write.shows = True
    write.run(DROP_RELATIONS, gone)
    write_relations(write, added, changed)


def ends_of(relations: Collection[Relation]) -> set[str]:
    """Ids of the entities that these relations join."""
    return {one.source for one in relations} | {one.target for one in relations}


def told(relation: Relation) -> tuple[float, str, bool]:
    """What can change of a relation: weight, description, given."""
    if not 0 <= relation.weight < math.inf:
        raise StoreError(
            f"cannot write the relation {relation.id}: its weight {relation.weight} is not a number of 0 or more"
        )
    return float(relation.weight), relation.description, relation.given


def write_relations(write: Write, added: Sequence[Relation], changed: Sequence[Relation]) -> None:
    """Write new relations, and what changed of old ones. Their ends must be there."""
    if changed:
        rows: list[Any] = [[checked_id(one.id), *told(one)] for one in changed]
        write.shows = True
        write.put(_SET_RELATIONS, sorted([*row[:3], row[3] or None] for row in rows), "relations")
    if not added:
        return
    write.shows = True
    ends = ends_of(added)
    place: dict[str, str] = {}
    if len(ends) > BATCH:
        for ids, places in _sliced(write, _PLACES, len(ends)):
            place.update(zip(ids, places, strict=True))
    else:
        place.update(dict(write.rows(_PLACES_OF, ids=sorted(ends))))
    with _index_after(write, len(added), _COUNT, {RELATION_CONSTRAINT: CREATE_RELATION_CONSTRAINT}):
        for batch, size in ahead(_by_source(added, place)):
            done = write.batch(_ADD_RELATIONS, batch, size)
            write.count(done, size, "relations")


@contextmanager
def _index_after(write: Write, added: int, count: str, rules: Mapping[str, str]) -> Iterator[None]:
    """A large first load goes in without these indexes or constraints, which are made again after it.

    Relations load twice as fast without their constraint, and making it takes 2 seconds for 250,000;
    entities load twice as fast without the indexes of their names, which the server fills in the
    background. Not where most such rows of the database are there already: all would be indexed again.
    """
    ((present,),) = write.rows(count)
    if not write.parted or added < LARGE or present > added:
        yield
        return
    for name, creation in rules.items():
        kind = "CONSTRAINT" if "CONSTRAINT" in creation else "INDEX"
        write.apart(f"DROP {kind} {name} IF EXISTS")
    yield
    for creation in rules.values():
        write.apart(creation)


def _by_source(relations: Sequence[Relation], place: Mapping[str, str]) -> Iterator[tuple[list[Any], int]]:
    """Batches of [source, [[target, id, label, weight, description, given], ...]], and how many are in each."""
    batch: list[Any] = []
    size = 0
    ordered = sorted(relations, key=lambda one: (one.source, one.target, one.id))
    for source, group in groupby(ordered, key=lambda one: one.source):
        rows = []
        for one in group:
            weight, description, given = told(one)
            rows.append(
                [place[one.target], checked_id(one.id), one.label, weight, description, given or None]
            )
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            if size + len(part) > BATCH:
                yield batch, size
                batch, size = [], 0
            batch.append([place[source], part])
            size += len(part)
    if batch:
        yield batch, size


# ---- resolutions ---------------------------------------------------------------------------------


def _resolutions(
    write: Write,
    resolutions: Iterable[Resolution],
    here: set[str] | frozenset[str],
    told: Mapping[str, tuple[tuple[Any, ...], bool | None]],
) -> None:
    new: dict[str, Told] = {}
    for one in resolutions:
        if one.entity not in here:
            raise StoreError(
                f"cannot write the resolution of candidate {one.candidate}: its entity {one.entity} "
                "is not among the entities derived with it. Hand in the entity as well"
            )
        new[checked_id(one.candidate)] = (one.entity, one.reason, one.by)
    if strange := new.keys() - told.keys():
        raise StoreError(
            f"cannot write the resolution of candidate {min(strange)}: there is no such candidate. "
            "Write the document that names it first"
        )
    dropped, added = [], []
    for id, (old, _) in told.items():
        wanted = new.get(id)
        if (old[2] == "user" and (wanted is None or wanted[2] != "user")) or old == (
            wanted or (None, None, None)
        ):
            continue
        if old[0] is not None:
            dropped.append(id)
        if wanted is not None:
            added.append([id, *wanted])
    if dropped or added:
        write.shows = True
    write.run(DROP_RESOLUTIONS, sorted(dropped))
    write.put(ADD_RESOLUTIONS, sorted(added), "resolutions")
