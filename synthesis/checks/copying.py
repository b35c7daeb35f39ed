"""Does the text repeat the prompt, or itself, instead of saying it anew?"""

import re
from collections import Counter

from kg.model import Check
from synthesis.checks.base import Written, failed, passed

TOKEN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]|[^\\W_]+", re.UNICODE)
MARKS = ("### Entities", "### Task", "### Document", "### 任务")
PASSAGES = re.compile(r"\bpassages?\b|段落", re.IGNORECASE)
LENGTH = 8
COPIED_SHARE = 0.5
LONGEST = 60
REPEATED_SHARE = 0.3


class Copying:
    """Fails a text that hands back the prompt's own marks or words, copies its passages, or repeats itself.

    Copied: more than half of its runs of eight words stand in the prompt, or sixty words in a row. The
    published texts of the paper share 0.2 % of such runs with their sources (Yang et al., n-gram overlap,
    n = 8); a small model keeps clauses. Repeating: more than 30 % of its runs of eight words occur before
    in the text itself.
    """

    name = "copying"

    def check(self, written: Written) -> Check:
        """Whether the words are the text's own."""
        for mark in MARKS:
            if mark in written.text:
                return failed(self.name, f"repeats the prompt: {mark!r}")
        spoken_of = PASSAGES.search(written.text)
        if spoken_of and not PASSAGES.search(written.context.text):
            return failed(self.name, f"speaks of {spoken_of[0]!r}, which its reader never sees")
        runs = windows(written.text)
        if not runs:
            return passed(self.name)
        known = set(windows(written.prompt))
        copied = sum(run in known for run in runs) / len(runs)
        if copied > COPIED_SHARE:
            return failed(self.name, f"{copied:.0%} of its runs of {LENGTH} words are copied from the prompt")
        if (longest := _longest([run in known for run in runs])) > LONGEST:
            return failed(self.name, f"{longest} words in a row are copied from the prompt")
        repeated = 1 - len(Counter(runs)) / len(runs)
        if repeated > REPEATED_SHARE:
            return failed(self.name, f"{repeated:.0%} of its runs of {LENGTH} words are repetitions")
        return passed(self.name)


def windows(text: str, length: int = LENGTH) -> list[tuple[str, ...]]:
    """Every run of `length` words, case folded; a Chinese character is a word."""
    words = TOKEN.findall(text.casefold())
    return [tuple(words[i : i + length]) for i in range(len(words) - length + 1)]


def _longest(copied: list[bool]) -> int:
    """Length in words of the longest stretch in which every run of eight is copied."""
    best = now = 0
    for one in copied:
        now = now + 1 if one else 0
        best = max(best, now)
    return best + LENGTH - 1 if best else 0
