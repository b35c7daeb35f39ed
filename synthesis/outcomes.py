"""What a run did, in numbers."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from kg.model import Record


@dataclass(slots=True)
class RunReport:
    """What a run did. `planned` = `done` + all `rejected` + `failed` + `reused` + `left`.

    `done` were accepted in this run, `reused` answered by an earlier one; `reused_accepted` of these count
    as texts, the others are rejected. `fewer_checks` of the reused ones lack the verdict of a check that is
    asked for now.
    `stopped` is None where the plan was finished. What a stop left of a plan is counted up to 100,000;
    `counted` is False where there was more.
    """

    run: str
    planned: int = 0
    done: int = 0
    failed: int = 0
    reused: int = 0
    reused_accepted: int = 0
    fewer_checks: int = 0
    left: int = 0
    counted: bool = True
    rejected: Counter[str] = field(default_factory=Counter)
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float | None = 0.0
    stopped: str | None = None
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)
    shown: list[Record] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The keys that `entigraph generate --json` promises."""
        return {
            "run": self.run,
            "planned": self.planned,
            "done": self.done,
            "failed": self.failed,
            "rejected": dict(sorted(self.rejected.items())),
            "reused": self.reused,
            "reused_accepted": self.reused_accepted,
            "fewer_checks": self.fewer_checks,
            "left": self.left,
            "counted": self.counted,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "usd": None if self.usd is None else round(self.usd, 6),
            "stopped": self.stopped,
            "seconds": round(self.seconds, 3),
        }
