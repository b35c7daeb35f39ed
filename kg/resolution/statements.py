"""What the text itself says about two names: that they are one ("X, known as Y"), or two ("X and Y").

Looked for between neighbouring mentions only, in the few characters that part them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kg.model import Mention
from kg.resolution.english_words import KIN
from kg.resolution.name import analyse
from kg.scripts import is_chinese

WIDEST = 48
"""Characters between two mentions; farther apart nothing is looked for."""

ONE = re.compile(
    r"""[\s,;:(\[（【—–-]*(?:which\ (?:is|was)\ |who\ (?:is|was)\ |is\ |was\ )?
    (?:(?:also|better|otherwise|formerly|later|popularly|commonly|locally|usually|sometimes|often|now|then|previously|
        once|originally|hereafter|hereinafter)\s+)*
    (?:known\ (?:\w+\s+){0,3}as|called|referred\ to\ as|nicknamed|renamed|dubbed|abbreviated(?:\ (?:as|to))?|alias|a\.?k\.?a\.?|
       short\ for|i\.e\.,?|in\ full|in\ short|hereafter|née|nee|the\ same\ as|stands\ for|pseudonym(?:\ of)?)
    [\s:,]*(?:by\ \w+\ )?(?:simply\s+)?(?:the\s+)?["“”'‘«]*""",
    re.IGNORECASE | re.VERBOSE,
)
ONE_CHINESE = re.compile(
    r"[\s,，;；:：(（\[【]*(?:(?:后来|以下|通常|人们|当地人|大家|一般|后|常|被|又|也|亦|旧|原|曾|本|全|学名|正式)*)"
    r"(?:简称|合称|又称|也称|亦称|别称|旧称|俗称|人称|通称|统称|全称|尊称|昵称|又名|原名|旧名|别名|本名|化名|更名|改名|改称|笔名|绰号|外号|译名|即|就是|叫做|也叫|又叫|称作|称为)"
    r"(?:为|作|是|叫|曰|其为|他为|她为|它为)*[\s:：]*[\"“”‘「『《]*"
)
BRACKET = re.compile(r"\s*(?:[(（\[]|,\s*or\s)\s*(?:the\s+)?[\"“‘「『]*", re.IGNORECASE)
KIN_CHINESE = "父亲|母亲|儿子|女儿|妻子|丈夫|哥哥|弟弟|姐姐|妹妹|兄弟|姐妹|徒弟|学徒|学生|师父|叔叔|叔父|侄子|孙子|孙女|太太|父|母|子|女|妻|弟|兄|同事|朋友|对手|邻居|继任者|前任"
TWO = re.compile(
    rf"(?:\s*,?\s*(?:and|&|or|nor|versus|vs\.?|not|unlike|against|with|but\ not|not\ to\ be\ confused\ with|rather\ than|as\ opposed\ to)\s+(?:(?:his|her|its|their|the|a|to|not)\s+)*"
    rf"|,?['\u2019]?s?\s*(?:(?:and|with|was|is|,)\s*)*(?:his|her|their|the|a|an)?\s*(?:\w+\s+){{0,2}}(?:{KIN})(?:\s+of)?[\s,]*(?:the\s+)?)",
    re.IGNORECASE | re.VERBOSE,
)
TWO_CHINESE = re.compile(
    rf"\s*(?:[、和与及跟同或]|以及|还有|不是|而不是)\s*(?:他的?|她的?|其|另一位)?(?:{KIN_CHINESE})?\s*|\s*[,，]?\s*(?:是|的|之|他的?|她的?|其)*(?:{KIN_CHINESE})[,，是]?\s*"
)

WITHIN = re.compile(
    r"\b(?:of|for|to|in|at|by|with|from|on|under|near|and)\s+(?:the\s+|a\s+|an\s+|his\s+|her\s+)?[\"“'‘]?$",
    re.IGNORECASE,
)
"""Before a name: it is only part of what the text goes on to speak of."""
VERB = re.compile(
    r"\s+(?!(?:is|was|were|are|be|as|of|or|called|named|known|alias|meaning)\b)[a-z]+(?:ed|s|t|w|e)?"
    r"(?:\s+(?:to|with|at|from|by|for|against|about|on|over|under|before|after|than))?(?:\s+(?:the|his|her|their|a|an))?\s+"
)
"""Nothing but a verb between two names: whoever does it does it to somebody else."""


@dataclass(slots=True)
class Statements:
    """Pairs of candidates (smaller id first) that a text says are one, with its words, or are two."""

    one: dict[tuple[str, str], str] = field(default_factory=dict)
    two: set[tuple[str, str]] = field(default_factory=set)

    def add(self, text: str, mentions: Sequence[Mention], *, names: Mapping[str, str]) -> None:
        """Note what one document says; `mentions` of it, in any order, `names` of its candidates.

        A bracket or "or" alone says that two are one only if one of them is an acronym, or in another script.
        """
        ordered = sorted(mentions, key=lambda one: (one.start, -one.end, one.candidate))
        outer: list[Mention] = []
        for mention in ordered:
            if not outer or mention.start >= outer[-1].end:
                outer.append(mention)
        for left, right in pairwise(outer):
            if left.candidate == right.candidate or right.start - left.end > WIDEST:
                continue
            gap = text[left.end : right.start]
            pair = (min(left.candidate, right.candidate), max(left.candidate, right.candidate))
            glossed = _glossed(names[left.candidate], names[right.candidate])
            inside = WITHIN.search(text, max(0, left.start - 24), left.start)
            if (
                (ONE.fullmatch(gap) and not inside)
                or ONE_CHINESE.fullmatch(gap)
                or (glossed and BRACKET.fullmatch(gap))
            ):
                words = re.sub(r"\s+", " ", gap).strip(" ,;:()[]（）【】，；：\"“”'‘「『《") or "in brackets"
                self.one.setdefault(pair, words)
            elif TWO.fullmatch(gap) or TWO_CHINESE.fullmatch(gap) or VERB.fullmatch(gap):
                self.two.add(pair)


def _glossed(a: str, b: str) -> bool:
    """Whether a bracket that holds one of two names explains the other."""
    return bool(analyse(a, "").acronym) != bool(analyse(b, "").acronym) or is_chinese(a) != is_chinese(b)
