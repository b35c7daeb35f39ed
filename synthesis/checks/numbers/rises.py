"""By how much something rose or fell "from 58 to 79 per cent": 21 points."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from synthesis.checks.numbers.quantities import YEARS, Quantity, Reading
from synthesis.checks.numbers.units import CLOCK, PERCENT, UNITS, YEAR, Unit

LED = re.compile(r"\b(?:from|between|was|were|at) (?:[a-z]+ )?(?:minus |[£$€¥-])?$|[从由自为](?:零下|负)?$")
TO = re.compile(
    r"(?: [a-z]+){0,2} (?:to|and) (?:[a-z]+ ){0,2}(?:[£$€¥-])?|[\u3400-\u9fff，]{0,6}[到至成为](?:了|零下|负)?"
)
RISEN = re.compile(
    r"\b(?:r[oi]se\w*|rising|fell|fall\w*|dropp?\w*|grew|grow\w*|increas\w*|decreas\w*|declin\w*|climb\w*|s[ai]nk\w*|sunk"
    r"|went (?:up|down)|gain\w*|lost|shr[aiu]nk\w*|widen\w*|lengthen\w*|shorten\w*|extend\w*|cut|rais\w*|lower\w*|reduc\w*"
    r"|up|down|warm\w*|cool\w*|improv\w*|higher|lower|more|less|fewer|change\w*|difference|swing|jump\w*|add\w*|slipp?\w*"
    r"|slid\w*|soar\w*|expand\w*|enlarg\w*|better\w*|worse\w*)\b|[升增涨加长降减跌落缩提高低少多扩]"
)
POINTS = re.compile(r" (?:percentage )?points?\b")
BELOW_ZERO = re.compile(r"(?:-|minus |零下|负)$")
WIDE = {"": (1 - 1e-6, 1 + 1e-6), "about": (0.85, 1.15), "above": (0.75, 1.0), "below": (1.0, 1.25)}
"""What is said is to what it was as these are: "nearly two degrees" of 1.8."""
TIMELY = (YEAR.dimension, UNITS["hour"].dimension, CLOCK.dimension)


def is_rise(one: Quantity, sentence: Reading, near: Sequence[Reading]) -> bool:
    """Whether it is by how much something became more or less in the sentences near.

    >>> from synthesis.checks.numbers.quantities import reading
    >>> near = [reading("His temperature fell from 39.4 to 37.6.")]
    >>> said = [reading("It sank by nearly two degrees."), reading("It sank by nearly three degrees.")]
    >>> [is_rise(there.quantities[0], there, near) for there in said]
    [True, False]
    """
    if not RISEN.search(sentence.text):
        return False
    unit = PERCENT if one.unit is None and POINTS.match(sentence.text, one.end) else one.unit
    low, high = WIDE[one.hedge]
    for there in near:
        for rise, of in _rises(there):
            if unit is not None and of is None and unit.dimension in TIMELY:
                continue
            if unit is not None and of is not None and unit.dimension != of.dimension:
                continue
            measured = rise * of.factor / unit.factor if unit is not None and of is not None else rise
            if low * measured <= one.values[0] <= high * measured:
                return True
    return False


def _rises(there: Reading) -> Iterator[tuple[float, Unit | None]]:
    """What lies between two numbers of which a sentence says that one became the other."""
    text = there.text
    for one, other in pairwise(there.quantities):
        if other.start - one.end > 24 or CLOCK in (one.unit, other.unit):
            continue
        if one.unit and other.unit and one.unit.dimension != other.unit.dimension:
            continue
        if one.unit is other.unit is None and one.values[0] in YEARS and other.values[0] in YEARS:
            continue
        led = LED.search(text, max(0, one.start - 20), one.start)
        if led and TO.fullmatch(text, one.end, other.start):
            unit = other.unit or one.unit
            first = one.values[0] * (one.unit.factor / unit.factor if one.unit and unit else 1)
            last = other.values[0] * (other.unit.factor / unit.factor if other.unit and unit else 1)
            yield abs(_signed(first, one, text) - _signed(last, other, text)), unit


def _signed(value: float, one: Quantity, text: str) -> float:
    return -value if BELOW_ZERO.search(text, max(0, one.start - 6), one.start) else value
