"""Does the text hand back the prompt or its passages, instead of saying it anew?"""

import re

import numpy as np

from kg.model import Check
from synthesis.checks.base import Written, failed, passed
from synthesis.checks.tokens import folded, runs, sorted_runs

MARKS = ("### Entities", "### Task", "### Document", "### Words", "### 任务")
PASSAGES = re.compile(
    r"\b(?:the|this|these|those) (?:\w+ )?passages?\b(?! (?:of (?:time|the|a|years)|through|to|between|from|across|into|under)\b)|段落"
)
RUN = 8
COPIED_SHARE = 0.5
LONGEST = 60


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
        spoken_of = PASSAGES.search(plain) if "passage" in plain or "段落" in plain else None
        if spoken_of and "passage" not in folded(written.known) and "段落" not in written.known:
            return failed(self.name, f"speaks of {spoken_of[0]!r}, which its reader never sees")
        own = runs(written.text, RUN)
        if not len(own):
            return passed(self.name)
        shown = sorted_runs(written.shown, RUN)
        if not len(shown):
            return passed(self.name)
        copied = shown.take(np.searchsorted(shown, own), mode="clip") == own
        share = np.count_nonzero(copied) / len(own)
        if share > COPIED_SHARE:
            return failed(self.name, f"{share:.0%} of its runs of {RUN} words are copied from the prompt")
        if share and (longest := _longest(copied)) > LONGEST:
            return failed(self.name, f"{longest} words in a row are copied from the prompt")
        return passed(self.name)


def _longest(copied: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """Length in words of the longest stretch in which every run of eight is copied."""
    ends = np.flatnonzero(np.concatenate(([True], ~copied, [True])))
    most = int(np.max(np.diff(ends))) - 1
    return most + RUN - 1 if most else 0
