"""A corpus copied from one place to another, whole: `kg.copy(source, target)`.

All that a corpus holds comes along: documents and what was seen in them, entities, relations,
resolutions, texts, settings, what is kept of what is gone, and beside the rows the journal of paid
calls, the runs and the history of corrections.

The copy is a corpus of its own, with an id of its own. Two corpora of one id would share the folder
where a corpus in a database keeps its journal, and would each count the other's calls as paid or not
paid. So the journal is copied line by line and only its first line names the new corpus.

Until the last step the target says in a setting what it is half a copy of: nothing else opens it, and
copying again goes on where it stopped. It is the same for a folder and for a database.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from kg.belongings import copy_belongings
from kg.model import (
    Candidate,
    Chunk,
    Document,
    Entity,
    Evidence,
    Mention,
    Record,
    Relation,
    Resolution,
)
from kg.store import DocumentInfo, Past, Reading, Row, Store, StoreError, T
from kg.stores import COPYING, Mark

DOCUMENTS, CHARACTERS, SEEN = 100, 2_000_000, 50_000
"""Read at once: at most so many documents, characters of text, mentions and evidence (but one document)."""
ROWS, TEXTS = 20_000, 500
"""Written at once: rows of what is derived, and texts."""

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Copied:
    """How far a copy is: so many rows of this kind, `total` of them where that is known."""

    kind: str
    rows: int
    total: int | None = None


OnCopied = Callable[[Copied], None]


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What the copy holds now; `left_out` counts what lies beside a corpus and is no part of it."""

    documents: int
    chunks: int
    entities: int
    mentions: int
    evidence: int
    relations: int
    texts: int
    left_out: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON data."""
        return asdict(self)


def copy(source: Store, target: Store, on_event: OnCopied | None = None) -> CopyReport:
    """Copy all of the source into the target, which is empty or an unfinished copy of this source.

    An unfinished copy goes on; if the source was written to since, it begins anew. What is read is
    streamed: memory holds some documents at a time, and the two graphs as arrays when they are compared
    at the end. Raises StoreError where the target holds something else, before anything is written, and
    where the source is written to meanwhile.
    """
    tell = on_event or (lambda _: None)
    begun = Mark(source.location, source.corpus_id, source.generation)
    _check(source, target, begun)
    target.set_settings(**{COPYING: begun.text})
    _documents(source, target, tell)
    graph = source.graph()
    _rows(source.read(Entity), target, "entities", ROWS, len(graph), tell)
    _relations(source, target, graph.relation_count, tell)
    target.keep(source.past())
    _rows(source.read(Resolution), target, "resolutions", ROWS, None, tell)
    # Texts come last: writing a document would make those stale that rest on it.
    texts = _rows(source.read(Record), target, "texts", TEXTS, None, tell)
    left_out = copy_belongings(source, target)
    if source.generation != begun.generation:
        raise StoreError(_changed(source, target))
    report = _compared(source, target, texts, left_out)
    # What was asked of the target before is forgotten with the mark, in one step.
    kept = source.settings
    target.set_settings(**{**dict.fromkeys(target.settings, ""), **kept, COPYING: ""})
    return report


# ---- before ----------------------------------------------------------------------------------------


def _check(source: Store, target: Store, begun: Mark) -> None:
    """Raise StoreError unless the target is empty or an unfinished copy of the source; make it fit."""
    if source.corpus_id == target.corpus_id:
        raise StoreError(
            f"cannot copy {source.location!r} to {target.location!r}: they are one corpus. Name another place"
        )
    if source.settings.get(COPYING):
        raise StoreError(f"cannot copy {source.location!r}: it is half a copy itself. Finish that one first")
    mark = Mark.of(target.settings)
    if mark is None:
        if found := held(target):
            raise StoreError(
                f"cannot copy to {target.location!r}: that corpus is not empty, it has {found}. "
                "Name a place where no corpus is yet, or remove that one first"
            )
    elif mark.corpus_id != source.corpus_id:
        raise StoreError(
            f"cannot copy {source.location!r} to {target.location!r}: that is half a copy of another corpus, "
            f"{mark.source!r}. Finish that copy, name another place, or remove it"
        )
    elif mark.generation != begun.generation:
        _empty(target)


def held(store: Store) -> str:
    """What a corpus has, in a word; empty if there is nothing in it that cannot be had again."""
    if documents := len(store.documents()):
        return f"{documents} documents"
    streams: tuple[tuple[Iterator[Row], str], ...] = (
        (store.read(Entity), "entities"),
        (store.read(Record), "texts"),
        (store.read(Resolution), "corrections"),
    )
    for rows, name in streams:
        if next(rows, None) is not None:
            return name
    journal = store.folder / "journal" / "calls.jsonl"
    if journal.is_file():
        with journal.open("rb") as lines:
            if len(list(islice(lines, 2))) > 1:
                return "a journal of paid calls"
    return ""


def _empty(store: Store) -> None:
    """Take everything out of an unfinished copy."""
    _drop(store, lambda: store.read(Record))
    _drop(store, lambda: store.read(Relation))
    _drop(store, lambda: store.read(Resolution))
    store.remove_documents([info.id for info in store.documents()])
    _drop(store, lambda: store.read(Entity))
    store.keep(Past())


def _drop(store: Store, read: Callable[[], Iterator[Record | Relation | Resolution | Entity]]) -> None:
    """Delete what is read, in portions: nothing is read while it is deleted."""
    while (rows := list(islice(read(), ROWS))) and store.delete(rows):
        pass


# ---- rows ------------------------------------------------------------------------------------------


def _documents(source: Store, target: Store, tell: OnCopied) -> None:
    """Documents with all that was seen in them; those that are there already are left."""
    infos = source.documents()
    there = {info.id: info for info in target.documents()}
    missing = [info for info in infos if there.get(info.id) != info]
    done = len(infos) - len(missing)
    for batch in _batches(missing):
        for info, (document, reading) in zip(batch, _readings(source, target, batch), strict=True):
            target.replace_document(document, reading)
            done += 1
            tell(Copied("documents", done, len(infos)))
            assert document.id == info.id


def _batches(infos: Iterable[DocumentInfo]) -> Iterator[list[DocumentInfo]]:
    batch: list[DocumentInfo] = []
    characters = seen = 0
    for info in infos:
        characters, seen = characters + info.characters, seen + info.mentions + info.evidence
        if batch and (len(batch) == DOCUMENTS or characters > CHARACTERS or seen > SEEN):
            yield batch
            batch, characters, seen = [], info.characters, info.mentions + info.evidence
        batch.append(info)
    if batch:
        yield batch


def _readings(source: Store, target: Store, batch: list[DocumentInfo]) -> Iterator[tuple[Document, Reading]]:
    """These documents, each with its reading, in this order."""
    ids = [info.id for info in batch]
    documents = {document.id: document for document in source.read(Document, "id", ids)}
    chunks = _by(source.read(Chunk, "document", ids), lambda chunk: chunk.document)
    candidates = _by(source.read(Candidate, "document", ids), lambda candidate: candidate.document)
    home = {candidate.id: id for id, found in candidates.items() for candidate in found}
    mentions = _by(source.read(Mention, "document", ids), lambda mention: home.get(mention.candidate, ""))
    evidence = _by(source.read(Evidence, "document", ids), lambda row: home.get(row.source, ""))
    for info in batch:
        if info.id not in documents:
            raise StoreError(_changed(source, target))
        yield (
            documents[info.id],
            Reading(
                chunks.get(info.id, []),
                candidates.get(info.id, []),
                mentions.get(info.id, []),
                evidence.get(info.id, []),
                info.fingerprint,
            ),
        )


def _by(rows: Iterable[R], key: Callable[[R], str]) -> dict[str, list[R]]:
    found: dict[str, list[R]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _rows(
    rows: Iterator[T], target: Store, name: str, at_once: int, total: int | None, tell: OnCopied
) -> int:
    """Write the rows in portions; how many there were."""
    done = 0
    while portion := list(islice(rows, at_once)):
        target.upsert(portion)
        done += len(portion)
        tell(Copied(name, done, total))
    return done


def _relations(source: Store, target: Store, total: int, tell: OnCopied) -> None:
    """Write the relations in one go: a store has a faster way for very many than for portions of them."""

    def counted() -> Iterator[Relation]:
        for done, row in enumerate(source.read(Relation), 1):
            yield row
            if done % ROWS == 0 or done == total:
                tell(Copied("relations", done, total))

    target.upsert(counted())


# ---- after -----------------------------------------------------------------------------------------


def _compared(source: Store, target: Store, texts: int, left_out: dict[str, int]) -> CopyReport:
    """The report, if the target holds what the source holds."""
    here, there = source.graph(), target.graph()
    infos = target.documents()
    same = (
        infos == source.documents()
        and np.array_equal(here.entity_ids, there.entity_ids)
        and np.array_equal(here.mentions, there.mentions)
        and np.array_equal(here.relation_ids, there.relation_ids)
        and np.array_equal(here.weights, there.weights)
    )
    if not same:
        raise StoreError(
            f"the copy of {source.location!r} at {target.location!r} does not hold what was read: "
            f"{len(there)} of {len(here)} entities, {there.relation_count} of {here.relation_count} relations. "
            "Does anything else write there? Run the same command again"
        )
    return CopyReport(
        documents=len(infos),
        chunks=sum(info.chunks for info in infos),
        entities=len(there),
        mentions=sum(info.mentions for info in infos),
        evidence=sum(info.evidence for info in infos),
        relations=there.relation_count,
        texts=texts,
        left_out=left_out,
    )


def _changed(source: Store, target: Store) -> str:
    return (
        f"cannot finish the copy of {source.location!r} at {target.location!r}: the corpus was written to while "
        "it was copied. Run the same command again when no other command works on it"
    )
