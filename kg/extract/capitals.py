"""A weaker rule for text without a parser: names are what is written with a capital inside a sentence.

Used by `auto` where spaCy or its pipeline is missing, and for languages that have no extractor. It
finds names of scripts with capitals only, no terms, types or verbs: every name is an "entity", every
relation "mentioned with". German, where all nouns have capitals, yields its nouns.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kg.extract.english_cues import CALENDAR, FUNCTION_WORDS, PAGE_WORDS
from kg.extract.paragraphs import paragraphs
from kg.extract.sightings import Sight, Sightings, state_together
from kg.model import Chunk, Document, GraphError
from kg.sentences import sentences
from kg.store import Reading

VERSION = "1"
_WORD = re.compile(r"[^\W\d_][\w-]*(?:['\u2019][^\W\d_]+)?")
_JOINTS = frozenset("of de la van von der the & di da du".split())


class CapitalsExtractor:
    """Finds capitalised names without any model or word list."""

    name = "capitals"
    fingerprint = f"capitals {VERSION}"

    def check(self) -> None:
        """Nothing can be missing."""

    def read(
        self, documents: Iterable[tuple[Document, Sequence[Chunk]]]
    ) -> Iterator[tuple[Document, Reading | GraphError]]:
        """Each document with its capitalised names."""
        for document, chunks in documents:
            sightings = Sightings(document)
            found = [(chunk, list(_sentences(document, chunk))) for chunk in chunks]
            casing = _casing(row for _, rows in found for row in rows)
            for chunk, rows in found:
                for start, end, words in rows:
                    sights = []
                    for first, last in _runs(words, casing):
                        place = (words[first].start(), words[last - 1].end())
                        surface = re.sub("['\u2019]s$", "", document.text[place[0] : place[1]])
                        key = sightings.name(surface, "entity")
                        sightings.mention(key, chunk, place[0], place[0] + len(surface))
                        sights.append(Sight(key, *place))
                    state_together(sightings, sights, chunk.id, start, end)
            yield document, sightings.reading(chunks, self.fingerprint)


_Row = tuple[int, int, list["re.Match[str]"]]


def _sentences(document: Document, chunk: Chunk) -> Iterator[_Row]:
    for paragraph in paragraphs(document.text, chunk):
        if paragraph.kind in ("heading", "row"):
            continue
        left, right = paragraph.place(0, len(paragraph.text))
        for start, end in sentences(document.text, left, right, chunk.language):
            yield start, end, list(_WORD.finditer(document.text, start, end))


def _casing(rows: Iterable[_Row]) -> tuple[Counter[str], Counter[str]]:
    """How often each word stands inside a sentence with a capital, and anywhere in lower case."""
    capital, lower = Counter[str](), Counter[str]()
    for _, _, words in rows:
        for i, match in enumerate(words):
            word = match[0]
            if word[0].islower():
                lower[word.lower()] += 1
            elif i:
                capital[word.lower()] += 1
    return capital, lower


def _runs(
    words: Sequence["re.Match[str]"], casing: tuple[Counter[str], Counter[str]]
) -> Iterator[tuple[int, int]]:
    capital, lower = casing

    def is_name(i: int) -> bool:
        word = words[i][0].lower()
        if not words[i][0][0].isupper() or word in CALENDAR or word in PAGE_WORDS or word in FUNCTION_WORDS:
            return False
        return capital[word] > lower[word]

    def touching(i: int) -> bool:
        return words[i].string[words[i - 1].end() : words[i].start()].isspace()

    i = 0
    while i < len(words):
        if not is_name(i):
            i += 1
            continue
        last = i + 1
        while (
            last < len(words)
            and touching(last)
            and (
                is_name(last)
                or (
                    words[last][0] in _JOINTS
                    and last + 1 < len(words)
                    and touching(last + 1)
                    and is_name(last + 1)
                )
            )
        ):
            last += 1
        yield i, last
        i = last
