"""From a target to a budget and back, on graphs whose plans can be worked out by hand."""

import math
from itertools import islice
from typing import Any

import numpy as np
import pytest

from analysis.costs import Cost
from analysis.expectation import Outlook
from analysis.plans import Plan, Unreachable, afford, compare, outlooks, plan
from kg.graph import Graph
from lm.base import Price
from sampling import Coverage, sampler

EVERY = Cost(tokens_in=600, tokens_out=150, spread=0.0, price=Price(2.0, 8.0))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def hundred() -> Graph:
    """A cycle of 100 entities: 100 relations, each its own edge; no triangle."""
    return Graph.from_edges([(f"n{i}", f"n{(i + 1) % 100}") for i in range(100)])


def ways(graph: Graph, name: str = "edges", **options: Any) -> list[Outlook]:
    return outlooks(graph, sampler(name), rng=rng(), **options)


def test_ninety_of_a_hundred_relations_take_ninety_texts_and_the_next_percent_one(hundred: Graph) -> None:
    found = plan(ways(hundred), 0.9, EVERY, rng=rng())
    assert (found.amount.texts, found.amount.tokens) == (90, 90 * 750)
    assert found.amount.usd == pytest.approx(90 * (600 * 2 + 150 * 8) / 1e6)
    assert found.next_percent is not None
    assert (found.next_percent.texts, found.next_percent.tokens) == (1, 750)
    assert (found.low.texts, found.high.texts if found.high else None) == (90, 90)


def test_texts_are_divided_by_the_share_that_counted(hundred: Graph) -> None:
    seen = Cost(600, 150, 0.0, share=0.6, answers=50, price=Price(2.0, 8.0))
    found = plan(ways(hundred), 0.9, seen, rng=rng())
    assert found.amount.texts == 150  # 90 / 0.6
    assert found.low.texts < 150
    assert found.high is not None
    assert found.high.texts > 150
    # 50 answers: a share of 0.6 is known to about 0.07
    assert found.low.texts > 110
    assert found.high.texts < 200


@pytest.mark.slow
def test_the_interval_of_the_share_holds_the_truth_nine_times_in_ten(hundred: Graph) -> None:
    inside = 0
    drawn = rng(1)
    way = ways(hundred)
    for _ in range(200):
        accepted = drawn.binomial(30, 0.7)
        found = plan(way, 0.7, Cost(600, 150, 0.0, share=accepted / 30, answers=30), rng=drawn)
        assert found.high is not None
        inside += found.low.texts <= 100 <= found.high.texts  # 70 / 0.7
    assert 0.83 <= inside / 200 <= 0.97


def test_a_real_plan_reaches_the_target_within_the_interval(hundred: Graph) -> None:
    found = plan(ways(hundred, unit="entities"), 0.9, EVERY, rng=rng(), level=0.99)
    assert found.high is not None
    for seed in range(20):
        coverage = Coverage(hundred)
        for item in islice(sampler("edges").sample(hundred, rng(seed)), found.high.texts):
            coverage.add(item)
        assert coverage.share("entities") >= 0.88


def test_twice_each_takes_two_wordings_of_every_edge(hundred: Graph) -> None:
    found = plan(ways(hundred, times=2), 0.9, EVERY, rng=rng())
    assert (found.amount.texts, found.items, found.outlook.wordings) == (180, 90, 2)


def test_entities_are_met_twice_by_different_edges_where_that_is_cheaper(hundred: Graph) -> None:
    found = plan(ways(hundred, unit="entities", times=2), 1.0, EVERY, rng=rng())
    assert (found.amount.texts, found.outlook.wordings) == (100, 1)


def test_what_is_covered_costs_nothing(hundred: Graph) -> None:
    items = list(islice(sampler("edges").sample(hundred, rng()), 60))
    written = Coverage(hundred)
    for item in items:
        written.add(item)
    there = ways(hundred, written=written, done=items)
    assert plan(there, 0.9, EVERY, rng=rng()).amount.texts == 30
    assert plan(there, 0.5, EVERY, rng=rng()).amount.texts == 0


