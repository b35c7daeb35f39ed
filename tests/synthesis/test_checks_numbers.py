"""Numbers and dates: what is the same in other words, and what is another."""

import re
import time
from pathlib import Path

import pytest

from synthesis.checks.numbers import numbers, unexplained, unsupported
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
    ("at 10.20", "at twenty minutes past ten"),
    ("at twenty past ten", "at 10.20"),
    ("at ten-twenty", "at 22:20"),
    ("ten minutes to four", "the 3.50 train"),
    ("at twelve o'clock", "at noon"),
    ("在10:20", "十点二十分"),
    ("九点五十五分", "差五分十点"),
    ("10:15", "十点一刻"),
    ("十点三刻", "10:45"),
    ("forty minutes short of eleven", "10.20"),
    ("夜里十一点", "子时"),
    # other words for the same
    ("两打零两口", "二十六口"),
    ("二十八斤", "十四公斤"),
    ("他走了十里路", "他走了五公里路"),
    ("three score years and ten", "seventy years"),
    ("three decades", "from 1859 to 1889"),
    ("three quarters of an hour", "45 minutes"),
    ("来了二三十人", "来了二十七个人"),
    # parts of any number
    ("three twentieths", "3/20"),
    ("two ninths", "2/9"),
    ("an hour and fifty-one minutes", "111 minutes"),
    ("111 minutes", "an hour and fifty-one minutes"),
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
    ("at 10.40", "at twenty minutes past ten", "10.40"),
    ("在10:40", "十点二十分", "10:40"),
    ("10:45", "十点一刻", "10:45"),
    ("夜里十点", "子时", "十点"),
    ("两打零三口", "二十六口", "两打零三"),
    ("二十六斤", "十四公斤", "二十六斤"),
    ("five decades", "from 1859 to 1889", "five decades"),
    ("three quarters of an hour", "50 minutes", "three quarters of an hour"),
    ("少了二十分之一", "二十钱", "二十分之一"),
    ("an hour and fifty minutes", "111 minutes", "fifty minutes"),
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


LIGHT = "The balance read four lisps light in every forty. The bell ought to weigh twenty grains. It weighs nineteen."
HEAVY = "铃应重二十钱，实重十九钱。"
SOLD = "He printed sixty copies and sold nine; the rest were burnt."
VATS = "The maker pays twelve pence for each vat that he opens."


@pytest.mark.parametrize(
    ("text", "passage", "strange"),
    [
        # the share that one number is of another, and by how much it is less
        ("It read one tenth too light.", LIGHT, []),
        ("It read 10 per cent too light.", LIGHT, []),
        ("It read one ninth too light.", LIGHT, ["one ninth"]),
        ("The bell is 5% lighter than it ought to be.", LIGHT, []),
        ("The bell weighs nineteen twentieths of what it ought to.", LIGHT, []),
        ("The bell is 7% lighter than it ought to be.", LIGHT, ["7%"]),
        ("Hoar is counted at one sixth less.", "Hoar is counted at five parts in six.", []),
        ("Hoar is counted at one sixth.", "Hoar is counted at five parts in six.", ["one sixth"]),
        ("The fleece is ten times as heavy.", "The pad weighs four lisps, the fleece forty.", []),
        (
            "The fleece is eight times as heavy.",
            "The pad weighs four lisps, the fleece forty.",
            ["eight times"],
        ),
        ("铃比应有的轻了二十分之一。", HEAVY, []),
        ("铃比应有的轻了百分之五。", HEAVY, []),
        ("铃比应有的轻了十分之一。", HEAVY, ["十分之一"]),
        # of two numbers that have nothing to do with one another
        ("A quarter of it.", "Four men came. It rained. Sixteen days passed.", ["quarter"]),
        # the rest
        ("Fifty-one copies were burnt.", SOLD, []),
        ("Fifty-two copies were burnt.", SOLD, ["fifty-two"]),
        ("Fifty-one copies were burnt.", "He printed sixty copies and sold nine.", []),
        ("Fifty-three copies were burnt.", "He printed sixty copies and sold nine.", ["fifty-three"]),
        ("有五十一本被烧了。", "印了六十本，卖掉九本，其余的烧了。", []),
        ("有四十一本被烧了。", "印了六十本，卖掉九本，其余的烧了。", ["四十一"]),
        # a product with a number of the text
        ("For ten vats he pays 120 pence.", VATS, []),
        ("For ten vats he pays ten shillings.", VATS, []),
        ("For ten vats he pays 130 pence.", VATS, ["ten", "130 pence"]),
        ("For ten vats he paid 120 pence.", "He opened the vat and paid twelve pence.", ["ten", "120 pence"]),
        ("开十口缸要付一百二十文。", "每开一缸付十二文。", []),
        ("开十口缸要付一百三十文。", "每开一缸付十二文。", ["十", "一百三十文"]),
        # by how much an amount in two units is more
        (
            "The first was 15 minutes longer.",
            "One took two hours and six minutes, one an hour and fifty-one minutes.",
            [],
        ),
        (
            "The first was 25 minutes longer.",
            "One took two hours and six minutes, one an hour and fifty-one minutes.",
            ["25 minutes"],
        ),
    ],
)
def test_what_follows_from_the_numbers_of_near_sentences_is_explained(
    text: str, passage: str, strange: list[str]
) -> None:
    assert unexplained(text, passage) == strange


