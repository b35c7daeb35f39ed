"""Edge lists (.csv, .tsv), with columns for types and descriptions where wanted, and lists of nodes."""

from collections.abc import Iterator
from pathlib import Path

from kg.edge_lists import EDGES, NODES, rows, weight_of
from kg.importing.base import LeftOut, Link, Named, Row, named, sound

ALIASES = ";"


def read_edge_list(path: Path, left_out: LeftOut) -> Iterator[Row]:
    """A link for every line: source, target[, label[, weight]], or any columns under a header."""
    for line, row in rows(path, EDGES):
        ends = [
            named(row[end], row.get(f"{end}_type", ""), row.get(f"{end}_description", "")) for end in ENDS
        ]
        yield Link(
            ends[0],
            sound(row.get("label", "")),
            ends[1],
            sound(row.get("description", "")),
            weight_of(path, line, row.get("weight", "")),
        )


def read_node_list(path: Path) -> Iterator[Named]:
    """A thing for every line: name[, type[, description[, aliases]]]; aliases are parted by semicolons."""
    for _, row in rows(path, NODES):
        yield named(
            row["name"],
            row.get("type", ""),
            row.get("description", ""),
            row.get("aliases", "").split(ALIASES),
        )


ENDS = ("source", "target")
