"""A text as the checks compare it: folded, cut into words, and hashed by runs of words.

All but `fold` and `words` remember the last few texts: the checks of one text share one reading of it.
"""

import unicodedata
from functools import lru_cache
from re import compile as pattern
from typing import Any

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

HAN = pattern("[\u3400-\u4dbf\u4e00-\u9fff]")
TOKEN = pattern("[\u3400-\u4dbf\u4e00-\u9fff]|[^\\W_\u3400-\u4dbf\u4e00-\u9fff]+")
SPACES = {code: " " for code in range(128) if not chr(code).isalnum()}
# What is common in texts, so that most need no further normalisation, which is slow; and what it would join.
PLAIN = dict(
    zip("\u2019\u2018\u201c\u201d\u2013\u2014\u2026，：；！？（）\u3000", "''\"\"--.,:;!?() ", strict=True)
)
PLAIN |= {"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "⅕": " 1/5", "⅛": " 1/8"}
ALPHANUMERIC = bytes(code < 128 and chr(code).isalnum() for code in range(256))
LAST_CODE = 0xFFFF  # characters beyond are taken for none of a word
KEPT = 3  # a text, what it is held against, and one more
BASE = 0x5851F42D4C957F2D

FACTORS = [np.uint64(pow(0x9E3779B97F4A7C15, power, 1 << 64)) for power in range(8)]
MIXER, HALF = np.uint64(0xD6E8FEB86659FD93), np.uint64(32)


def fold(text: str) -> str:
    r"""The text without case, typographic forms and superfluous white space.

    >>> fold("“Ada’s  BELL”") == '"ada\'s bell"'
    True
    """
    if not text.isascii():
        for form, plain in PLAIN.items():
            text = text.replace(form, plain)
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text)
    text = text.casefold().replace("\n", " ")
    if not text.isprintable():
        return " ".join(text.split())
    while "  " in text:  # cheaper than to split and join, where little is to be done
        text = text.replace("  ", " ")
    return text.strip()


folded = lru_cache(maxsize=KEPT)(fold)


@lru_cache(maxsize=KEPT)
def spaced(plain: str) -> str:
    """A folded text with a space in the place of every ASCII character that is no letter or figure."""
    return plain.translate(SPACES)


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded and without punctuation; a Chinese character is a word.

    >>> words("Ada's 2nd bell: 钟.")
    ('ada', 's', '2nd', 'bell', '钟')
    """
    plain = folded(text)
    return tuple(spaced(plain).split() if plain.isascii() else TOKEN.findall(plain))


@lru_cache(maxsize=KEPT)
def vocabulary(text: str) -> frozenset[str]:
    """The different words of the text."""
    return frozenset(words(text))


@lru_cache(maxsize=KEPT)
def _hashes(text: str) -> Hashes:
    """A hash of every word, the same in every process: its letters as the digits of a number to BASE, mod 2**64.

    No word is looked up: a dictionary of a corpus's words costs more, because most of it is not in the cache.
    """
    text = folded(text)
    if text.isascii():
        raw = text.encode()
        codes: NDArray[np.integer[Any]] = np.frombuffer(raw, np.uint8)
        within = np.frombuffer(b"\0" + raw.translate(ALPHANUMERIC) + b"\0", np.int8)
        edges = np.flatnonzero(within[1:] != within[:-1])
        first, last = edges[::2], edges[1::2]
    else:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        kinds = np.zeros(len(codes) + 2, np.uint8)
        kinds[1:-1] = _kinds()[np.minimum(codes, LAST_CODE)]
        before, after = kinds[:-1], kinds[1:]
        apart = (before != after) | (after == 2)
        first, last = np.flatnonzero(apart & (after > 0)), np.flatnonzero(apart & (before > 0))
    powers, inverses = _powers(len(codes).bit_length())
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes * powers[: len(codes)], out=sums[1:])
    return (sums[last] - sums[first]) * inverses[first]


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    """What each character of the basic plane is: nothing (0), a letter of a word (1), a word (2)."""
    characters = map(chr, range(LAST_CODE + 1))
    return np.array([2 if HAN.match(c) else int(c.isalnum()) for c in characters], np.uint8)


@lru_cache(maxsize=32)
def _powers(bits: int) -> tuple[Hashes, Hashes]:
    """The powers of BASE and of its inverse for texts of fewer than `2**bits` characters."""
    bases = np.array([[BASE], [pow(BASE, -1, 1 << 64)]], np.uint64).repeat(1 << max(12, bits), axis=1)
    bases[:, 0] = 1
    powers, inverses = np.cumprod(bases, axis=1)
    return powers, inverses


@lru_cache(maxsize=KEPT)
def runs(text: str, length: int) -> Hashes:
    """A hash of every run of `length` words (eight at most), in order; none for a shorter text."""
    hashes = _hashes(text)
    if len(hashes) < length:
        return hashes[:0]
    joined = _joined(hashes, length)
    joined = (joined ^ (joined >> HALF)) * MIXER
    joined.flags.writeable = False
    return joined


@lru_cache(maxsize=KEPT)
def sorted_runs(text: str, length: int) -> Hashes:
    """The same hashes in ascending order, those of repeated runs as often as they occur."""
    return np.sort(runs(text, length))


def _joined(hashes: Hashes, length: int) -> Hashes:
    """The runs of `length` out of two shorter ones beside each other: a polynomial modulo 2**64."""
    if length == 1:
        return hashes
    half = length // 2
    left = _joined(hashes, half)
    right = left if length == 2 * half else _joined(hashes, length - half)
    count = len(hashes) - length + 1
    return left[:count] * FACTORS[length - half] + right[half : half + count]
