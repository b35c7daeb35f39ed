"""Tokens of a text without its tokenizer: a stated estimate, and a bound for the budget.

The estimate is used where no tokenizer is given and no usage has been reported yet. It counts by script,
because tokenizers do: words of Latin, Greek or Cyrillic letters are cut into pieces of a few letters,
Chinese and Japanese characters are about one token each. The constants below are round numbers chosen by
us, not fitted to any one tokenizer; what an endpoint reports always replaces them.
"""

import re
from collections.abc import Sequence

from lm.base import Message

LETTERS_PER_TOKEN_ASCII = 4.5
LETTERS_PER_TOKEN_ACCENTED = 2.5
DIGITS_PER_TOKEN = 2.5
TOKENS_PER_CJK = 1.0
TOKENS_PER_MARK = 1.0
CHARACTERS_PER_TOKEN_OTHER = 1.5
TOKENS_PER_MESSAGE = 4

_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_PIECES = re.compile(
    rf"(?P<ascii>[A-Za-z]+)|(?P<digits>[0-9]+)|(?P<accented>[\u00c0-\u052f]+)|(?P<cjk>[{_CJK}]+)"
    r"|(?P<space>\s+)|(?P<mark>[!-/:-@\[-`{-~\u2010-\u2027\u00a1-\u00bf])|(?P<other>.)",
    re.DOTALL,
)
_CHEAP = b" abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def estimate(text: str) -> int:
    """About how many tokens a text is, 0 for an empty one.

    >>> estimate("The tide clock of Sel stopped in 1911.")
    11
    >>> estimate("潮汐鐘停了。")
    6
    """
    tokens = 0.0
    for piece in _PIECES.finditer(text):
        kind, length = piece.lastgroup, piece.end() - piece.start()
        if kind == "ascii":
            tokens += max(1.0, length / LETTERS_PER_TOKEN_ASCII)
        elif kind == "digits":
            tokens += max(1.0, length / DIGITS_PER_TOKEN)
        elif kind == "accented":
            tokens += max(1.0, length / LETTERS_PER_TOKEN_ACCENTED)
        elif kind == "cjk":
            tokens += length * TOKENS_PER_CJK
        elif kind == "mark":
            tokens += TOKENS_PER_MARK
        elif kind == "other":
            tokens += 1 / CHARACTERS_PER_TOKEN_OTHER
    return round(tokens + 0.499) if tokens else 0


def at_most(messages: Sequence[Message]) -> int:
    """A bound on the tokens of a prompt, for what is reserved before it leaves.

    A byte-level tokenizer never makes more tokens than there are bytes. Half of the ASCII letters and
    spaces is still above anything words have been seen to need; every other character counts with all
    its bytes. To that come 32 tokens for the conversation and 8 for each message (chat templates).
    `lm.budget` raises the bound where an endpoint reports more.
    """
    tokens = 32
    for message in messages:
        data = message.content.encode("utf-8", "surrogatepass")
        dear = len(data.translate(None, _CHEAP))
        tokens += 8 + dear + (len(data) - dear + 1) // 2
    return tokens


def of_messages(messages: Sequence[Message]) -> int:
    """The estimate for a whole prompt."""
    return sum(estimate(message.content) + TOKENS_PER_MESSAGE for message in messages)
