"""Putting a graph together from columns of numbers, whichever store they were read from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.graph import Ids, Ints, Offsets, Ragged

Numbers = NDArray[Any]


def _halves(ids: Ids) -> NDArray[np.uint64]:
    """Each id as two integers, which numpy sorts and finds ten times faster than bytes."""
    return ids.view(">u8").reshape(-1, 2).astype(np.uint64)


def find(wanted: Ids, known: Ids) -> Offsets:
    """Where each wanted id is among the known ones (in any order, each once); -1 for one that is not."""
    if not len(known):
        return np.full(len(wanted), -1, np.int64)
    order = order_of(known)
    halves, ends = _halves(known)[order], _halves(wanted)
    place = np.minimum(np.searchsorted(halves[:, 0], ends[:, 0]), len(known) - 1)
    if (halves[1:, 0] == halves[:-1, 0]).any():
        place = np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)
    return np.where((halves[place] == ends).all(axis=1), order[place], -1)


def order_of(ids: Ids) -> Offsets:
    """The order that sorts ids; of equal ones the first stays first."""
    halves = _halves(ids)
    order = np.argsort(halves[:, 0], kind="stable")
    first = halves[order, 0]
    if (first[1:] == first[:-1]).any():
        order = np.lexsort((halves[:, 1], halves[:, 0]))
    return order


def sorted_terms(texts: Sequence[str], codes: Numbers) -> tuple[tuple[str, ...], Ints]:
    """The terms, sorted, and each row's code into them; `codes` are those into `texts`, each in use."""
    order = sorted(range(len(texts)), key=texts.__getitem__)
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order))
    return tuple(texts[i] for i in order), place[codes]


def supported(
    pairs: Numbers, labels: Numbers, spoken_pairs: Numbers, spoken_labels: Numbers
) -> tuple[Numbers, Numbers]:
    """Which evidence states which relation: (relation, evidence), by place.

    A pair is source * n + target by the places of entities; both kinds of label are of one coding.
    """
    if not len(spoken_pairs) or not len(pairs):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    # One number for (source, label, target): the pair counted off first, so that it cannot overflow.
    _, codes = np.unique(np.concatenate([pairs, spoken_pairs]), return_inverse=True)
    every_label = np.concatenate([labels, spoken_labels])
    keys = codes * (int(every_label.max()) + 1) + every_label
    own, wanted = keys[: len(pairs)], keys[len(pairs) :]
    order = np.argsort(own, kind="stable")
    found = np.minimum(np.searchsorted(own[order], wanted), len(own) - 1)
    hit = np.flatnonzero(own[order[found]] == wanted)
    return order[found[hit]], hit


def membership(rows: Numbers, documents: Numbers, n: int, d: int) -> Ragged:
    """Documents by row, each once, ascending; -1 on either side means none."""
    known = (rows >= 0) & (documents >= 0)
    keys = np.unique(rows[known] * max(d, 1) + documents[known])
    return Ragged.group(keys // max(d, 1), keys % max(d, 1), n)
