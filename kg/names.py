"""Names of things, made comparable: the forms under which two spellings of one name are equal.

`normal_name` (kg.model) only evens out case, width and spaces. Here each further difference that does
not change what is named has its own step, so that a merge can say which one it rested on:

>>> same_form("the Tide-Clock", "tide clock")
'with or without article, spelling'
>>> same_form("Lock 3", "Lock 4") is None
True
"""

import re
from collections.abc import Callable
from functools import lru_cache

from kg.model import normal_name
from kg.scripts import han_form, is_chinese, plain

LONGEST_NAME = 300
"""Characters; a longer name is compared as it stands and by nothing else."""


def word_list(text: str) -> list[str]:
    """The words of a text that parts them by spaces: how the tables of words are written."""
    return text.split()


def word_set(text: str) -> frozenset[str]:
    """The words of a text that parts them by spaces, as a set."""
    return frozenset(text.split())


ARTICLES = frozenset({"the", "a", "an"})
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?|&")
POSSESSIVE = re.compile(r"(?:'s|(?<=s)'|')$")

NUMBER_WORDS: dict[str, str] = {
    word: str(number)
    for number, word in enumerate(
        word_list(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
            "sixteen seventeen eighteen nineteen"
        )
    )
} | {
    word: f"{number}th"
    for number, word in enumerate(
        word_list(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
            "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
        ),
        start=1,
    )
}
TENS = {
    word: 10 * number
    for number, word in enumerate(word_list("twenty thirty forty fifty sixty seventy eighty ninety"), start=2)
}
ORDINAL_TENS = {word[:-1] + "ieth": value for word, value in TENS.items()} | {"hundredth": 100}
ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
TENS_UNIT = re.compile(r"[1-9](?:th)?")
ROMAN = re.compile(r"(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})")
ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}

ABBREVIATIONS: dict[str, str] = {
    "&": "and", "co": "company", "corp": "corporation", "ltd": "limited", "inc": "incorporated",
    "bros": "brothers", "dept": "department", "univ": "university", "assn": "association",
    "assoc": "association", "govt": "government", "intl": "international", "natl": "national",
    "mt": "mount", "ft": "fort", "rd": "road", "ave": "avenue", "blvd": "boulevard", "sq": "square",
    "vol": "volume", "fig": "figure", "jr": "junior", "sr": "senior", "hosp": "hospital",
    "inst": "institute", "soc": "society", "comm": "commission", "mfg": "manufacturing",
}  # fmt: skip
NUMBER_SIGNS = frozenset({"no", "nr", "number", "num", "№"})

BRITISH: tuple[tuple[str, str], ...] = tuple(
    pair
    for line in (
        "harbour harbor", "colour color", "labour labor", "honour honor", "favour favor", "armour armor",
        "neighbour neighbor", "parlour parlor", "vapour vapor", "rumour rumor", "savour savor",
        "behaviour behavior", "flavour flavor", "humour humor", "odour odor", "splendour splendor",
        "centre center", "theatre theater", "fibre fiber", "metre meter", "litre liter", "sabre saber",
        "sombre somber", "spectre specter", "lustre luster", "grey gray", "defence defense",
        "offence offense", "licence license", "programme program", "jeweller jeweler",
        "jewellery jewelry", "mould mold", "plough plow", "tyre tire", "sulphur sulfur",
        "aluminium aluminum", "catalogue catalog", "dialogue dialog", "analogue analog",
        "archaeo archeo", "encyclopaed encycloped", "mediaeval medieval", "paediatr pediatr",
        "anaesthe anesthe", "foetal fetal", "cheque check", "storey story", "traveller traveler",
        "modeller modeler", "counsellor counselor", "fulfill fulfil", "instalment installment",
        "isation ization", "ising izing", "yser yzer", "ysed yzed", "ysing yzing", "enquir inquir",
        "manoeuvre maneuver", "gaol jail", "waggon wagon", "judgement judgment", "artefact artifact", "draught draft",
        "sceptic skeptic", "moustache mustache", "orthopaed orthoped", "haemo hemo", "leukaemia leukemia",
        "travelling traveling", "labelled labeled", "modelling modeling", "signalling signaling", "skilful skillful",
    )
    for pair in [(line.split()[0], line.split()[1])]
)  # fmt: skip
IRREGULAR_PLURALS = {
    "men": "man", "women": "woman", "children": "child", "people": "person", "mice": "mouse",
    "feet": "foot", "teeth": "tooth", "geese": "goose", "oxen": "ox", "knives": "knife",
    "wives": "wife", "wolves": "wolf", "halves": "half", "leaves": "leaf", "loaves": "loaf",
    "shelves": "shelf", "calves": "calf", "thieves": "thief", "indices": "index", "matrices": "matrix",
    "vertices": "vertex", "criteria": "criterion", "phenomena": "phenomenon",
    "hypotheses": "hypothesis", "analyses": "analysis", "theses": "thesis", "crises": "crisis",
}  # fmt: skip
NO_PLURAL = frozenset(
    {"news", "series", "species", "lens", "gas", "bus", "canvas", "atlas", "chaos", "cosmos"}
)


