"""Is the text in the language that was asked for?"""

import re

from kg.languages import language_of
from kg.model import Check
from synthesis.checks.base import Written, failed, passed, unchecked

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
STRAY_SHARE = 0.02


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
        seen = language_of(text)
        if seen == "und":
            return unchecked(self.name, "too short or unknown to tell the language")
        if seen != wanted:
            return failed(self.name, f"asked for {wanted}, written in {seen}")
        if wanted != "zh":
            known = set(HAN.findall(written.prompt))
            stray = [c for c in HAN.findall(text) if c not in known]
            if stray:
                return failed(self.name, f"stray characters {''.join(stray[:8])!r}")
        else:
            known_words = {word.casefold() for word in LATIN_WORD.findall(written.prompt)}
            strange = [word for word in LATIN_WORD.findall(text) if word.casefold() not in known_words]
            if len(strange) > max(1, STRAY_SHARE * len(text)):
                return failed(self.name, f"stray words {', '.join(strange[:4])!r}")
        return passed(self.name)