FERRY = "The ferry was freed at 4.20, nine hours after she grounded. Of 131 passengers 48 were taken off by boats."
STORE = "Between 02:10 and 06:45 the air in the store rose from -21 to -9 degrees."


@pytest.mark.parametrize(
    ("text", "passage", "strange"),
    [
        # on the side of a bound
        ("Fewer than a hundred people came.", "Ninety people came to the fair.", []),
        ("Fewer than eighty people came.", "Ninety people came to the fair.", ["eighty"]),
        ("No more than twenty came.", "Seventeen people came.", []),
        ("He paid more than forty pounds.", "He paid 163 pounds for the bell.", []),
        ("He paid more than two hundred pounds.", "He paid 163 pounds for the bell.", ["two hundred pounds"]),
        ("He paid just under fifty pounds.", "He paid 48 pounds for the bell.", []),
        ("He paid just over fifty pounds.", "He paid 48 pounds for the bell.", ["fifty pounds"]),
        ("花了不足二百元。", "一共花了一百二十六元。", []),
        ("花了将近一百元。", "一共花了一百二十六元。", ["一百元"]),
        ("四十多个人来了。", "那天来了五十三个人。", ["四十多"]),
        # numbers of the near sentences, though no word says so
        ("Eighty-three passengers slept on board.", FERRY, []),
        ("Eighty-six passengers slept on board.", FERRY, ["eighty-six"]),
        ("有二十六个人不认得自己的名字。", "那时候三十一个听缸师里，只有五个认得自己的名字。", []),
        ("有二十八个人不认得自己的名字。", "那时候三十一个听缸师里，只有五个认得自己的名字。", ["二十八"]),
        ("The sections reach three metres.", "The kit holds four sections of 75 cm.", []),
        ("The sections reach four metres.", "The kit holds four sections of 75 cm.", ["four metres"]),
        ("鞋垫一只一只地数有24只。", "棉布鞋垫十二双。", []),
        ("鞋垫一只一只地数有36只。", "棉布鞋垫十二双。", ["36"]),
        ("Each boy got four.", "Twelve apples were divided among three boys.", []),
        ("Together they are 103 years old.", "He is 43 years old, she is sixty.", []),
        ("Together they are 105 years old.", "He is 43 years old, she is sixty.", ["105 years"]),
        ("One in four failed.", "Of the 40 pupils, 10 failed.", []),
        ("One in five failed.", "Of the 40 pupils, 10 failed.", ["five"]),
        ("Two thirds of it has gone.", "A third of the contents remains.", []),
        ("He must find £57 6s. 8d.", "The costs are 86 pounds, of which he bears two thirds.", []),
        (
            "He must find £57 6s. 9d.",
            "The costs are 86 pounds, of which he bears two thirds.",
            ["57", "6s", "9d"],
        ),
        # but between the same words another number is wrong
        ("She paid three pounds for it.", "He asked 41 pounds; she paid 38 pounds for it.", ["three pounds"]),
        # times, days and years that are told from others
        ("She had grounded at twenty past seven.", FERRY, []),
        ("She had grounded at twenty past six.", FERRY, ["twenty", "six"]),
        ("It warmed by twelve degrees in four hours and thirty-five minutes.", STORE, []),
        ("It warmed by fifteen degrees.", STORE, ["fifteen degrees"]),
        ("He left on the Friday.", "He came on Thursday and left the next day.", []),
        ("He left on the Saturday.", "He came on Thursday and left the next day.", ["saturday"]),
        ("十月五日早上他走了。", "他十月四日到，次日早上就走。", []),
        ("十月七日早上他走了。", "他十月四日到，次日早上就走。", ["十月七日"]),
        ("He died in 1842.", "He sailed in 1841. He died of fever the following spring.", []),
        ("He died in 1844.", "He sailed in 1841. He died of fever the following spring.", ["1844"]),
        ("他做成老哑巴是在1846年。", "何牧之，1923年\n\n他做成老哑巴，那是七十七年前的事。", []),
        ("他做成老哑巴是在1856年。", "何牧之，1923年\n\n他做成老哑巴，那是七十七年前的事。", ["1856年"]),
    ],
)
def test_what_a_true_text_reckons_without_saying_so_is_explained(
    text: str, passage: str, strange: list[str]
) -> None:
    assert unexplained(text, passage) == strange


def test_many_strange_numbers_take_no_time() -> None:
    began = time.process_time()
    assert unexplained("5 7 " * 3000, "3 each 9 " * 2000)
    assert unexplained("ten past 7 " * 2000, "a quarter to 每 " * 1500)
    assert time.process_time() - began < 5
