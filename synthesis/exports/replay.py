"""General text mixed in among the synthetic one, so that a model forgets less of what it knew.

Two ways; in both `rate` is the share of tokens that are replayed:

    paper      every text is, with probability `rate`, replaced by replayed text of as many tokens
    additive   every text stays, and replayed text is put between them

The paper (Yang et al., arXiv 2409.07431, and its released code) draws for every block of 2,048 tokens: with
probability 0.1 a block of replayed text is seen in place of the one that was due, which is skipped. Blocks
are of one size and texts are not, so here the tokens are made even: what was taken away is owed, and a whole
replayed text is put in as soon as half of it is. Their order is drawn by the seed; when all were used they
are used again in another order.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count

import numpy as np

from synthesis.base import SynthesisError
from synthesis.exports.chance import RANGE, drawn
from synthesis.exports.lines import Line
from synthesis.exports.mixing import Pick
from synthesis.exports.replay_file import ReplayFile
from synthesis.leakage import Leakage

MODES = ("paper", "additive")
RATE = 0.1
REPLACED = "replaced_by_replay"


class Replay:
    """The texts of a replay file in an order drawn by `seed`, without end.

    `leaking` are the texts passed over because they hold a question that the model will be asked.
    """

    def __init__(
        self,
        file: ReplayFile,
        *,
        seed: int,
        tokens: Callable[[Line], int],
        leakage: Leakage | None = None,
    ) -> None:
        self.file = file
        self.leaking: set[int] = set()
        self._seed = seed
        self._tokens = tokens
        self._leakage = leakage

    def line(self, number: int) -> Line:
        """The text of this number, from 0, as a line without a title."""
        where = {"replay": self.file.path.name, "replay_line": self.file.lines[number]}
        return Line("", "", self.file.text(number), "und", "replay", where)

    def added(self, picks: Iterator[Pick], rate: float) -> Iterator[Pick]:
        """All picks, and replayed texts between them that are `rate` of all tokens. `rate` is below 1."""
        replayed, owed = self._picks(), 0.0
        due = next(replayed)
        for pick in picks:
            yield pick
            owed += pick.tokens * rate / (1 - rate)
            while owed >= due.tokens / 2 and rate:
                yield due
                owed -= due.tokens
                due = next(replayed)

    def replacing(
        self, picks: Iterator[Pick], rate: float, id_of: Callable[[int], str], left_out: Counter[str]
    ) -> Iterator[Pick]:
        """The picks, each with probability `rate` replaced by replayed text; those are counted in `left_out`."""
        replayed, owed = self._picks(), 0.0
        due = next(replayed)
        for pick in picks:
            if drawn("replace", self._seed, id_of(pick.number)) >= rate * RANGE:
                yield pick
                continue
            left_out[REPLACED] += 1
            owed += pick.tokens
            while owed >= due.tokens / 2:
                yield due
                owed -= due.tokens
                due = next(replayed)

    def _picks(self) -> Iterator[Pick]:
        """Replayed texts, pass after pass. Raises SynthesisError where all of them leak questions."""
        for run in count(1):
            if len(self.leaking) == len(self.file):
                break
            keys = (drawn("replay", self._seed, run, n) for n in range(len(self.file)))
            order = np.fromiter(keys, np.uint64, len(self.file)).argsort(kind="stable")
            for number in map(int, order):
                if number not in self.leaking:
                    line = self.line(number)
                    if self._leakage and self._leakage.found(line.text):
                        self.leaking.add(number)
                    else:
                        yield Pick(~number, max(1, self._tokens(line)))
        raise SynthesisError(
            f"every text of the replay file {str(self.file.path)!r} holds one of the questions"
        )
