"""Chinese terms of a document: strings that hold together, stand free and come back.

A dictionary does not know invented words, so new ones are found by counting: the parts of a word
occur together far more often than by chance (pointwise mutual information), and many different
characters stand before and after it (branching entropy). Known nouns need only come back often.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log2

from kg.extract.chinese_cues import FUNCTION, GENERIC
from kg.extract.chinese_names import Word

_HAN = re.compile("[\u3400-\u9fff]+")
_LONGEST = 6
_NEVER_INSIDE = frozenset("的了着是吗呢吧啊么我你他她它们这那哪谁不没也就都很")
_NEVER_FIRST = FUNCTION | frozenset("位个只条张把口支件名年月日天次种些等般样")
_NEVER_LAST = FUNCTION | frozenset("位个只条张些等般样")


@dataclass(slots=True)
class _String:
    """One string of characters and what stood around it."""

    count: int = 0
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)


def new_words(sentences: Iterable[str], *, at_least: int = 3) -> dict[str, int]:
    """Strings of 2 to 6 Chinese characters that behave like words, with how often they occur."""
    found: dict[str, _String] = {}
    single: Counter[str] = Counter()
    edge = 0
    for sentence in sentences:
        for run in _HAN.findall(sentence):
            single.update(run)
            for i in range(len(run)):
                for j in range(i + 2, min(len(run), i + _LONGEST) + 1):
                    string = found.setdefault(run[i:j], _String())
                    string.count += 1
                    edge += 1
                    string.before[run[i - 1] if i else f"<{edge}"] += 1
                    string.after[run[j] if j < len(run) else f">{edge}"] += 1
    total = max(1, single.total())

    def count(part: str) -> int:
        return single[part] if len(part) == 1 else found[part].count

    words: dict[str, int] = {}
    for text, string in found.items():
        if (
            string.count < at_least
            or text[0] in _NEVER_FIRST
            or text[-1] in _NEVER_LAST
            or set(text) & _NEVER_INSIDE
        ):
            continue
        cohesion = min(
            log2(string.count * total / (count(text[:k]) * count(text[k:]))) for k in range(1, len(text))
        )
        if cohesion >= 3 and min(entropy(string.before), entropy(string.after)) >= 0.9:
            words[text] = string.count
    return _without_parts(words)


def _without_parts(words: dict[str, int]) -> dict[str, int]:
    """Without strings that mostly occur inside a longer one of the same standing."""
    inside: Counter[str] = Counter()
    for text, count in words.items():
        parts = {text[i:j] for i in range(len(text)) for j in range(i + 2, len(text) + 1)} - {text}
        for part in parts & words.keys():
            inside[part] = max(inside[part], count)
    return {text: count for text, count in words.items() if count > inside[text] * 1.34}


def entropy(counts: Counter[str]) -> float:
    """Bits of surprise in what is counted: 0 where it is always the same.

    >>> entropy(Counter("abab"))
    1.0
    """
    total = counts.total()
    return -sum(n / total * log2(n / total) for n in counts.values()) if total else 0.0


def known_nouns(words: Sequence[Word], characters: int) -> dict[str, int]:
    """Nouns of jieba's dictionary that a text of so many characters keeps coming back to."""
    counts = Counter(
        word.text
        for word in words
        if word.flag in ("n", "ng", "nz") and word.text not in GENERIC and word.text[0] not in _NEVER_FIRST
    )
    often = 2 if characters < 4000 else 3 if characters < 12_000 else 4
    single = max(5, characters // 500)
    return {
        text: count
        for text, count in counts.items()
        if (len(text) > 1 and count >= often and not set(text) & _NEVER_INSIDE)
        or (len(text) == 1 and count >= single and _HAN.match(text) and text not in FUNCTION)
    }
