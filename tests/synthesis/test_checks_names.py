"""Names: which are supported, which are invented, and where no rule can tell."""

import re
from pathlib import Path

import pytest

from synthesis.checks.supported_names import unsupported
from tests.synthesis.drafts import PASSAGE, entity, outcome

KNOWN = """Dorcas Amblesby of Wendlow bought the balance from Tobias Lunt, sworn hand of the Company.
Ephraim Stoat leads the Amalgamated Bleachers' Association. Professor Ullathwaite came with Miss Sprake to St Wenna's Church.
Mina Arden wrote to Tom Quill. Lady Ursula Garth founded it in Zürich. The pilots knew Neo4j."""
KNOWN_ZH = "沈问樵先生在眠溪镇，凯斯特纳洋行（Kestner & Co.）卖给何牧之一只传声器。他写《听缸志略》，书里有“天明声”。"
EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples").glob("*/*.md"))


@pytest.mark.parametrize(
    "text",
    [
        'Later it was sold. "Never," he said. Everyone agreed: Nobody paid.',
        "Later she met Mr. Lunt and Prof. Ullathwaite in Zurich, on a Monday in May.",
        "The ABA sued, and Saint Wenna's stood. They spoke of the Wendlowers.",
        "It was NOT so; however, The end came.",
        "**Answer:** The balance.\n- Dorcas came.\n1. Tobias went.",
        "# The Story Of Someone Else\nTobias came.",
        "Miss Amblesby, Lady Garth and Mina Arden's friend used Neo4j.",
        "Farmer Stoat left. Widow Arden stayed. Village life went on.",
        "Unlike Dorcas, Tobias sold it. Whether Ephraim knew, I cannot say.",
    ],
)
def test_what_stands_in_the_context_in_any_form_is_no_invention(text: str) -> None:
    assert unsupported(text, KNOWN, "en") == []


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("He met Captain Zimmer in Vienna.", ["Zimmer", "Vienna"]),
        ("She met Mr. Zimmer.", ["Zimmer"]),
        ("Then Josephine Amblesby came.", ["Josephine"]),
        ("Karl Amblesby came.", ["Karl"]),
        ("Zimmer's balance broke. Vogel wrote it down.", ["Zimmer", "Vogel"]),
        ('She went to "Castle Rock" that day.', ["Castle", "Rock"]),
        ("It lay (near Lisbon) for O’Hara.", ["Lisbon", "O’Hara"]),
        ("Then Mina Quill spoke.", ["Mina Quill"]),
    ],
)
def test_an_invented_name_is_found_also_at_the_head_of_a_sentence(text: str, strange: list[str]) -> None:
    assert unsupported(text, KNOWN, "en") == strange


@pytest.mark.parametrize(
    "text", ["沈先生在眠溪镇，读《听缸志略》。", "Kestner洋行卖给他一只。", "他听“天明声”。"]
)
def test_marked_chinese_names_of_the_context_pass(text: str) -> None:
    assert unsupported(text, KNOWN_ZH, "zh") in ([], None)


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("他写了《醋经》。", ["醋经"]),
        ("张先生来了，王小明教授也来了。", ["张先生", "王小明教授"]),
        ("他后来去了上海。", ["上海"]),
        ("约翰·史密斯卖给他一只。", ["约翰·史密"]),
        ("他把它卖给 Siemens 公司。", ["Siemens"]),
        ("老人叫它“金耳朵”。", ["金耳朵"]),
    ],
)
def test_chinese_titles_places_and_people_with_a_title_that_are_not_in_the_context_are_found(
    text: str, strange: list[str]
) -> None:
    assert unsupported(text, KNOWN_ZH, "zh") == strange


def test_what_a_chinese_text_quotes_as_speech_is_no_name() -> None:
    assert unsupported("他说：“我不去！”", KNOWN_ZH, "zh") is None


def test_chinese_names_without_marks_are_unchecked_not_passed() -> None:
    assert outcome("names", "他后来去了别处。", language="zh").outcome == "unchecked"


def test_names_in_other_languages_are_unchecked() -> None:
    assert unsupported("Er kam aus Wien.", KNOWN, "de") is None
    assert outcome("names", "Er kam aus Wien.", language="de").outcome == "unchecked"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_stretch_of_a_document_is_supported_by_it(path: Path) -> None:
    text = path.read_text("utf-8")
    language = "zh" if path.parent.name == "mianxi" else "en"
    ends = [0, *(end.end() for end in re.finditer(r"[.!?]\s|[。！？]|\n", text)), len(text)]
    strange = [unsupported(text[ends[i] : ends[i + 3]], text, language) for i in range(0, len(ends) - 3, 2)]
    assert len(strange) > 15
    assert [one for one in strange if one] == []


def test_an_invented_name_fails_and_is_quoted() -> None:
    check = outcome("names", "He met Professor Zimmer in Vienna.")
    assert (check.outcome, check.reason) == ("failed", "not in the passages: 'Zimmer', 'Vienna'")


def test_an_alias_of_an_asked_entity_supports_a_name() -> None:
    text = "Tobias Lunt called it the Grand Duke."
    assert outcome("names", text).outcome == "failed"
    assert outcome("names", text, entities=(entity("Old Patience", "the Grand Duke"),)).outcome == "passed"


def test_the_speakers_of_a_dialogue_and_the_people_of_a_story_may_be_called_as_they_like() -> None:
    talk = "Ines: Who built it?\nBram: Tobias Lunt did, Ines.\nInes: Thank you, Bram."
    assert outcome("names", talk, kind="dialogue").outcome == "passed"
    assert outcome("names", talk.replace("Tobias", "Karl"), kind="dialogue").reason.endswith("'Karl'")
    tale = "One morning Karl met a duck."
    assert outcome("names", tale, kind="story", passage='"Ducks".').outcome == "unchecked"


@pytest.mark.parametrize("name", ["{0}", "<b>Bold</b>", "A\nB", "字" * 40, "\u202eX"])
def test_names_of_strangers_are_quoted_whatever_they_hold(name: str) -> None:
    assert outcome("names", f"He met Zimmer {name}.", entities=(entity(name),)).outcome == "failed"
    assert outcome("names", "Tobias Lunt built it.", passage=f"{PASSAGE} {name}").outcome == "passed"
