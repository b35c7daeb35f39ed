"""Is the text in the language that was asked for?"""

import re
from functools import cache

from kg.languages import COMMON_WORDS, language_of
from kg.model import Check
from synthesis.checks.base import Written, failed, passed, unchecked
from synthesis.checks.tokens import vocabulary

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
OTHER_WIDE = re.compile("[\u3040-\u30ff\uac00-\ud7af\u0900-\u0dff\u0e00-\u0fff]")  # kana, hangul, Indic, Thai
LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
STRAY_SHARE = 0.02
CLEAR_WORDS = 9  # of its commonest; a text in another language has three or four of them


class Language:
    """Fails a text in another language, and one with stray words of another script.

    Small bilingual models drop Chinese words into English texts. Words of the other script that stand
    in the context or among the names asked about are not stray.
    """

    name = "language"

    def check(self, written: Written) -> Check:
        """Whether the text is in `item.language` throughout."""
        wanted = written.item.language
        text = written.text
        if wanted == "und":
            return unchecked(self.name, "no language was asked for")
        if not _clearly(text, wanted):
            seen = language_of(text)
            if seen == "und":
                return unchecked(self.name, "too short or unknown to tell the language")
            if seen != wanted:
                return failed(self.name, f"asked for {wanted}, written in {seen}")
        if wanted != "zh":
            stray = [] if text.isascii() else HAN.findall(text)
            known = set(HAN.findall(written.shown)) if stray else set()
            stray = [c for c in stray if c not in known]
            if stray:
                return failed(self.name, f"stray characters {''.join(stray[:8])!r}")
        else:
            latin = LATIN_WORD.findall(text)
            known = {word.casefold() for word in LATIN_WORD.findall(written.shown)} if latin else set()
            strange = [word for word in latin if word.casefold() not in known]
            if len(strange) > max(1, STRAY_SHARE * len(text)):
                return failed(self.name, f"stray words {', '.join(strange[:4])!r}")
        return passed(self.name)


def _clearly(text: str, language: str) -> bool:
    """Whether the language is beyond doubt: what spares most texts the longer look."""
    if language == "zh":
        wide = len(text.encode("utf-8", "replace")) - len(text)  # two for each Chinese character
        return wide > len(text) and not OTHER_WIDE.search(text)
    if language not in COMMON_WORDS or not text.isascii():
        return False
    said, own, foreign = vocabulary(text), COMMON_WORDS[language], _foreign(language)
    return len(own & said) > max(CLEAR_WORDS, 2 * len(foreign & said))


@cache
def _foreign(language: str) -> frozenset[str]:
    """The commonest words of all other languages that are none of this one's."""
    others = (words for other, words in COMMON_WORDS.items() if other != language)
    return frozenset().union(*others) - COMMON_WORDS[language]
