"""Plans: the same document's requests together, so that a prompt cache reads it once; lazily."""

from collections.abc import Iterator
from itertools import count, islice, pairwise

import numpy as np

from kg.model import Subgraph
from kg.store import Store
from sampling import sampler
from synthesis.base import Parameters
from synthesis.planning import Wanted, by_document, items
from synthesis.strategies import strategy


def changes(documents: list[str]) -> int:
    return sum(one != other for one, other in pairwise(documents))


def test_whole_documents_come_together_and_nothing_is_lost(store: Store) -> None:
    graph = store.graph()
    chosen = list(sampler("pairs").sample(graph, np.random.default_rng(3)))
    kinds = len({one.documents for one in chosen})
    ordered = list(by_document(chosen, graph))
    assert sorted(one.key for one in ordered) == sorted(one.key for one in chosen)
    assert ordered[0] == chosen[0]
    assert changes([one.documents[0] for one in ordered]) == kinds - 1
    assert changes([one.documents[0] for one in chosen]) > kinds - 1


def test_a_window_holds_no_more_than_it_must(store: Store) -> None:
    graph = store.graph()
    drawn = 0

    def endless() -> Iterator[Subgraph]:
        nonlocal drawn
        some = list(sampler("edges").sample(graph, np.random.default_rng(1)))
        for number in count():
            drawn += 1
            yield some[number % len(some)]

    assert len(list(islice(by_document(endless(), graph, window=10), 3))) == 3
    assert drawn == 10


def test_a_plan_is_ordered_so_where_the_context_is_the_whole_document_alone(store: Store) -> None:
    graph = store.graph()
    relate = strategy("relate")
    chosen = list(sampler("pairs").sample(graph, np.random.default_rng(3)))
    orders = {
        way: [
            one.subgraph.key
            for one in items(store, graph, chosen, Wanted([relate], Parameters("echo"), context=way))
        ]
        for way in ("evidence:500", "document:6000")
    }
    keys = [one.key for one in chosen]
    assert orders["evidence:500"] == keys
    assert orders["document:6000"] != keys
    assert sorted(orders["document:6000"]) == sorted(keys)
