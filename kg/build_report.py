"""What a build says: how far it is, and in the end what it did."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from kg.sources import Skipped


@dataclass(slots=True)
class BuildReport:
    """What a build did, and what the corpus holds after it.

    `documents`, `chunks`, `entities`, `mentions` and `relations` count the corpus as it is now; the
    others count this build. Of a dry run, `documents` and `chunks` count what would be read, and
    `tokens_in` estimates its text. `usd` is None where a price is not known. `stopped` is None for a
    build that came to its end, else "interrupt" or what stopped the model.
    """

    corpus: str = ""
    documents: int = 0
    chunks: int = 0
    entities: int = 0
    mentions: int = 0
    relations: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float | None = 0.0
    stopped: str | None = None
    seconds: float = 0.0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    dry_run: bool = False
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON data."""
        return {**asdict(self), "seconds": round(self.seconds, 3)}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is. `total` is None where it cannot be known beforehand (rows of a table)."""

    documents: int
    total: int | None
    mentions: int
    skipped: int
    source: str


OnProgress = Callable[[Progress], None]
