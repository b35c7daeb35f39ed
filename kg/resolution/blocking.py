"""Which names are worth a fuzzy comparison: near linear in the number of names, not all pairs.

Two names that differ by one edit share a form with one character left out; two that differ by more
vowels and doubled letters share their consonants. Both are hashed to 64 bits and sorted.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from kg.resolution.spelling import scanned, skeleton

LONGEST = 60
"""Characters; of a longer name only the consonants are compared."""
LARGEST_BLOCK = 64
"""Names; in a larger block each is compared with the next 64 only."""


def fuzzy_pairs(forms: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Pairs of rows (i < j, each once, sorted) whose words may be spellings of one another."""
    keys: list[int] = []
    rows: list[int] = []
    for row, words in enumerate(forms):
        text = " ".join(words)
        if len(text) < 5:
            continue
        found = {hash(" ".join(map(skeleton, words))), hash(scanned(text))}
        if len(text) <= LONGEST:
            found.add(hash(text))
            found.update(hash(text[:i] + text[i + 1 :]) for i in range(1, len(text)))
        keys.extend(found)
        rows.extend([row] * len(found))
    if not keys:
        return
    key_column = np.array(keys, dtype=np.int64)
    row_column = np.array(rows, dtype=np.int64)
    order = np.lexsort((row_column, key_column))
    key_column, row_column = key_column[order], row_column[order]
    pairs: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
    for step in range(1, LARGEST_BLOCK + 1):
        together = key_column[step:] == key_column[:-step]
        if not together.any():
            break
        pairs.append(row_column[:-step][together] * len(forms) + row_column[step:][together])
    if pairs:
        for pair in np.unique(np.concatenate(pairs)).tolist():
            yield divmod(pair, len(forms))
