"""Pairs and triples of one document, and the order that is never written down."""

import time
from collections import Counter
from collections.abc import Callable
from itertools import combinations, islice, permutations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from kg.graph import Graph
from kg.model import content_id
from sampling import PairSampler, TripleSampler
from sampling.combinations import unrank
from sampling.permutation import KeyedPermutation

Make = Callable[..., Graph]


def test_every_pair_of_a_document_comes_exactly_once_for_that_document(
    kite: Graph, ids: Callable[[str], str]
) -> None:
    members = {"one": ["Ann", "Bo", "Cy"], "two": ["Bo", "Cy", "Dee", "Eve"]}
    expected = {
        (frozenset(ids(name) for name in pair), (content_id("document", title),))
        for title, names in members.items()
        for pair in combinations(names, 2)
    }
    items = list(PairSampler().sample(kite, np.random.default_rng(2)))
    assert len(items) == len(expected) == 9
    assert {(frozenset(item.entities), item.documents) for item in items} == expected


def test_a_pair_has_only_the_relations_its_document_states(
    kite: Graph, ids: Callable[[str], str], relation: Callable[..., str]
) -> None:
    wanted = tuple(sorted((ids("Bo"), ids("Cy"))))
    found = {
        item.documents: item.relations
        for item in PairSampler().sample(kite, np.random.default_rng(2))
        if item.entities == wanted
    }
    assert found == {
        (content_id("document", "one"),): (relation("Bo", "Cy"),),
        (content_id("document", "two"),): (relation("Cy", "Bo"),),
    }


def test_entities_that_share_no_document_make_no_pair(kite: Graph, ids: Callable[[str], str]) -> None:
    apart = {ids("Ann"), ids("Dee")}
    assert all(set(item.entities) != apart for item in PairSampler().sample(kite, np.random.default_rng(0)))


def test_a_bare_graph_without_documents_has_no_pairs(make: Make) -> None:
    assert list(PairSampler().sample(make([("a", "b")]), np.random.default_rng(0))) == []


@pytest.mark.parametrize("n", [0, 1, 2, 3, 9])
def test_every_triple_of_a_document_comes_exactly_once(n: int, make: Make) -> None:
    names = [f"e{i}" for i in range(n)]
    graph = make([], documents={"only": names})
    items = list(TripleSampler().sample(graph, np.random.default_rng(n)))
    assert len(items) == len({item.entities for item in items}) == comb(n, 3)


def test_the_first_triple_of_five_thousand_entities_takes_no_time(make: Make) -> None:
    graph = make([], documents={"long": [f"e{i}" for i in range(5000)]})
    assert len(graph.edges) == 0  # the arrays are there before the clock starts
    start = time.perf_counter()
    items = list(islice(TripleSampler().sample(graph, np.random.default_rng(0)), 100))
    assert time.perf_counter() - start < 0.5
    assert len({item.key for item in items}) == 100


def test_a_document_has_its_share_of_every_prefix(make: Make) -> None:
    graph = make([], documents={"small": [f"s{i}" for i in range(20)], "large": [f"l{i}" for i in range(60)]})
    first = list(islice(PairSampler().sample(graph, np.random.default_rng(1)), 400))
    small = sum(item.documents == (content_id("document", "small"),) for item in first)
    expected = 400 * comb(20, 2) / (comb(20, 2) + comb(60, 2))  # 38.8
    assert abs(small - expected) < 4 * expected**0.5


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_unranking_counts_through_all_subsets(k: int) -> None:
    subsets = [unrank(rank, k) for rank in range(comb(9, k))]
    assert sorted(subsets) == list(combinations(range(9), k))


@given(st.integers(0, 10**30), st.integers(1, 5))
def test_unranking_is_exact_for_huge_ranks(rank: int, k: int) -> None:
    places = unrank(rank, k)
    assert list(places) == sorted(set(places))
    assert sum(comb(place, i) for i, place in enumerate(places, start=1)) == rank


@settings(deadline=None)
@given(st.integers(0, 9000), st.integers(0, 2**32))
def test_a_keyed_permutation_gives_every_number_once(size: int, seed: int) -> None:
    order = KeyedPermutation(size, np.random.default_rng(seed))
    assert sorted(order[i] for i in range(size)) == list(range(size))


def test_keyed_permutations_of_five_are_uniform_over_all_orders() -> None:
    rng = np.random.default_rng(5)
    orders: Counter[tuple[int, ...]] = Counter()
    for _ in range(12_000):
        order = KeyedPermutation(5, rng)
        orders[tuple(order[i] for i in range(5))] += 1
    assert chisquare([orders[order] for order in permutations(range(5))]).pvalue > 1e-3


def test_where_a_number_lands_in_a_large_keyed_order_is_uniform() -> None:
    rng = np.random.default_rng(6)
    size = 5_000
    landed = Counter(KeyedPermutation(size, rng)[1234] // 100 for _ in range(10_000))
    assert chisquare([landed[i] for i in range(50)]).pvalue > 1e-3


def test_neighbours_in_a_large_keyed_order_are_unrelated() -> None:
    size = 10**9
    order = KeyedPermutation(size, np.random.default_rng(8))
    values = np.array([order[i] for i in range(20_000)], dtype=float)
    assert chisquare(np.histogram(values, bins=50, range=(0, size))[0]).pvalue > 1e-3
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 4 / 20_000**0.5


def test_an_index_outside_a_permutation_is_refused() -> None:
    with pytest.raises(IndexError, match="from 0 to 2, saw 3"):
        KeyedPermutation(3, np.random.default_rng(0))[3]
