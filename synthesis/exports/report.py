"""What an export did."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class ExportReport:
    """Files written, texts and tokens in them, texts left out by reason.

    `asked_tokens` is what `--tokens` said. `replay` says what was mixed in: file, sha256, rate, mode, texts,
    tokens, share of the tokens, passes over the file, texts of it that leaked a question. `decontamination`
    says against which questions the texts were held: file, sha256, how many, how many too short to look for.
    """

    files: list[str] = field(default_factory=list)
    texts: int = 0
    tokens: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    asked_tokens: int | None = None
    replay: dict[str, Any] | None = None
    decontamination: dict[str, Any] | None = None
    refused: int = 0

    @property
    def nothing(self) -> str:
        """Why there was nothing to write; empty where there was something."""
        if self.texts or self.files:
            return ""
        if self.refused:
            return (
                f"nothing to export: the first text has {self.refused:,} tokens, more than the "
                f"{self.asked_tokens:,} asked for"
            )
        reasons = ", ".join(f"{n} {why}" for why, n in sorted(self.left_out.items()))
        return f"nothing to export ({reasons or 'no texts yet'}); write texts with 'entigraph generate'"

    @property
    def short(self) -> str:
        """That there are fewer tokens than were asked for; empty where there are enough."""
        if not self.texts or self.refused or self.tokens >= (self.asked_tokens or 0):
            return ""
        return f"{self.asked_tokens:,} tokens were asked for; there are {self.tokens:,}, and all of them are written"

    def to_json(self) -> dict[str, Any]:
        """The keys that `entigraph export --json` promises."""
        return {
            "files": self.files,
            "texts": self.texts,
            "tokens": self.tokens,
            "left_out": dict(sorted(self.left_out.items())),
            "asked_tokens": self.asked_tokens,
            "replay": self.replay,
            "decontamination": self.decontamination,
        }
