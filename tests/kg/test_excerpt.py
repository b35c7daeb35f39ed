import pytest

from kg.excerpt import Excerpt, excerpt, find_entity
from kg.graph import Graph
from kg.model import Entity, Relation


def star_and_tail() -> Graph:
    """Hub joined to a, b, c; c - d - e; f alone. Two types: names of one letter are letters."""
    names = ["Hub", "a", "b", "c", "d", "e", "f"]
    entities = {name: Entity.make(name, "letter" if len(name) == 1 else "wheel") for name in names}
    pairs = [("Hub", "a"), ("Hub", "b"), ("Hub", "c"), ("c", "d"), ("d", "e")]
    relations = [Relation.make(entities[x].id, "joins", entities[y].id) for x, y in pairs]
    return Graph.build(
        [(entity.id, entity.name, entity.type, 1) for entity in entities.values()],
        [(one.id, one.source, one.label, one.target, 1.0) for one in relations],
    )


def names(graph: Graph, part: Excerpt) -> list[str]:
    return [graph.names[int(row)] for row in part.entities]


def test_the_entities_with_most_neighbours_are_kept() -> None:
    graph = star_and_tail()
    part = excerpt(graph, top=3)
    assert names(graph, part)[0] == "Hub"
    assert set(names(graph, part)) == {"Hub", "c", "d"}
    assert (len(part.edges), part.left_out) == (2, 4)


def test_around_an_entity_the_nearer_ones_come_first() -> None:
    graph = star_and_tail()
    assert set(names(graph, excerpt(graph, around="e"))) == {"e", "d"}
    assert names(graph, excerpt(graph, around="e", hops=3)) == ["e", "d", "c", "Hub"]
    assert names(graph, excerpt(graph, around="e", hops=3, top=2)) == ["e", "d"]
    assert names(graph, excerpt(graph, around="e", hops=0)) == ["e"]


def test_an_entity_without_neighbours_stands_alone() -> None:
    graph = star_and_tail()
    assert names(graph, excerpt(graph, around="f", hops=5)) == ["f"]


def test_only_the_types_asked_for_are_kept_but_the_centre_stays() -> None:
    graph = star_and_tail()
    assert names(graph, excerpt(graph, types=["wheel"])) == ["Hub"]
    assert set(names(graph, excerpt(graph, around="Hub", types=["letter"]))) == {"Hub", "a", "b", "c"}


def test_what_is_to_be_kept_is_kept_first() -> None:
    graph = star_and_tail()
    assert names(graph, excerpt(graph, top=2, keep=[find_entity(graph, "f")])) == ["f", "Hub"]


def test_a_name_is_found_in_any_spelling_and_by_id() -> None:
    graph = star_and_tail()
    row = find_entity(graph, "  HUB ")
    assert graph.names[row] == "Hub"
    assert find_entity(graph, graph.entity_id(row)) == row


def test_a_name_that_does_not_exist_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"no entity named 'Hubb'. Nearest names: Hub"):
        excerpt(star_and_tail(), around="Hubb")


def test_a_type_that_does_not_exist_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"no entity type 'wheels'. Known: wheel, letter"):
        excerpt(star_and_tail(), types=["wheels"])


@pytest.mark.parametrize("top", [0, 2001])
def test_more_than_can_be_looked_at_is_refused(top: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 2000"):
        excerpt(star_and_tail(), top=top)


def test_an_empty_graph_has_an_empty_excerpt() -> None:
    part = excerpt(Graph.build([], []))
    assert (len(part.entities), len(part.edges), part.left_out) == (0, 0, 0)
