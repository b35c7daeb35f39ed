"""The graph as arrays: what is in it, and that its shape does not depend on how it was made."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import Edges, Graph, Ragged, Texts, pack_ids
from kg.model import content_id


@pytest.fixture
def kite() -> Graph:
    """Four entities, two triangles that share the edge b-c; a has a loop and a relation back."""
    return Graph.from_edges(
        [
            ("a", "b", "knows", 2.0),
            ("b", "a", "likes"),
            ("a", "c", "knows"),
            ("b", "c", "knows"),
            ("d", "b", "knows"),
            ("c", "d", "knows"),
            ("a", "a", "praises"),
        ]
    )


def row(graph: Graph, name: str) -> int:
    return graph.entity_row(content_id("entity", name, ""))


def test_names_rows_and_ids_belong_together(kite: Graph) -> None:
    assert len(kite) == 4
    assert kite.relation_count == 7
    for i, name in enumerate(kite.names):
        assert kite.entity_id(i) == content_id("entity", name, "")
        assert kite.entity_row(kite.entity_id(i)) == i
    for i in range(kite.relation_count):
        assert kite.relation_row(kite.relation_id(i)) == i
    assert [kite.entity_id(i) for i in range(4)] == sorted(kite.entity_id(i) for i in range(4))


def test_an_id_that_is_not_there_is_a_key_error(kite: Graph) -> None:
    for id in ("0" * 32, "f" * 32, "no id", ""):
        with pytest.raises(KeyError):
            kite.entity_row(id)


def test_relations_are_found_from_both_ends(kite: Graph) -> None:
    a, b = row(kite, "a"), row(kite, "b")
    assert {kite.names[kite.targets[r]] for r in kite.outgoing[a]} == {"a", "b", "c"}
    assert {kite.names[kite.sources[r]] for r in kite.incoming[b]} == {"a", "d"}
    assert kite.outgoing.lengths.sum() == kite.incoming.lengths.sum() == 7


def test_the_edges_of_the_kite(kite: Graph) -> None:
    edges = kite.edges
    assert len(edges) == 5
    names = [{kite.names[low], kite.names[high]} for low, high in zip(edges.low, edges.high, strict=True)]
    assert sorted("".join(sorted(pair)) for pair in names) == ["ab", "ac", "bc", "bd", "cd"]
    ab = names.index({"a", "b"})
    assert edges.weights[ab] == 3.0
    assert len(edges.relations[ab]) == 2
    assert {name: int(kite.degrees[row(kite, name)]) for name in "abcd"} == {"a": 2, "b": 3, "c": 3, "d": 2}


def test_an_empty_graph_is_empty_in_every_way() -> None:
    graph = Graph.build([], [])
    assert (len(graph), graph.relation_count, len(graph.edges), len(graph.outgoing)) == (0, 0, 0, 0)
    assert graph.to_networkx().number_of_nodes() == 0
    assert [len(frame) for frame in graph.to_pandas()] == [0, 0]


def test_an_entity_without_relations_stays() -> None:
    graph = Graph.build([("ab" * 16, "alone", "x", 3)], [])
    assert graph.edges.neighbours.lengths.tolist() == [0]
    assert graph.mentions.tolist() == [3]


def test_a_relation_to_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="cd" * 16):
        Graph.build([("ab" * 16, "a", "x", 0)], [("ef" * 16, "ab" * 16, "to", "cd" * 16, 1.0)])


def test_ids_that_end_in_zero_bytes_stay_whole_and_apart() -> None:
    ids = ["ab" + "00" * 15, "ab" + "00" * 14 + "01", "00" * 16, "ff" * 15 + "00", "ab" + "01" + "00" * 14]
    graph = Graph.build([(id, id, "x", 0) for id in ids], [(ids[3], ids[0], "to", ids[2], 1.0)])
    assert [graph.entity_id(i) for i in range(5)] == sorted(ids)
    assert [graph.names[graph.entity_row(id)] for id in ids] == ids
    assert graph.relation_id(0) == ids[3]
    assert graph.names[graph.sources[0]] == ids[0]
    assert graph.names[graph.targets[0]] == ids[2]
    with pytest.raises(KeyError):
        graph.entity_row("ab" + "00" * 13 + "01")
    assert pack_ids(ids).tobytes().hex() == "".join(ids)


def test_membership_is_by_document_row() -> None:
    a, b, first, second = "aa" * 16, "bb" * 16, "11" * 16, "22" * 16
    graph = Graph.build(
        [(a, "a", "x", 0), (b, "b", "x", 0)],
        [("cc" * 16, a, "to", b, 1.0)],
        documents=[(second, "two"), (first, "one")],
        entity_documents=[(b, second), (a, second), (a, first), (a, first)],
        relation_documents=[("cc" * 16, second)],
    )
    assert graph.document_titles == ("one", "two")
    assert graph.entity_documents[0].tolist() == [0, 1]
    assert graph.entity_documents[1].tolist() == [1]
    assert graph.relation_documents[0].tolist() == [1]


def test_networkx_and_pandas_see_the_same_graph(kite: Graph) -> None:
    multi = kite.to_networkx()
    assert (multi.number_of_nodes(), multi.number_of_edges()) == (4, 7)
    entities, relations = kite.to_pandas()
    assert dict(zip(entities["id"], entities["name"], strict=True)) == {
        id: data["name"] for id, data in multi.nodes(data=True)
    }
    assert sorted(zip(relations["source"], relations["label"], relations["target"], strict=True)) == sorted(
        (source, data["label"], target) for source, target, data in multi.edges(data=True)
    )
    assert relations["weight"].sum() == 8.0


pairs = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), st.sampled_from(["r", "s"])),
    max_size=30,
)


@given(pairs)
def test_edges_agree_with_networkx(drawn: list[tuple[str, str, str]]) -> None:
    graph = Graph.from_edges(drawn)
    import networkx

    plain: networkx.Graph[int] = networkx.Graph()
    plain.add_nodes_from(range(len(graph)))
    ends = zip(graph.sources.tolist(), graph.targets.tolist(), strict=True)
    plain.add_edges_from((source, target) for source, target in ends if source != target)
    edges = graph.edges
    assert list(zip(edges.low.tolist(), edges.high.tolist(), strict=True)) == sorted(
        (min(edge), max(edge)) for edge in plain.edges
    )
    for node in plain:
        near = edges.neighbours[node].tolist()
        assert near == sorted(plain[node])
        start = edges.neighbours.starts[node]
        for i, other in enumerate(near):
            edge = edges.neighbour_edges[start + i]
            assert {int(edges.low[edge]), int(edges.high[edge])} == {node, other}
    covered = sorted(relation for edge in range(len(edges)) for relation in edges.relations[edge].tolist())
    assert covered == np.flatnonzero(graph.sources != graph.targets).tolist()
    assert edges.weights.sum() == graph.weights[graph.sources != graph.targets].sum()


@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(drawn: list[tuple[str, str, str]], rng: object) -> None:
    graph = Graph.from_edges(drawn)
    shuffled = list(drawn)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    other = Graph.from_edges(shuffled)
    for name in ("entity_ids", "types", "relation_ids", "sources", "targets", "labels", "weights"):
        assert getattr(graph, name).tolist() == getattr(other, name).tolist(), name
    assert list(graph.names) == list(other.names)


@given(pairs)
def test_other_names_change_rows_but_no_figure(drawn: list[tuple[str, str, str]]) -> None:
    graph = Graph.from_edges(drawn)
    other = Graph.from_edges([(f"new {source}", f"new {target}", label) for source, target, label in drawn])
    assert (len(graph), graph.relation_count, len(graph.edges)) == (
        len(other),
        other.relation_count,
        len(other.edges),
    )
    assert sorted(graph.degrees.tolist()) == sorted(other.degrees.tolist())
    assert sorted(graph.weights.tolist()) == sorted(other.weights.tolist())


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=8))
def test_packed_texts_are_the_texts(drawn: list[str]) -> None:
    packed = Texts.pack(drawn)
    assert list(packed) == drawn
    assert [packed[i] for i in range(len(packed))] == drawn
    assert packed[1:3] == drawn[1:3]
    assert packed[::-1] == drawn[::-1]
    with pytest.raises(IndexError):
        packed[len(drawn)]


def test_ragged_rows_keep_their_order() -> None:
    ragged = Ragged.group(np.array([2, 0, 2]), np.array([7, 8, 9]), 4)
    assert [ragged[i].tolist() for i in range(len(ragged))] == [[8], [], [7, 9], []]
    assert isinstance(Edges.of(Graph.build([], [])), Edges)
