"""Each check on texts small enough to judge by eye."""

import numpy as np
import pytest

from kg.model import Entity, Subgraph
from lm.base import FinishReason
from synthesis.base import Draft, Item, Parameters
from synthesis.checks import CHECKS, NearDuplicates, Written, checkers
from synthesis.checks.named import names
from synthesis.checks.numbers import numbers
from synthesis.checks.supported_names import unsupported_words
from synthesis.context import Context

PASSAGE = (
    "Tobias Lunt built Old Patience for the Company in 1838 and was paid forty-one pounds. "
    "The Company sold Hasty to Brackenhead College in 1874 for nineteen pounds."
)
GOOD = (
    "Old Patience was the work of Tobias Lunt, who finished it in 1838. The Company paid him 41 pounds, "
    "and unlike Hasty it was never sold to Brackenhead College."
)


def written(
    text: str,
    *,
    entities: tuple[Entity, ...] = (),
    language: str = "en",
    finish: FinishReason = "stop",
    passage: str = PASSAGE,
) -> Written:
    item = Item(
        Subgraph.make([e.id for e in entities]), entities, (), "relate", "1", Parameters("echo"), language
    )
    return Written(
        Draft("A title", text),
        item,
        Context(text=passage),
        finish,
        f"### Passages\n{passage}\n### Task\nWrite.",
    )


def entity(name: str, *aliases: str) -> Entity:
    return Entity.make(name, "object", aliases=aliases)


PATIENCE = entity("Old Patience", "the balance")


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_good_text_passes_every_check(name: str) -> None:
    assert CHECKS[name]().check(written(GOOD, entities=(PATIENCE,))).outcome == "passed"


@pytest.mark.parametrize("name", sorted(CHECKS))
@pytest.mark.parametrize(
    "text", ["", "\ud800", "<script>alert(1)</script>", "{braces} {0}", "\u202eعكس", "字" * 5000]
)
def test_hostile_texts_get_a_verdict_of_the_right_name(name: str, text: str) -> None:
    assert CHECKS[name]().check(written(text, entities=(PATIENCE,))).name == name


def failed_by(text: str, **more: object) -> list[str]:
    outcome = [checker.check(written(text, **more)) for checker in checkers(["all"])]  # type: ignore[arg-type]
    return [check.name for check in outcome if check.outcome == "failed"]


def test_a_text_cut_at_the_limit_fails_even_where_it_ends_with_a_full_stop() -> None:
    assert failed_by(GOOD, finish="length", entities=(PATIENCE,)) == ["finish"]


def test_a_text_that_stops_inside_a_sentence_fails() -> None:
    assert failed_by(GOOD + " The Company then", entities=(PATIENCE,)) == ["finish"]


def test_an_empty_text_fails() -> None:
    assert "finish" in failed_by("")


def test_a_heading_alone_is_no_text() -> None:
    check = CHECKS["finish"]().check(written("**Old Patience, a balance.**", entities=(PATIENCE,)))
    assert check.reason.startswith("only 4 words")


def test_a_text_in_another_language_fails() -> None:
    assert "language" in failed_by("老耐心是托比亚斯在一八三八年造的一架天平，公司为它付了钱。" * 3)


def test_stray_chinese_characters_in_an_english_text_fail() -> None:
    assert failed_by(GOOD.replace("the work", "the 作品"), entities=(PATIENCE,)) == ["language"]


def test_chinese_characters_that_stand_in_the_passages_are_not_stray() -> None:
    assert (
        failed_by(
            "The firm 恒泰 paid Tobias Lunt in 1838, as the books of the Company say.",
            passage=PASSAGE + " 恒泰",
        )
        == []
    )


def test_a_text_that_leaves_out_an_asked_entity_fails_and_says_which() -> None:
    check = CHECKS["named"]().check(written(GOOD, entities=(PATIENCE, entity("The Grandmother"))))
    assert check.outcome == "failed"
    assert "'The Grandmother'" in check.reason


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("The dew-rents were paid.", "dew-rent", True),
        ("the GRANDMOTHER weighed", "The Grandmother", True),
        ("grandmotherly advice", "The Grandmother", False),
        ("Stoat’s book", "Stoat", True),
        ("a new\nline in Old\nPatience", "Old Patience", True),
        ("沈问樵先生请我喝醋。", "沈问樵", True),
        ("沈先生请我喝醋。", "沈问樵", False),
        ("No. 17 broke", "No. 1", False),
    ],
)
def test_a_name_is_found_as_whole_words_in_any_case(text: str, name: str, found: bool) -> None:
    assert names(text, entity(name)) is found


