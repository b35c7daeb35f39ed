"""Graph files in and out: edge lists (.csv, .tsv) and GraphML are read; those and GEXF are written.

An edge list has the columns source, target and, where wanted, label and weight, in this order or in
any order under a header that says so. Files are read and written line by line.
"""

import csv
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from kg.edge_lists import EDGES, rows, weight_of
from kg.graph import Graph
from kg.graph_json import write_json
from kg.graph_xml import read_graphml, write_gexf, write_graphml
from kg.model import GraphError

Edge = tuple[str, str, str, float]


def read_graph(path: Path | str) -> Graph:
    """The graph in a .csv, .tsv or .graphml file. GraphError says what is wrong with it, and in which line.

    Names that are the same but for case and spaces are one entity; weights of repeated relations add up.
    """
    place = Path(path)
    kind = place.suffix.lower()
    if kind not in (".csv", ".tsv", ".graphml"):
        raise GraphError(
            f"cannot read the graph {str(path)!r}: its ending is none of .csv, .tsv and .graphml"
        )
    try:
        graph = read_graphml(place) if kind == ".graphml" else Graph.from_edges(read_edges(place))
    except OSError as error:
        raise GraphError(f"cannot read the graph {str(path)!r}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise GraphError(
            f"cannot read the graph {str(path)!r}: byte {error.start} of a portion is not UTF-8. Save it as UTF-8"
        ) from None
    if not len(graph):
        raise GraphError(f"cannot read the graph {str(path)!r}: there is nothing in it")
    return graph


def read_edges(path: Path) -> Iterator[Edge]:
    """Edges of an edge list, one by one: (source, target, label, weight)."""
    for line, row in rows(path, EDGES):
        yield row["source"], row["target"], row.get("label", ""), weight_of(path, line, row.get("weight", ""))


def write_graph(graph: Graph, path: Path | str, *, format: str | None = None) -> None:
    """Write the graph as graphml, gexf, csv or tsv; by the file's ending where no format is given.

    The file appears whole or not at all. GraphML read back is the same graph, but for documents and
    for characters that XML has no room for, which become U+FFFD.
    """
    place = Path(path)
    name = format or place.suffix.lower().removeprefix(".")
    if name not in WRITERS:
        raise ValueError(f"cannot write a graph as {name!r}: known are {', '.join(sorted(WRITERS))}")
    try:
        with _whole(place) as file:
            WRITERS[name](graph, file)
    except OSError as error:
        raise GraphError(f"cannot write the graph {str(path)!r}: {error.strerror}") from None


def _write_edges(delimiter: str) -> Callable[[Graph, TextIO], None]:
    def write(graph: Graph, file: TextIO) -> None:
        lines = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        lines.writerow(["source", "target", "label", "weight"])
        lines.writerows(_rows(graph))

    return write


def _rows(graph: Graph) -> Iterable[tuple[str, str, str, float]]:
    names = list(graph.names)
    ends = zip(graph.sources.tolist(), graph.targets.tolist(), strict=True)
    for (source, target), label, weight in zip(
        ends, graph.labels.tolist(), graph.weights.tolist(), strict=True
    ):
        yield names[source], names[target], graph.label_names[label], weight


@contextmanager
def _whole(path: Path) -> Iterator[TextIO]:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as file:
            yield file
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


WRITERS: dict[str, Callable[[Graph, TextIO], None]] = {
    "csv": _write_edges(","),
    "gexf": write_gexf,
    "graphml": write_graphml,
    "json": write_json,
    "tsv": _write_edges("\t"),
}
