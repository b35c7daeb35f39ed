"""Amounts that are said in several units: "two hours and six minutes", "three score years and ten"."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from synthesis.checks.numbers.quantities import Quantity
from synthesis.checks.numbers.units import YEAR

BETWEEN = (" and ", ", ", " ", ", and ", "", "零", "又")  # "two hours and six minutes"
ABBREVIATED = re.compile(r"[ \d][a-z]$")  # "£57 6s. 8d."


def compounds(text: str, quantities: Sequence[Quantity]) -> Iterator[Quantity]:
    """Amounts said in several units, the smaller after the larger, in the smallest: "two hours and six minutes"."""
    whole: Quantity | None = None
    for one, more in pairwise(quantities):
        if one.unit is None:  # most
            whole = None
            continue
        before = one if whole is None else whole
        if _goes_on(text, one, more) and before.unit is not None and more.unit is not None:
            value = before.values[0] * before.unit.factor / more.unit.factor + more.values[0]
            whole = more._replace(start=before.start, values=(value,), hedge="")
            yield whole
        else:
            whole = None
            if _is_score_years(text, one, more):  # "three score years and ten"
                yield one._replace(end=more.end, values=(one.values[0] + more.values[0],))


def _is_score_years(text: str, one: Quantity, more: Quantity) -> bool:
    return (
        one.unit is YEAR
        and more.unit is None
        and more.values[0] < 20
        and text[one.end : more.start] == " and "
        and "score" in text[one.start : one.end]
    )


def _goes_on(text: str, one: Quantity, more: Quantity) -> bool:
    if one.unit is None or more.unit is None or one.unit.dimension != more.unit.dimension:
        return False
    between = text[one.end : more.start]
    short = between == ". " and ABBREVIATED.search(text, max(0, one.end - 3), one.end) is not None
    return more.unit.factor < one.unit.factor and (short or between in BETWEEN)
