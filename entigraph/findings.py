"""What `entigraph check` finds: of one text, and of all of them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from entigraph.text_rows import Row
from kg.model import Check
from synthesis.checks.claims import Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """What the checks say of one row. `checks` has all outcomes, `claims` those of its claims one by one.

    `supported` is False where a claim is not entailed or a number or name is strange; True where every claim is
    entailed and nothing is strange; None where neither can be said. `reasons` quote the words this rests on.
    `unanswered` counts the questions to a judge that have no answer.
    """

    row: Row
    supported: bool | None
    reasons: tuple[str, ...]
    checks: tuple[Check, ...]
    claims: tuple[Verdict, ...]
    unanswered: int = 0

    def to_json(self) -> dict[str, Any]:
        """The line that `entigraph check --json` prints."""
        return {
            "line": self.row.line,
            **({} if self.row.id is None else {"id": self.row.id}),
            "supported": self.supported,
            "reasons": list(self.reasons),
            "checks": {
                check.name: {"outcome": check.outcome, "reason": check.reason} for check in self.checks
            },
            "claims": [
                {
                    "claim": verdict.claim,
                    "outcome": verdict.outcome,
                    "false": None if verdict.false is None else round(verdict.false, 4),
                    "reason": verdict.reason,
                }
                for verdict in self.claims
            ],
        }


@dataclass(slots=True)
class Tally:
    """How many texts were found what, by `supported`; `failed` counts them by the checks that failed them.

    `by_word` counts claims that were judged by a word alone, without log-probabilities.
    """

    texts: int = 0
    supported: int = 0
    unsupported: int = 0
    undecided: int = 0
    unanswered: int = 0
    by_word: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float | None = 0.0
    stopped: str | None = None
    problem: str = ""

    def add(self, finding: Finding) -> None:
        """Count one more."""
        self.texts += 1
        self.supported += finding.supported is True
        self.unsupported += finding.supported is False
        self.undecided += finding.supported is None
        self.unanswered += finding.unanswered
        self.by_word += sum(verdict.by_word for verdict in finding.claims)
        self.failed.update(check.name for check in finding.checks if check.outcome == "failed")