def test_an_alias_counts_as_the_name() -> None:
    assert names("It hung on the balance.", PATIENCE)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("forty-one pounds", {41}),
        ("one hundred and forty yards", {140}),
        ("three thousand two hundred frogs", {3200}),
        ("the twenty-first of May", {21}),
        ("twenty nights, ten of them", {20, 10}),
        ("1,200 marks and 0.5 grains", {1200, 0.5}),
        ("三千二百只青蛙", {3200}),
        ("一九二三年十一月二十八日", {1923, 11, 28}),
        ("两个人，十二文", {2, 12}),
        ("nobody", set()),
    ],
)
def test_numbers_are_read_by_value_however_they_are_written(text: str, values: set[float]) -> None:
    assert numbers(text) == values


def test_a_number_that_is_not_in_the_passages_fails() -> None:
    assert failed_by(GOOD.replace("1838", "1848"), entities=(PATIENCE,)) == ["numbers"]


def test_a_number_word_supports_the_figure() -> None:
    assert (
        failed_by("The Company paid 41 pounds to Tobias Lunt for Old Patience in 1838.", entities=(PATIENCE,))
        == []
    )


def test_an_invented_name_fails_and_is_quoted() -> None:
    check = CHECKS["names"]().check(written("He met Professor Zimmer in Vienna."))
    assert check.outcome == "failed"
    assert "'Zimmer'" in check.reason
    assert "'Vienna'" in check.reason


def test_words_capitalised_at_the_start_of_a_sentence_are_not_names() -> None:
    assert (
        unsupported_words('Later it was sold. "Never," he said. Everyone agreed: Nobody paid.', PASSAGE) == []
    )


def test_chinese_names_without_marks_are_unchecked_not_passed() -> None:
    assert CHECKS["names"]().check(written("他后来去了别处。", language="zh")).outcome == "unchecked"


def test_a_chinese_title_that_is_not_in_the_passages_fails() -> None:
    assert CHECKS["names"]().check(written("他写了《醋经》。", language="zh")).outcome == "failed"


def test_names_in_other_languages_are_unchecked() -> None:
    assert CHECKS["names"]().check(written("Er kam aus Wien.", language="de")).outcome == "unchecked"


def test_a_text_that_copies_its_passages_fails() -> None:
    assert "copying" in failed_by(PASSAGE, entities=(PATIENCE,))


def test_a_text_that_hands_back_the_prompt_fails() -> None:
    assert "copying" in failed_by(GOOD + "\n### Task\nWrite.", entities=(PATIENCE,))


def test_a_text_that_speaks_of_the_passages_fails_unless_they_speak_of_passages_too() -> None:
    text = GOOD + " The passages leave the rest open."
    assert failed_by(text, entities=(PATIENCE,)) == ["copying"]
    assert failed_by(text, entities=(PATIENCE,), passage=PASSAGE + " It hung in the passage.") == []


def test_a_text_that_repeats_itself_fails() -> None:
    assert "copying" in failed_by((GOOD + " ") * 4, entities=(PATIENCE,))


def test_a_near_duplicate_of_a_remembered_text_fails_and_names_it() -> None:
    check = NearDuplicates()
    check.remember("first", GOOD)
    outcome = check.check(written(GOOD.replace("never", "not ever")))
    assert outcome.outcome == "failed"
    assert "first" in outcome.reason


def test_another_text_about_the_same_things_is_no_duplicate() -> None:
    check = NearDuplicates()
    check.remember("first", GOOD)
    other = "In 1838 Tobias Lunt delivered the balance that the Company called Old Patience for 41 pounds."
    assert check.check(written(other)).outcome == "passed"


def test_the_estimated_agreement_is_near_the_true_jaccard() -> None:
    rng = np.random.default_rng(7)
    words = [f"w{i}" for i in range(400)]
    errors = []
    for _ in range(30):
        base = list(rng.permutation(words))
        changed = base.copy()
        for place in rng.choice(400, 12, replace=False):
            changed[place] = f"x{place}"
        check = NearDuplicates(limit=0.0)
        check.remember("a", " ".join(base))
        found = check.nearest(" ".join(changed))
        first = {tuple(base[i : i + 3]) for i in range(398)}
        second = {tuple(changed[i : i + 3]) for i in range(398)}
        true = len(first & second) / len(first | second)
        assert found is not None
        errors.append(found[1] - true)
    assert abs(float(np.mean(errors))) < 5 * 0.05 / np.sqrt(30)


def test_checks_run_in_their_fixed_order_whatever_the_order_asked_for() -> None:
    assert [checker.name for checker in checkers(["numbers", "finish"])] == ["finish", "numbers"]


def test_no_checks_are_none() -> None:
    assert checkers(["none"]) == []


def test_an_unknown_check_lists_the_known_ones_nearest_first() -> None:
    with pytest.raises(ValueError, match=r"'numbres'\. Known: numbers"):
        checkers(["numbres"])
