"""Which lines a file will have, in which order, before any of them is written."""

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from synthesis.base import SynthesisError
from synthesis.exports.mixing import Pick
from synthesis.exports.options import ExportOptions
from synthesis.exports.pool import Pool
from synthesis.exports.replay import REPLACED, Replay

BEYOND_TOKENS = "beyond_tokens"
BEYOND_MIX = "beyond_mix"


@dataclass(slots=True)
class Composition:
    """The lines of a file: numbers and tokens as in `Pick`. `refused` are the tokens of the text that did not fit."""

    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    tokens: "array[int]" = field(default_factory=lambda: array("Q"))
    total: int = 0
    refused: int = 0

    def __len__(self) -> int:
        return len(self.numbers)


def composed(
    pool: Pool, options: ExportOptions, left_out: Counter[str], replay: Replay | None = None
) -> Composition:
    """The beginning of one endless shuffle that has at most `options.tokens`, whole texts only.

    A smaller number of tokens gives the beginning of what a larger one gives. Every text of the pool that
    has no place is counted by reason. Raises SynthesisError where a mix has nothing on one side.
    """
    made, replaced = Composition(), Counter[str]()
    for pick in _picks(pool, options, replaced, replay):
        if options.tokens is not None and made.total + pick.tokens > options.tokens:
            made.refused = pick.tokens
            break
        made.numbers.append(pick.number)
        made.tokens.append(pick.tokens)
        made.total += pick.tokens
    left_out.update(replaced)
    beyond = len(pool) - sum(number >= 0 for number in made.numbers) - replaced[REPLACED]
    if beyond:
        left_out[BEYOND_TOKENS if made.refused else BEYOND_MIX] += beyond
    return made


def _picks(
    pool: Pool, options: ExportOptions, replaced: Counter[str], replay: Replay | None
) -> Iterator[Pick]:
    order = pool.order(options.seed if options.shuffle else None)
    picks = pool.picks(order)
    if options.mix is not None:
        sides = {kind: sum(1 for _ in pool.picks(order, questions=kind)) for kind in (True, False)}
        if not all(sides.values()) and len(pool):
            raise SynthesisError(
                f"a mix wants both sides: there are {sides[True]} texts of kind qa and {sides[False]} others. "
                "Write what is missing with 'entigraph generate', or leave --mix out"
            )
        picks = options.mix.blended(pool.picks(order, questions=True), pool.picks(order, questions=False))
    if replay is None:
        return picks
    if options.replay_mode == "additive":
        return replay.added(picks, options.replay_rate)
    return replay.replacing(picks, options.replay_rate, pool.id, replaced)
