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


# ---- names and words in another's place -----------------------------------------------------------------


def test_a_name_from_elsewhere_where_the_sentence_has_its_own_is_found() -> None:
    assert found("The tower was finished by Josiah Penn.")["other_name"] == ("Josiah Penn",)
    assert "other_name" not in found("The tower was finished by Eleanor Rook.")


def test_a_name_from_elsewhere_beside_other_words_is_none() -> None:
    assert "other_name" not in found("Josiah Penn disliked whale oil.")


def test_a_name_in_a_cell_or_for_a_pronoun_of_the_sentence_has_taken_no_place() -> None:
    table = "Record of Maiden Green\n\nNight | Lisps | Sky | Remark\n3 July | 42 | Clear | Nothing\n"
    assert "other_name" not in found("On 3 July Maiden Green gave 42 lisps under a clear sky.", table)
    built = "Old Patience is a balance. It is slow. It was dear. Tobias Lunt built it, and the Company paid Lunt {}."
    assert "other_name" not in found(
        "For Old Patience the Company paid its maker well.", built.format("well")
    )


def test_a_name_in_another_clause_than_the_words_that_are_shared_has_taken_no_place() -> None:
    ledger = "Mab Oddy kept the Night Ledger. Edith Farrant read the plates."
    true = "The plates were read by Edith Farrant, and the Night Ledger was kept by Mab Oddy."
    assert "taken_place" not in found(true, ledger)
    assert "taken_place" in found(
        "Josiah Penn, who was wise, kept the old Ledger.",
        "Mab Oddy, who was wise, kept it. Josiah Penn came.",
    )


@pytest.mark.parametrize(
    ("claim", "other"),
    [
        ("It was Hugh who found six spikes beside the pool.", False),
        ("It was Hugh Nattrass who found six spikes beside the pool.", False),
        ("It was Ives who found six spikes beside the pool.", True),
        ("It was Whitlow who found six spikes beside the pool.", True),
    ],
)
def test_given_name_surname_and_full_name_are_of_one_person(claim: str, other: bool) -> None:
    context = (
        "We left with Hugh Nattrass, a friend, and the keeper, Arthur Ives. Rain fell. Canon Whitlow stayed at home. "
        "Later Nattrass found six spikes beside the pool."
    )
    assert bool({"taken_place", "other_name"} & found(claim, context).keys()) is other


def test_she_may_be_whom_the_title_names_and_i_the_author() -> None:
    life = (
        "Marta Hruby: A Life in Bridges\n\nMarta Hruby was born in Brno. Emil Straka hid the drawings. "
        "She refused a medal from the Swedish king but accepted a degree from Brno in 1968."
    )
    claim = "Although a medal was refused, {} was willing to accept a degree from Brno in 1968."
    assert "taken_place" not in found(claim.format("Hruby"), life)
    assert "taken_place" in found(claim.format("Straka"), life)
    diary = "The Diary of Mab Oddy\nby Mab Oddy, 1883\n\nOn Saturday Ned Corrie saw Mr Gutteridge at Castermouth. Tom Leek came."
    told = "On Saturday {} recorded that Mr Gutteridge was seen at Castermouth by Ned Corrie."
    assert "taken_place" not in found(told.format("Mab Oddy"), diary)
    assert "taken_place" in found("On Saturday Tom Leek saw Mr Gutteridge at Castermouth.", diary)


def test_a_name_that_stands_nowhere_has_nobodys_place() -> None:
    assert "taken_place" not in found("The tower was finished by Canadian masons from Truro.")


def test_a_chinese_author_who_speaks_has_taken_nobodys_place() -> None:
    letter = "静夜书\n何牧之\n1923\n\n忽然想起比试那天的小事：你的学徒丁香皱了皱眉。何牧之与吴兰亭是朋友。"
    assert Evidence(letter, "zh").author == {"何牧之"}
    for heading in ("《静夜书》，何牧之，1923年\n\n他来了。", "静夜书 何牧之著\n\n他来了。"):
        assert Evidence(heading, "zh").author == {"何牧之"}
    assert "taken_place" not in found("何牧之想起比试那天的小事：学徒丁香皱了皱眉。", letter, "zh")
    assert "taken_place" in found("吴兰亭想起比试那天的小事：学徒丁香皱了皱眉。", letter, "zh")


def test_a_chinese_time_or_a_verb_has_taken_nobodys_place() -> None:
    context = (
        "去年打鼾的人都是老陆告发的。五、打鼾的，罚打扫三天。顾守拙把水缸埋在墙里。以后没有人去。莫老七在场。"
    )
    assert "taken_place" not in found("去年打鼾的，罚打扫三天。", context, "zh")
    assert "taken_place" in found("莫老七把水缸埋在墙里。", context, "zh")


def test_a_festival_is_no_name_from_elsewhere() -> None:
    context = f"{LIGHTHOUSE} He sold eggs at Whitsun in Delabole Fair."
    assert "other_name" not in found("The tower was finished at Whitsun.", context)
    assert "other_name" in found("The tower was finished by Josiah Penn.", context)


