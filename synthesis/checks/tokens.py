"""A text as the checks compare it: folded, cut into words, and hashed by runs of words.

What is asked for by several checks of a text (`folded`, `spaced`, `vocabulary`, `spelled`, `runs` and
`sorted_runs`) remembers the last few texts: the checks share one reading of each.
"""

import unicodedata
from functools import lru_cache
from itertools import islice
from re import compile as pattern
from typing import Any

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

HAN = pattern("[\u3400-\u4dbf\u4e00-\u9fff]")
TOKEN = pattern("[\u3400-\u4dbf\u4e00-\u9fff]|[^\\W_\u3400-\u4dbf\u4e00-\u9fff]+")
SPELLED = pattern("[^\\W_\u3400-\u4dbf\u4e00-\u9fff]+")
# What becomes of each byte of an ASCII text: folded, spaces between the words, nothing (0) between them.
FOLDED = bytes(32 if chr(code).isspace() else ord(chr(code).lower()) for code in range(128)) + bytes(128)
SPACED = bytes(code if code < 128 and chr(code).isalnum() else 32 for code in range(256))
LETTERED = bytes(code if code < 128 and chr(code).isalnum() else 0 for code in range(256))
# What is common in texts, so that most need no further normalisation, which is slow; and what it would join.
PLAIN = dict(
    zip("\u2019\u2018\u201c\u201d\u2013\u2014\u2026，：；！？（）\u3000", "''\"\"--.,:;!?() ", strict=True)
)
PLAIN |= {"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "⅕": " 1/5", "⅛": " 1/8"}
LAST_CODE = 0xFFFF  # characters beyond are taken for none of a word
KEPT = 3  # a text, what it is held against, and one more
LETTERS, WORDS = 0x5851F42D4C957F2D, pow(0x9E3779B97F4A7C15, -1, 1 << 64)  # the bases of the hashes
FEWEST_BITS = 12  # powers of them are kept ready for 4096 places, or more
MIXER, HALF = np.uint64(0xD6E8FEB86659FD93), np.uint64(32)


def fold(text: str) -> str:
    r"""The text without case, typographic forms and superfluous white space.

    >>> fold("“Ada’s  BELL”") == '"ada\'s bell"'
    True
    """
    if text.isascii():
        text = text.encode().translate(FOLDED).decode("ascii")
    else:
        forms = _forms().take(np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16))
        if not forms.all():
            return _folded_slowly(text)
        text = forms.tobytes().decode("utf-16-le")
    while "  " in text:  # cheaper than to split and join, where little is to be done
        text = text.replace("  ", " ")
    return text.strip()


def _folded_slowly(text: str) -> str:
    for form, plain in PLAIN.items():
        text = text.replace(form, plain)
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=1)
def _forms() -> NDArray[np.uint16]:
    """What each UTF-16 unit becomes in a folded text; 0 where it is not one unit, or depends on its neighbours."""
    return np.array([_form(chr(code)) for code in range(LAST_CODE + 1)], np.uint16)


def _form(character: str) -> int:
    folded = unicodedata.normalize("NFKC", PLAIN.get(character, character)).casefold()
    if folded.isspace() and len(folded) == 1:
        return ord(" ")
    joins = unicodedata.category(character)[0] in "MC" or "\u1100" <= character <= "\u11ff"
    return 0 if joins or len(folded) != 1 or ord(folded) > LAST_CODE else ord(folded)


folded = lru_cache(maxsize=KEPT)(fold)


