"""Numbers, kinds and inventions without a model, and the rule that adds the signs up."""

import time
from itertools import combinations

import pytest

from synthesis.checks.claims import read, verdicts
from synthesis.checks.claims.evidence import Evidence
from synthesis.checks.claims.scale import scales
from synthesis.checks.claims.signs import signs
from tests.synthesis.claimed import LIGHTHOUSE, SCHOOL, found

# ---- numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["forty wicks", "40 wicks"])
def test_a_count_that_the_context_gives_otherwise_is_found_though_it_has_that_number(said: str) -> None:
    context = f"{LIGHTHOUSE} Forty ships passed."
    assert found(f"In 1890 the keeper trimmed {said}.", context)["other_count"]


def test_a_count_of_a_sentence_far_away_or_of_what_is_not_counted_is_none() -> None:
    assert "other_count" not in found("In 1890 the keeper trimmed fourteen wicks.")
    assert "other_count" not in found("Eighty ships passed the keeper in 1890.")


def test_chinese_counts_are_held_by_their_measure_words() -> None:
    assert "other_count" in found("图书一共二十四箱。", SCHOOL, "zh")
    assert "other_count" not in found("图书一共42箱。", SCHOOL, "zh")
    assert "other_count" not in found("图书一共四十二箱，吴兰亭教国文。", SCHOOL, "zh")


@pytest.mark.parametrize(
    ("claim", "strange"),
    [
        ("The pilot trimmed sixty-six more than the keeper.", False),
        ("Together they trimmed ninety-four in 1890.", False),
        ("The keeper and the pilot trimmed sixty-six in 1890.", False),  # the near sentence has few numbers
        ("The keeper and the pilot trimmed sixty-three in 1890.", True),
        ("Together they trimmed ninety-seven in 1890.", True),
    ],
)
def test_a_sum_or_difference_is_no_strange_number_in_a_claim_that_reckons(claim: str, strange: bool) -> None:
    assert ("unreckoned" in found(claim)) is strange


def test_in_a_context_of_many_numbers_a_sum_is_no_excuse_where_the_claim_does_not_stand() -> None:
    many = " ".join(f"In {1500 + 7 * year} a ship was lost." for year in range(40))
    reckons = "The keepers trimmed 3021 more wicks."
    assert "unreckoned" in found(reckons, f"{LIGHTHOUSE} {many}")
    assert "unreckoned" not in found(reckons, f"{LIGHTHOUSE} In 1507 a ship was lost. In 1514 too.")


WEIGHED = (
    "The bell ought to weigh twenty grains. It weighs nineteen. The court rose at twenty minutes past ten. For each vat the "
    "maker pays twelve coins."
)


@pytest.mark.parametrize(
    ("claim", "wrong"),
    [
        ("The bell is a twentieth part lighter than it ought to be.", False),
        ("The bell is a seventh part lighter than it ought to be.", True),
        ("The court rose at 10.20.", False),
        ("The court rose at 10.40.", True),
        ("For eight vats the maker pays 96 coins.", False),
        ("For eight vats the maker pays 86 coins.", True),
    ],
)
def test_a_share_a_time_of_the_day_or_a_product_is_explained_by_the_sentences_near(
    claim: str, wrong: bool
) -> None:
    assert bool({"unreckoned", "other_count"} & found(claim, WEIGHED).keys()) is wrong


@pytest.mark.parametrize(
    ("claim", "wrong"),
    [
        ("公所在22:20散会。", False),
        ("公所在九点二十分散会。", True),
        ("开八口缸要付九十六文。", False),
        ("开八口缸要付八十六文。", True),
        ("祖锤轻了二十分之一。", False),
        ("祖锤轻了七分之一。", True),
    ],
)
def test_the_same_in_chinese(claim: str, wrong: bool) -> None:
    context = "公所在晚上十点二十分散会。祖锤应重二十钱，实重十九钱。每开一缸要付十二文。"
    assert bool({"unreckoned", "other_count"} & found(claim, context, "zh").keys()) is wrong


