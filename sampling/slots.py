"""Words and features that a text has to use: seeded diversity, without a graph.

Each item asks for k words of every class and a random subset of features, so that no two requests are
the same. Sources: Eldan and Li 2023 (TinyStories), arXiv 2305.07759, who draw a noun, a verb and an
adjective that young children know, and features such as a plot twist; Gunasekar et al. 2023 (phi-1), arXiv
2306.11644. They draw with replacement; here no combination comes twice. The words are our own.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from kg.encodings import clean, read_text
from kg.graph import Graph
from kg.model import Subgraph
from kg.suggest import unknown
from sampling.combinations import unrank
from sampling.items import blocks
from sampling.permutation import KeyedPermutation

Language = Literal["en", "zh"]
FEATURE = "feature"
LARGE = 1 << 62


@dataclass(frozen=True, slots=True)
class SlotSampler:
    """Every combination of k words of each class and of features at most once, in random order.

    An item has no entities; its `slots` are pairs (class, word) and ("feature", name), sorted. `words` is a
    JSON file {"noun": [...], "verb": [...], ...}; without it our own list in `language` is taken. `features`
    stand in place of those that the list has under "feature"; each is in with probability `chance`.

    At a chance of 1/2 all subsets of features are alike, and the order is one of all combinations of words
    and features. At any other chance every combination of words comes once, with features drawn for it.
    The order is never written down: constant memory. Of 2**63 combinations or more, 2**62 come.
    """

    words: str | None = None
    k: int = 1
    features: tuple[str, ...] | None = None
    chance: float = 0.5
    language: Language = "en"
    name = "slots"
    when_empty = "there is no combination of words: give lists of words with 'words=FILE'"
    endless = False

    def __post_init__(self) -> None:
        if isinstance(self.chance, bool) or not 0 <= self.chance <= 1:
            raise ValueError(f"the chance of a feature must be from 0 to 1, not {self.chance!r}")
        if self.words is None and self.language not in get_args(Language):
            known = unknown("word list in the language", self.language, get_args(Language))
            raise ValueError(f"{known}. Give your own with 'words=FILE'")
        if isinstance(self.features, str):
            raise ValueError(f"features must be a tuple of names, not the text {self.features!r}")
        _ = self.size  # a wrong list of words is to be known now

    @property
    def size(self) -> int:
        """How many combinations there are; of 2**63 or more, 2**62 come."""
        words, features = self._lists()
        return slot_space_size(words, self.k, features=features if self.chance == 0.5 else ())

    def sample(self, graph: Graph, rng: np.random.Generator) -> Iterator[Subgraph]:
        """Subgraphs that have slots and nothing else; the graph is not looked at."""
        words, features = self._lists()
        alike = self.chance == 0.5
        for number in _numbers(slot_space_size(words, self.k, features=features if alike else ()), rng):
            slots: list[tuple[str, str]] = []
            for kind, known in words.items():
                number, rank = divmod(number, math.comb(len(known), self.k))
                slots += [(kind, known[place]) for place in unrank(rank, self.k)]
            if alike:
                taken = [bool(number >> place & 1) for place in range(len(features))]
            else:
                taken = (rng.random(len(features)) < self.chance).tolist()
            slots += [(FEATURE, name) for name, one in zip(features, taken, strict=True) if one]
            yield Subgraph.make((), slots=tuple(slots))

    def _lists(self) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
        """The words by class, and the features. Raises ValueError."""
        if self.words is None:
            file = resources.files("sampling").joinpath(f"words/{self.language}.json")
            words = _parsed(file.read_text("utf-8"), file.name)
        else:
            words = _parsed(read_text(Path(self.words), "the list of words"), self.words)
        features = words.pop(FEATURE, ())
        if self.features is not None:
            features = _checked(self.features, FEATURE)
        return words, features


def slot_space_size(words: Mapping[str, Sequence[str]], k: int = 1, *, features: Sequence[str] = ()) -> int:
    """How many combinations of k words of each class and any subset of the features there are.

    Raises ValueError where k is below 1, or a class has fewer than k words.

    >>> slot_space_size({"noun": ["cat", "dog", "hen"], "verb": ["run", "hop"]}, 2, features=["dialogue"])
    6
    """
    if isinstance(k, bool) or not isinstance(k, int) or k < 1:
        raise ValueError(f"k, the words of each class, must be a whole number of 1 or more, not {k!r}")
    if not words:
        raise ValueError("there is no class of words: name one and its words, e.g. {'noun': ['cat', 'dog']}")
    for kind, known in words.items():
        if len(known) < k:
            raise ValueError(
                f"k={k} words of the class {kind!r} are wanted, but it has {len(known)}. Add words"
            )
    return math.prod(math.comb(len(known), k) for known in words.values()) << len(features)


def collision_probability(m: int, size: int) -> float:
    """Probability that m combinations drawn with replacement from `size` alike ones are not all different.

        1 - exp(-m² / (2 size))

    The approximation of the birthday problem, good where m is far below `size`. `SlotSampler` never
    repeats a combination; this says what drawing afresh each time would risk.

    >>> round(collision_probability(10_000, 196_608_000), 3)
    0.225
    """
    if m < 0 or size < 1:
        raise ValueError(f"wanted 0 or more draws from 1 or more combinations, saw {m!r} from {size!r}")
    return -math.expm1(-m * m / (2 * size))


def _numbers(size: int, rng: np.random.Generator) -> Iterator[int]:
    """0..size-1 in random order; of a size of 2**63 or more, 2**62 different ones."""
    low = size if size < 2 * LARGE else LARGE
    order = KeyedPermutation(low, rng)
    for block in blocks(low):
        for number in order.many(block.start, block.stop).tolist():
            yield number if low == size else number + low * _below(size // low, rng)


def _below(size: int, rng: np.random.Generator) -> int:
    """A number of 0..size-1, all alike to within 2**-64."""
    return int.from_bytes(rng.bytes(size.bit_length() // 8 + 9), "little") % size


def _parsed(text: str, source: str) -> dict[str, tuple[str, ...]]:
    """The words of a JSON file by class. Raises ValueError."""
    wanted = 'Wanted {"noun": ["cat", "dog"], "verb": [...], ...}'
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(
            f"cannot read the list of words {source!r}: it is not JSON ({str(error)[:120]}). {wanted}"
        ) from None
    if not isinstance(found, dict):
        raise ValueError(f"cannot read the list of words {source!r}: it holds no classes of words. {wanted}")
    try:
        return {kind: _checked(words, kind) for kind, words in found.items()}
    except ValueError as error:
        raise ValueError(f"cannot read the list of words {source!r}: {error}") from None


def _checked(words: object, kind: str) -> tuple[str, ...]:
    """The words of a class without white space around them. Raises ValueError."""
    if not isinstance(words, list | tuple):
        raise ValueError(f"the class {kind!r} must be a list of words, not {str(words)[:60]!r}")
    for word in words:
        if not isinstance(word, str) or not word.strip():
            raise ValueError(f"the class {kind!r} has {word!r} where a word is wanted")
    times = Counter(clean(word).strip() for word in words)
    repeated = [word for word, count in times.items() if count > 1]
    if repeated:
        raise ValueError(f"the class {kind!r} has the word {repeated[0]!r} twice. Leave one out")
    return tuple(times)