def test_the_last_percent_has_nothing_after_it(hundred: Graph) -> None:
    found = plan(ways(hundred), 1.0, EVERY, rng=rng())
    assert found.amount.texts == 100
    assert found.next_percent is None
    assert found.to_dict()["next_percent"] == {"texts": None, "tokens": None, "usd": None}


def test_a_budget_and_a_target_are_each_other_turned_round(hundred: Graph) -> None:
    way = ways(hundred)
    cost = Cost(600, 150, 0.0, share=0.5, answers=400, price=Price(2.0, 8.0))
    there = plan(way, 0.4, cost, rng=rng())
    assert there.amount.texts == 80
    for budget in ({"texts": 80}, {"tokens": 80 * 750}, {"usd": there.amount.usd}):
        back = afford(way, cost, **budget, rng=rng())
        assert back.coverage == pytest.approx(0.4)
        assert back.amount.texts == 80


def test_a_budget_of_nothing_covers_nothing_and_a_large_one_everything(hundred: Graph) -> None:
    assert afford(ways(hundred), EVERY, texts=0, rng=rng()).coverage == 0.0
    whole = afford(ways(hundred), EVERY, texts=10**9, rng=rng())
    assert (whole.coverage, whole.amount.texts) == (1.0, 100)


def test_the_smallest_of_several_budgets_binds(hundred: Graph) -> None:
    assert afford(ways(hundred), EVERY, texts=50, tokens=30 * 750, rng=rng()).amount.texts == 30


def test_no_bound_of_a_budget_lies_above_it(hundred: Graph) -> None:
    unsure = Cost(600, 150, 0.25, share=0.6, answers=20, price=Price(2.0, 8.0))
    for budget in ({"tokens": 40 * 750}, {"usd": 0.1}, {"texts": 40}):
        found = afford(ways(hundred), unsure, **budget, rng=rng())
        assert found.high is not None
        assert found.coverage_low < found.coverage < found.coverage_high
        for amount in (found.low, found.amount, found.high):
            assert amount.tokens <= budget.get("tokens", math.inf)
            assert (amount.usd or 0.0) <= budget.get("usd", math.inf)
            assert amount.texts <= budget.get("texts", math.inf)
    sure = afford(ways(hundred), EVERY, texts=40, rng=rng())
    assert (sure.coverage_low, sure.coverage_high) == pytest.approx((0.4, 0.4))


@pytest.mark.slow
def test_the_interval_of_a_budget_holds_what_it_buys_nine_times_in_ten(hundred: Graph) -> None:
    inside, drawn, way = 0, rng(1), ways(hundred, unit="entities")
    for _ in range(300):
        accepted = drawn.binomial(30, 0.7)
        said = 750 / drawn.normal(1.0, 0.2)  # what a text takes: 750; what is known of it: to a fifth
        cost = Cost(said * 0.8, said * 0.2, 0.2, share=accepted / 30, answers=30)
        found = afford(way, cost, tokens=50 * 750, rng=drawn)
        coverage, counted = Coverage(hundred), drawn.binomial(50, 0.7)
        for item in islice(sampler("edges").sample(hundred, drawn), counted):
            coverage.add(item)
        inside += found.coverage_low <= coverage.share("entities") <= found.coverage_high
    assert 0.83 <= inside / 300 <= 0.97


def test_after_the_whole_nothing_is_left(hundred: Graph) -> None:
    few = Graph.from_edges([("a", "b"), ("b", "c"), ("c", "d")])
    assert plan(ways(few), 0.9, EVERY, rng=rng()).next_percent is None
    found = plan(ways(hundred), 0.905, EVERY, rng=rng())
    assert found.coverage == pytest.approx(0.91)
    assert found.next_percent is not None
    assert found.next_percent.texts == 1


def test_a_free_model_is_bound_by_no_dollars(hundred: Graph) -> None:
    free = Cost(600, 150, 0.0, price=Price(0.0, 0.0))
    assert afford(ways(hundred), free, usd=1.0, rng=rng()).coverage == 1.0


def test_dollars_need_a_price(hundred: Graph) -> None:
    unpriced = Cost(600, 150, 0.0)
    assert plan(ways(hundred), 0.9, unpriced, rng=rng()).amount.usd is None
    with pytest.raises(ValueError, match=r"price of this model.*tokens or texts"):
        afford(ways(hundred), unpriced, usd=5.0, rng=rng())


