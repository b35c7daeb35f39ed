"""What every store does alike: rows in, rows out, nothing lost, nothing doubled."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from kg.graph import Graph
from kg.model import Candidate, Chunk, Document, Entity, Evidence, Mention, Record, Relation, Resolution
from kg.store import CorpusLocked, CorpusNotFound, Derived, Past, Reading, Row, Store, StoreError
from kg.stores import COPYING, STORES, Mark, open_corpus


@contextmanager
def open_again(place: str) -> Iterator[Store]:
    """A second opening of the same corpus."""
    store = open_corpus(place)
    try:
        yield store
    finally:
        store.close()


Say = Callable[..., tuple[Document, Reading]]
Derive = Callable[[Store], Derived]
Everything = Callable[[Store], dict[str, Any]]
MakeRecord = Callable[..., Record]


def entity_of(name: str) -> str:
    return Entity.make(name, "").id


# ---- documents -----------------------------------------------------------------------------------


def test_a_document_is_read_back_with_all_that_was_seen_in_it(store: Store, say: Say) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    store.replace_document(document, reading)
    assert list(store.read(Document)) == [document]
    assert list(store.read(Chunk, "document", [document.id])) == list(reading.chunks)
    assert list(store.read(Candidate)) == sorted(reading.candidates, key=lambda candidate: candidate.id)
    assert list(store.read(Mention, "document", [document.id])) == list(reading.mentions)
    assert list(store.read(Evidence, "chunk", [reading.chunks[0].id])) == list(reading.evidence)
    (info,) = store.documents()
    assert (info.fingerprint, info.chunks, info.mentions, info.evidence) == ("by hand 1", 1, 2, 1)
    assert (info.characters, info.year, info.author) == (len(document.text), 1907, None)


def test_the_same_document_twice_changes_nothing(
    store: Store, say: Say, derive: Derive, everything: Everything
) -> None:
    seen = []
    for _ in range(2):
        store.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
        store.replace_document(*say("b.txt", "Bert", "likes", "Cleo"))
        derive(store)
        seen.append(everything(store))
    assert seen[0] == seen[1]
    assert len(seen[0]["Evidence"]) == 2


def test_a_changed_document_touches_only_its_own_rows(store: Store, say: Say) -> None:
    kept, reading = say("b.txt", "Bert", "likes", "Cleo")
    store.replace_document(kept, reading)
    store.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
    changed, again = say("a.txt", "Anna", "forgot", "Dora")
    store.replace_document(changed, again)
    assert {candidate.name for candidate in store.read(Candidate, "document", [changed.id])} == {
        "Anna",
        "Dora",
    }
    assert [evidence.label for evidence in store.read(Evidence, "document", [changed.id])] == ["forgot"]
    assert list(store.read(Evidence, "document", [kept.id])) == list(reading.evidence)
    assert len(list(store.read(Document))) == 2


def test_the_same_paragraph_in_two_documents_stays_two_chunks(store: Store, say: Say) -> None:
    store.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
    store.replace_document(*say("b.txt", "Anna", "knows", "Bert"))
    assert len({chunk.document for chunk in store.read(Chunk)}) == 2
    assert len(list(store.read(Mention))) == 4


def test_a_reading_that_does_not_fit_its_document_is_refused_whole(store: Store, say: Say) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    wrong = replace(reading, mentions=[replace(reading.mentions[0], surface="Anne")])
    with pytest.raises(StoreError, match="spelled 'Anna'"):
        store.replace_document(document, wrong)
    stranger = replace(reading, candidates=reading.candidates[:1])
    with pytest.raises(StoreError, match="candidate or chunk not in it"):
        store.replace_document(document, stranger)
    assert list(store.read(Document)) == []
    assert store.generation == 0


def test_a_removed_document_leaves_with_its_rows(store: Store, say: Say, derive: Derive) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    store.replace_document(document, reading)
    store.replace_document(*say("b.txt", "Bert", "likes", "Cleo"))
    derive(store)
    assert store.remove_documents([document.id, "0" * 32]) == 1
    derive(store)
    assert [info.source for info in store.documents()] == ["b.txt"]
    assert {entity.name for entity in store.read(Entity)} == {"Bert", "Cleo"}
    assert list(store.read(Chunk, "id", [reading.chunks[0].id])) == []


# ---- records -------------------------------------------------------------------------------------


def test_a_record_comes_back_with_every_field_and_is_found_by_each_column(
    store: Store, say: Say, record: MakeRecord
) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    store.replace_document(document, reading)
    text = record("one", documents=(document.id,), chunks=(reading.chunks[0].id,), parent=None)
    other = record("two", item="x", run="run 2", status="rejected", strategy="relate", cost_usd=None)
    assert store.upsert([text, other]) == 2
    columns = {
        "id": text.id,
        "item": "item of one",
        "run": "run 1",
        "status": "accepted",
        "strategy": "describe",
        "document": document.id,
    }
    for column, value in columns.items():
        assert list(store.read(Record, column, [value])) == [text], column
    found = sorted([text, other], key=lambda row: row.id)
    assert list(store.read(Record, "entity", [entity_of("Anna")])) == found
    assert list(store.read(Record)) == found


def test_new_words_make_the_texts_that_rest_on_them_stale(store: Store, say: Say, record: MakeRecord) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    store.replace_document(document, reading)
    rests = record("rests", documents=(document.id,), chunks=(reading.chunks[0].id,))
    cites = record("cites", chunks=(reading.chunks[0].id,))
    edited = record("edited", documents=(document.id,), status="edited")
    rejected = record("rejected", documents=(document.id,), status="rejected")
    free = record("free")
    store.upsert([rests, cites, edited, rejected, free])
    store.replace_document(replace(document, title="another title"), reading)
    assert {row.status for row in store.read(Record, "id", [rests.id, cites.id])} == {"accepted"}
    store.replace_document(*say("a.txt", "Anna", "forgot", "Bert"))
    status = {row.id: row.status for row in store.read(Record)}
    assert [status[row.id] for row in (rests, cites, edited, rejected, free)] == [
        "stale",
        "stale",
        "stale",
        "rejected",
        "accepted",
    ]


def test_a_cited_chunk_keeps_its_words_for_good(store: Store, say: Say, record: MakeRecord) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    (chunk,) = reading.chunks
    store.replace_document(document, reading)
    store.upsert([record("one", documents=(document.id,), chunks=(chunk.id,))])
    store.replace_document(*say("a.txt", "Anna", "forgot", "Cleo"))
    store.replace_document(*say("a.txt", "Anna", "found", "Dora"))
    assert store.words([chunk.id, "0" * 32]) == {chunk.id: "Anna knows Bert."}
    assert list(store.read(Chunk, "id", [chunk.id])) == [chunk]
    assert chunk not in list(store.read(Chunk))
    store.remove_documents([document.id])
    assert store.words([chunk.id]) == {chunk.id: "Anna knows Bert."}
    store.delete([record("one")])
    assert store.words([chunk.id]) == {}


def test_a_chunk_that_returns_is_one_chunk_again(store: Store, say: Say, record: MakeRecord) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    store.replace_document(document, reading)
    store.upsert([record("one", chunks=(reading.chunks[0].id,))])
    store.replace_document(*say("a.txt", "Anna", "forgot", "Cleo"))
    store.replace_document(document, reading)
    assert list(store.read(Chunk)) == list(reading.chunks)
    assert len(list(store.read(Mention))) == 2


# ---- what is derived -----------------------------------------------------------------------------


def test_the_graph_shows_what_was_derived(store: Store, say: Say, derive: Derive) -> None:
    first, _ = say("a.txt", "Anna", "knows", "Bert")
    for spoken in (say("a.txt", "Anna", "knows", "Bert"), say("b.txt", "Anna", "knows", "Bert")):
        store.replace_document(*spoken)
    store.replace_document(*say("c.txt", "Bert", "likes", "Cleo"))
    derive(store)
    graph = store.graph()
    row = graph.entity_row(entity_of("Bert"))
    assert (graph.names[row], graph.mentions[row]) == ("Bert", 3)
    assert len(graph.entity_documents[row]) == 3
    knows = graph.relation_row(Relation.make(entity_of("Anna"), "knows", entity_of("Bert")).id)
    assert graph.weights[knows] == 3.0
    assert graph.label_names[graph.labels[knows]] == "knows"
    titles = {graph.document_titles[i] for i in graph.relation_documents[knows]}
    assert titles == {"A.Txt", "B.Txt"}
    assert first.id in graph.document_ids
    assert graph.generation == store.generation


def test_the_graph_equals_one_built_from_its_rows(store: Store, say: Say, derive: Derive) -> None:
    for i in range(12):
        store.replace_document(*say(f"{i}.txt", f"P{i % 5}", f"label {i % 3}", f"P{(i * 7) % 6} x"))
    derived = derive(store)
    of = {resolution.candidate: resolution.entity for resolution in derived.resolutions}
    owner = {candidate.id: candidate.document for candidate in store.read(Candidate)}
    counts: dict[str, int] = {}
    for mention in store.read(Mention):
        counts[of[mention.candidate]] = counts.get(of[mention.candidate], 0) + 1
    by_hand = Graph.build(
        [(e.id, e.name, e.type, counts.get(e.id, 0)) for e in derived.entities],
        [(r.id, r.source, r.label, r.target, r.weight) for r in derived.relations],
        documents=[(info.id, info.title) for info in store.documents()],
        entity_documents=[(of[candidate], document) for candidate, document in owner.items()],
        relation_documents=[
            (Relation.make(of[e.source], e.label, of[e.target]).id, owner[e.source])
            for e in store.read(Evidence)
        ],
    )
    graph = store.graph()
    for name in (
        "entity_ids",
        "types",
        "mentions",
        "relation_ids",
        "sources",
        "targets",
        "labels",
        "weights",
    ):
        assert getattr(graph, name).tolist() == getattr(by_hand, name).tolist(), name
    for name in ("names", "type_names", "label_names", "document_ids", "document_titles"):
        assert list(getattr(graph, name)) == list(getattr(by_hand, name)), name
    for name in ("entity_documents", "relation_documents"):
        assert getattr(graph, name).starts.tolist() == getattr(by_hand, name).starts.tolist(), name
        assert getattr(graph, name).values.tolist() == getattr(by_hand, name).values.tolist(), name


def test_evidence_and_mentions_are_found_by_what_they_are_about(
    store: Store, say: Say, derive: Derive
) -> None:
    spoken = [
        say("a.txt", "Anna", "knows", "Bert"),
        say("b.txt", "Bert", "likes", "Anna"),
        say("c.txt", "Cleo", "is", "Dora"),
    ]
    for document, reading in spoken:
        store.replace_document(document, reading)
    derive(store)
    evidence = [reading.evidence[0] for _, reading in spoken]
    assert {row.label for row in store.read(Evidence, "entity", [entity_of("Anna")])} == {"knows", "likes"}
    assert len(list(store.read(Evidence, "entity", [entity_of("Anna"), entity_of("Bert")]))) == 2
    knows = Relation.make(entity_of("Anna"), "knows", entity_of("Bert"))
    assert list(store.read(Evidence, "relation", [knows.id])) == evidence[:1]
    assert len(list(store.read(Mention, "entity", [entity_of("Bert")]))) == 2
    assert list(store.read(Mention, "candidate", [evidence[2].source])) == [spoken[2][1].mentions[0]]
    assert {row.label for row in store.read(Relation, "entity", [entity_of("Dora")])} == {"is"}
    assert len(list(store.read(Candidate, "entity", [entity_of("Anna")]))) == 2


def test_an_empty_corpus_has_an_empty_graph(store: Store) -> None:
    graph = store.graph()
    assert (len(graph), graph.relation_count, len(graph.document_ids)) == (0, 0, 0)
    assert store.search("anna") == []


def test_given_relations_and_their_entities_survive_a_rebuild(store: Store, say: Say, derive: Derive) -> None:
    ends = Entity.make("Xenia", "person"), Entity.make("Yuri", "person")
    given = Relation.make(ends[0].id, "taught", ends[1].id, "imported", 2.0, given=True)
    store.upsert([given, *ends])
    store.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
    derive(store)
    derive(store)
    assert list(store.read(Relation, "given", ["1"])) == [given]
    assert {entity.name for entity in store.read(Entity)} == {"Anna", "Bert", "Xenia", "Yuri"}
    assert store.delete([given]) == 1
    derive(store)
    assert {entity.name for entity in store.read(Entity)} == {"Anna", "Bert"}


def test_a_derived_relation_leaves_a_given_one_of_the_same_id_as_it_is(
    store: Store, say: Say, derive: Derive
) -> None:
    store.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
    derive(store)
    given = Relation.make(entity_of("Anna"), "knows", entity_of("Bert"), "imported", 7.0, given=True)
    store.upsert([given])
    derive(store)
    assert list(store.read(Relation)) == [given]


def test_a_users_word_survives_a_rebuild_and_waits_for_its_candidate(
    store: Store, say: Say, derive: Derive
) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    store.replace_document(document, reading)
    store.replace_document(*say("b.txt", "Cleo", "knows", "Dora"))
    derive(store)
    nina = Entity.make("Nina", "person", aliases=("Annie",))
    word = Resolution(reading.candidates[0].id, nina.id, "I know her", "user")
    store.upsert([word, nina])
    derive(store)
    assert {entity.name for entity in store.read(Entity)} == {"Nina", "Bert", "Cleo", "Dora"}

    store.remove_documents([document.id])
    derive(store)
    assert {entity.name for entity in store.read(Entity)} == {"Cleo", "Dora"}
    assert store.search("nina") == []
    assert list(store.read(Resolution, "by", ["user"])) == [word]
    assert list(store.read(Entity, "id", [nina.id])) == [nina]
    assert len(store.graph()) == 2

    store.replace_document(document, reading)
    derive(store)
    assert list(store.read(Resolution, "candidate", [word.candidate])) == [word]
    assert {entity.name for entity in store.read(Entity)} == {"Nina", "Bert", "Cleo", "Dora"}
    assert store.search("annie") == [nina]

    assert store.delete([word]) == 1
    derive(store)
    assert {entity.name for entity in store.read(Entity)} == {"Anna", "Bert", "Cleo", "Dora"}


def test_a_users_word_about_an_unknown_candidate_waits(store: Store, say: Say, derive: Derive) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    nina = Entity.make("Nina", "person")
    store.upsert([nina, Resolution(reading.candidates[0].id, nina.id, "from a copy", "user")])
    derive(store)
    assert list(store.read(Candidate)) == []
    store.replace_document(document, reading)
    derive(store)
    assert {entity.name for entity in store.read(Entity)} == {"Nina", "Bert"}


def test_a_rule_does_not_overrule_a_user(store: Store, say: Say, derive: Derive) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    store.replace_document(document, reading)
    derived = derive(store)
    nina = Entity.make("Nina", "person")
    word = Resolution(reading.candidates[0].id, nina.id, "I know her", "user")
    store.upsert([nina, word])
    store.replace_derived(derived)
    assert list(store.read(Resolution, "candidate", [word.candidate])) == [word]
    assert nina in list(store.read(Entity))


def test_redirects_are_followed_to_their_end_and_never_in_circles(store: Store, record: MakeRecord) -> None:
    a, b, c = (Entity.make(name, "person") for name in "ABC")
    store.replace_derived(Derived(entities=[a]))
    store.upsert([record("about a", subgraph=record("x").subgraph, asked=())])
    store.replace_derived(Derived(entities=[b], redirects={a.id: b.id}))
    store.replace_derived(Derived(entities=[c], redirects={b.id: c.id}))
    assert list(store.read(Entity, "id", [a.id])) == [c]
    assert store.neighbourhood(a.id).entities == (c.id,)
    with pytest.raises(StoreError, match="circle"):
        store.replace_derived(Derived(entities=[], redirects={c.id: a.id}))
    assert list(store.read(Entity)) == [c]
    store.replace_derived(Derived(entities=[a], redirects={c.id: a.id}))
    assert list(store.read(Entity, "id", [b.id, a.id, c.id])) == [a]


def test_records_are_found_by_the_entity_that_took_the_place_of_theirs(
    store: Store, record: MakeRecord
) -> None:
    anna, nina = Entity.make("Anna", "person"), Entity.make("Nina", "person")
    store.replace_derived(Derived(entities=[anna]))
    store.upsert([record("one")])
    store.replace_derived(Derived(entities=[nina], redirects={anna.id: nina.id}))
    assert list(store.read(Record, "entity", [nina.id])) == [record("one")]


def test_a_rebuild_drops_what_is_no_longer_derived(store: Store, everything: Everything) -> None:
    a, b, c = (Entity.make(name, "person") for name in "ABC")
    old = Derived(
        entities=[a, b, c], relations=[Relation.make(a.id, "to", b.id), Relation.make(b.id, "to", c.id)]
    )
    new = Derived(
        entities=[a, replace(b, description="changed")], relations=[Relation.make(a.id, "to", b.id, weight=2)]
    )
    store.replace_derived(old)
    store.replace_derived(new)
    assert {entity.id: entity for entity in store.read(Entity)} == {
        entity.id: entity for entity in new.entities
    }
    assert list(store.read(Relation)) == list(new.relations)
    before, generation = everything(store), store.generation
    store.replace_derived(new)
    assert everything(store) == before
    assert store.generation == generation


# ---- what was given ------------------------------------------------------------------------------


def test_given_entities_are_read_by_that_column_and_survive_a_rebuild(
    store: Store, say: Say, derive: Derive
) -> None:
    alone = Entity.make("Xenia", "person", "", "imported", ("Xen",), given=True)
    store.upsert([alone, Entity.make("Yuri", "person")])
    store.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
    for _ in range(2):
        derive(store)
        assert list(store.read(Entity, "given", ["1"])) == [alone]
        assert list(store.read(Entity, "given", ["0"])) == []
        assert {entity.name for entity in store.read(Entity)} == {"Anna", "Bert", "Xenia"}
    assert store.search("xen") == [alone]
    assert len(store.graph()) == 3
    assert store.delete([alone]) == 1
    derive(store)
    assert {entity.name for entity in store.read(Entity)} == {"Anna", "Bert"}


def test_a_given_entity_among_the_derived_takes_their_words_and_stays_given(store: Store) -> None:
    store.upsert([Entity.make("Anna", "person", given=True)])
    derived = Entity.make("Anna", "person", "", "seen in a document", ("Annie",))
    store.replace_derived(Derived(entities=[derived]))
    stands = replace(derived, given=True)
    assert list(store.read(Entity)) == [stands]
    generation = store.generation
    store.replace_derived(Derived(entities=[derived]))
    assert store.generation == generation
    store.replace_derived(Derived())
    assert list(store.read(Entity)) == [stands]
    assert store.search("annie") == [stands]


def test_an_entity_is_given_or_not_as_it_was_last_written(store: Store) -> None:
    anna = Entity.make("Anna", "person", given=True)
    store.upsert([anna])
    store.upsert([replace(anna, given=False)])
    assert list(store.read(Entity, "given", ["1"])) == []
    store.replace_derived(Derived(entities=[anna]))
    assert list(store.read(Entity, "given", ["1"])) == [anna]
    store.upsert([replace(anna, given=False)])
    store.replace_derived(Derived())
    assert list(store.read(Entity)) == []


# ---- what is gone --------------------------------------------------------------------------------


@pytest.fixture
def aged(store: Store, say: Say, derive: Derive, record: MakeRecord) -> Store:
    """A corpus with a redirect, two cited chunks of texts that are gone, and a user's word that waits."""
    first, reading = say("a.txt", "Anna", "knows", "Bert")
    second, other = say("b.txt", "Cleo", "knows", "Dora")
    store.replace_document(first, reading)
    store.replace_document(second, other)
    derive(store)
    nina = Entity.make("Nina", "person", aliases=("Annie",))
    store.upsert([nina, Resolution(reading.candidates[0].id, nina.id, "I know her", "user")])
    derived = derive(store)
    store.replace_derived(replace(derived, redirects={entity_of("Anna"): nina.id}))
    store.upsert([record("one", chunks=(reading.chunks[0].id, other.chunks[0].id))])
    store.remove_documents([first.id])
    store.replace_document(*say("b.txt", "Now Cleo", "forgot", "Dora"))
    derive(store)
    return store


