"""Numbers of things that several others have so many of each: nine yokes with two pads each have eighteen pads."""

import re
from collections.abc import Sequence

from synthesis.checks.numbers.quantities import COUNTED, JOINING, Quantity, Reading

EACH = re.compile(r"\b(?:each|every|apiece|per)\b|[每各]")
WORD = re.compile("[a-z]+")


def is_each(one: Quantity, sentence: Reading, told: Sequence[Reading]) -> bool:
    """Whether it is a number of things of which each of some others has so many: of "two pads to each yoke" and
    "nine yokes to each green", eighteen pads."""
    said = _noun(one, sentence)
    if one.unit is not None or not said or not EACH.search(sentence.text):
        return False
    counts = [
        (_noun(other, there), other.values[0], there)
        for there in told
        for other in there.quantities
        if other.unit is None and other.values[0] > 1
    ]
    return any(
        part * whole == one.values[0] and (_names(there, of) or _names(sentence, of))
        for thing, part, there in counts
        if thing == said
        for of, whole, _ in counts
        if of not in ("", said)
    )


def _noun(one: Quantity, there: Reading) -> str:
    """What a number counts: in Chinese what follows the measure word."""
    thing = counted_thing(there.text, one.end)
    return there.text[one.end + 1 : one.end + 2] if thing in COUNTED else thing


def _names(there: Reading, thing: str) -> bool:
    """Whether a sentence speaks of one of these things."""
    if not thing.isascii():
        return f"每{thing}" in there.text
    return any(word.startswith(thing[: max(3, len(thing) - 1)]) for word in there.words)


def counted_thing(text: str, end: int) -> str:
    """The measure word or the noun after a number; "" where another kind of word or none follows."""
    at = end + (text[end : end + 1] in (" ", "-"))
    if "\u3400" <= text[at : at + 1] <= "\u9fff":
        return text[at]
    word = WORD.match(text, at)
    return word[0].removesuffix("s") if word and word[0] not in JOINING else ""
