"""Where sentences begin and end: offsets into the text, for languages with Latin and with CJK stops.

No character is lost: between two sentences, before the first and after the last there is whitespace
only. A paragraph break (a blank line) ends a sentence, and so does a line break next to a heading, a
list item or a table row; other line breaks are taken for wrapped lines.
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]

CLOSING = "\"'\u2019\u201d\u00bb)\\]\uff09\u300d\u300f\u300b\u3011\u3009"
OPENING = "\"'\u2018\u201c\u00ab([\uff08\u300c\u300e\u300a\u3010\u3008"
STOPS = ".!?\u2026\u061f\u06d4\u0964"
CJK_STOPS = "\u3002\uff01\uff1f\uff61"
CJK_QUOTES = "\u2019\u201d\u300d\u300f"

# A run of stops with the quotes that close after it, or a line break; then all the whitespace there is.
# It begins with one set of characters and cannot fail once begun: fast, and linear on any input.
BOUNDARY = re.compile(rf"([\n{STOPS}{CJK_STOPS}](?:(?<!\n)[{STOPS}{CJK_STOPS}]*[{CLOSING}]*)?)\s*")
PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
LINE_OF_ITS_OWN = re.compile(r"(?:#{1,6}\s|[-*+\u2022]\s|\d{1,3}[.)]\s|\|)")
CJK = re.compile("[\u3400-\u9fff]")
INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
FIRST_WORD = re.compile(r"[^\W\d_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER_LAST = _words(
    "mr mrs ms mx dr prof mt ft gen col maj capt cpt cmdr lt sgt cpl rev fr hon sen rep gov pres supt "
    "messrs mme mlle fig figs vol vols ch sec eq eqs nos nr p pp pg cf vs viz e.g i.e ca approx "
    "bros ed eds trans op z.b bzw d.h u.a"
)
"""Abbreviations after which a sentence goes on, whatever follows (lower case, without the last stop)."""

SELDOM_LAST = _words(
    "etc inc ltd co corp llc plc jr sr a.m p.m u.s u.k u.n e.u u.s.a b.c a.d ph.d m.d b.a m.a m.sc b.sc d.c "
    "dept est univ st ste ave blvd rd jan feb mar apr jun jul aug sep sept oct nov dec al v usw"
)
"""Abbreviations that end a sentence only where the next word is one that often begins one."""

STARTERS = _words(
    "the a an this that these those it its he she they we i you his her their our my there here in on at by "
    "for from with when while if as but and or so yet then after before since although however moreover no "
    "not what who why how where which one some many most all each every both nobody nothing"
)

# “走吧！”老人说。: the words that report speech belong to the sentence that was spoken.
REPORTED_ZH = re.compile(
    r"(?:(?![没不沒])[^\W\d_]){1,6}?(?:说道?|問道?|问道?|说着|答道?|喊道?|叫道?|道)[，。：；\s]"
)
REPORTED_EN = re.compile(
    r"(?:[A-Z][\w'\u2019-]+\s){1,3}?(?:said|asked|cried|replied|answered|shouted|whispered|added|murmured)\b"
    r"|I\s(?:said|asked|cried|replied|answered|whispered)\b"
)


def sentences(text: str, start: int = 0, end: int | None = None, language: str = "und") -> list[Span]:
    """Offsets (start, end) of the sentences of `text[start:end]`, trimmed, in order.

    Together they hold every character that is not whitespace. Knows abbreviations, initials and
    decimal points; closing quotes and brackets belong to the sentence they close. The stops
    of both scripts are known everywhere; `language` decides only what differs ("de": ordinals). O(n).

    >>> text = "Dr. Finch paid 3.50 a yard. “Too much!” she said. 潮钟停了。没人知道为什么。"
    >>> [text[start:end] for start, end in sentences(text)]
    ['Dr. Finch paid 3.50 a yard.', '“Too much!” she said.', '潮钟停了。', '没人知道为什么。']
    """
    return list(iter_sentences(text, start, end, language))


def iter_sentences(
    text: str, start: int = 0, end: int | None = None, language: str = "und"
) -> Iterator[Span]:
    """The same as `sentences`, one at a time."""
    end = len(text) if end is None else end
    begin = _skip_space(text, start, end)
    for match in BOUNDARY.finditer(text, begin, end):
        first, stop, following = match.start(), match.end(1), match.end()
        if following >= end:
            break
        if text[first] == "\n":
            stop = first = _trim(text, begin, first)
        if stop <= begin:
            continue
        gap = text[stop:following]
        if "\n" in gap and (PARAGRAPH.search(gap) or _stands_alone(text, begin, following, end)):
            ends = True
        elif first == stop:
            ends = False
        else:
            ends = _ends(text, begin, (first, stop), following, end, language)
        if ends:
            yield begin, stop
            begin = following
    last = _trim(text, begin, end)
    if last > begin:
        yield begin, last


def _trim(text: str, begin: int, end: int) -> int:
    while end > begin and text[end - 1].isspace():
        end -= 1
    return end


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _stands_alone(text: str, begin: int, following: int, end: int) -> bool:
    """Whether the next line is a heading, list item or table row, or this one is a heading or a row."""
    return bool(LINE_OF_ITS_OWN.match(text, following, end)) or text[begin] in "#|"


def _ends(text: str, begin: int, stop: Span, following: int, end: int, language: str) -> bool:
    """Whether the stops at `stop` end the sentence begun at `begin`; the next word is at `following`."""
    stops = text[stop[0] : stop[1]]
    if any(mark in CJK_STOPS for mark in stops) or (stops[0] == "\u2026" and stops[-1] in CJK_QUOTES):
        spoken = stops[-1] in CJK_QUOTES and text[begin] in OPENING
        return not (spoken and REPORTED_ZH.match(text, following, min(end, following + 12)))
    if stop[1] == following and (stops[0] == "\u2026" or not CJK.match(text, following)):
        return False
    opening = text[following] in OPENING and following + 1 < end
    if text[following + opening].islower():
        return False
    if stops != ".":
        spoken = stops[-1] in CLOSING and stops[0] in "!?\u2026"
        return not (spoken and REPORTED_EN.match(text, following, end))
    return _ends_after_word(text, begin, stop[0], following + opening, end, language)


def _ends_after_word(text: str, begin: int, stop: int, following: int, end: int, language: str) -> bool:
    before = text[max(begin, stop - 30) : stop].split()
    word = before[-1].lower().lstrip(OPENING) if before else ""
    if word.isdecimal():
        # "1. The first point"; in German an ordinal: "am 3. Mai".
        return language != "de" and not (len(before) == 1 and len(word) <= 3)
    if word == "no":
        return not text[following].isdecimal()
    if word in NEVER_LAST:
        return False
    if word in SELDOM_LAST or (word != "i" and INITIALS.fullmatch(word)):
        first = FIRST_WORD.match(text, following, end)
        return first is not None and first.group().lower() in STARTERS
    return True
