"""What is in a file, counted while it is written: languages, kinds, runs, strategies, models."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from lm.pins import pinned
from synthesis.exports.lines import Line

UNKNOWN = "unknown"


@dataclass(slots=True)
class Tally:
    """Texts by what they are and by what made them. Replayed ones are counted under `replayed` alone."""

    texts: int = 0
    tokens: int = 0
    replayed: int = 0
    replayed_tokens: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    runs: Counter[str] = field(default_factory=Counter)
    strategies: Counter[tuple[str, str]] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    example: Line | None = None

    def add(self, line: Line, tokens: int) -> None:
        """One more line of the file."""
        self.texts += 1
        self.tokens += tokens
        if line.kind == "replay":
            self.replayed += 1
            self.replayed_tokens += tokens
            return
        self.example = self.example or line
        self.languages[line.language] += 1
        self.kinds[line.kind] += 1
        made = line.provenance
        if "strategy" in made:
            self.runs[made["run"]] += 1
            self.strategies[made["strategy"], made["version"]] += 1
            self.models[model_name(made["model"])] += 1

    def to_json(self) -> dict[str, Any]:
        """For a manifest; names in alphabetical order."""
        return {
            "texts": self.texts,
            "tokens": self.tokens,
            "languages": dict(sorted(self.languages.items())),
            "kinds": dict(sorted(self.kinds.items())),
            "runs": dict(sorted(self.runs.items())),
            "strategies": [
                {"strategy": name, "version": version, "texts": texts}
                for (name, version), texts in sorted(self.strategies.items())
            ],
            "models": [
                {"model": name, "licence": licence_of(name), "texts": texts}
                for name, texts in sorted(self.models.items())
            ],
        }


def model_name(model: str) -> str:
    """A model as one tells strangers: without the address of the server it was asked on.

    >>> model_name("http://10.0.0.7:8000/v1#qwen"), model_name("local:smollm2-135m")
    ('qwen', 'local:smollm2-135m')
    """
    return model.rpartition("#")[2] or UNKNOWN if "://" in model else model


def licence_of(model: str) -> str:
    """The licence of a pinned local model, else "unknown": what a server runs under a name, nobody has checked.

    >>> licence_of("local:smollm2-135m"), licence_of("gpt-unheard-of")
    ('Apache-2.0', 'unknown')
    """
    known = {f"local:{pin.name}": pin.licence for pin in pinned()}
    return known.get(model, UNKNOWN)
