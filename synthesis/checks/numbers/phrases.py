"""Where a text speaks in numbers, and which of these phrases do not stand in its context word for word.

Most numbers of a true text are those of its context in the same words. What stands there to the letter need
not be read: `check` reads the rest.
"""

import re
from collections.abc import Iterator

from synthesis.checks.numbers.dates import FULL_WEEKDAYS, MONTHS
from synthesis.checks.numbers.numerals import HAN, HAN_DIGITS, HAN_SCALES, NUMBER_WORDS, figures, spots
from synthesis.checks.numbers.quantities import unit_after

NEEDLES = NUMBER_WORDS | FULL_WEEKDAYS | MONTHS.keys() | {"century", "centuries"}
JOINED = " |-| and | and a |-and-a-| a | of | of the |.|,|:|/| or |年|月|世纪"
GAPS = frozenset(JOINED.split("|"))
WIDEST = max(map(len, GAPS))
HAN_PHRASE = re.compile(f"{HAN.pattern}(?:(?:{'|'.join(map(re.escape, sorted(GAPS)))}){HAN.pattern})*")
LEADS = ("星期", "礼拜", "周", "分之", "£", "$", "€", "¥")
LONG = 20_000
DATED, WEEKLY = ("月", "日", "号"), ("期", "拜", "周")
NUMERALS = frozenset((*HAN_DIGITS, *HAN_SCALES, *"0123456789"))


def loose(text: str, there: frozenset[str], known: str) -> list[tuple[int, int]]:
    """The places of phrases with numbers in a folded text of these words that a folded context lacks.

    A mere "one" or "first" needs no support. In a context of a book all are looked for by value.
    """
    needles = [*(NEEDLES & there), *figures(text, there)]
    found = [(at, at + len(word)) for at, word in spots(text, needles)]
    phrases = list(_phrases(text, found)) if found else [run.span() for run in HAN_PHRASE.finditer(text)]
    if len(known) > LONG:
        return phrases
    if not text.isascii():  # most of them, told with the least work: two characters to each side are the same
        phrases = [
            (start, end)
            for start, end in phrases
            if text[start - 2 if start > 2 else 0 : end + 2] not in known
        ]
    return [
        (start, end)
        for start, end in phrases
        if not (end - start < 6 and _single(text, start, end)) and not _literally(text, start, end, known)
    ]


def _phrases(text: str, found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The places of phrases that hold words and figures at these places, and Chinese numerals."""
    if not text.isascii():
        found = sorted(found + [run.span() for run in HAN.finditer(text)])
    start, end = found[0]
    for first, last in found[1:]:
        if first - end > WIDEST or not _joins(text, end, first):
            yield start, end
            start = first
        end = last
    yield start, end


def _joins(text: str, end: int, first: int) -> bool:
    """Whether what ends and begins at these places belongs to one phrase."""
    gap = text[end:first]
    return gap in GAPS or (gap == ". " and text[end - 3 : end] in MONTHS)


def _single(text: str, start: int, end: int) -> bool:
    said = text[start:end]
    if said == "一":
        return text[end : end + 1] not in DATED and text[start - 1 : start] not in WEEKLY
    return said in ("one", "first")


def _literally(text: str, start: int, end: int, known: str) -> bool:
    """Whether a phrase, with its unit, stands in a context and is no part of a longer number there."""
    if text.isascii() and _among(text, start, end) in known:  # the words beside it are the same too
        return True
    if text.startswith("分之", end):  # the twenty of a twentieth part is no twenty
        return False
    if text.endswith(LEADS, 0, start):
        start -= 2 if text[start - 1] in "期拜之" else 1
    end = unit_after(text, end)[2]
    said, after = text[start:end], text[end : end + 1]
    at = known.find(said)
    while at >= 0:
        follows = known[at + len(said) : at + len(said) + 1]
        same = (
            follows == after and follows in NUMERALS
        )  # 二尺四寸: what follows is a number of its own in both
        if (same or not _continued(known, at + len(said))) and not _led(known, at):
            return True
        at = known.find(said, at + 1)
    return False


def _among(text: str, start: int, end: int) -> str:
    """A phrase with the word before it and the word after it."""
    last = text.find(" ", end + 1)
    return text[text.rfind(" ", 0, max(0, start - 1)) + 1 : last if last >= 0 else len(text)]


def _continued(known: str, end: int) -> bool:
    """Whether a number or word may go on at this place."""
    c, beyond = known[end : end + 1], known[end + 1 : end + 2]
    if c in (" ", "-"):
        first, _, rest = known[end + 1 : end + 24].replace("-", " ").partition(" ")
        return beyond in NUMERALS or (first if first != "and" else rest.partition(" ")[0]) in NEEDLES
    if c in (".", ",", ":", "/"):
        return beyond in NUMERALS
    return c in NUMERALS or (c.isalpha() and c.isascii())


def _led(known: str, at: int) -> bool:
    """Whether a number or word may have begun before this place."""
    c, beyond = known[at - 1 : at], known[at - 2 : at - 1] if at > 1 else ""
    if c == " " and beyond in (",", ".", ";"):
        return False
    if c in (" ", "-"):
        led = known[max(0, at - 18) : at - 1].replace("-", " ").removesuffix(" and").rpartition(" ")[2]
        return led in NUMBER_WORDS or (c == "-" and beyond in NUMERALS)
    if c in (".", ",", ":", "/"):
        return beyond in NUMERALS
    return c in NUMERALS or (c.isalpha() and c.isascii())
