"""Does a text hold a question that the trained model will be asked? An index of questions by their words.

Training on a question that is asked later spoils the measurement. A text leaks a question where it holds
13 of its words in a row (case and punctuation do not count, a Chinese character is a word), after the
appendix on contamination of Brown et al. 2020 (arXiv 2005.14165). There, short examples lower the bound
for a whole test set; here every question has its own: one of fewer than 13 words is leaked where all of
it stands in the text, and one of fewer than 6 is not looked for, because plain speech holds such runs.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kg.encodings import read_text

WORDS = 13
LEAST = 6


class Leakage:
    """Questions, and the runs of words by which a text betrays that it knows one.

    `questions` are those that are looked for, `too_short` says how many are not. Memory grows with the
    words of the questions, not with the texts; one look at a text takes time in proportion to its words.
    """

    __slots__ = ("_runs", "questions", "too_short", "words")

    def __init__(self, words: int = WORDS) -> None:
        if words < LEAST:
            raise ValueError(f"a run of {words} words is in too many texts; look for {LEAST} or more")
        self.words = words
        self.questions: list[str] = []
        self.too_short = 0
        # By its first words, so that runs of every length are found in one walk over a text.
        self._runs: dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]] = defaultdict(list)

    @staticmethod
    def of(questions: Iterable[str], *, words: int = WORDS) -> "Leakage":
        """The index of these questions; runs of `words` words give one away.

        >>> Leakage.of(["Who keeps the tide clock of Saltmere?"]).found("who keeps the Tide Clock of Saltmere")
        'Who keeps the tide clock of Saltmere?'
        """
        leakage = Leakage(words)
        for question in questions:
            leakage._add(question)
        return leakage

    def _add(self, question: str) -> None:
        said = words_of(question)
        if len(said) < LEAST:
            self.too_short += 1
            return
        length = min(self.words, len(said))
        for at in range(len(said) - length + 1):
            run = said[at : at + length]
            known = self._runs[run[:LEAST]]
            if all(run != other for other, _ in known):
                known.append((run, len(self.questions)))
        self.questions.append(question)

    def found(self, text: str) -> str | None:
        """The question that the text leaks, the one it holds first; None where it leaks none."""
        said = words_of(text)
        for at, start in enumerate(zip(*(said[i:] for i in range(LEAST)), strict=False)):
            for run, number in self._runs.get(start, ()):
                if said[at : at + len(run)] == run:
                    return self.questions[number]
        return None


def words_of(text: str) -> tuple[str, ...]:
    """The words that count: case folded, without punctuation; a Chinese character is one.

    >>> words_of("Who winds it? 谁上弦？")
    ('who', 'winds', 'it', '谁', '上', '弦')
    """
    from synthesis.checks.tokens import (
        words,
    )  # late: a check of that package looks for leaks, with this module

    return words(text)


def questions_in(path: Path) -> list[str]:
    """The questions in a file: JSON lines with `question`, `text` or a list `questions` of such, else a line each.

    Raises ValueError that names the file and the line: where it cannot be read, is half JSON, or asks nothing.
    """
    name = f"the questions {str(path)!r}"
    lines = read_text(path, "the questions").split("\n")
    told = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    first = told[0][1].lstrip() if told else ""
    if first.startswith(("{", '["', "[{")) or first == "[":
        found = [question for number, line in told for question in _asked(line, f"{name}, line {number}")]
    else:
        found = [line.strip() for _, line in told]
    if not found:
        raise ValueError(f"there are no questions in {str(path)!r}; write one on each line")
    return found


def _asked(line: str, where: str) -> Iterator[str]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{where}: it is not JSON ({str(error)[:80]}), which the file begins with") from None
    yield from _of(row, where)


def _of(row: Any, where: str) -> Iterator[str]:
    """What an object asks, or several in a list. Any: JSON of a stranger, looked at before it is used."""
    keys = row if isinstance(row, dict) else {}
    several = keys.get("questions", row)
    if isinstance(several, list):
        for one in several:
            yield from _of(one, where)
        return
    asked = keys.get("question", keys.get("text")) if keys else row
    if not isinstance(asked, str) or not asked.strip():
        raise ValueError(f"{where}: it asks nothing; wanted a key 'question' or 'text' with words")
    yield asked.strip()
