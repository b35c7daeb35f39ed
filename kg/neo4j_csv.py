"""A corpus as CSV files for `neo4j-admin database import full`: loaded, they are a corpus that we open.

The importer keeps quotes, delimiters, line ends, NUL and empty texts apart if every text is quoted and
what is missing is not. What it cannot do is done by who opens the corpus first: `kg.stores.neo4j.loading`.
"""

import json
import secrets
import shlex
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from kg.model import (
    Candidate,
    Chunk,
    Document,
    Entity,
    Evidence,
    GraphError,
    Mention,
    Record,
    Relation,
    Resolution,
    content_id,
)
from kg.neo4j_tables import Clash, Tables
from kg.store import Past, Store
from kg.stores.neo4j import encoding, loading, schema
from kg.stores.neo4j.written import covered
from kg.titles import title_of

HOW = "load.txt"
DATABASE = "neo4j"
BUFFER = 4 << 20  # what the importer takes for one field unless told otherwise
BATCH = 1000


@dataclass
class Neo4jFiles:
    """What was written: rows by file, how to load them, and where."""

    folder: Path
    corpus: str
    rows: dict[str, int] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """Every file, the one with the command line last."""
        return [str(self.folder / name) for name in (*(f"{name}.csv" for name in self.rows), HOW)]

    @property
    def command(self) -> str:
        """The command line that loads them into an empty database; the server must not be running."""
        return f"cd {shlex.quote(str(self.folder.resolve()))} && neo4j-admin {shlex.join(self.arguments)}"


def write_neo4j_csv(store: Store, folder: Path | str, *, corpus: str = "") -> Neo4jFiles:
    """Write the whole corpus into a folder, under the name `corpus` or that of its place.

    The folder appears whole or not at all; one of an earlier export is replaced. Raises GraphError where
    something else is there, or where the corpus is changed meanwhile.
    """
    place = Path(folder)
    if place.exists() and (not place.is_dir() or (any(place.iterdir()) and not (place / HOW).is_file())):
        raise GraphError(
            f"cannot write to {str(folder)!r}: something else is there already. Give a folder that is new or empty"
        )
    name = corpus or title_of(store.location)
    before = store.generation
    fresh = place.with_name(f"{place.name}.{secrets.token_hex(4)}.part")
    try:
        try:
            tables = _written(store, fresh, name, "\x1f")
        except Clash:
            shutil.rmtree(fresh)
            tables = _written(store, fresh, name, _free(store))
        if store.generation != before:
            raise GraphError(
                f"cannot export {store.location!r}: it was changed meanwhile. Run the command again"
            )
        if place.exists():
            shutil.rmtree(place)
        fresh.rename(place)
    except OSError as error:
        raise GraphError(f"cannot write to {str(folder)!r}: {error.strerror}") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Neo4jFiles(place, name, tables.counts, tables.arguments())


# ---- the corpus, row by row ----------------------------------------------------------------------


def _written(store: Store, folder: Path, corpus: str, delimiter: str) -> Tables:
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        tables = Tables(folder, corpus, delimiter, stack)
        past = store.past()
        chunks = _documents(store, tables)
        _past(past, tables, chunks, {info.id for info in store.documents()})
        _derived(store, tables)
        _texts(store, tables, past, chunks)
        settings = json.dumps(store.settings, sort_keys=True, ensure_ascii=False)
        id = content_id("neo4j-csv", store.corpus_id, corpus)
        head = {"name": corpus, "version": schema.VERSION, "generation": 1, "settings": settings}
        blank = json.dumps(tables.blank) if tables.blank else None
        tables.node(
            "EgCorpus", {"id": id, **head, "graph": id[:16], "unfinished": [loading.STEP], "blank": blank}
        )
    arguments = shlex.join(tables.arguments())
    (folder / HOW).write_text(f"neo4j-admin {arguments}\n", encoding="utf-8")
    return tables


