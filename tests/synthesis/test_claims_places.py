"""Names and complements in another's place: what is found, and which true rewordings are let be."""

import pytest

from synthesis.checks.claims.evidence import Evidence
from synthesis.checks.claims.signs import signs
from tests.synthesis.claimed import LIGHTHOUSE, SCHOOL, found


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


def test_a_title_may_be_named_beside_anything_that_the_document_says() -> None:
    said = 'The pamphlet, as "The Cold Elbow Award" tells it, was written by Professor Ullathwaite.'
    text = (
        "Professor Ullathwaite wrote the pamphlet in 1894. Nobody read it. It rained. "
        "The Cold Elbow Award was given by Sir Gervase."
    )
    there = Evidence(f'"The Cold Elbow Award", Percival Nott, 1899.\n{text}', "en")
    assert not signs(said, there).words.keys() & {"far_name", "taken_place", "other_name", "swapped"}
    assert signs(said, Evidence(text, "en")).words["far_name"] == ("Cold Elbow Award",)