def words(name: str) -> tuple[str, ...]:
    """Words of a Latin name: plain, without article and possessive, hyphens parted.

    >>> words("The Harbour-Master's Log")
    ('harbour', 'master', 'log')
    """
    text = plain(name)
    found = WORD.findall(text)
    found = [POSSESSIVE.sub("", word).replace("'", "") for word in found]
    found = [word for word in found if word]
    if len(found) > 1 and found[0] in ARTICLES and not text.startswith("a."):
        found = found[1:]
    return tuple(found)


def singular(word: str) -> str:
    """The word in the singular, by the rules of English spelling and a short list.

    >>> [singular(word) for word in ("clocks", "ferries", "glasses", "glass", "men")]
    ['clock', 'ferry', 'glass', 'glass', 'man']
    """
    if word in IRREGULAR_PLURALS:
        return IRREGULAR_PLURALS[word]
    if len(word) < 4 or word in NO_PLURAL or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word[:-1]


def roman_number(word: str) -> int | None:
    """Value of a Roman numeral up to 39 in capitals, else None.

    >>> roman_number("XIV"), roman_number("MILL")
    (14, None)
    """
    if not ROMAN.fullmatch(word):
        return None
    values = [ROMAN_VALUES[letter] for letter in word]
    return sum(-v if v < w else v for v, w in zip(values, [*values[1:], 0], strict=True))


def with_digits(name: str) -> tuple[str, ...]:
    """Words with every number in digits and "No." left out: "Pier No. II" and "Pier Two" are "pier 2".

    >>> with_digits("Pier No. II"), with_digits("the First Cable")
    (('pier', '2'), ('1th', 'cable'))
    """
    capitals = {word.casefold() for word in re.findall(r"\b[IVX]+\b", name)}
    given = words(name)
    found: list[str] = []
    for i, word in enumerate(given):
        ordinal = ORDINAL.fullmatch(word)
        last = i == len(given) - 1
        if i and given[i - 1] in TENS and word in NUMBER_WORDS and TENS_UNIT.fullmatch(NUMBER_WORDS[word]):
            found[-1] = str(TENS[given[i - 1]] + int(NUMBER_WORDS[word][0])) + NUMBER_WORDS[word][1:]
        elif word in NUMBER_WORDS:
            found.append(NUMBER_WORDS[word])
        elif word in TENS:
            found.append(str(TENS[word]))
        elif word in ORDINAL_TENS:
            found.append(f"{ORDINAL_TENS[word]}th")
        elif ordinal:
            found.append(f"{ordinal[1]}th")
        elif i and word in capitals and (last or len(word) > 1) and roman_number(word.upper()):
            found.append(str(roman_number(word.upper())))
        elif word in NUMBER_SIGNS and not last and i:
            continue
        elif word.isdecimal():
            found.append(str(int(word)))
        else:
            found.append(word)
    return tuple(found)


def american(word: str) -> str:
    """The word in American spelling.

    >>> american("harbourmaster"), american("grey")
    ('harbormaster', 'gray')
    """
    for british, one in BRITISH:
        if british in word:
            return word.replace(british, one)
    return word


def long_words(name: str) -> tuple[str, ...]:
    """Words with digits, abbreviations written out, in American spelling: "St. Ann's" is "saint ann"."""
    given = with_digits(name)
    found = []
    for i, word in enumerate(given):
        if word == "st":
            word = "street" if i and i == len(given) - 1 else "saint"
        found.append(american(ABBREVIATIONS.get(word, word)))
    return tuple(found)


@lru_cache(maxsize=400_000)
def form(name: str) -> str:
    """The key under which two spellings of one name are equal, whatever the step that makes them so."""
    if len(name) > LONGEST_NAME:
        return normal_name(name)
    if is_chinese(name):
        return han_form(name)
    return " ".join(long_words(name)) or normal_name(name)


STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("same name", normal_name),
    ("accents, quotation marks or script", plain),
    ("with or without article, spelling", lambda name: " ".join(words(name))),
    ("number written out", lambda name: " ".join(with_digits(name))),
    ("abbreviation or spelling", form),
)


def same_form(a: str, b: str) -> str | None:
    """Which difference two spellings of one name have, or None where they are not one name."""
    if form(a) != form(b):
        return None
    if is_chinese(a) or is_chinese(b):
        return "same name" if normal_name(a) == normal_name(b) else "script, width or punctuation"
    return next((reason for reason, step in STEPS if step(a) == step(b)), "spelling")
