"""Passages, what is claimed of them, and what signs and a judge may say of it."""

import math
from collections.abc import Mapping

from lm.base import Completion
from synthesis.checks.claims.evidence import Evidence
from synthesis.checks.claims.judge import QUESTIONS
from synthesis.checks.claims.signs import signs

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
LIGHTHOUSE = (
    "The Harbour Light, by Agnes Coyle, 1931\n\n"
    "The tower was begun in 1811 by Thomas Rook and finished by Eleanor Rook. It is built of oak and stands in the "
    "northern harbour. The first lamp was made at Delabole and burned whale oil every evening. Three keepers lived "
    "there. Samuel Orchard lent me a boat in 1896, and I did not return it. The pilot called the bell aloud, the "
    "cook called the horn quiet. The Board of Lights never paid for the paint. In 1890 the keeper trimmed fourteen "
    "wicks and the pilot eighty lamps.\n\n"
    "Josiah Penn lived on the Mewstone and kept hens."
)
SCHOOL = (
    "槐树湾小学一九二四年由陆敬堂捐地开办，教室借在关帝庙的西厢房。吴兰亭从不打学生。"
    "孟春生把菜园定在粮仓后面。学校的钟放在东墙下面。孟春生教算术，吴兰亭教国文。图书一共四十二箱，藏在各家的地窖里。"
    "吴兰亭把登记簿交给孟春生。"
)


def found(claim: str, context: str = LIGHTHOUSE, language: str = "en") -> dict[str, tuple[str, ...]]:
    """The signs of a claim with the words each rests on."""
    values = signs(claim, Evidence(context, language))
    return {name: words for name, words in values.words.items() if values.values[name] > 0}


def said(first_token: Mapping[str, float] | None, text: str = "Yes") -> Completion:
    """An answer of a judge, as an adapter gives it."""
    return Completion(text, "length", 90, 1, 0.5, "judge", 0.0, first_token)


def yes(share: float) -> list[Completion]:
    """The answers to all questions about one claim."""
    return [said({"Yes": math.log(share), "No": math.log(1 - share)})] * len(QUESTIONS)