@pytest.mark.parametrize(
    ("claim", "wrong"),
    [
        ("他管钟将近三十年。", False),
        ("他管钟将近四十年。", True),
        ("买琴花的银元不到三十块。", False),
        ("买琴花的银元不到二十块。", True),
        ("三条沟平均下来，每条二十五亩。", False),
        ("三条沟平均下来，每条二十七亩。", True),
    ],
)
def test_a_chinese_count_within_a_bound_or_an_average_is_no_other(claim: str, wrong: bool) -> None:
    context = "他管钟一管就是二十九年。他花二十八块银元买琴。沟有三条，共七十五亩。"
    assert bool({"unreckoned", "other_count"} & found(claim, context, "zh").keys()) is wrong


# ---- kinds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        ("It is built of elm and stands in the harbour.", "elm"),
        ("It is built of oak and stands in the southern harbour.", "southern"),
        ("The first lamp burned whale oil every morning.", "morning"),
    ],
)
def test_another_of_a_kind_is_found(claim: str, word: str) -> None:
    assert found(claim)["other_kind"] == (word,)


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        ("Ned sank a wooden pump.", "wooden"),
        ("Ned sank an iron pump.", None),
        ("Ned sank a pump into the iron earth.", None),
        ("The gate is shut after sunrise.", "after"),
        ("The gate is shut before the sunrise.", None),
        ("The gate is not shut after sunrise.", None),
        ("It opens on greens above fifty lisps.", None),
        ("It opens on greens below fifty lisps.", "below"),
    ],
)
def test_what_excludes_the_word_before_the_same_word_is_found(claim: str, word: str | None) -> None:
    context = "Ned sank an iron pump. The gate is shut before sunrise. It opens on greens over fifty lisps."
    assert found(claim, context).get("other_kind") == ((word,) if word else None)


def test_a_chinese_word_for_the_other_side_of_the_same_words_is_found() -> None:
    context = "天亮以前沈先生来到缸房。那座石桥是去年造的。"
    assert found("天亮以后沈先生来到缸房。", context, "zh")["other_kind"] == ("天亮以后",)
    assert "other_kind" not in found("天亮之前沈先生来到缸房。", context, "zh")
    assert "other_kind" in found("那座钢桥是去年造的。", context, "zh")


def test_a_word_of_a_kind_that_the_context_has_or_has_none_of_is_let_be() -> None:
    assert "other_kind" not in found("It is built of oak and stands in the northern harbour.")
    assert "other_kind" not in found("It is built of oak and painted red.")
    assert "other_kind" not in found(
        "The oaks of the tower stand.", "The oak tower stands beside an elm. The ash fell."
    )


def test_the_evening_before_is_of_any_morning() -> None:
    context = "The ferry was freed this morning, nine hours after she grounded. The cook made soup."
    assert "other_kind" not in found("The ferry grounded the evening before.", context)
    assert "other_kind" in found("The ferry was freed this evening.", context)


def test_a_chinese_word_of_a_kind_counts_with_its_neighbour() -> None:
    assert "东厢" in found("教室借在关帝庙的东厢房。", SCHOOL, "zh")["other_kind"]
    assert "other_kind" not in found("教室借在关帝庙的西厢房。", SCHOOL, "zh")
    assert "other_kind" not in found("学校的钟放在东墙下面。", SCHOOL, "zh")


# ---- inventions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        ("Josiah Penn left the hens to a niece.", "niece"),
        ("Thomas Rook had two sons.", "sons"),
        ("Josiah Penn married late.", "married"),
    ],
)
def test_a_relative_of_a_degree_that_the_context_has_not_is_found(claim: str, word: str) -> None:
    assert found(claim)["new_relative"] == (word,)


def test_a_relative_that_may_be_told_from_another_is_none() -> None:
    for context, claim in (
        ("The Clerk married Tuke's sister Lavinia.", "The Clerk is Tuke's brother-in-law."),
        ("Phoebe had three children.", "Phoebe's sons were three."),
        ("His uncle's widow came.", "His aunt lost her husband."),
    ):
        assert "new_relative" not in found(claim, context), claim


