"""Points of a curve from a file: columns x and y, and where known a weight or a standard deviation."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.fits import check_points
from analysis.histograms import Floats

X = ("x", "tokens", "texts", "t")
Y = ("y", "accuracy", "coverage", "score")
WEIGHT, DEVIATION = ("weight", "weights"), ("sd", "se", "sigma", "std")


@dataclass(frozen=True, eq=False, slots=True)
class PointTable:
    """Points in the order of the file. `noise` is the standard deviation of a point of mean weight, if known."""

    x: Floats
    y: Floats
    weights: Floats | None = None
    noise: float | None = None


def read_points(path: Path | str) -> PointTable:
    """The points of a .csv or .tsv, with or without a header.

    Without one the columns are x, y and, if there is a third, its weight. A column `sd` gives weights
    1 / sd^2. Raises ValueError for what is no such file, with the line, and for numbers that are no points
    of a curve.
    """
    place = Path(path)
    where = f"cannot read the points {str(path)!r}"
    try:
        text = place.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ValueError(f"{where}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{where}: it is not UTF-8 text") from None
    try:
        parted = csv.reader(text.splitlines(), delimiter="\t" if place.suffix.lower() == ".tsv" else ",")
        rows = [
            (number, [cell.strip() for cell in row])
            for number, row in enumerate(parted, 1)
            if any(map(str.strip, row))
        ]
    except csv.Error as error:
        raise ValueError(f"{where}: {error}") from None
    if not rows:
        raise ValueError(f"{where}: there is nothing in it; wanted columns x and y")
    columns = _columns(rows[0][1], where)
    body = rows if columns is None else rows[1:]
    if columns is None:
        columns = {"x": 0, "y": 1, **({"weight": 2} if len(rows[0][1]) > 2 else {})}
    if not body:
        raise ValueError(f"{where}: there is a header and no point below it")
    table = {
        name: np.array([_cell(row, at, name, n, where) for n, row in body]) for name, at in columns.items()
    }
    deviation = table.get("sd", np.ones(1))
    wrong = deviation[~(np.isfinite(deviation) & (deviation > 0))]
    if wrong.size:
        raise ValueError(f"{where}: a standard deviation must be positive, saw {float(wrong[0])!r}")
    try:
        check_points(table["x"], table["y"], weights=table.get("weight"))
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    if "sd" not in table:
        return PointTable(table["x"], table["y"], table.get("weight"))
    weights = deviation**-2.0
    return PointTable(table["x"], table["y"], weights, float(weights.mean() ** -0.5))


def _columns(cells: list[str], where: str) -> dict[str, int] | None:
    """Where a header says the columns are; None where the line holds numbers."""
    if len(cells) < 2:
        raise ValueError(
            f"{where}: wanted columns x and y, saw one column: {cells[0][:60]!r}. Are they parted by another mark?"
        )
    if all(_is_number(cell) for cell in cells[:2]):
        return None
    names = [cell.casefold() for cell in cells]
    known = {"x": X, "y": Y, "weight": WEIGHT, "sd": DEVIATION}
    found = {
        column: names.index(name)
        for column, words in known.items()
        for name in reversed(words)
        if name in names
    }
    if not {"x", "y"} <= found.keys():
        raise ValueError(f"{where}: wanted the columns x and y, saw {', '.join(cells)[:80]!r}")
    if "sd" in found:
        found.pop("weight", None)
    return found


def _cell(row: list[str], at: int, name: str, line: int, where: str) -> float:
    if at >= len(row) or not _is_number(row[at]):
        seen = repr(row[at][:40]) if at < len(row) else "nothing"
        raise ValueError(f"{where}, line {line}: {name} is no number: saw {seen}")
    return float(row[at])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
