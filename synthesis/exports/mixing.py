"""Questions and everything else in a fixed proportion of tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

FORM = re.compile(r"(?P<left>qa|docs):(?P<right>qa|docs)=(?P<a>\d+(?:\.\d+)?):(?P<b>\d+(?:\.\d+)?)")


class Pick(NamedTuple):
    """One line of the file to come: a row of the pool, or ~number of a replayed text; and its tokens."""

    number: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Mix:
    """So many tokens of records of kind "qa" to so many of all others."""

    qa: float
    docs: float

    @staticmethod
    def parse(written: str) -> "Mix":
        """A proportion as it is typed. Raises ValueError for another form, or where a side is nothing.

        >>> Mix.parse("qa:docs=1:2")
        Mix(qa=1.0, docs=2.0)
        """
        found = FORM.fullmatch(written.strip())
        if not found or found["left"] == found["right"]:
            raise ValueError(
                f"a mix is written qa:docs=1:1, questions to everything else, not {written[:80]!r}"
            )
        shares = {found["left"]: float(found["a"]), found["right"]: float(found["b"])}
        if not all(0 < share < float("inf") for share in shares.values()):
            raise ValueError(f"both sides of a mix are above 0, not as in {written[:80]!r}")
        return Mix(shares["qa"], shares["docs"])

    def blended(self, questions: Iterator[Pick], others: Iterator[Pick]) -> Iterator[Pick]:
        """Both in their own order, the side that lags behind its share next; it ends when that side is used up.

        At every point the shares are right to within one text.
        """
        sides, shares = (questions, others), (self.qa, self.docs)
        taken = [0, 0]
        while True:
            side = 0 if taken[0] * shares[1] <= taken[1] * shares[0] else 1
            pick = next(sides[side], None)
            if pick is None:
                return
            taken[side] += pick.tokens
            yield pick
