"""What speaks against a claim without a model, sign by sign: what each finds, and which true rewordings it lets be."""

import time

import pytest

from synthesis.checks.claims import read, verdicts
from synthesis.checks.claims.evidence import Evidence
from synthesis.checks.claims.scale import scales
from synthesis.checks.claims.signs import signs

LIGHTHOUSE = (
    "The Harbour Light, by Agnes Coyle, 1931\n\n"
    "The tower was begun in 1811 by Thomas Rook and finished by Eleanor Rook. It is built of oak and stands in the "
    "northern harbour. The first lamp was made at Delabole and burned whale oil every evening. Three keepers lived "
    "there. Samuel Orchard lent me a boat in 1896, and I did not return it. The pilot called the bell aloud, the "
    "cook called the horn quiet. The Board of Lights never paid for the paint. In 1890 the keeper trimmed fourteen "
    "wicks and the pilot eighty lamps.\n\n"
    "Josiah Penn lived on the Mewstone and kept hens."
)
SCHOOL = (
    "槐树湾小学一九二四年由陆敬堂捐地开办，教室借在关帝庙的西厢房。吴兰亭从不打学生。"
    "孟春生把菜园定在粮仓后面。学校的钟放在东墙下面。孟春生教算术，吴兰亭教国文。图书一共四十二箱，藏在各家的地窖里。"
    "吴兰亭把登记簿交给孟春生。"
)


def found(claim: str, context: str = LIGHTHOUSE, language: str = "en") -> dict[str, tuple[str, ...]]:
    """The signs of a claim with the words each rests on."""
    values = signs(claim, Evidence(context, language))
    return {name: words for name, words in values.words.items() if values.values[name] > 0}


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
        ("The keeper and the pilot trimmed sixty-six in 1890.", True),
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


# ---- names and words in another's place -----------------------------------------------------------------


def test_a_name_from_elsewhere_where_the_sentence_has_its_own_is_found() -> None:
    assert found("The tower was finished by Josiah Penn.")["other_name"] == ("Josiah Penn",)
    assert "other_name" not in found("The tower was finished by Eleanor Rook.")


def test_a_name_from_elsewhere_beside_other_words_is_none() -> None:
    assert "other_name" not in found("Josiah Penn disliked whale oil.")


def test_a_complement_after_the_same_word_and_preposition_is_found() -> None:
    assert found("The first lamp was made at Mewstone and burned whale oil.")["other_complement"] == (
        "at Mewstone",
    )
    for true in ("The first lamp was made at Delabole.", "At Delabole the lamp was made of brass."):
        assert "other_complement" not in found(true), true


def test_to_before_a_verb_is_no_complement() -> None:
    context = "Judith built the tower to please Thomas Rook. She sold the tower to Agnes Coyle."
    assert "other_complement" not in found("Judith built the tower to show her skill.", context)
    assert "other_complement" in found("She sold the tower to Thomas Penn.", context)


def test_a_chinese_complement_after_the_same_verb_and_preposition_is_found() -> None:
    assert found("孟春生把菜园定在关帝庙里。", SCHOOL, "zh")["other_complement"] == ("在关帝",)
    for true in ("菜园定在粮仓后面。", "菜园定在旧粮仓的后面。"):
        assert "other_complement" not in found(true, SCHOOL.replace("定在粮仓", "定在旧粮仓"), "zh"), true


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


def test_a_word_of_a_kind_that_the_context_has_or_has_none_of_is_let_be() -> None:
    assert "other_kind" not in found("It is built of oak and stands in the northern harbour.")
    assert "other_kind" not in found("It is built of oak and painted red.")
    assert "other_kind" not in found(
        "The oaks of the tower stand.", "The oak tower stands beside an elm. The ash fell."
    )


def test_a_chinese_word_of_a_kind_counts_with_its_neighbour() -> None:
    assert "东厢" in found("教室借在关帝庙的东厢房。", SCHOOL, "zh")["other_kind"]
    assert "other_kind" not in found("教室借在关帝庙的西厢房。", SCHOOL, "zh")
    assert "other_kind" not in found("学校的钟放在东墙下面。", SCHOOL, "zh")


# ---- denials -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        ("The Board of Lights paid for the paint.", "paid"),
        ("The keeper did not trim fourteen wicks in 1890.", "trim"),
    ],
)
def test_a_word_that_only_one_side_denies_is_found(claim: str, word: str) -> None:
    assert word in found(claim)["denied"]


