"""What a sentence can be held by: its content words, names and numbers, and whether it denies.

English words are compared by their stems, Chinese by pairs of neighbouring characters, so that neither needs
a dictionary. Function words are left out: every sentence has them.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from synthesis.checks.numbers import numbers

LANGUAGES = ("en", "zh")
"""Languages whose words are known here."""

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
HAN_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
LATIN = re.compile(r"[A-Za-z][A-Za-z.\-]+")
TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
PARTING = re.compile("[,;:.!?—–|]")
KEPT = 512
"""Sentences whose reading is remembered: those of a context are read once for all claims about it."""
STEMS = 16_384
"""Words whose stem is remembered."""
SENTENCE_STARTS = re.compile(r"(?:^|[.!?:;…|\n]['\"”’)\]*]*\s+|\n|[\"“‘(\[*])\s*$")
ENDING = re.compile(r"(?:ings?|edly|ed|ers?|ies|es|s|ly|ments?|ions?|e|y)$")
DENIAL = {
    "en": re.compile(
        r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|refus\w*|den(?:y|ie[sd])\w*|fail(?:s|ed)?|unable|"
        r"cannot|hardly|instead)\b|n['’]t\b",
        re.IGNORECASE,
    ),
    "zh": re.compile("[不没沒无無非未]"),
}

FUNCTION_WORDS = frozenset(
    "a an the this that these those it its he she they them his her hers their theirs our ours my mine your "
    "yours we you i me us him himself herself itself themselves who whom whose which what when where why how and "
    "or but nor so yet as at by for from in into of off on onto out over to up with without within upon under "
    "between among against about after before since until till while during through because if than then there "
    "here thus hence although though however also too only even just still again very much many more most less "
    "least few fewer same other another such own be is are was were been being am have has had having do does did "
    "done doing will would shall should can could may might must need not no never none nobody nothing neither any "
    "some every each all both either ever always once twice said say says saying tell tells told ask asks asked "
    "make makes made take takes took taken give gives gave given get got put come came go goes went let mr mrs "
    "miss ms dr sir according".split()
)
NUMBER_WORDS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million "
    "first second third fourth fifth sixth seventh eighth ninth tenth half dozen".split()
)
MONTHS = frozenset(
    "january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday".split()
)
HAN_FUNCTION = frozenset(
    "的了是在和与就也都而把被着过这那有个为以到从对于之其他她它我你们又很再才却并及或等所一不没"
)
HAN_NUMBERS = frozenset("〇零一二三四五六七八九十百千万两")


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence as what it can be held by: forms for comparing, each with the word as it was written.

    `names` are the forms in `content` that are names, those of one name together ("Judith", "Prowse").
    """

    content: Mapping[str, str]
    names: tuple[tuple[str, ...], ...]
    numbers: frozenset[float]
    denies: bool


@dataclass(frozen=True, slots=True)
class Token:
    """A word in its place in a sentence. `form` is its stem, `lower` the word in small letters; it is `parted` from
    the word before by a mark that ends a clause.
    """

    form: str
    written: str
    lower: str
    name: bool
    content: bool
    parted: bool


@lru_cache(maxsize=KEPT)
def tokens(text: str, proper: frozenset[str]) -> tuple[Token, ...]:
    """The words of an English sentence in their order, function words too; `proper` as for `words_of`."""
    found, end = [], 0
    for match in TOKEN.finditer(text):
        written, start = match[0], match.start()
        word, form = written.casefold(), stem(written)
        content = word not in FUNCTION_WORDS and word not in NUMBER_WORDS
        name = (
            content
            and written[0].isupper()
            and word not in MONTHS
            and (form in proper or not begins_sentence(text, start))
        )
        parted = start - end > 1 and PARTING.search(text, end, start) is not None
        found.append(Token(form, written, word, name, content, parted))
        end = match.end()
    return tuple(found)


def words_of(text: str, language: str, proper: Collection[str] = ()) -> Words:
    """The words of a sentence; `proper` are stems known as names, also where they begin a sentence.

    >>> found = words_of("In 1874 Hasty was sold for nineteen pounds.", "en", {"hast"})
    >>> sorted(found.content), found.names, sorted(found.numbers), found.denies
    (['hast', 'pound', 'sold'], (('hast',),), [19.0, 1874.0], False)
    """
    content: dict[str, str] = {}
    names: list[tuple[str, ...]] = []
    if language == "zh":
        names = [(stem(word),) for word in LATIN.findall(text)]
        content = {stem(word): word for word in LATIN.findall(text)} | _pairs(text)
    else:
        last = -2
        for found in WORD.finditer(text):
            word = found[0].casefold()
            if len(word) < 2 or word in FUNCTION_WORDS or word in NUMBER_WORDS:
                continue
            form = stem(word)
            content.setdefault(form, found[0])
            if is_name(text, found, proper):
                goes_on = found.start() == last + 1 and text[last] == " "
                names[-1:] = [(*names[-1], form)] if goes_on else [*names[-1:], (form,)]
                last = found.end()
    denies = DENIAL["zh" if language == "zh" else "en"].search(text) is not None
    return Words(content, tuple(names), frozenset(numbers(text)), denies)


def is_name(text: str, found: re.Match[str], proper: Collection[str]) -> bool:
    """Whether a content word is a name: capitalised where that means something, and no month or day."""
    word = found[0]
    if not word[0].isupper() or word.casefold() in MONTHS:
        return False
    return stem(word) in proper or not begins_sentence(text, found.start())


def begins_sentence(text: str, at: int) -> bool:
    """Whether a capital at this place may be that of a sentence and not of a name."""
    return SENTENCE_STARTS.search(text[max(0, at - 8) : at]) is not None


@lru_cache(maxsize=STEMS)
def stem(word: str) -> str:
    """The word without its common English endings: for comparing only, not for reading.

    >>> stem("weighing") == stem("weighed") == stem("Weighs")
    True
    """
    word = re.sub(r"['’](?:s|d|ll|re|ve)?$", "", word.casefold())
    for _ in range(2):
        shorter = ENDING.sub("", word)
        if len(shorter) >= 3:
            word = shorter
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def _pairs(text: str) -> dict[str, str]:
    """Pairs of neighbouring Chinese characters in their order, none of which is a function word or a number."""
    left_out = HAN_FUNCTION | HAN_NUMBERS
    return {
        (pair := run[i : i + 2]): pair
        for run in HAN_RUN.findall(text)
        for i in range(len(run) - 1)
        if run[i] not in left_out and run[i + 1] not in left_out
    }
