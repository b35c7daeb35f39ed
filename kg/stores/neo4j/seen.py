"""Writing what was seen: one document with its chunks, candidates, mentions and evidence.

What is there is compared with what is handed in, and only the difference is written.
"""

from collections.abc import Iterable, Mapping, Sequence

from kg.model import Chunk, Document, Evidence
from kg.store import Reading
from kg.stores.neo4j import encoding
from kg.stores.neo4j.commits import Write
from kg.stores.neo4j.encoding import Properties
from kg.stores.neo4j.written import cited_of, make_stale
from kg.stores.readings import check_reading, checked_id

_DOCUMENT = "MATCH (d:EgDocument {corpus: $corpus, id: $id})"
_READ_DOCUMENT = f"{_DOCUMENT} RETURN properties(d)"
_READ_PARTS = {
    "EgChunk": f"{_DOCUMENT}<-[:IN]-(n:EgChunk) RETURN properties(n)",
    "EgCandidate": f"{_DOCUMENT}<-[:IN]-(n:EgCandidate) RETURN properties(n)",
    "EgMention": f"{_DOCUMENT}<-[:IN]-(:EgChunk)<-[:IN]-(n:EgMention) RETURN properties(n)",
    "EgEvidence": f"{_DOCUMENT}<-[:IN]-(:EgChunk)<-[:IN]-(n:EgEvidence) RETURN properties(n)",
}
_OLD_CHUNKS = f"{_DOCUMENT}<-[:IN|WAS_IN]-(n:EgChunk) RETURN n.id"

_PUT_DOCUMENT = (
    "UNWIND $rows AS row MERGE (d:EgDocument {corpus: $corpus, id: row.id}) SET d = row RETURN count(*)"
)
# One that is gone may come back under its id, so chunks and candidates are merged.
PUT_CHUNK = (
    "UNWIND $rows AS row MATCH (d:EgDocument {corpus: $corpus, id: row.document}) "
    "MERGE (n:EgChunk {corpus: $corpus, id: row.id}) SET n = row WITH n, d "
    "OPTIONAL MATCH (n)-[old:WAS_IN]->() DELETE old WITH DISTINCT n, d MERGE (n)-[:IN]->(d) RETURN count(*)"
)
PUT_CANDIDATE = (
    "UNWIND $rows AS row MATCH (d:EgDocument {corpus: $corpus, id: row.document}) "
    "MERGE (n:EgCandidate {corpus: $corpus, id: row.id}) SET n = row MERGE (n)-[:IN]->(d) RETURN count(*)"
)
ADD_MENTION = (
    "UNWIND $rows AS row MATCH (k:EgCandidate {corpus: $corpus, id: row.candidate}) "
    "MATCH (c:EgChunk {corpus: $corpus, id: row.chunk}) "
    "CREATE (n:EgMention) SET n = row CREATE (n)-[:OF]->(k) CREATE (n)-[:IN]->(c) RETURN count(*)"
)
ADD_EVIDENCE = (
    "UNWIND $rows AS row MATCH (s:EgCandidate {corpus: $corpus, id: row.source}) "
    "MATCH (t:EgCandidate {corpus: $corpus, id: row.target}) MATCH (c:EgChunk {corpus: $corpus, id: row.chunk}) "
    "CREATE (n:EgEvidence) SET n = row CREATE (n)-[:FROM]->(s) CREATE (n)-[:TO]->(t) CREATE (n)-[:IN]->(c) "
    "RETURN count(*)"
)
SET = {
    label: f"UNWIND $rows AS row MATCH (n:{label} {{corpus: $corpus, id: row.id}}) SET n = row RETURN count(*)"
    for label in ("EgMention", "EgEvidence")
}
_UNREAD = (
    "UNWIND $rows AS id MATCH (d:EgDocument {corpus: $corpus, id: id}) SET d.fingerprint = '' RETURN count(*)"
)
_REMOVE = {
    label: f"UNWIND $rows AS id MATCH (n:{label} {{corpus: $corpus, id: id}}) DETACH DELETE n RETURN count(*)"
    for label in ("EgChunk", "EgCandidate", "EgMention", "EgEvidence", "EgDocument")
}
_KEEP_CHUNK = (
    "UNWIND $rows AS id MATCH (n:EgChunk {corpus: $corpus, id: id})-[r:IN]->(d:EgDocument) "
    "CREATE (n)-[:WAS_IN]->(d) SET n.gone = true DELETE r RETURN count(*)"
)
_KEEP_CANDIDATE = (
    "UNWIND $rows AS id MATCH (n:EgCandidate {corpus: $corpus, id: id})-[r:IN]->(:EgDocument) "
    "SET n.gone = true REMOVE n.document DELETE r RETURN count(*)"
)
_SAID = "UNWIND $ids AS id MATCH (n:EgCandidate {corpus: $corpus, id: id})-[:IS {by: 'user'}]->() RETURN n.id"


