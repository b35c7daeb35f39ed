"""Do the numbers of the text stand in its context?"""

import re
import unicodedata

from kg.model import Check
from synthesis.checks.base import Written, failed, passed

UNITS = {
    name: value
    for value, name in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    name: 10 * value
    for value, name in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
ORDINALS = {
    name: value
    for value, name in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        start=1,
    )
}
HELD = {"couple": 2, "dozen": 12, "score": 20}
HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "廿": 20, "卅": 30}
HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10000}
DIGITS = re.compile(r"\d+(?:[,，]\d{3})+|\d+(?:\.\d+)?")
WORDS = re.compile(r"[a-z]+")
HAN = re.compile("[〇零一二三四五六七八九十百千万两廿卅]+")
SMALL = 3


class Numbers:
    """Fails a text with a number that its context, headings and names do not hold.

    Figures, number words and ordinals in English and Chinese are compared by value; 1 to 3 are let
    pass, they count what a sentence has just named ("the two men").
    """

    name = "numbers"

    def check(self, written: Written) -> Check:
        """Whether every number has its support."""
        names = " ".join(form for entity in written.item.entities for form in (entity.name, *entity.aliases))
        known = numbers(f"{written.context.text} {written.context.headings} {names}")
        for value in sorted(numbers(written.text) - known):
            if value > SMALL or value != int(value):
                return failed(self.name, f"{value:g} is not in the passages")
        return passed(self.name)


def numbers(text: str) -> set[float]:
    """Every number a text holds, by value, however it is written.

    >>> sorted(numbers("In 1874 twenty-one men paid 1,200 marks; the fifth paid nothing."))
    [5.0, 21.0, 1200.0, 1874.0]
    >>> sorted(numbers("一八七四年三月，二十一人。"))
    [3.0, 21.0, 1874.0]
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    found = {float(figure.replace(",", "")) for figure in DIGITS.findall(text)}
    found |= {float(value) for value in _english(WORDS.findall(text))}
    found |= {float(value) for run in HAN.findall(text) if (value := _han(run)) is not None}
    return found


def _english(words: list[str]) -> set[int]:
    found: set[int] = set()
    total = part = 0
    open_ = False
    for word in [*words, ""]:
        if word in UNITS or word in TENS:
            value = UNITS.get(word, TENS.get(word, 0))
            if open_ and part % 100 and not (part % 100 >= 20 and part % 10 == 0 and value < 10):
                found.add(total + part)
                total = part = 0
            part += value
            open_ = True
        elif word == "hundred" and open_:
            part *= 100
        elif word == "thousand" and open_:
            total, part = (total + part) * 1000, 0
        elif word in ORDINALS:
            tens = part if open_ and part % 100 >= 20 and part % 10 == 0 else 0
            if open_ and not tens:
                found.add(total + part)
            found.add((total if tens else 0) + tens + ORDINALS[word])
            total = part = 0
            open_ = False
        elif word == "and" and open_ and (part >= 100 or total):
            continue
        else:
            if open_:
                found.add(total + part)
            if word in HELD:
                found.add(HELD[word])
            total = part = 0
            open_ = False
    return found


def _han(run: str) -> int | None:
    if not any(c in HAN_SCALES for c in run):
        digits = [HAN_DIGITS[c] for c in run]
        if len(digits) > 1 and all(d < 10 for d in digits):
            return int("".join(map(str, digits)))
        return sum(digits) if len(digits) == 1 or digits[0] in (20, 30) else None
    total = section = 0
    digit: int | None = None
    for c in run:
        if c in HAN_DIGITS:
            digit = HAN_DIGITS[c]
            if digit in (20, 30):
                section, digit = section + digit, None
        elif c == "万":
            total, section, digit = (total + section + (digit or 0)) * 10000, 0, None
        else:
            section += (1 if digit is None else digit) * HAN_SCALES[c]
            digit = None
    return total + section + (digit or 0)
