"""Tables of a graph, line by line: edge lists and lists of nodes, as .csv or .tsv.

The columns stand in any order under a header that names them, or without one in the order of the table.
"""

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.model import GraphError

FIELD = 1 << 30  # of the whole process; 128 kB, the default of csv, is less than a long description


@dataclass(frozen=True, slots=True)
class Table:
    """What a table holds: its columns with the words a header may use for them, the needed ones first.

    `plain` are the columns of a table without a header, in their order.
    """

    columns: Mapping[str, Sequence[str]]
    needed: tuple[str, ...]
    plain: tuple[str, ...]


EDGES = Table(
    {
        "source": ("source", "from", "src", "subject", "head", "start"),
        "target": ("target", "to", "dst", "object", "tail", "end"),
        "label": ("label", "relation", "predicate", "type", "rel"),
        "weight": ("weight", "count"),
        "description": ("description",),
        "source_type": ("source_type",),
        "target_type": ("target_type",),
        "source_description": ("source_description",),
        "target_description": ("target_description",),
    },
    ("source", "target"),
    ("source", "target", "label", "weight"),
)
NODES = Table(
    {
        "name": ("name", "node", "entity", "id"),
        "type": ("type", "label", "kind"),
        "description": ("description",),
        "aliases": ("aliases", "alias"),
    },
    ("name",),
    ("name", "type", "description", "aliases"),
)


def rows(path: Path, table: Table) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells by column, without the white space around them; empty lines are passed over.

    GraphError says what is wrong, and in which line.
    """
    csv.field_size_limit(FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
            columns: dict[str, int] | None = None
            for cells in lines:
                if not any(cell.strip() for cell in cells):
                    continue
                if columns is None:
                    columns = _columns(cells, table)
                    if columns:
                        continue
                    columns = {name: place for place, name in enumerate(table.plain)}
                yield lines.line_num, _row(path, lines.line_num, cells, columns, table)
    except csv.Error as error:
        raise GraphError(f"cannot read the graph {str(path)!r}, line {lines.line_num}: {error}") from None


def weight_of(path: Path, line: int, written: str) -> float:
    """The weight in a cell, 1 for an empty one. GraphError for what is not a number of 0 or more."""
    try:
        weight = float(written) if written else 1.0
    except ValueError:
        weight = math.nan
    if not 0 <= weight < math.inf:
        raise GraphError(
            f"cannot read the graph {str(path)!r}, line {line}: the weight {written[:40]!r} is not a number of 0 or more"
        )
    return weight


def _columns(cells: list[str], table: Table) -> dict[str, int]:
    """Where a header says the columns are; empty if this line is none."""
    names = [cell.strip().casefold() for cell in cells]
    found = {
        column: names.index(name)
        for column, known in table.columns.items()
        for name in reversed(known)
        if name in names
    }
    return found if set(table.needed) <= found.keys() else {}


def _row(path: Path, line: int, cells: list[str], columns: Mapping[str, int], table: Table) -> dict[str, str]:
    where = f"cannot read the graph {str(path)!r}, line {line}:"
    if len(cells) <= max(columns[name] for name in table.needed):
        other = "commas" if path.suffix.lower() == ".tsv" else "tabs or semicolons"
        raise GraphError(
            f"{where} wanted {' and '.join(table.needed)}, saw {len(cells)} column: {','.join(cells)[:60]!r}. "
            f"Are the columns parted by {other}?"
        )
    row = {name: cells[place].strip() for name, place in columns.items() if place < len(cells)}
    for name in table.needed:
        if not row[name]:
            raise GraphError(f"{where} the {name} is empty. Give it a name")
    return row
