"""What a claim denies or turns round: what is found, and which true rewordings are let be."""

import pytest

from synthesis.checks.claims.evidence import Evidence
from tests.synthesis.claimed import LIGHTHOUSE, SCHOOL, found

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


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        # a superlative is no denial
        ("No error is met more often than sheep-breath.", None),
        ("No error is as common as sheep-breath.", None),
        ("Sheep-breath is not an error.", "error"),
        # a verb that is only named asserts nothing
        ("Enquiring about the wear was the employment of the clerk.", None),
        ("The clerk was employed to enquire about the wear.", None),
        ("The clerk kept enquiring about the wear.", "enquiring"),
        ("The clerk was enquiring about the wear.", "enquiring"),
        # who is thanked is nobody
        ("Stoat thanked the bench for the award.", "thanked"),
        ("Stoat thanked nobody.", None),
        # a turn that both have is none, and what is only supposed is no denial
        ("The ewe's night need not be struck out.", "struck"),
        ("The ewe's night must be struck out.", None),
        ("The sum is wrong if the ewe's night is not struck out.", None),
    ],
)
def test_a_denial_is_held_to_what_it_denies(claim: str, word: str | None) -> None:
    context = (
        "Sheep-breath is the commonest error. The clerk never enquired about the wear. Stoat thanked nobody. "
        "The ewe's night must be struck out."
    )
    assert found(claim, context).get("denied", (None,))[0] == word


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        # what "which" says is said of the word, whatever else is not done with it
        ("The cakes go to the shelter every evening.", None),
        ("Staff may take home cakes.", None),
        # the denial stands in the sentences near, of the one or of the other
        ("Neither owner nor tenant thanks the Company.", None),
        ("Neither owner nor tenant swears that the grass is wet.", "owner"),
        # what was cut is not there
        ("The score appeared without the bars.", None),
        ("The truck was not approved.", None),
    ],
)
def test_a_denial_that_the_sentences_near_have_too_is_none(claim: str, word: str | None) -> None:
    context = (
        "Staff may take home two loaves but not cakes, which go to the shelter every evening. The owner swears that the "
        "grass is wet. The tenant swears it is dry. The Company weighs, and neither of them thanks us. Almassy cut ninety "
        "bars before the score appeared. It was a truck not approved for the yard. An approved truck was out of order."
    )
    assert found(claim, context).get("denied", (None,))[0] == word


def test_chinese_superlatives_and_named_verbs_deny_and_assert_nothing() -> None:
    context = "没有比羊气更常见的错。司簿从没打听过秤。"
    assert "denied" not in found("羊气是最常见的错。", context, "zh")
    assert "denied" not in found("打听正是司簿的差事。", context, "zh")
    assert found("司簿打听过秤。", context, "zh")["denied"] == ("打听",)
    assert "denied" in found("司簿打听过[(*秤。", "司簿从没打听过[(*秤。", "zh")


def test_who_leaves_a_post_and_whom_nobody_was_told_before_contradict_nothing() -> None:
    assert "denied" not in found("他从司簿改做采买。", "他改做采买，不再做司簿。", "zh")
    assert "denied" in found("他现在还做司簿。", "他改做采买，不再做司簿。", "zh")
    sent = "She sent the card to Thomas Rook before anybody else."
    assert "denied" not in found("Nobody was sent the card before Thomas Rook.", sent)
    assert "denied" in found("She never sent the card to Thomas Rook.", sent)


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


def test_what_follows_once_or_stands_in_two_sentences_has_changed_no_places() -> None:
    context = "New hands serve twelve weeks, and wages rise by fifty pence on passing. Mab waited five days. Hours passed with Ned."
    assert "swapped" not in found("Once twelve weeks have passed, new hands earn fifty pence more.", context)
    assert "swapped" not in found("Ned stood there for days, and five hours later Mab came.", context)
    opposed = "Mrs Trask opposed the sale, whereas Mr Bale supported it."
    assert "swapped" in found("Mr Bale opposed the sale, whereas Mrs Trask supported it.", opposed)


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


def test_chinese_words_may_follow_one_another_in_any_order_but_around_a_verb_of_two() -> None:
    context = "老哑巴的内壁用猪油磨了一个冬天。何牧之打败了白小满。"
    assert "swapped" not in found("闻三省花一个冬天用猪油打磨内壁。", context, "zh")
    assert "swapped" in found("白小满打败了何牧之。", context, "zh")
    assert "swapped" not in found("何牧之打败了白小满。", context, "zh")


def test_chinese_words_in_the_order_of_other_clauses_are_not_swapped() -> None:
    context = "静尺是柏木做的，用来量缸和缸的距离，近了便会串声。马德裕托人来问，电耳怕不怕蛙。"
    assert "swapped" not in found("缸近了会串声，距离要用柏木做的静尺来量。", context, "zh")
    assert "swapped" not in found("何牧之承认电耳怕蛙，托人来问的马德裕没有再问。", context, "zh")


@pytest.mark.parametrize(
    ("claim", "swap"),
    [
        ("把登记簿交给孟春生的是吴兰亭。", False),
        ("把登记簿交给孟春生的人，是吴兰亭。", False),
        ("吴兰亭交给孟春生的，是登记簿。", False),
        ("登记簿是吴兰亭交给孟春生的。", False),
        ("把登记簿交给吴兰亭的是孟春生。", True),
        ("是孟春生把登记簿交给吴兰亭的。", True),
    ],
)
def test_a_chinese_cleft_sentence_turns_the_order_and_swaps_nobody(claim: str, swap: bool) -> None:
    assert ("swapped" in found(claim, SCHOOL, "zh")) is swap
