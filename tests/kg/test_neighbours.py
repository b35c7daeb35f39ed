"""What is around an entity: the heaviest first, hop by hop, the same from arrays and from tables."""

from pathlib import Path

import numpy as np
import pytest

from kg import neighbours
from kg.graph import Graph
from kg.model import Entity, Relation, content_id
from kg.store import Derived
from kg.stores.sqlite import SqliteStore


def id_of(name: str) -> str:
    return content_id("entity", name, "")


@pytest.fixture
def kite() -> Graph:
    """Four entities, two triangles that share the edge b-c; a tail e behind d."""
    return Graph.from_edges(
        [
            ("a", "b", "", 1),
            ("c", "a", "", 5),
            ("b", "c", "", 1),
            ("b", "d", "", 2),
            ("c", "d", "", 2),
            ("d", "e", "", 1),
        ]
    )


def test_the_heaviest_neighbours_come_first(kite: Graph) -> None:
    assert set(neighbours.neighbourhood(kite, id_of("a"), limit=1).entities) == {id_of("a"), id_of("c")}
    near = neighbours.neighbourhood(kite, id_of("a"))
    assert set(near.entities) == {id_of(name) for name in "abc"}
    assert len(near.relations) == 3


def test_each_hop_goes_one_further(kite: Graph) -> None:
    assert neighbours.neighbourhood(kite, id_of("a"), hops=0).relations == ()
    assert len(neighbours.neighbourhood(kite, id_of("a"), hops=2).entities) == 4
    assert len(neighbours.neighbourhood(kite, id_of("a"), hops=9).entities) == 5
    assert len(neighbours.neighbourhood(kite, id_of("a"), hops=9, limit=3).entities) == 4


def test_an_unknown_entity_is_a_key_error(kite: Graph) -> None:
    with pytest.raises(KeyError):
        neighbours.neighbourhood(kite, "ab" * 16)


def test_arrays_and_tables_agree_also_around_hubs(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    entities = [Entity.make(f"E{i}", "x") for i in range(900)]
    ends = [(0, i) for i in range(1, 900)] + [(i, 0) for i in range(1, 700, 3)]
    ends += [tuple(pair) for pair in rng.integers(0, 900, (1500, 2)).tolist()] + [(5, 5)]
    relations = {
        r.id: r
        for r in (
            Relation.make(entities[a].id, f"l{n % 3}", entities[b].id, weight=float(rng.integers(1, 4)))
            for n, (a, b) in enumerate(ends)
        )
    }
    store = SqliteStore(str(tmp_path / "c.kg"), make=True)
    store.replace_derived(Derived(entities=entities, relations=list(relations.values())))
    questions = [
        (entities[i].id, hops, limit) for i in (0, 1, 5, 77) for hops in (1, 2) for limit in (3, 50, 2000)
    ]
    from_tables = [store.neighbourhood(*question) for question in questions]
    store.graph()
    assert [store.neighbourhood(*question) for question in questions] == from_tables
    assert len(from_tables[2].entities) == 900
    store.close()
