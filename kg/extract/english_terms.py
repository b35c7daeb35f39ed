"""Terms of an English document: noun phrases that stand for things it is about, not just any noun.

Termhood is judged from the document alone, so that a document's reading never depends on its
neighbours: how often a phrase comes back, how often on its own and not inside a longer one (the idea
of the C-value: Frantzi, Ananiadou and Mima 2000, doi 10.1007/s007999900023), whether it is a compound,
whether its words are everyday ones, and whether the text itself presents it as a term: in a heading,
emphasised, quoted, defined ("called ...").
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2, sqrt

from kg.extract.english_cues import (
    DEFINING,
    PAGE_WORDS,
    PEOPLE,
    word_list,
)
from kg.extract.english_entries import Entry
from kg.extract.english_phrases import LONGEST, Key, Span, before_noun, is_noun, key_of, parts_of, phrases
from kg.extract.parses import Parse

ENOUGH = 0.8
# How much one doubling of a phrase's count speaks for it, by what its words are.
STRANGE, KNOWN, QUALITY, PLAIN, VAGUE = 1.3, 1.05, 0.8, 0.85, 0.45
ABSTRACT = ("ness", "ment", "tion", "sion", "ity", "ance", "ence", "ing", "hood", "ship", "ism", "cy")
COMPOUND, WITH_ADJECTIVE = 1.05, 0.65
_QUOTES = frozenset("\"'\u201c\u201d\u2018\u2019")


@dataclass(slots=True)
class Term:
    """A noun phrase (lower case, its last word a lemma) and what speaks for it being a term.

    `whole` counts the times it stood for itself, not inside a longer phrase; `compound` those in
    which all its words were nouns; `named` those in which it began with a proper name.
    """

    key: Key
    count: int = 0
    whole: int = 0
    compound: int = 0
    presented: int = 0
    headed: int = 0
    named: int = 0
    text: str = ""
    longer: set[Key] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Words:
    """What is known of words: in this document, and in the language."""

    total: int
    counts: Counter[str]
    known: Callable[[str], bool]
    free: frozenset[str]

    @property
    def usual(self) -> float:
        """What an occurrence counts: 1 up to 1,500 words, less in a longer text, where all comes back."""
        return sqrt(min(1.0, 1_500 / max(self.total, 1)))

    def strange(self, word: str) -> bool:
        """Whether a dictionary has the word in no form."""
        return (
            len(word) > 3
            and not word.endswith(("ed", "ing"))
            and not self.known(word)
            and not self.known(word.removesuffix("s"))
        )


def terms(
    parses: Sequence[Parse],
    names: Sequence[Sequence[Span]],
    known: Callable[[str], bool],
    heads: Sequence[Entry] = (),
) -> dict[Key, Term]:
    """The terms of a document; `heads` are the entries of a catalogue or the like.

    `names` are the proper names found in each paragraph (first, last + 1), which no term may cut;
    `known` says whether an English dictionary has the word.
    """
    found = candidates(parses, names, heads)
    counts = Counter({key[0]: term.count for key, term in found.items() if len(key) == 1})
    free = frozenset(
        " ".join(parse.lower[first:last])
        for parse, spans in zip(parses, names, strict=True)
        for first, last in spans
        if not before_noun(parse, last)
    )
    words = Words(sum(len(parse.words) for parse in parses), counts, known, free)
    return {key: term for key, term in found.items() if termhood(term, words) >= ENOUGH}


def candidates(
    parses: Sequence[Parse], names: Sequence[Sequence[Span]], heads: Sequence[Entry] = ()
) -> dict[Key, Term]:
    """Every noun phrase and its parts that end in a noun, headings last: they only add weight.

    The heading of an entry counts as a phrase of its own where the text comes back to its last word.
    """
    found: dict[Key, Term] = {}
    entry_of = {entry.parse: (entry.first, entry.last) for entry in heads}
    order = sorted(range(len(parses)), key=lambda i: parses[i].paragraph.kind == "heading")
    for i in order:
        parse, spans, entry = parses[i], names[i], entry_of.get(i)
        heading = parse.paragraph.kind == "heading"
        begins = dict(spans)
        for first, last in phrases(parse, spans):
            whole = key_of(parse, first, last)
            for a, b in parts_of(parse, first, last, begins):
                key = whole if (a, b) == (first, last) else key_of(parse, a, b)
                term = found.get(key)
                if term is None:
                    if heading and ((a, b) != entry or key[-1:] not in found):
                        continue
                    term = found[key] = Term(key, text=_written(parse, a, b, begins))
                term.count += 1
                term.compound += all(is_noun(parse, i) or parse.words[i] == "-" for i in range(a, b - 1))
                term.named += a in begins
                if key == whole:
                    term.whole += 1
                    term.headed += heading
                    term.presented += (a, b) == entry or _presented(parse, a, b)
                else:
                    term.longer.add(whole)
    return found


def _written(parse: Parse, first: int, last: int, names: Mapping[int, int]) -> str:
    """The phrase in lower case but for a proper name in it, its last word a lemma."""
    named = names.get(first, first)
    inner = [parse.words[i] if parse.pos[i] == "PROPN" else parse.lower[i] for i in range(named, last - 1)]
    words = [*parse.words[first:named], *inner, parse.lemmas[last - 1]]
    return " ".join(words).replace(" - ", "-")


def _presented(parse: Parse, first: int, last: int) -> bool:
    """Whether the text holds this phrase up as a term: emphasised, quoted, named."""
    start, end = parse.starts[first], parse.ends[last - 1]
    marked = parse.paragraph.marked
    if any(left <= start and end <= right <= left + end - start + 6 for left, right, _ in marked):
        return True
    before = first - 1
    while before >= 0 and parse.lower[before] in ("a", "an", "the"):
        before -= 1
    if before < 0:
        return False
    if parse.words[before] in _QUOTES and last < len(parse.words) and parse.words[last] in _QUOTES:
        return True
    if parse.lower[before] == "as":
        return before > 0 and parse.lower[before - 1] in ("known", "described")
    named = parse.deps[last - 1] in ("oprd", "dobj", "attr", "appos", "ccomp", "xcomp")
    return named and parse.lemmas[before] in DEFINING and parse.tags[before].startswith("VB")


def termhood(term: Term, words: Words) -> float:
    """How much speaks for a term; `ENOUGH` or more makes one."""
    parts = [part for part in term.key if part != "-"]
    if parts[-1] in PAGE_WORDS or any(len(part) < 2 for part in parts) or len(parts) > LONGEST:
        return 0.0
    inside = term.count - term.whole
    own = term.whole + (inside - inside / len(term.longer) if term.longer else 0)
    shown = 0.6 * min(term.presented, 2) + 0.4 * min(term.headed, 1)
    if term.named:
        return _of_named(term, words)
    return (
        _of_single(term, own, shown, words)
        if len(parts) == 1
        else _of_compound(parts, term, own, shown, words)
    )


def _of_named(term: Term, words: Words) -> float:
    """A name before a noun is a term if it comes back, or if the name never stands free."""
    if term.key[-1] in PEOPLE:
        return 0.0
    free = any(" ".join(term.key[:i]) in words.free for i in range(1, len(term.key)))
    return ENOUGH if term.whole > 1 or term.presented or (term.whole and not free) else 0.0


def _of_single(term: Term, own: float, shown: float, words: Words) -> float:
    head = term.key[-1]
    if head in word_list("english_generic"):
        return shown if term.count > 3 else 0.0
    strange = words.strange(head)
    vague, plain = head in word_list("english_vague"), head in word_list("english_plain")
    weight = STRANGE if strange else VAGUE if vague else PLAIN if plain else KNOWN
    if weight == KNOWN and head.endswith(ABSTRACT):
        weight = QUALITY
    density = term.count / max(words.total, 600) * 1000
    own *= words.usual
    return 0.55 * log2(1 + own) * weight + shown + min(density / 12, 0.3) + 0.3 * strange


def _of_compound(parts: list[str], term: Term, own: float, shown: float, words: Words) -> float:
    generic, plain = word_list("english_generic"), word_list("english_plain")
    compound = term.compound * 2 > term.count
    strange = any(words.strange(part) for part in (parts if compound else parts[-1:]))
    if parts[-1] in PEOPLE and not compound and own < 2:
        return shown
    if parts[-1] in generic and term.key[-2] != "-":
        return shown + (0.5 if compound else 0.45) * log2(max(own, 1)) + 0.1 * (own > 1)
    topical = [min(words.counts[part], 4) for part in parts if part not in generic and (compound or own > 1)]
    weight = COMPOUND if compound else WITH_ADJECTIVE
    everyday = all(part in plain or part in generic for part in parts) and max(topical, default=0) < 3
    return (
        weight * log2(1 + own)
        + shown
        + 0.1 * sum(topical) * (1.0 if compound else 0.5)
        + 0.3 * strange
        - 0.4 * (everyday and own < 2)
        - 0.6 * (1 - words.usual) * (own < 2)
    )
