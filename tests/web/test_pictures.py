"""What a view chooses, on graphs made by hand."""

from itertools import combinations

import numpy as np
import pytest

from entigraph.web.picture import atlas as atlases
from entigraph.web.picture.atlas import Atlas
from entigraph.web.picture.shown import EDGES_A_NODE, FEW_EDGES, MOST_EDGES, Shown, shown
from entigraph.web.shapes.graph import MOST_NODES, Expansion, View
from kg.graph import Graph


def seen(atlas: Atlas, view: View) -> Shown:
    def find(id: str) -> int:
        try:
            return atlas.graph.entity_row(id)
        except KeyError:
            return -1

    return shown(atlas, view, find)


def id_of(graph: Graph, name: str) -> str:
    return graph.entity_id(list(graph.names).index(name))


def names(atlas: Atlas, view: View) -> list[str]:
    return [atlas.graph.names[row] for row in seen(atlas, view).rows.tolist()]


@pytest.fixture
def two_towns() -> Atlas:
    """A large clique of ten and a small one of four, with one relation between them."""
    large = [(f"large {a}", f"large {b}") for a, b in combinations(range(10), 2)]
    small = [(f"small {a}", f"small {b}") for a, b in combinations(range(4), 2)]
    return Atlas(Graph.from_edges([*large, *small, ("large 0", "small 0")]))


def test_the_largest_community_is_number_0(two_towns: Atlas) -> None:
    found = dict(zip(two_towns.graph.names, two_towns.communities().tolist(), strict=True))
    assert {found[f"large {number}"] for number in range(10)} == {0}
    assert {found[f"small {number}"] for number in range(4)} == {1}


def test_an_overview_shows_the_best_of_every_community(two_towns: Atlas) -> None:
    top = names(two_towns, View(top=6))
    assert top[0] == "large 0"
    assert top[5] == "small 0", "though every one of the large town has more neighbours"


def test_without_the_library_communities_are_found_all_the_same(
    two_towns: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_library = Atlas(two_towns.graph).communities()
    monkeypatch.setitem(__import__("sys").modules, "graspologic_native", None)
    assert np.array_equal(Atlas(two_towns.graph).communities(), with_library)


def test_communities_of_a_very_large_graph_are_waited_for_by_nobody(
    two_towns: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atlases, "LARGE", 10)
    first = two_towns.communities()
    assert first.shape == (14,)
    while (found := two_towns.communities())[0] < 0:
        pass
    assert sorted(set(found.tolist())) == [0, 1]


def test_no_more_than_two_thousand_entities_are_shown_and_those_asked_for_come_first() -> None:
    star = Graph.from_edges([("hub", f"leaf {number:04}") for number in range(3_000)])
    atlas = Atlas(star)
    everything = View(top=MOST_NODES, expanded=[Expansion(entity=id_of(star, "hub"), count=MOST_NODES)])
    assert len(seen(atlas, everything).rows) == MOST_NODES
    last = id_of(star, "leaf 2999")
    chosen = seen(atlas, View(top=MOST_NODES, added=[last]))
    assert chosen.rows[0] == star.entity_row(last)
    assert len(chosen.rows) == MOST_NODES
    assert seen(atlas, View(top=10)).left_out == 3_001 - 10


def test_of_very_many_edges_the_heaviest_are_shown() -> None:
    dense = Graph.from_edges([(str(a), str(b), "", float(a + b)) for a, b in combinations(range(220), 2)])
    found = seen(Atlas(dense), View(top=220))
    most = 220 * EDGES_A_NODE
    assert FEW_EDGES < most < MOST_EDGES
    assert len(found.edges) == most
    assert found.edges_left_out == len(dense.edges) - most
    assert dense.edges.weights[found.edges].min() >= np.sort(dense.edges.weights)[-most]
    assert set(found.beside.tolist()) == {219}, "what is not drawn is still beside it"


def test_what_joins_entities_asked_for_by_name_is_shown_however_light_it_is() -> None:
    dense = Graph.from_edges([(str(a), str(b), "", float(a + b)) for a, b in combinations(range(220), 2)])
    lightest = [id_of(dense, "0"), id_of(dense, "1")]
    found = seen(Atlas(dense), View(top=220, added=lightest))
    ends = {dense.entity_row(id) for id in lightest}
    drawn = {
        frozenset(pair)
        for pair in zip(
            dense.edges.low[found.edges].tolist(), dense.edges.high[found.edges].tolist(), strict=True
        )
    }
    assert frozenset(ends) in drawn
    plain = seen(Atlas(dense), View(top=220))
    assert len(found.edges) == len(plain.edges) + 1


def test_hidden_entities_are_not_replaced_by_others(two_towns: Atlas) -> None:
    before = names(two_towns, View(top=5))
    hidden = View(top=5, hidden=[id_of(two_towns.graph, before[0])])
    assert names(two_towns, hidden) == before[1:]


def test_a_filter_by_label_counts_only_relations_that_have_it() -> None:
    graph = Graph.from_edges(
        [("a", "b", "knows", 1.0), ("a", "b", "owes", 2.0), ("b", "c", "owes", 4.0), ("d", "d", "knows", 1.0)]
    )
    atlas = Atlas(graph)
    view = View(labels=["knows"])
    assert set(names(atlas, view)) == {"a", "b", "d"}
    found = seen(atlas, view)
    assert found.sieve.weights[found.edges].tolist() == [1.0]
    assert set(names(atlas, View(least_weight=3.5))) == {"a", "b", "c", "d"}
    assert len(seen(atlas, View(least_weight=3.5)).edges) == 1
    owing = View(top=0, labels=["owes"], expanded=[Expansion(entity=id_of(graph, "b"), count=1)])
    assert names(atlas, owing) == ["b", "c"]


def test_around_an_entity_the_filters_hold_for_all_but_itself() -> None:
    rows = [
        (f"{number}" * 32, name, kind, 0)
        for number, (name, kind) in enumerate((("a", "x"), ("b", "y"), ("c", "y"), ("d", "x")))
    ]
    joins = [("0", "1"), ("1", "2"), ("0", "3"), ("3", "2")]
    relations = [(f"{n:032x}", s * 32, "", t * 32, 1.0) for n, (s, t) in enumerate(joins)]
    atlas = Atlas(Graph.build(rows, relations))
    assert names(atlas, View(around="0" * 32, hops=1, types=["y"])) == ["a", "b"]
    assert names(atlas, View(around="0" * 32, hops=2, types=["y"])) == ["a", "b", "c"]
    assert names(atlas, View(around="0" * 32, hops=2, top=0)) == ["a"]


def test_graphs_of_one_entity_and_of_none_are_pictures_too() -> None:
    one = Atlas(Graph.build([("0" * 32, "a", "", 0)], []))
    assert names(one, View()) == ["a"]
    assert names(Atlas(Graph.build([], [])), View()) == []
