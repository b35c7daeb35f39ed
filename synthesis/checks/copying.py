"""Does the text hand back the prompt or its passages, instead of saying it anew?"""

import re

import numpy as np
from numpy.typing import NDArray

from kg.model import Check
from synthesis.checks.base import Written, failed, passed
from synthesis.checks.tokens import Hashes, fold, folded, runs, runs_in

MARKS = ("### Entities", "### Task", "### Document", "### Words", "### 任务")
PASSAGES = re.compile(
    r"\b(?:the|this|these|those) (?:\w+ )?passages?\b(?! (?:of (?:time|the|a|years)|through|to|between|from|across|into|under)\b)|段落"
)
SOURCES = ("document", "excerpt", "text", "context", "文档", "原文", "上文", "文本", "段落")
_TOLD = "says?|states?|mentions?|describes?|tells?|notes?|explains?|indicates?|reveals?|suggests?|provides?|talks?|is about|shows?"
SPOKEN_OF = re.compile(
    rf"\b(?:the|this) (?:(?:given|provided|above) )?(?:document|excerpt|text|context)s?(?: also| further)? (?:{_TOLD})\b"
    r"|\b(?:according to|stated in|mentioned in|described in|based on) the (?:(?:given|provided|above) )?(?:document|excerpt|text|context)s?\b"
    r"|\bthe (?:given|provided|above) (?:document|excerpt|text|context)s?\b"
    "|(?:文档|原文|上文|文本|段落)(?:中|里)?(?:还|也)?(?:提到|提及|指出|说|写道|描述|表示|记载)|(?:根据|按照)(?:所给|上述|给出)?的?(?:文档|原文|上文|文本|段落)"
)
RUN = 8
COPIED_SHARE = 0.5
LONGEST = 60
FEWEST_BITS, SPARSE_BITS = 14, 4
TOO_LONG = b"\1" * (LONGEST - RUN + 2)  # so many copied runs, each beginning one word later, hold more words


class Copying:
    """Fails a text that hands back the prompt's own marks or words, or copies its passages.

    Copied: more than half of its runs of eight words stand in the prompt, or sixty words in a row. The
    published texts of the paper share 0.2 % of such runs with their sources (Yang et al., n-gram overlap,
    n = 8); a small model keeps clauses.
    """

    name = "copying"

    def check(self, written: Written) -> Check:
        """Whether the words are the text's own."""
        for mark in MARKS:
            if mark in written.text:
                return failed(self.name, f"repeats the prompt: {mark!r}")
        plain = folded(written.text)
        if spoken_of := _spoken_of(plain, written):
            return failed(self.name, f"speaks of {spoken_of!r}, which its reader never sees")
        own = runs(written.text, RUN)
        if not len(own):
            return passed(self.name)
        shown = runs_in(f"{folded(written.known)} {fold(written.asking)}", RUN)
        if not len(shown) or not _too_much(_likely(own, shown)):
            return passed(self.name)
        if told := _too_much(np.isin(own, shown)):
            return failed(self.name, f"{told} copied from the prompt")
        return passed(self.name)


def _likely(own: Hashes, shown: Hashes) -> NDArray[np.bool_]:
    """Which of these runs stand among others, and a few more: one look at a table spares most texts a sort."""
    bits = max(FEWEST_BITS, len(shown).bit_length() + SPARSE_BITS)
    seen = np.zeros(1 << bits, bool)
    seen[(shown >> np.uint64(64 - bits)).view(np.int64)] = True
    return seen.take((own >> np.uint64(64 - bits)).view(np.int64))


def _too_much(copied: NDArray[np.bool_]) -> str:
    """How much a text copies, where it is more than it may."""
    share = np.count_nonzero(copied) / len(copied)
    if share > COPIED_SHARE:
        return f"{share:.0%} of its runs of {RUN} words are"
    if TOO_LONG in (places := copied.tobytes()):
        return f"{max(map(len, places.split(bytes(1)))) + RUN - 1} words in a row are"
    return ""


def _spoken_of(plain: str, written: Written) -> str | None:
    """Words that speak of what the model was shown, where the sources do not use them themselves."""
    found = PASSAGES.search(plain) if "passage" in plain or "段落" in plain else None
    words: tuple[str, ...] = ("passage", "段落")
    if found is None and any(map(plain.__contains__, SOURCES)):
        found, words = SPOKEN_OF.search(plain), SOURCES
    if found is None:
        return None
    known = folded(written.known)
    return None if any(word in found[0] and word in known for word in words) else found[0]
