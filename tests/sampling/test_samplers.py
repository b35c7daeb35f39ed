"""The contract that every entry of SAMPLERS keeps."""

from collections.abc import Callable
from itertools import combinations, islice

import networkx as nx
import numpy as np
import pytest
from scipy.stats import chisquare

from kg.graph import Graph
from kg.model import Subgraph
from sampling import SAMPLERS, Sampler, sampler

Make = Callable[..., Graph]
every_sampler = pytest.mark.parametrize("name", sorted(SAMPLERS))
# Those that take every item of a kind once, all orders alike; the others have tests of their own for that.
PERMUTED = ("documents", "edges", "entities", "pairs", "paths", "triangles", "triples")
REPEATING = ("walks",)
WITHOUT_A_GRAPH = ("slots",)  # its default plan has 2e8 items
MOST = 300


def plan(chosen: Sampler, graph: Graph, seed: int) -> list[Subgraph]:
    return list(islice(chosen.sample(graph, np.random.default_rng(seed)), MOST))


@every_sampler
def test_the_name_of_a_sampler_is_its_name_in_the_dictionary(name: str) -> None:
    assert sampler(name).name == name
    assert len(sampler(name).when_empty) > 20


@every_sampler
def test_same_seed_gives_same_subgraphs(name: str, kite: Graph) -> None:
    assert plan(sampler(name), kite, 7) == plan(sampler(name), kite, 7)


@pytest.mark.parametrize("name", PERMUTED)
def test_another_seed_gives_another_order_of_the_same_subgraphs(name: str, kite: Graph) -> None:
    plans = [plan(sampler(name), kite, seed) for seed in range(10)]
    assert len({tuple(item.key for item in items) for items in plans}) > 1
    assert len({frozenset(item.key for item in items) for items in plans}) == 1


@every_sampler
def test_the_first_of_a_longer_plan_are_the_shorter_plan(name: str, kite: Graph) -> None:
    whole = plan(sampler(name), kite, 3)
    for n in range(min(len(whole), 30)):
        assert list(islice(sampler(name).sample(kite, np.random.default_rng(3)), n)) == whole[:n]


@pytest.mark.parametrize("name", sorted(set(SAMPLERS) - set(REPEATING)))
def test_no_subgraph_comes_twice(name: str, kite: Graph) -> None:
    items = plan(sampler(name), kite, 1)
    assert items
    assert len({item.key for item in items}) == len(items)


@pytest.mark.parametrize("name", sorted(set(SAMPLERS) - set(WITHOUT_A_GRAPH)))
def test_an_empty_graph_yields_nothing(name: str, make: Make) -> None:
    assert plan(sampler(name), make([]), 0) == []


@every_sampler
def test_relations_of_an_item_join_its_entities(name: str, kite: Graph) -> None:
    for item in plan(sampler(name), kite, 0):
        for id in item.relations:
            row = kite.relation_row(id)
            assert kite.entity_id(int(kite.sources[row])) in item.entities
            assert kite.entity_id(int(kite.targets[row])) in item.entities


@pytest.mark.parametrize("name", PERMUTED)
def test_the_first_item_is_uniform_over_all_items(name: str, kite: Graph) -> None:
    first: dict[str, int] = {item.key: 0 for item in plan(sampler(name), kite, 0)}
    for seed in range(1500):
        first[next(sampler(name).sample(kite, np.random.default_rng(seed))).key] += 1
    assert chisquare(list(first.values())).pvalue > 1e-3


@every_sampler
def test_the_same_rows_in_another_order_give_the_same_plan(name: str, kite: Graph, make: Make) -> None:
    again = make(
        [("Dee", "Cy"), ("Bo", "Dee"), ("Cy", "Bo"), ("Bo", "Cy"), ("Ann", "Cy"), ("Ann", "Bo")],
        documents={"two": ["Eve", "Dee", "Cy", "Bo"], "one": ["Cy", "Bo", "Ann"]},
        stated={"two": [("Dee", "Cy"), ("Cy", "Bo")], "one": [("Bo", "Cy"), ("Ann", "Cy"), ("Ann", "Bo")]},
    )
    assert plan(sampler(name), kite, 5) == plan(sampler(name), again, 5)


@every_sampler
def test_the_parts_of_an_item_are_sorted_and_free_of_repeats(name: str, kite: Graph) -> None:
    for item in plan(sampler(name), kite, 2):
        assert item == Subgraph.make(item.entities, item.relations, item.documents, item.slots)


def test_an_unknown_sampler_is_answered_with_the_known_ones_nearest_first() -> None:
    with pytest.raises(ValueError, match=r"no sampler 'edgse'\. Known: edges, .*triangles"):
        sampler("edgse")


def test_an_option_a_sampler_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="'entities' does not take these options"):
        sampler("entities", weighted=True)


@pytest.mark.parametrize("n", range(6))
def test_on_every_graph_of_up_to_five_entities_samplers_agree_with_networkx(n: int, make: Make) -> None:
    names = [f"e{i}" for i in range(n)]
    possible = list(combinations(names, 2))
    for choice in range(1 << len(possible)):
        chosen = [pair for i, pair in enumerate(possible) if choice >> i & 1]
        graph = make(chosen, entities=names)
        ours: nx.Graph[str] = nx.Graph()
        ours.add_nodes_from(names)
        ours.add_edges_from(chosen)
        cliques = [frozenset(clique) for clique in nx.enumerate_all_cliques(ours) if len(clique) <= 3]
        for size, name in enumerate(("entities", "edges", "triangles"), start=1):
            found = [
                frozenset(graph.names[graph.entity_row(id)] for id in item.entities)
                for item in plan(sampler(name), graph, choice)
            ]
            assert len(found) == len(set(found))
            assert set(found) == {clique for clique in cliques if len(clique) == size}
