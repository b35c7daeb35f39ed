"""A word that the claim affirms and the nearest sentence denies, or the other way round.

A denial reaches to the end of its clause, in English six words at most: "the owner has not come forward" denies
"come forward". Only a claim without any other turn ("only", "instead", "gave up") is held to it, because a true
claim in other words often keeps the sense and moves the denial.
"""

import re
from functools import lru_cache

from synthesis.checks.claims.evidence import Evidence, Near
from synthesis.checks.claims.words import HAN_FUNCTION, KEPT, Token, Words, tokens

DENYING = frozenset("not no never nobody none nothing nor neither without cannot hardly".split())
STOPS = frozenset(
    "but because although though while whereas since who which that when where if until".split()
)
RELATIVE = frozenset("who which whose whom".split())
"""After a mark these say something of the word before, whatever it has not done: "not cakes, which go to the poor"."""
OBJECTS = frozenset("nobody nothing none".split())
BEFORE_NOUNS = frozenset(
    "a an the this that these those his her its their my our your of in at on by to from".split()
)
FOLLOWING = frozenset("and but or for of in at on by to from with about at before after until then".split())
REACH = 6
AFFIRMED, DENIED, FIRST = 0, 1, 2
"""How far a denial reaches a word: not at all, or as one of those after it, or as the first of them."""
NO_DENIAL = re.compile(
    r"\bno (?:more|less|fewer|later|other|doubt|longer)\b|\bnot (?:only|until|yet)\b|\b(?:nothing|none) but\b"
    r"|\bnever (?:before|again|since)\b|\bwithout doubt\b"
    # "no error occurs more often than this" is a superlative, "no fewer than ten" and "none other than he" affirm
    r"|\b(?:no|not an?|none|nothing|nobody|never)\b(?:(?!\bno\b|\bnot\b)[^.,;:!?]){0,80}?\b(?:more|less|fewer|better|worse|other"
    r"|[a-z]{2,}er)\b(?: (?!or\b|and\b)[a-z]+){0,3}? than\b"
    # whom nobody was told before was told first
    r"|\b(?:nobody|no one|none|nothing)\b(?:(?!\bno\b|\bnot\b)[^.,;:!?]){0,80}?\b(?:before|sooner|earlier|ahead of)\b"
    r"|\b(?:no|none|nothing|nobody|never)\b(?:(?!\bno\b|\bnot\b)[^.,;:!?]){0,80}?\b(?:so|as) [a-z]+(?: [a-z]+)?? as\b",
    re.IGNORECASE,
)
TURNS = re.compile(
    r"\b(?:only|instead|unless|but|except|rather|than|until|too|away|off|out|free|rid|wrong|less|little|few|impossible"
    r"|unlike|unable|refus\w*|declin\w*|den(?:y|ied|ies)|fail\w*|forb[ai]d\w*|prevent\w*|avoid\w*|stop\w*|lack\w*"
    r"|miss\w*|cut|cuts|cutting|omit\w*|remov\w*|delet\w*|exclud\w*|drop(?:s|ped|ping)?|cancel\w*|absen\w*|g[ai]ve up|un(?!til|der|ion|ite|cle|less)[a-z]{3,}|[a-z]+less)\b",
    re.IGNORECASE,
)
SUPPOSING = re.compile(r"\b(?:if|unless|whether|lest|in case|provided|supposing)\b", re.IGNORECASE)
"""A denial that is only supposed: "it is too high if the soil has not been scraped out"."""
HAN_DENYING = re.compile("[不没沒无無未非]有?")
HAN_NO_DENIAL = re.compile(
    "不但|不过|不同|不久|不得不|不仅|不只|不止|不少|不断|差不多|不如|无不|未必|没有不|非常|不到|不知不觉|不料|除非"
    "|无论|不论|不管|未来|不服|不然|不曾"
    # 没有比这更常见的错, 再没有, 无一不, 莫不: superlatives and double denials
    "|没有?[^，。；：！？、]{0,6}?(?:比[^，。；：！？、]{1,10}?[更还再]|像[^，。；：！？、]{1,8}?[这那][么样])|不比|再也?没有|无一不"
    "|没有[^，。；：！？、]{1,4}不|莫不|无非|不亚于"
)
BEING = frozenset("am is are was were be been being".split())
GOING_ON = frozenset(
    "began begin begins begun kept keep keeps started starts continued continues went".split()
)
"""After these an "-ing" says that it was done: "he kept asking"."""
HAN_NAMED = "(?:[正就本便也]|原本?)?是|这[件种样回一]"
"""After a verb that is only named: 打听正是他的差事."""
HAN_TURNS = re.compile(
    "[只才除免停拒禁改辞卸]|反对|[从由][^，。；：！？、]{1,8}[到变换转]|原[先来本]|曾|以前"
)
HAN_STOPS = re.compile("[，。；：！？、,;:“”]")
HAN_REACH = 7


