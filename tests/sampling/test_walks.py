from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from scipy.stats import chisquare

import sampling.walks
from kg.graph import Graph
from sampling import WalkSampler
from sampling.walks import Ways

Make = Callable[..., Graph]
# A triangle a-b-c, a square's corner d joined to b and c, and leaves: returns, common neighbours and others.
EDGES = [("a", "b"), ("b", "c"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "e"), ("b", "f")]
KINDS: dict[str, dict[str, float | bool]] = {
    "uniform": {},
    "near": {"p": 0.25, "q": 4.0},
    "far": {"p": 4.0, "q": 0.25},
    "extreme": {"p": 30.0, "q": 0.03},
    "onward": {"backtrack": False},
    "onward far": {"backtrack": False, "q": 0.2},
}


def neighbours(graph: Graph) -> list[list[int]]:
    return [graph.edges.neighbours[row].tolist() for row in range(len(graph))]


def chances(graph: Graph, walks: WalkSampler, before: int, here: int) -> dict[int, float]:
    """What node2vec says of the step after before -> here, by its definition."""
    near = neighbours(graph)
    weight = {}
    for there in near[here]:
        if there == before:
            weight[there] = 1 / walks.p if walks.backtrack else 0.0
        else:
            weight[there] = 1.0 if there in near[before] else 1 / walks.q
    total = sum(weight.values())
    return {there: value / total for there, value in weight.items() if value}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_steps_are_taken_as_often_as_node2vec_says(kind: str, make: Make) -> None:
    graph, walks = make(EDGES), WalkSampler(length=6, **KINDS[kind])  # type: ignore[arg-type]
    starts = np.repeat(np.arange(len(graph)), 3000)
    met, _ = walks.walk(Ways(graph.edges), starts, np.random.default_rng(5))
    steps: dict[tuple[int, int], Counter[int]] = {}
    for way in met.tolist():
        for before, here, there in zip(way, way[1:], way[2:], strict=False):
            if there >= 0:
                steps.setdefault((before, here), Counter())[there] += 1
    tested = 0
    for (before, here), seen in steps.items():
        wanted = chances(graph, walks, before, here)
        assert set(seen) <= set(wanted)
        total = seen.total()
        expected = {there: total * chance for there, chance in wanted.items()}
        if len(wanted) > 1 and min(expected.values()) > 5:
            tested += 1
            assert chisquare([seen[there] for there in expected], list(expected.values())).pvalue > 1e-4
    assert tested > 4


def test_the_first_step_goes_to_every_neighbour_alike(make: Make) -> None:
    graph = make(EDGES)
    walks = WalkSampler(length=1, p=0.1, q=10)
    for row, near in enumerate(neighbours(graph)):
        met, _ = walks.walk(Ways(graph.edges), np.full(4000, row), np.random.default_rng(row))
        seen = Counter(met[:, 1].tolist())
        assert set(seen) == set(near)
        assert len(near) == 1 or chisquare([seen[there] for there in near]).pvalue > 1e-4


def test_where_trying_does_not_help_all_neighbours_are_weighed(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling.walks, "TRIES", 0)
    for kind in ("near", "far", "onward far"):
        test_steps_are_taken_as_often_as_node2vec_says(kind, make)


def test_walks_follow_edges_and_name_them(make: Make) -> None:
    graph = make(EDGES)
    edges = graph.edges
    met, walked = WalkSampler(length=5, p=0.5).walk(
        Ways(edges), np.arange(len(graph)).repeat(50), np.random.default_rng(1)
    )
    for way, along in zip(met.tolist(), walked.tolist(), strict=True):
        for a, b, edge in zip(way, way[1:], along, strict=False):
            assert {int(edges.low[edge]), int(edges.high[edge])} == {a, b}


def test_without_backtracking_no_edge_is_taken_straight_back_and_dead_ends_end_the_walk(make: Make) -> None:
    graph = make(EDGES)
    met, walked = WalkSampler(length=6, backtrack=False).walk(
        Ways(graph.edges), np.arange(len(graph)).repeat(200), np.random.default_rng(2)
    )
    ended = 0
    for way, along in zip(met.tolist(), walked.tolist(), strict=True):
        ended += -1 in way
        kept = [edge for edge in along if edge >= 0]
        assert all(one != other for one, other in pairwise(kept))
        assert way[: len(kept) + 1].count(-1) == 0
        assert set(way[len(kept) + 1 :]) <= {-1}
    assert ended


def test_every_entity_that_is_joined_starts_as_many_walks_as_there_are_rounds(make: Make) -> None:
    graph = make([("a", "b"), ("c", "d")], entities=["alone"])
    items = list(WalkSampler(length=3, rounds=4).sample(graph, np.random.default_rng(0)))
    assert len(items) == 16
    named = Counter(frozenset(graph.names[graph.entity_row(id)] for id in item.entities) for item in items)
    assert named == {frozenset("ab"): 8, frozenset("cd"): 8}


def test_an_item_holds_the_entities_met_and_the_relations_walked(make: Make) -> None:
    graph = make(EDGES)
    for item in WalkSampler(length=3).sample(graph, np.random.default_rng(4)):
        ends = {
            graph.entity_id(int(row[graph.relation_row(id)]))
            for id in item.relations
            for row in (graph.sources, graph.targets)
        }
        assert ends == set(item.entities)
        assert 1 <= len(item.relations) <= 3


def test_who_is_joined_is_known_of_all_pairs(make: Make) -> None:
    ours = nx.gnp_random_graph(70, 0.1, seed=3)
    graph = make([(f"v{a}", f"v{b}") for a, b in ours.edges], entities=["alone"])
    n, edges = len(graph), graph.edges
    pairs = set(zip(edges.low.tolist(), edges.high.tolist(), strict=True))
    a, b = (grid.reshape(-1) for grid in np.meshgrid(np.arange(-1, n), np.arange(-1, n)))
    wanted = [(min(x, y), max(x, y)) in pairs for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    assert Ways(edges).joined(a, b).tolist() == wanted
    slots = Ways(edges).slot(a, b)
    assert (slots >= 0).tolist() == wanted
    assert (edges.neighbours.values[slots[slots >= 0]] == b[slots >= 0]).all()


@pytest.mark.parametrize(
    "options",
    [{"length": 0}, {"rounds": 0}, {"p": 0.0}, {"q": -1.0}, {"p": float("nan")}, {"q": float("inf")}],
)
def test_wrong_options_are_refused_when_the_sampler_is_made(options: dict[str, float]) -> None:
    ((name, value),) = options.items()
    with pytest.raises(ValueError, match=f"{name} of (a )?walks? must be .* saw {value!r}"):
        WalkSampler(**options)  # type: ignore[arg-type]
