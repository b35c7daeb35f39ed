import json
from collections import Counter
from collections.abc import Callable
from itertools import chain, combinations, islice, product
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chisquare

from kg.graph import Graph
from kg.model import Subgraph
from sampling.slots import Language, SlotSampler, collision_probability, slot_space_size

Make = Callable[..., Graph]
SMALL = {"noun": ["cat", "dog", "hen"], "verb": ["run", "hop"], "feature": ["dialogue", "plot twist"]}


def plan(sampler: SlotSampler, seed: int = 0, n: int | None = None) -> list[Subgraph]:
    return list(islice(sampler.sample(Graph.from_edges([]), np.random.default_rng(seed)), n))


def by_class(item: Subgraph) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, word in item.slots:
        found.setdefault(kind, []).append(word)
    return found


def list_of_words(folder: Path, words: object) -> str:
    path = folder / "words.json"
    path.write_text(words if isinstance(words, str) else json.dumps(words), "utf-8")
    return str(path)


@pytest.fixture
def small(tmp_path: Path) -> str:
    return list_of_words(tmp_path, SMALL)


def test_an_item_is_slots_and_nothing_else_sorted_by_class_and_word() -> None:
    for item in plan(SlotSampler(k=2, language="zh"), n=50):
        assert item == Subgraph.make((), slots=item.slots)
        kinds = by_class(item)
        assert [len(kinds[kind]) for kind in ("noun", "verb", "adjective")] == [2, 2, 2]
        assert set(kinds) - {"feature"} == {"noun", "verb", "adjective"}


@pytest.mark.parametrize("k", [1, 2])
def test_every_combination_of_words_and_features_comes_exactly_once(small: str, k: int) -> None:
    features = chain.from_iterable(combinations(SMALL["feature"], size) for size in range(3))
    expected = {
        frozenset([("noun", w) for w in nouns] + [("verb", w) for w in verbs] + [("feature", w) for w in some])
        for nouns, verbs, some in product(combinations(SMALL["noun"], k), combinations(SMALL["verb"], k), features)
    }  # fmt: skip
    sampler = SlotSampler(words=small, k=k)
    found = [frozenset(item.slots) for item in plan(sampler)]
    assert len(found) == len(set(found)) == sampler.size
    assert set(found) == expected


def test_the_order_is_uniform(small: str) -> None:
    sampler = SlotSampler(words=small)
    first = Counter(plan(sampler, seed, 1)[0].key for seed in range(2400))
    assert len(first) == 24
    assert chisquare(list(first.values())).pvalue > 1e-3


def test_large_spaces_give_every_word_and_feature_its_share() -> None:
    items = plan(SlotSampler(), n=8000)
    assert len({item.key for item in items}) == 8000
    words = Counter(slot for item in items for slot in item.slots)
    for kind, count in (("noun", 120), ("verb", 80), ("adjective", 80)):
        shares = [times for (one, _), times in words.items() if one == kind]
        assert len(shares) == count
        assert chisquare(shares).pvalue > 1e-3
    features = [times for (kind, _), times in words.items() if kind == "feature"]
    assert len(features) == 8
    assert all(abs(times - 4000) < 4 * np.sqrt(2000) for times in features)


@pytest.mark.parametrize("chance", [0.0, 0.2, 1.0])
def test_at_another_chance_every_combination_of_words_comes_once(small: str, chance: float) -> None:
    sampler = SlotSampler(words=small, chance=chance)
    found = [(tuple(by_class(item)["noun"]), tuple(by_class(item)["verb"])) for item in plan(sampler)]
    assert len(found) == len(set(found)) == sampler.size == 6


@pytest.mark.parametrize("chance", [0.0, 0.2, 1.0])
def test_a_feature_is_in_with_its_chance(chance: float) -> None:
    items = plan(SlotSampler(chance=chance), n=2000)
    drawn = sum(len(by_class(item).get("feature", ())) for item in items)
    assert abs(drawn - 16_000 * chance) <= 4 * np.sqrt(16_000 * chance * (1 - chance))


def test_features_are_drawn_apart_from_each_other(small: str) -> None:
    sampler = SlotSampler(words=small, chance=0.25)
    subsets = Counter(tuple(by_class(plan(sampler, seed, 1)[0]).get("feature", ())) for seed in range(1600))
    expected = {(): 900, ("dialogue",): 300, ("plot twist",): 300, ("dialogue", "plot twist"): 100}
    assert chisquare([subsets[one] for one in expected], list(expected.values())).pvalue > 1e-3


def test_spaces_beyond_64_bits_are_drawn_from_in_full() -> None:
    sampler = SlotSampler(k=20)
    assert sampler.size > 1 << 200
    items = plan(sampler, n=600)
    assert len({item.key for item in items}) == 600
    words = Counter(slot for item in items for slot in item.slots if slot[0] != "feature")
    # of 600 items each noun is in 600 · 20 / 120, each verb and adjective in 600 · 20 / 80
    assert len(words) == 280
    for (kind, _), times in words.items():
        share = 20 / (120 if kind == "noun" else 80)
        assert abs(times - 600 * share) < 5 * np.sqrt(600 * share * (1 - share))


def test_own_features_stand_in_place_of_those_of_the_list(small: str) -> None:
    items = plan(SlotSampler(words=small, features=("a rhyme",), chance=1.0))
    assert {tuple(by_class(item)["feature"]) for item in items} == {("a rhyme",)}
    assert all("feature" not in by_class(item) for item in plan(SlotSampler(words=small, features=())))


