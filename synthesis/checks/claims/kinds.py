"""Words of closed kinds: relatives, colours, materials, seasons, directions, times of a life.

A rewording seldom puts one of a kind for another, and it gives nobody a niece. What is invented about somebody is
likely a relative, or happened at another time of life.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from synthesis.checks.claims.contraries import contraries
from synthesis.checks.claims.evidence import Evidence, Near
from synthesis.checks.claims.words import DENIAL, KEPT, NUMBER_WORDS, Token, tokens

RELATIVES = tuple(
    (re.compile(said, re.IGNORECASE), re.compile(f"{said}|{besides}", re.IGNORECASE))
    for said, besides in (
        (
            r"\b(?:(?:god|step)?(?:father|mother|son|daughter)|parent)s?\b|父亲|母亲|爸爸|妈妈|爹娘|儿子|女儿",
            r"\b(?:child|children|famil(?:y|ies)|heirs?)\b|孩|[爹娘父母]|儿女|子女",
        ),
        (
            r"\b(?:half-)?(?:brother|sister)s?\b|哥哥|弟弟|姐姐|妹妹|兄弟|姐妹|兄长|大哥|二哥",
            r"\b(?:twins?|siblings?)\b|[兄弟姐妹哥]",
        ),
        (
            r"\b(?:uncle|aunt|niece|nephew|cousin)s?\b|叔叔|伯父|舅舅|舅父|姑姑|姑母|姨妈|姨母|侄[子女孙]|外甥|[表堂][兄弟姐妹]",
            r"\b(?:brother|sister)s?\b|[叔伯舅姑姨侄甥]",
        ),
        (
            r"\b(?:husband|wife|wives|widow|widower|bride|marri(?:ed|es)|engaged to)\b|丈夫|妻子|媳妇|再娶|娶了|嫁给|嫁了"
            "|成亲|结婚",
            r"\b(?:wedding|marriage|honeymoon|mrs)\b|[妻婆娶嫁婚]|夫人|太太|寡妇",
        ),
        (
            r"\bgrand(?:father|mother|son|daughter|child|children|parent)s?\b|祖父|祖母|爷爷|奶奶|外公|外婆|孙[子女]",
            r"\bforebears?\b|祖|孙辈",
        ),
    )
)
"""Words for relatives of one degree, and those and others that such a relative may be told from."""
KINDS = tuple(
    line.split()
    for line in (
        "spring summer autumn winter",
        "morning evening",
        "noon midnight",
        "north south east west",
        "northern southern eastern western",
        "red blue green yellow white black brown grey purple orange pink",
        "iron steel brass silver gold copper tin bronze",
        "silk cotton wool linen leather",
        "oak ash beech birch elm pine cedar walnut",
        "wooden glass paper brick",
        "horse cow dog cat sheep goat pig hen duck elephant camel donkey ox fox wolf",
        "breakfast lunch supper",
        "king queen",
    )
)
"""No pair of which one may be meant by the other ("granite" and "stone"), or is the other seen from its end."""
BESIDE = tuple(
    [frozenset(meant.split(",")) for meant in line.split()]
    for line in (
        "iron steel brass silver gold,golden copper tin bronze lead pewter wooden stone glass paper brick clay leather straw",
        "red,scarlet,crimson blue green yellow white black brown grey,gray purple orange pink",
        "largest,biggest,greatest smallest,least",
        "highest,tallest lowest,shortest",
        "oldest,eldest youngest",
        "best worst",
        "first second third fourth fifth",
        "early late",
        "older,elder younger",
        "heaviest lightest",
        "left right",
        "upper lower",
        "before after",
        "above,over below,under,beneath",
        "inside outside",
    )
)
"""Words that exclude one another before the same word ("a wooden pump", "an iron pump"); those that may be meant by
one another are together.
"""
MEANT = {
    word: (kind, place)
    for kind, line in enumerate(BESIDE)
    for place, words in enumerate(line)
    for word in words
}
ARTICLES = frozenset("a an the his her its their".split())
TOLD_TIME = re.compile(
    r"\b(?:(?:next|following|previous|last) (?:morning|evening|spring|summer|autumn|winter)"
    r"|(?:morning|evening|spring|summer|autumn|winter) (?:before|after))\b",
    re.IGNORECASE,
)
"""Told from another time: the evening before may be that of any morning."""
KIND_OF = {word: kind for kind, words in enumerate(KINDS) for word in words}
ENGLISH = re.compile("[a-z]+")
HAN_KINDS = tuple(
    line.split()
    for line in (
        "春 夏 秋 冬",
        "早上 晚上",
        "上午 下午",
        "东 西 南 北",
        "左 右",
        "红 黄 蓝 绿 黑 灰 紫",
        "铁 钢 铜 铅 木 石 竹 银 金 锡 玻璃 瓷 布 皮 纸 藤 柏 檀 樟 水泥 砖",
        "子时 丑时 寅时 卯时 午时",
        "清明 白露 立春 冬至 端午 中秋",
    )
)
HAN_SIDES = {
    one: other for pair in ("前后", "上下", "内外") for one, other in (tuple(pair), tuple(pair)[::-1])
}
HAN_SIDE = re.compile("([\u3400-\u9fff]{2})[以之]([前后上下内外])")
OTHER_TIMES = {
    "en": re.compile(
        r"\b(?:later|(?:following|next) (?:year|spring|summer|autumn|winter|week|day|morning)|(?:had|was|were) once"
        r"|ever since|rest of (?:his|her|their) li(?:fe|ves)|every (?:year|spring|summer|autumn|winter)"
        r"|in (?:old|later) (?:age|years|life)|as a (?:boy|girl|child)|intends?|plans? to)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile("早年|年轻时|曾经?|早就|在世|至今|从此|每年|起初|晚年|小时候|明年|年前"),
}
SAME_TIMES = (
    ("later", r"\b(?:afterwards?|subsequently|eventually|thereafter)\b"),
    ("following|next", r"\b(?:next|following|later|after)\b"),
    ("once", r"\b(?:once|formerly|former|previously|used to)\b"),
    ("ever since", r"\bsince\b"),
    ("every year", r"\b(?:each year|yearly|annual(?:ly)?|per annum|(?:a|per) year)\b"),
    ("every", r"\beach (?:spring|summer|autumn|winter)\b"),
    ("rest of", r"\b(?:(?:un)?til (?:\w+ )?(?:died|death)|to the end of|all (?:his|her|their) life)\b"),
    ("in (?:old|later)", r"\b(?:old|aged|elderly|retire\w*|last years)\b"),
    ("as a", r"\b(?:child(?:hood)?|boy(?:hood)?|girl(?:hood)?|young|youth|grew up)\b"),
    ("intend|plan", r"\b(?:intend\w*|plan(?:s|ned)?|aims?|proposes?|hopes?|means to|going to|will)\b"),
    ("早年|年轻时|小时候", "早年|年轻|年少|少年|少时|小时候|幼年|童年|从小|自幼"),
    ("曾|早就|年前", "曾|早已|早先|从前|以前|当年|年前"),
    ("在世", "在世|生前|活着"),
    ("至今", "如今|现在|迄今"),
    ("从此", "此后|自此|从那"),
    ("每年", "年年|历年|一年一|逐年"),
    ("起初", "最初|当初|起先|开始|原先|开头"),
    ("晚年", "老年|暮年|年老|老了"),
    ("明年", "来年|次年|翌年|下一年|第二年"),
)
"""Words for a time, and those by which the sentences near may tell of the same."""
TOLD_TOO = tuple(
    (re.compile(said, re.IGNORECASE), re.compile(known, re.IGNORECASE)) for said, known in SAME_TIMES
)
NEW = {"en": 0.5, "zh": 0.6}
"""A claim of another time of a life has so large a share of new words, where it is no mere rewording."""


def new_relatives(claim: str, evidence: Evidence) -> list[str]:
    """Relatives in the claim of a degree that the context does not speak of at all."""
    return [
        found[0]
        for said, known in RELATIVES
        if (found := said.search(claim)) is not None and not known.search(evidence.text)
    ]


def other_times(claim: str, evidence: Evidence, near: Near, unknown: float) -> list[str]:
    """Words for another time of somebody's life in a claim of mostly `unknown` words, that the context tells in no way."""
    if unknown < NEW[evidence.language]:
        return []
    told = (found[0] for found in OTHER_TIMES[evidence.language].finditer(claim))
    return [one for one in told if one not in evidence.text and not _told_too(one, near.text)]


