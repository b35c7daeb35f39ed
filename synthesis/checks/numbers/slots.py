"""Numbers that stand where a context has another: they are not reckoned from that, but say otherwise."""

import re
from collections.abc import Sequence

from synthesis.checks.numbers.quantities import Quantity, Reading
from synthesis.checks.numbers.units import Unit

WORD = re.compile(r"[a-z]+|[\u3400-\u9fff]|\d+")
HAN = re.compile("[a-z0-9]*[\u3400-\u9fff]")
LEAST = 3
"""Numbers of a sentence that are compared with all those of another."""
BESIDE = 24
"""Characters before and after a number that are compared with those around another."""


def is_exchanged(one: Quantity, sentence: Reading, there: Reading) -> bool:
    """Whether a sentence says all numbers of one of the context but for a single one of the same kind, in the place
    of which it has this: it says otherwise, and does not reckon. Two numbers are too few to tell."""
    said = [_use(other) for other in sentence.quantities]
    held = [_use(other) for other in there.quantities]
    if not LEAST <= len(said) == len(held):
        return False
    for use in list(said):
        if use in held:
            held.remove(use)
            said.remove(use)
    return said == [_use(one)] and len(held) == 1 and held[0][1] == said[0][1]


def _use(one: Quantity) -> tuple[float, Unit | None]:
    return one.values[0], one.unit


def is_slotted(one: Quantity, sentence: Reading, there: Reading) -> bool:
    """Whether a number stands between the same words as another number of a sentence: it is not reckoned from that,
    but says otherwise."""
    before, after = _around(one, sentence)
    for other in there.quantities:
        if other.values[0] != one.values[0]:
            left, right = _around(other, there)
            led, followed = _same(before[::-1], left[::-1]), _same(after, right)
            if HAN.match("".join((*before[-1:], *after[:1]))):  # single characters say less than words
                led, followed = led - 1, followed // 2
            if led >= 2 or followed >= 3 or (led > 0 and followed > 0):
                return True
    return False


def _around(one: Quantity, there: Reading) -> tuple[list[str], list[str]]:
    before = WORD.findall(there.text[max(0, one.start - BESIDE) : one.start])
    return before, WORD.findall(there.text[one.end : one.end + BESIDE])


def _same(these: Sequence[str], those: Sequence[str]) -> int:
    """How many words from the first on are the same."""
    pairs = zip(these, those, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(these), len(those)))
