"""What became of a number of requests that left one after another: the measure behind `lm.window`."""

import math
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Round:
    """Requests that left through a window of one size, and what came back.

    `most` is how many places were taken at most, `places` adds up how many as each left. `full` counts those
    that took the last place, `at_once` those refused sooner than anything is answered. `seconds` adds up how
    long each was out, `refused_seconds` those of refused ones, `empty_seconds` how long places then stayed
    empty. `work` is what the answers held, in tokens.
    """

    era: int = 0
    look: bool = False
    ended: bool = False
    most: int = 0
    sent: int = 0
    places: int = 0
    full: int = 0
    back: int = 0
    refused: int = 0
    at_once: int = 0
    work: int = 0
    seconds: float = 0.0
    squares: float = 0.0
    refused_seconds: float = 0.0
    empty_seconds: float = 0.0

    def left(self, places: int, size: int) -> None:
        """One leaves and takes the `places`-th place of a window of `size`."""
        self.sent += 1
        self.places += places
        self.full += places >= size
        self.most = max(self.most, places)

    def came_back(self, seconds: float) -> None:
        """One is back, whatever with."""
        self.back += 1
        self.seconds += seconds
        self.squares += seconds * seconds

    def add(self, other: "Round") -> None:
        """Take another round in, as if the two had been one."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.most = max(self.most, other.most)

    @property
    def is_full(self) -> bool:
        """Whether the window was what bounded it, and not a lack of requests."""
        return self.full >= 0.8 * self.sent

    @property
    def size(self) -> float:
        """How many places were taken: the mean, or the most where all left at once."""
        return self.places / self.sent if 2 * self.full > self.sent else self.most

    @property
    def share(self) -> float:
        """Share that was refused, 0 to 1."""
        return self.refused / max(self.sent, 1)

    @property
    def waste(self) -> float:
        """Share of its places, over time, that refused requests took and then kept empty, 0 to 1."""
        wasted = self.refused_seconds + self.empty_seconds
        return wasted / max(self.seconds + self.empty_seconds, 1e-9)

    @property
    def rate(self) -> float:
        """Work that came back in a second, by Little's law: so many at a time, each for so long."""
        return self.size * self.work / max(self.seconds + self.empty_seconds, 1e-9)

    @property
    def spread(self) -> float:
        """How much the seconds differ: standard deviation over mean."""
        mean = self.seconds / self.back
        return math.sqrt(max(0.0, self.squares / self.back - mean * mean)) / max(mean, 1e-9)


_SUMS = (
    *("sent", "places", "full", "back", "refused", "at_once", "work"),
    *("seconds", "squares", "refused_seconds", "empty_seconds"),
)