def _told_too(time: str, near: str) -> bool:
    return any(said.search(time) and known.search(near) for said, known in TOLD_TOO)


def other_kinds(claim: str, evidence: Evidence, near: Near) -> list[str]:
    """Words that the context has nowhere, where the nearest sentence has another of their kind that the claim lacks."""
    if not near.stating:
        return []
    if evidence.language == "zh":
        there = "\n".join(evidence.sentences[row] for row in near.stating)
        found = (*_han_kinds(claim, there, evidence.text), *_han_opposites(claim, there, evidence.text))
        return list(dict.fromkeys(found))
    best = evidence.sentences[near.best]
    otherwise = _otherwise(claim, best, evidence) | set(contraries(claim, evidence, near))
    if said := _kinds_in(TOLD_TIME.sub(" ", claim)):
        instead = {KIND_OF[word] for word in _kinds_in(best) - said}
        otherwise |= {word for word in said - _kinds_in(evidence.text) if KIND_OF[word] in instead}
    return sorted(otherwise)


def _otherwise(claim: str, best: str, evidence: Evidence) -> set[str]:
    """Words before another of which the best sentence has one that excludes them, and the context none these."""
    said = _before_words(claim, evidence.proper)
    if not said or DENIAL["en"].search(claim) or DENIAL["en"].search(best):
        return set()
    there = _before_words(best, evidence.proper)
    found = {
        (word, before)
        for word, before in said
        if any(of == before and _exclude(word, other) and (other, of) not in said for other, of in there)
        # "the first yoke with hazel and the second with a broom handle"
        and not (word in NUMBER_WORDS and re.search(rf"\b{word}\b", best, re.IGNORECASE))
    }
    known = _before_words(evidence.text, evidence.proper) if found else frozenset[tuple[str, str]]()
    return {
        word
        for word, before in found
        if not any(of == before and MEANT[other] == MEANT[word] for other, of in known)
    }


