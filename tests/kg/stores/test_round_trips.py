"""Every row comes back as it was written, whatever it holds."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.model import (
    Asked,
    Candidate,
    Check,
    Chunk,
    Document,
    Entity,
    Evidence,
    Mention,
    Record,
    Relation,
    Resolution,
    Subgraph,
    content_id,
)
from kg.store import Derived, Reading, Row, Store, StoreError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAME = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
IDS = st.text(min_size=1, max_size=3).map(lambda text: content_id(text))
WEIGHT = st.floats(min_value=0, max_value=1e300) | st.integers(0, 5).map(float)
PLAIN = [
    "item",
    "kind",
    "title",
    "text",
    "language",
    "strategy",
    "version",
    "model",
    "call",
    "run",
    "sampler",
]
HOSTILE = [
    "<script>alert(1)</script>",
    "'); DROP TABLE entity; --",
    "{} {0} %s ${x} `MATCH (n) DETACH DELETE n`",
    "",
    "a\0b",
    "\0",
    "‮مرحبا",
    "麒麟閣",
    "\U0010ffff\ue000\ufffe\ufffd",
    "e\u0301 \u00e9",
    "a\r\nb\rc\u2028d",
    "x" * 100_000,
]
SETTINGS = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def spoken(draw: st.DrawFn) -> tuple[Document, Reading]:
    """A document with everything in it drawn."""
    text = draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
    document = Document.make(
        draw(NAME),
        text,
        title=draw(TEXT),
        source=draw(TEXT),
        language=draw(st.sampled_from(["en", "zh", "und"])),
        author=draw(st.none() | TEXT),
        year=draw(st.none() | st.integers(-3000, 3000)),
    )
    cut = draw(st.integers(0, len(text)))
    parts = [(0, cut), (cut, len(text))]
    chunks = [Chunk.make(document.id, text[a:b], i, a, b) for i, (a, b) in enumerate(parts)]
    drawn = draw(st.lists(st.tuples(NAME, TEXT, st.lists(TEXT, max_size=3), TEXT), min_size=1, max_size=4))
    candidates = {c.id: c for c in (Candidate.make(document.id, n, t, tuple(s), d) for n, t, s, d in drawn)}
    place = st.tuples(st.sampled_from(chunks), st.integers(0, len(text)), st.integers(0, len(text)))
    ids = st.sampled_from(sorted(candidates))
    mentions = {}
    for id, (chunk, a, b) in draw(st.lists(st.tuples(ids, place), max_size=4)):
        mention = Mention(id, chunk.id, min(a, b), max(a, b), text[min(a, b) : max(a, b)])
        mentions[mention.id] = mention
    evidence = {}
    for source, target, label, (chunk, a, b), why, weight in draw(
        st.lists(st.tuples(ids, ids, TEXT, place, TEXT, WEIGHT), max_size=4)
    ):
        row = Evidence(source, label, target, chunk.id, min(a, b), max(a, b), why, weight)
        evidence[row.id] = row
    return document, Reading(
        chunks, list(candidates.values()), list(mentions.values()), list(evidence.values()), draw(TEXT)
    )


@SETTINGS
@given(spoken())
def test_a_reading_comes_back(store: Store, drawn: tuple[Document, Reading]) -> None:
    document, reading = drawn
    store.replace_document(document, reading)
    assert list(store.read(Document, "id", [document.id])) == [document]
    assert set(store.read(Chunk, "document", [document.id])) == set(reading.chunks)
    assert set(store.read(Candidate, "document", [document.id])) == set(reading.candidates)
    assert set(store.read(Mention, "document", [document.id])) == set(reading.mentions)
    assert set(store.read(Evidence, "document", [document.id])) == set(reading.evidence)
    words = store.words(chunk.id for chunk in reading.chunks)
    assert words == {chunk.id: document.text[chunk.start : chunk.end] for chunk in reading.chunks}
    starts = [mention.start for mention in store.read(Mention, "document", [document.id])]
    assert starts == sorted(starts)
    rows: list[Row] = [document, *reading.chunks, *reading.candidates, *reading.mentions, *reading.evidence]
    generation = store.generation
    store.upsert(rows)
    assert store.generation == generation


@SETTINGS
@given(st.data())
def test_what_is_derived_comes_back(store: Store, data: st.DataObject) -> None:
    drawn = data.draw(
        st.lists(
            st.tuples(NAME, TEXT, TEXT, TEXT, st.lists(TEXT, max_size=3), st.booleans()),
            min_size=1,
            max_size=5,
        )
    )
    store.delete([*store.read(Relation), *store.read(Entity)])  # given ones of the example before would stay
    entities = {e.id: e for e in (Entity.make(n, t, s, d, tuple(a), g) for n, t, s, d, a, g in drawn)}
    ends = st.sampled_from(sorted(entities))
    relations = {}
    for source, label, target, why, weight in data.draw(
        st.lists(st.tuples(ends, TEXT, ends, TEXT, WEIGHT), max_size=6)
    ):
        relation = Relation.make(source, label, target, why, weight)
        relations[relation.id] = relation
    store.replace_derived(Derived(entities=list(entities.values()), relations=list(relations.values())))
    assert list(store.read(Entity)) == [entities[id] for id in sorted(entities)]
    assert list(store.read(Relation)) == [relations[id] for id in sorted(relations)]
    graph = store.graph()
    assert [graph.relation_id(i) for i in range(graph.relation_count)] == sorted(relations)
    assert graph.weights.tolist() == [relations[id].weight for id in sorted(relations)]
    assert [graph.label_names[code] for code in graph.labels] == [
        relations[id].label for id in sorted(relations)
    ]
    assert list(graph.names) == [entities[id].name for id in sorted(entities)]
    assert {e.id for e in store.read(Entity, "given", ["1"])} == {id for id, e in entities.items() if e.given}
    kind = next(iter(entities.values())).type
    assert {e.id for e in store.read(Entity, "type", [kind])} == {
        id for id, e in entities.items() if e.type == kind
    }


@SETTINGS
@given(st.data())
def test_a_record_comes_back(store: Store, data: st.DataObject) -> None:
    ids = st.lists(IDS, max_size=3).map(tuple)
    texts: dict[str, Any] = {name: data.draw(TEXT, label=name) for name in PLAIN}
    outcome: st.SearchStrategy[Literal["passed", "failed", "unchecked"]] = st.sampled_from(
        ["passed", "failed"]
    )
    record = Record(
        id=data.draw(IDS),
        subgraph=Subgraph(
            data.draw(ids), data.draw(ids), data.draw(ids), ((data.draw(TEXT), data.draw(TEXT)),)
        ),
        asked=tuple(
            Asked(*row) for row in data.draw(st.lists(st.tuples(IDS, TEXT, ids, st.booleans()), max_size=2))
        ),
        relations=tuple(data.draw(st.lists(st.tuples(IDS, TEXT, IDS), max_size=2))),
        documents=data.draw(ids),
        chunks=data.draw(ids),
        checks=tuple(Check(*row) for row in data.draw(st.lists(st.tuples(TEXT, outcome, TEXT), max_size=2))),
        status=data.draw(st.sampled_from(["accepted", "rejected", "stale", "edited"])),
        parent=data.draw(st.none() | IDS),
        seed=data.draw(st.integers(0, 2**63 - 1)),
        wording=data.draw(st.integers(0, 9)),
        left_out=tuple(data.draw(st.lists(TEXT, max_size=2))),
        tokens_in=data.draw(st.integers(0, 10**9)),
        cost_usd=data.draw(st.none() | st.floats(0, 1e6)),
        **texts,
    )
    store.upsert([record])
    assert list(store.read(Record, "id", [record.id])) == [record]
    for column in ("item", "run", "status", "strategy"):
        assert record in list(store.read(Record, column, [getattr(record, column)]))
    for document in record.documents:
        assert record in list(store.read(Record, "document", [document]))
    generation = store.generation
    store.upsert([record])
    assert store.generation == generation


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:20])
def test_hostile_texts_are_only_texts(
    store: Store, text: str, record: Callable[..., Record], everything: Callable[[Store], dict[str, Any]]
) -> None:
    document = Document.make(text, text, title=text, source=text, author=text)
    chunk = Chunk.make(document.id, text, 0, 0, len(text))
    candidate = Candidate.make(document.id, text, text, (text,), text)
    rows: list[Any] = [
        Mention(candidate.id, chunk.id, 0, len(text), text),
        Evidence(candidate.id, text, candidate.id, chunk.id, 0, len(text), text),
    ]
    store.replace_document(document, Reading([chunk], [candidate], rows[:1], rows[1:], text))
    entity = Entity.make(text, text, "", text, (text, text + "x"))
    relation = Relation.make(entity.id, text, entity.id, text)
    resolution = Resolution(candidate.id, entity.id, text)
    store.replace_derived(Derived([resolution], [entity], [relation]))
    written = record("r", text=text, title=text, run=text, item=text, strategy=text, left_out=(text,))
    store.upsert([written])
    store.set_settings(key=text)
    assert list(store.read(Document)) == [document]
    assert list(store.read(Candidate, "entity", [entity.id])) == [candidate]
    assert [*store.read(Mention), *store.read(Evidence, "relation", [relation.id])] == rows
    assert list(store.read(Resolution, "entity", [entity.id])) == [resolution]
    assert list(store.read(Entity, "type", [text])) == [entity]
    assert list(store.read(Relation, "entity", [entity.id])) == [relation]
    assert list(store.read(Record, "run", [text])) == [written]
    assert store.settings == ({"key": text} if text else {})
    before = everything(store)
    assert before["graph"][1] == [text]
    store.replace_derived(Derived([resolution], [entity], [relation]))
    assert everything(store) == before


def test_half_a_character_is_refused_in_words_and_nothing_is_written(
    store: Store, record: Callable[..., Record]
) -> None:
    with pytest.raises(StoreError, match="lone surrogate"):
        store.upsert([record("r", text="broken \ud83d text")])
    with pytest.raises(StoreError, match="lone surrogate"):
        store.upsert([Entity.make("fine", "x"), Entity.make("x", "x", aliases=("\udc00",))])
    assert list(store.read(Entity)) == []


def test_numbers_beyond_the_store_are_refused_in_words(store: Store, record: Callable[..., Record]) -> None:
    with pytest.raises(StoreError, match="64 bits"):
        store.upsert([record("r", seed=2**64)])
    entity = Entity.make("a", "x")
    with pytest.raises(StoreError, match="weight"):
        store.upsert([entity, Relation.make(entity.id, "to", entity.id, weight=float("nan"))])
