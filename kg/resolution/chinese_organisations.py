"""Short names of Chinese organisations and places: 北大, 清华, 钟表行会, 青坪."""

import re

from kg.names import word_list, word_set

SETTLEMENTS = "省市县区镇乡村州府岛"
ORGANISATION_ENDS = word_list(
    "委员会 代表大会 研究所 研究院 科学院 管理局 管理处 办事处 博物馆 图书馆 俱乐部 出版社 合作社 基金会 实验室 气象站 天文台 "
    "大学 学院 学校 中学 小学 医院 银行 公司 集团 协会 学会 商会 工会 行会 公会 法院 政府 酒店 工厂 书院 书店 电台 车站 海关 剧院"
)
QUALIFYING = tuple(
    word_list(
        "副 前 原 新 老 旧 分 总 上 下 东 西 南 北 大 小 内 外 左 右 女 男 代 首 末 甲 乙 丙 丁 非 反 超 第 和 与 及 的 之 在 为"
    )
)
GENERIC_ENDS = word_set("大学 银行 医院 中学 小学 出版社 杂志社 报社 基金会 俱乐部 酒店 集团")
"""Ends that an organisation's short name leaves out."""
COMPANY_END = re.compile("(?:有限责任公司|股份有限公司|有限公司|集团公司|集团|公司)$")
COMPANY = re.compile(".{0,4}(?:有限责任公司|股份有限公司|有限公司|集团公司|集团|公司)")
ENDS = (*ORGANISATION_ENDS, "部", "厅", "局", "处", "所", "院", "社", "会")
WORD_OF_TWO = re.compile("..?")


def parted(name: str) -> list[str]:
    """An organisation's name in words: its generic end, and what is before it two characters at a time.

    >>> parted("中国科学院"), parted("青坪钟表行会")
    (['中国', '科学院'], ['青坪', '钟表', '行会'])
    """
    end = next((one for one in ORGANISATION_ENDS if name.endswith(one) and len(name) > len(one)), "")
    before = name[: len(name) - len(end)] if end else name
    pieces = WORD_OF_TWO.findall(before) + ([end] if end else [])
    if len(pieces) > 1 and len(pieces[-1]) == 1:
        pieces[-2:] = [pieces[-2] + pieces[-1]]
    return pieces


def abbreviates(short: str, full: str) -> bool:
    """Whether a short name is made of the first characters of a long one's words: 北大, 中科院, 人大.

    >>> abbreviates("北大", "北京大学"), abbreviates("中科院", "中国科学院"), abbreviates("北大", "东北大学")
    (True, True, False)
    """
    bare_full = COMPANY_END.sub("", full)
    if bare_full != full and len(bare_full) >= len(short) + 2 and abbreviates(short, bare_full):
        return True
    pieces = parted(full)
    if not 2 <= len(short) <= 5 or len(full) < len(short) + 2 or len(pieces) < 2 or short in full:
        return False
    if any(c.isdigit() for c in short):
        return False
    if pieces[0] in ("中国", "中华") and short[0] != pieces[0][0] and len(pieces) > 2:
        pieces = pieces[1:]
    return any(
        _spells(short[len(taken) :], pieces[1:], shortened=taken != pieces[0])
        for taken in (pieces[0], pieces[0][0])
        if short.startswith(taken)
    ) or any(
        short.startswith(pieces[i]) and _spells(short[len(pieces[i]) :], pieces[i + 1 :], shortened=False)
        for i in range(2, len(pieces) - 1)
    )


def _spells(rest: str, pieces: list[str], *, shortened: bool) -> bool:
    """Whether what is left of a short name is made of first characters, or wholes, of some of the pieces.

    One piece at least must be `shortened`: 中国银行 is not short for 中国人民银行.
    """
    if not rest:
        return False
    if len(pieces) == 1:
        last = iter(pieces[0])
        return (shortened or rest != pieces[0]) and all(c in last for c in rest)
    for taken in (pieces[0], pieces[0][0]):
        cut = shortened or taken != pieces[0]
        if rest == taken and len(pieces) == 2 and cut:
            return True
        if rest.startswith(taken) and _spells(rest[len(taken) :], pieces[1:], shortened=cut):
            return True
    return _spells(rest, pieces[1:], shortened=shortened)


def bare(short: str, full: str) -> bool:
    """Whether two organisations differ by a generic end alone: 清华, 清华大学; 华灯, 华灯有限公司."""
    if len(short) < 2 or not full.startswith(short) or short.endswith(ENDS):
        return False
    rest = full[len(short) :]
    return rest in GENERIC_ENDS or COMPANY.fullmatch(rest) is not None


def short_organisation(short: str, full: str) -> str | None:
    """Why, inside one document, a name is the end of a fuller one: 钟表行会 of 青坪钟表行会."""
    dropped = full[: len(full) - len(short)]
    least = 3 if dropped.endswith(tuple("国省市县区")) or short.endswith(tuple("厂局社部院馆所站店")) else 4
    if full.endswith(short) and len(short) >= least and len(dropped) >= 2:
        if dropped.endswith(QUALIFYING) or re.search(r"\d|第", dropped):
            return None
        return "end of"
    return None


def settlement(a: str, b: str) -> bool:
    """Whether two names of places differ by 镇, 县 and the like alone: 青坪, 青坪镇."""
    short, full = sorted((a, b), key=len)
    return (
        len(short) >= 2
        and len(full) == len(short) + 1
        and full.startswith(short)
        and full[-1] in SETTLEMENTS
        and short[-1] not in SETTLEMENTS
    )
