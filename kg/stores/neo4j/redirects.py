"""Which entity took the place of one that vanished."""

from collections.abc import Mapping

import neo4j

from kg.stores.neo4j.commits import Questions, Write
from kg.stores.readings import check_redirects, checked_id

_READ = "MATCH (r:EgRedirect) WHERE r.corpus = $corpus AND r.id >= '' RETURN r.id, r.to"
_HERE = "UNWIND $ids AS id MATCH (e:EgEntity {corpus: $corpus, id: id}) WHERE e.hidden IS NULL RETURN id"
_PUT = (
    "UNWIND $rows AS row MERGE (r:EgRedirect {corpus: $corpus, id: row[0]}) SET r.to = row[1] RETURN count(*)"
)
DROP = "UNWIND $rows AS id MATCH (r:EgRedirect {corpus: $corpus, id: id}) DELETE r RETURN count(*)"


def read_redirects(session: neo4j.Session | neo4j.Transaction | Questions, corpus: str) -> dict[str, str]:
    """Every redirect: the id that vanished, the id that took its place."""
    return {found[0]: found[1] for found in session.run(_READ, corpus=corpus)}


def follow(id: str, redirects: Mapping[str, str]) -> str:
    """The id at the end of the way from this one."""
    while id in redirects:
        id = redirects[id]
    return id


def add_redirects(write: Write, redirects: Mapping[str, str]) -> None:
    """Remember where vanished entities went. An id that is an entity (again) leads nowhere else."""
    before = read_redirects(write.tx, write.corpus)
    moved = {**before, **{checked_id(old): checked_id(new) for old, new in redirects.items()}}
    if not moved:
        return
    here = {id for (id,) in write.rows(_HERE, ids=sorted(moved))}
    moved = {old: new for old, new in moved.items() if old not in here}
    check_redirects(moved, redirects)
    write.run(DROP, sorted(before.keys() - moved.keys()))
    write.run(_PUT, [[old, new] for old, new in sorted(moved.items()) if before.get(old) != new])
