"""A reader's word on a text: what it changes, and that no run takes it back."""

from pathlib import Path

import pytest

from entigraph.generation import generate, prepare
from entigraph.generation_options import Options
from entigraph.workplace import settings_for
from kg.model import Record
from kg.store import Store
from sampling import coverage_of_records
from synthesis import reader
from synthesis.explanation import explained
from synthesis.outcomes import RunReport


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTIGRAPH_CONFIG", str(tmp_path / "config.toml"))


def write(store: Store, checks: str = "none", retry_rejected: int = 0) -> RunReport:
    options = Options(model="echo", n=3, checks=(checks,), retry_rejected=retry_rejected)
    settings = settings_for(store)
    return generate(prepare(store, options, settings), settings)


def counting(store: Store) -> int:
    return coverage_of_records(store).texts


@pytest.fixture
def one(store: Store) -> Record:
    """A text of three that count."""
    write(store)
    return next(store.read(Record))


def now(store: Store, record: Record) -> Record:
    return next(store.read(Record, "id", [record.id]))


def test_a_rejected_text_does_not_count_and_says_why(store: Store, one: Record) -> None:
    reader.reject(store, one.id, "  too\nplain ")
    assert counting(store) == 2
    assert now(store, one).status == "rejected"
    assert now(store, one).reasons == ("reader",)
    assert now(store, one).checks[-1].reason == "too plain"


def test_a_text_is_rejected_for_a_reason(store: Store, one: Record) -> None:
    with pytest.raises(ValueError, match="for a reason"):
        reader.reject(store, one.id, " ")
    assert now(store, one) == one


def test_an_accepted_text_counts_whatever_the_checks_said(store: Store) -> None:
    options = Options(model="echo", n=1, checks=("copying",))
    settings = settings_for(store)
    generate(prepare(store, options, settings), settings)
    (text,) = store.read(Record)
    assert text.reasons == ("copying",)
    reader.accept(store, text.id)
    assert (now(store, text).status, counting(store)) == ("accepted", 1)


@pytest.mark.parametrize("retry_rejected", [0, 1])
def test_a_later_run_leaves_what_a_reader_rejected(store: Store, one: Record, retry_rejected: int) -> None:
    reader.reject(store, one.id, "too plain")
    report = write(store, retry_rejected=retry_rejected)
    assert now(store, one).status == "rejected"
    assert report.done == retry_rejected, (
        "it was asked for again, with the reason, only where that was wanted"
    )
    assert counting(store) == 2 + retry_rejected


def test_what_a_reader_rejected_is_told_to_the_model_that_is_asked_again(store: Store, one: Record) -> None:
    import lm

    reader.reject(store, one.id, "it says nothing of the bell")
    write(store, retry_rejected=1)
    with lm.Journal.open(store.folder / "journal", read_only=True) as journal:
        asked = list(map(journal.request, journal.keys()))
    said = [request.messages[-1].content for request in asked if request is not None]
    assert sum("it says nothing of the bell" in words for words in said) == 1


def test_an_edit_counts_in_the_place_of_its_text(store: Store, one: Record) -> None:
    new = reader.edit(store, one.id, f"In other words: {one.text}")
    assert (new.status, new.author, new.parent, new.cost_usd) == ("edited", "user", one.id, 0.0)
    assert (new.item, new.call, new.chunks) == (one.item, one.call, one.chunks)
    assert now(store, one).status == "rejected"
    assert counting(store) == 3
    assert write(store).reused_accepted == 3, "and it is not asked for again"


def test_an_edit_covers_what_it_names_now(store: Store, one: Record) -> None:
    before = coverage_of_records(store).covered("relations")
    reader.edit(store, one.id, "Nobody is named here, and nothing was sold at any time.")
    assert coverage_of_records(store).covered("relations") < before


def test_an_edit_is_checked_and_counts_all_the_same(store: Store, one: Record) -> None:
    new = reader.edit(store, one.id, f"{one.text} Later she paid 999 crowns to Zorro.")
    assert {"numbers", "names"} <= set(new.reasons)
    assert new.status == "edited"


def test_of_a_text_and_its_edits_one_counts(store: Store, one: Record) -> None:
    first = reader.edit(store, one.id, f"First. {one.text}")
    second = reader.edit(store, first.id, f"Second. {one.text}")
    third = reader.edit(store, one.id, f"Third. {one.text}")

    def counts() -> list[str]:
        some = (one, first, second, third)
        return [record.id for record in some if now(store, record).status in ("accepted", "edited")]

    assert counts() == [third.id]
    reader.accept(store, first.id)
    assert counts() == [first.id]
    reader.accept(store, one.id)
    assert counts() == [one.id]
    assert now(store, first).status == "rejected"
    reader.reject(store, one.id, "no")
    assert counts() == []
    assert now(store, reader.accept(store, second.id)).status == "edited"


@pytest.mark.parametrize(("text", "said"), [("  \n", "edit of nothing"), ("the same", "nothing was changed")])
def test_an_edit_that_is_none_is_refused(store: Store, one: Record, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        reader.edit(store, one.id, one.text if text == "the same" else text)
    assert counting(store) == 3


def test_a_text_is_found_by_the_beginning_of_its_id(store: Store, one: Record) -> None:
    assert reader.text_of(store, one.id[:12]) == one
    with pytest.raises(ValueError, match="four digits"):
        reader.text_of(store, one.id[:3])
    with pytest.raises(reader.NoSuchText, match="no text of this corpus"):
        reader.text_of(store, "0" * 32)


def test_an_explanation_holds_every_word_of_the_text_and_of_its_sources(store: Store, one: Record) -> None:
    text = "  Mina Arden paid 999 crowns to Zorro.\n\nJoss Arden built the fog bell of Skerry Point in 1851. 好！ \n"
    new = reader.edit(store, one.id, text)
    found = explained(store, new)
    assert "".join(part.text for said in found.sentences for part in said.parts) == new.text
    shown = "".join(part.text for place in found.places for part in place.parts)
    words = store.words(new.chunks).values()
    assert len(shown) == sum(map(len, words))
    assert all(chunk in shown for chunk in words)


def test_strange_names_and_numbers_are_marked_and_sentences_linked(store: Store, one: Record) -> None:
    new = reader.edit(
        store,
        one.id,
        "Mina Arden paid 999 crowns to Zorro.\n\nJoss Arden built the fog bell of Skerry Point in 1851.",
    )
    first, second = explained(store, new).sentences
    assert [part.text for part in first.parts if part.mark == "strange"] == ["999", "Zorro"]
    assert not any(part.mark == "strange" for part in second.parts)
    places = explained(store, new).places
    (place,) = (places[number] for number in second.rests_on)
    assert "".join(part.text for part in place.parts).strip() == (
        "Joss Arden built the fog bell of Skerry Point in 1851."
    )
    assert place.document in new.documents


def test_numbers_are_marked_as_they_are_written(store: Store, one: Record) -> None:
    new = reader.edit(store, one.id, f"On 3  May 2099 came １２３４ men. {one.text}")
    marked = [
        part.text for said in explained(store, new).sentences for part in said.parts if part.mark == "strange"
    ]
    assert marked == ["3  May 2099", "１２３４"]
