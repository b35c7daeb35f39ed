"""Names in their plainest letters: without accents and quotation marks, Chinese ones simplified.

`kg.names` builds on this; it knows words, this knows letters and Chinese numbers.
"""

import re
import unicodedata
from functools import lru_cache
from importlib import resources

from kg.model import normal_name

LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h", "ŀ": "l"}
)
QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "`": "'", "\uff07": "'"})
ACCENTED = re.compile("([a-z\u0370-\u03ff])[\u0300-\u036f]+")
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")

HAN_DIGITS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "两": "2",
}
HAN_NUMBER = re.compile("[零〇一二三四五六七八九两十百]+")
MIDDLE_DOTS = re.compile("[•‧・･∙●·]")
HAN_MARKS = re.compile(
    r"(?<!\d)[\s,，。.、!！?？:：;；'\"()（）\[\]_-]+|[\s,，。.、!！?？:：;；'\"()（）\[\]_-]+(?!\d)"
)
"""Marks left out of a Chinese name, but for those between two digits: 2.1 is not 21."""
HAN_COUNTERS = "号世第期年届卷版次代世月日楼室路"


@lru_cache(maxsize=1)
def traditional() -> dict[int, str]:
    """Each traditional Chinese character with its simplified form, from the Unicode Character Database."""
    text = resources.files("kg.resolution").joinpath("traditional.txt").read_text("utf-8")
    source, target = [line for line in text.splitlines() if not line.startswith("#")]
    return {ord(a): b for a, b in zip(source, target, strict=True)}


def is_chinese(name: str) -> bool:
    """Whether the name has a Chinese character in it."""
    return HAN.search(name) is not None


def plain(name: str) -> str:
    """The name without accents, quotation marks and traditional characters, folded; spaces kept.

    >>> plain("Müller’s “Ørsted”")
    "muller's orsted"
    """
    text = normal_name(name).translate(QUOTES).translate(traditional())
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    if not text.isascii():
        text = ACCENTED.sub(r"\1", unicodedata.normalize("NFD", text.translate(LETTERS)))
        text = unicodedata.normalize("NFC", text)
    return re.sub(r"[\"“”„«»《》〈〉「」『』【】]", "", text).strip()


def han_number(text: str) -> str:
    """A Chinese number in digits: 一九零四 is 1904, 二十三 is 23, 十 is 10."""
    if not any(unit in text for unit in "十百"):
        return "".join(HAN_DIGITS[digit] for digit in text)
    total, digit = 0, 0
    for c in text:
        if c in HAN_DIGITS:
            digit = int(HAN_DIGITS[c])
        else:
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
    return str(total + digit)


def han_form(name: str) -> str:
    """A Chinese name without spaces, dots and marks, simplified, numbers before a counter in digits.

    >>> han_form("第三號碼頭"), han_form("约翰•哈特利"), han_form("3号码头")
    ('第3号码头', '约翰·哈特利', '3号码头')
    """
    text = HAN_MARKS.sub("", MIDDLE_DOTS.sub("·", plain(name)))

    def digits(match: re.Match[str]) -> str:
        around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        counted = any(c in HAN_COUNTERS for c in around)
        return han_number(match[0]) if counted or len(match[0]) == 4 else match[0]

    return HAN_NUMBER.sub(digits, text).strip("·")