def test_threads_of_one_process_may_write_through_one_store(store: Store, record: MakeRecord) -> None:
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(store.upsert, [record(f"text {n}")]) for n in range(12)]:
            done.result()
    assert len(list(store.read(Record))) == 12


def test_a_text_that_names_very_many_is_found_by_each_of_them(
    store: Store, say: Say, record: MakeRecord
) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    store.replace_document(document, reading)
    others = [f"{n:032x}" for n in range(1_500)]
    key = "k" * 100_000
    store.upsert(
        [record("few"), record("many", item=key, chunks=(*others, reading.chunks[0].id), documents=others)]
    )
    (many,) = store.read(Record, "document", [others[-1]])
    assert list(store.read(Record, "item", [key, key[:-1]])) == [many]
    store.remove_documents([document.id])
    assert [chunk for chunk, _ in store.past().chunks] == list(reading.chunks)


def test_the_past_of_a_corpus_is_what_it_keeps_of_what_is_gone(aged: Store, say: Say) -> None:
    chunks = [say("a.txt", "Anna", "knows", "Bert")[1].chunks[0]]
    chunks += [say("b.txt", "Cleo", "knows", "Dora")[1].chunks[0]]
    nina = Entity.make("Nina", "person", aliases=("Annie",))
    past = aged.past()
    assert past.redirects == {entity_of("Anna"): nina.id}
    words = {chunks[0].id: "Anna knows Bert.", chunks[1].id: "Cleo knows Dora."}
    assert list(past.chunks) == [(one, words[one.id]) for one in sorted(chunks, key=lambda one: one.id)]
    assert list(past.entities) == [nina]


