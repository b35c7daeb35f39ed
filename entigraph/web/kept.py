"""A value that is dear to make: made once for each key, whoever asks, and kept until the key changes."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The value of the last key. Threads that ask while it is made wait for it; an error is kept from nobody."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._held: tuple[Hashable, T] | None = None

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value for this key, made if the last was for another."""
        held = self._held
        if held is not None and held[0] == key:
            return held[1]
        with self._making:
            held = self._held
            if held is None or held[0] != key:
                held = self._held = (key, make())
            return held[1]

    @property
    def last(self) -> T | None:
        """The value that was made last, None before the first."""
        held = self._held
        return None if held is None else held[1]