def test_a_chinese_relative_is_found_and_no_part_of_another_word() -> None:
    assert found("孟春生的妻子早年病故。", SCHOOL, "zh")["new_relative"] == ("妻子",)
    assert "new_relative" not in found("这位姑娘认得梁伯英。", SCHOOL, "zh")


def test_another_time_of_a_life_is_a_sign_among_new_words_alone() -> None:
    assert "other_time" in found("Josiah Penn later opened a shop near the cathedral.")
    assert "other_time" not in found("Josiah Penn, who lived on the Mewstone, later kept hens.")
    assert "other_time" in found("孟春生年轻时在上海的书局里做过三年学徒。", SCHOOL, "zh")


def test_the_same_time_in_other_words_is_no_other_time() -> None:
    context = "The set has two hundred volumes, one for each year from 1702. Agnes hopes to sell them."
    assert "other_time" not in found("For every year there exists one of these annals.", context)
    assert "other_time" in found("For every winter there exists one of these annals.", context)
    assert "other_time" not in found("Agnes plans to dispose of that heap, whatever it fetches.", context)
    assert "other_time" not in found("这两百册书，每年各存放一册在楼里。", "一共两百册，一年一册。", "zh")
    assert "other_time" in found("他晚年把手艺传给了侄女。", "他学手艺时很年轻。", "zh")


# ---- the rule ----------------------------------------------------------------------------------------


def test_a_share_of_new_words_alone_fails_nothing() -> None:
    """True sentences in quite other words have as many as inventions."""
    reworded = "After her husband's death she completed what he had started."
    assert signs(reworded, Evidence(LIGHTHOUSE, "en")).values["unknown"] > 0.9
    assert (
        read("Somebody completed what another person had started.", LIGHTHOUSE, "en").outcome == "unchecked"
    )


def test_two_signs_of_the_rule_are_enough_and_some_alone() -> None:
    rule = scales()["rule"]
    assert rule.false({}) < rule.threshold
    for one, other in combinations(rule.weights, 2):
        assert rule.false({one: 1.0, other: 1.0}) >= rule.threshold, (one, other)
    for sign in ("unreckoned", "other_kind", "other_time"):
        assert rule.false({sign: 1.0}) >= rule.threshold, sign


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("The tower was begun in 1825 by Thomas Rook.", "not in the passages: '1825'"),
        ("The tower was finished by Josiah Penn.", "not said of this in the passages: 'Josiah Penn'"),
        (
            "In 1890 the pilot trimmed fourteen wicks and the keeper eighty lamps.",
            "the other way round in the passages: ",
        ),
    ],
)
def test_the_reason_of_the_rule_quotes_the_words_of_its_signs(claim: str, reason: str) -> None:
    verdict = verdicts(claim, LIGHTHOUSE, "en")[0]
    assert verdict.outcome == "failed"
    assert reason in verdict.reason


def test_a_sign_that_is_too_little_by_itself_is_told_but_fails_nothing() -> None:
    verdict = verdicts("Thomas Rook had two sons.", LIGHTHOUSE, "en")[0]
    assert verdict.outcome == "unchecked"
    assert verdict.reason.startswith("not in the passages: 'sons' (")
    assert verdict.reason.endswith("is too little by itself; a judge model was not asked")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_long_claim_without_a_mark_takes_no_time(language: str) -> None:
    words = [
        chr(0x4E00 + at) if language == "zh" else f"w{chr(97 + at % 26)}{chr(97 + at // 26)}"
        for at in range(600)
    ]
    text, other = (
        ("".join(words), "".join(reversed(words)))
        if language == "zh"
        else (" ".join(words), " ".join(reversed(words)))
    )
    began = time.process_time()
    signs(f"{text}.", Evidence(f"{other}. {text}, {other}.", language))
    assert time.process_time() - began < 2