def test_a_past_that_another_corpus_keeps_does_what_it_did(
    aged: Store, new_place: Callable[[], str], say: Say, derive: Derive, record: MakeRecord
) -> None:
    past, nina = aged.past(), Entity.make("Nina", "person", aliases=("Annie",))
    copy = open_corpus(new_place(), create=True)
    copy.keep(past)
    assert copy.past() == past
    assert [*copy.read(Entity), *copy.read(Chunk), *copy.search("nina")] == []
    assert len(copy.graph()) == 0
    word = next(iter(aged.read(Resolution, "by", ["user"])))
    copy.upsert([word])
    copy.upsert(aged.read(Record))
    generation = copy.generation
    copy.keep(past)
    assert copy.generation == generation
    assert list(copy.read(Entity, "id", [entity_of("Anna")])) == [nina]
    for chunk, words in past.chunks:
        assert copy.words([chunk.id]) == {chunk.id: words}
        assert list(copy.read(Chunk, "id", [chunk.id])) == [chunk]
    copy.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
    derive(copy)
    assert {entity.name for entity in copy.read(Entity)} == {"Nina", "Bert"}
    assert len(list(copy.read(Chunk))) == 1
    assert [one.document for one, _ in copy.past().chunks] == [
        one.document for one, _ in past.chunks if one.id not in {chunk.id for chunk in copy.read(Chunk)}
    ]
    copy.delete([record("one")])
    assert copy.past().chunks == []
    copy.close()


