"""Chinese names: persons parted into surname, given name and title; short forms of organisations.

One character makes another person (陆怀远, 陆怀达), so nothing is matched fuzzily here.
"""

from dataclasses import dataclass
from functools import lru_cache

from kg.names import word_list, word_set
from kg.scripts import han_form

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣贲邓郁"
    "单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇"
    "栾暴甘厉戎祖武符刘景詹束龙叶幸司韶黎薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑"
    "桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧沃利蔚越夔隆师巩"
    "聂晁勾敖融冷辛阚那简饶空曾沙养鞠须丰巢关相查后荆红游竺权盖益桓公仉督岳帅缑亢况有琴商佘佟肖闫覃涂兰付代岩苟褟辜晋楚"
)
COMPOUND = word_set(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 "
    "钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 令狐 百里 呼延 东郭 南门 西门 第五 梁丘 拓跋"
)
MALE = word_set(
    "先生 师兄 师弟 大爷 大叔 叔叔 伯伯 爷爷 老爷 少爷 公子 大哥 二哥 哥 叔 伯 爷 和尚 牧师 神父 大伯"
)
FEMALE = word_set(
    "女士 小姐 太太 夫人 师姐 师妹 大妈 大娘 大婶 阿姨 奶奶 婆婆 姑娘 大姐 嫂 婶 姐 姨 娘 嫂子 大嫂 氏"
)
WIFE = word_set("太太 夫人 嫂 嫂子 大嫂 婶 大婶 氏 师母 奶奶")
"""Titles that come with the husband's surname: 陆太太 is not 陆怀远."""
HONORIFIC = word_set("先生 女士 小姐 老师 师傅 同志 老 公 大人 老先生 君 大师")
"""Said of anyone: may stand beside any other title of the same person."""
OFFICES = word_set(
    "教授 博士 医生 大夫 医师 护士 局长 主任 经理 总经理 厂长 校长 院长 所长 会长 馆长 站长 书记 县长 市长 镇长 村长 省长 乡长 区长 "
    "部长 处长 科长 股长 队长 船长 社长 组长 班长 行长 董事长 主席 总统 总理 委员 秘书 秘书长 警官 警长 律师 法官 检察官 将军 上校 "
    "中校 少校 上尉 中尉 少尉 司令 团长 营长 连长 排长 元帅 掌柜 老板 老板娘 师父 道长 法师 道士 郎中 工程师 技师 编辑 记者 导演 教练 "
    "知县 知府 巡抚 总督 大臣 丞相 皇帝 管家 账房 匠人 木匠 铁匠 钟表匠 守塔人 馆员 研究员 讲师 司机 顾问 干事 副局长 副主任 副校长 "
    "副院长 副会长 副所长 副馆长 代表"
)
AFTER_SURNAME = word_set("总 工 董 局 处 科 队 导")
"""Short titles that follow a surname alone: 王总."""
TITLES = tuple(sorted(MALE | FEMALE | WIFE | HONORIFIC | OFFICES, key=lambda title: (-len(title), title)))
KIN = word_list("父亲 母亲 儿子 女儿 妻子 丈夫 哥哥 弟弟 姐姐 妹妹 兄弟 姐妹 之子 之女 之妻 之父 之母 之弟 之兄 爷爷 奶奶 孙子 孙女 徒弟 学徒 学生 师父 叔父 伯父 舅舅 姑姑 侄子 侄女 外甥 遗孀 后人 后代 朋友 对手 邻居")  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChinesePerson:
    """A person's name: surname, given name and title, each may be empty; `age` is 老, 小 or 阿."""

    surname: str
    given: str
    title: str
    age: str = ""

    @property
    def gender(self) -> str:
        """ "m", "f" or "" by the title."""
        return "m" if self.title in MALE else "f" if self.title in FEMALE | WIFE else ""


def surname_of(text: str) -> str:
    """The surname a name begins with, or ""."""
    if text[:2] in COMPOUND:
        return text[:2]
    return text[:1] if text[:1] in SURNAMES else ""


