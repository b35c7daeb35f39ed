"""Where in a context a claim would stand: the sentences that share most with it, and their neighbours."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from kg.sentences import sentences
from synthesis.checks.claims.words import WORD, Words, begins_sentence, stem, words_of

JOINED = 3
"""A claim may join the statements of so many sentences."""
AUTHOR = re.compile(r"\bby (?:the late )?(?:(?:Mr|Mrs|Miss|Ms|Dr|Professor) )?((?:[A-Z][\w.]+ ?)+)")
HAN_AUTHOR = re.compile(
    "\n[ \\t\u3000]*(?:作者[：: ]*)?([\u3400-\u9fff]{2,4})[ \\t\u3000]*(?=\n|$)"
    "|(?:^|[\n，, 》])(?:作者[：: ]*)?([\u3400-\u9fff]{2,4}?) ?(?:编著|[著撰作编述])(?![\u3400-\u9fff])"
    "|》[，, ]*([\u3400-\u9fff]{2,4})(?=[，, \n]|$)"
)
"""A line below the title that is a bare name, a name before 著, or one after the title in its marks."""
TITLED = re.compile(r"[\"“]([^\"”\n]{3,160})[\"”](?:, [^\"\n]{1,80})?\.?$")
"""A heading of ours: a title in its marks, the author, the year."""
ENDED = re.compile(r"[.!?…。！？；:：”\"'’」』)）]\s*$")


@dataclass(frozen=True, slots=True)
class Near:
    """The part of a context that a claim is held against: the best sentence, and all that counts as near.

    `stating` are the sentences that the claim may join, `rows` those and their neighbours; `content`, `numbers`
    and `text` are those of `rows` and of headings.
    `share` is the part of the claim's words, by weight, that the best sentence alone has.
    """

    best: int
    stating: tuple[int, ...]
    rows: tuple[int, ...]
    content: frozenset[str]
    numbers: frozenset[float]
    text: str
    share: float


class Evidence:
    """A context in sentences, ready to be asked where a claim would stand.

    `author` are the forms of the name that a heading gives after "by", in Chinese the names that it may give so
    (何牧之著): who "I" is.

    A word is worth more the fewer sentences have it: log((n + 1) / (sentences with it + 1/2)). Sums are exact, so that
    a tie is the same tie in every run: what a judge is shown is part of the key of its answer.
    """

    def __init__(self, context: str, language: str) -> None:
        self.text, self.language = context, language
        self.sentences = [context[start:end] for start, end in sentences(context, language=language)]
        self.proper = frozenset[str]() if language == "zh" else _names_inside(context)
        self.words = [words_of(sentence, language, self.proper) for sentence in self.sentences]
        self.content = frozenset[str]().union(*(words.content for words in self.words))
        self.numbers = frozenset[float]().union(*(words.numbers for words in self.words))
        self._headings = {row for row, text in enumerate(self.sentences) if not ENDED.search(text)}
        self.author = _author((self.sentences[row] for row in sorted(self._headings)), language)
        self._spread = Counter(form for words in self.words for form in words.content)
        self._around = [self._content(self._beside(row)) for row in range(len(self.words))]

    @cached_property
    def full_names(self) -> list[frozenset[str]]:
        """The forms of each name of two words or more, "Hugh Nattrass": either may stand for both."""
        runs = (name for words in self.words for name in words.names if len(name) > 1)
        return list(dict.fromkeys(map(frozenset, runs)))

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The forms of the names in headings: whom "she" may be in all of the text."""
        rows = (self.words[row] for row in self._headings)
        return frozenset(form for words in rows for name in words.names for form in name)

    def untitled(self, claim: str) -> str:
        """An English claim with "this" for the titles of the documents: they may be named beside anything they say."""
        for title in self._titles:
            claim = claim.replace(title, "this")
        return claim

    @cached_property
    def _titles(self) -> list[str]:
        if self.language == "zh":
            return []
        quoted = [found[1] for text in self.sentences if (found := TITLED.match(text.strip()))]
        first = [self.sentences[0].split("\n")[0].lstrip("# ").strip()] if 0 in self._headings else []
        return sorted((title for title in quoted + first if " " in title), key=len, reverse=True)

    def near(self, claim: Words) -> Near:
        """The sentence that shares most with the claim, the one that has most of the rest, and those beside them."""
        if not self.sentences:
            return Near(0, (), (), frozenset(), frozenset(), "", 0.0)
        scores = [
            self._shared(claim.content, words.content) + 0.5 * self._shared(claim.content, around)
            for words, around in zip(self.words, self._around, strict=True)
        ]
        stating_rows = [row for row in range(len(scores)) if row not in self._headings] or range(len(scores))
        best = max(stating_rows, key=scores.__getitem__)
        rows, stating = set(self._beside(best)), [best]
        for _ in range(JOINED - 1):
            more = self._next(claim, rows)
            if more is None:
                break
            rows.add(more)
            stating.append(more)
        whole = math.fsum(map(self._weight, claim.content)) or 1.0
        counted = sorted(rows | self._headings)
        return Near(
            best,
            tuple(stating),
            tuple(sorted(rows)),
            self._content(counted),
            frozenset[float]().union(*(self.words[row].numbers for row in counted)),
            "\n".join(self.sentences[row] for row in counted),
            self._shared(claim.content, self.words[best].content) / whole,
        )

    def _next(self, claim: Words, rows: Collection[int]) -> int | None:
        """The sentence with most of what these rows lack; None where that is a name and little else.

        A claim may join several sentences; but a name put in another's place must not find itself a home.
        """
        rest = claim.content.keys() - self._content(rows)
        scores = [self._shared(rest, words.content) for words in self.words]
        row = max(range(len(scores)), key=scores.__getitem__)
        held = rest & self.words[row].content.keys()
        enough = len(held) > 3 if self.language == "zh" else bool(held.difference(*claim.names))
        return row if enough else None

    def _beside(self, row: int) -> range:
        return range(max(0, row - 1), min(len(self.sentences), row + 2))

    def _content(self, rows: Iterable[int]) -> frozenset[str]:
        return frozenset[str]().union(*(self.words[row].content for row in rows))

    def _weight(self, form: str) -> float:
        return math.log((len(self.sentences) + 1) / (self._spread[form] + 0.5))

    def _shared(self, forms: Iterable[str], content: Collection[str]) -> float:
        return math.fsum(self._weight(form) for form in forms if form in content)


def _author(headings: Iterable[str], language: str) -> frozenset[str]:
    if language == "zh":
        return frozenset(
            name for text in headings for match in HAN_AUTHOR.findall(text) for name in match if name
        )
    found = next(filter(None, map(AUTHOR.search, headings)), None)
    return frozenset(map(stem, found[1].split())) if found else frozenset()


def _names_inside(text: str) -> frozenset[str]:
    """Stems of the words that are capitalised inside a sentence somewhere in the text."""
    return frozenset(
        stem(found[0])
        for found in WORD.finditer(text)
        if found[0][0].isupper() and not begins_sentence(text, found.start())
    )