def test_new_words_of_a_document_make_texts_stale_that_cite_a_kept_chunk(
    aged: Store, new_place: Callable[[], str], say: Say, record: MakeRecord
) -> None:
    copy = open_corpus(new_place(), create=True)
    copy.replace_document(*say("b.txt", "Now Cleo", "forgot", "Dora"))
    copy.keep(aged.past())
    copy.upsert([record("one", chunks=tuple(chunk.id for chunk, _ in aged.past().chunks))])
    copy.replace_document(*say("b.txt", "Cleo", "forgave", "Dora"))
    assert [row.status for row in copy.read(Record)] == ["stale"]
    copy.close()


def test_a_kept_chunk_may_lie_anywhere_in_a_text_that_is_gone(store: Store, record: MakeRecord) -> None:
    document = Document.make("gone.txt", "", title="", source="")
    old = Chunk.make(document.id, "\u00e9\0\U0001f980", 0, 1_000_000, 1_000_003, "en")
    store.keep(Past(chunks=[(old, "\u00e9\0\U0001f980")]))
    store.upsert([record("one", chunks=(old.id,))])
    assert store.words([old.id]) == {old.id: "\u00e9\0\U0001f980"}
    with pytest.raises(StoreError, match="2 characters long"):
        store.keep(Past(chunks=[(replace(old, id="ab" * 16), "xy")]))
    assert store.past().chunks == [(old, "\u00e9\0\U0001f980")]


