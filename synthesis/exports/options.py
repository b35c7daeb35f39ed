"""What an export is asked for, checked before any work."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from kg.suggest import unknown
from synthesis.exports.formats import FORMATS, Format
from synthesis.exports.mixing import Mix
from synthesis.exports.replay import MODES, RATE

DUPLICATES = ("drop", "keep")
SHARD_TOKENS = 100_000_000
MOST_SHARDS = 100_000


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Everything but the place that decides what is written. `export` says what each means."""

    format: str = "cpt"
    source: bool = False
    shuffle: bool = True
    seed: int = 0
    tokens: int | None = None
    replay: Path | None = None
    replay_rate: float = RATE
    replay_mode: str = "paper"
    mix: Mix | None = None
    shards: int | None = None
    shard_tokens: int | None = None
    decontaminate: Path | None = None
    exact_duplicates: str = "drop"

    def checked(self) -> Self:
        """The same. Raises ValueError for what cannot be."""
        for kind, name, known in (
            ("format", self.format, FORMATS),
            ("replay mode", self.replay_mode, MODES),
            ("way with exact duplicates", self.exact_duplicates, DUPLICATES),
        ):
            if name not in known:
                raise ValueError(unknown(kind, name, known))
        for name in ("tokens", "shards", "shard_tokens"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name.replace('_', '-')} must be 1 or more, seen {value}")
        if self.shards is not None and self.shard_tokens is not None:
            raise ValueError("shards and shard-tokens both say how to part the file; give one of them")
        if (self.shards or 0) > MOST_SHARDS:
            raise ValueError(
                f"at most {MOST_SHARDS:,} shards have names of five digits, seen {self.shards:,}"
            )
        if self.replay is not None:
            self._check_replay()
        return self

    def _check_replay(self) -> None:
        most = "below 1" if self.replay_mode == "additive" else "at most 1"
        if not 0 <= self.replay_rate <= 1 or (self.replay_rate == 1 and self.replay_mode == "additive"):
            raise ValueError(
                f"the replay rate is a share, 0 or more and {most} ({self.replay_mode}), seen {self.replay_rate}"
            )
        if not self.writer.plain:
            plain = ", ".join(name for name, format in FORMATS.items() if format.plain)
            raise ValueError(
                f"a replay file holds plain text, for which {self.format} has no place; use {plain}, "
                "or mix the files where you train"
            )

    @property
    def writer(self) -> Format:
        """The format itself."""
        return FORMATS[self.format]

    def to_json(self) -> dict[str, Any]:
        """For a manifest: files by name alone, so that the place where it was made does not matter."""
        return {
            "format": self.format,
            "source": self.source,
            "shuffle": self.shuffle,
            "seed": self.seed,
            "tokens": self.tokens,
            "replay": self.replay.name if self.replay else None,
            "replay_rate": self.replay_rate if self.replay else None,
            "replay_mode": self.replay_mode if self.replay else None,
            "mix": {"qa": self.mix.qa, "docs": self.mix.docs} if self.mix else None,
            "shards": self.shards,
            "shard_tokens": self.shard_tokens,
            "decontaminate": self.decontaminate.name if self.decontaminate else None,
            "exact_duplicates": self.exact_duplicates,
        }
