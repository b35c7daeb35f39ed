"""Hearing a model while it writes: of a few requests at a time, for more than nobody could follow."""

import logging
from functools import partial

from lm.base import TokenCallback
from lm.jobs import Item, OnPiece, Piece, PieceState

MOST_HEARD = 8


class Hearing:
    """Passes on what the model writes, attempt by attempt; runs in the loop's thread, as `on_piece` does.

    Where `on_piece` raises, the fault is logged and nothing is heard any more: an answer is never lost by it.
    """

    def __init__(self, on_piece: OnPiece | None) -> None:
        self._on_piece = on_piece
        self._heard: set[Item] = set()

    def begin(self, item: Item) -> TokenCallback | None:
        """What to give the model for this attempt; None where nobody hears it."""
        if self._on_piece is None or len(self._heard) >= MOST_HEARD:
            return None
        self._heard.add(item)
        return partial(self._tell, item, "more")

    def end(self, item: Item, *, whole: bool) -> None:
        """The attempt has ended, with an answer or without one."""
        if item in self._heard:
            self._heard.remove(item)
            self._tell(item, "whole" if whole else "lost", "")

    def _tell(self, item: Item, state: PieceState, text: str) -> None:
        if self._on_piece is None:
            return
        try:
            self._on_piece(Piece(item.job, item.key, text, state))
        except Exception:
            self._on_piece = None
            logging.getLogger("lm").exception("what hears the model failed; it hears nothing any more")
