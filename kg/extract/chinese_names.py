"""Chinese names by their build: surname and given name, titles, place and house endings, 《works》, "called ..."."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.chinese_cues import (
    CONCEPT,
    DOUBLE_SURNAMES,
    ENDINGS,
    FUNCTION,
    GENERIC,
    LONG_ENDINGS,
    NAMING,
    OBJECT,
    OFFICES,
    PERSON,
    SURNAMES,
    TITLES,
    WORK,
)

_WORK = re.compile(r"《([^《》\n]{1,30})》")
_QUOTED = re.compile(r"[“「『\"]([\u3400-\u9fffA-Za-z0-9·]{2,8})[”」』\"]")
_WHO = re.compile(
    rf"(?:哥|弟|姐|妹|父亲|母亲|儿子|女儿|妻子|丈夫|匠|坊主|老板|学徒|徒弟|掌柜|师傅)([{''.join(sorted(SURNAMES))}][\u3400-\u9fff]{{2}})"
)
_NAMED = re.compile(
    rf"(?:{'|'.join(NAMING)})([\u3400-\u9fffA-Za-z0-9·]{{2,6}}(?:[、和与及][\u3400-\u9fff]{{2,6}}){{0,5}})(?=[，。；：！？,.;（(]|$)"
)
_LATIN = re.compile(
    r"[A-Za-z][A-Za-z0-9]*(?:[-_/'’.+#&]+[A-Za-z0-9]+)*(?:(?: & |\.? )[A-Z][A-Za-z0-9'’-]*\.?)*\.?"
)
_GLOSS = re.compile(r"[（(]\s*([A-Za-z][^（）()\n]{1,60}?)\s*[)）]")
_FOREIGN = re.compile(r"[\u3400-\u9fff]{1,6}(?:·[\u3400-\u9fff]{1,6})+")
_LATIN_TITLES = frozenset(("Dr", "Mr", "Mrs", "Ms", "St", "Prof"))
_SPLIT = re.compile("[、和与及]")
_SPEECH = frozenset("说问道想看听喊骂答讲")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as jieba cut it: `flag` its part of speech, `start` its offset in the document."""

    text: str
    flag: str
    start: int

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Hint:
    """Something says that `name` is a name: `strength` 1 alone is not enough, 2 is."""

    name: str
    type: str
    strength: int


def written(text: str) -> Iterator[Hint]:
    """Names that the writing itself sets apart: 《works》, “quoted” terms, "called ...", Latin letters."""
    for match in _WORK.finditer(text):
        yield Hint(match[1].strip(), WORK, 3)
    for match in _QUOTED.finditer(text):
        said = text[max(0, match.start() - 2) : match.start()]
        if not any(mark in said for mark in "：:，") and match[1][0] not in FUNCTION:
            yield Hint(match[1], kind_of(match[1]), 2)
    for match in _NAMED.finditer(text):
        for name in _SPLIT.split(match[1]):
            if len(name) > 1 and not set(name) & _NOT_IN_NAMES and name not in GENERIC:
                yield Hint(name, kind_of(name), 2)
    for match in _WHO.finditer(text):
        if not set(match[1]) & (FUNCTION | _NOT_IN_NAMES):
            yield Hint(match[1], PERSON, 2)
    for match in _FOREIGN.finditer(text):
        yield Hint(match[0], PERSON, 2)
    for match in _LATIN.finditer(text):
        name = match[0].rstrip(".") if match[0].count(".") == 1 and not match[0].endswith("Co.") else match[0]
        if name not in _LATIN_TITLES and ((len(name) > 1 and not name.islower()) or len(name) > 3):
            yield Hint(name, PERSON if name.startswith(("Dr", "Mr", "Mrs", "Miss", "Prof")) else CONCEPT, 2)


_VERBS_BEFORE = frozenset(
    "叫设进回往请问付给送写住离找买卖入开关坐站走拿用改当任自怕爱恨见替帮归属管喝吃睡养种埋放挂借还"
)
_WATERS_AND_STREETS = frozenset("河江湖塘溪潭湾巷街弄桥镇村寺庙塔岛岭")
_NO_GIVEN_NAME = frozenset("河江湖海镇县村寺庙桥街巷局厂坊尺缸筒器灯船塘池山岛")
_NOT_IN_NAMES = frozenset("的了着是在不没也就都还很我你他她它们吗呢吧啊么这那")


def glosses(text: str) -> Iterator[tuple[int, str]]:
    """Latin names in brackets after a Chinese one: (offset of the bracket, the Latin name)."""
    for match in _GLOSS.finditer(text):
        if match.start() and "\u3400" <= text[match.start() - 1] <= "\u9fff":
            yield match.start(), match[1]


