"""Two edges that meet: every such pair once, in a random order that is never written down."""

from collections.abc import Iterator

import numpy as np

from kg.graph import Offsets
from sampling.combinations import pair_of
from sampling.items import Rows, blocks
from sampling.permutation import KeyedPermutation

Wedges = tuple[Rows, Rows, Rows]


def slot_pairs(starts: Offsets, rng: np.random.Generator) -> Iterator[Wedges]:
    """Every two slots of one row of a ragged table, once, in uniformly random order; in blocks.

    `starts` is that of the table. A block is (row, one slot, another slot of that row). Memory: 8 bytes a
    row beside the table.
    """
    sizes = np.diff(starts)
    ends = np.cumsum(sizes * (sizes - 1) // 2)
    order = KeyedPermutation(int(ends[-1]) if len(ends) else 0, rng)
    for block in blocks(len(order)):
        numbers = order.many(block.start, block.stop)
        row = ends.searchsorted(numbers, side="right")
        before = np.where(row > 0, ends[row - 1], 0)
        one, two = pair_of(numbers - before)
        yield row, starts[row] + one, starts[row] + two
