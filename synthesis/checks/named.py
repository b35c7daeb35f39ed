"""Does the text name every entity that it was asked about?"""

import re
import unicodedata

from kg.model import Check, Entity
from synthesis.checks.base import Written, failed, passed

ARTICLES = ("the ", "a ", "an ")
WORD = re.compile(r"[0-9A-Za-zÀ-ɏ]")


class Named:
    """Fails a text that leaves out an asked entity; its aliases count as its name.

    What it says is also what coverage counts: see `sampling.accounting`.
    """

    name = "named"

    def check(self, written: Written) -> Check:
        """Whether every asked entity is named."""
        missing = [e.name for e in written.item.entities if not names(written.text, e)]
        if missing:
            return failed(self.name, "not named: " + ", ".join(repr(name[:80]) for name in missing))
        return passed(self.name)


def names(text: str, entity: Entity) -> bool:
    """Whether the text holds the name or an alias of the entity: as whole words where it is written in
    Latin letters, whatever the case, article, or white space.

    >>> names("It was Ada's clock.", Entity("", "Ada", "person"))
    True
    >>> names("Adamant.", Entity("", "Ada", "person"))
    False
    """
    folded = _fold(text)
    return any(_holds(folded, form) for form in (entity.name, *entity.aliases))


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(text.replace("\u2019", "'").replace("\u2018", "'").split())


def _holds(folded: str, form: str) -> bool:
    wanted = _fold(form)
    for article in ARTICLES:
        wanted = wanted.removeprefix(article)
    if not wanted:
        return False
    at = folded.find(wanted)
    while at >= 0:
        before, after = folded[at - 1 : at], folded[at + len(wanted) : at + len(wanted) + 1]
        open_left = not (WORD.match(before) and WORD.match(wanted[0]))
        tail = folded[at + len(wanted) :]
        plural = re.match(r"(?:e?s)?(?![0-9a-zÀ-ɏ])", tail)
        open_right = not WORD.match(wanted[-1]) or not WORD.match(after) or plural is not None
        if open_left and open_right:
            return True
        at = folded.find(wanted, at + 1)
    return False
