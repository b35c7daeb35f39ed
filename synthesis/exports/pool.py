"""Every text that may be exported, looked at once: what stays in memory is its id and its size, not its words."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from synthesis.exports.chance import drawn
from synthesis.exports.lines import Line, Origin
from synthesis.exports.mixing import Pick
from synthesis.leakage import Leakage

DUPLICATE = "exact_duplicate"
LEAKS = "leaks_question"
EMPTY = "empty"


class Pool:
    """Rows in the order of the corpus: id, tokens, whether it is a question, a mark of the words. 33 bytes each."""

    def __init__(self) -> None:
        self._ids = bytearray()
        self._marks = array("Q")
        self._tokens = array("Q")
        self._asks = bytearray()

    def __len__(self) -> int:
        return len(self._tokens)

    def add(self, line: Line, tokens: int) -> None:
        """One more row."""
        self._ids += bytes.fromhex(line.id)
        self._marks.append(_mark(line))
        self._tokens.append(tokens)
        self._asks.append(line.kind == "qa")

    def id(self, row: int) -> str:
        """32 hex digits."""
        return self._ids[16 * row : 16 * row + 16].hex()

    def holds(self, row: int, line: Line) -> bool:
        """Whether this is still the text that was looked at."""
        return self._marks[row] == _mark(line)

    def order(self, seed: int | None) -> NDArray[np.int64]:
        """The rows, shuffled by id and seed; without a seed as they came."""
        if seed is None:
            return np.arange(len(self))
        keys = (drawn("shuffle", seed, self.id(row)) for row in range(len(self)))
        return np.fromiter(keys, np.uint64, len(self)).argsort(kind="stable")

    def picks(self, order: NDArray[np.int64], *, questions: bool | None = None) -> Iterator[Pick]:
        """The rows in that order; only questions, or only all else, where that is asked for."""
        for row in map(int, order):
            if questions is None or questions == bool(self._asks[row]):
                yield Pick(row, self._tokens[row])


def surveyed(
    origin: Origin,
    trained: Callable[[Line], tuple[str, ...]],
    count: Callable[[str], int],
    left_out: Counter[str],
    *,
    duplicates: bool = False,
    leakage: Leakage | None = None,
    on_text: Callable[[int], None] | None = None,
) -> Pool:
    """All texts but the empty ones, those that leak a question and, unless `duplicates`, repetitions.

    `trained` are the words that a model learns from in the format. A repetition has the same as an earlier
    text but for white space; the one whose id comes first stays, whatever the seed. What is left out is
    counted by reason. `on_text` hears how many were looked at.
    """
    pool, seen = Pool(), set[bytes]()
    for number, line in enumerate(origin.all(left_out), 1):
        if on_text:
            on_text(number)
        if not line.text.strip():
            left_out[EMPTY] += 1
            continue
        parts = trained(line)
        words = "\0".join(" ".join(part.split()) for part in parts)
        digest = blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if digest in seen:
            left_out[DUPLICATE] += 1
        elif leakage and leakage.found(f"{line.title}\n\n{line.text}"):
            left_out[LEAKS] += 1
        else:
            if not duplicates:
                seen.add(digest)
            pool.add(line, sum(map(count, parts)))
    return pool


def _mark(line: Line) -> int:
    words = f"{line.title}\0{line.text}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(words, digest_size=8).digest(), "little")
