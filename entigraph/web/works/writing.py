"""What a run is writing at this moment: answers of which a part is there, or that are being checked."""

import threading
import time
from dataclasses import dataclass, field

from kg.model import Record
from lm.jobs import Piece
from synthesis.underway import Place

MOST_LETTERS = 20_000
"""Of an answer that goes on and on, no more is shown while it is written."""
MOST_PARTS = 12


@dataclass(slots=True)
class Part:
    """What came of one answer so far. `whole_at` is when its end was reached, None before."""

    title: str
    pieces: list[str] = field(default_factory=list)
    letters: int = 0
    whole_at: float | None = None

    @property
    def text(self) -> str:
        """All of it, to its bound. Halves of a character that came in two pieces are put together."""
        return "".join(self.pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Writing:
    """The answers of one run that are under way, by call. Told in one thread, read in others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: dict[str, Part] = {}

    def hear(self, piece: Piece) -> None:
        """A piece came; or all is there, or what came is lost."""
        call = piece.call
        with self._lock:
            if piece.state == "lost":
                self._parts.pop(call, None)
                return
            part = self._parts.get(call)
            if part is None:
                part = self._parts[call] = Part(_title(piece.job.tag))
            if piece.state == "whole":
                part.whole_at = time.monotonic()
            elif part.letters < MOST_LETTERS:
                part.pieces.append(piece.text[: MOST_LETTERS - part.letters])
                part.letters += len(piece.text)

    def came(self, record: Record) -> None:
        """A text was checked: neither it nor an answer that was whole before it is under way any more."""
        with self._lock:
            known = self._parts.get(record.call)
            if known is None or known.whole_at is None:
                return
            until = known.whole_at
            for call in [one for one, part in self._parts.items() if (part.whole_at or until + 1) <= until]:
                del self._parts[call]

    def end(self) -> None:
        """Nothing is under way any more."""
        with self._lock:
            self._parts.clear()

    def parts(self) -> list[tuple[str, Part]]:
        """Call and part of the answers under way, those that began first, first; of very many, those being written."""
        with self._lock:
            found = list(self._parts.items())
        if len(found) > MOST_PARTS:
            found.sort(key=lambda one: one[1].whole_at is not None)
        return found[:MOST_PARTS]


def _title(tag: object) -> str:
    assert isinstance(tag, Place)
    return tag.underway.title
