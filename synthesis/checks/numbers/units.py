"""Units of measure in English and Chinese: which words mean the same, and how many of one make another."""

import re
from dataclasses import dataclass

TABLE = """
moment 0.001: ms, msec, millisecond, milliseconds, 毫秒
moment 1: second, seconds, sec, secs, 秒, 秒钟
moment 60: minute, minutes, min, mins, 分钟
moment 900: 刻钟
moment 3600: hour, hours, hr, hrs, h, 小时, 个小时, 钟头, 个钟头
moment 86400: day, days, night, nights, evenings, mornings, 天, 日, 夜, 晚, 昼夜
moment 604800: week, weeks, wk, wks, 周, 星期, 个星期, 礼拜, 个礼拜
moment 1209600: fortnight, fortnights
months 1: month, months, mth, mths, 个月
months 12: year, years, yr, yrs, summers, winters, springs, autumns, 年, 岁, 载, 周年, 周岁
months 120: decade, decades
months 720: 甲子, 个甲子
months 1200: century, centuries, 世纪, 个世纪
months 12000: millennium, millennia
sterling 1: penny, pennies, pence, d, p, 便士
sterling 12: shilling, shillings, s, 先令
sterling 240: pound, pounds, £, lb, lbs, gbp, quid, 英镑, 镑
sterling 252: guinea, guineas
dollars 1: cent, cents, 美分
dollars 100: dollar, dollars, $, usd, 美元, 美金
euros 1: euro, euros, €, eur, 欧元
yuan 10: 角, 毛钱
yuan 100: yuan, renminbi, rmb, cny, yen, jpy, ¥, 元, 块, 块钱, 块银元, 银元, 圆, 块大洋, 大洋, 人民币, 日元
cash 1: 文, 文钱, 铜钱, 个铜钱, 铜板, 个铜板
metres 0.000000001: nm, nanometre, nanometres, nanometer, nanometers, 纳米
metres 0.000001: μm, micron, microns, micrometre, micrometres, micrometer, micrometers, 微米
metres 0.001: mm, millimetre, millimetres, millimeter, millimeters, 毫米
metres 0.01: cm, cms, centimetre, centimetres, centimeter, centimeters, 厘米, 公分
metres 0.1: 分米
metres 1: metre, metres, meter, meters, m, 米, 公尺
metres 1000: km, kms, kilometre, kilometres, kilometer, kilometers, kph, kmh, 公里, 千米
metres 0.0254: inch, inches, 英寸
metres 0.3048: foot, feet, ft, 英尺
metres 0.9144: yard, yards, yd, yds, 码
metres 1.8288: fathom, fathoms
metres 201.168: furlong, furlongs
metres 1609.344: mile, miles, mi, mph, 英里
metres 1852: 海里
metres 4828: league, leagues
metres 0.0333333333333: 寸
metres 0.333333333333: 尺
metres 3.33333333333: 丈
metres 500: 里, 华里
grams 0.000001: μg, mcg, microgram, micrograms, 微克
grams 0.001: mg, milligram, milligrams, milligramme, milligrammes, 毫克
grams 1: gram, grams, gramme, grammes, g, gm, gms, 克
grams 1000: kg, kgs, kilo, kilos, kilogram, kilograms, kilogramme, kilogrammes, 公斤, 千克
grams 1000000: tonne, tonnes, 吨
grams 0.06479891: grain, grains
grams 28.349523: ounce, ounces, oz, 盎司
grams 453.59237: 磅
grams 6350.29: stone
grams 50802.3: hundredweight, cwt
grams 1016046.9: ton, tons
grams 50: 两
grams 500: 斤, 市斤
acres 1: acre, acres, 英亩
acres 2.47105: hectare, hectares, ha, 公顷
acres 0.16474: 亩
litres 0.001: ml, millilitre, millilitres, milliliter, milliliters, cc, 毫升
litres 0.01: cl, centilitre, centilitres, centiliter, centiliters
litres 0.1: dl, decilitre, decilitres, deciliter, deciliters
litres 0.568: pint, pints
litres 1.136: quart, quarts
litres 1: litre, litres, liter, liters, l, 升, 公升
litres 4.546: gallon, gallons, gal, 加仑
litres 36.37: bushel, bushels
spoons 1: teaspoon, teaspoons, teaspoonful, teaspoonfuls, tsp, tsps, 茶匙
spoons 3: tablespoon, tablespoons, tablespoonful, tablespoonfuls, tbsp, tbsps, 汤匙
watts 1: watt, watts, w, 瓦, 瓦特
watts 1000: kilowatt, kilowatts, kw, 千瓦
watts 1000000: megawatt, megawatts, mw, 兆瓦
watts 1000000000: gigawatt, gigawatts, gw, 吉瓦
hertz 1: hertz, hz, 赫兹
hertz 1000: kilohertz, khz, 千赫
hertz 1000000: megahertz, mhz, 兆赫
hertz 1000000000: gigahertz, ghz
bytes 1: kb, kilobyte, kilobytes
bytes 1000: mb, megabyte, megabytes
bytes 1000000: gb, gigabyte, gigabytes
bytes 1000000000: tb, terabyte, terabytes
times 1: times, 次, 回, 遍
share 0.01: basis
share 1: percent, per cent, pct, percentage, %, 个百分点
share 10: 成
degrees 1: degree, degrees, deg, °, 度, 摄氏度
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
WORD_UNIT = re.compile(r"per cent|o'clock|[ap]\.m|[%°£$€]|[a-zμ]+")
HAN_LENGTHS = sorted({len(form) for form in UNITS if "\u3400" <= form[0] <= "\u9fff"}, reverse=True)
"""How many characters a Chinese unit has, the longest first."""
