"""What commands say: data to stdout, talk to stderr, progress while they work. The only place that prints."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Any, Self


def data(value: Any) -> None:
    """One JSON object on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def lines(values: Iterable[Any]) -> None:
    """JSON lines on stdout, as they come."""
    for value in values:
        data(value)


def out(text: str) -> None:
    """Text for people on stdout: the answer to what they asked."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def talk(text: str) -> None:
    """A line on stderr."""
    _to_stderr(text + "\n")


def _to_stderr(text: str) -> None:
    """Written where somebody reads it: work does not end because its talk has no reader any more."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def table(
    rows: Sequence[Sequence[object]], heads: Sequence[str], *, say: Callable[[str], None] = out
) -> None:
    """A plain table, on stdout unless told: numbers to the right, columns as wide as they need to be."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(_width(row[i]) for row in [list(heads), *cells]) for i in range(len(heads))]
    right = [all(isinstance(row[i], int | float) for row in rows) and bool(rows) for i in range(len(heads))]
    for row in [list(heads), *cells]:
        parts = [
            " " * (width - _width(cell)) + cell if end else cell + " " * (width - _width(cell))
            for cell, width, end in zip(row, widths, right, strict=True)
        ]
        say("  ".join(parts).rstrip())


def _width(text: str) -> int:
    """Columns on a screen: wide East Asian characters take two."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


class Progress:
    """One line that is kept up to date on a terminal; elsewhere a line every `every` seconds."""

    def __init__(self, *, every: float = 15.0, quiet: bool = False) -> None:
        self.every = every
        self.quiet = quiet
        self.started = time.monotonic()
        self._live = sys.stderr.isatty()
        self._said = self.started
        self._shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def say(self, text: str) -> None:
        """What is going on now."""
        now = time.monotonic()
        if self.quiet:
            return
        if self._live:
            if self._shown and now - self._said < 0.1:
                return
            line = text[: _columns() - 1]
            _to_stderr("\r" + line + " " * max(0, len(self._shown) - len(line)))
            self._shown = line
        elif now - self._said >= self.every:
            talk(text)
        else:
            return
        self._said = now

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            _to_stderr("\r" + " " * len(self._shown) + "\r")
            self._shown = ""

    def note(self, text: str) -> None:
        """A line that stays."""
        self.clear()
        if not self.quiet:
            talk(text)


def _columns() -> int:
    from shutil import get_terminal_size

    return get_terminal_size((100, 24)).columns


def duration(seconds: float) -> str:
    """Seconds in the words of a watch.

    >>> duration(75)
    '1 min 15 s'
    """
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"
