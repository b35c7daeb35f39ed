"""What is never merged by a rule, however alike: numbers, opposites, relatives, other first names."""

import re

from kg.names import LONGEST_NAME
from kg.resolution import chinese, english
from kg.resolution.chinese import kin as chinese_kin
from kg.resolution.english_words import KIN
from kg.resolution.name import Name
from kg.resolution.spelling import opposite

KIN_AFTER = re.compile(rf"(?:'s|\u2019s|s'|s\u2019)\s+(?:\w+\s+){{0,2}}(?:{KIN})s?$", re.IGNORECASE)
KIN_BEFORE = re.compile(rf"^(?:the\s+)?(?:{KIN})s?\s+of\s", re.IGNORECASE)


def relative(name: Name) -> bool:
    """Whether the name speaks of somebody's relative: "Marsh's son", 王大明的儿子."""
    if len(name.written) > LONGEST_NAME:
        return False
    if name.chinese:
        return bool(chinese_kin(name.written))
    return bool(KIN_AFTER.search(name.written) or KIN_BEFORE.search(name.written))


def certainly_apart(a: Name, b: Name) -> bool:
    """Whether two names are certainly of two things, so that no rule may bring them together."""
    if a.form == b.form:
        return False
    if a.numbers and b.numbers and a.numbers != b.numbers:
        return True
    if relative(a) != relative(b):
        return True
    if a.parts and b.parts:
        return english.apart(a.parts, b.parts)
    if a.chinese_parts and b.chinese_parts:
        return chinese.apart(a.chinese_parts, b.chinese_parts)
    if a.words and b.words:
        ours = [word for word in a.words if word not in b.words]
        theirs = [word for word in b.words if word not in a.words]
        return any(opposite(x, y) for x in ours for y in theirs)
    return False