@lru_cache(maxsize=KEPT)
def spaced(plain: str) -> str:
    """A folded ASCII text with a space in the place of every character that is no letter or figure."""
    return plain.encode().translate(SPACED).decode("ascii")


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded and without punctuation; a Chinese character is a word.

    >>> words("Ada's 2nd bell: 钟.")
    ('ada', 's', '2nd', 'bell', '钟')
    """
    return tuple(_cut(folded(text)))


def counted(text: str, most: int) -> int:
    """How many words a text has, but never more than `most`: there the counting ends."""
    return sum(1 for _ in islice(TOKEN.finditer(folded(text)), most))


def _cut(plain: str) -> list[str]:
    return spaced(plain).split() if plain.isascii() else TOKEN.findall(plain)


@lru_cache(maxsize=KEPT)
def vocabulary(text: str) -> frozenset[str]:
    """The different words of the text."""
    return frozenset(_cut(folded(text)))


@lru_cache(maxsize=KEPT)
def spelled(text: str) -> frozenset[str]:
    """The different words of the text that are written in letters or figures: all but Chinese characters."""
    plain = folded(text)
    return vocabulary(text) if plain.isascii() else spelled_in(plain)


def spelled_in(plain: str) -> frozenset[str]:
    """The same of a folded text."""
    return frozenset(_cut(plain) if plain.isascii() else SPELLED.findall(plain))


def runs_in(plain: str, length: int) -> Hashes:
    """A hash of every run of `length` words of a folded text, in order; none for a shorter text."""
    return _runs(_sums(plain), length)


@lru_cache(maxsize=KEPT)
def runs(text: str, length: int) -> Hashes:
    """The same of a text that is not folded."""
    found = _runs(_kept_sums(text), length)
    found.flags.writeable = False
    return found


@lru_cache(maxsize=KEPT)
def sorted_runs(text: str, length: int) -> Hashes:
    """Hashes of the same runs, evenly spread, in ascending order; those of repeated runs as often as they occur."""
    found = runs(text, length)
    mixed = found >> HALF
    mixed ^= found
    mixed *= MIXER
    mixed.sort()
    return mixed


@lru_cache(maxsize=KEPT)
def _kept_sums(text: str) -> Hashes:
    return _sums(folded(text))


def _runs(sums: Hashes, length: int) -> Hashes:
    """What was summed up over each run of so many words, times the power that makes up for where it stands."""
    if len(sums) <= length:
        return sums[:0]
    found = sums[length:] - sums[:-length]
    found *= _powers(WORDS, len(sums))[1][length - 1 : len(sums) - 1]
    return found


def _sums(plain: str) -> Hashes:
    """The hashes of the words of a folded text, each times a power of WORDS, summed up from the first."""
    hashes = _hashes(plain)
    sums = np.zeros(len(hashes) + 1, np.uint64)
    hashes *= _powers(WORDS, len(sums))[0][: len(hashes)]
    hashes.cumsum(out=sums[1:])
    return sums


def _hashes(plain: str) -> Hashes:
    """A hash of every word, the same in every process: its letters as the digits of a number to LETTERS, mod 2**64.

    No word is looked up: a dictionary of a corpus's words costs more, because most of it is not in the cache.
    """
    if plain.isascii():
        raw = b"\0" + plain.encode().translate(LETTERED)
        codes: NDArray[np.integer[Any]] = np.frombuffer(raw, np.uint8)
        within = codes != 0
        first = (within[1:] > within[:-1]).nonzero()[0]
    else:
        codes = np.frombuffer(b"\0\0\0\0" + plain.encode("utf-32-le", "surrogatepass"), np.uint32)
        kinds = _kinds().take(codes, mode="clip")
        if b"\1" not in kinds.tobytes():  # Chinese alone
            return np.asarray(codes[kinds == 2], np.uint64)
        codes = codes * (kinds > 0)  # as in LETTERED
        before, after = kinds[:-1], kinds[1:]
        first = ((before != after) & (after > 0) | (after == 2)).nonzero()[0]
    if not len(first):
        return np.zeros(0, np.uint64)
    powers, inverses = _powers(LETTERS, len(codes))
    found = np.add.reduceat(codes[1:] * powers[: len(codes) - 1], first)
    found *= inverses.take(first)
    return found


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    """What each character of the basic plane is: nothing (0), a letter of a word (1), a word (2)."""
    characters = map(chr, range(LAST_CODE + 1))
    return np.array([2 if HAN.match(c) else int(c.isalnum()) for c in characters], np.uint8)


def _powers(base: int, count: int) -> tuple[Hashes, Hashes]:
    """The powers of a base and of its inverse, as many at least."""
    return _all_powers(base, max(FEWEST_BITS, count.bit_length()))


@lru_cache(maxsize=32)
def _all_powers(base: int, bits: int) -> tuple[Hashes, Hashes]:
    bases = np.array([[base], [pow(base, -1, 1 << 64)]], np.uint64).repeat(1 << bits, axis=1)
    bases[:, 0] = 1
    powers, inverses = np.cumprod(bases, axis=1)
    return powers, inverses