def denied(claim: str, words: Words, evidence: Evidence, near: Near) -> list[str]:
    """The words of the claim that only one of it and the best sentence denies, as they are compared.

    What the claim denies counts in English alone, and only the first word that the denial reaches, most often the
    verb: who "cannot get into the library" does not deny the library.
    """
    if not near.stating:
        return []
    best = evidence.sentences[near.best]
    if evidence.language == "zh":
        return _han_denied(claim, best, [evidence.sentences[row] for row in near.rows])
    proper, names = evidence.proper, {form for name in words.names for form in name}
    here, there = _reached(claim, proper), _reached(best, proper)
    both = [form for form in here if form in there and form not in names]
    if not _denies(claim, proper):
        around = [_reached(evidence.sentences[row], proper) for row in near.rows]
        said = _asserted(claim, proper)
        found = [form for form in both if all(one.get(form, DENIED) >= DENIED for one in around)]
        found = [form for form in found if form in said]
        found = found if here.keys() & _first_denied(best, proper) else []
        return [] if found and _turned(claim, best) else found
    if _denies(best, proper) or SUPPOSING.search(claim):
        return []
    denied_near = (_reached(evidence.sentences[row], proper) for row in near.rows)
    if any(far and here.get(form) for one in denied_near for form, far in one.items()):
        return []
    found = [form for form in both if here[form] == FIRST]
    return [] if found and _turned(best, claim) else found


def _turned(text: str, other: str) -> bool:
    """Whether a text turns its sense round with a word that the other, which denies, has not: "struck out" is in both."""
    turns, others = ({found.casefold() for found in TURNS.findall(said)} for said in (text, other))
    return not turns <= others


@lru_cache(maxsize=KEPT)
def _reached(text: str, proper: frozenset[str]) -> dict[str, int]:
    """How far a denial reaches each content word of an English text, by its stem: the least of all its places."""
    found: dict[str, int] = {}
    left, degree, last = 0, AFFIRMED, ""
    said = tokens(NO_DENIAL.sub(" ", text), proper)
    for at, token in enumerate(said):
        if token.parted and token.lower in RELATIVE and last in found:
            found[last] = AFFIRMED
        if token.parted or token.lower in STOPS:
            left = 0
        if _is_denial(token.lower):
            left, degree = REACH, FIRST
        elif token.lower not in STOPS:
            if token.content and len(token.lower) > 1 and token.lower[0].isalpha():
                now = degree if left > 0 else FIRST if _on_nobody(said, at) else AFFIRMED
                found[token.form] = min(now, found.get(token.form, now))
                last = token.form
                degree = DENIED
            left = max(0, left - 1)
    return found


def _first_denied(text: str, proper: frozenset[str]) -> set[str]:
    """The first content word after each denial, and the one before "nobody": a claim without it speaks of something else than what is denied."""
    found = set[str]()
    denying, last = False, ""
    for token in tokens(NO_DENIAL.sub(" ", text), proper):
        if token.lower in OBJECTS:
            found.add(last)
        if _is_denial(token.lower) or token.lower in OBJECTS:
            denying = True
        elif token.content and len(token.lower) > 1 and token.lower not in STOPS:
            last = token.form
            if denying:
                found.add(last)
            denying = False
    return found


def _on_nobody(said: tuple[Token, ...], at: int) -> bool:
    """Whether the word at this place is a verb whose object denies it: "he thanked nobody"."""
    after = said[at + 1 : at + 3]
    if not after or after[0].lower not in OBJECTS or after[0].parted or said[at].name:
        return False
    noun = at > 0 and said[at - 1].lower in BEFORE_NOUNS
    return not noun and (len(after) == 1 or after[1].parted or after[1].lower in FOLLOWING)


def _asserted(text: str, proper: frozenset[str]) -> set[str]:
    """The forms of an English text but for those of verbs that it only names, and what belongs to them: "enquiring
    about it was his employment", "he was employed to enquire".
    """
    said = tokens(text, proper)
    before = [""] * 3 + [token.lower for token in said]
    found, named = set[str](), False
    for at, token in enumerate(said):
        gerund = token.lower.endswith("ing") and len(token.form) < len(token.lower)
        progressive = before[at + 2] in GOING_ON or not BEING.isdisjoint(before[at + 1 : at + 3])
        if (gerund and not progressive) or (before[at + 2] == "to" and before[at] in BEING):
            named = True
        elif token.parted or token.lower in STOPS or token.lower in BEING:
            named = False
        if not named:
            found.add(token.form)
    return found


def _denies(text: str, proper: frozenset[str]) -> bool:
    return any(_is_denial(token.lower) for token in tokens(text, proper))


def _is_denial(word: str) -> bool:
    return word in DENYING or word.endswith(("n't", "n’t"))


def _han_denied(claim: str, best: str, around: list[str]) -> list[str]:
    if HAN_DENYING.search(claim) or HAN_TURNS.search(claim):
        return []
    affirmed = set[str]().union(*(_han_reached(text)[1] for text in around))
    found = _han_reached(claim)[1] & _han_reached(best)[0] - affirmed
    return sorted(pair for pair in found if not re.search(f"{re.escape(pair)}(?:{HAN_NAMED})", claim))


@lru_cache(maxsize=KEPT)
def _han_reached(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The pairs of characters of a Chinese text that a denial reaches, and those before any."""
    inside, outside = set[str](), set[str]()
    for part in HAN_STOPS.split(HAN_NO_DENIAL.sub("，", text)):
        found = HAN_DENYING.search(part)
        outside |= _pairs(part[: found.start()] if found else part)
        if found:
            inside |= _pairs(part[found.end() : found.end() + HAN_REACH])
    return frozenset(inside), frozenset(outside)


def _pairs(text: str) -> set[str]:
    pairs = (text[at : at + 2] for at in range(len(text) - 1))
    return {pair for pair in pairs if HAN_FUNCTION.isdisjoint(pair)}
