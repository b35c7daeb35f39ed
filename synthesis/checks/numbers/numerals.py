"""Number words by value: English ("forty-one", "three quarters") and Chinese ("三千二百", "一九二三")."""

import re
from collections.abc import Collection, Iterator, Set
from functools import lru_cache
from typing import NamedTuple

from synthesis.checks.tokens import TOKEN, spaced, vocabulary

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
ONES = {word: value for value, word in enumerate(SMALL.split())}
TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
} | {
    "thirtieth": 30,
    "fortieth": 40,
    "fiftieth": 50,
    "sixtieth": 60,
    "seventieth": 70,
    "eightieth": 80,
    "ninetieth": 90,
    "hundredth": 100,
    "thousandth": 1000,
}
PARTS = {"third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "tenth": 10}
PLURAL_PARTS = {f"{word}s": value for word, value in (ORDINALS | PARTS).items() if value > 2}
HELD = {"dozen": 12, "score": 20}
NUMBER_WORDS = frozenset(
    {*ONES, *TENS, *SCALES, *ORDINALS, *PARTS, *PLURAL_PARTS, *HELD, "half", "halves", "couple"}
)
MANY = 60
JOINTS = frozenset({" ", "-", " and ", "-and-", " and a ", "-and-a-", " a ", " of a "})
CENTURIES = range(13, 21)
FIGURES = "0123456789"
LARGEST = 10**15  # what is larger is no number of a text, but a game

HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "廿": 20, "卅": 30}
HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
LONGEST = 16
FEW_RUNS = 1024  # whose values are remembered: most texts write the same few numbers
HAN = re.compile(f"[{''.join(HAN_DIGITS)}{''.join(HAN_SCALES)}]+")
ROMAN = {
    tens + ones: 10 * ten + one
    for ten, tens in enumerate(("", "x", "xx", "xxx", "xl"))
    for one, ones in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if tens or ones
}


class Numeral(NamedTuple):
    """A number in words at `text[start:end]`; more than one value where it can be read in more ways."""

    start: int
    end: int
    values: tuple[float, ...]
    ordinal: bool = False


class Spot(NamedTuple):
    """One number word, and what stands between it and the one before."""

    word: str
    start: int
    end: int
    gap: str


def figures(text: str, there: Set[str]) -> list[str]:
    """Those of a text's words that begin with a figure."""
    return [word for word in there if word < ":"] if any(map(text.__contains__, FIGURES)) else []


def spots(text: str, needles: Collection[str]) -> list[tuple[int, str]]:
    """Where the words stand in a folded text, as whole words; Chinese characters may stand beside them."""
    if len(needles) > MANY:
        wanted = frozenset(needles)
        return [(word.start(), word[0]) for word in TOKEN.finditer(text) if word[0] in wanted]
    found: list[tuple[int, str]] = []
    if text.isascii():
        plain = f" {spaced(text)} "
        for needle in needles:
            alone = f" {needle} "
            at = plain.find(alone)
            while at >= 0:
                found.append((at, needle))
                at = plain.find(alone, at + 1)
        found.sort()
        return found
    for needle in needles:
        at = text.find(needle)
        while at >= 0:
            end = at + len(needle)
            if not (_lettered(text[at - 1 : at]) or _lettered(text[end : end + 1])):
                found.append((at, needle))
            at = text.find(needle, end)
    return sorted(found)


def _lettered(character: str) -> bool:
    return character.isalnum() and not "\u3400" <= character <= "\u9fff"


def english(text: str, there: Set[str] | None = None) -> list[Numeral]:
    """The numbers in words of a folded text; `there` are its different words, where they are known.

    >>> [numeral.values for numeral in english("three hundred and twelve of the twenty-one, and half a dozen")]
    [(312,), (21,), (6.0,)]
    >>> [numeral.values for numeral in english("eighteen seventy-four; two and a half; two thirds")]
    [(1874,), (2.5,), (0.6666666666666666,)]
    """
    numerals: list[Numeral] = []
    group: list[Spot] = []
    for at, word in spots(text, NUMBER_WORDS & (vocabulary(text) if there is None else there)):
        gap = text[group[-1].end : at] if group else ""
        if group and gap not in JOINTS:
            numerals += _read(text, group)
            group = []
        group.append(Spot(word, at, at + len(word), gap))
    return numerals + list(_read(text, group)) if group else numerals


def _read(text: str, group: list[Spot]) -> Iterator[Numeral]:
    """One number after the other out of words that stand together."""
    at = 0
    while at < len(group):
        after, values = _number(text, group, at)
        if values and values[-1] % 1 and after < len(group) and group[after].word in SCALES:
            wanted = (
                (" a ", " of a ") if values[-1] < 1 else (" ",)
            )  # "half a million", "one and a half million"
            if group[after].gap in wanted:
                values = (values[-1] * SCALES[group[after].word],)
                after += 1
        if values:
            ordinal = group[after - 1].word in ORDINALS and values[0] >= 1
            yield Numeral(group[at].start, group[after - 1].end, values, ordinal)
        at = after


