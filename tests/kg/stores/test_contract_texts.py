"""What every store does alike with texts, and with what it keeps of words that are gone."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kg.model import Chunk, Document, Entity, Mention, Record, Resolution
from kg.store import Derived, Past, Store, StoreError
from kg.stores import open_corpus
from tests.kg.stores.conftest import Derive, MakeRecord, Say, entity_of

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
