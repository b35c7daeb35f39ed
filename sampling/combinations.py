"""All k entities of one document, over every document, in a random order that is never written down.

What the paper does (Yang et al. 2024, arXiv 2409.07431, section 2): a text about every pair, and about
triples, of the entities of a document. There the triples are shuffled in memory; C(5000, 3) is 2e10.
"""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from math import comb, factorial, isqrt

import numpy as np
from numpy.typing import NDArray

from kg.graph import Graph, Ragged
from kg.model import Subgraph
from sampling.items import Items
from sampling.permutation import KeyedPermutation


def document_subsets(graph: Graph, k: int, rng: np.random.Generator) -> Iterator[Subgraph]:
    """Every k entities of one document, once for each document that names them all.

    All items of all documents are in one uniformly random order, so a document has its share of any
    prefix. Relations are those among the k that this document states; `documents` is that one.
    """
    items = Items(graph)
    members = _entities_by_document(graph)
    ends = list(accumulate(comb(int(size), k) for size in members.lengths))
    order = KeyedPermutation(ends[-1] if ends else 0, rng)
    for i in range(len(order)):
        number = order[i]
        document = bisect_right(ends, number)
        rank = number - (ends[document - 1] if document else 0)
        entities = members[document]
        yield items.make_in_document([int(entities[place]) for place in unrank(rank, k)], document)


def unrank(rank: int, k: int) -> tuple[int, ...]:
    """The `rank`-th k-subset of 0, 1, 2, ..., ascending, in the order of its largest member first.

    The combinatorial number system: rank = C(c_k, k) + ... + C(c_1, 1). Exact for any size.

    >>> [unrank(rank, 2) for rank in range(4)]
    [(0, 1), (0, 2), (1, 2), (0, 3)]
    """
    places = []
    for size in range(k, 0, -1):
        place = _largest(rank, size)
        places.append(place)
        rank -= comb(place, size)
    return tuple(reversed(places))


def pair_of(ranks: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """`unrank(rank, 2)` of each rank below 2**62: the lower and the upper place."""
    upper = ((1 + np.sqrt(1 + 8 * ranks.astype(np.float64))) / 2).astype(np.int64)
    upper -= upper * (upper - 1) // 2 > ranks
    upper += (upper + 1) * upper // 2 <= ranks
    return ranks - upper * (upper - 1) // 2, upper


def _largest(rank: int, k: int) -> int:
    """The largest c with C(c, k) <= rank."""
    if k == 1:
        return rank
    if k == 2:
        return (1 + isqrt(1 + 8 * rank)) // 2
    place = max(k - 1, int((rank * factorial(k)) ** (1 / k)) + k - 2)
    while comb(place, k) > rank:
        place -= 1
    while comb(place + 1, k) <= rank:
        place += 1
    return place


def _entities_by_document(graph: Graph) -> Ragged:
    of_entity = graph.entity_documents
    entities = np.repeat(np.arange(len(graph)), of_entity.lengths)
    return Ragged.group(of_entity.values, entities, len(graph.document_ids))
