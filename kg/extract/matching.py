"""Finding many names in a text at once: a trie of characters, longest match first.

Latin names match whole words; names in scripts without spaces (Chinese, Japanese kana, Thai) match
wherever they stand. Cost: one step a character of text and, where a name begins, one a character
of the longest name that fits; the number of names does not matter.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_VALUE = ""


@dataclass(frozen=True, slots=True)
class Match:
    """`text[start:end]` is one of the names of `value`."""

    start: int
    end: int
    value: str


def spaceless(character: str) -> bool:
    """Whether the character's script writes words without spaces between them.

    >>> spaceless("河"), spaceless("k")
    (True, False)
    """
    return (
        "\u3040" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U0003134f"
        or "\u0e00" <= character <= "\u0eff"
    )


class Names:
    """Names to look for, each with the value it stands for."""

    def __init__(self, names: Mapping[str, str], *, ignore_case: bool = True) -> None:
        self._fold = _folded if ignore_case else _same
        self._root: dict[str, Any] = {}
        for name, value in names.items():
            node = self._root
            for character in self._fold(" ".join(name.split())):
                node = node.setdefault(character, {})
            if node is not self._root:
                node.setdefault(_VALUE, value)

    def find(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Match]:
        """The names in `text[start:end]` in order, longest first, none overlapping another."""
        stop = len(text) if end is None else end
        folded = self._fold(text)
        i = start
        while i < stop:
            character = folded[i]
            if character not in self._root or (i > start and _inside_word(text[i - 1], text[i])):
                i += 1
                continue
            last, value = self._longest(text, folded, i, stop)
            if last:
                yield Match(i, last, value)
            i = last or i + 1

    def _longest(self, text: str, folded: str, i: int, stop: int) -> tuple[int, str]:
        node, j = self._root, i
        last, value = 0, ""
        while j < stop:
            character = folded[j]
            if character.isspace():
                following = node.get(" ")
                j += 1
                while following is not None and j < stop and folded[j].isspace():
                    j += 1
            else:
                following = node.get(character)
                j += 1
            if following is None:
                break
            node = following
            if _VALUE in node and (j >= stop or not _inside_word(text[j - 1], text[j])):
                last, value = j, node[_VALUE]
        return last, value


def _inside_word(before: str, after: str) -> bool:
    """Whether a word of a spaced script goes on from one character to the next."""
    if not ((before.isalnum() or before == "_") and (after.isalnum() or after == "_")):
        return unicodedata.combining(after) != 0
    return not spaceless(before) and not spaceless(after)


def _folded(text: str) -> str:
    """Lower case, character by character, so that offsets stay."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def _same(text: str) -> str:
    return text
