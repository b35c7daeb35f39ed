"""A random order of 0..size-1 that is never written down: a keyed permutation."""

import math

import numpy as np
from numpy.typing import NDArray

_MASK = (1 << 64) - 1
_ROUNDS = 8
SHUFFLED_UP_TO = 4_096  # over few cells a Feistel network favours some orders; a shuffle does not


class KeyedPermutation:
    """A bijection of 0..size-1 onto itself, chosen by `rng`; constant memory, about 5 µs a value.

    A Feistel network over a grid of a x b >= size cells, a and b near the square root: each of eight
    rounds adds a keyed hash of one coordinate to the other, which can be undone, so the whole is a
    bijection of the grid. A value outside 0..size-1 is sent through again until it falls inside
    ("cycle walking"); the grid is at most one row too large, so that is rare. Sizes up to 4,096 are
    shuffled outright, which makes every order equally likely.

    Source: Black and Rogaway 2002, "Ciphers with arbitrary finite domains", doi:10.1007/3-540-45760-7_9.
    """

    def __init__(self, size: int, rng: np.random.Generator) -> None:
        if size < 0:
            raise ValueError(f"the size of a permutation must be 0 or more, not {size!r}")
        self.size = size
        self._a = max(1, math.isqrt(size))
        self._b = max(1, -(-size // self._a))
        self._shuffled = rng.permutation(size) if size <= SHUFFLED_UP_TO else None
        self._keys = [int(key) for key in rng.integers(0, 1 << 64, size=_ROUNDS, dtype=np.uint64)]

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: int) -> int:
        if not 0 <= index < self.size:
            raise IndexError(f"wanted an index from 0 to {self.size - 1}, saw {index!r}")
        if self._shuffled is not None:
            return int(self._shuffled[index])
        while True:
            index = self._once(index)
            if index < self.size:
                return index

    def many(self, start: int, stop: int) -> NDArray[np.int64]:
        """The values of `start` up to `stop`, about 0.3 µs each; for sizes below 2**63."""
        if self._shuffled is not None:
            return np.asarray(self._shuffled[start:stop], dtype=np.int64)
        values = np.arange(start, stop, dtype=np.uint64)
        away = np.ones(len(values), dtype=bool)
        while away.any():
            values[away] = self._all_once(values[away])
            away = values >= self.size
        return values.astype(np.int64)

    def _all_once(self, values: NDArray[np.uint64]) -> NDArray[np.uint64]:
        a, b = np.uint64(self._a), np.uint64(self._b)
        left, right = np.divmod(values, b)
        for i in range(0, _ROUNDS, 2):
            left = (left + _mix_all(right ^ np.uint64(self._keys[i])) % a) % a
            right = (right + _mix_all(left ^ np.uint64(self._keys[i + 1])) % b) % b
        return left * b + right

    def _once(self, index: int) -> int:
        a, b = self._a, self._b
        left, right = divmod(index, b)
        for i in range(0, _ROUNDS, 2):
            left = (left + _mix(right ^ self._keys[i])) % a
            right = (right + _mix(left ^ self._keys[i + 1])) % b
        return left * b + right


def _mix_all(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """`_mix` of each."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _mix(value: int) -> int:
    """The finaliser of splitmix64: 64 bits in, 64 well-stirred bits out."""
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB & _MASK
    return value ^ (value >> 31)
