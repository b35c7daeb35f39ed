"""A user's word: merge, split, undo; it survives rebuilding and can be taken back exactly."""

import pytest

from kg.curation import find, merge, split, undo
from kg.derivation import derive
from kg.model import Candidate, Entity, Relation, Resolution
from tests.kg.conftest import Tale


@pytest.fixture
def told(tale: Tale) -> Tale:
    """Jane Smith (who is Dr Smith), the Widow, and Marsh, a person and a place."""
    tale.tell("a", "Jane Smith left. Dr Smith came back.", {"Jane Smith": "person", "Dr Smith": "person"})
    tale.tell(
        "b", "The Widow met Marsh.", {"Widow": "person", "Marsh": "person"}, [("Widow", "met", "Marsh")]
    )
    tale.tell("c", "The road to Marsh floods.", {"Marsh": "place"})
    derive(tale.store)
    return tale


def state(tale: Tale) -> tuple[list[Entity], list[Resolution], list[Relation]]:
    store = tale.store
    return list(store.read(Entity)), list(store.read(Resolution)), list(store.read(Relation))


def test_a_merge_makes_one_entity_under_the_first_name(told: Tale) -> None:
    merged = merge(told.store, ["Jane Smith", "Widow"])
    assert (merged.name, set(merged.aliases)) == ("Jane Smith", {"Dr Smith", "Widow"})
    assert told.entities()["Jane Smith"] == ["Dr Smith", "Jane Smith", "Widow"]
    assert {row.by for row in told.store.read(Resolution, "entity", [merged.id])} == {"user"}


def test_into_says_which_name_is_kept(told: Tale) -> None:
    assert merge(told.store, ["Jane Smith", "Widow"], into="Widow").name == "Widow"


def test_the_old_id_leads_to_the_merged_entity(told: Tale) -> None:
    widow = find(told.store, "Widow")
    merged = merge(told.store, ["Jane Smith", "Widow"])
    assert find(told.store, widow.id).id == merged.id
    assert find(told.store, "Widow").id == merged.id


def test_a_merge_survives_a_rebuild_and_a_changed_document(told: Tale) -> None:
    merged = merge(told.store, ["Jane Smith", "Widow"])
    derive(told.store)
    told.tell("b", "The Widow met Marsh twice.", {"Widow": "person", "Marsh": "person"})
    derive(told.store)
    assert find(told.store, "Widow").id == merged.id


def test_a_merged_name_in_a_new_document_follows_the_users_word(told: Tale) -> None:
    merged = merge(told.store, ["Jane Smith", "Widow"])
    told.tell("d", "The Widow came again.", {"Widow": "person"})
    derive(told.store)
    assert told.entities()[merged.name].count("Widow") == 2


def test_relations_follow_the_merge(told: Tale) -> None:
    merged = merge(told.store, ["Jane Smith", "Widow"])
    (relation,) = told.store.read(Relation)
    assert relation.source == merged.id


def test_a_split_takes_a_name_out_and_keeps_it_out(told: Tale) -> None:
    parted = split(told.store, "Jane Smith", "Dr Smith")
    assert parted.name == "Dr Smith"
    derive(told.store)
    assert told.entities()["Jane Smith"] == ["Jane Smith"]
    assert told.entities()["Dr Smith"] == ["Dr Smith"]


def test_a_split_by_document_gives_one_name_two_senses(tale: Tale) -> None:
    for place in ("a", "b"):
        tale.tell(place, "Ada Quill wrote.", {"Ada Quill": "person"})
    derive(tale.store)
    parted = split(tale.store, "Ada Quill", "b")
    assert (parted.name, parted.sense) == ("Ada Quill", "person")
    assert tale.entities() == {"Ada Quill": ["Ada Quill"], "Ada Quill (person)": ["Ada Quill"]}


def test_undo_restores_exactly_one_word_after_the_other(told: Tale) -> None:
    states = [state(told)]
    merge(told.store, ["Jane Smith", "Widow"])
    states.append(state(told))
    split(told.store, "Jane Smith", "Dr Smith")
    assert undo(told.store) == "split of 'Dr Smith' from 'Jane Smith'"
    assert state(told) == states[1]
    assert undo(told.store) == "merge of 'Widow' into 'Jane Smith'"
    assert state(told) == states[0]


