from collections import Counter
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import chisquare

from kg.graph import Graph
from sampling import CrossDocumentSampler, PathSampler

Make = Callable[..., Graph]


def stories(make: Make) -> Graph:
    """Three documents; Bo-Cy stands in two of them, Ann and Dee in one each."""
    stated = {
        "one": [("Ann", "Bo"), ("Bo", "Cy")],
        "two": [("Bo", "Cy"), ("Cy", "Dee"), ("Bo", "Eve")],
        "three": [("Cy", "Flo"), ("Eve", "Flo")],
    }
    edges = sorted({pair for pairs in stated.values() for pair in pairs})
    named = {title: sorted({name for pair in pairs for name in pair}) for title, pairs in stated.items()}
    return make([*edges, ("Gus", "Bo")], documents=named, stated=stated)  # no document states Gus-Bo


def wanted(graph: Graph) -> set[frozenset[int]]:
    """Pairs of edges that share an entity, are both stated, and by no document together; by brute force."""
    edges = graph.edges
    documents = [
        {
            document
            for row in edges.relations[e].tolist()
            for document in graph.relation_documents[row].tolist()
        }
        for e in range(len(edges))
    ]
    ends = [{int(edges.low[e]), int(edges.high[e])} for e in range(len(edges))]
    return {
        frozenset((e, f))
        for e, f in combinations(range(len(edges)), 2)
        if ends[e] & ends[f] and documents[e] and documents[f] and not documents[e] & documents[f]
    }


def edges_of(graph: Graph, relations: tuple[str, ...]) -> frozenset[int]:
    edges = graph.edges
    rows = {graph.relation_row(id) for id in relations}
    return frozenset(e for e in range(len(edges)) if rows & set(edges.relations[e].tolist()))


def test_two_edges_that_meet_and_that_no_document_states_both_of_come_once(make: Make) -> None:
    graph = stories(make)
    items = list(CrossDocumentSampler().sample(graph, np.random.default_rng(1)))
    found = [edges_of(graph, item.relations) for item in items]
    assert len(found) == len(set(found))
    assert set(found) == wanted(graph)
    assert len(found) == 4


def test_an_item_names_a_document_of_each_edge(make: Make) -> None:
    graph = stories(make)
    for item in CrossDocumentSampler().sample(graph, np.random.default_rng(1)):
        assert len(item.documents) == 2
        assert len(item.entities) == 3
        meant = {graph.document_ids.index(id) for id in item.documents}
        for id in item.relations:
            assert meant & set(graph.relation_documents[graph.relation_row(id)].tolist())


def test_on_random_corpora_it_agrees_with_brute_force(make: Make) -> None:
    rng = np.random.default_rng(8)
    for _ in range(60):
        names = [f"v{i}" for i in range(rng.integers(3, 8))]
        possible = list(combinations(names, 2))
        stated = {
            f"d{number}": [possible[i] for i in rng.choice(len(possible), size=rng.integers(0, 5))]
            for number in range(rng.integers(2, 4))
        }
        edges = sorted({pair for pairs in stated.values() for pair in pairs})
        named = {title: sorted({name for pair in pairs for name in pair}) for title, pairs in stated.items()}
        graph = make(
            edges, documents=named, stated={title: sorted(set(pairs)) for title, pairs in stated.items()}
        )
        items = list(CrossDocumentSampler().sample(graph, rng))
        assert Counter(edges_of(graph, item.relations) for item in items) == Counter(wanted(graph))


@pytest.mark.slow
def test_every_item_is_as_often_the_first(make: Make) -> None:
    graph = stories(make)
    seen = Counter(
        next(CrossDocumentSampler().sample(graph, np.random.default_rng([4, seed]))) for seed in range(3000)
    )
    assert len(seen) == len(wanted(graph))
    assert chisquare(list(seen.values())).pvalue > 1e-3


def test_a_corpus_of_one_document_has_the_paths_and_one_that_shares_no_name_nothing(make: Make) -> None:
    pairs = [("a", "b"), ("b", "c")]
    graph = make(pairs, documents={"one": ["a", "b", "c"]}, stated={"one": pairs})
    (item,) = CrossDocumentSampler().sample(graph, np.random.default_rng(0))
    assert [item] == list(PathSampler().sample(graph, np.random.default_rng(0)))
    assert "'paths'" in CrossDocumentSampler().remark(graph)
    apart = make(
        [*pairs, ("x", "y")],
        documents={"one": ["a", "b", "c"], "two": ["x", "y"]},
        stated={"one": pairs, "two": [("x", "y")]},
    )
    assert list(CrossDocumentSampler().sample(apart, np.random.default_rng(0))) == []
    assert CrossDocumentSampler().remark(apart) == ""
    assert "'paths'" in CrossDocumentSampler().when_empty
