"""Noun phrases in a parsed English paragraph: adjectives and nouns that end in a noun.

A proper name may open a phrase ("Garrow fleece") but is never cut by one.
"""

from collections.abc import Iterator, Sequence

from kg.extract.english_cues import CALENDAR, FUNCTION_WORDS, PLAIN_ADJECTIVES
from kg.extract.parses import Parse

Key = tuple[str, ...]
Span = tuple[int, int]
LONGEST = 4
"""Words of a term at most."""


def phrases(parse: Parse, names: Sequence[Span]) -> Iterator[Span]:
    """Stretches of adjectives and nouns that end in a noun; a proper name may only open one."""
    n = len(parse.words)
    owner = {i: (first, last) for first, last in names for i in range(first, last)}
    i = 0
    while i < n:
        if i in owner:
            first, last = owner[i]
            if not before_noun(parse, last) or last in owner:
                i = last
                continue
            i, j = first, last
        elif not _modifies(parse, i):
            i += 1
            continue
        else:
            j = i + 1
        while j < n and j not in owner and (_modifies(parse, j) or _hyphen(parse, j)):
            j += 1
        end = j
        while end > i and not (is_noun(parse, end - 1) and end - 1 not in owner):
            end -= 1
        while i < end and i not in owner and (parse.lower[i] in PLAIN_ADJECTIVES or parse.words[i] == "-"):
            i += 1
        if i < end:
            yield i, end
        i = max(j, i + 1)


def parts_of(parse: Parse, first: int, last: int, names: dict[int, int]) -> Iterator[Span]:
    """The phrase and the phrases inside it, none of which cuts a hyphenated word or a name."""
    named = names.get(first, first)
    for a in range(first, last):
        if parse.words[a] == "-" or (a > first and parse.words[a - 1] == "-") or first < a < named:
            continue
        for b in range(max(a + 1, named + 1 if a < named else 0), min(last, a + 2 * LONGEST - 1) + 1):
            if is_noun(parse, b - 1) and not (b < last and parse.words[b] == "-"):
                yield a, b


def _modifies(parse: Parse, i: int) -> bool:
    if is_noun(parse, i):
        return True
    adjective = parse.pos[i] == "ADJ" or (
        parse.tags[i] in ("VBN", "VBG") and parse.deps[i] in ("amod", "compound")
    )
    word = parse.words[i]
    return adjective and parse.lower[i] not in FUNCTION_WORDS and (word[0].islower() or i in parse.opens)


def is_noun(parse: Parse, i: int) -> bool:
    """A noun in lower case, or at the beginning of a sentence; a capital elsewhere is a name's."""
    word = parse.words[i]
    return (
        parse.pos[i] in ("NOUN", "PROPN")
        and len(word) > 1
        and (word[0].islower() or _may_be_lower(parse, i))
        and parse.lower[i] not in FUNCTION_WORDS
        and parse.lower[i] not in CALENDAR
    )


def _may_be_lower(parse: Parse, i: int) -> bool:
    """Whether the capital of a word is that of a sentence or a heading and not of a name."""
    entry = parse.entry[0] <= i < parse.entry[1]
    begins = parse.paragraph.kind == "heading" or (i in parse.opens and (entry or parse.pos[i] == "NOUN"))
    return begins and parse.words[i][0].isalpha()


def before_noun(parse: Parse, last: int) -> bool:
    """Whether a name that ends before `last` is put before a noun as a modifier: "Garrow fleece"."""
    return (
        last < len(parse.words)
        and parse.pos[last] == "NOUN"
        and parse.words[last][0].islower()
        and parse.deps[last - 1] in ("compound", "nmod", "amod")
        and parse.heads[last - 1] >= last
        and is_noun(parse, last)
    )


def _hyphen(parse: Parse, i: int) -> bool:
    return (
        parse.words[i] == "-"
        and 0 < i < len(parse.words) - 1
        and parse.starts[i] == parse.ends[i - 1]
        and parse.starts[i + 1] == parse.ends[i]
    )


def key_of(parse: Parse, first: int, last: int) -> Key:
    """The words of a phrase in lower case, the last one as its lemma."""
    return (*parse.lower[first : last - 1], parse.lemmas[last - 1])
