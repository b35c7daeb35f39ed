"""Is the text of the kind that was asked for?"""

import re

from kg.model import Check
from synthesis.checks.base import Written, failed, passed
from synthesis.checks.tokens import fold, folded
from synthesis.turns import asked_and_answered, spoken

TURNS = 4
NOT_SOUGHT = ("feature", "verb")


class Form:
    """Fails questions and answers that are no pairs, a dialogue of fewer than four turns or of one speaker, and a
    story that leaves out a word it was given, in any form that begins alike. Features are not words, and a verb may
    change beyond recognition ("go", "went"): neither is looked for.
    """

    name = "form"

    def check(self, written: Written) -> Check:
        """Whether the form fits the kind."""
        kind, text = written.draft.kind, written.text
        if kind == "qa" and not asked_and_answered(text):
            return failed(self.name, f"no question with an answer can be told apart in {text[:60]!r}")
        if kind == "dialogue":
            said = spoken(text)
            if len(said) < TURNS or len({who for who, _ in said}) < 2:
                return failed(self.name, f"{len(said)} turns of {len({who for who, _ in said})} speakers")
        if kind == "story":
            slots = written.item.subgraph.slots
            missing = [word for role, word in slots if role not in NOT_SOUGHT and not _uses(text, word)]
            if missing:
                return failed(self.name, "does not use " + ", ".join(map(repr, missing[:4])))
        return passed(self.name)


def _uses(text: str, word: str) -> bool:
    """Whether a word that begins like this one occurs: all of its letters but the last two, three at least."""
    stem = fold(word)
    stem = stem if not stem.isascii() else stem[: max(3, len(stem) - 2)]
    before = r"(?<![0-9a-z])" if stem.isascii() else ""
    return re.search(before + re.escape(stem), folded(text)) is not None
