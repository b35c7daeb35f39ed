"""Words with a capital, and how two spellings of one are compared."""

import re
import unicodedata
from functools import lru_cache

from synthesis.checks.tokens import KEPT

# Of the letters beyond Latin-1 those of the languages of central Europe and the Baltic, and the Turkish.
FIRST = "A-Z\u00c0-\u00d6\u00d8-\u00de" + "".join(filter(str.isupper, map(chr, range(0x100, 0x180))))
WORD = f"[{FIRST}][^\\W_]*+(?:['\u2019][A-Z][^\\W_]*+)?+"
CAPITAL = re.compile(WORD)
NAME = re.compile(f"{WORD}(?: {WORD})*+")
# Letters that no normalisation takes apart.
LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss"}
)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def without_accents(word: str) -> str:
    """A folded word in plain letters: "lodz" for "łódź"."""
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFKD", word.translate(LETTERS))
    return "".join(c for c in plain if not unicodedata.combining(c))


def written_out(word: str) -> str:
    """A folded word with its umlauts as two letters, the rest without accents: "mueller" for "müller"."""
    return without_accents(word.translate(UMLAUTS))


@lru_cache(maxsize=KEPT)
def capitalised(text: str) -> frozenset[str]:
    """The words of a text that it writes with a capital somewhere, folded and without accents.

    >>> sorted(capitalised("Anna lives in Łódź; she sold O'Hara's bell."))
    ['anna', 'lodz', "o'hara"]
    """
    words = {word.casefold().replace("\u2019", "'") for word in CAPITAL.findall(text)}
    return frozenset(map(without_accents, words))
