"""Graph files: what is read, what is refused with which line, and what comes back."""

from pathlib import Path

import networkx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.exchange import read_edges, read_graph, write_graph
from kg.graph import Graph
from kg.model import Entity, GraphError, Relation
from tests.kg.conftest import ARRAYS

HOSTILE = ["<b>&amp;\"'", 'a,"b"\n;c', "\ttab", "李明", "‮rtl", "=cmd()", "]]>", "\r\n", "&#0;", "x" * 50_000]


def named(graph: Graph) -> set[tuple[str, str, str, float]]:
    return {
        (graph.names[s], graph.label_names[code], graph.names[t], weight)
        for s, code, t, weight in zip(
            graph.sources.tolist(),
            graph.labels.tolist(),
            graph.targets.tolist(),
            graph.weights.tolist(),
            strict=True,
        )
    }


def put(tmp_path: Path, text: str | bytes, name: str = "g.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# ---- edge lists ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("g.csv", "a,b\nb,c\n", {("a", "", "b", 1.0), ("b", "", "c", 1.0)}),
        ("g.csv", "source,target\na,b\n", {("a", "", "b", 1.0)}),
        ("g.csv", "a,b,knows,2.5\nb,c,likes\n", {("a", "knows", "b", 2.5), ("b", "likes", "c", 1.0)}),
        ("g.csv", "weight,Target,SOURCE,label\n3,b,a,knows\n", {("a", "knows", "b", 3.0)}),
        ("g.tsv", "from\tto\tcount\na\tb\t4\n", {("a", "", "b", 4.0)}),
        ("g.tsv", "a, with comma\tb\n", {("a, with comma", "", "b", 1.0)}),
        ("g.csv", '\ufeff"Anna ""A."" B",b\r\n\r\n,\r\n', {('Anna "A." B', "", "b", 1.0)}),
        ("g.csv", "a,b,r,1\nA , b,r,2\n", {("a", "r", "b", 3.0)}),
        ("g.CSV", "a,b,,0\n", {("a", "", "b", 0.0)}),
        ("g.csv", "王小明,李明,师徒\n", {("王小明", "师徒", "李明", 1.0)}),
    ],
)
def test_edge_lists_are_read(
    tmp_path: Path, name: str, text: str, expected: set[tuple[str, str, str, float]]
) -> None:
    assert named(read_graph(put(tmp_path, text, name))) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\nc\n", r"line 2: wanted source and target, saw 1 column: 'c'"),
        ("a;b\n", r"line 1: .*tabs or semicolons"),
        ("a,b,r,nan\n", r"line 1: the weight 'nan'"),
        ("a,b,r,1\n\nb,c,r,-2\n", r"line 3: the weight '-2'"),
        ("a,b,r,inf\n", r"line 1: the weight 'inf'"),
        ("a,b,r,heavy\n", r"line 1: the weight 'heavy' is not a number"),
        ("a,\n", r"line 1: the target is empty"),
        ("source,target\n,b\n", r"line 2: the source is empty"),
        ("", "there is nothing in it"),
        ("source,target\n", "there is nothing in it"),
        ("\n \n", "there is nothing in it"),
        (b"a,\xff\xfe\n", "not UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        read_graph(put(tmp_path, text))


def test_other_endings_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"none of \.csv"):
        read_graph(put(tmp_path, "a,b", "g.xlsx"))
    with pytest.raises(GraphError, match="No such file"):
        read_graph(tmp_path / "none.csv")


def test_a_long_list_is_read_line_by_line(tmp_path: Path) -> None:
    path = put(tmp_path, "a,b\n" * 3 + "c\n")
    edges = read_edges(path)
    assert [next(edges) for _ in range(3)] == [("a", "b", "", 1.0)] * 3
    with pytest.raises(GraphError, match="line 4"):
        next(edges)


# ---- GraphML -------------------------------------------------------------------------------------


def test_graphml_of_networkx_is_read(tmp_path: Path) -> None:
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_node("n1", name="Anna", type="person")
    graph.add_node("n2", label="Bert")
    graph.add_node("n3")
    graph.add_edge("n1", "n2", label="knows", weight=2.5)
    graph.add_edge("n2", "n3")
    networkx.write_graphml(graph, tmp_path / "g.graphml")
    read = read_graph(tmp_path / "g.graphml")
    assert named(read) == {("Anna", "knows", "Bert", 2.5), ("Bert", "", "n3", 1.0)}
    assert set(read.type_names) == {"person", ""}


