from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import combinations, islice, permutations

import networkx as nx
import numpy as np
import pytest
from scipy.stats import chisquare

import sampling.balanced
from kg.graph import Graph
from kg.model import Subgraph
from sampling import Coverage
from sampling.balanced import BalancedSampler

Make = Callable[..., Graph]


def plan(
    graph: Graph, seed: int = 0, *, size: int = 3, rounds: int = 1, covered: Coverage | None = None
) -> list[Subgraph]:
    chosen = BalancedSampler(size=size, rounds=rounds, covered=covered)
    return list(chosen.sample(graph, np.random.default_rng(seed)))


def rows(graph: Graph, item: Subgraph) -> tuple[int, ...]:
    return tuple(graph.entity_row(id) for id in item.entities)


def simple(graph: Graph) -> "nx.Graph[int]":
    """The weighted simple graph of entity rows."""
    made: nx.Graph[int] = nx.Graph()
    made.add_nodes_from(range(len(graph)))
    edges = graph.edges
    made.add_weighted_edges_from(
        zip(edges.low.tolist(), edges.high.tolist(), edges.weights.tolist(), strict=True)
    )
    return made


def sets_around(joined: "nx.Graph[int]", size: int) -> dict[int, set[tuple[int, ...]]]:
    """For each entity every set that an item may have: connected, of `size`, or a smaller component."""
    found: dict[int, set[tuple[int, ...]]] = defaultdict(set)
    for component in nx.connected_components(joined):
        if len(component) < 2:
            continue
        for some in combinations(sorted(component), min(size, len(component))):
            if nx.is_connected(joined.subgraph(some)):
                for row in some:
                    found[row].add(some)
    return found


def grows(joined: "nx.Graph[int]", item: tuple[int, ...], used: Counter[int]) -> bool:
    """Whether some order of the item is a growth by the rule: the least used, then the heaviest edge."""

    def rank(row: int, inside: tuple[int, ...]) -> tuple[int, float]:
        return used[row], -max(joined[row][one]["weight"] for one in inside if joined.has_edge(row, one))

    def best(inside: tuple[int, ...]) -> tuple[int, float]:
        near = {row for one in inside for row in joined[one]} - set(inside)
        return min(rank(row, inside) for row in near)

    least = min(used[row] for row in joined if joined.degree(row))
    return any(
        used[order[0]] == least
        and all(
            any(joined.has_edge(order[i], one) for one in order[:i])
            and rank(order[i], order[:i]) == best(order[:i])
            for i in range(1, len(order))
        )
        for order in permutations(item)
    )


def random_graph(make: Make, seed: int, n: int = 60, m: int = 120) -> Graph:
    rng = np.random.default_rng(seed)
    ends, weights = rng.integers(n, size=(m, 2)), rng.integers(1, 4, size=m)
    relations = {(f"e{a}", f"e{b}"): float(w) for (a, b), w in zip(ends.tolist(), weights, strict=True)}
    return make([(a, b, w) for (a, b), w in relations.items()])


@pytest.mark.slow
def test_on_every_graph_of_up_to_six_entities_each_is_in_enough_items_or_in_all_there_are(make: Make) -> None:
    for shape in nx.graph_atlas_g()[:209]:
        graph = make([(f"e{a}", f"e{b}") for a, b in shape.edges], entities=[f"e{a}" for a in shape])
        joined = simple(graph)
        for size in (2, 3, 4, 5):
            there = sets_around(joined, size)
            for rounds in (1, 2, 20):
                items = [rows(graph, item) for item in plan(graph, size=size, rounds=rounds)]
                assert len(set(items)) == len(items) <= len(graph) * rounds
                assert all(item in there[row] for item in items for row in item)
                used = Counter(row for item in items for row in item)
                assert all(used[row] >= min(rounds, len(sets)) for row, sets in there.items())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("size", [2, 3, 4])
def test_each_item_starts_and_grows_with_the_least_used(make: Make, seed: int, size: int) -> None:
    graph = random_graph(make, seed)
    joined, used = simple(graph), Counter[int]()
    for item in plan(graph, seed, size=size):
        assert grows(joined, rows(graph, item), used)
        used.update(rows(graph, item))
    assert {row for row in joined if joined.degree(row)} == set(used)


def test_neighbours_of_a_hub_kept_in_order_give_growth_by_the_same_rule(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling.balanced, "MANY", 2)
    for seed in range(6):
        graph = random_graph(make, seed, n=40, m=110)
        joined, used = simple(graph), Counter[int]()
        for item in plan(graph, seed):
            assert grows(joined, rows(graph, item), used)
            used.update(rows(graph, item))
        assert {row for row in joined if joined.degree(row)} == set(used)


