"""A text beside what it rests on: its sentences in pieces, with what the sources do not hold, and where in the
sources each sentence stands.

The marks are those of the checks `numbers` and `names` on the words of all chunks that the text rests on; the
places are found as the check of claims finds them (`synthesis.checks.claims.evidence`), so they are where a
sentence would stand, not a proof that it does.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from kg.model import Record
from kg.sentences import sentences
from kg.store import Store
from synthesis.checks import names, numbers
from synthesis.checks.base import Written
from synthesis.checks.claims import claims_of
from synthesis.checks.claims.evidence import Evidence
from synthesis.checks.claims.words import words_of
from synthesis.checks.tokens import fold
from synthesis.sources import Source, Sources, forms_of, sources_of, written_of

LEAST_SHARE = 0.4
"""A sentence rests on others where the best of them has so much of its words, by weight."""
APART = "\n\n"
MOST_FORMS, LONGEST_FORM = 400, 300
LATIN = "0-9A-Za-z\u00c0-\u024f"

Mark = Literal["", "entity", "strange", "supported"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some words, whole in their mark. `entity` is the one that is named; `note` says why it is marked."""

    text: str
    mark: Mark = ""
    entity: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the text with the white space behind it, and the numbers of the places it rests on."""

    parts: tuple[Stretch, ...]
    rests_on: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a source: one sentence where a sentence of the text rests on it, else all between two such.
    Those of one chunk follow one another without a gap."""

    document: str
    title: str
    at: int
    parts: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The sentences together are the text, the places together the words of the chunks."""

    sentences: tuple[Said, ...]
    places: tuple[Place, ...]


def explained(store: Store, record: Record, *, prompt: str = "") -> Explanation:
    """A text with its marks, beside its sources. `prompt` is what the user said to the model, where it is known."""
    sources = sources_of(store, record)
    strange = strange_in(written_of(record, sources, prompt=prompt))
    rows, spans, joined = _nearest(record, sources)
    places, number_of = _places(sources, spans, joined, {row for some in rows for row in some})
    named = _Finder(forms_of(sources.entities))
    said = []
    for (start, end), some in zip(_whole(record.text, record.language), rows, strict=True):
        stretch = record.text[start:end]
        marks = [(a, b, Stretch("", "strange", None, why)) for a, b, why in _spots(stretch, strange)]
        marks += named.marks(stretch)
        said.append(Said(cut(stretch, marks), tuple(sorted({number_of[row] for row in some}))))
    return Explanation(
        tuple(said),
        tuple(
            Place(
                one.document, one.title, one.at, cut(words, named.marks(words), "supported" if rested else "")
            )
            for one, words, rested in places
        ),
    )


def strange_in(written: Written) -> dict[str, str]:
    """The names and numbers of a text that its sources do not hold, and why each is strange."""
    if written.invented:
        return {}
    language, known = written.item.language, written.known
    figures = numbers.unexplained(written.text, known, language)
    if written.draft.kind == "dialogue":
        known = "\n".join((known, *names.SPEAKER.findall(written.text)))
    found = names.unsupported(written.text, known, language) or []
    return dict.fromkeys(figures, "the sources do not hold this number or date") | dict.fromkeys(
        found, "the sources do not hold this name"
    )


def cut(text: str, marks: Iterable[tuple[int, int, Stretch]], otherwise: Mark = "") -> tuple[Stretch, ...]:
    """The text in stretches: those marked (of two that overlap the one named first), and `otherwise` between."""
    taken: list[tuple[int, int, Stretch]] = []
    for start, end, mark in marks:
        if all(end <= a or b <= start for a, b, _ in taken):
            taken.append((start, end, mark))
    parts, at = [], 0
    for start, end, mark in sorted(taken, key=lambda one: one[0]):
        if start > at:
            parts.append(Stretch(text[at:start], otherwise))
        parts.append(Stretch(text[start:end], mark.mark, mark.entity, mark.note))
        at = end
    if at < len(text):
        parts.append(Stretch(text[at:], otherwise))
    return tuple(parts)


def _whole(text: str, language: str) -> list[tuple[int, int]]:
    """The sentences with the white space behind them, the first with that before it: nothing is left out."""
    starts = [start for start, _ in sentences(text, language=language)]
    if not starts:
        return [(0, len(text))] if text else []
    return list(zip([0, *starts[1:]], [*starts[1:], len(text)], strict=True))


def _nearest(record: Record, sources: Sources) -> tuple[list[tuple[int, ...]], list[tuple[int, int]], str]:
    """For each sentence of the text the sentences of the sources it rests on; where those lie in all the words."""
    joined = APART.join(one.text for one in sources.chunks)
    evidence, language = Evidence(joined, record.language), record.language
    spans = list(sentences(joined, language=language))
    claims = claims_of(record.text, language)
    rows: list[tuple[int, ...]] = []
    for start, end in _whole(record.text, language):
        words = record.text[start:end].strip()
        claim = claims.pop(0) if claims and claims[0].text == words else None
        near = evidence.near(words_of(claim.shown, language, evidence.proper)) if claim and spans else None
        rows.append(near.stating if near is not None and near.share >= LEAST_SHARE else ())
    return rows, spans, joined


def _places(
    sources: Sources, spans: Sequence[tuple[int, int]], joined: str, rested: set[int]
) -> tuple[list[tuple[Source, str, bool]], dict[int, int]]:
    """The sources cut where sentences of the text rest on them; and the place of each row rested on."""
    begins, at = [], 0
    for one in sources.chunks:
        begins.append(at)
        at += len(one.text) + len(APART)
    by_chunk: dict[int, list[int]] = {}
    for row, (start, _) in enumerate(spans):
        by_chunk.setdefault(bisect_right(begins, start) - 1, []).append(row)
    places: list[tuple[Source, str, bool]] = []
    number_of: dict[int, int] = {}
    for number, one in enumerate(sources.chunks):
        within, end_of_chunk = by_chunk.get(number, []), begins[number] + len(one.text)
        groups = [list(some) for _, some in groupby(within, key=lambda row: row if row in rested else -1)]
        starts = [begins[number], *(spans[some[0]][0] for some in groups[1:])] if groups else [begins[number]]
        for place, start in enumerate(starts):
            end = starts[place + 1] if place + 1 < len(starts) else end_of_chunk
            is_rested = bool(groups) and groups[place][0] in rested
            if is_rested:
                number_of[groups[place][0]] = len(places)
            shifted = one.at + start - begins[number] if one.document else 0
            places.append((Source(one.document, one.title, shifted, ""), joined[start:end], is_rested))
    return places, number_of


class _Finder:
    """Finds names in a text as they are written, whatever their case: whole words where they are Latin."""

    def __init__(self, forms: dict[str, str]) -> None:
        some = [form for form in forms if 1 < len(form.strip()) <= LONGEST_FORM][:MOST_FORMS]
        self._of = {fold(form): forms[form] for form in some}
        words = sorted({form.strip() for form in some}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_worded, words)), re.IGNORECASE) if words else None

    def marks(self, text: str) -> list[tuple[int, int, Stretch]]:
        """Where the names stand."""
        if self._pattern is None:
            return []
        return [
            (found.start(), found.end(), Stretch("", "entity", self._of.get(fold(found[0]))))
            for found in self._pattern.finditer(text)
        ]


def _worded(form: str) -> str:
    words = r"\s+".join(map(re.escape, form.split()))
    before = f"(?<![{LATIN}])" if re.match(f"[{LATIN}]", form) else ""
    after = f"(?![{LATIN}])" if re.match(f"[{LATIN}]", form[-1]) else ""
    return before + words + after


def _spots(text: str, strange: dict[str, str]) -> list[tuple[int, int, str]]:
    """Where in the text each strange name or number stands; they are known in folded form."""
    if not strange:
        return []
    plain, origin = _folded(text)
    found = []
    for said, why in strange.items():
        wanted = fold(said)
        at = plain.find(wanted) if wanted else -1
        while at >= 0:
            end = at + len(wanted)
            inside = _joins(plain, at - 1, at) or _joins(plain, end - 1, end)
            if not inside:
                found.append((origin[at], origin[end - 1] + 1, why))
            at = plain.find(wanted, at + 1)
    return found


def _joins(text: str, left: int, right: int) -> bool:
    """Whether two Latin letters or figures beside each other are of one word."""
    pair = text[left : right + 1] if left >= 0 else ""
    return len(pair) == 2 and re.fullmatch(f"[{LATIN}]{{2}}", pair) is not None


def _folded(text: str) -> tuple[str, list[int]]:
    """The text folded character by character, and for each character of that the one it comes from."""
    plain: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        form = " " if character.isspace() else fold(character) or ""
        if form == " " and plain and plain[-1] == " ":
            continue
        plain += form
        origin += [place] * len(form)
    return "".join(plain), origin
