"""Diversity: hand-counted, at its ends, and in the order that anybody would put texts in."""

import math
import random

import numpy as np
import pytest

from analysis.diversity import compression_ratio, distinct, diversity, vendi, wordings_apart

WORDS = [f"word{n}" for n in range(400)]


def random_texts(count: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    return [" ".join(draw.sample(WORDS, 60)) for _ in range(count)]


def test_distinct_by_hand() -> None:
    assert distinct(["a b a b"], 1) == 0.5
    assert distinct(["a b a b"], 2) == pytest.approx(2 / 3)
    assert distinct(["潮钟停了", "潮钟停了"], 4) == 0.5
    assert distinct(["a"], 2) == distinct([], 1) == 0.0


def test_the_effective_number_is_one_of_equal_texts_and_all_of_strange_ones() -> None:
    assert vendi(["the tide clock stopped"] * 7) == pytest.approx(1)
    strange = [" ".join(f"{letter}{n}" for n in range(9)) for letter in "abcde"]
    assert vendi(strange) == pytest.approx(5)
    assert vendi([*strange, *strange]) == pytest.approx(5)
    assert vendi([]) == 0.0
    assert vendi(["", ""]) == pytest.approx(2)


def test_two_texts_that_share_half_lie_between() -> None:
    """Cosine c of two texts: eigenvalues (1 ± c) / 2."""
    one, other = "a b c d", "a b c e"
    shared = 3 + 2
    cosine = shared / 7
    low, high = (1 - cosine) / 2, (1 + cosine) / 2
    assert vendi([one, other]) == pytest.approx(math.exp(-low * math.log(low) - high * math.log(high)))


def test_repetition_compresses() -> None:
    fresh = random_texts(30, 1)
    assert compression_ratio(fresh * 5) > 2 * compression_ratio(fresh)
    assert compression_ratio([]) == 0.0


def test_every_figure_tells_many_wordings_from_one() -> None:
    rng = np.random.default_rng(0)
    many, one = diversity(random_texts(40, 2), rng=rng), diversity(random_texts(4, 3) * 10, rng=rng)
    assert many.distinct_4 > one.distinct_4
    assert many.compression < one.compression
    assert many.vendi > one.vendi
    assert one.vendi < 4.01
    assert many.lengths == (60, 60, 60)


def test_a_large_set_is_sampled_by_the_seed() -> None:
    texts = random_texts(50, 4)
    found = [diversity(texts, most=20, rng=np.random.default_rng(5)) for _ in range(2)]
    assert found[0] == found[1]
    assert (found[0].texts, found[0].sampled) == (50, 20)


def test_wordings_of_one_subgraph_are_compared_with_one_another_alone() -> None:
    assert wordings_apart([["a b c d"], ["x y z"]]) != wordings_apart([["a b c d", "a b c d"]])
    assert math.isnan(wordings_apart([["a b c"], []]))
    assert wordings_apart([["a b c d", "a b c d"]]) == 0
    assert wordings_apart([["a b c d", "e f g h"]]) == 1
    assert wordings_apart([["a b c d", "a b c e"]]) == pytest.approx(1 - 1 / 3)
