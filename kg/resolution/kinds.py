"""Types of things, brought under a few kinds: when do two types agree, when do they contradict?

Types come from many hands (spaCy's GPE and ORG, a model's "village", a user's list), and invented
names are often typed wrongly, persons as organisations above all. So an unknown type agrees with all,
and organisation, which is what a bad guess mostly says, contradicts nothing but a work or an event.
"""

KINDS: dict[str, str] = {
    word: kind
    for kind, line in {
        "person": "person per people human character figure god deity saint family 人 人物 人名",
        "organisation": "organisation organization org norp group institution company agency authority body "
        "corporation team party society association guild union 机构 组织 公司 团体 组织机构",
        "place": "place location loc gpe fac facility city town village country region river mountain "
        "building street island area settlement state district landmark 地点 地名 地方 地理 建筑",
        "object": "object thing product artifact artefact item instrument device tool vehicle ship machine "
        "material substance food animal plant organism vessel software chemical 物 物品 物件 器物 产品 仪器 设备",
        "work": "work work_of_art book document publication law text novel song title manuscript 作品 书 "
        "书籍 著作 文件 文献 法律",
        "event": "event battle war meeting incident festival ceremony 事件 活动 战争 会议",
        "concept": "concept idea term topic theory method process practice field discipline role occupation "
        "position technology disease language 概念 术语 方法 理论 职务 职位",
        "time": "time date period era year 时间 日期 年代",
        "quantity": "quantity money percent cardinal ordinal number 数量 数字",
    }.items()
    for word in line.split()
}

NEAR = {
    frozenset(pair.split())
    for pair in (
        "person organisation", "organisation place", "organisation object", "organisation concept",
        "object concept", "concept event", "concept work", "concept time", "event time", "concept quantity",
    )
}  # fmt: skip
"""Kinds that one thing is often given by two readers; any other two contradict each other."""


def kind_of(type: str) -> str:
    """The kind of a type as written, "" where it says nothing.

    >>> kind_of("GPE"), kind_of("Organization"), kind_of("other")
    ('place', 'organisation', '')
    """
    written = type.strip().casefold().replace(" ", "_").replace("-", "_")
    return KINDS.get(written) or KINDS.get(written.rpartition("_")[2], "")


def contradict(a: str, b: str) -> bool:
    """Whether one thing cannot be of both kinds."""
    return bool(a and b and a != b and frozenset((a, b)) not in NEAR)


def agree(a: str, b: str) -> bool:
    """Whether two names that only resemble each other may be one thing: same kind, or one unknown.

    A person and an organisation agree too, since invented persons are so often typed as such.
    """
    return not a or not b or a == b or {a, b} == {"person", "organisation"}