def test_a_complement_beside_that_of_the_sentences_is_another_thing() -> None:
    context = "A drop fell on the pad from Delabole. It went black."
    assert "other_complement" not in found(
        "The pad from Delabole went black, the pad from Mewstone did not.", context
    )
    assert "other_complement" in found("A drop fell on the pad from Mewstone.", context)


def test_a_complement_after_the_same_word_and_preposition_is_found() -> None:
    assert found("The first lamp was made at Mewstone and burned whale oil.")["other_complement"] == (
        "at Mewstone",
    )
    for true in ("The first lamp was made at Delabole.", "At Delabole the lamp was made of brass."):
        assert "other_complement" not in found(true), true


@pytest.mark.parametrize(
    ("claim", "other"),
    [
        # to leave a place is to set off from it, to reach it is to come to it
        ("They set out from Dolgar in April.", None),
        ("They set out from Lingen in April.", "from Lingen"),
        ("They marched to Karsh in June.", None),
        ("They marched to Dolgar in June.", "to Dolgar"),
        # a common noun of a name is no place of its own
        ("The survey in the city of Ottawa sent a map.", None),
        ("The survey in the city of Lingen sent a map.", "in city"),
        # whom a name is "of" is that place no more than he is its city
        ("The bells were blown by Leek of Tarrel.", "by Leek"),
        # what a mark parts from the word before is not said of it
        ("The label in the parcel said so.", None),
    ],
)
def test_a_complement_may_be_an_object_or_a_name_after_of(claim: str, other: str | None) -> None:
    context = (
        "In April the climbers left Dolgar. Ainslie set out from Camp Five. They reached Karsh in June. Pemba marched to "
        "Imber. The survey in Ottawa sent a map. The bells were blown by Bray of Tarrel. Lingen is far. The label said, "
        "in her hand, what it was."
    )
    assert found(claim, context).get("other_complement", (None,))[0] == other


def test_a_common_noun_is_no_other_complement() -> None:
    context = "The pad was trimmed with scissors in the Dew House. Old Agnes rang her bell with a stick."
    assert "other_complement" not in found("The pad was trimmed with blades.", context)
    assert "other_complement" not in found(
        "Cousin Agatha, a fine musician of rare patience, once rang the bell with a hammer.", context
    )


def test_what_is_not_denied_itself_is_not_denied() -> None:
    context = (
        "No pharmacist will lose a post, but about 35 jobs at the Norbeck warehouse will end by October."
    )
    assert "denied" not in found("By October some thirty-five posts at Norbeck will be gone.", context)
    assert found("Pharmacists will lose their posts at the Norbeck warehouse.", context)["denied"]


def test_to_before_a_verb_is_no_complement() -> None:
    context = "Judith built the tower to please Thomas Rook. She sold the tower to Agnes Coyle."
    assert "other_complement" not in found("Judith built the tower to show her skill.", context)
    assert "other_complement" in found("She sold the tower to Thomas Penn.", context)


def test_a_chinese_complement_after_the_same_verb_and_preposition_is_found() -> None:
    assert found("孟春生把菜园定在关帝庙里。", SCHOOL, "zh")["other_complement"] == ("在关帝",)
    heard = "他听到两粒。差事交给了我，又交给老周。"
    assert "other_complement" not in found("夜里听到的粒数一样。", heard, "zh")
    assert "other_complement" not in found("差事交给文焕。", heard, "zh")
    assert "other_complement" in found("差事交给文焕。", heard.replace("了我", "老李"), "zh")
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


def test_the_same_time_in_other_words_is_no_other_time() -> None:
    context = "The set has two hundred volumes, one for each year from 1702. Agnes hopes to sell them."
    assert "other_time" not in found("For every year there exists one of these annals.", context)
    assert "other_time" in found("For every winter there exists one of these annals.", context)
    assert "other_time" not in found("Agnes plans to dispose of that heap, whatever it fetches.", context)
    assert "other_time" not in found("这两百册书，每年各存放一册在楼里。", "一共两百册，一年一册。", "zh")
    assert "other_time" in found("他晚年把手艺传给了侄女。", "他学手艺时很年轻。", "zh")


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


def test_a_title_may_be_named_beside_anything_that_the_document_says() -> None:
    said = 'The pamphlet, as "The Cold Elbow Award" tells it, was written by Professor Ullathwaite.'
    text = (
        "Professor Ullathwaite wrote the pamphlet in 1894. Nobody read it. It rained. "
        "The Cold Elbow Award was given by Sir Gervase."
    )
    there = Evidence(f'"The Cold Elbow Award", Percival Nott, 1899.\n{text}', "en")
    assert not signs(said, there).words.keys() & {"far_name", "taken_place", "other_name", "swapped"}
    assert signs(said, Evidence(text, "en")).words["far_name"] == ("Cold Elbow Award",)
