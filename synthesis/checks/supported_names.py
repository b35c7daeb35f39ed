"""Do the names of the text stand in its context?"""

import re
import unicodedata

from kg.model import Check
from synthesis.checks.base import Written, failed, passed, unchecked

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*", re.UNICODE)
SENTENCE_END = re.compile(r"[.!?:;…]['\"”’)\]]*\s+$|\n\s*$|^\s*$|[\"“‘(\[]\s*$")
QUOTED_HAN = re.compile("《([^》]{1,30})》|「([^」]{1,20})」|“([^”]{1,12})”")
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.\-]{2,}")
EVERYDAY = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "english",
        "chinese",
        "french",
        "german",
        "i",
        "god",
        "christmas",
        "easter",
    ]
)


class SupportedNames:
    """Fails a text with a name that its context does not hold: the plainest kind of invention.

    English: capitalised words inside a sentence. Chinese: titles and terms in 《》「」“” and words in
    Latin letters; Chinese names without any mark cannot be told from other words without a model, so
    a Chinese text without such marks is unchecked. Other languages are unchecked.
    """

    name = "names"

    def check(self, written: Written) -> Check:
        """Whether every name has its support."""
        names = " ".join(form for entity in written.item.entities for form in (entity.name, *entity.aliases))
        known = f"{written.context.text} {written.context.headings} {names}"
        if written.item.language == "en":
            strange = unsupported_words(written.text, known)
        elif written.item.language == "zh":
            marked = [next(filter(None, groups)) for groups in QUOTED_HAN.findall(written.text)]
            marked += LATIN.findall(written.text)
            if not marked:
                return unchecked(
                    self.name, "Chinese names without marks cannot be told apart without a model"
                )
            folded = _fold(known).replace(" ", "")
            strange = [term for term in marked if _fold(term).replace(" ", "").rstrip("，。") not in folded]
        else:
            return unchecked(self.name, f"no rule for names in {written.item.language!r}")
        if strange:
            return failed(self.name, "not in the passages: " + ", ".join(repr(s[:60]) for s in strange[:4]))
        return passed(self.name)


def unsupported_words(text: str, known: str) -> list[str]:
    """Capitalised words inside a sentence that do not occur in `known`, in any case or inflection.

    >>> unsupported_words("Later Anna met Borg's son in Vienna.", "Anna Borg had a son.")
    ['Vienna']
    """
    folded = {_stem(word) for word in WORD.findall(_fold(known))}
    strange: list[str] = []
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            continue
        for found in WORD.finditer(line):
            word = found[0]
            if not word[0].isupper() or SENTENCE_END.search(line[: found.start()]):
                continue
            stem = _stem(_fold(word))
            if stem not in folded and stem not in EVERYDAY and word not in strange:
                strange.append(word)
    return strange


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


def _stem(word: str) -> str:
    word = word.removesuffix("'s").removesuffix("'").removesuffix("'d")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
