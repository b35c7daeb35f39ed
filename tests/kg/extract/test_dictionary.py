"""The extractor that knows a list of names, and the trie it looks them up in."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.base import ExtractError
from kg.extract.dictionary import DictionaryExtractor, Listed, entry_of, listed
from kg.extract.matching import Names


def found(names: list[str], text: str, *, ignore_case: bool = True) -> list[str]:
    matcher = Names({name: name for name in names}, ignore_case=ignore_case)
    return [text[match.start : match.end] for match in matcher.find(text)]


def test_the_longest_name_wins_and_none_overlaps() -> None:
    assert found(["tide", "tide clock", "clock keeper"], "the tide clock keeper") == ["tide clock"]


def test_a_latin_name_matches_whole_words_only() -> None:
    assert found(["eel"], "The keel and the eel, eels, eel-trap") == ["eel", "eel"]


def test_a_chinese_name_matches_wherever_it_stands() -> None:
    assert found(["柳埠", "缸"], "他在柳埠看缸") == ["柳埠", "缸"]


def test_a_latin_name_next_to_chinese_is_found() -> None:
    assert found(["LLM2LLM"], "用LLM2LLM听筒") == ["LLM2LLM"]


def test_a_name_is_found_over_a_line_break() -> None:
    assert found(["tide clock"], "the tide\n  clock") == ["tide\n  clock"]


def test_case_counts_only_where_it_is_asked_for() -> None:
    assert found(["Reed"], "a reed, a REED, Reed") == ["reed", "REED", "Reed"]
    assert found(["Reed"], "a reed, a REED, Reed", ignore_case=False) == ["Reed"]


def test_a_letter_that_grows_in_lower_case_moves_no_offset() -> None:
    assert found(["clock"], "\u0130\u0130 clock") == ["clock"]


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=6), max_size=6))
def test_matches_never_overlap_and_stay_in_the_text(text: str, names: list[str]) -> None:
    matcher = Names({name: name for name in names})
    end = 0
    for match in matcher.find(text):
        assert end <= match.start < match.end <= len(text)
        end = match.end


def test_a_list_is_read_in_both_forms(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text(
        "\ufeff# names\n\nOrla Finch = Finch | the keeper\ntide clock\tsea clock\tobject\n潮钟\n", "utf-8"
    )
    assert list(listed(file)) == [
        Listed("Orla Finch", ("Finch", "the keeper")),
        Listed("tide clock", ("sea clock",), "object"),
        Listed("潮钟"),
    ]


@pytest.mark.parametrize("line", ["", "   ", "# comment", "= alias", "\t\t"])
def test_a_line_without_a_name_is_no_entity(line: str) -> None:
    assert entry_of(line) is None


def test_an_alias_is_a_mention_of_its_entity(see) -> None:  # type: ignore[no-untyped-def]
    reader = DictionaryExtractor([Listed("Orla Finch", ("Finch",), "person"), Listed("Keel")])
    seen = see(reader, "Finch met Keel. Orla Finch left.")
    assert seen.types == {"Orla Finch": "person", "Keel": "entity"}
    assert seen.relations == {("Orla Finch", "mentioned with", "Keel")}
    assert [mention.surface for mention in seen.reading.mentions] == ["Finch", "Keel", "Orla Finch"]


def test_a_missing_list_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="cannot read the list of names"):
        DictionaryExtractor(tmp_path / "none.txt").check()
    with pytest.raises(ExtractError, match="needs names to look for"):
        DictionaryExtractor([]).check()


def test_the_fingerprint_changes_with_the_list() -> None:
    one, other = DictionaryExtractor([Listed("a")]), DictionaryExtractor([Listed("a", ("b",))])
    assert one.fingerprint != other.fingerprint
    assert one.fingerprint == DictionaryExtractor([Listed("a")]).fingerprint
