"""The fewest items that cover things often enough: a greedy choice, and how few any choice needs.

Set cover with items of up to three things. A greedy choice by gain stays within 1 + 1/2 + 1/3 of the
optimum (Chvátal 1979, doi:10.1287/moor.4.3.233). Gains are 3, 2 or 1, so a bucket queue is three passes
over the items: first those that cover three things still wanted, then two, then one. What decides is the
order within a pass: items of things that few items cover come first.
"""

import numpy as np
from numpy.typing import NDArray

from kg.compiling import kernels
from kg.ragged import Ragged
from sampling.items import Rows, spread

Units = NDArray[np.int32]
SHARP, RATE, SLOWING = 40.0, 0.1, 50.0  # of the search for prices: found by trying, on random graphs


def rarity_order(units: Units, sizes: NDArray[np.int8], things: int, rng: np.random.Generator) -> Rows:
    """Items in the order in which a cover should look at them: the smaller first, then those of rare things.

    `units[i]` are the things item i covers, -1 for none, `sizes[i]` how large it is. A thing in f items
    counts 1 / f; what is alike comes in random order.
    """
    known = units >= 0
    often = np.bincount(units[known], minlength=things)
    worth = np.append(1.0 / np.maximum(often, 1), 0.0)
    score = np.zeros(len(units))
    for place in range(units.shape[1]):
        score += worth[units[:, place]]
    shuffled = rng.permutation(len(units))
    score -= 4.0 * sizes  # no item's worth is above 3
    return np.asarray(shuffled[np.argsort(-score[shuffled], kind="stable")], dtype=np.int64)


def greedy_cover(units: Units, order: Rows, need: Rows) -> Rows:
    """Items that cover each thing `need` times, or as often as there are items for it; each at most once.

    Those that gain most come first, among these by `order`. Compiled where numba is installed, with the
    same result without.
    """
    compiled, _ = kernels("sampling.kernels")
    if compiled is not None:
        picked: Rows = compiled.cover(units, order, need.copy(), np.zeros(len(units), dtype=np.bool_))
        return picked
    return _by_rounds(units, order, need)


def _by_rounds(units: Units, order: Rows, need: Rows) -> Rows:
    """The same in numpy: of the items that gain enough, those are taken that come first for all their things.

    No item before them shares a thing that is still wanted, so nothing that is decided later can change
    that; the rest are looked at again. In a pass that ends with the order in which one by one takes them.
    """
    table = units[order].astype(np.int64)
    left = np.append(need, 0)  # that of -1
    alive = np.arange(len(table))
    taken = [np.empty(0, dtype=np.int64)]
    for level in range(units.shape[1], 0, -1):
        rows, passed = alive, []
        first = np.empty(len(left), dtype=np.int64)
        while len(rows):
            wanted = left[table[rows]] > 0
            rows, wanted = rows[enough := wanted.sum(axis=1) >= level], wanted[enough]
            of, place = np.nonzero(wanted)
            things = table[rows[of], place]
            first[things[::-1]] = of[::-1]  # the last one written is the first that has it
            leads = np.ones(len(rows), dtype=bool)
            leads[of[first[things] != of]] = False
            np.subtract.at(left, table[rows[leads]], 1)
            left[-1] = 0
            passed.append(rows[leads])
            rows = rows[~leads]
        found = np.sort(np.concatenate([np.empty(0, dtype=np.int64), *passed]))
        taken.append(found)
        keep = np.ones(len(table), dtype=bool)
        keep[np.concatenate(taken)] = False
        alive = np.flatnonzero(keep)
    return np.asarray(order[np.concatenate(taken)], dtype=np.int64)


def fewest(units: Units, need: Rows, steps: int = 300) -> float:
    """How many items at least any choice takes that covers each thing `need` times.

    By linear programming duality: prices of the things such that no item holds more than 1 in all give
    such a bound, the sum of price times need, even where an item may be taken again. Prices rise where
    every item has room left and fall where one is over full; each try is made valid by dividing by the
    fullest item, and the best counts. Within 1 % of the exact optimum of the linear program on graphs
    where that can be computed. Things that no item covers are left out.
    """
    of_item, place = np.nonzero(units >= 0)
    if not len(of_item):
        return 0.0
    things = units[of_item, place]
    count = int(things.max()) + 1
    by_thing = Ragged.group(things, of_item, count)
    present = np.flatnonzero((by_thing.lengths > 0) & (need[:count] > 0))
    if not len(present):
        return 0.0
    open_ = np.zeros(count + 1)
    open_[present] = 1.0
    lengths = by_thing.lengths[present]
    _, slots = spread(by_thing, present)
    holders, firsts = by_thing.values[slots], np.cumsum(lengths) - lengths
    padded = np.where((units >= 0) & (open_[units] > 0), units, count)
    wanted, log_price, best = need[present].astype(np.float64), np.full(len(present), -1.1), 0.0
    price = np.zeros(count + 1)
    for step in range(steps):
        price[present] = np.exp(log_price)
        held = price[padded].sum(axis=1)[holders]
        fullest = np.maximum.reduceat(held, firsts)
        best = max(best, float(wanted @ (price[present] / np.maximum(fullest, 1e-12))))
        crowded = np.add.reduceat(np.exp(np.clip(SHARP * (held - 1.0), -50.0, 50.0)), firsts)
        log_price += np.clip(RATE / (1 + step / SLOWING) * (1 - crowded), -0.5, 0.5)
    return best
