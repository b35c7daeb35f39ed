"""A coverage curve of the paper's process, what asks for one, and what comes out."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.coverage import Progress, Stop


@dataclass(frozen=True, slots=True)
class RandomGraph:
    """The paper's random graph before one is drawn: V vertices, each with `mean_degree` relations on average."""

    vertices: int
    mean_degree: float


@dataclass(frozen=True, slots=True)
class CoverageCurve:
    """Coverage of ordered pairs, 0 to 1, after each number of draws `t`, and how it was found.

    `reachable_pairs` / (V (V - 1)) is the ceiling. `sources` is how many breadth-first searches it
    rests on. `se` is the standard error of `coverage` (sampled sources, or replicates; None where one
    alone cannot tell); `sd` the standard deviation of one run, only where asked. `histogram` holds
    (rate, count) pairs: count links are taught by rate draws in V (V - 1); empty where no search tells.
    `times` is how often a pair must be met. `stopped` says that the work was ended before it was done.
    """

    vertices: int
    edges: int
    reachable_pairs: float
    sources: int
    tie_rule: str
    method: str
    histogram: tuple[tuple[float, float], ...]
    t: tuple[float, ...]
    coverage: tuple[float, ...]
    se: tuple[float | None, ...]
    sd: tuple[float | None, ...] | None = None
    link_rule: str = "star"
    times: int = 1
    replicates: int = 0
    stopped: bool = False

    @property
    def ceiling(self) -> float:
        """Share of the ordered pairs that can ever be known, 0 to 1."""
        pairs = self.vertices * (self.vertices - 1)
        return min(1.0, self.reachable_pairs / pairs) if pairs else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The keys `simulate --json` promises; whole numbers as integers; `sd` only where asked."""
        found: dict[str, Any] = {
            "vertices": self.vertices,
            "edges": self.edges,
            "reachable_pairs": _whole(self.reachable_pairs),
            "sources": self.sources,
            "tie_rule": self.tie_rule,
            "method": self.method,
            "histogram": [[_whole(rate), _whole(count)] for rate, count in self.histogram],
            "t": [_whole(t) for t in self.t],
            "coverage": list(self.coverage),
            "se": list(self.se),
            "link_rule": self.link_rule,
            "times": self.times,
            "replicates": self.replicates,
            "stopped": self.stopped,
        }
        if self.sd is not None:
            found["sd"] = list(self.sd)
        return found


@dataclass(frozen=True, slots=True)
class Settings:
    """What a method may need; see `simulate`."""

    t: tuple[float, ...]
    tie_rule: str = "fifo"
    link_rule: str = "star"
    times: int = 1
    sources: int | None = None
    replicates: int = 20
    rng: np.random.Generator | None = None
    sd: bool = False
    threads: int = 1
    progress: Progress | None = None
    stop: Stop | None = None

    def drawn(self, what: str) -> np.random.Generator:
        """The random generator. Raises ValueError where none was given."""
        if self.rng is None:
            raise ValueError(f"{what} needs a random generator: pass rng=np.random.default_rng(seed)")
        return self.rng


def _whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value
