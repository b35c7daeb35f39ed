"""GraphML in and out, GEXF out, element by element."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from kg.graph import Graph
from kg.model import GraphError, content_id, normal_name

_NO_ROOM = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ID = re.compile("[0-9a-f]{32}")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)


def quoted(text: str) -> str:
    """The text for an XML element or attribute; what XML has no room for becomes U+FFFD."""
    return _NO_ROOM.sub("\ufffd", text).translate(_ESCAPES)


def write_graphml(graph: Graph, file: TextIO) -> None:
    """GraphML: nodes with name, type and mentions; directed edges with label and weight; ids as ours."""
    file.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    )
    for kind, name, type in (
        ("node", "name", "string"),
        ("node", "type", "string"),
        ("node", "mentions", "int"),
        ("edge", "label", "string"),
        ("edge", "weight", "double"),
    ):
        file.write(f'<key id="{name}" for="{kind}" attr.name="{name}" attr.type="{type}"/>\n')
    file.write('<graph edgedefault="directed">\n')
    for row, name in enumerate(graph.names):
        kind = quoted(graph.type_names[graph.types[row]])
        file.write(
            f'<node id="{graph.entity_id(row)}"><data key="name">{quoted(name)}</data>'
            f'<data key="type">{kind}</data><data key="mentions">{graph.mentions[row]}</data></node>\n'
        )
    for row in range(graph.relation_count):
        label = quoted(graph.label_names[graph.labels[row]])
        file.write(
            f'<edge id="{graph.relation_id(row)}" source="{graph.entity_id(int(graph.sources[row]))}" '
            f'target="{graph.entity_id(int(graph.targets[row]))}"><data key="label">{label}</data>'
            f'<data key="weight">{float(graph.weights[row])!r}</data></edge>\n'
        )
    file.write("</graph>\n</graphml>\n")


def write_gexf(graph: Graph, file: TextIO) -> None:
    """GEXF 1.3, as Gephi reads it: nodes with label and type, directed edges with label and weight."""
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n')
    file.write('<graph mode="static" defaultedgetype="directed">\n<attributes class="node">')
    file.write(
        '<attribute id="0" title="type" type="string"/><attribute id="1" title="mentions" type="integer"/>'
    )
    file.write("</attributes>\n<nodes>\n")
    for row, name in enumerate(graph.names):
        kind = quoted(graph.type_names[graph.types[row]])
        file.write(
            f'<node id="{graph.entity_id(row)}" label="{quoted(name)}"><attvalues><attvalue for="0" value="{kind}"/>'
            f'<attvalue for="1" value="{graph.mentions[row]}"/></attvalues></node>\n'
        )
    file.write("</nodes>\n<edges>\n")
    for row in range(graph.relation_count):
        label = quoted(graph.label_names[graph.labels[row]])
        file.write(
            f'<edge id="{graph.relation_id(row)}" source="{graph.entity_id(int(graph.sources[row]))}" '
            f'target="{graph.entity_id(int(graph.targets[row]))}" label="{label}" '
            f'weight="{float(graph.weights[row])!r}"/>\n'
        )
    file.write("</edges>\n</graph>\n</gexf>\n")


@dataclass(frozen=True, slots=True)
class Element:
    """A node or an edge of a GraphML file; `data` are its attributes by their names in small letters."""

    tag: str
    id: str
    source: str
    target: str
    label: str
    weight: str
    data: dict[str, str]


def elements(path: Path) -> Iterator[Element]:
    """Nodes and edges of a GraphML file in its order, one by one. GraphError where it is not GraphML."""
    from xml.etree.ElementTree import Element as XmlElement
    from xml.etree.ElementTree import ParseError, iterparse

    keys: dict[str, str] = {}
    graphs: list[XmlElement] = []
    where = f"cannot read the graph {str(path)!r}:"
    try:
        for event, element in iterparse(path, ("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if event == "start":
                if tag == "graph":
                    graphs.append(element)
            elif tag == "key":
                keys[element.get("id", "")] = element.get("attr.name", element.get("id", "")).casefold()
            elif tag == "hyperedge":
                raise GraphError(
                    f"{where} it has hyperedges, a relation joins two entities. Split them first"
                )
            elif tag in ("node", "edge"):
                data = {
                    keys.get(child.get("key", ""), child.get("key", "")): child.text or ""
                    for child in element
                    if child.tag.endswith("data")
                }
                source, target = element.get("source", ""), element.get("target", "")
                label, weight = element.get("label", ""), element.get("weight", "")
                yield Element(tag, element.get("id", ""), source, target, label, weight, data)
                element.clear()
                if graphs:
                    graphs[-1].clear()  # else every node of the file stays in memory
            elif tag == "graph":
                graphs.pop()
    except ParseError as error:
        raise GraphError(f"{where} it is not well-formed XML ({error})") from None


def read_graphml(path: Path) -> Graph:
    """The graph of a GraphML file, anybody's.

    A node is named by its attribute name or label, else by its id. Ids that are ours (32 hex digits)
    are kept; two nodes of one name stay two.
    """
    nodes: dict[str, tuple[str, str, int]] = {}
    edges: list[tuple[str, str, str, float]] = []
    where = f"cannot read the graph {str(path)!r}:"
    for element in elements(path):
        data = element.data
        if element.tag == "node":
            name = data.get("name") or data.get("label") or element.id
            nodes[element.id] = (
                name,
                data.get("type", ""),
                int(number(where, data.get("mentions", "0"))),
            )
        else:
            weight = number(where, data.get("weight") or element.weight or "1")
            label = data.get("label", data.get("type", element.label))
            edges.append((element.source, element.target, label, weight))
    for source, target, _, _ in edges:
        if source not in nodes or target not in nodes:
            missing = target if source in nodes else source
            raise GraphError(f"{where} an edge names the node {missing!r}, which is not in the file")
    return _graph(nodes, edges)


def _graph(nodes: dict[str, tuple[str, str, int]], edges: list[tuple[str, str, str, float]]) -> Graph:
    shared = Counter(normal_name(name) for name, _, _ in nodes.values())
    ids = {}
    for id, (name, _, _) in nodes.items():
        plain = normal_name(name)
        ids[id] = id if _ID.fullmatch(id) else content_id("entity", plain, id if shared[plain] > 1 else "")
    weights: dict[tuple[str, str, str], float] = {}
    for source, target, label, weight in edges:
        key = (ids[source], label, ids[target])
        weights[key] = weights.get(key, 0.0) + weight
    return Graph.build(
        ((ids[id], name, kind, mentions) for id, (name, kind, mentions) in nodes.items()),
        ((content_id("relation", *key), *key, weight) for key, weight in weights.items()),
    )


def number(where: str, text: str) -> float:
    """The number in a text. GraphError, beginning with `where`, for what is not one of 0 or more."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise GraphError(f"{where} the number {text[:40]!r} is not one of 0 or more")
    return value
