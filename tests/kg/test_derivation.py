"""The graph derived from what was seen: entities, senses, relations, redirects."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.derivation import derive, joined
from kg.model import Candidate, Entity, Relation, Resolution
from kg.resolution import Alias, Aliases
from tests.kg.conftest import Tale


def test_names_of_one_thing_become_one_entity_with_its_other_names(tale: Tale) -> None:
    tale.tell("a", "Jane Smith left. Dr Smith came back.", {"Jane Smith": "person", "Dr Smith": "person"})
    (entity,) = derive(tale.store).entities
    assert (entity.name, entity.type, entity.sense, entity.aliases) == (
        "Jane Smith",
        "person",
        "",
        ("Dr Smith",),
    )


def test_one_name_of_two_types_becomes_two_entities_with_a_sense(tale: Tale) -> None:
    tale.tell("a", "Marsh was a tailor.", {"Marsh": "person"})
    tale.tell("b", "The road to Marsh floods.", {"Marsh": "place"})
    derive(tale.store)
    assert tale.entities() == {"Marsh (person)": ["Marsh"], "Marsh (place)": ["Marsh"]}


def test_the_sense_goes_when_the_name_means_one_thing_again(tale: Tale) -> None:
    tale.tell("a", "Marsh was a tailor.", {"Marsh": "person"})
    tale.tell("b", "The road to Marsh floods.", {"Marsh": "place"})
    before = {entity.sense: entity.id for entity in derive(tale.store).entities}
    tale.store.remove_documents([one.id for one in tale.store.documents() if one.title == "b"])
    derived = derive(tale.store)
    assert [entity.sense for entity in derived.entities] == [""]
    assert derived.redirects == {before["person"]: derived.entities[0].id}
    (found,) = tale.store.read(Entity, "id", [before["person"]])
    assert found == derived.entities[0]


def test_relations_are_summed_under_the_resolution_and_none_leads_to_itself(tale: Tale) -> None:
    tale.tell(
        "a",
        "Jane Smith built the Tide Clock. Dr Smith sold the Tide Clock.",
        {"Jane Smith": "person", "Dr Smith": "person", "Tide Clock": "object"},
        [
            ("Jane Smith", "had", "Tide Clock"),
            ("Dr Smith", "had", "Tide Clock"),
            ("Dr Smith", "is", "Jane Smith"),
        ],
    )
    derived = derive(tale.store)
    names = {entity.id: entity.name for entity in derived.entities}
    assert [(names[r.source], r.label, names[r.target], r.weight) for r in derived.relations] == [
        ("Jane Smith", "had", "Tide Clock", 2.0)
    ]


def test_the_type_with_most_mentions_is_the_entitys(tale: Tale) -> None:
    tale.tell("a", "Ada Quill. Ada Quill. Ada Quill.", {"Ada Quill": "person"})
    tale.tell("b", "Ada Quill.", {"Ada Quill": "organisation"})
    (entity,) = derive(tale.store).entities
    assert entity.type == "person"


def test_descriptions_are_joined_within_a_bound() -> None:
    assert joined(["A clock.", "A clock.", "clock", "It ticks."], 100) == "A clock. It ticks."
    assert joined(["x" * 50, "y" * 60], 100) == "x" * 50
    assert joined(["x" * 500], 100) == "x" * 99 + "…"
    assert joined([], 100) == ""


def test_deriving_again_changes_nothing(tale: Tale) -> None:
    tale.tell("a", "Jane Smith met Dr Smith.", {"Jane Smith": "person", "Dr Smith": "person"})
    first = derive(tale.store)
    second = derive(tale.store)
    assert (first.entities, first.relations, first.resolutions) == (
        second.entities,
        second.relations,
        second.resolutions,
    )
    assert second.redirects == {}


def test_an_empty_corpus_has_an_empty_graph(tale: Tale) -> None:
    derived = derive(tale.store)
    assert (derived.entities, derived.relations, derived.resolutions) == ([], [], [])


def test_the_text_of_a_document_tells_what_an_acronym_stands_for(tale: Tale) -> None:
    text = "The Office of Weights (OoW) is shut. Nobody at the OoW answers."
    tale.tell("a", text, {"Office of Weights": "organisation", "OoW": "place"})
    derive(tale.store)
    assert tale.entities() == {"Office of Weights": ["Office of Weights", "OoW"]}


def test_aliases_are_kept_with_the_corpus_until_others_are_given(tale: Tale, tmp_path: Path) -> None:
    tale.tell("a", "Jane Smith", {"Jane Smith": "person"})
    tale.tell("b", "the Widow", {"the Widow": "person"})
    (tmp_path / "aliases.txt").write_text("Jane Smith = the Widow | Old Jane\n", "utf-8")
    derive(tale.store, aliases=tmp_path / "aliases.txt")
    (entity,) = derive(tale.store).entities
    assert entity.aliases == ("the Widow", "Old Jane")
    assert tale.store.search("Old Jane") == [entity]
    assert len(derive(tale.store, aliases=Aliases()).entities) == 2


def test_an_alias_file_sets_the_type(tale: Tale) -> None:
    tale.tell("a", "Kestrel sank.", {"Kestrel": "organisation"})
    (entity,) = derive(tale.store, aliases=Aliases((Alias("Kestrel", ("the Hawk",), "object"),))).entities
    assert entity.type == "object"


def test_imported_entities_and_given_relations_stay(tale: Tale) -> None:
    source, target = Entity.make("Marsh", "place"), Entity.make("Tam", "place")
    given_relation = Relation.make(source.id, "lies on", target.id, given=True)
    tale.store.upsert([source, target, given_relation])
    tale.tell("a", "Marsh was a tailor.", {"Marsh": "person"})
    derive(tale.store)
    assert given_relation in list(tale.store.read(Relation))
    assert {(one.name, one.type) for one in tale.store.read(Entity)} == {
        ("Marsh", "place"),
        ("Tam", "place"),
        ("Marsh", "person"),
    }


def test_a_given_entity_stays_alone_and_without_relations(tale: Tale) -> None:
    alone = Entity.make("Tam", "place", "", "a hill", ("the Tam",), given=True)
    tale.store.upsert([alone])
    tale.tell("a", "Jane Smith", {"Jane Smith": "person"})
    for _ in range(2):
        derive(tale.store)
        assert {one.name for one in tale.store.read(Entity)} == {"Tam", "Jane Smith"}
        assert list(tale.store.read(Entity, "given", ["1"])) == [alone]


def test_candidates_join_the_given_entity_of_their_name_which_stands_for_itself(tale: Tale) -> None:
    given_entity = Entity.make("Jane Smith", "person", "", "imported", ("J. S.",), given=True)
    tale.store.upsert([given_entity])
    names = {"JANE SMITH": "person", "Dr Smith": "person"}
    tale.tell("a", "JANE SMITH left. Dr Smith came.", names, descriptions={"Dr Smith": "seen"})
    for _ in range(2):
        derive(tale.store)
        (entity,) = tale.store.read(Entity)
        assert (entity.id, entity.name, entity.description, entity.given) == (
            given_entity.id,
            "Jane Smith",
            "imported",
            True,
        )
        assert entity.aliases == ("J. S.", "Dr Smith")
    assert len(list(tale.store.read(Candidate, "entity", [entity.id]))) == 2
    tale.store.remove_documents([one.id for one in tale.store.documents()])
    derive(tale.store)
    assert [one.id for one in tale.store.read(Entity)] == [given_entity.id]


def test_a_given_entity_of_another_kind_stays_apart(tale: Tale) -> None:
    tale.store.upsert([Entity.make("Marsh", "place", given=True)])
    tale.tell("a", "Marsh was a tailor.", {"Marsh": "person"})
    derive(tale.store)
    assert {(one.name, one.type, one.given) for one in tale.store.read(Entity)} == {
        ("Marsh", "place", True),
        ("Marsh", "person", False),
    }


def test_a_user_may_say_that_a_candidate_is_a_given_entity(tale: Tale) -> None:
    tam = Entity.make("Tam", "place", "", "a hill", given=True)
    tale.store.upsert([tam])
    tale.tell("a", "The Old Height.", {"Old Height": "place"})
    derive(tale.store)
    (candidate,) = tale.store.read(Candidate)
    tale.store.upsert([Resolution(candidate.id, tam.id, "user", "user")])
    derive(tale.store)
    (entity,) = tale.store.read(Entity)
    assert (entity.id, entity.description, entity.given) == (tam.id, "a hill", True)
    assert tale.store.search("old height") == [entity]


def test_hostile_names_go_through(tale: Tale) -> None:
    names = ["<script>", "'); DROP TABLE entity; --", "{0}", "\u202eabc", "王", "x" * 2_000]
    tale.tell("a", " | ".join(names), dict.fromkeys(names, "other"))
    derive(tale.store)
    assert {one.name for one in tale.store.read(Entity)} == set(names)


PARTS = [
    ("a", "Jane Smith and the Guild.", {"Jane Smith": "person", "Guild": "organisation"}),
    ("b", "Dr Smith and Marsh.", {"Dr Smith": "person", "Marsh": "place"}),
    ("c", "Marsh and Tide Clocks.", {"Marsh": "person", "Tide Clocks": "object"}),
    ("d", "a Tide Clock", {"Tide Clock": "object"}),
]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(PARTS))
def test_the_order_of_documents_changes_nothing(
    new_tale: Callable[[], Tale], parts: list[tuple[str, str, dict[str, str]]]
) -> None:
    derived = []
    for order in (PARTS, parts):
        tale = new_tale()
        for place, text, names in order:
            tale.tell(place, text, names)
        found = derive(tale.store)
        derived.append((found.entities, found.relations, found.resolutions))
    assert derived[0] == derived[1]


def test_a_changed_document_touches_only_what_rested_on_it(tale: Tale) -> None:
    tale.tell("a", "Jane Smith", {"Jane Smith": "person"})
    tale.tell("b", "the Tide Clock", {"Tide Clock": "object"})
    derive(tale.store)
    tale.tell("b", "the Fog Comb", {"Fog Comb": "object"})
    derive(tale.store)
    assert tale.entities() == {"Fog Comb": ["Fog Comb"], "Jane Smith": ["Jane Smith"]}
    assert {row.candidate for row in tale.store.read(Resolution)} == {
        one.id for one in tale.store.read(Candidate)
    }


@pytest.mark.parametrize("fingerprint", ["spacy 1 en_core_web_sm", "dictionary 1"])
def test_only_a_taggers_types_yield_to_the_majority(tale: Tale, fingerprint: str) -> None:
    for place, type_ in (("a", "place"), ("b", "place"), ("c", "object")):
        tale.tell(place, "Garrow Fold", {"Garrow Fold": type_}, fingerprint=fingerprint)
    assert len(derive(tale.store).entities) == (1 if "spacy" in fingerprint else 2)
