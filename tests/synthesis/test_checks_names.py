"""Names: which are supported, which are invented, and where no rule can tell."""

import re
from pathlib import Path

import pytest

from synthesis.checks.names import peoples, unsupported
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
    ("known", "said"),
    [
        ("a Dutch contractor", "a contractor from the Netherlands"),
        ("a firm in Holland", "a Dutch firm"),
        ("the Norwegian coast", "the coast of Norway"),
        ("Lund, a Dane,", "the Danish sailmaker"),
        ("the Icelander Gunnar", "an Icelandic keeper"),
        ("two climbers from Glasgow", "two Glaswegian climbers, two Scots"),
        ("a man of Brno", "a Czech"),
        ("a Swiss geologist", "a geologist from Switzerland"),
        ("they called Edinburgh", "they called the Scottish capital"),
        ("it began in Toronto", "it began in a Canadian city, outside Europe"),
        ("in Portugal and Denmark", "in two countries of Europe, one of them Scandinavian"),
        ("a painter from Łódź", "a Polish painter, one of the Poles"),
        ("the New York office", "the American office"),
        ("a lawyer in Auckland", "a lawyer in New Zealand"),
        ("an Irish nurse", "two Irishmen of Ireland"),
        ("it was sold in the U.S.", "it was sold in the United States of America"),
        ("they were using Church Street", "they came along Church St"),
        ("he spoke to two Sardinians", "he spoke to men of Sardinia, in Italy"),
    ],
)
def test_a_country_a_people_or_a_city_may_be_said_in_any_form(known: str, said: str) -> None:
    assert unsupported(f"It is {said}.", f"It is {known}.", "en") == []


@pytest.mark.parametrize(
    ("known", "said", "strange"),
    [
        ("the Swedish sailmaker", "the Danish sailmaker", ["Danish"]),
        ("the Swedish sailmaker", "the German sailmaker", ["German"]),
        ("in Denmark", "in Copenhagen", ["Copenhagen"]),
        ("an Italian clockmaker", "a family from Genoa", ["Genoa"]),
        ("two climbers from Glasgow", "two Welsh climbers", ["Welsh"]),
        ("it began in Toronto", "it began in an American city", ["American"]),
        ("in Portugal", "in Africa", ["Africa"]),
        ("the village of Wendlow", "a village of Europe", ["Europe"]),
        ("the South Korean team", "the North Korean team", ["North"]),
        ("Roman brick", "brick from Rome", ["Rome"]),
        ("old Adelaide Munt", "an Australian", ["Australian"]),
    ],
)
def test_another_country_people_or_city_is_none_of_the_context(
    known: str, said: str, strange: list[str]
) -> None:
    assert unsupported(f"It is {said}.", f"It is {known}.", "en") == strange


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("the firm paid", "the Company paid"),
        ("your sworn hands and our pads", "hands of the Company"),
        ("Councillor Webb spoke", "the Council spoke"),
        ("William Hale and Margaret", "Bill Hale and Peggy"),
        ("with Bob's dog", "with Robert's dog"),
        ("the BBC's plan", "plans of the British Broadcasting Corporation"),
        ("the UN's plan", "plans of the United Nations"),
        ("the North Essex Water Board met", "the NEWB met"),
        ("the chief executive left", "the CEO left"),
        ("Agnes and Hale met Benedetti", "Sister Agnes and Alderman Hale met Coach Benedetti"),
        ("the Tarrel flows to Orrin", "the River Tarrel flows to Mount Orrin"),
        ("an iron-bridge company", "the Ironbridge company"),
        ("north of Ironbridge", "north of Iron Bridge, in a Northern village"),
        ("Müller, Søren and Almássy", "Mueller and Muller, Soren and Almassy"),
        ("in 1868 a rector came", "a Victorian rector came"),
        ("in the nineteenth century", "in Victorian times"),
        ("he fell in 1916", "he fell in the First World War"),
        ("on 26 December", "on Boxing Day"),
        ("Chapter 4 of it", "Chapter IV of it"),
        ("the fourth thing in it", "Item 4 in it"),
        ("the Harbour Centre", "the Harbor Center"),
        ("Mr McDonald", "Mr Macdonald"),
        ("a sou'-wester from the south-west", "a wind from the SW"),
        ("the bishop came", "the Christian bishop came"),
        ("my mother came", "Mum came"),
        ("at Camp 7", "at Camp Seven"),
        ("a Wendlower spoke", "a man from Wendlow spoke"),
        ("minus 26 degrees", "minus 26 degrees Celsius"),
        ("Lunt Ltd sold it", "Lunt Limited sold it"),
        ("a note said it was late", 'a note read "Nothing is on time"'),
    ],
)
def test_a_name_may_be_said_in_another_form(known: str, said: str) -> None:
    assert unsupported(f"It is so that {said}.", f"It is so that {known}.", "en") == []


@pytest.mark.parametrize(
    ("known", "said", "strange"),
    [
        ("the moth ate it", "the Company ate it", ["Company"]),
        ("the firm paid", "the Corn Company paid", ["Corn", "Company"]),
        ("William Hale", "Robert Hale", ["Robert"]),
        ("Julia Hale", "Marian Hale", ["Marian"]),
        ("the BBC's plan", "plans of the British Railway Club", ["British", "Railway", "Club"]),
        ("Agnes and Hale", "Sister Maud and Alderman Crewe", ["Sister", "Maud", "Alderman", "Crewe"]),
        ("the Tarrel flows", "the River Severn flows", ["River", "Severn"]),
        ("in 1668 a rector came", "a Victorian rector came", ["Victorian"]),
        ("he fell in 1816", "he fell in the First World War", ["World", "War"]),
        ("on 16 December", "on Boxing Day", ["Boxing", "Day"]),
        ("Chapter 4 of it", "Chapter VI of it", ["VI"]),
        ("the fourth thing in it", "Item of it", ["Item"]),
        ("my mother came", "Dad came", ["Dad"]),
        ("Mr Parker spoke", "Mr Park spoke", ["Park"]),
    ],
)
def test_a_name_that_is_no_form_of_one_is_told(known: str, said: str, strange: list[str]) -> None:
    assert unsupported(f"It is so that {said}.", f"It is so that {known}.", "en") == strange


def test_a_given_name_at_the_head_is_no_calling() -> None:
    assert unsupported("Farmer Amblesby came. Walter Amblesby left.", KNOWN, "en") == ["Walter"]


@pytest.mark.parametrize(
    ("known", "said", "strange"),
    [
        ("他由沪赴英。", "他从上海去了英国。", []),
        ("东京的日商买了它。", "日本商人买了它。", []),
        ("学者们译了英文书。", "英国学者译了书。", ["英国"]),
        ("他由沪赴英。", "他从南京去了美国。", ["南京", "美国"]),
    ],
)
def test_chinese_places_may_be_said_in_a_short_form(known: str, said: str, strange: list[str]) -> None:
    assert (unsupported(said, known, "zh") or []) == strange


def test_every_place_of_the_table_lies_in_one_that_it_names() -> None:
    world = peoples.world()
    assert set(world.above) <= set(world.of)
    assert set().union(*world.above.values()) <= set(world.above)


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
