"""Near-duplicates: found as often as the theory says, against the true similarity, also when there are many."""

import numpy as np
import pytest

from synthesis.checks.near_duplicates import NearDuplicates, minhash
from tests.synthesis.drafts import GOOD, written

WORDS = np.array([f"w{number}" for number in range(5000)])


def shingles(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}


def jaccard(first: str, second: str) -> float:
    one, two = shingles(first), shingles(second)
    return len(one & two) / len(one | two)


def texts(rng: np.random.Generator, count: int, length: int = 100) -> list[str]:
    """Texts that share no run of three words, but by chance."""
    return [" ".join(WORDS[rng.integers(len(WORDS), size=length)].tolist()) for _ in range(count)]


def changed(text: str, rng: np.random.Generator, words: int) -> str:
    said = text.split()
    for place in rng.choice(len(said), words, replace=False):
        said[place] = f"x{place}"
    return " ".join(said)


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


def test_chinese_texts_are_compared_by_characters() -> None:
    check = NearDuplicates()
    check.remember("first", "闻三省在道光二十七年造了老哑巴，公所付给他十二两银子，由司听保管。")
    assert check.nearest("闻三省在道光二十七年造了老哑巴，公所付给他十三两银子，由司听保管。") is not None
    assert check.nearest("老哑巴出自闻三省之手，公所为此付了十二两银子，保管它的人是司听。") is None


def test_nothing_is_near_to_anything_before_a_text_is_remembered() -> None:
    assert NearDuplicates().nearest(GOOD) is None


@pytest.mark.parametrize("length", [12, 100, 400])
def test_the_estimated_agreement_is_near_the_true_jaccard(length: int) -> None:
    rng = np.random.default_rng(7)
    errors = []
    for text in texts(rng, 60, length):
        other = changed(text, rng, length // 33 + 1)
        errors.append(float(np.mean(minhash(text) == minhash(other))) - jaccard(text, other))
    # 64 hashes: a standard error of at most 0.0625 each
    assert abs(float(np.mean(errors))) < 4 * 0.0625 / np.sqrt(60)


def test_every_pair_above_the_limit_that_brute_force_finds_is_found_as_often_as_the_bands_promise() -> None:
    rng = np.random.default_rng(11)
    base = texts(rng, 1500)
    check = NearDuplicates(limit=0.5)
    for number, text in enumerate(base):
        check.remember(str(number), text)
    near = found = 0
    for number in range(0, 1500, 3):
        other = changed(base[number], rng, int(rng.integers(3, 7)))
        if jaccard(base[number], other) >= 0.7:
            near += 1
            nearest = check.nearest(other)
            found += nearest is not None and nearest[0] == str(number)
    assert near > 300
    assert found >= 0.98 * near  # 1 - (1 - 0.7^4)^16 = 0.987 at the limit, more above it


def test_texts_that_are_far_from_each_other_are_never_found() -> None:
    rng = np.random.default_rng(13)
    check = NearDuplicates()
    for number, text in enumerate(texts(rng, 3000)):
        assert check.nearest(text) is None
        check.remember(str(number), text)
    assert len(check) == 3000


def test_a_text_is_found_however_much_was_remembered_after_it() -> None:
    rng = np.random.default_rng(17)
    many = texts(rng, 5000, 30)
    check = NearDuplicates()
    for number, text in enumerate(many):
        check.remember(str(number), text)
    assert [check.nearest(many[number]) for number in (0, 1023, 1024, 2047, 4999)] == [
        (str(number), 1.0) for number in (0, 1023, 1024, 2047, 4999)
    ]


def test_of_equal_ones_the_last_is_named_also_where_thousands_are_alike() -> None:
    check = NearDuplicates()
    for number in range(3000):
        check.remember(str(number), GOOD)
    assert check.nearest(GOOD) == ("2999", 1.0)


def test_the_marks_of_a_text_are_the_same_in_every_process() -> None:
    assert minhash(GOOD)[:3].tolist() == minhash(" " + GOOD.upper())[:3].tolist()
    assert minhash("one two three")[:2].tolist() == [4012357920, 4012357920]


def test_a_short_text_is_compared_by_its_words_and_an_empty_one_by_nothing() -> None:
    check = NearDuplicates()
    check.remember("short", "Never again!")
    assert check.nearest("never again") == ("short", 1.0)
    assert check.nearest("again") is None
    check.remember("empty", "")
    assert check.nearest("!?") == ("empty", 1.0)


def test_a_long_text_is_marked_in_parts_with_the_same_result() -> None:
    rng = np.random.default_rng(19)
    text = texts(rng, 1, 20_000)[0]
    whole, halves = minhash(text), [minhash(part) for part in (text[:60_000], text[59_900:])]
    assert np.array_equal(whole, np.minimum(*halves))
