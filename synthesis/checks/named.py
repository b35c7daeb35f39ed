"""Does the text name every entity that it was asked about?"""

import re
from functools import lru_cache

from kg.model import Check, Entity
from synthesis.checks.base import Written, failed, passed
from synthesis.checks.tokens import fold, folded

ARTICLES = ("the ", "a ", "an ")
LATIN = re.compile("[0-9a-z\u00c0-\u024f]")
PLURAL = re.compile("(?:e?s)?(?![0-9a-z\u00c0-\u024f])")


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
    plain = folded(text)
    return any(_holds(plain, form) for form in (entity.name, *entity.aliases))


@lru_cache(maxsize=4096)
def _wanted(form: str) -> str:
    form = fold(form)
    for article in ARTICLES:
        form = form.removeprefix(article)
    return form


def _holds(text: str, form: str) -> bool:
    wanted = _wanted(form)
    if not wanted:
        return False
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        open_left = at == 0 or not (LATIN.match(text, at - 1) and LATIN.match(wanted))
        open_right = not LATIN.match(wanted, len(wanted) - 1) or PLURAL.match(text, end) is not None
        if open_left and open_right:
            return True
        at = text.find(wanted, at + 1)
    return False
