"""English names, terms, types and relations, on sentences whose reading is visible in the test."""

from pathlib import Path
from typing import Any

import pytest

from kg.extract.base import ExtractError
from kg.extract.spacy import SpacyExtractor

pytestmark = pytest.mark.pipeline


@pytest.fixture(scope="module")
def spacy(pipeline: Path) -> SpacyExtractor:
    return SpacyExtractor(pipeline)


@pytest.mark.slow
def test_names_are_cleaned_of_articles_possessives_and_marks(spacy: SpacyExtractor, see: Any) -> None:
    seen = see(spacy, "They saw the **Orla Finch**'s boat near the \"Old Mill\" of Saltmere. It was Finch's.")
    assert {"Orla Finch", "Old Mill", "Saltmere", "Finch"} <= set(seen.names)


@pytest.mark.parametrize(
    "name",
    [
        "Guild of Bellfounders",
        "St Wenna's Church",
        "Lowndes & Hale",
        "Dew-Weighers' Hall",
        "Clerk of the Pads",
        "KV-200",
    ],
)
def test_a_joined_name_is_whole(spacy: SpacyExtractor, see: Any, name: str) -> None:
    assert name in see(spacy, f"In 1702 they wrote to the {name} about it.").names


def test_a_capital_at_the_beginning_of_a_sentence_makes_no_name(spacy: SpacyExtractor, see: Any) -> None:
    seen = see(
        spacy,
        "Nobody came. However, Bram Keel stayed. Later they left. Yesterday was wet. Three days passed.",
    )
    assert seen.names == ["Bram Keel"]


def test_pronouns_numbers_dates_and_general_nouns_are_left_out(spacy: SpacyExtractor, see: Any) -> None:
    text = (
        "On Tuesday, 3 July 1883 he paid three hundred pounds. It was the first time, and the same way. "
        "The thing was of no use; part of it was lost in a number of days. Many people said so. "
    )
    assert see(spacy, text * 3).names == []


def test_a_compound_that_comes_back_is_a_term(spacy: SpacyExtractor, see: Any) -> None:
    text = "The feed pump draws water. Stop the feed pump before you clean it. Two feed pumps were sold."
    seen = see(spacy, text)
    assert "feed pump" in seen.names
    assert [m.surface for m in seen.reading.mentions if "pump" in m.surface] == [
        "feed pump",
        "feed pump",
        "feed pumps",
    ]


def test_what_the_text_calls_a_term_is_one(spacy: SpacyExtractor, see: Any) -> None:
    assert "clatt" in see(spacy, "The burner stirs the pit with an iron rake called a clatt.").names


def test_the_entries_of_a_catalogue_are_its_terms(spacy: SpacyExtractor, see: Any) -> None:
    text = "**1. Chain hook.** Wrought iron.\n\n**2. Toll board.** Painted deal.\n\n**3. Fog horn.** Copper and leather.\n"
    names = {name.lower() for name in see(spacy, text).names}
    assert {"chain hook", "toll board", "fog horn"} <= names


def test_types_are_told_by_what_stands_around_a_name(spacy: SpacyExtractor, see: Any) -> None:
    text = (
        "Captain Zorvan said that he was tired. The Quellish Company paid him. He lives in Brunmere, near Oxley Street. "
        "Mrs Teague read the Harbour Gazette after the Battle of Orlin."
    )
    assert see(spacy, text).types == {
        "Captain Zorvan": "person",
        "Quellish Company": "organisation",
        "Brunmere": "place",
        "Oxley Street": "place",
        "Mrs Teague": "person",
        "Harbour Gazette": "work",
        "Battle of Orlin": "event",
    }


@pytest.mark.parametrize(
    ("sentence", "relation"),
    [
        ("Orla Finch repaired the Tide Clock.", ("Orla Finch", "repair", "Tide Clock")),
        ("The Tide Clock was repaired by Orla Finch.", ("Orla Finch", "repair", "Tide Clock")),
        ("Orla Finch lived in Saltmere.", ("Orla Finch", "live in", "Saltmere")),
        ("The Tide Clock was cast at Castermouth.", ("Tide Clock", "cast at", "Castermouth")),
        ("Bram Keel and Orla Finch visited Saltmere.", ("Orla Finch", "visit", "Saltmere")),
        ("Bram Keel visited Saltmere and Castermouth.", ("Bram Keel", "visit", "Castermouth")),
        ("Orla Finch, the keeper of the Tide Clock, left.", ("Orla Finch", "keeper of", "Tide Clock")),
        ("Orla Finch, who repaired the Tide Clock, left.", ("Orla Finch", "repair", "Tide Clock")),
        ("Orla Finch did not visit Saltmere.", ("Orla Finch", "not visit", "Saltmere")),
    ],
)
def test_a_sentence_states_a_relation(
    spacy: SpacyExtractor, see: Any, sentence: str, relation: tuple[str, str, str]
) -> None:
    assert relation in see(spacy, sentence).stated


def test_names_of_one_sentence_that_nothing_joins_are_mentioned_together(
    spacy: SpacyExtractor, see: Any
) -> None:
    seen = see(spacy, "Saltmere is old, and Bram Keel is young.")
    assert ("Saltmere", "mentioned with", "Bram Keel") in seen.relations
    assert {row.weight for row in seen.reading.evidence if row.label == "mentioned with"} == {0.25}


def test_evidence_is_the_sentence(spacy: SpacyExtractor, see: Any) -> None:
    text = "It rained. Orla Finch lived in Saltmere. Nobody knew."
    [row] = see(spacy, text).reading.evidence
    assert text[row.start : row.end] == "Orla Finch lived in Saltmere."


def test_a_sentence_of_a_hundred_names_gives_a_bounded_number_of_relations(
    spacy: SpacyExtractor, see: Any
) -> None:
    names = ", ".join(f"Bram Keel{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(100))
    assert len(see(spacy, f"They met {names} and Orla Finch.").reading.evidence) < 300


def test_one_name_has_one_type_in_a_document(spacy: SpacyExtractor, see: Any) -> None:
    seen = see(spacy, "Finch said no. Mr Finch left. They went to Finch. Finch laughed. Finch was a person.")
    assert seen.names.count("Finch") == 1


def test_a_missing_pipeline_is_answered_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="entigraph models pull en_core_web_sm"):
        SpacyExtractor(tmp_path / "none").check()


def test_no_processes_is_a_wrong_argument() -> None:
    with pytest.raises(ValueError, match="at least 1, not 0"):
        SpacyExtractor(processes=0)