def test_a_kept_past_takes_the_place_of_the_redirects_and_leaves_what_is_here(store: Store, say: Say) -> None:
    a, b, c = (Entity.make(name, "person") for name in "ABC")
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    store.replace_document(document, reading)
    store.replace_derived(Derived(entities=[a]))
    store.replace_derived(Derived(entities=[b], redirects={a.id: b.id}))
    chunk = reading.chunks[0]
    store.keep(Past({c.id: b.id, b.id: c.id}, [(chunk, "Anna knows Bert.")], [replace(b, name="no")]))
    assert store.past() == Past({c.id: b.id}, [], [])
    assert list(store.read(Entity, "id", [c.id])) == list(store.read(Entity)) == [b]
    assert list(store.read(Entity, "id", [a.id])) == []
    assert list(store.read(Chunk)) == [chunk]
    with pytest.raises(StoreError, match="circle"):
        store.keep(Past({a.id: c.id, c.id: a.id}))
    assert store.past().redirects == {c.id: b.id}


# ---- single rows ---------------------------------------------------------------------------------


def test_a_row_may_come_before_what_it_names(store: Store, say: Say) -> None:
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    rows: list[Row] = [*reading.evidence, *reading.mentions, *reading.candidates, *reading.chunks, document]
    assert store.upsert(rows) == 7
    assert list(store.read(Evidence)) == list(reading.evidence)
    assert store.upsert(reversed(rows)) == 7
    assert len(list(store.read(Mention))) == 2


