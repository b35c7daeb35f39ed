"""Instances of a rule that sets a bound: where children under six travel free, so does "a child of five"."""

import re
from collections.abc import Sequence
from itertools import pairwise

from synthesis.checks.numbers.quantities import YEARS, Quantity, Reading
from synthesis.checks.numbers.units import CLOCK, YEAR

UP = (
    "older|longer|higher|taller|heavier|larger|bigger|greater|faster|warmer|hotter|deeper|wider|louder|dearer"
)
DOWN = "younger|shorter|lower|smaller|lighter|slower|colder|cooler|shallower|narrower|cheaper"
BEFORE = re.compile(
    rf"(?:\b(?:(?:{UP}) than|more than|over|above|at least|exceed\w*|in excess of|beyond|minimum(?: age)? of)|(?<!不)[超高大]于|逾) ?[£$€¥]?$"
    rf"|(?P<down>(?:\b(?:(?:{DOWN}) than|less than|under|below|up to|at most|short of|maximum(?: age)? of|limit of)|(?<!不)[低小]于|未满|未到|不及) ?[£$€¥]?)$"
)
AFTER = re.compile(
    r" ?(?:(?:and|or) (?:over|older|above|more|up\w*|higher|longer|heavier)\b|及?以上)"
    r"|(?P<down> ?(?:(?:and|or) (?:under|younger|below|less|fewer|lower|shorter|lighter)\b|及?以下))"
)
RULE = re.compile(
    r"\b(?:is|are|be|may|might|must|can|cannot|could|would|should|will|shall|ha(?:s|ve) to|needs?|do|does|if|when\w*|"
    r"unless|free|begins?|appl(?:y|ies)|pays?|costs?|travels?|gets?|receives?|counts?|advis\w*|recommend\w*|requires?)\b"
    "|[须需应可免准许禁要能]|不[得用会]|建议|一律|凡|如果|若"
)
"""What speaks of how things are done, and not of what once happened."""
OTHERWISE = re.compile(r"\b(?:was|were|had|did|than)\b|[了曾比]")
"""What tells of something that happened once, or compares."""
TO = re.compile(r" (?:to|and|or) (?:[£$€¥])?| ?[-–~] ?|[到至]")
LIKE = 3
"""How many times a bound may be what lies within it: nobody tells of the mountains from a rule of 250 metres."""
CLAUSE = 48
"""Characters before and after a bound in which that is named of which it holds."""
ENDS = re.compile(r"[.;；。!?！？](?!\d)")
WORDS = re.compile("[a-z]{4,}|[\u3400-\u9fff](?=([\u3400-\u9fff]))")
STEM = 5
COMMON = frozenset(
    "more than less over under above below within most least from with that this which when they them their there have "
    "were will would must only also than years metre metres per cent percent hours about every each".split()
)


def is_instance(one: Quantity, sentence: Reading, told: Sequence[Reading]) -> bool:
    """Whether a number lies within the bound of a rule of the sentences told, and its sentence speaks of the same.

    >>> from synthesis.checks.numbers.quantities import reading
    >>> told = [reading("Children under six travel free.")]
    >>> said = [reading(f"A child of {age} does not pay.") for age in ("five", "seven")]
    >>> [is_instance(there.quantities[0], there, told) for there in said]
    [True, False]
    """
    if one.hedge or one.unit is CLOCK or one.values[0] in YEARS or _bound(one, sentence):
        return False
    if not RULE.search(sentence.text) or OTHERWISE.search(sentence.text):
        return False
    words = _words(sentence.text)
    for there in told:
        if RULE.search(there.text):
            for other in there.quantities:
                if _within(one, other, _bound(other, there)) and words & _words(_clause(other, there.text)):
                    return True
            for least, most in pairwise(there.quantities):
                within = _within(one, least, "above") and _within(one, most, "below")
                if (
                    within
                    and TO.fullmatch(there.text, least.end, most.start)
                    and words & _words(_clause(least, there.text) + " " + _clause(most, there.text))
                ):
                    return True
    return False


def _bound(other: Quantity, there: Reading) -> str:
    """Whether what lies "above" or "below" a number is spoken of, else ""."""
    if other.hedge in ("above", "below"):
        return other.hedge
    found = AFTER.match(there.text, other.end) or BEFORE.search(
        there.text, max(0, other.start - 24), other.start
    )
    if not found:
        return ""
    return "below" if found["down"] else "above"


def _within(one: Quantity, other: Quantity, side: str) -> bool:
    value, bound = one.values[0], other.values[0]
    if one.unit and other.unit:
        if one.unit.dimension != other.unit.dimension:
            return False
        value, bound = value * one.unit.factor, bound * other.unit.factor
    elif (one.unit or other.unit or YEAR) is not YEAR:  # an age needs no unit
        return False
    return side != "" and (
        bound < value < LIKE * bound if side == "above" else bound < LIKE * value < LIKE * bound
    )


def _clause(other: Quantity, text: str) -> str:
    before = ENDS.split(text[max(0, other.start - CLAUSE) : other.start])[-1]
    return f"{before} {ENDS.split(text[other.end : other.end + CLAUSE])[0]}"


def _words(text: str) -> set[str]:
    return {found[0][:STEM] + (found[1] or "") for found in WORDS.finditer(text) if found[0] not in COMMON}
