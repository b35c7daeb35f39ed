"""Chinese entities by part of speech, by the build of names, and by how words behave in a document.

The only module that imports jieba. Its dictionary cuts the text and names the known; invented names
are found by `chinese_names` and `chinese_terms`. Names in one sentence are related, with the verb
between them as label where there is just one, else as "mentioned with".
"""

import logging
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

from kg.extract.base import ExtractError
from kg.extract.chinese_cues import CONCEPT, GENERIC, OBJECT
from kg.extract.chinese_names import Hint, Word, built, glosses, kind_of, written
from kg.extract.chinese_terms import known_nouns, new_words
from kg.extract.matching import Match, Names
from kg.extract.sightings import Sight, Sightings, Statement, most, state_together
from kg.model import Chunk, Document, GraphError, normal_name
from kg.sentences import sentences
from kg.store import Reading

VERSION = "1"
_MOST_CHARACTERS = 100_000
_FARTHEST = 14
_LONGEST_TITLE = 3
_NO_LABEL = frozenset("是 有 在 说 叫 到 来 去 要 会 能 可以 应该 没有 不是".split())

Sentence = tuple[Chunk, int, int]


class JiebaExtractor:
    """Reads Chinese with jieba's dictionary and rules of our own."""

    name = "jieba"

    def __init__(self) -> None:
        self._tagger: Any = None  # jieba brings no types

    @property
    def fingerprint(self) -> str:
        """Version of these rules and of jieba."""
        from importlib.metadata import version

        self.check()
        return f"jieba {VERSION} {version('jieba')}"

    def check(self) -> None:
        """Raise ExtractError where jieba is not installed."""
        if find_spec("jieba") is None:
            raise ExtractError(
                "the extractor 'jieba' needs jieba, which is not installed. Install it with: pip install jieba"
            )

    def read(
        self, documents: Iterable[tuple[Document, Sequence[Chunk]]]
    ) -> Iterator[tuple[Document, Reading | GraphError]]:
        """Each document with its names and terms."""
        self.check()
        fingerprint = self.fingerprint
        for document, chunks in documents:
            sightings = Sightings(document)
            for portion in portions(document, chunks):
                self._read(portion, sightings)
            yield document, sightings.reading(chunks, fingerprint)

    def _read(self, portion: Sequence[Sentence], sightings: Sightings) -> None:
        text = sightings.document.text
        cut = [self.words(text[start:end], start) for _, start, end in portion]
        plain = [text[start:end] for _, start, end in portion]
        chosen = choose(cut, plain)
        matcher = Names({name: name for name in chosen}, ignore_case=False)
        for (chunk, start, end), words in zip(portion, cut, strict=True):
            matches = list(_fitting(matcher.find(text, start, end), words))
            glossed = _glossed(text, start, end, matches)
            sights = []
            for match in matches:
                key = sightings.name(match.value, chosen[match.value])
                sightings.mention(key, chunk, match.start, match.end)
                sights.append(Sight(key, match.start, match.end))
                for place in glossed.get(match, ()):
                    sightings.mention(key, chunk, *place)
            joined = []
            for source, label, target in _between(matches, words):
                one, other = normal_name(source), normal_name(target)
                sightings.state(Statement(one, label, other, chunk.id, start, end))
                joined.append((one, other))
            state_together(sightings, sights, chunk.id, start, end, joined)

    def words(self, text: str, start: int) -> list[Word]:
        """The words of a text that stands at `start` in its document."""
        if self._tagger is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # its source has escapes that new Pythons warn of
                import jieba
                import jieba.posseg
            logging.getLogger("jieba").setLevel(logging.WARNING)
            self._tagger = jieba.posseg.POSTokenizer(jieba.Tokenizer())
        found, at = [], start
        for pair in self._tagger.cut(text):
            found.append(Word(pair.word, pair.flag, at))
            at += len(pair.word)
        return found


def portions(document: Document, chunks: Sequence[Chunk]) -> Iterator[list[Sentence]]:
    """The sentences of a document, all at once or, in a very long one, 100,000 characters at a time."""
    found: list[Sentence] = []
    size = 0
    for chunk in chunks:
        for start, end in sentences(document.text, chunk.start, chunk.end, "zh"):
            found.append((chunk, start, end))
            size += end - start
        if size > _MOST_CHARACTERS:
            yield found
            found, size = [], 0
    if found:
        yield found


def choose(cut: Sequence[Sequence[Word]], plain: Sequence[str]) -> dict[str, str]:
    """The names and terms of a document with their types, from its cut and its plain sentences."""
    strength: Counter[str] = Counter()
    types: dict[str, Counter[str]] = {}
    hints: list[Hint] = [hint for sentence in plain for hint in written(sentence)]
    hints += [hint for words in cut for hint in built(words)]
    for hint in hints:
        strength[hint.name] += hint.strength
        types.setdefault(hint.name, Counter())[hint.type] += hint.strength
    text = "\n".join(plain)
    chosen = {
        name: most(types[name]) for name, points in strength.items() if points >= 2 and name not in GENERIC
    }
    for name, count in new_words(plain).items():
        if name not in GENERIC and not _fragment(name, count, chosen, text):
            chosen.setdefault(name, kind_of(name, OBJECT))
    for name in known_nouns([word for words in cut for word in words], len(text)):
        chosen.setdefault(name, kind_of(name, CONCEPT if len(name) > 1 else OBJECT))
    return chosen


def _fragment(name: str, count: int, chosen: dict[str, str], text: str) -> bool:
    """Whether the string mostly occurs inside a name that is chosen already."""
    inside = sum(text.count(other) for other in chosen if name in other and name != other)
    return inside * 3 > count * 2


def _fitting(matches: Iterable[Match], words: Sequence[Word]) -> Iterator[Match]:
    """The matches that do not cut a longer word in two: 蛙 is not a mention in 青蛙."""
    begins = {word.start: word for word in words}
    ends = {word.end for word in words}
    for match in matches:
        if match.end - match.start > 1 or (match.start in begins and match.end in ends):
            yield match


def _glossed(text: str, start: int, end: int, matches: Sequence[Match]) -> dict[Match, list[tuple[int, int]]]:
    """Where a name is said again in Latin letters: 霍德森（Hodgson）, 霍德森医生（Dr. Hodgson）."""
    found: dict[Match, list[tuple[int, int]]] = {}
    for bracket, gloss in glosses(text[start:end]):
        at = text.index(gloss, start + bracket)
        before = [match for match in matches if 0 <= start + bracket - match.end <= _LONGEST_TITLE]
        if before:
            found.setdefault(before[-1], []).append((at, at + len(gloss)))
    return found


def _between(matches: Sequence[Match], words: Sequence[Word]) -> Iterator[tuple[str, str, str]]:
    """Neighbouring names joined by the one verb that stands between them."""
    for one, other in pairwise(matches):
        gap = [word for word in words if word.start >= one.end and word.end <= other.start]
        if not gap or other.start - one.end > _FARTHEST or any(word.text in "，。；、：！？" for word in gap):
            continue
        verbs = [
            word.text for word in gap if word.flag in ("v", "vd", "vi", "p") and word.text not in _NO_LABEL
        ]
        plain = [word.text for word in gap if word.text in _NO_LABEL]
        if len(verbs) == 1:
            yield one.value, verbs[0], other.value
        elif not verbs and len(plain) == 1 and plain[0] in ("是", "在", "有"):
            yield one.value, plain[0], other.value
