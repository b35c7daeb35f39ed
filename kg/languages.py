"""Which language a text is written in: by its script, and for Latin script by its commonest words.

It is a rule of thumb for choosing extractors and prompts, not an identifier of languages: it knows
the languages listed in `COMMON_WORDS` and those with a script of their own, and says "und" otherwise.
"""

import re
from collections import Counter

UNDETERMINED = "und"

SAMPLE = 1_200
"""Characters looked at: the beginning, the middle and the end of a longer text."""

SCRIPTS: dict[str, re.Pattern[str]] = {
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"),
    "ja": re.compile("[\u3040-\u30ff\uff66-\uff9f]"),
    "ko": re.compile("[\uac00-\ud7af\u1100-\u11ff]"),
    "ru": re.compile("[\u0400-\u052f]"),
    "el": re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "ar": re.compile("[\u0600-\u06ff\u0750-\u077f]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
}
LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
LATIN_OR_NONE = re.compile("[\x00-\u024f\u2000-\u206f]+")
WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")

COMMON_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to in is was that it for on with as his her he she they at by from this had have "
        "are were be not which but an or has been who their its what when there would will one all into out",
        "de": "der die das und ist nicht ein eine einen einem einer den dem des zu mit von auf für im sich "
        "sie er es ich war als auch an werden aus hat nach bei um am wird wie noch einem über so zum",
        "fr": "le la les de des du et est un une que qui dans pour pas ne sur au aux avec ce il elle se son sa "
        "ses par plus était mais ou cette sont été leur comme nous vous on y deux même",
        "es": "el la los las de del y que en un una es se no por con para su sus al lo como más pero era fue "
        "este esta ha son entre cuando muy sin sobre también hay desde todo nos",
        "it": "il lo la gli le di del della dei delle e che in un una è si non per con da al alla sono come "
        "più ma era anche nel nella questo questa dal dalla ha loro suo sua",
        "pt": "o os as de do da dos das e que em um uma é se não por com para no na nos nas ao como mais mas "
        "foi era ele ela seu sua são também muito pelo pela",
        "nl": "de het een en van in is dat op te zijn met voor niet aan er om ook als bij door naar uit maar "
        "werd was hij zij ze wordt deze over tot haar heeft dan",
        "pl": "i w na z do nie się jest to że o jak po ale przez od za był była dla tym jego który jej tak oraz",
        "sv": "och att det som en på är av för med till den har de inte om ett var jag han hon men från eller",
    }.items()
}

UKRAINIAN = re.compile("[\u0456\u0457\u0454\u0491]")
RUSSIAN = re.compile("[\u044b\u044d\u0451\u044a]")
PERSIAN = re.compile("[\u067e\u0686\u0698\u06af]")


def language_of(text: str) -> str:
    """ISO 639-1 code of the language most of the text is in ("en", "zh", ...), or "und".

    A short text without a word we know is "und", never a guess. Chinese with Latin names in it is
    Chinese: one Han character weighs as much as four Latin letters. O(1): at most `SAMPLE`
    characters are looked at.

    >>> language_of("The tide clock was built by a woman from the valley.")
    'en'
    >>> language_of("潮钟由奥拉看守, 型号 LLM2LLM。")
    'zh'
    >>> language_of("1234")
    'und'
    """
    sample = _sample(text)
    if sample.isascii():
        return _latin_language(sample)
    others = LATIN_OR_NONE.sub("", sample)
    if not others:
        return _latin_language(sample)
    counts = {language: len(script.findall(others)) for language, script in SCRIPTS.items()}
    weights = {
        language: count * (4 if language in ("zh", "ja", "ko") else 1) for language, count in counts.items()
    }
    best = max(weights, key=lambda language: weights[language])
    if weights[best] == 0 or weights[best] < sum(map(len, LATIN.findall(sample))):
        return _latin_language(sample)
    if best == "zh" and counts["ja"] * 10 > counts["zh"]:
        return "ja"
    if best == "ru" and len(UKRAINIAN.findall(others)) > len(RUSSIAN.findall(others)):
        return "uk"
    if best == "ar" and len(PERSIAN.findall(others)) * 50 > counts["ar"]:
        return "fa"
    return best


def _sample(text: str) -> str:
    if len(text) <= SAMPLE:
        return text
    part, middle = SAMPLE // 4, len(text) // 2
    return f"{text[: 2 * part]} {text[middle : middle + part]} {text[-part:]}"


def _latin_language(sample: str) -> str:
    words = Counter(WORD.findall(sample.lower()))
    scores = {
        language: sum(words[word] for word in common & words.keys())
        for language, common in COMMON_WORDS.items()
    }
    best = max(scores, key=lambda language: scores[language])
    # Running text has a common word in every two to four; a table of names has none.
    if scores[best] == 0 or scores[best] * 20 < words.total():
        return UNDETERMINED
    return best
