"""Texts from anywhere: JSON lines, each a text beside the context it should rest on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.encodings import SURROGATE, NotText, detect
from kg.languages import UNDETERMINED, language_of

LONGEST = 16_000_000
"""Bytes of a line."""


class BadRows(ValueError):
    """The file does not hold what was asked for; the message names the line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text with its context, and the line of the file it came from. `language` is None where not given."""

    line: int
    text: str
    context: str
    id: str | int | None = None
    language: str | None = None
    entities: tuple[str, ...] = ()

    @property
    def spoken(self) -> str:
        """The language given, else that of the text, or of the context where the text is too short to tell."""
        if self.language:
            return self.language
        told = language_of(self.text)
        return told if told != UNDETERMINED else language_of(self.context)


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file of JSON lines, one at a time. Raises BadRows, which names the line."""
    number = 0
    with path.open("rb") as file:
        while line := file.readline(LONGEST + 1):
            number += 1
            if line.strip():
                yield _row(line, number, path)
    if not number:
        raise BadRows(
            f"{str(path)!r} is empty; wanted is a JSON object with 'text' and 'context' in each line"
        )


def count_rows(path: Path) -> int:
    """How many rows a file holds, every one of them read. Raises BadRows."""
    found = sum(1 for _ in read_rows(path))
    if not found:
        raise BadRows(
            f"{str(path)!r} holds blank lines alone; wanted are JSON objects with 'text' and 'context'"
        )
    return found


def _row(line: bytes, number: int, path: Path) -> Row:
    where = f"{str(path)!r}, line {number}"
    if len(line) > LONGEST:
        raise BadRows(f"{where} is longer than {LONGEST:,} bytes; wanted is one JSON object in each line")
    try:
        found = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise BadRows(f"{where} is not UTF-8: {_seen(path, error)}") from None
    except (ValueError, RecursionError) as error:
        why = getattr(error, "msg", type(error).__name__)
        raise BadRows(
            f"{where} is not JSON ({why}): {line[:60].decode('utf-8', 'replace')!r}; wanted is one JSON object with "
            "'text' and 'context' in each line"
        ) from None
    if not isinstance(found, dict):
        raise BadRows(f"{where}: wanted an object with 'text' and 'context', seen {_kind(found)}")
    for name in ("text", "context"):
        if name not in found:
            has = ", ".join(repr(key[:40]) for key in list(found)[:8]) or "none"
            raise BadRows(f"{where} has no field {name!r}; its fields: {has}")
        if not isinstance(found[name], str):
            raise BadRows(f"{where}: {name!r} is text, not {_kind(found[name])}")
    entities, language, id = found.get("entities"), found.get("language"), found.get("id")
    if entities is not None and not (
        isinstance(entities, list) and all(isinstance(name, str) for name in entities)
    ):
        raise BadRows(f"{where}: 'entities' is a list of names, not {_kind(entities)}")
    if language is not None and not isinstance(language, str):
        raise BadRows(f"{where}: 'language' is a code such as 'en' or 'zh', not {_kind(language)}")
    if not (id is None or (isinstance(id, str | int) and not isinstance(id, bool))):
        raise BadRows(f"{where}: 'id' is text or a whole number, not {_kind(id)}")
    text, context = (SURROGATE.sub("\ufffd", found[name]) for name in ("text", "context"))
    names = tuple(SURROGATE.sub("\ufffd", name) for name in entities or () if name.strip())
    return Row(number, text, context, id, language.lower() if language else None, names)


def _seen(path: Path, error: UnicodeDecodeError) -> str:
    """What a file that is not UTF-8 seems to be, and what helps."""
    with path.open("rb") as file:
        sample = file.read(1 << 20)
    try:
        name = detect(sample)
    except NotText as binary:
        return f"it is no text ({binary})"
    if name in ("utf-8", "utf-8-sig"):
        return f"byte {error.object[error.start]:#04x} at {error.start}"
    return f"it looks like {name}; convert it with 'iconv -f {name} -t utf-8'"


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
