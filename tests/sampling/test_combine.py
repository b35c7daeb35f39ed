from itertools import count

import numpy as np
import pytest

from kg.graph import Graph
from kg.model import Subgraph
from sampling import Coverage, exclude, interleave, sampler, take, useful, within

A, B, C, D = (Subgraph.make((letter * 32,)) for letter in "abcd")
COST = {A: 3.0, B: 4.0, C: 1.0, D: 0.5}


def test_taking_stops_at_n_even_of_an_endless_plan() -> None:
    endless = (Subgraph.make((f"{i:032x}",)) for i in count())
    assert len(list(take(endless, 5))) == 5


def test_taking_more_than_there_are_gives_what_there_is() -> None:
    assert list(take([A, B], 9)) == [A, B]


def test_taking_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more, not -1"):
        take([A], -1)


def test_interleaving_takes_turns_until_every_plan_is_used_up() -> None:
    assert list(interleave([A, B, C], [], [D])) == [A, D, B, C]


def test_excluding_leaves_out_what_was_written() -> None:
    assert list(exclude([A, B, C], {B.key})) == [A, C]


@pytest.mark.parametrize(
    ("budget", "wanted"),
    [(0, []), (2.9, []), (3, [A]), (7, [A, B]), (7.9, [A, B]), (8, [A, B, C]), (99, [A, B, C, D])],
)
def test_within_a_budget_the_plan_is_the_beginning_that_it_pays(
    budget: float, wanted: list[Subgraph]
) -> None:
    assert list(within([A, B, C, D], budget, COST.__getitem__)) == wanted


def test_a_budget_ends_an_endless_plan() -> None:
    endless = (Subgraph.make((f"{i:032x}",)) for i in count())
    assert len(list(within(endless, 10, lambda _: 3.0))) == 3


@pytest.mark.parametrize("budget", [-1.0, float("nan")])
def test_a_budget_that_is_no_amount_is_refused_before_anything_is_drawn(budget: float) -> None:
    with pytest.raises(ValueError, match="a budget must be 0 or more"):
        within([A], budget, COST.__getitem__)


def test_a_cost_that_is_no_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="the cost of an item must be 0 or more, not -1"):
        list(within([A], 5, lambda _: -1.0))


def test_what_covers_nothing_new_is_skipped_and_what_is_taken_counts(kite: Graph) -> None:
    plan = list(sampler("edges").sample(kite, np.random.default_rng(0)))
    coverage = Coverage(kite)
    taken = list(useful([*plan, *plan], coverage, "relations"))
    assert taken == plan
    assert coverage.texts == len(plan)
    assert coverage.covered("relations") == kite.relation_count
    by_entity = list(useful(plan, Coverage(kite), "entities"))
    assert 2 <= len(by_entity) < len(plan)


def test_of_any_unit_a_triangle_is_new_though_its_relations_are_covered(kite: Graph) -> None:
    coverage = Coverage(kite)
    for item in sampler("edges").sample(kite, np.random.default_rng(0)):
        coverage.add(item)
    triangles = list(sampler("triangles").sample(kite, np.random.default_rng(0)))
    assert list(useful(triangles, coverage, "relations")) == []
    assert list(useful(triangles, coverage)) == triangles
    assert list(useful(triangles, coverage)) == []


def test_a_thing_may_be_asked_for_several_times(kite: Graph) -> None:
    plan = list(sampler("edges").sample(kite, np.random.default_rng(0)))
    assert list(useful([*plan, *plan, *plan], Coverage(kite), "relations", times=2)) == [*plan, *plan]


def test_what_covers_nothing_at_all_is_let_through(kite: Graph) -> None:
    documents = list(sampler("documents").sample(kite, np.random.default_rng(0)))
    assert list(useful(documents, Coverage(kite))) == documents