def replace_document(write: Write, document: Document, reading: Reading) -> None:
    """Put the document and what was seen in it in the place of what was there."""
    check_reading(document, reading)
    text = document.text
    wanted: dict[str, dict[str, Properties]] = {
        "EgChunk": {
            one.id: encoding.chunk_properties(one, text[one.start : one.end]) for one in reading.chunks
        },
        "EgCandidate": {one.id: encoding.candidate_properties(one) for one in reading.candidates},
        "EgMention": {
            row["id"]: row
            for row in (encoding.mention_properties(one, document.id) for one in reading.mentions)
        },
        "EgEvidence": {row["id"]: row for row in (evidence_row(one, document) for one in reading.evidence)},
    }
    found = {label: _parts(write, label, document.id) for label in _READ_PARTS}
    # Its fingerprint says that it was read whole: where this becomes several transactions it comes last.
    whole = found == wanted or write.holds(
        sum(len(rows) for part in (found, wanted) for rows in part.values())
    )
    put_document(write, document, reading.fingerprint if whole else "")
    for label in ("EgMention", "EgEvidence"):
        write.run(_REMOVE[label], sorted(found[label].keys() - wanted[label].keys()))
    _retire_chunks(write, sorted(found["EgChunk"].keys() - wanted["EgChunk"].keys()))
    _retire_candidates(write, sorted(found["EgCandidate"].keys() - wanted["EgCandidate"].keys()))
    for label, put in (("EgChunk", PUT_CHUNK), ("EgCandidate", PUT_CANDIDATE)):
        write.put(put, owned(write, differing(wanted[label], found[label])), "what was seen")
    for label, add in (("EgMention", ADD_MENTION), ("EgEvidence", ADD_EVIDENCE)):
        rows = owned(write, differing(wanted[label], found[label]))
        write.put(add, [row for row in rows if row["id"] not in found[label]], "what was seen")
        write.put(SET[label], [row for row in rows if row["id"] in found[label]], "what was seen")
    if not whole:
        put_document(write, document, reading.fingerprint)


def put_document(write: Write, document: Document, fingerprint: str) -> None:
    """Write the document's own row; new words make the texts that rest on it stale."""
    row = {**encoding.document_properties(document, fingerprint), "corpus": write.corpus}
    checked_id(document.id)
    found = write.rows(_READ_DOCUMENT, id=document.id)
    old = found[0][0] if found else None
    if old == row:
        return
    if old is not None and old["sha256"] != document.sha256:
        _make_stale(write, document.id)
    write.shows = True
    write.put(_PUT_DOCUMENT, [row], "the document")


def upsert_document(write: Write, document: Document) -> None:
    """Write a document alone. If its words changed, what was seen in it goes: its offsets no longer hold."""
    found = write.rows(_READ_DOCUMENT, id=document.id)
    if found and found[0][0]["sha256"] != document.sha256:
        replace_document(write, document, Reading())
    else:
        put_document(write, document, found[0][0]["fingerprint"] if found else "")


def remove_document(write: Write, id: str) -> bool:
    """Remove a document and what was seen in it; whether it was there."""
    if not write.rows(_READ_DOCUMENT, id=id):
        return False
    found = {label: sorted(_parts(write, label, id)) for label in _READ_PARTS}
    _make_stale(write, id)
    write.shows = True
    if not write.holds(sum(map(len, found.values()))):
        write.run(_UNREAD, [id])  # so that a build reads it again if this is cut off and its file comes back
    for label in ("EgMention", "EgEvidence"):
        write.run(_REMOVE[label], found[label])
    _retire_chunks(write, found["EgChunk"])
    _retire_candidates(write, found["EgCandidate"])
    write.run(_REMOVE["EgDocument"], [id])
    return True


def evidence_row(evidence: Evidence, document: Document) -> Properties:
    """Properties of a piece of evidence, with the words that state it."""
    words = document.text[evidence.start : evidence.end]
    return encoding.evidence_properties(evidence, document.id, words)


def chunk_row(chunk: Chunk, text: str) -> Properties:
    """Properties of a chunk of this text."""
    return encoding.chunk_properties(chunk, text[chunk.start : chunk.end])


def owned(write: Write, rows: Iterable[Properties]) -> list[Properties]:
    """The rows with the name of the corpus, in the order of their ids, which are checked."""
    found = [{**row, "corpus": write.corpus} for row in rows]
    for row in found:
        checked_id(row["id"])
    if found:
        write.shows = True
    return sorted(found, key=lambda row: row["id"])


def differing(wanted: Mapping[str, Properties], found: Mapping[str, Properties]) -> list[Properties]:
    """Those wanted that are not there, or are there with other properties."""
    return [row for id, row in wanted.items() if found.get(id) != row]


def _parts(write: Write, label: str, document: str) -> dict[str, Properties]:
    """What is there of a document under one label, by id, without the name of the corpus."""
    found = {}
    for (row,) in write.rows(_READ_PARTS[label], id=document):
        if row.pop("corpus", None) == write.corpus:  # somebody may have drawn nodes of his own beside ours
            found[row["id"]] = row
    return found


def _retire_chunks(write: Write, ids: Sequence[str]) -> None:
    """Take leave of chunks; those that texts cite stay, with their words, as gone."""
    if not ids:
        return
    write.shows = True
    cited = cited_of(write, ids)
    write.run(_KEEP_CHUNK, sorted(cited))
    write.run(_REMOVE["EgChunk"], [id for id in ids if id not in cited])


def _retire_candidates(write: Write, ids: Sequence[str]) -> None:
    """Take leave of candidates; those that a user said an entity of stay as gone."""
    if not ids:
        return
    write.shows = True
    said = {id for (id,) in write.rows(_SAID, ids=list(ids))}
    write.run(_KEEP_CANDIDATE, sorted(said))
    write.run(_REMOVE["EgCandidate"], [id for id in ids if id not in said])


def _make_stale(write: Write, document: str) -> None:
    chunks = [id for (id,) in write.rows(_OLD_CHUNKS, id=document)]
    make_stale(write, document, chunks)
