"""Units of measure in English and Chinese: which words mean the same, and how many of one make another."""

import re
from dataclasses import dataclass

TABLE = """
moment 1: second, seconds, sec, 秒, 秒钟
moment 60: minute, minutes, min, mins, 分钟
moment 3600: hour, hours, hr, hrs, 小时, 个小时, 钟头, 个钟头
moment 86400: day, days, night, nights, evenings, mornings, 天, 日, 夜, 晚, 昼夜
moment 604800: week, weeks, 周, 星期, 个星期, 礼拜, 个礼拜
moment 1209600: fortnight, fortnights
months 1: month, months, 个月
months 12: year, years, yr, yrs, summers, winters, springs, autumns, 年, 岁, 载, 周年
months 120: decade, decades
months 1200: century, centuries, 世纪, 个世纪
sterling 1: penny, pennies, pence, d, 便士
sterling 12: shilling, shillings, s, 先令
sterling 240: pound, pounds, £, lb, lbs, 英镑, 镑
sterling 252: guinea, guineas
dollars 1: cent, cents, 美分
dollars 100: dollar, dollars, $, 美元, 美金
euros 1: euro, euros, €, 欧元
yuan 10: 角, 毛钱
yuan 100: yuan, ¥, 元, 块, 块钱, 块银元, 银元, 圆, 块大洋, 大洋
cash 1: 文, 文钱, 铜钱, 个铜钱, 铜板, 个铜板
metres 0.001: mm, millimetre, millimetres, millimeter, millimeters, 毫米
metres 0.01: cm, centimetre, centimetres, centimeter, centimeters, 厘米
metres 1: metre, metres, meter, meters, 米
metres 1000: km, kilometre, kilometres, kilometer, kilometers, 公里
metres 0.0254: inch, inches, 英寸
metres 0.3048: foot, feet, ft, 英尺
metres 0.9144: yard, yards, 码
metres 1609.344: mile, miles, 英里
metres 4828: league, leagues
metres 0.0333333333333: 寸
metres 0.333333333333: 尺
metres 3.33333333333: 丈
metres 500: 里, 华里
grams 0.001: mg, 毫克
grams 1: gram, grams, gramme, grammes, 克
grams 1000: kg, kilo, kilos, kilogram, kilograms, 公斤
grams 1000000: tonne, tonnes, 吨
grams 0.06479891: grain, grains
grams 28.349523: ounce, ounces, oz, 盎司
grams 6350.29: stone
grams 50802.3: hundredweight, cwt
grams 1016046.9: ton, tons
grams 50: 两
grams 500: 斤, 市斤
acres 1: acre, acres, 英亩
acres 2.47105: hectare, hectares, 公顷
acres 0.16474: 亩
litres 0.001: ml, millilitre, millilitres, 毫升
litres 0.568: pint, pints
litres 1: litre, litres, liter, liters, 升
litres 4.546: gallon, gallons, 加仑
times 1: times, 次, 回, 遍
share 1: percent, per cent, %, 个百分点
share 10: 成
degrees 1: degree, degrees, °, 度
clock 1: o'clock, am, pm, a.m, p.m, 点, 点钟, 时
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of some dimension; `factor` says how many of the dimension's measure it holds."""

    dimension: str
    factor: float


def _read(table: str) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for line in table.strip().splitlines():
        head, forms = line.split(": ")
        dimension, factor = head.split()
        units |= dict.fromkeys(forms.split(", "), Unit(dimension, float(factor)))
    return units


UNITS = _read(TABLE)
PERCENT, YEAR, CLOCK = UNITS["%"], UNITS["year"], UNITS["o'clock"]
WORD_UNIT = re.compile(r"per cent|o'clock|[ap]\.m|[%°£$€]|[a-z]+")
HAN_LENGTHS = sorted({len(form) for form in UNITS if "\u3400" <= form[0] <= "\u9fff"}, reverse=True)
"""How many characters a Chinese unit has, the longest first."""
