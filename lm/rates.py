"""Requests and tokens per minute, spread evenly so that no minute holds more than its share."""


class Rate:
    """A bucket that fills evenly. One second's worth may leave at once, the rest follows at the rate.

    `take` may overdraw the bucket (a request can be larger than a second's worth): the debt delays what
    comes next. `None` per minute never waits.
    """

    def __init__(self, per_minute: float | None, now: float) -> None:
        if per_minute is not None and not per_minute > 0:
            raise ValueError(f"a rate per minute is above 0, not {per_minute!r}; None is no limit")
        self._burst = max(1.0, (per_minute or 0) / 60)
        # so that burst + 60 s of filling is the allowed minute
        self._per_second = max((per_minute or 0) - self._burst, (per_minute or 0) / 2) / 60
        self._limited = per_minute is not None
        self._level = self._burst
        self._at = now

    def wait(self, amount: float, now: float) -> float:
        """Seconds until `amount` may be taken; 0 for now."""
        if not self._limited:
            return 0.0
        self._level = min(self._burst, self._level + (now - self._at) * self._per_second)
        self._at = now
        missing = min(amount, self._burst) - self._level
        return max(0.0, missing / self._per_second) if missing > 1e-9 else 0.0

    def take(self, amount: float) -> None:
        """Use some of it."""
        self._level -= amount

    def give_back(self, amount: float) -> None:
        """Return what was taken and not used (a shorter answer than it could have been)."""
        self._level = min(self._burst, self._level + amount)
