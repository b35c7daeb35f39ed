"""What follows the same word and the same preposition: "printed at Brackenhead" beside "printed at Castermouth"."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from synthesis.checks.claims.evidence import Evidence, Near
from synthesis.checks.claims.words import HAN_FUNCTION, KEPT, MONTHS, Token, tokens

PREPOSITIONS = frozenset(
    "at in on from to by behind under beside near into against for with through between".split()
)
ARTICLES = frozenset("the a an his her its their my our of".split())
LONGEST = 4
"""Words of a complement; so many before a preposition are looked through for the word that it belongs to."""
GOVERNED = 6
WITHOUT = {
    "from": re.compile(
        r"\b(?:left|leav(?:e|es|ing)|quit(?:s|ting)?|vacat(?:ed?|es|ing)|abandon(?:ed|s|ing)?) (?:the )?$"
    ),
    "to": (
        REACHED := re.compile(
            r"\b(?:reach(?:ed|es|ing)?|enter(?:ed|s|ing)?|visit(?:ed|s|ing)?|approach(?:ed|es|ing)?"
            r"|join(?:ed|s|ing)?|attend(?:ed|s|ing)?) (?:the )?$"
        )
    ),
    "at": REACHED,
    "in": REACHED,
    "into": REACHED,
}
"""Verbs that have as their object what others have after a preposition: to leave Dolgar is to set off from it."""
HAN = re.compile("([\u3400-\u9fff])(在|到|给|从|向|归|由|往)了?(?=([\u3400-\u9fff]{2}))")

HAN_RESULTS = frozenset("听看见想遇碰找买收得提数感料谈说做")
"""With 到 these have an object, not a place: 听到了泡声."""
HAN_POINTING = "我你您咱俺他她它自这那哪谁此"
"""What these point at may be what the claim names."""
HAN_TIME = re.compile("[原当此那这后前现今昨明]|.[年月日天夜晚早时]")


class Complement(NamedTuple):
    """`of` is the content word and the preposition that `forms` follow; `written` as it stands there.

    The forms are those of the name too that it is "of": who is in the city of Ottawa is in Ottawa. `name` is the
    first word where that is a name, else the first of that name.
    """

    of: tuple[str, str]
    forms: frozenset[str]
    written: str
    name: str


def other_complements(claim: str, evidence: Evidence, near: Near) -> list[str]:
    """Complements of which the sentences near have others, after the same word and preposition.

    Of English ones names alone: common nouns say one thing in too many ways.
    """
    if evidence.language == "zh":
        return _han_complements(claim, evidence.text)
    said = [one for one in _complements(claim, evidence.proper) if one.name]
    if not said:
        return []
    there = [one for row in near.rows for one in _complements(evidence.sentences[row], evidence.proper)]
    found = []
    for one in said:
        others = [other.forms for other in there if other.of == one.of]
        beside = [other.forms for other in there if other.of[0] == one.of[0]]
        mine = [other.forms for other in said if other.of == one.of]
        # of two pads the claim may name the one that the sentences name, too
        both = any(not forms.isdisjoint(those) for forms in mine for those in others)
        apart = not both and all(one.forms.isdisjoint(forms) for forms in beside)
        if others and apart and not _as_object(one, evidence):
            found.append(one.written)
    return found


def _as_object(one: Complement, evidence: Evidence) -> bool:
    """Whether the context has the name of a complement as the object of a verb that says the same."""
    verb = WITHOUT.get(one.of[1])
    if verb is None or not one.name:
        return False
    places = re.finditer(rf"\b{re.escape(one.name)}\b", evidence.text)
    return any(verb.search(evidence.text, max(0, found.start() - 24), found.start()) for found in places)


@lru_cache(maxsize=KEPT)
def _complements(text: str, proper: frozenset[str]) -> tuple[Complement, ...]:
    said = tokens(text, proper)
    found = []
    for at, token in enumerate(said):
        # what a mark parts from the word before belongs to something else: "the label said, in her hand"
        if token.lower not in PREPOSITIONS or token.parted:
            continue
        words = _following(said, at + 1)
        # "to" before any other word may be that of a verb
        if not words or (token.lower == "to" and not words[0].name):
            continue
        before = (
            said[place].form for place in range(at - 1, max(-1, at - 1 - GOVERNED), -1) if _holds(said[place])
        )
        governor = next(before, None)
        if governor is not None:
            written = " ".join([token.written, *(word.written for word in words)])
            named = [*words, *_of_name(said, said.index(words[-1], at) + 1)]
            forms = frozenset(word.form for word in named)
            name = next((word.written for word in (words[0], *named[len(words) :]) if word.name), "")
            found.append(Complement((governor, token.lower), forms, written, name))
    return tuple(found)


def _following(said: tuple[Token, ...], start: int) -> list[Token]:
    words: list[Token] = []
    for at in range(start, len(said)):
        token = said[at]
        plain = token.content and len(token.form) > 1 and not token.lower[0].isdigit()
        if plain and token.lower not in MONTHS and len(words) < LONGEST:
            words.append(token)
        elif token.lower not in ARTICLES or at > start + 1 or _is_whole(words):
            break
    return words


def _is_whole(words: Sequence[Token]) -> bool:
    """Whether no article or "of" that follows belongs to these words: not after a name, "by Leek of Tarrel"."""
    return len(words) == LONGEST or bool(words and words[-1].name)


def _of_name(said: tuple[Token, ...], at: int) -> list[Token]:
    """The name that follows a common noun and "of" at this place: who is "of Ottawa" is not Ottawa."""
    if said[at - 1].name or at >= len(said) or said[at].lower != "of" or said[at].parted:
        return []
    return [token for token in _following(said, at + 1) if token.name]


def _holds(token: Token) -> bool:
    return token.content and len(token.form) > 2


def _han_complements(claim: str, known: str) -> list[str]:
    found = []
    for match in HAN.finditer(claim):
        verb, preposition, place = match.groups()
        result = preposition == "到" and verb in HAN_RESULTS
        if verb in HAN_FUNCTION or not HAN_FUNCTION.isdisjoint(place[0]) or result or HAN_TIME.match(place):
            continue
        there = re.findall(f"{verb}{preposition}了?([^，。；：！？、]{{2,8}})", known)
        if re.search(f"{verb}{preposition}了?[{HAN_POINTING}]", known):
            continue
        if there and not any(place in other or set(place) & set(other[:2]) for other in there):
            found.append(f"{preposition}{place}")
    return found