def built(words: Sequence[Word]) -> Iterator[Hint]:
    """Names in a cut sentence by their build; the same name may be hinted at more than once."""
    for i, word in enumerate(words):
        if word.flag.startswith("nr") and len(word.text) > 1:
            yield from _person(words, i)
        elif word.flag in ("ns", "nt", "nz") and len(word.text) > 1 and word.text not in GENERIC:
            yield Hint(word.text, kind_of(word.text, "place" if word.flag == "ns" else OBJECT), 2)
        if word.text in TITLES and i:
            yield from _titled(words, i)
        yield from _ending(words, i)
        if word.text in SURNAMES and i + 1 < len(words):
            yield from _surnamed(words, i)


def _person(words: Sequence[Word], i: int) -> Iterator[Hint]:
    """A word that the tagger takes for a person: believed where it has a surname and a name's length."""
    text = words[i].text
    if is_person(text) or (text[:1] in SURNAMES and len(text) == 3 and text[-1] not in _NO_GIVEN_NAME):
        yield Hint(text, PERSON, 2)
    elif len(text) > 1 and not set(text) & _NOT_IN_NAMES:
        yield Hint(text, kind_of(text, PERSON), 1)


def is_person(name: str) -> bool:
    """Whether the name is built like a Chinese person's: a surname and one or two characters.

    >>> is_person("顾守拙"), is_person("静耳堂")
    (True, False)
    """
    double = name[:2] in DOUBLE_SURNAMES
    given = name[2:] if double else name[1:]
    if not (double or name[:1] in SURNAMES) or not 1 <= len(given) <= 2:
        return False
    return name[-1] not in ENDINGS and name not in GENERIC and not set(given) & _NOT_IN_NAMES


def _surnamed(words: Sequence[Word], i: int) -> Iterator[Hint]:
    """A surname cut off from its given name: 莫 + 老七, 石 + 阿 + 福."""
    name = words[i].text
    for word in words[i + 1 : i + 3]:
        if (
            word.start != words[i].start + len(name)
            or set(word.text) & FUNCTION
            or not word.text.isalnum()
            or word.flag[:1] in "wpucdm"
        ):
            return
        name += word.text
        if len(name) > 3:
            return
        if len(name) > 1 and is_person(name):
            yield Hint(name, PERSON, 1)


def _titled(words: Sequence[Word], i: int) -> Iterator[Hint]:
    """What stands before a title: 霍德森 + 医生, 沈 + 先生."""
    before, start = words[i - 1], words[i].start
    if (
        before.end != start
        or not before.text.isalnum()
        or before.flag[:1] in "wpucdmrq"
        or before.text in GENERIC
    ):
        return
    name = before.text
    k = i - 2
    while (
        k >= 0
        and words[k].end == words[k + 1].start
        and len(name) < 4
        and words[k].flag[:2] in ("nr", "x", "ns", "nz")
        and len(words[k].text) < 3
    ):
        name = words[k].text + name
        k -= 1
    if name in SURNAMES or name in DOUBLE_SURNAMES:
        yield Hint(name + words[i].text, PERSON, 2)
    elif before.flag[:2] in ("nr", "x", "nz", "ns") or len(before.text) == 3:
        yield Hint(name, PERSON, 2)


def _ending(words: Sequence[Word], i: int) -> Iterator[Hint]:
    """Words up to a place's or a house's ending: 瓦子 + 巷, 恒泰 + 醋坊, 听 + 缸 + 公所."""
    text = words[i].text
    ending = ending_of(text)
    if not ending or text in GENERIC:
        return
    if len(text) > len(ending) and len(text) > 2:
        yield Hint(text, ENDINGS[ending], 1)
    grown: list[str] = []
    name, k = text, i - 1
    while k >= 0 and words[k].end == words[k + 1].start and i - k <= 3:
        word = words[k]
        if (
            word.flag[:1] in "wpucdmrqfyeot"
            or not word.text.isalnum()
            or word.text in FUNCTION
            or word.text in GENERIC
            or word.text in _VERBS_BEFORE
            or (word.flag == "ns" and i - k > 1)
        ):
            break
        if word.flag[:1] == "v" and len(word.text) > 1:
            break
        name = word.text + name
        k -= 1
        if 2 < len(name) <= 8:
            grown.append(name)
    strong = (len(ending) > 1 and len(name) > len(ending) + 1) or (
        ending in _WATERS_AND_STREETS and len(name) == 3
    )
    for one in grown:
        yield Hint(one, ENDINGS[ending], 2 if strong and one == name else 1)


def ending_of(name: str) -> str:
    """The ending that tells what a name is of: "公所" of 听缸公所; "" where there is none."""
    for ending in LONG_ENDINGS:
        if name.endswith(ending):
            return ending
    return name[-1] if name[-1:] in ENDINGS else ""


def kind_of(name: str, otherwise: str = OBJECT) -> str:
    """The type of a name by its build.

    >>> kind_of("听缸公所"), kind_of("顾守拙", PERSON), kind_of("听缸师")
    ('organisation', 'person', 'concept')
    """
    ending = ending_of(name)
    if ending and len(name) > len(ending):
        return ENDINGS[ending]
    if len(name) > 1 and name.endswith(OFFICES):
        return CONCEPT
    if is_person(name) and otherwise == PERSON:
        return PERSON
    return otherwise
