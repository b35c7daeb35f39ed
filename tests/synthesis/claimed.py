"""Two passages, a true claim about the first, and what a judge may say of it."""

import math
from collections.abc import Mapping

from lm.base import Completion
from synthesis.checks.claims.judge import QUESTIONS

PASSAGE = (
    "The Company kept two balances. Tobias Lunt built Old Patience for the Company in 1838 and was paid forty-one "
    "pounds. Judith Prowse, his pupil, built Hasty in 1852. The bell of the church rang every morning. Nobody liked it. "
    "The Company sold Hasty to Brackenhead College in 1874 for nineteen pounds. Lemuel Hask did not regret it."
)
TRUE = "Old Patience was built for the Company by Tobias Lunt in 1838."
ZH = (
    "听缸公所是顾守拙在嘉庆二十三年办起来的。静耳堂的墙有二尺厚，夹层里填的是稻糠，这是泥水匠莫老七的主意。"
    "镇上有两千口缸。缸里的醋熟了没有，全靠耳朵。醋坊每开一缸，要付给听缸公所耳钱十二文。坊主嫌贵，听缸师嫌少。"
)


def said(first_token: Mapping[str, float] | None, text: str = "Yes") -> Completion:
    """An answer of a judge, as an adapter gives it."""
    return Completion(text, "length", 90, 1, 0.5, "judge", 0.0, first_token)


def yes(share: float) -> list[Completion]:
    """The answers to all questions about one claim."""
    return [said({"Yes": math.log(share), "No": math.log(1 - share)})] * len(QUESTIONS)
