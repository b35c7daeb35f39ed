"""Hearing a model while it writes: of a few requests at a time, for more than nobody could follow."""

from functools import partial

from lm.base import TokenCallback
from lm.jobs import Item, OnPiece, Piece

MOST_HEARD = 8


class Hearing:
    """Passes on what the model writes, attempt by attempt; runs in the loop's thread, as `on_piece` does."""

    def __init__(self, on_piece: OnPiece | None) -> None:
        self._on_piece = on_piece
        self._heard: set[Item] = set()

    def begin(self, item: Item) -> TokenCallback | None:
        """What to give the model for this attempt; None where nobody hears it."""
        if self._on_piece is None or len(self._heard) >= MOST_HEARD:
            return None
        self._heard.add(item)
        return partial(self._more, item)

    def end(self, item: Item, *, whole: bool) -> None:
        """The attempt has ended, with an answer or without one."""
        if self._on_piece is not None and item in self._heard:
            self._heard.remove(item)
            self._on_piece(Piece(item.job, "", "whole" if whole else "lost"))

    def _more(self, item: Item, text: str) -> None:
        if self._on_piece is not None:
            self._on_piece(Piece(item.job, text, "more"))
