"""Does the text repeat itself?"""

import re
from collections import Counter

import numpy as np

from kg.model import Check
from synthesis.checks.base import Written, failed, passed
from synthesis.checks.tokens import TOKEN, folded, runs, sorted_runs, words

CHARACTERS = 16
LEADERS = frozenset(" .-_=*~#|·…—─\t\n")
PERIOD = 40
TIMES = 4
LEAST = 12
LONG_PHRASE = 8
LONG_TIMES = 3
RUN = 8
REPEATED_SHARE = 0.3
FEWEST = 6  # runs of three words that come again in the shortest loop
SENTENCE = re.compile("[^.!?。！？\n]+")
SENTENCE_TIMES = 3
SENTENCE_WORDS = 5


class Repetition:
    """Fails a text that has fallen into a loop, as small models do.

    A character 16 times in a row (lines and leaders apart); a phrase of up to 40 words again and again (four
    times and 12 words, three times where it has eight words or more); a sentence of five words or more three
    times; or more than 30 % of the runs of eight words said before in the text. A refrain said twice passes.
    """

    name = "repetition"

    def check(self, written: Written) -> Check:
        """Whether the text goes on."""
        text = written.text
        if stuck := _stuck(text):
            return failed(self.name, f"{stuck!r} {CHARACTERS} times in a row or more")
        short = sorted_runs(text, 3)
        if np.count_nonzero(short[1:] == short[:-1]) < FEWEST:
            return passed(self.name)
        # no sentence is said three times where no three words are
        if np.count_nonzero(short[2:] == short[:-2]):
            sentences = SENTENCE.findall(folded(text))
            alike = len(set(sentences)) < len(sentences)
            said = Counter(map(str.strip, sentences) if alike else ())
            for sentence, times in said.items():
                if times >= SENTENCE_TIMES and len(TOKEN.findall(sentence)) >= SENTENCE_WORDS:
                    return failed(self.name, f"{sentence[:80]!r} {times} times")
        long = sorted_runs(text, RUN)
        again = int(np.count_nonzero(long[1:] == long[:-1]))
        if again and (looped := _looped(text)):
            return failed(self.name, f"{looped[0]!r} {looped[1]} times in a row")
        if again > REPEATED_SHARE * len(long):
            return failed(self.name, f"{again / len(long):.0%} of its runs of {RUN} words are repetitions")
        return passed(self.name)


def _stuck(text: str) -> str:
    """The character that is repeated without end, or nothing."""
    codes = (
        np.frombuffer(text.encode(), np.uint8)
        if text.isascii()
        else np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    )
    same = (codes[1:] == codes[:-1]).tobytes()
    at = same.find(b"\1" * (CHARACTERS - 1))
    while at >= 0 and text[at] in LEADERS:
        end = same.find(b"\0", at)
        at = same.find(b"\1" * (CHARACTERS - 1), end) if end >= 0 else -1
    return text[at] if at >= 0 else ""


def _looped(text: str) -> tuple[str, int] | None:
    """The phrase that is said again and again, and how often."""
    hashes = runs(text, 1)
    for period in range(1, min(PERIOD, len(hashes) // 2) + 1):
        times = LONG_TIMES if period >= LONG_PHRASE else max(TIMES, -(-LEAST // period))
        same = (hashes[period:] == hashes[:-period]).tobytes()
        at = same.find(b"\1" * ((times - 1) * period))
        if at >= 0:
            end = same.find(b"\0", at)
            count = ((end if end >= 0 else len(same)) - at) // period + 1
            phrase = words(text)[at : at + period]
            return (" " if phrase[0].isascii() else "").join(phrase)[:80], count
    return None
