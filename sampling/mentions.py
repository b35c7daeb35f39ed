"""Which of many names occur in a text: as whole words, whatever their case."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby, pairwise

from kg.extract.matching import spaceless
from kg.model import normal_name
from kg.scripts import QUOTES


class NamesInTexts:
    """The names of things, by row, and a search for all of them at once.

    A name occurs where its normal form (`kg.model.normal_name`, with plain apostrophes) stands in that of
    the text and begins and ends with a word; characters of scripts that are written without spaces
    (Chinese, Japanese kana, Thai) are words by themselves. A name inside a longer one does not occur there: "Dew House" is not "dew".

    A text costs one look-up a word, and where that word begins names, one more for each number of words
    that such names have; the number of names does not matter.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._rows: dict[str, list[int]] = {}
        sizes: dict[str, set[int]] = {}
        for row, name in enumerate(names):
            form = _form(name)
            known = self._rows.setdefault(form, [])
            known.append(row)
            if len(known) == 1 and (words := _words(form)):
                start, end = words[0]
                sizes.setdefault(form[start:end], set()).add(len(words))
        self._sizes = {first: tuple(sorted(some)) for first, some in sizes.items()}

    def rows(self, text: str) -> list[int]:
        """Rows of the names that occur in the text, ascending, once each."""
        form, known, sizes = _form(text), self._rows, self._sizes
        words = _words(form)
        found: set[str] = set()
        reached = -1
        for place, (start, end) in enumerate(words):
            for size in reversed(sizes.get(form[start:end], ())):
                last = place + size - 1
                if last <= reached:
                    break
                if last < len(words) and (piece := form[start : words[last][1]]) in known:
                    found.add(piece)
                    reached = last
                    break
        return sorted(row for name in found for row in known[name])


def _form(text: str) -> str:
    form = normal_name(text)
    return form if form.isascii() else form.translate(QUOTES)


def _words(form: str) -> list[tuple[int, int]]:
    """Start and end of each word, of each character of a script without spaces, and of each other mark."""
    spans = [match.span() for match in _pieces().finditer(form)]
    if form.isascii() or not any(map(spaceless, form)):
        return spans
    return [span for start, end in spans for span in _parts(form, start, end)]


def _parts(form: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The piece with each character of a script without spaces by itself."""
    for alone, characters in groupby(form[start:end], spaceless):
        stop = start + len(list(characters))
        if alone:
            yield from pairwise(range(start, stop + 1))
        else:
            yield start, stop
        start = stop


@cache
def _pieces() -> re.Pattern[str]:
    """A run of letters, digits and the marks on them, or one character of another kind."""
    marks = "".join(c for c in map(chr, range(0x300, 0x20000)) if unicodedata.category(c).startswith("M"))
    return re.compile(rf"\w+(?:[{marks}]+\w*)*|[^\w\s]")