def test_the_cheapest_sampler_for_a_target_comes_first() -> None:
    names = "abcd"
    graph = Graph.from_edges([(a, b) for a in names for b in names if a < b])
    both = [ways(graph, name) for name in ("edges", "triangles")]

    def make(way: Any, cost: Cost) -> Plan:
        return plan(way, 0.5, cost, rng=rng())

    found, reasons = compare(both, [EVERY, EVERY], make)
    assert [one.outlook.sampler for one in found] == ["triangles", "edges"]
    assert reasons == {}
    dear = Cost(6000, 1500, 0.0, price=Price(2.0, 8.0))
    found, _ = compare(both, [EVERY, dear], make)
    assert found[0].outlook.sampler == "edges"


def test_for_the_same_money_the_sampler_that_covers_most_comes_first(hundred: Graph) -> None:
    both = [ways(hundred, name, unit="entities") for name in ("entities", "edges")]
    found, _ = compare(both, [EVERY, EVERY], lambda way, cost: afford(way, cost, texts=30, rng=rng()))
    assert [one.outlook.sampler for one in found] == ["edges", "entities"]
    assert found[1].coverage == pytest.approx(0.3)


def test_samplers_that_cannot_are_named_with_the_reason(hundred: Graph) -> None:
    both = [ways(hundred, name) for name in ("triangles", "edges")]
    found, reasons = compare(both, [EVERY, EVERY], lambda way, cost: plan(way, 0.5, cost, rng=rng()))
    assert [one.outlook.sampler for one in found] == ["edges"]
    assert "100 of 100 are in no item" in reasons["triangles"]


def test_a_target_above_what_is_reachable_says_what_is_and_why() -> None:
    graph = Graph.from_edges([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")])
    with pytest.raises(Unreachable) as caught:
        plan(ways(graph, "triangles"), 0.9, EVERY, rng=rng())
    assert caught.value.reachable == 0.75
    assert (
        "reaches 75.0%: 1 of 4 are in no item of it; ask for at most 0.750, or use the sampler 'edges'"
        in str(caught.value)
    )


def test_a_graph_without_relations_has_nothing_to_cover() -> None:
    with pytest.raises(Unreachable, match="the graph has none"):
        plan(ways(Graph.from_edges([])), 0.9, EVERY, rng=rng())


def test_a_model_whose_texts_never_count_reaches_nothing(hundred: Graph) -> None:
    with pytest.raises(Unreachable, match="none of the 20 texts of this kind so far came to count"):
        plan(ways(hundred), 0.9, Cost(share=0.0, answers=20), rng=rng())
    assert afford(ways(hundred), Cost(share=0.0, answers=20), texts=50, rng=rng()).coverage == 0.0


@pytest.mark.parametrize("target", [0.0, -0.1, 1.1, math.nan, math.inf])
def test_a_target_is_a_share(hundred: Graph, target: float) -> None:
    with pytest.raises(ValueError, match="a share above 0 and up to 1"):
        plan(ways(hundred), target, EVERY, rng=rng())


@pytest.mark.parametrize(
    ("budget", "message"),
    [
        ({}, "a budget is needed"),
        ({"texts": -1}, "0 or more texts"),
        ({"tokens": math.nan}, "0 or more tokens"),
        ({"usd": math.inf}, "0 or more dollars"),
    ],
)
def test_a_budget_is_a_number(hundred: Graph, budget: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        afford(ways(hundred), EVERY, **budget, rng=rng())


def test_the_json_has_the_promised_keys_and_a_seed_determines_it(hundred: Graph) -> None:
    found, again = (plan(ways(hundred, unit="entities"), 0.8, EVERY, rng=rng(3)).to_dict() for _ in range(2))
    assert found == again
    keys = ["target", "unit", "times", "texts", "tokens", "usd", "low", "high", "next_percent"]
    assert list(found)[: len(keys)] == keys
    assert (
        list(found["low"]) == list(found["high"]) == list(found["next_percent"]) == ["texts", "tokens", "usd"]
    )
    assert found["low"]["texts"] <= found["texts"] <= found["high"]["texts"]
