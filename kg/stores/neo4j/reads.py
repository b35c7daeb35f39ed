"""Rows read back, page by page, in the order that `kg.store.Store` promises.

Rows with an id come by id: along the index where all or many are wanted, else their ids are found first
and sorted. Mentions and evidence come document by document and are sorted here, because Neo4j compares
texts by UTF-16 units and everything else of ours by code points.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import Any, TypeVar

import neo4j

from kg.model import Candidate, Chunk, Document, Entity, Evidence, Mention, Record, Relation, Resolution
from kg.store import DocumentInfo, Past, StoreError
from kg.stores.neo4j import rows as asked
from kg.stores.neo4j.about import texts_naming
from kg.stores.neo4j.commits import Commits, Head, Questions
from kg.stores.neo4j.encoding import HEAD
from kg.stores.neo4j.redirects import read_redirects
from kg.stores.neo4j.rows import check, wanted

Reader = neo4j.Session | neo4j.Transaction | Questions
T = TypeVar("T", Document, Chunk, Candidate, Mention, Evidence, Resolution, Entity, Relation, Record)

PAGE = 5_000  # rows a page
CHARACTERS = 100  # of a document, to a mention or a piece of evidence in it


# ---- redirects -----------------------------------------------------------------------------------

_MOVED = "MATCH (r:EgRedirect) WHERE r.corpus = $corpus AND r.id IN $ids RETURN r.id, r.to"
_BEHIND = "MATCH (r:EgRedirect) WHERE r.corpus = $corpus AND r.id >= '' AND r.to IN $ids RETURN collect(r.id)"


def follow(session: Reader, corpus: str, ids: Iterable[str]) -> list[str]:
    """The ids with redirects followed to their end; those without one as they are."""
    found = list(ids)
    moved: dict[str, str] = {}
    fresh = set(wanted("id", found))
    while fresh:
        moved.update(dict(session.run(_MOVED, corpus=corpus, ids=sorted(fresh)).values()))
        fresh = {moved[id] for id in fresh if id in moved} - moved.keys()
    for i, id in enumerate(found):
        if id.lower() in moved:
            id = id.lower()
        while id in moved:
            id = moved[id]
        found[i] = id
    return found


def behind(session: Reader, corpus: str, ids: Iterable[str]) -> list[str]:
    """These entity ids and every id that redirects to one of them."""
    found = set(ids)
    fresh = set(wanted("id", found))
    while fresh:
        (olds,) = session.run(_BEHIND, corpus=corpus, ids=sorted(fresh)).single(strict=True)
        fresh = set(olds) - found
        found |= fresh
    return sorted(found)


# ---- one page ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """What is left to read: along the index after a key, the rows of ids, or documents one after the other."""

    kind: type
    by: str
    ids: list[str]  # what was asked for
    after: str | None = None  # along the index
    keys: Sequence[str] = ()  # ids of rows, sorted
    documents: Sequence[tuple[str, int]] = ()  # whose mentions or evidence come next, and about how many

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.after is None and not self.keys and not self.documents


Page = tuple[list[Any], Plan]

_OF_ITEMS = (
    "MATCH (n:EgText) WHERE n.corpus = $corpus AND n.head IN $heads AND n.item IN $ids RETURN collect(n.id)"
)


def begin(session: Reader, corpus: str, kind: type, by: str, ids: Iterable[str]) -> Page:
    """The first page, and the plan of the rest."""
    sought = list(ids)
    if by == "entity" or (by == "id" and kind is Entity):
        sought = follow(session, corpus, sought)
    if by == "entity" and kind is Record:
        sought = behind(session, corpus, sought)
    plan = Plan(kind, by, wanted(by, sought))
    if by and not plan.ids:
        return [], plan
    if by in asked.ALONG.get(kind, ()):
        plan = replace(plan, after="")
    elif by in asked.OF_IDS.get(kind, ()):
        plan = replace(plan, keys=plan.ids)
    elif kind is Record and by == "item":
        heads = sorted({item[:HEAD] for item in plan.ids})
        found = session.run(_OF_ITEMS, corpus=corpus, heads=heads, ids=plan.ids)
        plan = replace(plan, keys=sorted(found.single(strict=True)[0]))
    elif kind is Record:
        naming = texts_naming(session, corpus, asked.ABOUT[by], plan.ids)
        plan = replace(plan, keys=sorted({id for id, _ in naming}))
    elif by in asked.BY_DOCUMENT.get(kind, ()):
        plan = replace(plan, documents=_documents_of(session, corpus, plan))
    elif kind in asked.SPOKEN:
        return _few(session, corpus, plan)
    else:
        match = asked.BESIDE[kind][by]
        found = session.run(f"{match} RETURN collect(DISTINCT n.id)", corpus=corpus, ids=plan.ids)
        plan = replace(plan, keys=sorted(found.single(strict=True)[0]))
    return ([], plan) if plan.done else page(session, corpus, plan)


def page(session: Reader, corpus: str, plan: Plan) -> Page:
    """The next page and what is left then. It may be empty although something is left."""
    if plan.after is not None:
        return _along(session, corpus, plan, plan.after)
    if plan.keys:
        return _of_ids(session, corpus, plan)
    return _of_documents(session, corpus, plan)


def _along(session: Reader, corpus: str, plan: Plan, after: str) -> Page:
    kind, also = plan.kind, asked.ALONG[plan.kind][plan.by]
    statement = (
        f"{asked.NODE[kind]} WHERE n.corpus = $corpus AND n.id > $after{' AND ' + also if also else ''} "
        f"RETURN {asked.COLUMNS[kind]} ORDER BY n.corpus, n.id LIMIT $limit"
    )
    found = session.run(statement, corpus=corpus, after=after, ids=plan.ids, limit=PAGE).values()
    rest = replace(plan, after=found[-1][0] if len(found) == PAGE else None)
    return [asked.MAKE[kind](row) for row in found], rest


def _of_ids(session: Reader, corpus: str, plan: Plan) -> Page:
    kind, keys = plan.kind, plan.keys[:PAGE]
    (also,) = asked.OF_IDS[kind].values()
    statement = (
        f"{asked.NODE[kind]} WHERE n.corpus = $corpus AND n.id IN $keys{' AND ' + also if also else ''} "
        f"RETURN {asked.COLUMNS[kind]}"
    )
    found = session.run(statement, corpus=corpus, keys=keys).values()
    found.sort(key=itemgetter(0))
    return [asked.MAKE[kind](row) for row in found], replace(plan, keys=plan.keys[PAGE:])


def _few(session: Reader, corpus: str, plan: Plan) -> Page:
    """All mentions or evidence, if they are a page; else by which documents to go."""
    kind, match = plan.kind, asked.BESIDE[plan.kind][plan.by]
    values = {"corpus": corpus, "ids": plan.ids, "documents": None, "limit": PAGE + 1}
    found = session.run(f"{match} WITH DISTINCT n LIMIT $limit RETURN {asked.COLUMNS[kind]}", values).values()
    if len(found) > PAGE:
        counted = session.run(f"{match} RETURN n.document, count(*)", values).values()
        return page(session, corpus, replace(plan, documents=sorted(map(tuple, counted))))
    found = sorted(
        (row for row in found if row[0]), key=asked.ORDER[kind]
    )  # not what others drew beside ours
    return [asked.MAKE[kind](row) for row in found], plan


def _documents_of(session: Reader, corpus: str, plan: Plan) -> list[tuple[str, int]]:
    """These documents, or all, with about how many mentions they have."""
    where = "d.id IN $ids" if plan.by else "d.id >= ''"
    statement = f"MATCH (d:EgDocument) WHERE d.corpus = $corpus AND {where} RETURN d.id, d.characters"
    found = session.run(statement, corpus=corpus, ids=plan.ids).values()
    return sorted((id, characters // CHARACTERS + 1) for id, characters in found)


def _of_documents(session: Reader, corpus: str, plan: Plan) -> Page:
    taken, size = 0, 0
    for _, count in plan.documents:
        if taken and size + count > PAGE:
            break
        taken, size = taken + 1, size + count
    kind = plan.kind
    values = {"corpus": corpus, "ids": plan.ids, "documents": [id for id, _ in plan.documents[:taken]]}
    if plan.by in asked.BY_DOCUMENT[kind]:
        match = asked.IN_DOCUMENTS.format(asked.SPOKEN[kind])
    else:
        match = f"{asked.BESIDE[kind][plan.by]} WITH DISTINCT n WHERE n.document IN $documents"
    found = session.run(f"{match} RETURN {asked.COLUMNS[kind]}", values).values()
    found = sorted(
        (row for row in found if row[0]), key=asked.ORDER[kind]
    )  # not what others drew beside ours
    return [asked.MAKE[kind](row) for row in found], replace(plan, documents=plan.documents[taken:])


# ---- all of them ---------------------------------------------------------------------------------


def read(session: Reader, corpus: str, kind: type[T], by: str = "", ids: Iterable[str] = ()) -> Iterator[T]:
    """Rows of one kind within one session or transaction."""
    check(kind, by)
    found, plan = begin(session, corpus, kind, by, ids)
    yield from found
    while not plan.done:
        found, plan = page(session, corpus, plan)
        yield from found


def stream(
    commits: Commits, kind: type[T], by: str, ids: Sequence[str], check: Callable[[Head], None] | None = None
) -> Iterator[T]:
    """Rows of one kind. A page is of one commit; so are all pages, or StoreError says that they are not.

    `check` may refuse that commit.

    Records go on by their ids whatever is written meanwhile: they are written beside everything else.
    """
    corpus = commits.corpus
    (found, plan), first = commits.read(lambda session: begin(session, corpus, kind, by, ids))
    if check is not None:
        check(first)
    yield from found
    while not plan.done:
        (found, plan), head = commits.read(partial(page, corpus=corpus, plan=plan))
        if kind is not Record and head.graph != first.graph:
            raise StoreError(
                f"cannot read {kind.__name__} of the corpus {commits.access.address} to the end: the corpus was "
                "changed while it was read. Read again"
            )
        yield from found


# ---- words and documents -------------------------------------------------------------------------

_WORDS = "MATCH (c:EgChunk) WHERE c.corpus = $corpus AND c.id IN $ids RETURN c.id, c.text"
_DOCUMENTS = (
    "MATCH (d:EgDocument) WHERE d.corpus = $corpus AND d.id >= '' RETURN d.id, d.sha256, d.title, d.source, "
    "d.language, d.author, d.year, d.characters, d.fingerprint, COUNT { (d)<-[:IN]-(:EgChunk) }, "
    "COUNT { (d)<-[:IN]-(:EgChunk)<-[:IN]-(:EgMention) }, COUNT { (d)<-[:IN]-(:EgChunk)<-[:IN]-(:EgEvidence) }"
)
_OLD_CHUNKS = (
    "MATCH (n:EgChunk) WHERE n.corpus = $corpus AND n.id >= '' AND n.gone "
    f"RETURN {asked.COLUMNS[Chunk]}, n.text ORDER BY n.corpus, n.id"
)
_HIDDEN = (
    "MATCH (n:EgEntity) WHERE n.corpus = $corpus AND n.id >= '' AND n.hidden "
    f"RETURN {asked.COLUMNS[Entity]} ORDER BY n.corpus, n.id"
)


def words(session: Reader, corpus: str, ids: Iterable[str]) -> dict[str, str]:
    """The words of these chunks by id, also of those that are gone; unknown ids are left out."""
    found: dict[str, str] = {}
    every = wanted("id", ids)
    for start in range(0, len(every), PAGE):
        found.update(dict(session.run(_WORDS, corpus=corpus, ids=every[start : start + PAGE]).values()))
    return found


def documents(session: Reader, corpus: str) -> list[DocumentInfo]:
    """Every document with its counts, in the order of source."""
    found = [DocumentInfo(*row) for row in session.run(_DOCUMENTS, corpus=corpus)]
    return sorted(found, key=lambda document: (document.source, document.id))


def past(session: Reader, corpus: str) -> Past:
    """What is kept of what is gone."""
    redirects = read_redirects(session, corpus)
    return Past(
        {old: redirects[old] for old in sorted(redirects)},
        [(Chunk(*row[:-1]), row[-1]) for row in session.run(_OLD_CHUNKS, corpus=corpus).values()],
        [asked.MAKE[Entity](row) for row in session.run(_HIDDEN, corpus=corpus).values()],
    )
