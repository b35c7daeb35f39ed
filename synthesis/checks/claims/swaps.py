"""Two that have changed places: names beside one another's words, or on the other's side of the same verb.

Three ways to see it. In two clauses: the claim has A with x and B with y, the sentences have A with y and B with x.
Around one verb: who did it in the claim suffered it in the sentence, passives read as what they are, and "I" and
"me" as the author whom a heading names. In Chinese: pairs of characters that have changed sides of 给 and its like.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, combinations
from typing import NamedTuple

from synthesis.checks.claims.evidence import Evidence, Near
from synthesis.checks.claims.words import HAN_FUNCTION, KEPT, NUMBER_WORDS, Token, Words, tokens

JOINING = frozenset("and but while whereas".split())
BESIDE = JOINING | {"who", "whom"}
"""A clause that begins so stands beside the one before; what follows "once" or "since" may say anything of both."""
HAN_CLAUSE = re.compile("[，。；：！？、,;:]")
HAN = re.compile("[\u3400-\u9fff]{2}")
HAN_ONE = re.compile("[\u3400-\u9fff]")
HAN_PASSIVE = re.compile("[由被为让]")
HAN_CLEFT = re.compile(
    "(?P<what>[^，。；：！？,;:]{1,60})的(?:人|东西|地方|时候)?，?[正就便才]?是(?P<who>[^，。；：！？,;:]+)"
)
HAN_CLEFT_DOER = re.compile("(?:^|[，。；：！？,;:])[把将向给替]")
HAN_BETWEEN = re.compile(
    "[\u3400-\u9fff]{0,2}给|告诉|请教|说服|打败|战胜|击败|取代|接替|代替|超过|领先|救出|救了|陪同|跟随|派遣"
)
"""Verbs with one before them who does it, and one after them whom it befalls."""
BEING = frozenset("was were been be is are being am".split())
AFTER_PREPOSITION = frozenset(
    "of at in on from with for behind near beside under over during before after since until than as by to".split()
)
TITLES = frozenset("mr mrs miss ms dr sir the lady".split())
ELSEWHERE = frozenset("at in on near of before after".split())
LESS_THAN_CONTENT = frozenset("gave give given told tell asked ask said".split())
"""Words that say too little for a content word, but have a doer and a receiver."""
BACK, FORTH = 15, 8
"""So many words before and after a verb are looked through for a name."""
OFTEN = 2
"""So many times a context has two Chinese words that have changed clauses: pairs of characters of no one word are rarer."""
MOST_CLAUSES, MOST_WORDS, MOST_PAIRS = 8, 24, 200
"""What is laid side by side of a claim and no more, so that a text without marks takes no hours."""
Forms = frozenset[str]


class Clause(NamedTuple):
    """The words of a clause, and whether it stands beside the one before it ("and", "whereas")."""

    forms: Forms
    beside: bool


class Roles(NamedTuple):
    """Who does what a verb says, and to whom; forms of names."""

    doer: Forms
    other: Forms


def swapped(claim: str, words: Words, evidence: Evidence, near: Near) -> list[str]:
    """The words that have changed places, as they are compared."""
    if not near.stating:
        return []
    others = _reversed if evidence.language == "zh" else _turned
    ways = chain(_crossed(claim, words, evidence, near), others(claim, words, evidence, near))
    return list(next(ways, ()))


# ---- in two clauses ----------------------------------------------------------------------------------


def _crossed(claim: str, words: Words, evidence: Evidence, near: Near) -> Iterator[tuple[str, ...]]:
    chinese = evidence.language == "zh"
    said = _clauses(claim, evidence.proper, chinese)
    if len(said) < 2:
        return
    where: dict[str, int] = {}
    sentences: list[int] = []
    place = 0
    for row in near.rows:
        first_place = place
        for clause in _clauses(evidence.sentences[row], evidence.proper, chinese):
            for form in clause.forms:
                where[form] = where.get(form, 0) | 1 << place
            place += 1
        sentences.append((1 << place) - (1 << first_place))
    named = {form for name in words.names for form in name}
    for at, to in combinations(range(min(len(said), MOST_CLAUSES)), 2):
        if not any(clause.beside for clause in said[at + 1 : to + 1]):
            continue
        first, second = said[at].forms, said[to].forms
        ones, others = _parted(first - second, where), _parted(second - first, where)
        for one, its in ones:
            for other, others_word in others:
                # a sentence has each with the other's word
                here, there = where[one] & where[others_word], where[other] & where[its]
                if here and there and any(here & whole and there & whole for whole in sentences):
                    if chinese and (_touch(one, others_word) or _touch(other, its)):
                        continue
                    if chinese and not (
                        _often(one, other, evidence.text) or _of_one_frame(one, other, claim)
                    ):
                        continue
                    if chinese or _entities(one, other, named) or _entities(its, others_word, named):
                        yield one, other


def _parted(clause: Forms, where: dict[str, int]) -> list[tuple[str, str]]:
    """Pairs of words of a clause of the claim that no clause of the sentences has together."""
    known = sorted(clause & where.keys())[:MOST_WORDS]
    return [
        (one, other)
        for one in known
        for other in known
        if one != other and not where[one] & where[other] and not (_touch(one, other) and HAN.match(one))
    ]


def _touch(one: str, other: str) -> bool:
    """Whether two pairs of characters overlap, so that they are of one word."""
    return not set(one).isdisjoint(other)


def _often(one: str, other: str, known: str) -> bool:
    return min(known.count(one), known.count(other)) >= OFTEN


def _of_one_frame(one: str, other: str, claim: str) -> bool:
    """Whether two Chinese words stand beside the same character: 管账册的叫司听，做头领的叫司簿."""
    at, to = claim.find(one), claim.find(other)
    before, after = claim[max(0, at - 1) : at], claim[at + 2 : at + 3]
    led = HAN_ONE.match(before) is not None and before == claim[max(0, to - 1) : to]
    return led or (HAN_ONE.match(after) is not None and after == claim[to + 2 : to + 3])


def _entities(one: str, other: str, named: set[str]) -> bool:
    return all(form in named or form in NUMBER_WORDS or form.isdigit() for form in (one, other))


@lru_cache(maxsize=KEPT)
def _clauses(text: str, proper: Forms, chinese: bool) -> tuple[Clause, ...]:
    found: list[set[str]] = [set()]
    joined: list[bool] = [chinese]
    if chinese:
        for part in HAN_CLAUSE.split(text):
            pairs = (part[at : at + 2] for at in range(len(part) - 1))
            found.append({pair for pair in pairs if HAN.match(pair) and HAN_FUNCTION.isdisjoint(pair)})
            joined.append(True)
    else:
        for token in tokens(text, proper):
            if token.parted or token.lower in JOINING:
                found.append(set())
                joined.append(False)
            joined[-1] |= token.lower in BESIDE and not found[-1]
            if token.lower in NUMBER_WORDS:
                found[-1].add(token.lower)
            elif token.content and len(token.form) > 1:
                found[-1].add(token.form)
    pairs_of = zip(found, joined, strict=True)
    return tuple(Clause(frozenset(forms), beside) for forms, beside in pairs_of if forms)


# ---- around one verb ---------------------------------------------------------------------------------


def _turned(claim: str, _: Words, evidence: Evidence, near: Near) -> Iterator[tuple[str, ...]]:
    said = _roles(claim, evidence.proper, evidence.author)
    for row in near.rows if said else ():
        there = _roles(evidence.sentences[row], evidence.proper, evidence.author)
        for verb in filter(there.__contains__, said):
            here, other = said[verb], there[verb]
            turned = here.doer & other.other and here.other & other.doer
            if turned and not here.doer & other.doer and not here.other & other.other:
                yield (*sorted(here.doer), *sorted(here.other))


@lru_cache(maxsize=KEPT)
def _roles(text: str, proper: Forms, author: Forms) -> dict[str, Roles]:
    """The words with a name on either side that may be their doer and whom they befall; words that recur left out."""
    said = tokens(text, proper)
    names = [_named(token, author) for token in said]
    if sum(map(bool, names)) < 2:
        return {}
    found: dict[str, Roles] = {}
    met = set[str]()
    for at, token in enumerate(said):
        if token.name or len(token.form) < 3 or not (token.content or token.lower in LESS_THAN_CONTENT):
            continue
        if token.form in met:
            found.pop(token.form, None)
            continue
        met.add(token.form)
        roles = _around(said, names, at)
        if roles is not None:
            found[token.form] = roles
    return found


def _named(token: Token, author: Forms) -> Forms:
    if token.name:
        return frozenset([token.form])
    return author if token.lower in ("i", "me") else frozenset()


def _around(said: tuple[Token, ...], names: list[Forms], at: int) -> Roles | None:
    """Who stands on either side of the word at this place; None where it is not both."""
    passive = not said[at].lower.endswith("ing") and any(
        said[place].lower in BEING for place in range(max(0, at - 2), at)
    )
    before = _before(said, names, at)
    first = next((place for place in range(at + 1, min(len(said), at + 1 + FORTH)) if names[place]), None)
    if first is None:
        return None
    after, end = _joined(names, first)
    between = {said[place].lower for place in range(max(at + 1, first - 2), first)}
    if not passive:
        doer, other = before, after if between.isdisjoint(ELSEWHERE | {"by"}) else frozenset[str]()
    else:
        receiver = next((place for place in range(end + 1, min(len(said), end + 5)) if names[place]), None)
        given = receiver is not None and "to" in (said[receiver - 1].lower, said[receiver - 2].lower)
        doer = after if "by" in between else frozenset[str]()
        other = names[receiver] if given and receiver is not None else before
    return Roles(doer, other) if doer and other else None


def _before(said: tuple[Token, ...], names: list[Forms], at: int) -> Forms:
    """The nearest name before a place that no preposition belongs to."""
    place = at - 1
    while place >= max(0, at - BACK):
        if not names[place]:
            place -= 1
            continue
        start = place
        while start > 0 and names[start - 1]:
            start -= 1
        front = start - 1 if start > 0 and said[start - 1].lower in TITLES else start
        if front > 0 and said[front - 1].lower in AFTER_PREPOSITION:
            place = start - 1
        elif said[place].lower.endswith(("'s", "’s")):
            break
        else:
            return frozenset[str]().union(*names[start : place + 1])
    return frozenset()


def _joined(names: list[Forms], first: int) -> tuple[Forms, int]:
    """The name that begins at a place, and where it ends."""
    end = first
    while end + 1 < len(names) and names[end + 1]:
        end += 1
    return frozenset[str]().union(*names[first : end + 1]), end


# ---- in Chinese --------------------------------------------------------------------------------------


def _reversed(claim: str, words: Words, evidence: Evidence, near: Near) -> Iterator[tuple[str, ...]]:
    if HAN_PASSIVE.search(claim):
        return
    orders = _orders(claim)
    for row in near.stating:
        found = [_reversed_in(said, words, evidence.sentences[row]) for said in orders]
        if all(found):
            yield from filter(None, found)


def _orders(claim: str) -> list[str]:
    """The orders in which a claim may say what it says: a cleft sentence (盖住小泡的是杂音) has its focus last, be it
    who did it or whom it befell. After 把 it is who did it.
    """
    whole, only = HAN_CLEFT.sub(r"\g<what>\g<who>", claim), HAN_CLEFT_DOER.search(claim)
    turned = HAN_CLEFT.sub(r"\g<who>\g<what>", claim)
    return [turned] if turned == claim or only else [whole, turned]


def _reversed_in(claim: str, words: Words, sentence: str) -> tuple[str, ...] | None:
    here = {pair: claim.find(pair) for pair in words.content if HAN.match(pair) and claim.count(pair) == 1}
    both = [pair for pair in sorted(here, key=here.__getitem__) if sentence.count(pair) == 1]
    there = {pair: sentence.find(pair) for pair in both}
    both = both[:MOST_PAIRS]
    for middle, one in enumerate(both):
        first = _apart(both[:middle], one, here, there, after=False)
        last = _apart(both[middle + 1 :], one, here, there, after=True)
        # other words may follow one another in any order: 用猪油磨内壁, 内壁用猪油磨
        between = HAN_BETWEEN.match(claim, here[one]) is not None
        if (
            between
            and first is not None
            and last is not None
            and not HAN_CLAUSE.search(claim, here[first], here[last])
        ):
            return first, one, last
    return None


def _apart(
    pairs: list[str], one: str, here: dict[str, int], there: dict[str, int], *, after: bool
) -> str | None:
    """A pair that the claim has on one side of this one, and the sentence on the other."""
    way = 1 if after else -1
    return next(
        (
            pair
            for pair in pairs
            if way * (here[pair] - here[one]) >= 2 and way * (there[pair] - there[one]) <= -2
        ),
        None,
    )
