"""Prompt files, and strategies that are nothing but such files."""

from pathlib import Path

import pytest

from kg.model import Subgraph
from synthesis.base import PromptError
from synthesis.prompting import Prompt, load
from synthesis.strategies import strategy
from synthesis.strategies.own import strategies_in

TOUR = """[settings]
entities = 2-3
kind = dialogue
stop = paragraph
[system]
You guide visitors.
[user]
### Document
{context}
### Task
Lead a visitor past {names}, {tone}.
[tones]
plain = plainly
proud = with pride in {title}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tour.en.txt").write_text(TOUR, encoding="utf-8")
    return tmp_path


def test_a_line_of_a_list_is_chosen_by_its_name_by_ones_own_words_or_by_turns() -> None:
    prompt = Prompt("p", "", "Write {tone}.", {"tones": ("plain = plainly", "proudly of {names}")})
    values = {"names": "Ada"}
    assert prompt.choices == {"tone": ("plain = plainly", "proudly of {names}")}
    assert [prompt.fill(values, variant=n)[0].content for n in range(3)] == [
        "Write plainly.",
        "Write proudly of Ada.",
        "Write plainly.",
    ]
    assert prompt.fill(values, chosen={"tone": "plain"}, variant=1)[0].content == "Write plainly."
    assert prompt.fill(values, chosen={"tone": "in verse"})[0].content == "Write in verse."


def test_two_lists_do_not_always_turn_together() -> None:
    lists = {"as": ("1", "2"), "bs": ("1", "2")}
    prompt = Prompt("p", "", "{a}{b}", lists)
    assert {prompt.fill({}, variant=variant)[0].content for variant in range(20)} == {"11", "12", "21", "22"}


def test_the_words_of_every_list_are_part_of_the_fingerprint() -> None:
    prints = {
        Prompt("p", "", "{tone}", {"tones": lines}).fingerprint for lines in (("a",), ("b",), ("a", "b"))
    }
    assert len(prints) == 3
    moved = Prompt("p", "", "{tone}", {"tones": ("a",), "styles": ("b",)})
    assert moved.fingerprint != Prompt("p", "", "{tone}", {"tones": ("b",), "styles": ("a",)}).fingerprint


def test_a_strategy_of_ones_own_is_a_file(folder: Path) -> None:
    made = strategy("tour:tone=proud", folder)
    assert made.name == "tour:tone=proud"
    assert made.accepts(Subgraph.make(["a" * 32, "b" * 32])) == ""
    assert "writes about 2 to 3 entities, this subgraph has 1" in made.accepts(Subgraph.make(["a" * 32]))
    assert made.version == strategy("tour", folder).version
    before = made.version
    (folder / "tour.en.txt").write_text(TOUR.replace("guide visitors", "lead visitors"), encoding="utf-8")
    load.cache_clear()
    assert strategy("tour", folder).version != before


def test_one_of_ones_own_stands_before_ours_of_that_name(folder: Path) -> None:
    (folder / "relate.en.txt").write_text("[user]\nMine: {names}", encoding="utf-8")
    assert strategy("relate", folder).version != strategy("relate").version
    assert strategy("describe", folder).version == strategy("describe").version


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("[user]\nAbout {naems}.", "unknown field 'naems'; known fields: names, "),
        ("[system]\nBe brief.", r"no \[user\] part"),
        ("[user]\nA\n[user]\nB", r"two parts \[user\]"),
        ("[user]\nA {tone}\n[tones]\n", r"part \[tones\].*has no line"),
        ("[settings]\nentitys = 2\n[user]\nA", "known: entities|entities"),
        ("[settings]\nentities = many\n[user]\nA", "wants 'entities = 2' or '1-3'.* saw 'many'"),
        ("[settings]\nentities = 3-2\n[user]\nA", "saw '3-2'"),
        ("[settings]\nentities = 1-99\n[user]\nA", "at most 8"),
        ("[settings]\nkind = poem\n[user]\nA", "'kind' is one of .*text"),
        ("[settings]\nstop\n[user]\nA", "wanted lines like"),
        ("[user]\n{tone}\n[tones]\nlike {other}\n[others]\nx", "unknown field 'other'"),
        ("", r"no \[user\] part; parts seen: none"),
    ],
)
def test_a_wrong_file_is_refused_by_name(words: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "mine.en.txt").write_text(words, encoding="utf-8")
    with pytest.raises(PromptError, match=message) as raised:
        strategies_in(tmp_path)
    assert "mine" in str(raised.value)


def test_a_folder_that_is_not_there_empty_or_has_other_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"no folder '.*nowhere'"):
        strategies_in(tmp_path / "nowhere")
    with pytest.raises(PromptError, match="has no strategy"):
        strategies_in(tmp_path)
    (tmp_path / "My Way.txt").write_text("[user]\nA", encoding="utf-8")
    with pytest.raises(PromptError, match=r"wanted NAME\.LANGUAGE\.txt"):
        strategies_in(tmp_path)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.en.txt").write_bytes(b"\xff\xfe\x00[user]")
    with pytest.raises(PromptError, match="not UTF-8"):
        strategies_in(tmp_path)


@pytest.mark.parametrize("spec", ["tuor", "tour:tune=proud", "tour:tone="])
def test_a_name_or_option_that_does_not_exist_is_answered_with_the_nearest(spec: str, folder: Path) -> None:
    with pytest.raises(ValueError, match=r"tour|tone"):
        strategy(spec, folder)
