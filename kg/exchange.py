"""Graph files in and out: edge lists (.csv, .tsv) and GraphML are read; those and GEXF are written.

An edge list has the columns source, target and, where wanted, label and weight, in this order or in
any order under a header that says so. Files are read and written line by line.
"""

import csv
import math
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from kg.graph import Graph
from kg.graph_xml import read_graphml, write_gexf, write_graphml
from kg.model import GraphError

_HEADER = {
    "source": ("source", "from", "src", "subject", "head", "start"),
    "target": ("target", "to", "dst", "object", "tail", "end"),
    "label": ("label", "relation", "predicate", "type", "rel"),
    "weight": ("weight", "count"),
}
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
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
        columns: dict[str, int] | None = None
        try:
            for cells in lines:
                if not any(cell.strip() for cell in cells):
                    continue
                if columns is None:
                    columns = _columns(cells)
                    if columns:
                        continue
                    columns = {"source": 0, "target": 1, "label": 2, "weight": 3}
                yield _edge(path, lines.line_num, cells, columns)
        except csv.Error as error:
            raise GraphError(f"cannot read the graph {str(path)!r}, line {lines.line_num}: {error}") from None


def _columns(cells: list[str]) -> dict[str, int]:
    """Where a header says the columns are; empty if this line is none."""
    names = [cell.strip().casefold() for cell in cells]
    found = {
        column: names.index(name)
        for column, known in _HEADER.items()
        for name in reversed(known)
        if name in names
    }
    return found if {"source", "target"} <= found.keys() else {}


def _edge(path: Path, line: int, cells: list[str], columns: dict[str, int]) -> Edge:
    where = f"cannot read the graph {str(path)!r}, line {line}:"
    if len(cells) <= max(columns["source"], columns["target"]):
        other = "commas" if path.suffix.lower() == ".tsv" else "tabs or semicolons"
        raise GraphError(
            f"{where} wanted source and target, saw {len(cells)} column: {','.join(cells)[:60]!r}. "
            f"Are the columns parted by {other}?"
        )
    source, target = cells[columns["source"]].strip(), cells[columns["target"]].strip()
    if not source or not target:
        raise GraphError(f"{where} the {'target' if source else 'source'} is empty. Give it a name")
    at = columns.get("label", len(cells))
    label = cells[at].strip() if at < len(cells) else ""
    at = columns.get("weight", len(cells))
    written = cells[at].strip() if at < len(cells) else ""
    try:
        weight = float(written) if written else 1.0
    except ValueError:
        weight = math.nan
    if not 0 <= weight < math.inf:
        raise GraphError(f"{where} the weight {written[:40]!r} is not a number of 0 or more")
    return source, target, label, weight


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
    "tsv": _write_edges("\t"),
}