def _documents(store: Store, tables: Tables) -> set[str]:
    """What was seen, document by document; the ids of the chunks."""
    prints = {info.id: info.fingerprint for info in store.documents()}
    chunks: set[str] = set()
    for document in store.read(Document):
        id, text = document.id, document.text
        tables.node("EgDocument", encoding.document_properties(document, prints[id]))
        for chunk in store.read(Chunk, "document", [id]):
            chunks.add(chunk.id)
            tables.node("EgChunk", encoding.chunk_properties(chunk, text[chunk.start : chunk.end]))
            tables.relation("EgChunk-IN", chunk.id, id)
        for mention in store.read(Mention, "document", [id]):
            row = encoding.mention_properties(mention, id)
            tables.node("EgMention", row)
            tables.relation("EgMention-OF", row["id"], mention.candidate)
            tables.relation("EgMention-IN", row["id"], mention.chunk)
        for evidence in store.read(Evidence, "document", [id]):
            row = encoding.evidence_properties(evidence, id, text[evidence.start : evidence.end])
            tables.node("EgEvidence", row)
            tables.relation("EgEvidence-FROM", row["id"], evidence.source)
            tables.relation("EgEvidence-TO", row["id"], evidence.target)
            tables.relation("EgEvidence-IN", row["id"], evidence.chunk)
    return chunks


def _past(past: Past, tables: Tables, chunks: set[str], documents: set[str]) -> None:
    for chunk, words in past.chunks:
        chunks.add(chunk.id)
        tables.node("EgChunk", {**encoding.chunk_properties(chunk, words), "gone": True})
        if chunk.document in documents:
            tables.relation("EgChunk-WAS_IN", chunk.id, chunk.document)
    for entity in past.entities:
        tables.node("EgEntity", {**encoding.entity_properties(entity), "hidden": True})
    for old, new in past.redirects.items():
        tables.node("EgRedirect", {"id": old, "to": new})


def _derived(store: Store, tables: Tables) -> None:
    here: set[str] = set()
    for candidate in store.read(Candidate):
        here.add(candidate.id)
        tables.node("EgCandidate", encoding.candidate_properties(candidate))
        tables.relation("EgCandidate-IN", candidate.id, candidate.document)
    for entity in store.read(Entity):
        tables.node("EgEntity", encoding.entity_properties(entity))
    for row in store.read(Resolution):
        if row.candidate not in here:  # a user's word about one that is gone
            blank = {"name": "", "type": "", "surfaces": [], "description": "", "gone": True}
            tables.node("EgCandidate", {"id": row.candidate, **blank})
        tables.relation("EgCandidate-IS", row.candidate, row.entity, row.reason, row.by)
    for relation in store.read(Relation):
        tables.relation(
            "EgEntity-REL",
            relation.source,
            relation.target,
            tables.corpus,
            relation.id,
            relation.label,
            float(relation.weight),
            relation.description,
            relation.given,
        )


def _texts(store: Store, tables: Tables, past: Past, chunks: set[str]) -> None:
    records = store.read(Record)
    while batch := list(islice(records, BATCH)):
        behind = {id for record in batch for one in record.asked for id in one.candidates}
        resolved: dict[str, set[str]] = {}
        for row in store.read(Resolution, "candidate", sorted(behind)):
            resolved.setdefault(row.candidate, set()).add(row.entity)
        counting = [record for record in batch if record.counts]
        covers = {record.id: covered(record.asked, resolved, past.redirects) for record in counting}
        wanted: set[str] = set().union(*covers.values())
        here = {entity.id for entity in store.read(Entity, "id", sorted(wanted))} & wanted
        for record in batch:
            tables.node("EgText", encoding.record_properties(record))
            for entity in sorted(covers.get(record.id, set()) & here):
                tables.relation("EgText-COVERS", record.id, entity)
            for chunk in dict.fromkeys(record.chunks):
                if chunk in chunks:
                    tables.relation("EgText-RESTS_ON", record.id, chunk)


def _free(store: Store) -> str:
    """A character that is in no list of the corpus."""
    used: set[str] = set()
    for entity in store.read(Entity):
        used.update(*entity.aliases)
    for candidate in store.read(Candidate):
        used.update(*candidate.surfaces)
    for record in store.read(Record):
        used.update(*record.documents, *record.chunks, *record.left_out)
    for entity in store.past().entities:
        used.update(*entity.aliases)
    codes = chain(range(0x1C, 0x1F), range(0xE000, 0xF900), range(0x3400, 0xD800))
    found = next((chr(code) for code in codes if chr(code) not in used), "")
    if not found:
        raise GraphError(
            f"cannot export {store.location!r}: its aliases hold every character that could part them. "
            "Use 'entigraph copy' instead"
        )
    return found
