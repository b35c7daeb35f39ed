"""What an importer reads: things with a name and links between them; and what it had to leave out."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg.encodings import clean

SHOWN = 20
_NO_ROOM = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Named:
    """A thing as the source names it. `key` is the source's own id for it, where it has one.

    One without a name is left out and counted; its description then says which it is, for people.
    """

    name: str
    type: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled, directed statement about two things; an end is a thing, or the key of one."""

    source: Named | str
    label: str
    target: Named | str
    description: str = ""
    weight: float = 1.0


Row = Named | Link


@dataclass
class LeftOut:
    """What was not taken, counted by reason; `shown` names the first ones."""

    reasons: Counter[str] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)

    def add(self, reason: str, what: str, count: int = 1) -> None:
        """Leave something out; `what` says which, for people."""
        self.reasons[reason] += count
        if len(self.shown) < SHOWN:
            self.shown.append(f"{what}: {reason}")


Reader = Callable[[Path, LeftOut], Iterator[Row]]
"""Reads the things and links of a file, one by one."""


def sound(text: str) -> str:
    """The text without white space around it; NUL and lone surrogates, which no store keeps, are replaced."""
    return (clean(text) if _NO_ROOM.search(text) else text).strip()


def named(
    name: str, type: str = "", description: str = "", aliases: Iterable[str] = (), key: str = ""
) -> Named:
    """A thing whose words are sound."""
    others = tuple(found for alias in aliases if (found := sound(alias)))
    return Named(sound(name), sound(type), sound(description), others, key)