def test_a_list_without_features_has_none(tmp_path: Path) -> None:
    sampler = SlotSampler(words=list_of_words(tmp_path, {"thing": ["stone ", " sand"]}))
    assert sorted(item.slots for item in plan(sampler)) == [(("thing", "sand"),), (("thing", "stone"),)]


@pytest.mark.parametrize("chance", [0.5, 0.3])
def test_the_same_seed_gives_the_same_plan_and_its_first_items(chance: float) -> None:
    sampler = SlotSampler(chance=chance)
    whole = plan(sampler, 7, 500)
    assert plan(sampler, 7, 500) == whole
    assert plan(sampler, 8, 500) != whole
    for n in (1, 64, 65, 300):
        assert plan(sampler, 7, n) == whole[:n]


def test_the_graph_is_not_looked_at(kite: Graph) -> None:
    items = islice(SlotSampler().sample(kite, np.random.default_rng(2)), 20)
    assert list(items) == plan(SlotSampler(), 2, 20)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_our_lists_have_no_word_in_two_classes(language: Language) -> None:
    sampler = SlotSampler(language=language)
    assert sampler.size == 120 * 80 * 80 * 2**8
    slots = {slot for item in plan(sampler, n=3000) for slot in item.slots}
    assert len({word for _, word in slots}) == len(slots) == 120 + 80 + 80 + 8


# ---- how many there are --------------------------------------------------------------------------


@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_size_of_the_space_is_what_counting_gives(k: int) -> None:
    words = {"noun": list("abcde"), "verb": list("fghi"), "adjective": list("jkl")}
    features = ["m", "n"]
    count = sum(1 for _ in product(*(combinations(some, k) for some in words.values()))) * 2**2
    assert slot_space_size(words, k, features=features) == count


def test_the_probability_of_a_collision_is_near_what_draws_show() -> None:
    rng, size, m, trials = np.random.default_rng(3), 5000, 60, 4000
    drawn = np.sort(rng.integers(size, size=(trials, m)), axis=1)
    collided = (drawn[:, 1:] == drawn[:, :-1]).any(axis=1).mean()
    expected = collision_probability(m, size)
    assert expected == pytest.approx(1 - np.exp(-(m**2) / (2 * size)))
    assert abs(collided - expected) < 0.01 + 3 * np.sqrt(expected * (1 - expected) / trials)


def test_the_probability_of_a_collision_stays_exact_where_it_is_tiny() -> None:
    assert collision_probability(0, 10) == 0
    assert collision_probability(1000, 10**30) == pytest.approx(5e-25, rel=1e-9)
    assert collision_probability(10**9, 10) == 1.0
    assert collision_probability(10, 10**400) == 0.0


@pytest.mark.parametrize(("m", "size"), [(-1, 10), (1, 0)])
def test_a_collision_of_impossible_draws_is_refused(m: int, size: int) -> None:
    with pytest.raises(ValueError, match=r"wanted 0 or more draws from 1 or more combinations"):
        collision_probability(m, size)


# ---- wrong options and files ---------------------------------------------------------------------


@pytest.mark.parametrize("chance", [-0.1, 1.5, float("nan"), True])
def test_a_wrong_chance_is_refused(chance: float) -> None:
    with pytest.raises(ValueError, match="must be from 0 to 1"):
        SlotSampler(chance=chance)


@pytest.mark.parametrize("k", [0, -1, 1.0, True])
def test_a_wrong_number_of_words_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match="whole number of 1 or more"):
        SlotSampler(k=k)


def test_more_words_than_a_class_has_are_refused(small: str) -> None:
    with pytest.raises(ValueError, match="k=3 words of the class 'verb' are wanted, but it has 2"):
        SlotSampler(words=small, k=3)


def test_a_language_without_a_list_is_answered_with_those_that_have_one() -> None:
    with pytest.raises(ValueError, match=r"no word list in the language 'fr'\. Known: en, zh.*words=FILE"):
        SlotSampler(language="fr")  # type: ignore[arg-type]


def test_wrong_features_are_refused() -> None:
    with pytest.raises(ValueError, match="must be a tuple of names, not the text 'dialogue'"):
        SlotSampler(features="dialogue")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="the class 'feature' has the word 'a' twice"):
        SlotSampler(features=("a", "b", "a"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"noun": []}, "k=1 words of the class 'noun' are wanted, but it has 0"),
        ({"noun": ["cat", "dog", " cat"]}, "the class 'noun' has the word 'cat' twice"),
        ({"noun": ["cat", 7]}, "the class 'noun' has 7 where a word is wanted"),
        ({"noun": ["cat", "  "]}, "the class 'noun' has '  ' where a word is wanted"),
        ({"noun": "cat"}, "the class 'noun' must be a list of words, not 'cat'"),
        ({"feature": ["dialogue"]}, "there is no class of words"),
        ({}, "there is no class of words"),
        (["cat"], "it holds no classes of words. Wanted"),
        ('{"noun": ["cat"', "it is not JSON"),
    ],
)
def test_a_wrong_list_of_words_is_refused(tmp_path: Path, words: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SlotSampler(words=list_of_words(tmp_path, words))


def test_a_list_of_words_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"cannot read the list of words .*nowhere\.json': No such file"):
        SlotSampler(words=str(tmp_path / "nowhere.json"))
    (tmp_path / "words.json").write_bytes(bytes(range(32)) * 40)
    with pytest.raises(ValueError, match=r"cannot read the list of words .*control characters"):
        SlotSampler(words=str(tmp_path / "words.json"))
