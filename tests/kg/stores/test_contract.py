"""What every store does alike: rows in, rows out, nothing lost, nothing doubled."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from kg.model import Candidate, Chunk, Document, Entity, Evidence, Mention, Record, Relation, Resolution
from kg.store import CorpusLocked, CorpusNotFound, Derived, Row, Store, StoreError
from kg.stores import COPYING, STORES, Mark, open_corpus
from tests.kg.stores.conftest import Derive, Everything, MakeRecord, Say


@contextmanager
def open_again(place: str) -> Iterator[Store]:
    """A second opening of the same corpus."""
    store = open_corpus(place)
    try:
        yield store
    finally:
        store.close()


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


def test_threads_of_one_process_may_write_through_one_store(store: Store, record: MakeRecord) -> None:
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(store.upsert, [record(f"text {n}")]) for n in range(12)]:
            done.result()
    assert len(list(store.read(Record))) == 12
