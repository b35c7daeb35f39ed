"""What a format of file is: a function from an open file to the texts in it."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import BinaryIO, Protocol

from kg.model import GraphError


class ReadError(GraphError):
    """A document cannot be read; the message is a reason that fits behind its name."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """One text of a file and what the file says about it.

    `key` tells apart the texts of a file that holds several (a row's id); it is empty for a file
    that is one document.
    """

    text: str
    title: str = ""
    author: str | None = None
    year: int | None = None
    language: str | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row of a file that yields no text, and why; the rows after it are read."""

    key: str
    reason: str


class Format(Protocol):
    """Reads one kind of file.

    Lazy where a file holds several texts. Raises ReadError where the whole file cannot be read.
    `field` names the column or key that holds the text, for the formats that have some.
    """

    def __call__(self, file: BinaryIO, field: str | None) -> Iterator[Parsed | BadRow]: ...


def whole(file: BinaryIO, limit: int = 2_000_000_000) -> bytes:
    """All bytes of a file. Raises ReadError beyond the limit (bytes) and for an empty one."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > limit:
        raise ReadError(f"it is larger than {limit // 1_000_000:,} MB; split it")
    data = file.read()
    if not data:
        raise ReadError("it is empty (0 bytes)")
    return data


def library(name: str, kind: str) -> ModuleType:
    """The module that parses a kind of file, or a ReadError with the line that installs it."""
    try:
        return import_module(name)
    except ImportError:
        raise ReadError(
            f"reading {kind} needs {name.split('.')[0]}: pip install 'entigraph[formats]'"
        ) from None


YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)")


def year_of(value: object) -> int | None:
    """The first number from 1000 to 2099 in a date or year, else None.

    >>> year_of("published 1950-04-01")
    1950
    """
    found = YEAR.search(str(value)[:200])
    return int(found.group()) if found else None
