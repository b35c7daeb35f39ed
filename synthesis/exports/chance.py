"""Random choices that depend on what is chosen and on the seed, never on the order in which it is met."""

from kg.model import content_id

RANGE = 1 << 64


def drawn(*parts: str | int) -> int:
    """A number from 0 to 2^64 - 1, always the same for these parts."""
    return int(content_id(*parts)[:16], 16)