def _number(text: str, group: list[Spot], at: int) -> tuple[int, tuple[float, ...]]:
    """The longest number that begins here: the place after it, and its values, none for "several hundred"."""
    word, start = group[at].word, group[at].start
    after_a = text.endswith(" a ", 0, start) or (start == 2 and text.startswith("a "))
    if word in ONES or word in TENS:
        return _grown(group, at + 1, 0, ONES[word] if word in ONES else TENS[word])
    counts = (
        at + 1 < len(group)
        and group[at + 1].gap in (" and ", "-and-")
        and group[at + 1].word in ONES.keys() | TENS.keys()
    )
    if word in SCALES and (after_a or counts):  # "a hundred", "all hundred and sixty"
        return _grown(group, at + 1, *((0, 100) if word == "hundred" else (SCALES[word], 0)))
    if word in ORDINALS:
        fraction = (1 / ORDINALS[word],) if after_a and ORDINALS[word] > 2 else ()
        return at + 1, (ORDINALS[word], *fraction)
    if word in ("half", "halves"):
        dozen = at + 1 < len(group) and group[at + 1].word == "dozen"
        return (at + 2, (6.0,)) if dozen else (at + 1, (0.5,))
    if word == "couple":
        return at + 1, (2,)
    of = text.startswith(" of", group[at].end)
    if after_a and (word == "dozen" or (word == "score" and of)):
        return at + 1, (HELD[word],)
    return at + 1, (0.25,) if word == "quarter" and after_a and of else ()


def _grown(group: list[Spot], at: int, total: int, part: int) -> tuple[int, tuple[float, ...]]:
    """A number that has begun, with every word that belongs to it; `total` counts whole thousands."""
    while at < len(group):
        word, gap = group[at].word, group[at].gap
        value = ONES.get(word, TENS.get(word, 0))
        joined = gap in (" ", "-")
        tens = joined and part % 100 >= 20 and part % 10 == 0
        follows = gap in (" ", "-") or (gap in (" and ", "-and-") and not _anew(group, at, total, part))
        follows = follows and _open(total, part)
        if word == "hundred" and joined and 0 < part < 100:
            part *= 100
        elif word in SCALES and joined and 0 < part + total < LARGEST:
            scale = SCALES[word]
            total, part = total + part * scale if total > scale else (total + part) * scale, 0
        elif value and (follows or (tens and value < 10)):
            part += value
        elif value >= 10 and joined and part in CENTURIES and not total:
            part = part * 100 + value
        elif word in ORDINALS and ORDINALS[word] > 2 and joined and part == 1 and not total:
            return at + 1, (1 / ORDINALS[word],)  # "one hundredth part"
        elif word in ORDINALS and (follows or tens):
            number = total + part
            return at + 1, (number + ORDINALS[word], *((number,) if word == "second" else ()))
        elif joined and (word in PLURAL_PARTS or (word in PARTS and part == 1 and not total)):
            return at + 1, ((total + part) / (PLURAL_PARTS | PARTS)[word],)
        elif joined and word in HELD:
            return at + 1, ((total + part) * HELD[word],)
        elif word == "half" and gap in (" and a ", "-and-a-"):
            scale = SCALES.get(group[at - 1].word, 1)  # "a million and a half"
            return at + 1, (total + part + 0.5, *((total + part + scale / 2,) if scale > 1 else ()))
        else:
            break
        at += 1
    return at, (total + part,)


def _anew(group: list[Spot], at: int, total: int, part: int) -> bool:
    """Whether a number of its own begins after an "and": "two thousand and three thousand", "one hundred and two
    hundred"."""
    for spot in group[at + 1 :]:
        if spot.gap not in (" ", "-"):
            break
        if spot.word == "hundred":
            return part >= 100
        if spot.word in SCALES:
            return 0 < total < 1000 * SCALES[spot.word]
    return False


def _open(total: int, part: int) -> bool:
    """Whether a number may follow within the same number: after a hundred or a thousand."""
    return (part >= 100 and part % 100 == 0) or (total > 0 and part == 0)


@lru_cache(maxsize=FEW_RUNS)
def han(run: str) -> tuple[float, ...]:
    """The values of a run of Chinese numerals; none where it is no number, two where it means "three or four".

    >>> han("三千二百"), han("一八七四"), han("一百二"), han("三四")
    ((3200,), (1874,), (120,), (3, 4, 34))
    """
    if len(run) > LONGEST:
        return ()
    if not any(c in HAN_SCALES for c in run):
        digits = [HAN_DIGITS[c] for c in run]
        if len(digits) == 1:
            return (digits[0],)
        if any(digit > 9 for digit in digits):
            return (sum(digits),) if digits[0] > 9 and len(digits) == 2 else ()
        number = int("".join(map(str, digits)))
        return (*digits, number) if len(digits) == 2 and digits[1] == digits[0] + 1 else (number,)
    few, more = (HAN_DIGITS.get(c, 9) for c in (run[0], run[1:2]))
    if len(run) == 3 and run[2] in HAN_SCALES and 0 < few < 9 and more == few + 1:  # 二三十
        return few * HAN_SCALES[run[2]], more * HAN_SCALES[run[2]]
    total = section = 0
    digit: int | None = None
    scale = 1
    for c in run:
        if c in HAN_DIGITS:
            scale = 1 if c in "零〇" else scale
            digit = HAN_DIGITS[c]
            if digit > 9:
                section, digit, scale = section + digit, None, 1
        elif c in "万亿":
            scale = HAN_SCALES[c]
            below = section + (digit or 0)
            total = total + below * scale if total > scale else (total + below or 1) * scale
            section, digit = 0, None
        else:
            scale = HAN_SCALES[c]
            section += (1 if digit is None else digit) * scale
            digit = None
    return (total + section + (digit or 0) * max(1, scale // 10),)