def test_a_hub_takes_its_neighbours_in_turn(make: Make, ids: Callable[[str], str]) -> None:
    graph = make([("Hub", f"leaf {i}") for i in range(1000)])
    items = plan(graph, rounds=2)
    used = Counter(id for item in items for id in item.entities)
    assert used.pop(ids("Hub")) == len(items) == 1000
    assert set(used.values()) == {2}
    assert len({item.key for item in items}) == 1000


def test_where_every_two_are_joined_counts_never_differ_by_more_than_one(make: Make) -> None:
    names = [f"e{i}" for i in range(25)]
    graph = make(list(combinations(names, 2)))
    used = Counter(dict.fromkeys(range(25), 0))
    for item in plan(graph, rounds=4):
        used.update(rows(graph, item))
        assert max(used.values()) - min(used.values()) <= 1


def test_what_is_covered_already_counts(make: Make, ids: Callable[[str], str]) -> None:
    graph = make([("Ann", "Bo"), ("Cy", "Dee"), ("Eve", "Flo")])
    covered = Coverage(graph)
    for item in plan(graph)[:2]:
        covered.add(item)
    done = {id for (id,) in covered.counts("entities")}
    [rest] = plan(graph, covered=covered)
    assert set(rest.entities) == {ids(name) for name in ("Ann", "Bo", "Cy", "Dee", "Eve", "Flo")} - done
    assert covered.texts == 2


def test_coverage_of_another_state_of_the_graph_counts_by_id(make: Make, ids: Callable[[str], str]) -> None:
    before = make([("Ann", "Bo"), ("Gone", "Ann")])
    covered = Coverage(before)
    covered.add(Subgraph.make([ids("Ann"), ids("Bo"), ids("Gone")]))
    graph = make([("Ann", "Bo"), ("Cy", "Dee")])
    [item] = plan(graph, covered=covered)
    assert set(item.entities) == {ids("Cy"), ids("Dee")}


def test_all_covered_leaves_nothing_to_sample(kite: Graph) -> None:
    covered = Coverage(kite)
    for item in plan(kite, size=2, rounds=3):
        covered.add(item)
    assert plan(kite, covered=covered) == []


def test_items_hold_all_relations_among_their_entities(kite: Graph) -> None:
    for item in plan(kite, rounds=3):
        inside = rows(kite, item)
        among = np.isin(kite.sources, inside) & np.isin(kite.targets, inside)
        assert item.relations == tuple(kite.relation_id(row) for row in np.flatnonzero(among).tolist())


def test_the_start_and_equally_good_neighbours_are_drawn_alike(make: Make) -> None:
    graph = make([("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "a")])
    first = Counter(
        rows(graph, next(BalancedSampler(size=2).sample(graph, rng)))
        for rng in map(np.random.default_rng, range(1000))
    )
    assert len(first) == 5
    assert chisquare(list(first.values())).pvalue > 1e-3


def test_the_heaviest_edge_decides_between_equally_used_ones(make: Make, ids: Callable[[str], str]) -> None:
    # from Bo it goes to Cy, so Ann and Bo are an item only when Ann is the start: one of four
    graph = make([("Ann", "Bo", 1.0), ("Bo", "Cy", 5.0), ("Cy", "Dee", 1.0)])
    first = Counter(
        next(BalancedSampler(size=2).sample(graph, rng)).entities
        for rng in map(np.random.default_rng, range(1000))
    )
    wanted = {("Ann", "Bo"): 250, ("Bo", "Cy"): 500, ("Cy", "Dee"): 250}
    seen = [first[tuple(sorted(map(ids, pair)))] for pair in wanted]
    assert chisquare(seen, list(wanted.values())).pvalue > 1e-3


def test_the_same_seed_gives_the_same_items_and_a_prefix_is_the_shorter_plan(make: Make) -> None:
    graph = random_graph(make, 1, n=400, m=900)
    whole = plan(graph, 3, rounds=2)
    assert plan(graph, 3, rounds=2) == whole
    assert plan(graph, 4, rounds=2) != whole
    for n in (1, 63, 65, 200):
        chosen = BalancedSampler(rounds=2).sample(graph, np.random.default_rng(3))
        assert list(islice(chosen, n)) == whole[:n]


def test_a_graph_in_which_nothing_is_joined_yields_nothing(make: Make) -> None:
    assert plan(make([])) == []
    assert plan(make([("Eve", "Eve")], entities=["Ann"])) == []


@pytest.mark.parametrize(("options", "message"), [((1, 1), "size must be 2"), ((3, 0), "rounds must be 1")])
def test_an_impossible_option_is_refused(options: tuple[int, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BalancedSampler(*options)


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_wrong_weight_is_refused_before_the_first_item(make: Make, weight: float) -> None:
    graph = make([("Ann", "Bo", weight)])
    with pytest.raises(ValueError, match="weights must be finite and not negative"):
        next(BalancedSampler().sample(graph, np.random.default_rng(0)))
