"""Numbers of things: counts that the context gives otherwise, and numbers that a true claim may have reckoned."""

import re
from functools import lru_cache
from typing import NamedTuple

from synthesis.checks import numbers
from synthesis.checks.claims.evidence import Evidence, Near
from synthesis.checks.claims.words import FUNCTION_WORDS, KEPT, stem
from synthesis.checks.numbers.clock import clocks
from synthesis.checks.numbers.derived import is_derived
from synthesis.checks.numbers.quantities import Quantity, Reading, reading
from synthesis.checks.numbers.reckoning import (
    FEW,
    RECKONED,
    follows,
    is_difference,
    not_reckoned,
    reading_of,
    sums,
)
from synthesis.checks.numbers.support import support
from synthesis.checks.numbers.units import CLOCK

SMALL = 3
"""Numbers up to this count what has just been named; they are no sign."""
COUNTED = re.compile(r"[ -]?(?:of (?:the |his |her |their )?)?([a-z]{3,})")
HAN_COUNTED = re.compile("个?[\u3400-\u9fff]")


class Count(NamedTuple):
    """A number with what it counts, a stem, a measure word or a unit; `written` as it stands there."""

    values: tuple[float, ...]
    of: str
    written: str
    said: Quantity


def other_counts(claim: str, evidence: Evidence, near: Near) -> list[str]:
    """Numbers of things of which the nearest sentences give another number, and no sentence this one.

    In English units are left to the check numbers, which knows that two hours are 120 minutes.
    """
    said = [count for count in _counts(claim, evidence.language) if max(count.values) > SMALL]
    if not said:
        return []
    rows = [row for row, words in enumerate(evidence.words) if words.numbers]
    known = {row: _counts(evidence.sentences[row], evidence.language) for row in rows}
    held = {(one.of, value) for counts in known.values() for one in counts for value in one.values}
    instead = {one.of for row in near.stating for one in known.get(row, ())}
    found = [
        count
        for count in said
        if count.of in instead and not any((count.of, value) in held for value in count.values)
    ]
    if found and RECKONED.search(claim):
        reckoned = _sums(evidence, near)
        found = [count for count in found if reckoned.isdisjoint(count.values)]
    if 0 < len(found) <= FEW:
        there, whole = _readings(evidence, near), [reading_of(sentence) for sentence in evidence.sentences]
        said_in = reading(claim)
        found = [
            count
            for count in found
            if not (follows(count.said, said_in, there) or is_derived(count.said, said_in, whole))
        ]
    return [count.written for count in found]


def unreckoned(strange: list[str], claim: str, evidence: Evidence, near: Near) -> list[str]:
    """Of the numbers that the context does not hold, those that no sum, difference or product of two
    of its numbers explains, and that do not follow from the sentences near (`reckoning.follows`).

    Only a claim that speaks of a difference, a rest or a sum is believed to have added or taken away.
    """
    if strange:
        whole = [reading_of(sentence) for sentence in evidence.sentences]
        strange = not_reckoned(strange, claim, _readings(evidence, near), whole)
    if not strange or not RECKONED.search(claim):
        return strange
    reckoned, amounts = _sums(evidence, near), support(evidence.text).amounts
    read = reading(claim)
    parts = {
        read.text[one.start : one.end] for one in read.quantities if min(one.values) < 1 <= max(one.values)
    }
    return [
        said
        for said in strange
        # the seven of "a seventh part" is no sum
        if said in parts or not (numbers.numbers(said) <= reckoned or is_difference(said, amounts))
    ]


def _readings(evidence: Evidence, near: Near) -> list[Reading]:
    return [reading_of(evidence.sentences[row]) for row in near.rows]


def _sums(evidence: Evidence, near: Near) -> set[float]:
    return sums(evidence.numbers if len(evidence.numbers) <= FEW else near.numbers)


@lru_cache(maxsize=KEPT)
def _counts(text: str, language: str) -> tuple[Count, ...]:
    found: list[Count] = []
    read = reading(text)
    times = {time.start: time.minutes // 60 for time in clocks(read.text)} if language == "zh" else {}
    for one in read.quantities:
        rest = read.text[one.end : one.end + 24]
        values = one.values
        if min(values) < 1:  # a half, "a twentieth part"
            continue
        if one.unit is not None:
            of = "" if language == "en" else f"{one.unit.dimension} {one.unit.factor:g}"
            if one.unit is CLOCK:  # 十点半 and 22:30 are of one hour
                values = (times.get(one.start, values[0] // 1 % 12) or 12,)
        elif (english := COUNTED.match(rest)) is not None:
            of = "" if english[1] in FUNCTION_WORDS else stem(english[1])
        else:
            of = found_han[0] if (found_han := HAN_COUNTED.match(rest)) is not None else ""
        if of:
            found.append(Count(values, of, read.text[one.start : one.end + len(of)], one))
    return tuple(found)