def _exclude(word: str, other: str) -> bool:
    kind, place = MEANT[word]
    return MEANT[other][0] == kind and MEANT[other][1] != place


@lru_cache(maxsize=KEPT)
def _before_words(text: str, proper: frozenset[str]) -> frozenset[tuple[str, str]]:
    """Words of an English text that exclude others, with the word that each stands before."""
    said = tokens(text, proper)
    found = set[tuple[str, str]]()
    for at, token in enumerate(said):
        if token.lower in MEANT:
            after = _after(said, at + 1)
            if after < len(said) and not said[after].parted:
                found.add((token.lower, said[after].form))
    return frozenset(found)


def _after(said: Sequence[Token], at: int) -> int:
    """The place of the word that one before this place belongs to: "above the door", "the younger of the two queens"."""
    for skipped in ({"of"}, ARTICLES, NUMBER_WORDS):
        at += at < len(said) and said[at].lower in skipped
    return at


@lru_cache(maxsize=KEPT)
def _kinds_in(text: str) -> frozenset[str]:
    """The words of an English text that are of a kind, in the singular."""
    words = ENGLISH.findall(text.casefold())
    return frozenset(one for word in words for one in (word, word.removesuffix("s")) if one in KIND_OF)


def _han_kinds(claim: str, there: str, known: str) -> Iterator[str]:
    """A word of one character counts with its neighbour: 西墙 beside 东墙."""
    for kind in HAN_KINDS:
        for word in kind:
            at = claim.find(word)
            if at < 0:
                continue
            if len(word) > 1:
                beside = [("", "")]
            else:
                beside = [("", claim[at + 1 : at + 2]), (claim[max(0, at - 1) : at], "")]
            for before, after in beside:
                said = before + word + after
                if len(said) < 2 or said in known:
                    continue
                others = (before + one + after for one in kind if one != word)
                if any(one in there and one not in claim for one in others):
                    yield said


def _han_opposites(claim: str, there: str, known: str) -> Iterator[str]:
    """天亮以后 beside 天亮以前: the same words before, and the other side of them."""
    if DENIAL["zh"].search(claim):
        return
    for said in HAN_SIDE.finditer(claim):
        of, side = said.groups()
        here, other = (f"{of}[以之]{one}" for one in (side, HAN_SIDES[side]))
        if re.search(other, there) and not re.search(other, claim) and not re.search(here, known):
            yield said[0]
