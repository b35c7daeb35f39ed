"""Which sentences of a context a sentence is about: those that share most words with it, and their neighbours."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

KEPT = 512
LEAST = 4
"""Letters of an English word that is looked at; it is compared by so many of them and one more."""
WORDS = re.compile(f"[a-z]{{{LEAST},}}")
HAN_RUN = re.compile("[\u3400-\u9fff]{2,}")
BEST = 2
"""Sentences of which each may be what the sentence is about; their neighbours belong to them."""


def groups(text: str, known: Sequence[str]) -> list[tuple[int, ...]]:
    """Places of neighbouring sentences `known` that a text may rest on, all folded, each group by itself: the
    two that share most with it with the one before and the one after them, and both together.

    >>> groups("The mill burnt down.", ["Ann built the mill.", "It burnt in May.", "The mill was sold."])
    [(0, 1), (1, 2)]
    """
    if not known:
        return []
    held = [_words(sentence) for sentence in known]
    spread = Counter(word for words in held for word in words)
    said = _words(text)
    scores = [sum(1 / spread[word] for word in sorted(said & words)) for words in held]
    ranked = sorted(range(len(known)), key=lambda row: (-scores[row], row))[:BEST]
    best = [row for row in ranked if scores[row] > 0] or ranked[:1]
    found = [(row, row + 1) for one in best for row in (one - 1, one) if row >= 0 and row + 1 < len(known)]
    if len(best) > 1 and abs(best[0] - best[1]) > 1:
        found.append((min(best), max(best)))
    return sorted(set(found)) or [(best[0],)]


@lru_cache(maxsize=KEPT)
def _words(text: str) -> frozenset[str]:
    found = {word[: LEAST + 1] for word in WORDS.findall(text)}
    for run in HAN_RUN.findall(text):
        found |= {run[at : at + 2] for at in range(len(run) - 1)}
    return frozenset(found)
