"""A user's list of names that mean one thing, read from a file.

Three ways to write it, told apart by the file's ending:

    aliases.txt    青坪钟表行会 = 钟表行会 | Qingping Guild of Clockmakers      # one thing a line
    aliases.csv    name,alias[,type]                                          one alias a row
    aliases.toml   [[entity]]  name = "…"  aliases = ["…", "…"]  type = "…"
"""

import csv
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.model import GraphError
from kg.names import form


class AliasError(GraphError):
    """The aliases file cannot be used; the message names the line."""


@dataclass(frozen=True, slots=True)
class Alias:
    """One thing: its name, the other names it goes by, and its type if the file says so."""

    name: str
    others: tuple[str, ...]
    type: str = ""


@dataclass(frozen=True, slots=True)
class Aliases:
    """Every name in the file, by its form, with the thing it means."""

    entries: tuple[Alias, ...] = ()

    def by_form(self) -> dict[str, Alias]:
        """Each name's form (kg.names.form) with its entry."""
        return {form(name): entry for entry in self.entries for name in (entry.name, *entry.others)}

    @staticmethod
    def of(entries: Iterable[tuple[int, Alias]], *, source: str) -> "Aliases":
        """The entries, each with its line; entries of one name become one. Raises AliasError."""
        kept: dict[str, Alias] = {}
        owner: dict[str, tuple[str, str, int]] = {}
        for line, entry in entries:
            if not form(entry.name) or any(not form(other) for other in entry.others):
                raise AliasError(f"{source}, line {line}: a name is empty. Write: name = alias | alias")
            key = form(entry.name)
            for name in (entry.name, *entry.others):
                known = owner.setdefault(form(name), (key, entry.name, line))
                if known[0] != key:
                    raise AliasError(
                        f"{source}, line {line}: {name!r} is said to be {entry.name!r}, but line {known[2]} says it "
                        f"is {known[1]!r}. Put all names of one thing under one name"
                    )
            if key in kept:
                first = kept[key]
                if first.type and entry.type and first.type != entry.type:
                    raise AliasError(
                        f"{source}, line {line}: {entry.name!r} is a {entry.type!r} here and a {first.type!r} before. "
                        "Keep one type"
                    )
                others = tuple(dict.fromkeys((*first.others, *entry.others)))
                entry = Alias(first.name, others, first.type or entry.type)
            kept[key] = entry
        return Aliases(tuple(kept.values()))


def read_aliases(path: Path | str) -> Aliases:
    """The names in the file; raises AliasError with the line where it is not as it should be."""
    path = Path(path)
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AliasError(
            f"cannot read the aliases file {str(path)!r} ({error}). It must be UTF-8 text"
        ) from None
    reader = {".toml": _toml, ".csv": _csv, ".tsv": _csv}.get(path.suffix.casefold(), _lines)
    return Aliases.of(reader(text, str(path)), source=str(path))


def _lines(text: str, source: str) -> list[tuple[int, Alias]]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, rest = line.partition("=")
        others = tuple(part.strip() for part in rest.split("|"))
        if not equals or not name.strip() or not all(others):
            raise AliasError(f"{source}, line {number}: wanted 'name = alias | alias', found {line[:80]!r}")
        found.append((number, Alias(name.strip(), others)))
    return found


def _csv(text: str, source: str) -> list[tuple[int, Alias]]:
    rows = csv.reader(text.splitlines(), delimiter="\t" if source.casefold().endswith(".tsv") else ",")
    found = []
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells) or (
            rows.line_num == 1 and [cell.casefold() for cell in cells[:2]] == ["name", "alias"]
        ):
            continue
        if len(cells) not in (2, 3) or not all(cells[:2]):
            raise AliasError(
                f"{source}, line {rows.line_num}: wanted name,alias[,type], found {','.join(row)[:80]!r}"
            )
        found.append((rows.line_num, Alias(cells[0], (cells[1],), cells[2] if len(cells) == 3 else "")))
    return found


def _toml(text: str, source: str) -> list[tuple[int, Alias]]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AliasError(
            f"{source}: not valid TOML ({error}). Each thing is an [[entity]] with name and aliases"
        ) from None
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if line.strip() == "[[entity]]"]
    entities = data.get("entity")
    if not isinstance(entities, list) or len(lines) != len(entities) or set(data) != {"entity"}:
        raise AliasError(f"{source}: wanted [[entity]] tables with name and aliases, found {sorted(data)!r}")
    found = []
    for number, entity in zip(lines, entities, strict=True):
        others = entity.get("aliases")
        type_ = entity.get("type", "")
        fine = isinstance(entity.get("name"), str) and isinstance(others, list) and isinstance(type_, str)
        if (
            not fine
            or not all(isinstance(other, str) for other in others)
            or set(entity) - {"name", "aliases", "type"}
        ):
            raise AliasError(
                f'{source}, line {number}: an entity needs name = "…" and aliases = ["…"], and may have type = "…"'
            )
        found.append((number, Alias(entity["name"], tuple(others), type_)))
    return found