def test_a_missing_end_is_named_and_nothing_is_written(store: Store, say: Say) -> None:
    here = Entity.make("Anna", "person")
    lost = Relation.make(here.id, "knows", "ab" * 16)
    with pytest.raises(StoreError, match="ab" * 16):
        store.upsert([here, lost])
    assert list(store.read(Entity)) == []
    _, reading = say("a.txt", "Anna", "knows", "Bert")
    for row in (reading.chunks[0], reading.candidates[0], reading.mentions[0], reading.evidence[0]):
        with pytest.raises(StoreError, match="Write what it names first"):
            store.upsert([row])
    with pytest.raises(StoreError, match="ab" * 16):
        store.replace_derived(Derived(entities=[here], relations=[lost]))
    with pytest.raises(StoreError, match="no such candidate"):
        store.replace_derived(Derived([Resolution("cd" * 16, here.id, "why")], [here]))
    assert store.generation == 0


def test_deleting_an_entity_that_relations_name_is_refused(store: Store) -> None:
    a, b = Entity.make("A", ""), Entity.make("B", "")
    relation = Relation.make(a.id, "to", b.id)
    store.upsert([a, b, relation])
    with pytest.raises(StoreError, match="Remove those first"):
        store.delete([a])
    assert store.delete([relation, a, a]) == 2
    assert list(store.read(Entity)) == [b]
    assert store.search("a") == []


