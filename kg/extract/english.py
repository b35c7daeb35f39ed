"""What a parsed English document names and states: names, terms, their mentions and relations.

Two passes. The first decides, from all paragraphs together, which names and terms the document has;
the second finds them wherever they stand, longest first, headings included, and reads the relations.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.extract.dependencies import Named, Sentence, relations
from kg.extract.english_cues import CONCEPT, HEADS, OBJECT, PEOPLE, PERSON, PLACE, TITLES
from kg.extract.english_entries import entries
from kg.extract.english_names import Name, Words, names
from kg.extract.english_terms import terms
from kg.extract.english_types import type_of, votes
from kg.extract.parses import Casing, Parse
from kg.extract.sightings import Sight, Sightings, Statement, state_together
from kg.model import normal_name

_ABSTRACT = (
    "tion",
    "sion",
    "ment",
    "ness",
    "ity",
    "ism",
    "ance",
    "ence",
    "ship",
    "age",
    "ing",
    "ure",
    "hood",
    "cy",
)


@dataclass(slots=True)
class Lexicon:
    """The names (as written) and terms (lower case, last word a lemma) of a document, by first word."""

    names: dict[str, list[tuple[Words, str]]] = field(default_factory=dict)
    terms: dict[str, list[tuple[Words, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Mapping[Words, str], terms: Mapping[Words, str]) -> "Lexicon":
        """From phrases and their keys; longer phrases are tried first."""
        lexicon = cls()
        for into, phrases in ((lexicon.names, names), (lexicon.terms, terms)):
            for words, key in sorted(phrases.items(), key=lambda item: (-len(item[0]), item[0])):
                into.setdefault(words[0], []).append((words, key))
        return lexicon

    def find(self, parse: Parse) -> Iterator[Named]:
        """Names and terms in a paragraph, longest first, none overlapping another."""
        words, lower, lemmas, names, terms = parse.words, parse.lower, parse.lemmas, self.names, self.terms
        shown = [word.capitalize() if word.isupper() and len(word) > 3 else word for word in words]
        i, n = 0, len(words)
        while i < n:
            if (
                shown[i] not in names
                and lower[i] not in terms
                and lemmas[i] not in terms
                and words[i] not in names
            ):
                i += 1
                continue
            size, key = self._name_at(words, i) or self._name_at(shown, i) or (0, "")
            longer = self._term_at(parse, i, size)
            if longer:
                size, key = longer
            if size:
                yield Named(i, i + size, key)
            i += size or 1

    def _name_at(self, words: list[str], i: int) -> tuple[int, str] | None:
        for phrase, key in self.names.get(words[i], ()):
            if tuple(words[i : i + len(phrase)]) == phrase:
                return len(phrase), key
        return None

    def _term_at(self, parse: Parse, i: int, beyond: int) -> tuple[int, str] | None:
        lower, lemma = parse.lower, parse.lemmas[i]
        if parse.pos[i] == "VERB" and parse.deps[i] not in ("amod", "compound"):
            return None
        phrases = self.terms.get(lower[i], ())
        for phrase, key in (*phrases, *(self.terms.get(lemma, ()) if lemma != lower[i] else ())):
            size = len(phrase)
            last = i + size - 1
            if size <= beyond or last >= len(lower) or tuple(lower[i:last]) != phrase[:-1]:
                continue
            if phrase[-1] in (lower[last], parse.lemmas[last]):
                return size, key
        return None


def read(parses: Sequence[Parse], sightings: Sightings, known: Callable[[str], bool]) -> None:
    """Note in `sightings` all that the parsed paragraphs of one document name and state.

    `known` says whether an English dictionary has a word.
    """
    casing = Casing.of(parses)
    heads = entries(parses)
    found = names(parses, casing, known, heads)
    lexicon = Lexicon.of({words: normal_name(name.text) for words, name in found.items()}, {})
    taken = [list(lexicon.find(parse)) for parse in parses]
    kept = _name_all(parses, taken, found, sightings)
    spans = [[(named.first, named.last) for named in row] for row in taken]
    chosen = {}
    for words, term in terms(parses, spans, known, heads).items():
        chosen[words] = sightings.name(term.text, _type_of_term(words), weight=term.count)
    lexicon = Lexicon.of(kept, chosen)
    for parse in parses:
        _note(parse, list(lexicon.find(parse)), sightings)


def _name_all(
    parses: Sequence[Parse],
    taken: Sequence[Sequence[Named]],
    found: Mapping[Words, Name],
    sightings: Sightings,
) -> dict[Words, str]:
    """The key of every name, once each has its type from all its occurrences."""
    counts: dict[str, Counter[str]] = {normal_name(name.text): Counter() for name in found.values()}
    seen: Counter[str] = Counter()
    for parse, row in zip(parses, taken, strict=True):
        labels = {i: label for first, last, label in parse.entities for i in range(first, last)}
        for named in row:
            counts[named.key].update(votes(parse, named.first, named.last, labels.get(named.last - 1, "")))
            seen[named.key] += 1
    people = _people(found, counts)
    kept: dict[Words, str] = {}
    for words, name in found.items():
        key = normal_name(name.text)
        if not seen[key]:
            continue
        bare = words[2:] if words[1:2] == (".",) else words[1:]
        type = type_of(words, counts[key], people)
        if len(bare) > 1 and words[0].lower() in TITLES and bare in found and type == PERSON:
            kept[words] = sightings.name(found[bare].text, type, weight=seen[key])
        else:
            kept[words] = sightings.name(name.text, type, weight=seen[key])
    return kept


def _people(found: Mapping[Words, Name], counts: Mapping[str, Counter[str]]) -> frozenset[str]:
    """Surnames and given names (lower case) of the people of a document."""
    people: set[str] = set()
    for words, name in found.items():
        if len(words) == 1 or len(words) > 4 or any(not word[0].isupper() for word in words):
            continue
        low = [word.lower() for word in words]
        titled = low[0] in TITLES and low[0] not in ("old", "young", "saint", "general", "prior")
        votes = counts[normal_name(name.text)]
        if (titled and low[-1] not in HEADS) or type_of(words, votes, frozenset()) == PERSON:
            people.add(low[-1])
            if not titled and low[0] not in TITLES:
                people.add(low[0])
    return frozenset(people)


def _type_of_term(words: Words) -> str:
    head = words[-1]
    if head in PEOPLE:
        return CONCEPT
    if len(words) > 1 and HEADS.get(head) == PLACE:
        return PLACE
    return CONCEPT if head.endswith(_ABSTRACT) and len(head) > 5 else OBJECT


def _note(parse: Parse, named: Sequence[Named], sightings: Sightings) -> None:
    """The mentions of one paragraph and what its sentences state."""
    chunk = parse.paragraph.chunk
    places: dict[tuple[int, int], tuple[int, int]] = {}
    kept: list[Named] = []
    for name in named:
        start, end = parse.span(name.first, name.last)
        surface = sightings.document.text[start:end]
        if " ".join(surface.split()) == " ".join(parse.text(name.first, name.last).split()):
            sightings.mention(name.key, chunk, start, end)
            places[name.first, name.last] = (start, end)
            kept.append(name)
    k = 0
    for first, last in parse.sentences:
        inside: list[Named] = []
        while k < len(kept) and kept[k].first < last:
            if kept[k].first >= first and kept[k].last <= last:
                inside.append(kept[k])
            k += 1
        if len(inside) < 2:
            continue
        start, end = parse.span(first, last)
        joined = []
        for source, label, target in relations(Sentence(parse, first, last, inside)):
            sightings.state(Statement(source, label, target, chunk.id, start, end))
            joined.append((source, target))
        sights = [Sight(name.key, *places[name.first, name.last]) for name in inside]
        state_together(sightings, sights, chunk.id, start, end, joined)
