"""Terms of an English document: noun phrases that stand for things it is about, not just any noun.

Termhood is judged from the document alone, so that a document's reading never depends on its
neighbours: how often a phrase comes back, how often on its own and not inside a longer one (the idea
of the C-value: Frantzi, Ananiadou and Mima 2000, doi 10.1007/s007999900023), whether it is a compound,
whether its words are everyday ones, and whether the text itself presents it as a term: in a heading,
emphasised, quoted, defined ("called ...").
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import log2

from kg.extract.english_cues import DEFINING, FUNCTION_WORDS, PAGE_WORDS, PLAIN_ADJECTIVES, word_list
from kg.extract.parses import Casing, Parse

Key = tuple[str, ...]
_LONGEST = 4
_ENOUGH = 1.0


@dataclass(slots=True)
class Term:
    """A noun phrase (lower case, its last word a lemma) and what speaks for it being a term."""

    key: Key
    count: int = 0
    inside: int = 0
    longer: set[Key] = field(default_factory=set)
    presented: int = 0
    roles: int = 0
    compound: int = 0
    forms: Counter[str] = field(default_factory=Counter)


def terms(
    parses: Sequence[Parse],
    casing: Casing,
    taken: Sequence[Sequence[tuple[int, int]]],
    known: Callable[[str], bool],
) -> dict[Key, Term]:
    """The terms of a document. `taken` are the names found in each paragraph, which no term may cut;
    `known` says whether an English dictionary has the word."""
    found = _candidates(parses, taken)
    total = sum(len(parse.words) for parse in parses)
    frequent = {key[0]: term.count for key, term in found.items() if len(key) == 1}
    return {
        key: term for key, term in found.items() if termhood(term, total, frequent, casing, known) >= _ENOUGH
    }


def phrases(parse: Parse, names: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Stretches of adjectives and nouns that end in a noun and cross no name."""
    n = len(parse.words)
    named = {i for first, last in names for i in range(first, last)}
    i = 0
    while i < n:
        if i in named or not _modifies(parse, i):
            i += 1
            continue
        j = i + 1
        while j < n and j not in named and (_modifies(parse, j) or _hyphen(parse, j)):
            j += 1
        end = j
        while end > i and not _is_noun(parse, end - 1):
            end -= 1
        while i < end and parse.lower[i] in PLAIN_ADJECTIVES:
            i += 1
        if i < end:
            yield i, end
        i = j


def _modifies(parse: Parse, i: int) -> bool:
    return _is_noun(parse, i) or (
        (parse.pos[i] == "ADJ" or (parse.tags[i] in ("VBN", "VBG") and parse.deps[i] in ("amod", "compound")))
        and parse.lower[i] not in FUNCTION_WORDS
        and parse.words[i][0].isalpha()
    )


def _is_noun(parse: Parse, i: int) -> bool:
    return (
        parse.pos[i] in ("NOUN", "PROPN")
        and len(parse.words[i]) > 1
        and parse.words[i][0].isalpha()
        and parse.lower[i] not in FUNCTION_WORDS
    )


def _hyphen(parse: Parse, i: int) -> bool:
    return parse.words[i] == "-" and 0 < i < len(parse.words) - 1 and parse.starts[i] == parse.ends[i - 1]


def key_of(parse: Parse, first: int, last: int) -> Key:
    """The words of a phrase in lower case, the last one as its lemma."""
    return (*parse.lower[first : last - 1], parse.lemmas[last - 1].lower())


def _candidates(parses: Sequence[Parse], taken: Sequence[Sequence[tuple[int, int]]]) -> dict[Key, Term]:
    found: dict[Key, Term] = {}
    for parse, names in zip(parses, taken, strict=True):
        marked = parse.paragraph.marked
        heading = parse.paragraph.kind == "heading"
        for first, last in phrases(parse, names):
            whole = key_of(parse, first, last)
            for a in range(max(first, last - 2 * _LONGEST), last):
                if parse.words[a] == "-" or (a > first and parse.words[a - 1] == "-"):
                    continue
                for b in range(a + 1, last + 1):
                    if (
                        not _is_noun(parse, b - 1)
                        or (b < last and parse.words[b] == "-")
                        or b - a > 2 * _LONGEST - 1
                    ):
                        continue
                    key = key_of(parse, a, b) if (a, b) != (first, last) else whole
                    term = found.setdefault(key, Term(key))
                    term.count += 1
                    term.forms[parse.text(a, b).lower()] += 1
                    term.compound += all(_is_noun(parse, i) or parse.words[i] == "-" for i in range(a, b - 1))
                    if key != whole:
                        term.inside += 1
                        term.longer.add(whole)
                    elif (a, b) == (first, last):
                        term.roles += parse.deps[last - 1] in (
                            "nsubj",
                            "nsubjpass",
                            "dobj",
                            "pobj",
                            "attr",
                            "conj",
                            "appos",
                        )
                        term.presented += heading or _presented(parse, a, b, marked)
    return found


def _presented(parse: Parse, first: int, last: int, marked: Sequence[tuple[int, int]]) -> bool:
    """Whether the text holds this phrase up as a term: emphasised, quoted, named."""
    start, end = parse.starts[first], parse.ends[last - 1]
    if any(left <= start and end <= right and right - left <= (end - start) + 6 for left, right in marked):
        return True
    before = first - 1
    while before >= 0 and parse.lower[before] in ("a", "an", "the"):
        before -= 1
    if (
        before >= 0
        and parse.words[before] in ('"', "\u201c", "\u2018", "'")
        and last < len(parse.words)
        and parse.words[last] in ('"', "\u201d", "\u2019", "'")
    ):
        return True
    if (
        before >= 0
        and parse.lower[before] == "as"
        and before > 0
        and parse.lower[before - 1] in ("known", "described")
    ):
        return True
    return (
        before >= 0
        and parse.lemmas[before] in DEFINING
        and parse.tags[before] in ("VBN", "VBD", "VBP", "VBZ", "VB")
        and parse.deps[last - 1] in ("oprd", "dobj", "attr", "appos", "ccomp", "xcomp")
    )


def termhood(
    term: Term, total: int, frequent: dict[str, int], casing: Casing, known: Callable[[str], bool]
) -> float:
    """How much speaks for a term; one or more is enough. `total` is the number of tokens of the document."""
    parts = [part for part in term.key if part != "-"]
    head = parts[-1]
    generic, plain = word_list("english_generic"), word_list("english_plain")
    if head in PAGE_WORDS or any(len(part) < 2 for part in parts):
        return 0.0
    own = term.count - (term.inside / max(1, len(term.longer)) if len(term.longer) > 1 else term.inside * 0.9)
    density = term.count / max(total, 400) * 1000
    presented = min(term.presented, 2) * 0.6
    if len(parts) == 1:
        if head in generic:
            return presented / 2 if term.count > 2 else 0.0
        strange = not known(head)
        base = 0.55 * log2(1 + own) if own > 0 else 0.0
        weight = 1.3 if strange else 0.8 if head not in plain else 0.5
        return base * weight + presented + min(density / 12, 0.3)
    compound = term.compound * 2 > term.count
    strange = any(not known(part) for part in parts)
    if head in generic and not presented:
        return 0.0 if not compound else 0.5 * log2(max(own, 1))
    base = log2(1 + own) if own > 0 else 0.0
    weight = 0.9 if compound else 0.45
    topical = 0.1 * sum(min(frequent.get(part, 0), 4) for part in parts if part not in generic)
    return base * weight + presented + topical * (1.0 if compound else 0.5) + 0.3 * strange