def test_wrong_questions_are_answered_with_what_can_be_asked(store: Store) -> None:
    with pytest.raises(ValueError, match="'id', 'document'"):
        store.read(Chunk, "colour")
    with pytest.raises(ValueError, match="one text"):
        store.read(Chunk, "id", "ab" * 16)
    assert list(store.read(Chunk, "id", ["no id", "", "ab" * 16])) == []
    assert list(store.read(Entity, "type", [])) == []
    with pytest.raises(StoreError, match="entities list"):
        store.neighbourhood("ab" * 16)


def test_an_id_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="32 hex digits"):
        store.upsert([Entity("not an id", "Anna", "person")])


# ---- around and along ----------------------------------------------------------------------------


def test_the_neighbourhood_is_the_heaviest_hop_by_hop(store: Store) -> None:
    hub, *rim = [Entity.make(name, "") for name in ("hub", "r1", "r2", "r3", "far")]
    relations = [
        Relation.make(hub.id, "to", end.id, weight=weight)
        for end, weight in zip(rim, (1, 5, 3), strict=False)
    ]
    relations += [Relation.make(rim[1].id, "to", rim[3].id), Relation.make(rim[1].id, "back", rim[0].id)]
    store.upsert([hub, *rim, *relations])
    near = store.neighbourhood(hub.id)
    assert near.entities == tuple(sorted(entity.id for entity in (hub, *rim[:3])))
    assert near.relations == tuple(sorted(r.id for r in (*relations[:3], relations[4])))
    assert set(store.neighbourhood(hub.id, limit=1).entities) == {hub.id, rim[1].id}
    assert set(store.neighbourhood(hub.id, limit=2).entities) == {hub.id, rim[1].id, rim[2].id}
    assert set(store.neighbourhood(hub.id, hops=2).entities) == {entity.id for entity in (hub, *rim)}
    assert len(store.neighbourhood(hub.id, hops=2).relations) == 5
    assert store.neighbourhood(hub.id, hops=0).entities == (hub.id,)


