"""Numbers that a true text may have reckoned: "three pounds less than he asked", "nine years after"."""

import re
from collections.abc import Collection
from itertools import combinations

FEW = 24
"""In a context of more numbers nearly every number is the sum or difference of two."""
RECKONED = re.compile(
    r"\b(?:more|less|fewer|longer|shorter|higher|lower|heavier|lighter|older|younger|later|earlier|cheaper|dearer|short of"
    r"|shrank|shrunk|grew|rose|fell|cut|gap|difference|differ\w*|left|rest|remain\w*|total|together|altogether|in all"
    r"|all told|between|lasted|lengthen\w*|shorten\w*|old|aged?|reckon\w*|add\w* up|sum|combined|extra|another"
    r"|(?:years?|months?|weeks?|days?|hours?|minutes?) (?:after\w*|before|later|earlier))\b"
    r"|[多少高低长短早晚贵便宜轻重]了?[\d一二三四五六七八九十两]|相差|差了|其余|其他|[剩岁]|合计|扣除|除去|至少|还[差剩有要]"
    "|以[后前]",
    re.IGNORECASE,
)
"""What speaks of a difference, a rest or a sum; no other text is believed to have reckoned."""
AGES = range(5, 120)
BY_HOW_MUCH = re.compile(
    r"\b(?:more|less|fewer|longer|shorter|higher|lower|heavier|lighter|older|younger|later|earlier|cheaper|dearer) than\b"
    r"|\bdifference of\b|\bby \w+ (?:lisps?|pounds?|points?|per cent)\b|[多少高低长短早晚贵便宜][了出]?[\d一二三四五六七八九十两]|相差|差了"
)
APART = re.compile(
    r"\b(?:years?|months?|weeks?|days?|nights?|hours?|minutes?)\s+(?:later|after|before|earlier|younger|older)\b"
    "|[年月天夜日](?:以|之)?[后後前]"
)
"""The same, narrower: spans between ages, and by how much one number is more than another."""
REACH = 40
COMPARED = re.compile(
    r"[ a-z]{0,20}\b(?:more|less|fewer|longer|shorter|higher|lower|heavier|lighter|older|younger|cheaper|dearer|later|earlier"
    r"|after|before)\b"
)
"""What comes after the number in "three pounds less than he asked" and "nine years later"."""


def sums(known: Collection[float]) -> set[float]:
    """Sums, differences and products of two of these numbers, and 0.

    >>> sorted(sums({2.0, 5.0}))
    [0.0, 3.0, 7.0, 10.0]
    """
    pairs = combinations(known, 2)
    return {0.0}.union(*((abs(one - other), one + other, one * other) for one, other in pairs))
