"""A copy is the corpus to the last field, between every two kinds of places, and however often it is killed."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.copying import Copied, copy
from kg.model import By, Document, Entity, Record, Relation, Resolution
from kg.store import Reading, Store, StoreError
from kg.stores import COPYING, Mark, open_corpus
from lm.base import Completion, Request, chat
from lm.journal import Call, Journal
from tests.kg.stores.conftest import Derive, Everything, MakeRecord, Say
from tests.kg.stores.test_round_trips import HOSTILE, SETTINGS, TEXT, spoken

pytestmark = pytest.mark.slow  # many runs of the program

NewPlace = Callable[[], str]


@pytest.fixture
def opened() -> Iterator[Callable[..., Store]]:
    """Opens corpora that are closed after the test."""
    with ExitStack() as stack:
        yield lambda place, **how: stack.enter_context(closing(open_corpus(place, **how)))


@pytest.fixture
def full(store: Store, say: Say, derive: Derive, record: MakeRecord) -> Store:
    """A corpus with something of everything that a corpus can hold."""
    first, reading = say("a.txt", "Anna", "knows", "Bert")
    second, other = say("b.txt", "Cleo", "knows", "Dora")
    for spoken_ in ((first, reading), (second, other), say("c.txt", "Bert", "likes", "Cleo")):
        store.replace_document(*spoken_)
    nina = Entity.make("Nina", "person", aliases=("Annie",))
    ends = Entity.make("Xenia", "person", "", "imported", ("Xen",), True), Entity.make("Yuri", "person")
    taught = Relation.make(ends[0].id, "taught", ends[1].id, "imported", 0.1 + 0.2, given=True)
    alone = Entity.make("Zoe", "", "a sense", given=True)
    store.upsert(
        [nina, alone, *ends, taught, Resolution(reading.candidates[0].id, nina.id, "I know", "user")]
    )
    derived = derive(store)
    store.replace_derived(replace(derived, redirects={Entity.make("Anna", "").id: nina.id}))
    cites = record("cites", documents=(first.id,), chunks=(reading.chunks[0].id, other.chunks[0].id))
    store.upsert([cites, record("free", status="rejected"), record("rests", documents=(second.id,))])
    store.remove_documents([first.id])
    store.replace_document(*say("b.txt", "Now Cleo", "forgot", "Dora"))
    derive(store)
    store.upsert([record("new", documents=(second.id,), chunks=(other.chunks[0].id,))])
    store.set_settings(max_usd_total="5", aliases='[["a", ["b"], ""]]', note="x\0<script>")
    paid(store, "Who?")
    (store.folder / "runs" / "edges-1").mkdir(parents=True)
    (store.folder / "runs" / "edges-1" / "run.json").write_text('{"model": "echo"}')
    (store.folder / "runs" / "edges-1" / "lock").write_text("somebody")
    (store.folder / "curation.jsonl").write_text('{"said": "merge", "before": {}}\n')
    (store.folder / "texts.jsonl").write_text("an export")
    return store


def paid(store: Store, text: str) -> Request:
    """A call that was paid for, and one whose answer is out."""
    request, call = Request(chat(text), "m"), Call("run 1", "write")
    with Journal.open(store.folder / "journal", corpus_id=store.corpus_id, fsync="none") as journal:
        attempt = journal.reserve(request.key, "m", tokens=100, usd=0.01, call=call)
        journal.answered(request, request.key, attempt, Completion("I.", "stop", 3, 1, 0.5, "m", 0.002), call)
        journal.reserve(Request(chat(text + "?"), "m").key, "m", tokens=70, usd=0.5, call=call)
    return request


# ---- whole -----------------------------------------------------------------------------------------


def test_a_copy_is_the_corpus_to_the_last_field_and_so_is_its_copy(
    full: Store,
    new_other_place: NewPlace,
    new_place: NewPlace,
    opened: Callable[..., Store],
    everything: Everything,
) -> None:
    assert {row.status for row in full.read(Record)} == {"accepted", "rejected", "stale"}
    assert (len(full.past().redirects), len(full.past().chunks), len(full.past().entities)) == (1, 2, 1)
    there = opened(new_other_place(), create=True)
    report = copy(full, there)
    back = opened(new_place(), create=True)
    assert copy(there, back).to_json() == {**report.to_json(), "left_out": {}}
    for other in (there, back):
        assert everything(other) == everything(full)
        assert other.past() == full.past()
        cited = [chunk.id for chunk, _ in full.past().chunks]
        assert other.words(cited) == full.words(cited)
        assert other.search("annie") == []
        assert list(other.read(Entity, "given", ["1"])) == list(full.read(Entity, "given", ["1"]))
        assert other.corpus_id != full.corpus_id
        assert (other.folder / "curation.jsonl").read_bytes() == (full.folder / "curation.jsonl").read_bytes()
        assert [path.name for path in (other.folder / "runs" / "edges-1").iterdir()] == ["run.json"]
    assert (report.documents, report.entities, report.relations, report.texts) == (2, 7, 3, 4)
    assert report.left_out == {"other files": 1}


def test_a_copy_goes_on_as_the_corpus_would(
    full: Store,
    new_other_place: NewPlace,
    opened: Callable[..., Store],
    say: Say,
    derive: Derive,
    everything: Everything,
) -> None:
    there = opened(new_other_place(), create=True)
    copy(full, there)
    for corpus in (full, there):
        corpus.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
        corpus.replace_document(*say("c.txt", "Bert", "left", "Cleo"))
        corpus.remove_documents([info.id for info in corpus.documents() if info.source == "b.txt"])
        derive(corpus)
    assert everything(there) == everything(full)
    assert "Nina" in {entity.name for entity in there.read(Entity)}
    assert there.past() == full.past()


def test_what_was_paid_for_comes_along_and_the_two_journals_part(
    full: Store, new_other_place: NewPlace, opened: Callable[..., Store]
) -> None:
    there = opened(new_other_place(), create=True)
    copy(full, there)
    old = (full.folder / "journal" / "calls.jsonl").read_bytes().splitlines()
    with Journal.open(there.folder / "journal", corpus_id=there.corpus_id) as journal:
        assert journal.problems == []
        answer = journal.answer(Request(chat("Who?"), "m").key)
        assert answer is not None
        assert answer.text == "I."
        with Journal.open(full.folder / "journal", corpus_id=full.corpus_id, read_only=True) as before:
            assert journal.ledger.all == before.ledger.all
    assert (there.folder / "journal" / "calls.jsonl").read_bytes().splitlines()[1:] == old[1:]
    request = paid(there, "And you?")
    with Journal.open(full.folder / "journal", corpus_id=full.corpus_id, read_only=True) as journal:
        assert request.key not in journal


@settings(SETTINGS, max_examples=12)  # each makes two corpora
@given(st.lists(spoken(), max_size=3), TEXT, st.data())
def test_whatever_a_corpus_holds_a_copy_holds(
    new_place: NewPlace,
    new_other_place: NewPlace,
    record: MakeRecord,
    everything: Everything,
    drawn: list[tuple[Document, Reading]],
    text: str,
    data: st.DataObject,
) -> None:
    with closing(open_corpus(new_place(), create=True)) as one:
        candidates = {}
        for document, reading in drawn:
            one.replace_document(document, reading)
            candidates[document.id] = [candidate.id for candidate in reading.candidates]
        known = sorted({id for ids in candidates.values() for id in ids})
        entity = Entity.make(text, text, text, text, (text,), given=data.draw(st.booleans()))
        said: st.SearchStrategy[By] = st.sampled_from(["rule", "model", "user"])
        by = data.draw(st.lists(said, min_size=len(known), max_size=len(known)))
        one.upsert([entity, Relation.make(entity.id, text, entity.id, text, given=data.draw(st.booleans()))])
        one.upsert(Resolution(id, entity.id, text, who) for id, who in zip(known, by, strict=True))
        documents = [document.id for document, _ in drawn]
        chunks = tuple(chunk.id for _, reading in drawn for chunk in reading.chunks)
        one.upsert([record("r", text=text, title=text, run=text, documents=tuple(documents), chunks=chunks)])
        gone = data.draw(st.lists(st.sampled_from(documents), unique=True)) if documents else []
        one.remove_documents(gone)
        if text:
            one.set_settings(**{text: text} if text != COPYING else {})
        with closing(open_corpus(new_other_place(), create=True)) as two:
            copy(one, two)
            assert everything(two) == everything(one)
            assert two.past() == one.past()
            assert list(two.read(Resolution)) == list(one.read(Resolution))
            two.remove()
        one.remove()


def test_hostile_names_are_only_names_in_a_copy(
    store: Store,
    new_other_place: NewPlace,
    opened: Callable[..., Store],
    say: Say,
    derive: Derive,
    everything: Everything,
) -> None:
    for number, text in enumerate(HOSTILE):
        store.replace_document(*say(f"{number} {text}.txt", text, f"label {text}", f"{text} 2", kind=text))
    derive(store)
    store.set_settings(**{f"key {number}": text for number, text in enumerate(HOSTILE)})
    there = opened(new_other_place(), create=True)
    copy(store, there)
    assert everything(there) == everything(store)


@pytest.mark.slow
def test_every_code_point_and_a_description_of_a_megabyte_come_along(
    store: Store,
    new_other_place: NewPlace,
    opened: Callable[..., Store],
    record: MakeRecord,
    everything: Everything,
) -> None:
    points = "".join(chr(i) for i in range(0x110000) if not 0xD800 <= i < 0xE000)
    document = Document.make("all.txt", points, title="all", source="all.txt")
    long = Entity.make("Ida", "x", "", "a\0" * 500_000, given=True)
    several = [
        Entity.make(points[i : i + 300], points[i : i + 30], "", "", (points[i + 9 : i + 40],), given=True)
        for i in range(0, len(points), 9_973)
    ]
    relations = [Relation.make(long.id, one.name, one.id, one.name) for one in several]
    store.replace_document(document, Reading(fingerprint=points[:70_000]))
    store.upsert([long, *several, *relations, record("all", text=points)])
    there = opened(new_other_place(), create=True)
    copy(store, there)
    assert everything(there) == everything(store)


def test_an_empty_corpus_is_copied_too(
    store: Store, new_other_place: NewPlace, opened: Callable[..., Store]
) -> None:
    there = opened(new_other_place(), create=True)
    report = copy(store, there)
    assert (report.documents, report.entities, report.texts, there.settings) == (0, 0, 0, {})


def test_settings_of_an_empty_target_give_way(
    full: Store, new_other_place: NewPlace, opened: Callable[..., Store]
) -> None:
    there = opened(new_other_place(), create=True)
    there.set_settings(max_usd_total="1", model="echo")
    copy(full, there)
    assert there.settings == full.settings


# ---- told, refused, begun again --------------------------------------------------------------------


class Stopped(Exception):
    """Somebody stops the copy."""


def stop_at(kind: str) -> Callable[[Copied], None]:
    def stop(event: Copied) -> None:
        if event.kind == kind:
            raise Stopped

    return stop


def test_a_copy_tells_how_far_it_is(
    full: Store, new_other_place: NewPlace, opened: Callable[..., Store]
) -> None:
    events: list[Copied] = []
    copy(full, opened(new_other_place(), create=True), events.append)
    assert events == [
        Copied("documents", 1, 2),
        Copied("documents", 2, 2),
        Copied("entities", 7, 7),
        Copied("relations", 3, 3),
        Copied("resolutions", len(list(full.read(Resolution)))),
        Copied("texts", 4),
    ]


def test_a_copy_that_was_stopped_is_refused_and_goes_on(
    full: Store, new_other_place: NewPlace, opened: Callable[..., Store], everything: Everything
) -> None:
    place = new_other_place()
    for kind in ("documents", "entities", "relations", "resolutions", "texts"):
        there = open_corpus(place, create=True, half=True)
        with pytest.raises(Stopped):
            copy(full, there, stop_at(kind))
        there.close()
        with pytest.raises(StoreError, match="half a copy of"):
            open_corpus(place)
    there = opened(place, half=True)
    events: list[Copied] = []
    copy(full, there, events.append)
    assert everything(there) == everything(full)
    assert there.past() == full.past()
    assert not any(event.kind == "documents" for event in events)
    assert opened(place).settings == full.settings


def test_an_unfinished_copy_of_what_has_changed_since_begins_anew(
    full: Store,
    new_other_place: NewPlace,
    opened: Callable[..., Store],
    say: Say,
    derive: Derive,
    everything: Everything,
) -> None:
    there = opened(new_other_place(), create=True)
    with pytest.raises(Stopped):
        copy(full, there, stop_at("texts"))
    full.remove_documents([info.id for info in full.documents() if info.source == "b.txt"])
    full.delete([next(iter(full.read(Relation, "given", ["1"])))])
    full.delete([row for row in full.read(Record) if row.status == "stale"])
    full.replace_document(*say("d.txt", "Dora", "knows", "Ed"))
    derive(full)
    copy(full, there)
    assert everything(there) == everything(full)
    assert there.past() == full.past()


def test_a_corpus_that_is_written_to_while_it_is_copied_is_no_copy(
    full: Store,
    new_other_place: NewPlace,
    opened: Callable[..., Store],
    record: MakeRecord,
    everything: Everything,
) -> None:
    there = opened(new_other_place(), create=True)

    def write(event: Copied) -> None:
        if event.kind == "texts":
            full.upsert([record("late")])

    with pytest.raises(StoreError, match="written to while it was copied"):
        copy(full, there, write)
    assert Mark.of(there.settings) is not None
    copy(full, there)
    assert everything(there) == everything(full)


def test_a_corpus_that_holds_something_is_no_target(
    full: Store, new_other_place: NewPlace, opened: Callable[..., Store], record: MakeRecord, say: Say
) -> None:
    place = new_other_place()
    for fill, seen in (
        (lambda store: store.upsert([Entity.make("Anna", "x")]), "entities"),
        (lambda store: store.upsert([record("one")]), "texts"),
        (lambda store: store.replace_document(*say("a.txt", "Anna", "knows", "Bert")), "1 documents"),
        (lambda store: paid(store, "Who?"), "a journal of paid calls"),
    ):
        there = open_corpus(place, create=True)
        fill(there)
        generation = there.generation
        with pytest.raises(StoreError, match=f"not empty, it has {seen}"):
            copy(full, there)
        assert (there.generation, there.settings) == (generation, {})
        there.remove()


def test_a_corpus_is_not_copied_to_itself_nor_half_a_copy_to_anywhere(
    full: Store, place: str, new_other_place: NewPlace, opened: Callable[..., Store]
) -> None:
    with pytest.raises(StoreError, match="they are one corpus"):
        copy(full, opened(place))
    there = opened(new_other_place(), create=True)
    with pytest.raises(Stopped):
        copy(full, there, stop_at("entities"))
    with pytest.raises(StoreError, match="half a copy itself"):
        copy(there, opened(new_other_place(), create=True))
    other = opened(new_other_place(), create=True)
    with pytest.raises(StoreError, match="half a copy of another corpus"):
        copy(other, there)


@pytest.mark.slow
def test_a_copy_that_is_killed_again_and_again_is_whole_in_the_end(
    store: Store,
    place: str,
    new_other_place: NewPlace,
    opened: Callable[..., Store],
    say: Say,
    derive: Derive,
    record: MakeRecord,
    everything: Everything,
) -> None:
    for i in range(150):
        store.replace_document(*say(f"{i}.txt", f"P{i}", f"label {i % 3}", f"P{i // 2} x"))
    derive(store)
    store.upsert([record(str(i), documents=(store.documents()[i].id,)) for i in range(100)])
    paid(store, "Who?")
    target = new_other_place()
    script = (
        "import sys; from kg.stores import open_corpus; from kg.copying import copy; "
        "print('begun', flush=True); "
        "copy(open_corpus(sys.argv[1], writable=False), open_corpus(sys.argv[2], create=True, writable=True, half=True))"
    )
    killed = 0
    for number in range(8):
        child = subprocess.Popen([sys.executable, "-c", script, place, target], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.05 + 0.04 * number)
        child.kill()
        killed += child.wait() == -signal.SIGKILL
        child.stdout.close()
    assert killed
    there = opened(target, create=True, half=True)
    if Mark.of(there.settings) or not there.documents():
        copy(store, there)
    assert everything(there) == everything(store)
    assert (
        json.loads((there.folder / "journal" / "calls.jsonl").read_bytes().splitlines()[0])["corpus"]
        == there.corpus_id
    )
    assert list(there.folder.rglob("*.part")) == []


def test_what_lies_beside_a_corpus_and_cannot_be_copied_is_told(
    full: Store, new_folder: NewPlace, opened: Callable[..., Store]
) -> None:
    place = new_folder()
    there = opened(place, create=True)
    (Path(place) / "runs").write_text("a file in the way")
    with pytest.raises(StoreError, match="cannot copy what lies beside the corpus"):
        copy(full, there)
    assert Mark.of(there.settings) is not None
