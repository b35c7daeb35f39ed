"""The graph of a corpus as arrays: columns come packed in lists, ends as the server's own numbers."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from kg.graph import Graph, Offsets, pack_ids
from kg.stores.assembly import Numbers, membership, order_of, sorted_terms, supported
from kg.stores.neo4j.reads import Reader
from kg.stores.neo4j.slices import ranges

_COUNT = "MATCH (n:Eg{}) WHERE n.corpus = $corpus AND n.id >= '' RETURN count(*), sum(COUNT {{ {} }})"
_NODES = "MATCH (n:Eg{}) WHERE n.corpus = $corpus AND n.id >= $first AND n.id < $beyond "
_ENTITIES = (
    _NODES.format("Entity")
    + "AND n.hidden IS NULL RETURN collect(id(n)), collect(n.id), collect(n.name), collect(n.type)"
)
_RELATIONS = (
    _NODES.format("Entity") + "MATCH (n)-[r:REL]->(t) WHERE r.id IS NOT NULL "
    "RETURN collect(id(n)), collect(id(t)), collect(r.id), collect(r.label), collect(r.weight)"
)
_DOCUMENTS = _NODES.format("Document") + "RETURN collect(id(n)), collect(n.id), collect(n.title)"
_CANDIDATES = (
    _NODES.format("Candidate") + "MATCH (d:EgDocument)<-[:IN]-(n)-[:IS]->(e:EgEntity) "
    "RETURN collect(id(n)), collect(id(e)), collect(id(d)), collect(COUNT { (n)<-[:OF]-() })"
)
_EVIDENCE = (
    _NODES.format("Candidate") + "MATCH (n)<-[:FROM]-(v:EgEvidence)-[:TO]->(t) "
    "RETURN collect(id(n)), collect(id(t)), collect(v.label)"
)


def read_graph(session: Reader, corpus: str, generation: int) -> Graph:
    """The derived graph; rows sorted by id. It is of one commit where what the session reads is."""
    tables = _Tables(session, corpus)
    numbers, ids, names, kinds = tables.read("Entity", "(n)-[:REL]->()", _ENTITIES)
    entity_ids = pack_ids(ids)
    order = order_of(entity_ids)
    entities = _Places(numbers, order)
    type_names, types = sorted_terms(*_coded(kinds))

    numbers, ids, titles = tables.read("Document", "(n)<-[:IN]-()", _DOCUMENTS)
    document_order = order_of(pack_ids(ids))
    documents = _Places(numbers, document_order)
    document_ids = tuple(ids[i] for i in document_order.tolist())
    document_titles = tuple(titles[i] for i in document_order.tolist())
    n, d = len(order), len(document_ids)

    ends, others, ids, spelled, weights = tables.read("Entity", "(n)-[:REL]->()", _RELATIONS)
    relation_ids = pack_ids(ids)
    by_id = order_of(relation_ids)
    sources, targets = entities[ends][by_id], entities[others][by_id]
    texts, coded = _coded(spelled)
    label_names, labels = sorted_terms(texts, coded)
    labels = labels[by_id]

    own, resolved, inside, counts = tables.read("Candidate", "(n)<-[:FROM]-()", _CANDIDATES)
    candidates = _Places(own, np.arange(len(own)))
    entity_of = np.append(entities[resolved], -1)  # the last for candidates that are nothing
    document_of = np.append(documents[inside], -1)
    known = entity_of[:-1] >= 0
    mentions = np.bincount(entity_of[:-1][known], weights=np.array(counts, np.int64)[known], minlength=n)

    sayers, said_of, said = tables.read("Candidate", "(n)<-[:FROM]-()", _EVIDENCE)
    sayer = candidates[sayers]
    from_, to = entity_of[sayer], entity_of[candidates[said_of]]
    code = {label: i for i, label in enumerate(label_names)}
    spoken = np.fromiter((code.get(label, -1) for label in said), np.int64, len(said))
    known = (from_ >= 0) & (to >= 0) & (spoken >= 0)
    stated, by = supported(sources * max(n, 1) + targets, labels, (from_ * n + to)[known], spoken[known])
    return Graph(
        entity_ids=entity_ids[order],
        names=[names[i] for i in order.tolist()],
        types=types[order],
        type_names=type_names,
        mentions=mentions.astype(np.int32),
        relation_ids=relation_ids[by_id],
        sources=sources.astype(np.int32),
        targets=targets.astype(np.int32),
        labels=labels,
        label_names=label_names,
        weights=np.array(weights, np.float64)[by_id],
        document_ids=document_ids,
        document_titles=document_titles,
        entity_documents=membership(entity_of, document_of, n, d),
        relation_documents=membership(stated, document_of[sayer[known]][by], len(by_id), d),
        generation=generation,
    )


class _Tables:
    """Columns of the nodes under one label, and of what hangs on them."""

    def __init__(self, session: Reader, corpus: str) -> None:
        self._session, self._corpus = session, corpus
        self._sizes: dict[tuple[str, str], int] = {}

    def read(self, label: str, hanging: str, statement: str) -> list[list[Any]]:
        """The columns of all slices, one after the other."""
        size = self._sizes.get((label, hanging))
        if size is None:
            count = _COUNT.format(label, hanging)
            size = max(self._session.run(count, corpus=self._corpus).single(strict=True))
            self._sizes[label, hanging] = size
        columns: list[list[Any]] = []
        for first, beyond in ranges(size):
            found = self._session.run(statement, corpus=self._corpus, first=first, beyond=beyond)
            parts = found.single(strict=True).values()
            columns = columns or [[] for _ in parts]
            for column, part in zip(columns, parts, strict=True):
                column += part
        return columns


class _Places:
    """From the server's numbers of nodes to places in an order."""

    def __init__(self, numbers: Sequence[int], order: Offsets) -> None:
        known = np.array(numbers, np.int64)[order]
        self._order = np.argsort(known, kind="stable")
        self._known = known[self._order]

    def __getitem__(self, numbers: Sequence[int]) -> Numbers:
        """The place of each, -1 where it has none."""
        wanted = np.array(numbers, np.int64)
        if not len(self._known):
            return np.full(len(wanted), -1, np.int64)
        found = np.minimum(np.searchsorted(self._known, wanted), len(self._known) - 1)
        return np.where(self._known[found] == wanted, self._order[found], -1)


def _coded(texts: Iterable[str]) -> tuple[list[str], Numbers]:
    """The texts in use, each once, and the number of each row's."""
    codes: dict[str, int] = {}
    numbers = np.array([codes.setdefault(text, len(codes)) for text in texts], np.int64)
    return list(codes), numbers