@pytest.mark.parametrize(
    "claim",
    [
        "The Board of Lights never paid for the paint.",
        "The Board of Lights refused to pay for the paint.",
        "The Board of Lights did not pay for the paint.",
        "The keeper trimmed no more than fourteen wicks in 1890.",
        "In 1890 the keeper could not see fourteen wicks.",
    ],
)
def test_a_denial_in_other_words_or_of_another_word_is_none(claim: str) -> None:
    assert "denied" not in found(claim)


def test_a_word_affirmed_beside_the_denial_is_no_contradiction() -> None:
    context = "The Board never paid for the paint. It paid for the oil."
    assert "denied" not in found("The Board paid for the oil.", context)


def test_a_chinese_claim_that_affirms_what_is_denied_is_found() -> None:
    context = "沈先生没有生气，请我喝了一碗醋。"
    assert found("沈先生很生气，把他赶了出去。", context, "zh")["denied"] == ("生气",)
    assert "denied" not in found("沈先生并没有生气。", context, "zh")
    assert "denied" not in found("沈先生一点也不生气。", context, "zh")


# ---- swaps -------------------------------------------------------------------------------------------


def test_names_or_numbers_beside_one_anothers_words_are_swapped() -> None:
    context = "They say Hasty was right and Patience was quick. The keeper trimmed four, and the pilot nine."
    assert set(found("Hasty was quick and Patience was right.", context)["swapped"]) == {"Hasty", "Patience"}
    assert "swapped" in found("The keeper trimmed nine, and the pilot four.", context)
    assert "swapped" not in found("Patience was quick, while Hasty was right.", context)


@pytest.mark.parametrize(
    ("claim", "swap"),
    [
        ("Eleanor Rook succeeded Thomas Rice.", True),
        ("Thomas Rice was succeeded by Eleanor Rook.", True),
        ("Eleanor Rook was succeeded by Thomas Rice.", False),
        ("Thomas Rice succeeded Eleanor Rook.", False),
    ],
)
def test_who_did_it_and_who_suffered_it_are_told_apart_in_passives_too(claim: str, swap: bool) -> None:
    context = "The Light of Penmarrow. In 1811 Thomas Rice succeeded Eleanor Rook."
    assert ("swapped" in found(claim, context)) is swap


def test_i_and_me_are_the_author_whom_the_heading_names() -> None:
    assert Evidence(LIGHTHOUSE, "en").author == {"agn", "coyl"}
    assert Evidence("It was written by Agnes Coyle.", "en").author == frozenset()
    assert "swapped" in found("Agnes Coyle lent Samuel Orchard a boat in 1896.")
    assert "swapped" not in found("Samuel Orchard lent Agnes Coyle a boat in 1896.")


def test_chinese_words_that_have_changed_clauses_or_order_are_swapped() -> None:
    assert "swapped" in found("孟春生教国文，吴兰亭教算术。", SCHOOL, "zh")
    assert "swapped" in found("孟春生把登记簿交给吴兰亭。", SCHOOL, "zh")
    assert "swapped" not in found("吴兰亭教国文，孟春生教算术。", SCHOOL, "zh")
    assert "swapped" not in found("登记簿由吴兰亭交给孟春生。", SCHOOL, "zh")


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


# ---- the rule ----------------------------------------------------------------------------------------


def test_a_share_of_new_words_alone_fails_nothing() -> None:
    """True sentences in quite other words have as many as inventions."""
    reworded = "After her husband's death she completed what he had started."
    assert signs(reworded, Evidence(LIGHTHOUSE, "en")).values["unknown"] > 0.9
    assert (
        read("Somebody completed what another person had started.", LIGHTHOUSE, "en").outcome == "unchecked"
    )


def test_every_sign_of_the_rule_is_enough_by_itself() -> None:
    rule = scales()["rule"]
    assert rule.false({}) < rule.threshold
    for sign in rule.weights:
        assert rule.false({sign: 1.0}) >= rule.threshold, sign


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Thomas Rook had two sons.", "not in the passages: 'sons'"),
        ("The tower was finished by Josiah Penn.", "not said of this in the passages: 'Josiah Penn'"),
        ("The Board of Lights paid for the paint.", "the other way round in the passages: "),
    ],
)
def test_the_reason_of_the_rule_quotes_the_words_of_its_signs(claim: str, reason: str) -> None:
    verdict = verdicts(claim, LIGHTHOUSE, "en")[0]
    assert verdict.outcome == "failed"
    assert reason in verdict.reason


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
