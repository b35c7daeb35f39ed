"""Numbers and dates: what is the same in other words, and what is another."""

import re
from pathlib import Path

import pytest

from synthesis.checks.numbers import numbers, unsupported
from tests.synthesis.drafts import GOOD, PATIENCE, failed_by, outcome

EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples").glob("*/*.md"))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("forty-one pounds", {41}),
        ("one hundred and forty yards", {140}),
        ("a hundred and sixty acres", {160}),
        ("three thousand two hundred frogs", {3200}),
        ("two million three hundred thousand", {2_300_000}),
        ("the twenty-first of May", {21, 5}),
        ("the one hundred and first night", {101}),
        ("twenty nights, ten of them", {20, 10}),
        ("He paid twenty. One man saw it.", {20, 1}),
        ("in eighteen seventy-four", {1874}),
        ("nineteen hundred and five", {1905}),
        ("two and a half, half a dozen, three score and ten", {2.5, 6, 60, 10}),
        ("three quarters, two-fifths, one third", {0.75, 0.4, 1 / 3}),
        ("between two thousand four hundred and three thousand", {2400, 3000}),
        ("one hundred and two hundred", {100, 200}),
        ("three hundred and five thousand", {305_000}),
        ("two million four hundred and three thousand", {2_403_000}),
        ("two thousand and three hundred", {2300}),
        ("several hundred, dozens, thousands", set()),
        ("1,200 marks and 0.5 grains", {1200, 0.5}),
        ("£1.5 million, 3 dozen, 2½", {1_500_000, 36, 2.5}),
        ("1874–75", {1874, 1875, 75}),
        ("三千二百只青蛙", {3200}),
        ("一九二三年十一月二十八日", {1923, 11, 28}),
        ("两个人，十二文，廿八只", {2, 12, 28}),
        ("一百二，一万五，三亿五千万，一千零一", {120, 15_000, 350_000_000, 1001}),
        ("三四个人", {3, 4, 34}),
        ("百分之二十五，四分之三", {25, 0.75}),
        ("120万，３０", {1_200_000, 30}),
        ("LLM2LLM, B52", set()),
        ("nobody", set()),
    ],
)
def test_numbers_are_read_by_value_however_they_are_written(text: str, values: set[float]) -> None:
    assert sorted(numbers(text)) == pytest.approx(sorted(values))


SAME = [
    ("The balance cost £41.", "paid forty-one pounds"),
    ("the seventeenth bell", "number 17"),
    ("the fourth chapter", "Chapter IV"),
    ("1.2 million", "1,200,000"),
    ("120万", "一百二十万"),
    ("三千二百只青蛙", "3,200 frogs"),
    # dates
    ("On January 2nd, 1874, he left.", "On 2 January 1874 he left"),
    ("He left on 1874-01-02.", "On the second of January 1874 he left"),
    ("一八七四年一月二日", "1874年1月2日"),
    ("他在十一月二十八日到", "28 November 1923"),
    ("In May of 1873", "Thursday, 1 May 1873"),
    ("on the 28th", "28 November"),
    ("on 3/4/1874", "4 March 1874"),
    ("在民国八年", "1919年"),
    ("in 1919", "民国八年"),
    ("星期三", "Wednesday"),
    # periods and spans
    ("In the 1870s", "the fire of 1874"),
    ("in the nineteenth century", "in 1838"),
    ("六十年代", "1963年"),
    ("after thirty-two years", "from 1838 to 1870"),
    ("He was aged 45.", "1838 and 1883"),
    ("a decade later", "1838, then 1848"),
    # shares
    ("a quarter of them", "25% of them"),
    ("25 percent", "one quarter of"),
    ("18 percent", "nine lisps in every fifty"),
    ("四分之一", "25%"),
    ("80%", "八成"),
    ("half the men", "ten of the men"),
    ("a hundred percent certain", "certain"),
    # units
    ("a fortnight", "fourteen days"),
    ("fourteen days", "a fortnight"),
    ("ninety minutes", "an hour and a half"),
    ("七个星期", "49天"),
    ("six months", "half a year"),
    ("2 km", "2,000 metres"),
    ("forty nights", "forty days"),
    # the time of day
    ("At 4:30", "at half past four"),
    ("at four in the afternoon", "at 16:00"),
    ("at a quarter to nine", "8:45"),
    # rounded
    ("about 3,000 frogs", "3,200 frogs"),
    ("more than forty crowns", "42 crowns"),
    ("nearly two weeks", "thirteen days"),
    ("三千多只蛙", "三千二百只蛙"),
    ("twenty-odd men", "twenty-three men"),
    # no number at all
    ("the two men", "the brothers"),
    ("on the second day", "then"),
    ("1. Joss built it.\n2. Mina rang it.\n14. It cracked.", "Joss and Mina"),
    ("Question 5: who?", "who"),
    ("他十分高兴，四周都是人，七八个人来了", "他"),
    ("He may march on.", "He goes."),
]


@pytest.mark.parametrize(("text", "known"), SAME)
def test_the_same_in_other_words_is_supported(text: str, known: str) -> None:
    assert unsupported(text, known) == []


OTHER = [
    ("they paid 42 pounds", "they paid forty-one pounds", "42 pounds"),
    ("in 1848", "in 1838", "1848"),
    ("seventeen men", "eighteen men", "seventeen"),
    ("forty-one shillings", "forty-one pounds", "forty-one shillings"),
    ("nineteen miles", "nineteen lisps", "nineteen miles"),
    ("thirteen months", "thirteen years", "thirteen months"),
    ("three pounds", "two pounds", "three pounds"),
    ("on 3 May 1874", "on 2 May 1874", "3 may 1874"),
    ("on 2 June", "on 2 May, and in June", "2 june"),
    ("In June", "on 2 May 1874", "june"),
    ("on a Tuesday", "on Wednesday", "tuesday"),
    ("the 1880s", "1874", "1880s"),
    ("the eighteenth century", "1874", "eighteenth century"),
    ("30%", "a quarter", "30%"),
    ("two thirds", "three quarters", "two thirds"),
    ("after forty years", "1838, 1870", "forty years"),
    ("about 5,000 frogs", "3,200 frogs", "5,000"),
    ("at 5:30", "half past four", "5:30"),
    ("twenty pounds", "twenty-one pounds", "twenty pounds"),
    ("12 men", "1,200 men and 0.12", "12"),
    ("四千只青蛙", "三千二百只青蛙", "四千"),
    ("一九二四年", "1923年", "一九二四年"),
    ("在十月", "十一月", "十月"),
    ("十五文", "十二文", "十五文"),
    ("第五节", "第四节", "五"),
    ("五个星期", "49天", "五个星期"),
    ("民国九年", "1919年", "民国九年"),
    ("星期三", "星期四", "星期三"),
]


@pytest.mark.parametrize(("text", "known", "quoted"), OTHER)
def test_another_number_is_found_and_quoted(text: str, known: str, quoted: str) -> None:
    assert unsupported(text, known) == [quoted]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_stretch_of_a_document_is_supported_by_it(path: Path) -> None:
    text = path.read_text("utf-8")
    ends = [0, *(end.end() for end in re.finditer(r"[.!?]\s|[。！？]|\n", text)), len(text)]
    strange = [unsupported(text[ends[i] : ends[i + 3]], text) for i in range(0, len(ends) - 3, 2)]
    assert len(strange) > 15
    assert [one for one in strange if one] == []


def test_a_number_that_is_not_in_the_passages_fails_with_its_words() -> None:
    assert failed_by(GOOD.replace("1838", "1848"), entities=(PATIENCE,)) == ["numbers"]
    assert outcome("numbers", GOOD.replace("1838", "1848")).reason == "not in the passages: '1848'"


def test_a_number_word_supports_the_figure() -> None:
    text = "The Company paid 41 pounds to Tobias Lunt for Old Patience in 1838."
    assert failed_by(text, entities=(PATIENCE,)) == []


def test_wrong_answers_that_were_given_may_be_told() -> None:
    text = "Question: Which was it?\nA) Bell 40\nB) Old Patience\nAnswer: B) Old Patience."
    assert outcome("numbers", text, kind="qa", distractors=("Bell 40",)).outcome == "passed"
    assert outcome("numbers", text, kind="qa").outcome == "failed"


def test_in_a_language_whose_number_words_are_not_read_large_figures_alone_can_fail() -> None:
    german = "Tobias Lunt baute die Waage {} für 41 Pfund."
    assert outcome("numbers", german.format(1838), language="de").outcome == "unchecked"
    assert outcome("numbers", german.format(1848), language="de").reason == "not in the passages: '1848'"


def test_a_story_without_a_source_may_count_as_it_likes() -> None:
    check = outcome("numbers", "Forty ducks met at noon.", kind="story", passage='"Ducks".')
    assert (check.outcome, check.reason) == ("unchecked", "a story without a source may count as it likes")


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("It was boiled 2 times.", "It is boiled twice."),
        ("A gain of 1/100 of its weight.", "It gained one hundredth part of its weight."),
        ("A hundredth of it was lost.", "1/100 of it was lost."),
        ("The rent falls due on 40.5 lisps.", "It will pay on forty lisps and a half."),
        ("It held for 126 minutes.", "It held for two hours and six minutes."),
        ("It held for two hours and six minutes.", "It held for 126 minutes."),
        ("He was 66 inches tall.", "He was five feet six inches tall."),
        (
            "Boil it for 60 minutes and then for another 30.",
            "Boil it for an hour, and again for half an hour.",
        ),
        ("它响了126分钟。", "它响了两小时零六分钟。"),
    ],
)
def test_the_same_amount_in_another_form_is_supported(text: str, passage: str) -> None:
    assert unsupported(text, passage) == []


@pytest.mark.parametrize(
    ("text", "passage", "strange"),
    [
        ("It was boiled 4 times.", "It is boiled twice.", ["4 times"]),
        ("The rent falls due on 41.5 lisps.", "It will pay on forty lisps and a half.", ["41.5"]),
        ("It held for 125 minutes.", "It held for two hours and six minutes.", ["125 minutes"]),
        (
            "It held for two hours and seven minutes.",
            "It held for 126 minutes.",
            ["two hours", "seven minutes"],
        ),
    ],
)
def test_another_amount_in_such_a_form_is_not(text: str, passage: str, strange: list[str]) -> None:
    assert unsupported(text, passage) == strange


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("She paid three pounds less than the forty-one that he asked.", True),
        ("They met again nineteen years later.", True),
        ("She paid thirty-eight pounds for the balance.", True),
        ("She paid three pounds for the balance of 41 pounds, then went home.", False),
        ("She paid seven pounds less than he asked.", False),
    ],
)
def test_a_number_that_the_text_reckoned_from_two_of_the_context_has_its_support(
    text: str, passes: bool
) -> None:
    passage = "In 1874 he asked 41 pounds for the balance and she paid 38. They met again in 1893."
    found = outcome("numbers", text, passage=passage)
    assert found.outcome == ("passed" if passes else "failed"), found.reason