def test_settings_are_kept_and_removed(store: Store, place: str) -> None:
    store.set_settings(max_usd_total="5", note="a\0b")
    store.set_settings(max_usd_total="")
    with open_again(place) as other:
        assert other.settings == {"note": "a\0b"}


def test_every_commit_raises_the_generation_for_other_readers(store: Store, place: str, say: Say) -> None:
    with open_again(place) as reader:
        assert reader.generation == 0
        store.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
        assert reader.generation == 1
        assert len(reader.graph().document_ids) == 1
        store.replace_document(*say("b.txt", "Anna", "knows", "Bert"))
        assert reader.generation == 2
        assert len(reader.graph().document_ids) == 2


def test_records_do_not_make_the_graph_stale_but_stamp_it(store: Store, record: MakeRecord, say: Say) -> None:
    store.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
    graph = store.graph()
    store.upsert([record("one")])
    again = store.graph()
    assert again.generation == store.generation == graph.generation + 1
    assert again.entity_ids is graph.entity_ids


def test_rows_that_are_read_while_others_are_written_are_of_one_commit(store: Store, say: Say) -> None:
    for i in range(20):
        store.replace_document(*say(f"{i}.txt", "Anna", "knows", "Bert"))
    seen = []
    for document in store.read(Document):
        seen.append(document.id)
        store.remove_documents([document.id])
    assert len(seen) == 20
    assert store.documents() == []


def test_a_closed_corpus_says_so_and_its_id_is_kept(place: str) -> None:
    first = open_corpus(place, create=True)
    first.close()
    first.close()
    with pytest.raises(StoreError, match="closed"):
        first.documents()
    with open_again(place) as again:
        assert again.corpus_id == first.corpus_id
        assert len(again.corpus_id) == 32


def test_a_removed_corpus_is_gone_with_its_paid_calls_and_can_be_made_anew(store: Store, place: str) -> None:
    store.upsert([Entity.make("Anna", "person")])
    (store.folder / "journal").mkdir(parents=True, exist_ok=True)
    (store.folder / "journal" / "calls.jsonl").write_text("{}\n")
    folder = store.folder
    store.remove()
    assert not folder.exists()
    with pytest.raises(CorpusNotFound):
        open_corpus(place)
    again = open_corpus(place, create=True)
    assert list(again.read(Entity)) == []
    again.remove()


def test_a_corpus_that_another_writes_to_or_that_is_only_read_is_not_removed(
    store: Store, place: str
) -> None:
    store.upsert([Entity.make("Anna", "person")])
    with open_again(place) as other, pytest.raises(CorpusLocked):
        other.remove()
    reader = open_corpus(place, writable=False)
    with pytest.raises(StoreError, match="opened for reading"):
        reader.remove()
    reader.close()
    assert len(list(store.read(Entity))) == 1


def test_what_is_not_there_is_not_found_and_not_made(new_place: Callable[[], str]) -> None:
    place = new_place()
    for _ in range(2):
        with pytest.raises(CorpusNotFound, match="entigraph build"):
            open_corpus(place)


def test_half_a_copy_is_refused_but_to_who_goes_on_with_it(store: Store, place: str) -> None:
    store.set_settings(**{COPYING: Mark("old.kg", "ab" * 16, 7).text})
    with pytest.raises(StoreError, match=r"half a copy of 'old\.kg'.*entigraph copy \"old\.kg\""):
        open_corpus(place)
    again = open_corpus(place, half=True)
    again.set_settings(**{COPYING: ""})
    again.close()
    with open_again(place) as whole:
        assert whole.settings == {}


def test_reading_only_refuses_to_write(store: Store, place: str, record: MakeRecord) -> None:
    reader = open_corpus(place, writable=False)
    for write in (lambda: reader.upsert([record("one")]), lambda: reader.set_settings(a="b")):
        with pytest.raises(StoreError, match="opened for reading"):
            write()
    reader.close()


def test_an_unknown_scheme_is_answered_with_those_there_are() -> None:
    with pytest.raises(StoreError, match=r"no store is called 'ftp'.*corpus\.kg"):
        open_corpus("ftp://somewhere")


def test_every_store_is_held_to_this_contract(tested_schemes: set[str]) -> None:
    assert set(STORES) == tested_schemes, "give a new store its place in PLACES of conftest.py"
