from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import chisquare

from kg.graph import Graph
from sampling import EdgeSampler
from sampling.weights import weighted_blocks

Make = Callable[..., Graph]


def test_an_edge_carries_the_relations_of_both_directions(
    kite: Graph, ids: Callable[[str], str], relation: Callable[..., str]
) -> None:
    wanted = tuple(sorted((ids("Bo"), ids("Cy"))))
    [item] = [one for one in EdgeSampler().sample(kite, np.random.default_rng(0)) if one.entities == wanted]
    assert set(item.relations) == {relation("Bo", "Cy"), relation("Cy", "Bo")}
    assert item.documents == ()


def test_a_relation_of_an_entity_to_itself_is_no_edge_but_goes_along(
    make: Make, relation: Callable[..., str]
) -> None:
    graph = make([("Ann", "Ann"), ("Ann", "Bo")])
    [item] = EdgeSampler().sample(graph, np.random.default_rng(0))
    assert set(item.relations) == {relation("Ann", "Ann"), relation("Ann", "Bo")}


def test_weighted_draws_without_replacement_have_the_probabilities_worked_out_by_hand() -> None:
    # weights 1, 2, 5: P(order 2, 1, 0) = 5/8 * 2/3, and so on
    weights = np.array([1.0, 2.0, 5.0])
    expected = {
        (a, b, c): weights[a] / 8 * weights[b] / (8 - weights[a])
        for a, b, c in [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
    }
    rng = np.random.default_rng(11)
    seen = Counter(tuple(np.concatenate(list(weighted_blocks(weights, rng))).tolist()) for _ in range(6000))
    assert chisquare([seen[key] for key in expected], [6000 * p for p in expected.values()]).pvalue > 1e-3


def test_edges_of_weight_zero_come_last(make: Make, ids: Callable[[str], str]) -> None:
    graph = make([("Ann", "Bo", 0.0), ("Cy", "Dee", 1.0), ("Eve", "Flo", 0.0)])
    for seed in range(20):
        first = next(EdgeSampler(weighted=True).sample(graph, np.random.default_rng(seed)))
        assert set(first.entities) == {ids("Cy"), ids("Dee")}


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_wrong_weight_is_refused_before_anything_is_drawn(make: Make, weight: float) -> None:
    graph = make([("Ann", "Bo", weight)])
    with pytest.raises(ValueError, match="weights must be finite and not negative"):
        next(EdgeSampler(weighted=True).sample(graph, np.random.default_rng(0)))
