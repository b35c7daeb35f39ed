"""Documents become a corpus: read, chunked, extracted and resolved; only what changed is read again.

A document is left alone if its words, title and language are those the corpus has, and if it was
read by the same extractor with the same chunking. Documents stream: one is in memory at a time, or
as many as the extractor works on at once. Each is written whole or not at all, so a build that is
stopped at any moment goes on where it was when it is started again.
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kg import chunks as chunking
from kg.build_report import BuildReport, OnProgress, Progress
from kg.chunks import CHUNK_TOKENS, chunk
from kg.derivation import DERIVATION, DONE, PENDING, derive
from kg.extract.base import Extractor
from kg.formats import SUFFIXES
from kg.model import Chunk, Document, GraphError, content_id
from kg.reading import ReadError, Skipped, read_found
from kg.resolution import Aliases, read_aliases
from kg.sources import Found, find
from kg.store import DocumentInfo, Store
from lm.tokens import estimate

__all__ = ["BuildReport", "OnProgress", "Progress", "build"]

DERIVED_WITH = "derived_with"
"""Setting of a corpus: hash of the aliases that were given last."""

ROWS = ("csv", "json", "jsonl")
REASONS_SHOWN = 10


def build(
    sources: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    store: Store | None,
    extractor: Extractor,
    *,
    chunk_tokens: int = CHUNK_TOKENS,
    prune: bool = False,
    aliases: Path | str | Aliases | None = None,
    on_event: OnProgress | None = None,
    dry_run: bool = False,
    field: str | None = None,
    language: str | None = None,
) -> BuildReport:
    """Bring the corpus up to date with its sources (files, folders, patterns, "-") and derive its graph.

    `prune` removes documents that the sources no longer hold; one that is there but could not be read
    this time stays. `aliases` is a file of names that mean one thing, kept with the corpus. `field`
    and `language` as for `kg.read`. A dry run reads the files and writes nothing; its `store` may be
    None for a corpus that does not exist yet.

    Ctrl-C ends it between two documents: what was read is kept, the graph is derived, and the report
    says so. Raises ReadError where no document is found, or none of those found can be read;
    CorpusLocked where another process builds; ValueError and ExtractError before any work.
    """
    if chunk_tokens < 1:
        raise ValueError(
            f"chunks need a bound of at least 1 token, got chunk_tokens={chunk_tokens!r}; try 400"
        )
    if store is None and not dry_run:
        raise ValueError(
            "a build needs a corpus to write to, got store=None; open one with kg.open(..., create=True)"
        )
    named = [sources] if isinstance(sources, str | os.PathLike) else list(sources)
    listed = read_aliases(aliases) if isinstance(aliases, str | os.PathLike) else aliases
    extractor.check()
    began = time.perf_counter()
    found = find(named)
    if not found:
        raise ReadError(_nothing_found(named))
    work = _Build(store, extractor, chunk_tokens, language, found, on_event, dry_run)
    try:
        if dry_run:
            work.look(field)
        else:
            work.write(field)
            if prune and work.report.stopped is None:
                work.prune()
    except KeyboardInterrupt:
        work.report.stopped = "interrupt"
    if not work.seen and work.report.skipped and work.report.stopped is None:
        raise ReadError(_nothing_readable(work.report.skipped))
    if not dry_run:
        work.derive(listed)
    return work.finished(began)


class _Build:
    """One build under way: what the corpus had, what was seen, what was done."""

    def __init__(
        self,
        store: Store | None,
        extractor: Extractor,
        chunk_tokens: int,
        language: str | None,
        found: list[Found | Skipped],
        on_event: OnProgress | None,
        dry_run: bool,
    ) -> None:
        self._store = store
        self._extractor = extractor
        self._chunk_tokens = chunk_tokens
        self._language = language
        self._found = found
        self._tell = on_event or (lambda progress: None)
        self._total = _total(found)
        self._done = 0
        self._mentions = 0
        self._chunks = 0
        self._pending = False
        self._fingerprint = f"{extractor.fingerprint}; {chunking.fingerprint(chunk_tokens, language)}"
        self._known: dict[str, DocumentInfo] = {info.id: info for info in store.documents()} if store else {}
        self.seen: set[str] = set()
        self.report = BuildReport(corpus=store.location if store else "", dry_run=dry_run)

    @property
    def store(self) -> Store:
        """The corpus; a dry run may have none and does not ask for it."""
        assert self._store is not None
        return self._store

    # ---- the documents -----------------------------------------------------------------------------

    def look(self, field: str | None) -> None:
        """Count what would be read."""
        for document, parts in self._to_read(field):
            self._count(document)
            self._chunks += len(parts)
            self.report.tokens_in += sum(estimate(document.text[part.start : part.end]) for part in parts)

    def write(self, field: str | None) -> None:
        """Read what is new or changed, and put it into the corpus document by document."""
        self.store.remove_documents(())  # takes the builder's lock before any work is done
        given: dict[str, str] = {}
        for document, reading in self._extractor.read(self._noted(self._to_read(field), given)):
            given.pop(document.id, None)
            if isinstance(reading, GraphError):
                self._skip(Skipped(document.source, str(reading)))
                continue
            self._mark_pending()
            self.store.replace_document(document, replace(reading, fingerprint=self._fingerprint))
            self._mentions += len(reading.mentions)
            self._count(document)
        self.report.stopped = getattr(self._extractor, "stopped", None)
        if self.report.stopped is None:
            for source in given.values():
                self._skip(Skipped(source, f"the extractor {self._extractor.name!r} gave no answer for it"))

    def _to_read(self, field: str | None) -> Iterator[tuple[Document, list[Chunk]]]:
        """The documents that are new or changed, with their chunks."""
        claimed = {info.id: info.source for info in self._known.values()}
        for item in read_found(self._found, field=field, language=self._language, claimed=claimed):
            if isinstance(item, Skipped):
                self._skip(item)
                continue
            self.seen.add(item.id)
            if self._is_unchanged(item):
                self.report.unchanged += 1
                self._mentions += self._known[item.id].mentions
                self._progress(item.source)
            else:
                yield item, chunk(item, max_tokens=self._chunk_tokens, language=self._language)

    @staticmethod
    def _noted(
        documents: Iterable[tuple[Document, list[Chunk]]], given: dict[str, str]
    ) -> Iterator[tuple[Document, list[Chunk]]]:
        for document, parts in documents:
            given[document.id] = document.source
            yield document, parts

    def _is_unchanged(self, document: Document) -> bool:
        """Whether the corpus has it as it is; where only its source, author or year differ, they are set."""
        info = self._known.get(document.id)
        if info is None or info.fingerprint != self._fingerprint:
            return False
        if (info.sha256, info.title, info.language) != (document.sha256, document.title, document.language):
            return False
        about = (document.source, document.author, document.year)
        if about != (info.source, info.author, info.year) and not self.report.dry_run:
            self.store.upsert([document])
        return True

    def _count(self, document: Document) -> None:
        if document.id in self._known:
            self.report.changed += 1
        else:
            self.report.new += 1
        self._progress(document.source)

    def _skip(self, skipped: Skipped) -> None:
        self.report.skipped.append(skipped)
        self._progress(skipped.source)

    def _progress(self, source: str) -> None:
        self._done += 1
        self._tell(Progress(self._done, self._total, self._mentions, len(self.report.skipped), source))

    # ---- afterwards --------------------------------------------------------------------------------

    def prune(self) -> None:
        """Remove documents that are in no source any more."""
        kept = [skipped.source for skipped in self.report.skipped]
        gone = [
            info.id
            for info in self._known.values()
            if info.id not in self.seen and not any(_lies_in(info.source, source) for source in kept)
        ]
        if gone:
            self._mark_pending()
            self.report.removed = self.store.remove_documents(gone)

    def derive(self, aliases: Aliases | None) -> None:
        """Derive the graph, if anything it rests on is not what it was derived from last."""
        settings = self.store.settings
        given = None if aliases is None else content_id(repr(aliases.entries))
        if settings.get(DERIVATION) == DONE and given in (None, settings.get(DERIVED_WITH)):
            return
        self._tell(Progress(self._done, self._total, self._mentions, len(self.report.skipped), "entities"))
        derive(self.store, aliases=aliases)
        self.store.set_settings(**{DERIVATION: DONE, **({DERIVED_WITH: given} if given else {})})

    def finished(self, began: float) -> BuildReport:
        """The report, with what the corpus holds now."""
        report = self.report
        report.notes = list(getattr(self._extractor, "notes", ()))
        if report.dry_run:
            report.documents, report.chunks = report.new + report.changed, self._chunks
        elif self._store is not None:
            infos, graph = self._store.documents(), self._store.graph()
            report.documents = len(infos)
            report.chunks = sum(info.chunks for info in infos)
            report.mentions = sum(info.mentions for info in infos)
            report.entities, report.relations = len(graph), graph.relation_count
        report.seconds = time.perf_counter() - began
        return report

    def _mark_pending(self) -> None:
        if not self._pending:
            self.store.set_settings(**{DERIVATION: PENDING})
            self._pending = True


def _total(found: list[Found | Skipped]) -> int | None:
    """How many documents there will be, None where a table is among the files."""
    for item in found:
        suffix = item.path.suffix.lower().lstrip(".") if isinstance(item, Found) and item.path else ""
        if SUFFIXES.get(suffix) in ROWS:
            return None
    return len(found)


def _lies_in(source: str, place: str) -> bool:
    """Whether a document's source is that place, a row of it, or beneath it."""
    return source == place or source.startswith((f"{place}#", f"{place.rstrip('/')}/"))


def _nothing_found(named: Sequence[str | os.PathLike[str]]) -> str:
    where = (
        ", ".join(repr(os.fspath(name)) for name in named[:REASONS_SHOWN]) or "nothing: no source was named"
    )
    endings = " ".join(f".{ending}" for ending in sorted(SUFFIXES))
    return f"no documents found in {where}. Looked for files ending in {endings} and other text, hidden ones left out"


def _nothing_readable(skipped: list[Skipped]) -> str:
    reasons = "; ".join(f"{one.source}: {one.reason}" for one in skipped[:REASONS_SHOWN])
    more = f"; and {len(skipped) - REASONS_SHOWN} more" if len(skipped) > REASONS_SHOWN else ""
    return f"no document could be read. {reasons}{more}"
