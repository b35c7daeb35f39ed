"""A parsed paragraph as plain columns: what the English rules read, whichever parser made it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg.extract.paragraphs import Paragraph

OPENING = frozenset("([{:\u2014\u2013*_")
_QUOTES = frozenset("\"'\u201c\u2018\u00ab")
_BEFORE_SPEECH = frozenset(",:;\u2014\u2013.!?")


@dataclass(slots=True)
class Parse:
    """Tokens of one paragraph; every list has one entry a token.

    `lower` and `lemmas` are in lower case; `pos` are universal parts of speech, `tags` those of the Penn treebank, `deps` the parser's
    labels; `heads` are token indices (a root is its own head), `starts` and `ends` offsets into
    `paragraph.text`. `entities` are the parser's named entities (first, last + 1, label),
    `sentences` and `entry`, what heads a catalogue's paragraph, (first, last + 1).
    """

    paragraph: Paragraph
    words: list[str]
    lower: list[str]
    lemmas: list[str]
    pos: list[str]
    tags: list[str]
    deps: list[str]
    heads: list[int]
    starts: list[int]
    ends: list[int]
    entities: list[tuple[int, int, str]]
    sentences: list[tuple[int, int]]
    opens: set[int] = field(default_factory=set)
    entry: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        self.opens = self._opens()

    def _opens(self) -> set[int]:
        """Tokens where a capital letter means nothing: a sentence, a quotation or an aside begins."""
        found: set[int] = set()
        for first, last in self.sentences:
            i = first
            while i < last and not self.words[i][0].isalnum():
                i += 1
            found.add(i)
        row = self.paragraph.kind == "row"
        for i, word in enumerate(self.words):
            if word in _QUOTES:
                speech = i == 0 or i + 1 in found or self.words[i - 1] in _BEFORE_SPEECH
                found.update((i + 1,) if speech else ())
            elif word in OPENING or (row and word == ","):
                found.add(i + 1)
        return found

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets in the document of the tokens `first` to `last - 1`."""
        return self.paragraph.place(self.starts[first], self.ends[last - 1])

    def text(self, first: int, last: int) -> str:
        """The tokens `first` to `last - 1` as they are written."""
        return self.paragraph.text[self.starts[first] : self.ends[last - 1]]


@dataclass(slots=True)
class Casing:
    """How often each word (lower case) stands where its case means something, and how."""

    lower: Counter[str] = field(default_factory=Counter)
    capital: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, parses: Iterable[Parse]) -> "Casing":
        """Counted over running text: headings and table rows follow rules of their own."""
        casing = cls()
        for parse in parses:
            if parse.paragraph.kind in ("heading", "row"):
                continue
            shouting = sum(word.isupper() and len(word) > 2 for word in parse.words) * 3 > len(parse.words)
            if shouting:
                continue
            for i, word in enumerate(parse.words):
                if word[0].islower():
                    casing.lower[word] += 1
                elif word[0].isupper() and i not in parse.opens:
                    casing.capital[parse.lower[i]] += 1
        return casing

    def is_name(self, word: str) -> bool:
        """Whether the word (lower case) is written with a capital where it need not be."""
        return self.capital[word] > self.lower[word]


def head_of(parse: Parse, first: int, last: int) -> int:
    """The token of a stretch that the others hang on: the last whose head lies outside it."""
    for i in range(last - 1, first - 1, -1):
        head = parse.heads[i]
        if not first <= head < last or head == i:
            return i
    return last - 1


def in_title_case(words: Sequence[str]) -> bool:
    """Whether most longer words are capitalised, as in a heading: then capitals mean nothing."""
    long = [word for word in words if len(word) > 3 and word[0].isalpha()]
    return len(long) > 1 and sum(word[0].isupper() for word in long) * 10 >= 7 * len(long)
