"""Sessions as tests of `lm` open them, with short pauses and a seed."""

import random
from collections.abc import Callable
from typing import Any

import lm

Jobs = Callable[[lm.LM, int], list[lm.Job]]


def session(model: lm.LM, journal: lm.Journal, **settings: Any) -> lm.Session:
    """A session whose pauses are short; `settings` say otherwise."""
    quick: dict[str, Any] = {"backoff_seconds": 0.01, "rng": random.Random(1), "grace_seconds": 5.0}
    return lm.Session(model, journal=journal, **quick | settings)
