"""Targets from a file that a user wrote, or as they are said on the command line.

    targets.csv     name,weight  or  source,target[,label],weight     under a header; .tsv with tabs
    targets.jsonl   {"name": "Orla Finch", "weight": 2}                an object a line, with the same keys
    targets.txt     Orla Finch                                         a name a line, of weight 1

Lines of a .txt that begin with # are passed over. The encoding is found out (kg.encodings).
"""

import csv
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from kg.encodings import read_text
from kg.graph import Graph
from sampling.accounting import Coverage
from sampling.targets import Called, Targets, mentioned, targets_at, uncovered

Row = Mapping[str, Any]  # Any: values of JSON are of any type until they are checked

KEYS = ({"name", "weight"}, {"source", "target", "weight"}, {"source", "target", "label", "weight"})
WANTED = "Wanted name,weight or source,target[,label],weight"


def targets_of(spec: str, graph: Graph, coverage: Coverage | None = None) -> Targets:
    """The targets that a user named in one word.

    "uncovered" is what no text covers, "uncovered:3" what fewer than three cover; without `coverage`
    nothing is covered. "query:TEXT" is what a text mentions, "mentioned:FILE" what those in a file do, a
    text a line. All else is a file for `read_targets`. Raises ValueError.
    """
    word, _, rest = spec.partition(":")
    if word == "uncovered":
        if rest and not (rest.isascii() and rest.isdecimal()):
            raise ValueError(
                f"wanted 'uncovered', or 'uncovered:3' with a number of texts, saw {spec[:80]!r}"
            )
        return uncovered(coverage if coverage is not None else Coverage(graph), int(rest or 1))
    if word == "query" and rest.strip():
        found = mentioned(graph, [rest])
        if not len(found):
            raise ValueError(
                f"no name of an entity occurs in {rest[:80]!r}; 'entigraph entities list' shows what there is"
            )
        return found
    if word == "mentioned" and rest:
        return mentioned(graph, read_text(Path(rest), "the texts").split("\n"))
    return read_targets(spec, graph)


def located(spec: str) -> str:
    """The same targets, said so that they mean the same file from any folder."""
    word, colon, rest = spec.partition(":")
    if word in ("uncovered", "query"):
        return spec
    if word == "mentioned" and rest:
        return word + colon + str(Path(rest).absolute())
    return str(Path(spec).absolute())


def read_targets(path: Path | str, graph: Graph) -> Targets:
    """The targets in a file: names and relations with their weights. Weights of what is said twice add up.

    Raises ValueError that names the line: for a weight that is missing, negative or not a finite number,
    and for what the graph does not have, with the nearest names.
    """
    path = Path(path)
    if path.suffix.lower() not in READERS:
        known = ", ".join(READERS)
        raise ValueError(f"cannot read the targets {str(path)!r}: wanted a file that ends in {known}")
    where = f"cannot read the targets {str(path)!r}, line"
    called = Called(graph)
    entities, relations = np.zeros(len(graph)), np.zeros(graph.relation_count)
    line = 0
    for line, row in READERS[path.suffix.lower()](read_text(path, "the targets"), where):
        try:
            weight = _weight(row["weight"])
            if "name" in row:
                entities[called.entities(_word(row, "name"))] += weight
            else:
                source, target = _word(row, "source"), _word(row, "target")
                label = _word(row, "label") if row.get("label") else ""
                relations[called.relations(source, target, label)] += weight
        except ValueError as error:
            raise ValueError(f"{where} {line}: {error}") from None
    if not line:
        raise ValueError(f"there are no targets in {str(path)!r}. {WANTED}, a target a line")
    return targets_at(graph, entities, relations)


def _table(text: str, where: str, separator: str = ",") -> Iterator[tuple[int, Row]]:
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: list[str] = []
    try:
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = [cell.strip().casefold() for cell in cells]
                _check_keys(columns, f"{where} {lines.line_num}")
            elif len(cells) != len(columns):
                raise ValueError(
                    f"{where} {lines.line_num}: wanted {len(columns)} cells ({separator.join(columns)}), saw "
                    f"{len(cells)}: {separator.join(cells)[:80]!r}. Is a quotation mark missing?"
                )
            else:
                yield lines.line_num, dict(zip(columns, cells, strict=True))
    except csv.Error as error:
        raise ValueError(f"{where} {lines.line_num}: {error}") from None


def _tabbed(text: str, where: str) -> Iterator[tuple[int, Row]]:
    return _table(text, where, "\t")


def _objects(text: str, where: str) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{where} {number}: it is not JSON ({str(error)[:120]})") from None
        if not isinstance(row, dict):
            raise ValueError(
                f"{where} {number}: {line.strip()[:80]!r} is not an object. {WANTED} as its keys"
            )
        _check_keys(row, f"{where} {number}")
        yield number, row


def _names(text: str, where: str) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, {"name": line, "weight": 1.0}


READERS: dict[str, Callable[[str, str], Iterator[tuple[int, Row]]]] = {
    ".csv": _table,
    ".tsv": _tabbed,
    ".jsonl": _objects,
    ".txt": _names,
}


def _check_keys(keys: Iterable[str], where: str) -> None:
    found = list(keys)
    if set(found) not in KEYS or len(set(found)) < len(found):
        raise ValueError(f"{where}: {WANTED}, saw {','.join(found)[:120]!r}. Rename or leave out the others")


def _word(row: Row, key: str) -> str:
    word = row[key]
    if not isinstance(word, str) or not word.strip():
        raise ValueError(f"the {key} must be a name, not {str(word)[:80]!r}")
    return word.strip()


def _weight(written: object) -> float:
    """The weight as a number. Raises ValueError for one that is missing, negative or not finite."""
    weight = math.nan
    if isinstance(written, str | int | float) and not isinstance(written, bool):
        try:
            weight = float(written)
        except (ValueError, OverflowError):
            weight = math.nan
    if not 0 <= weight < math.inf:
        raise ValueError(f"the weight must be a number of 0 or more, not {str(written)[:40]!r}")
    return weight
