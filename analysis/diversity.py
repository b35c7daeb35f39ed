"""How different texts are from one another: shares of new runs of words, compressibility, effective number.

`distinct` after Li et al. (arXiv 1510.03055); the compression ratio after Shaib et al., "Standardizing the
Measurement of Text Diversity" (arXiv 2403.00553), who find that it tells most of what slower measures tell;
the Vendi score after Friedman and Dieng (arXiv 2210.02410).
"""

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthesis.checks.tokens import words

RUN = 3
MOST = 300


@dataclass(frozen=True, slots=True)
class Diversity:
    """Figures of a set of texts. `lengths` are the words a text: mean, and the 10th and 90th of a hundred.

    `distinct_1` and `distinct_4` are the shares of words, and of runs of four, that are different ones; they
    fall with the amount of text, so compare sets of one size. `compression` is bytes over compressed bytes:
    1 is noise, above 5 is repetition. `vendi` is the effective number of different texts among `sampled`.
    """

    texts: int
    lengths: tuple[float, float, float]
    distinct_1: float
    distinct_4: float
    compression: float
    vendi: float
    sampled: int


def diversity(texts: Sequence[str], *, most: int = MOST, rng: np.random.Generator) -> Diversity:
    """The figures; for the Vendi score at most `most` texts are drawn. All zero for no text."""
    if not texts:
        return Diversity(0, (0.0, 0.0, 0.0), 0.0, 0.0, 0.0, 0.0, 0)
    counted = np.array([len(words(text)) for text in texts], dtype=np.float64)
    low, high = np.percentile(counted, [10, 90])
    some = list(texts)
    if len(texts) > most:
        some = [texts[at] for at in np.sort(rng.choice(len(texts), size=most, replace=False))]
    return Diversity(
        len(texts),
        (float(counted.mean()), float(low), float(high)),
        distinct(texts, 1),
        distinct(texts, 4),
        compression_ratio(texts),
        vendi(some),
        len(some),
    )


def distinct(texts: Iterable[str], n: int) -> float:
    """Different runs of n words over all runs of n words, 0 to 1; 0 where there is none.

    >>> distinct(["the cat sat", "the cat ran"], 2)
    0.75
    """
    seen: set[int] = set()
    total = 0
    for text in texts:
        said = words(text)
        runs = [hash(said[at : at + n]) for at in range(len(said) - n + 1)]
        total += len(runs)
        seen.update(runs)
    return len(seen) / total if total else 0.0


def compression_ratio(texts: Iterable[str]) -> float:
    """Bytes of all texts over their bytes when compressed (zlib, level 9); 0 for no text."""
    packer, size, packed = zlib.compressobj(9), 0, 0
    for text in texts:
        data = text.encode("utf-8", "replace") + b"\n"
        size += len(data)
        packed += len(packer.compress(data))
    return size / (packed + len(packer.flush())) if size else 0.0


def vendi(texts: Sequence[str]) -> float:
    """The effective number of different texts, from 1 (all alike) to their number (nothing shared).

    The exponential of the entropy of the eigenvalues of K / n, where K holds the cosine similarities of the
    counts of words and runs of two. O(n³); raises nothing, 0 for no text.
    """
    if not texts:
        return 0.0
    kernel = cosines([_counts(text) for text in texts])
    values = np.linalg.eigvalsh(kernel / len(texts))
    values = values[values > 1e-12]
    return float(np.exp(-(values * np.log(values)).sum()))


def cosines(counts: Sequence[Counter[tuple[str, ...]]]) -> NDArray[np.float64]:
    """Cosine similarities of all pairs; shape (n, n). One that is empty is like nothing but itself."""
    from scipy.sparse import csr_matrix

    column: dict[tuple[str, ...], int] = defaultdict(lambda: len(column))
    rows = [row for row, found in enumerate(counts) for _ in found]
    columns = [column[run] for found in counts for run in found]
    norms = [math.sqrt(sum(times * times for times in found.values())) for found in counts]
    data = [times / norm for found, norm in zip(counts, norms, strict=True) for times in found.values()]
    made: Any = csr_matrix((data, (rows, columns)), shape=(len(counts), max(1, len(column))))
    kernel: NDArray[np.float64] = (made @ made.T).toarray()
    np.fill_diagonal(kernel, 1.0)
    return kernel


def wordings_apart(groups: Iterable[Sequence[str]]) -> float:
    """How different the texts of one group are, on average: 1 minus the Jaccard agreement of their runs of
    three words, over all pairs within groups, 0 to 1. NaN where no group has two.
    """
    apart = [
        1 - _agreement(_runs(one), _runs(other)) for group in groups for one, other in combinations(group, 2)
    ]
    return sum(apart) / len(apart) if apart else float("nan")


def _counts(text: str) -> Counter[tuple[str, ...]]:
    said = words(text)
    return Counter([*((word,) for word in said), *pairwise(said)])


def _runs(text: str) -> set[tuple[str, ...]]:
    said = words(text)
    return {said[at : at + RUN] for at in range(max(1, len(said) - RUN + 1))}


def _agreement(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