def test_two_nodes_of_one_name_stay_two(tmp_path: Path) -> None:
    graph: networkx.Graph[str] = networkx.Graph()
    graph.add_node("1", name="Mercury")
    graph.add_node("2", name="mercury")
    graph.add_edge("1", "2")
    networkx.write_graphml(graph, tmp_path / "g.graphml")
    assert len(read_graph(tmp_path / "g.graphml")) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<graphml><graph>", "not well-formed"),
        ("", "not well-formed"),
        ("<graphml><graph><node id='a'/><edge source='a' target='b'/></graph></graphml>", "the node 'b'"),
        ("<graphml><graph><node id='a'/><hyperedge/></graph></graphml>", "hyperedges"),
        ("<graphml><graph/></graphml>", "there is nothing in it"),
        (
            "<graphml><graph><node id='a'/><edge source='a' target='a'><data key='weight'>-1</data></edge>"
            "</graph></graphml>",
            "the number '-1'",
        ),
    ],
)
def test_broken_graphml_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        read_graph(put(tmp_path, text, "g.graphml"))


def test_a_bomb_of_entities_does_not_go_off(tmp_path: Path) -> None:
    lines = ['<!DOCTYPE graphml [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">']
    lines += [f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 20}">' for i in range(12)]
    lines += ["]>", "<graphml><graph><node id='x'><data key='name'>&m;</data></node></graph></graphml>"]
    with pytest.raises(GraphError, match="not well-formed"):
        read_graph(put(tmp_path, "\n".join(lines), "g.graphml"))


# ---- there and back ------------------------------------------------------------------------------


def hostile() -> Graph:
    entities = [Entity.make(name, name, sense=str(i)) for i, name in enumerate(HOSTILE)]
    ends = zip(entities, entities[1:] + entities[:1], strict=True)
    relations = [Relation.make(a.id, a.name, b.id, weight=1 / 3 + i) for i, (a, b) in enumerate(ends)]
    return Graph.build(
        [(e.id, e.name, e.type, i) for i, e in enumerate(entities)],
        [(r.id, r.source, r.label, r.target, r.weight) for r in relations],
    )


def test_graphml_read_back_is_the_same_graph(tmp_path: Path) -> None:
    graph = hostile()
    write_graph(graph, tmp_path / "g.graphml")
    again = read_graph(tmp_path / "g.graphml")
    for name in ARRAYS:
        assert getattr(again, name).tolist() == getattr(graph, name).tolist(), name
    assert list(again.names) == list(graph.names)
    assert (again.type_names, again.label_names) == (graph.type_names, graph.label_names)
    assert networkx.read_graphml(tmp_path / "g.graphml").number_of_edges() == len(HOSTILE)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.text(
                st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1
            ),
            st.text(
                st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1
            ),
            st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")),
            st.floats(0, 1e9),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_graph_survives_graphml(tmp_path: Path, edges: list[tuple[str, str, str, float]]) -> None:
    graph = Graph.from_edges(edges)
    write_graph(graph, tmp_path / "g.graphml")
    again = read_graph(tmp_path / "g.graphml")
    assert again.relation_ids.tolist() == graph.relation_ids.tolist()
    assert again.weights.tolist() == graph.weights.tolist()
    assert list(again.names) == list(graph.names)


def test_what_xml_has_no_room_for_is_replaced(tmp_path: Path) -> None:
    write_graph(Graph.from_edges([("a\0b", "c\x1b\uffff", "\x07")]), tmp_path / "g.graphml")
    assert named(read_graph(tmp_path / "g.graphml")) == {("a�b", "�", "c��", 1.0)}


@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_an_edge_list_read_back_has_the_same_relations(tmp_path: Path, ending: str) -> None:
    graph = Graph.from_edges([(f"{a}!", "b", a, i / 7) for i, a in enumerate(HOSTILE) if a.strip() == a])
    write_graph(graph, tmp_path / f"g.{ending}")
    assert named(read_graph(tmp_path / f"g.{ending}")) == named(graph)


def test_gexf_is_read_by_networkx(tmp_path: Path) -> None:
    graph = hostile()
    write_graph(graph, tmp_path / "out", format="gexf")
    text = (
        (tmp_path / "out").read_text("utf-8").replace("http://gexf.net/1.3", "http://www.gexf.net/1.2draft")
    )
    (tmp_path / "older").write_text(text.replace('version="1.3"', 'version="1.2"'), "utf-8")
    read = networkx.read_gexf(tmp_path / "older")
    assert {data["label"] for _, data in read.nodes(data=True)} == set(HOSTILE)
    assert {data["type"] for _, data in read.nodes(data=True)} == set(HOSTILE)
    assert sorted(data["weight"] for *_, data in read.edges(data=True)) == sorted(graph.weights.tolist())


def test_an_unknown_format_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="csv, gexf, graphml, json, tsv"):
        write_graph(hostile(), tmp_path / "g.dot")
    with pytest.raises(GraphError, match="cannot write"):
        write_graph(hostile(), tmp_path / "no" / "folder.csv")
    assert list(tmp_path.iterdir()) == []