def test_nothing_to_undo_is_said(told: Tale) -> None:
    with pytest.raises(ValueError, match="nothing to take back"):
        undo(told.store)


def test_undo_after_the_document_went_away(told: Tale) -> None:
    merge(told.store, ["Jane Smith", "Widow"])
    told.store.remove_documents([one.id for one in told.store.documents() if one.title == "b"])
    derive(told.store)
    undo(told.store)
    assert "Widow" not in told.entities()
    assert {row.by for row in told.store.read(Resolution)} == {"rule"}


def test_a_name_that_does_not_exist_is_answered_with_the_nearest(told: Tale) -> None:
    with pytest.raises(ValueError, match=r"no entity 'Jane Smoth'. Known: Jane Smith"):
        find(told.store, "Jane Smoth")


def test_an_ambiguous_name_is_answered_with_the_ids(told: Tale) -> None:
    ids = [one.id for one in told.store.read(Entity) if one.name == "Marsh"]
    assert len(ids) == 2
    with pytest.raises(ValueError, match="name of 2 entities") as error:
        find(told.store, "Marsh")
    assert all(one in str(error.value) for one in ids)
    assert find(told.store, ids[0]).id == ids[0]


def test_a_person_and_a_place_can_be_merged_by_a_user(told: Tale) -> None:
    ids = [one.id for one in told.store.read(Entity) if one.name == "Marsh"]
    merge(told.store, ids)
    assert len(find(told.store, "Marsh").id) == 32


def test_other_spellings_of_a_name_are_found(told: Tale) -> None:
    assert find(told.store, "the  WIDOW").name == "Widow"
    assert find(told.store, "dr smith").name == "Jane Smith"


@pytest.mark.parametrize("names", [[], ["Jane Smith"], ["Jane Smith", "Dr Smith"]])
def test_a_merge_of_less_than_two_is_refused_and_changes_nothing(told: Tale, names: list[str]) -> None:
    before = state(told)
    with pytest.raises(ValueError, match="two different entities"):
        merge(told.store, names)
    assert state(told) == before


def test_a_split_of_everything_or_nothing_is_refused(told: Tale) -> None:
    with pytest.raises(ValueError, match="nothing it rests on"):
        split(told.store, "Jane Smith")
    with pytest.raises(ValueError, match="everything it rests on"):
        split(told.store, "Jane Smith", "Jane Smith", "Dr Smith")
    with pytest.raises(ValueError, match="no part of 'Jane Smith' 'Bob'"):
        split(told.store, "Jane Smith", "Bob")


def test_an_imported_entity_can_only_be_merged_into(told: Tale) -> None:
    tam, elbow = Entity.make("Tam", "place"), Entity.make("Cold Elbow", "place")
    told.store.upsert([tam, elbow, Relation.make(tam.id, "near", elbow.id, given=True)])
    with pytest.raises(ValueError, match="it was imported"):
        merge(told.store, ["Jane Smith", "Tam"])
    assert merge(told.store, ["Tam", "Widow"]).name == "Tam"


def test_a_users_word_about_a_candidate_that_comes_back_still_holds(told: Tale) -> None:
    merged = merge(told.store, ["Jane Smith", "Widow"])
    told.store.remove_documents([one.id for one in told.store.documents() if one.title == "b"])
    derive(told.store)
    told.tell("b", "The Widow met Marsh.", {"Widow": "person", "Marsh": "person"})
    derive(told.store)
    (widow,) = [one for one in told.store.read(Candidate) if one.name == "Widow"]
    (row,) = told.store.read(Resolution, "candidate", [widow.id])
    assert (row.entity, row.by) == (merged.id, "user")


def test_a_correction_that_was_cut_off_is_derived_by_the_next_build(
    told: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kg.curation.derive", cut_off)
    with pytest.raises(KeyboardInterrupt):
        merge(told.store, ["Jane Smith", "Widow"])
    assert told.store.settings["derivation"] == "pending"
    monkeypatch.undo()
    undo(told.store)
    assert told.store.settings["derivation"] == "done"
