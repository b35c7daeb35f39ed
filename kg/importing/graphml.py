"""GraphML, anybody's: a node is named by its attribute name, label or title, else by its id."""

from collections.abc import Iterator
from pathlib import Path

from kg.graph_xml import elements, number
from kg.importing.base import LeftOut, Link, Row, named, sound


def read_graphml_rows(path: Path, left_out: LeftOut) -> Iterator[Row]:
    """A thing for every node and a link for every edge, in the order of the file."""
    where = f"cannot read the graph {str(path)!r}:"
    for element in elements(path):
        data = element.data
        if element.tag == "node":
            name = data.get("name") or data.get("label") or data.get("title") or element.id
            yield named(name, data.get("type", ""), data.get("description", ""), key=element.id)
        else:
            label = data.get("label", data.get("type", element.label))
            weight = number(where, data.get("weight") or element.weight or "1")
            yield Link(
                element.source, sound(label), element.target, sound(data.get("description", "")), weight
            )