@lru_cache(maxsize=200_000)
def chinese_person(name: str) -> ChinesePerson | None:
    """The parts of a Chinese person's name, or None where it cannot be one.

    >>> chinese_person("欧阳文清先生")
    ChinesePerson(surname='欧阳', given='文清', title='先生', age='')
    >>> chinese_person("老王")
    ChinesePerson(surname='王', given='', title='', age='老')
    """
    text = han_form(name)
    title = next((one for one in TITLES if text.endswith(one) and len(text) > len(one)), "")
    if not title and text[-1:] in AFTER_SURNAME and surname_of(text) == text[:-1]:
        title = text[-1]
    rest = text[: len(text) - len(title)] if title else text
    if not title:
        title = next(
            (one for one in TITLES if len(one) > 1 and text.startswith(one) and surname_of(text[len(one) :])),
            "",
        )
        rest = text[len(title) :]
    if "·" in rest:
        first, _, last = rest.rpartition("·")
        return ChinesePerson(last, first, title)
    if not title and len(rest) > 4:
        title, rest = _after_office(rest)
    age = ""
    if len(rest) == 2 and rest[0] in "老小阿" and surname_of(rest[1]):
        age, rest = rest[0], rest[1]
    elif len(rest) == 2 and rest[1] == "老" and surname_of(rest[0]) and title:
        age, rest = "老", rest[0]
    surname = surname_of(rest)
    given = rest[len(surname) :]
    if title == "老" and (given or not surname):
        return None
    if not surname:
        return ChinesePerson("", rest, title) if 1 < len(rest) <= 6 else None
    if len(given) > 2 or (not given and not title and not age):
        return ChinesePerson("", rest, title) if 1 < len(rest) <= 6 else None
    return ChinesePerson(surname, given, title, age)


def _after_office(text: str) -> tuple[str, str]:
    """Title and full name at the end of 青坪钟表行会会长王大明; no title where there is none."""
    for title in TITLES:
        at = text.rfind(title)
        name = text[at + len(title) :]
        if at >= 0 and len(title) > 1 and 1 <= len(name) - len(surname_of(name)) <= 2 and surname_of(name):
            return title, name
    return "", text


def clashing_titles(a: ChinesePerson, b: ChinesePerson) -> bool:
    """Whether titles alone show two persons: 先生 and 女士, two offices, 老 and 小."""
    if a.gender and b.gender and a.gender != b.gender:
        return True
    if (
        {a.age, b.age} == {"老", "小"}
        or (a.age == "小" and b.title.startswith("老"))
        or (b.age == "小" and a.title.startswith("老"))
    ):
        return True
    return bool(a.title and b.title and a.title != b.title and a.title in OFFICES and b.title in OFFICES)


def same_person(a: ChinesePerson, b: ChinesePerson) -> str | None:
    """Why two full names are one person's anywhere: only a title tells them apart."""
    if a.surname == b.surname and a.given == b.given and a.given and a.surname and not wife(a, b):
        return "title of" if (a.title, a.age) != (b.title, b.age) else "same name"
    return None


def wife(a: ChinesePerson, b: ChinesePerson) -> bool:
    """Whether exactly one of the two is named as somebody's wife; 居里夫人 may be 玛丽·居里 herself."""
    if not (a.surname and b.surname):
        return False
    return (a.title in WIFE) != (b.title in WIFE)


def short_person(short: ChinesePerson, full: ChinesePerson) -> str | None:
    """Why, inside one document, the shorter name is the fuller one's: surname with title, given name."""
    if _foreign_surname(short, full):
        return "surname of"
    if not (full.surname and full.given) or wife(short, full):
        return None
    if short.age and not short.title and full.given == short.age + short.surname:
        return "given name of"
    if apart(short, full):
        return None
    if short.surname == full.surname and not short.given:
        return "surname and title of" if short.title else "familiar form of"
    if short.given and not short.surname:
        if short.given == full.surname and len(short.given) > 1:
            return "surname of"
        if short.given == full.given and len(short.given) == 2:
            return "given name of"
    return None


def _foreign_surname(short: ChinesePerson, full: ChinesePerson) -> bool:
    """Whether 居里, parted as if it were Chinese, is the surname of 玛丽·居里."""
    return len(full.surname) > 1 and short.surname + short.given == full.surname and bool(full.given)


def apart(a: ChinesePerson, b: ChinesePerson) -> bool:
    """Whether two names are certainly two persons."""
    if _foreign_surname(a, b) or _foreign_surname(b, a):
        return clashing_titles(a, b)
    if a.given and b.given and a.surname and b.surname:
        return (a.surname, a.given) != (b.surname, b.given) or wife(a, b)
    if clashing_titles(a, b):
        return True
    for short, full in ((a, b), (b, a)):
        if short.age and not short.title and full.given == short.age + short.surname:
            return False
    return bool(a.surname and b.surname and a.surname != b.surname)


def kin(name: str) -> str:
    """The person a name like 王大明的儿子 is related to, or ""."""
    text = han_form(name)
    for word in KIN:
        if text.endswith(word) and len(text) > len(word) + 1:
            return text[: -len(word)].rstrip("的")
    return ""
