"""Documents from files: whatever their kind and encoding, one after the other."""

import hashlib
import io
import os
import re
import stat
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from kg.encodings import NotText, clean, detect
from kg.formats import FORMATS, SUFFIXES, BadRow, Format, Parsed, ReadError
from kg.languages import COMMON_WORDS, SCRIPTS, UNDETERMINED, language_of
from kg.model import Document, content_id
from kg.sources import Found, Skipped, find, printable

__all__ = ["ReadError", "Skipped", "read", "read_found"]

HEAD = 4096
BAD_ROWS_LISTED = 20
LANGUAGE_CODE = re.compile(r"([a-z]{2,3})(?:[-_].*)?")
MARKUP = re.compile(rb"\s*(?:<\?xml|<!doctype html|<html)", re.IGNORECASE)


def read(
    *sources: str | os.PathLike[str],
    field: str | None = None,
    language: str | None = None,
) -> Iterator[Document | Skipped]:
    """The documents that the sources name, lazily, and what could not be read, with the reason.

    A source is a file, a folder, a pattern ("notes/**/*.md") or "-" for standard input. `field` is
    the column or key that holds the text in CSV and JSON lines; without it "text", "article" and the
    like are tried. `language` is taken for that of every document; without it each is told from its
    text. Nothing raises for a file: the next one is read.
    """
    yield from read_found(find(sources), field=field, language=language)


def read_found(
    found: list[Found | Skipped],
    *,
    field: str | None = None,
    language: str | None = None,
    claimed: Mapping[str, str] | None = None,
) -> Iterator[Document | Skipped]:
    """The same for files found already (`kg.sources.find`).

    `claimed` maps ids of documents that exist to their sources: a place that belongs to another file
    that is still there is left to it, and the new document gets one with its folder in front.
    """
    places = Places(claimed or {}, {item.place for item in found if isinstance(item, Found)})
    for item in found:
        if isinstance(item, Skipped):
            yield item
            continue
        try:
            with _opened(item) as file:
                yield from _documents(item, _rows(item, file, field), places, language)
        except ReadError as reason:
            yield Skipped(item.source, str(reason))
        except OSError as error:
            yield Skipped(item.source, f"it cannot be opened: {error.strerror or error}")
        except MemoryError:
            yield Skipped(item.source, "it does not fit into memory; split it")


class Places:
    """Which place a document gets, so that no two files share one by accident.

    A document that exists keeps its place; a new one gets the first that is no other file's.
    """

    def __init__(self, claimed: Mapping[str, str], taken: set[str]) -> None:
        self._claimed = claimed
        self._taken = taken

    def settle(self, item: Found, key: str) -> str:
        """The place for the document `key` of a file; the file's place is changed where it must be."""
        if item.path is None or not self._claimed:
            return _place(item.place, key)
        for place in item.places():
            if self._owner_is(item, place, key):
                item.place = place
                return _place(place, key)
        if self._owner_is(item, item.place, key) is False:
            for place in item.places():
                if place not in self._taken and self._owner_is(item, place, key) is None:
                    item.place = place
                    self._taken.add(place)
                    break
        return _place(item.place, key)

    def _owner_is(self, item: Found, place: str, key: str) -> bool | None:
        """Whether a document of that place is this file's; None where there is none, or its file is gone."""
        source = self._claimed.get(content_id("document", _place(place, key)))
        if source is None or source == _place(item.source, key):
            return None if source is None else True
        try:
            other = Path(source.removesuffix(f"#{key}")) if key else Path(source)
            return other.samefile(item.path or "") if other.exists() else None
        except (OSError, ValueError):
            return None


def _place(place: str, key: str) -> str:
    return f"{place}#{key}" if key else place


def _opened(item: Found) -> BinaryIO:
    """The file, open at its beginning and able to go back there."""
    if item.path is None:
        return io.BytesIO(sys.stdin.buffer.read())
    mode = item.path.stat().st_mode
    if stat.S_ISFIFO(mode) and item.named:
        return io.BytesIO(item.path.read_bytes())
    if not stat.S_ISREG(mode):
        raise ReadError("it is not a regular file")
    return item.path.open("rb")


def _rows(item: Found, file: BinaryIO, field: str | None) -> Iterator[Parsed | BadRow]:
    return _format(item, file)(file, field)


def _format(item: Found, file: BinaryIO) -> Format:
    """What reads this file: by the ending of its name, unless that says nothing or is wrong."""
    suffix = item.path.suffix.lower().lstrip(".") if item.path else ""
    name = SUFFIXES.get(suffix)
    head = file.read(HEAD)
    file.seek(0)
    if name in (None, "txt", "md"):
        name = _archive_kind(file) if head.startswith(b"PK\x03\x04") else _by_content(head, name)
    if name is None:
        known = " ".join(f".{ending}" for ending in sorted(SUFFIXES))
        kind = f"'.{printable(suffix)[:20]}' files are" if suffix else "this kind of file is"
        raise ReadError(f"{kind} not read and it does not look like text; known are {known}")
    return FORMATS[name]


def _archive_kind(file: BinaryIO) -> str | None:
    try:
        names = set(zipfile.ZipFile(file).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        names = set()
    file.seek(0)
    if "META-INF/container.xml" in names:
        return "epub"
    return "docx" if "word/document.xml" in names else None


def _by_content(head: bytes, otherwise: str | None) -> str | None:
    """The format that the first bytes show; plain text where they look like nothing else."""
    if head.startswith(b"%PDF-"):
        return "pdf"
    if otherwise or not head:
        return otherwise or "txt"
    if head.startswith(b"{\\rtf"):
        return None
    if MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    if re.match(rb'\s*\{\s*"', head) and b'":' in head:
        return "jsonl"
    try:
        detect(head[:-3] if len(head) == HEAD else head)
    except NotText:
        return None
    return "txt"


def _documents(
    item: Found, rows: Iterator[Parsed | BadRow], places: Places, language: str | None
) -> Iterator[Document | Skipped]:
    seen: dict[str, bytes] = {}
    bad: list[BadRow] = []
    bad_count = 0
    good = False
    for row in rows:
        if isinstance(row, Parsed) and not row.text.strip():
            row = BadRow(row.key, "it holds no text")
        if isinstance(row, BadRow):
            bad_count += 1
            if len(bad) < BAD_ROWS_LISTED:
                bad.append(row)
            continue
        good = True
        key = _key(row, seen)
        if key is not None:
            yield _document(item, row, key, places, language)
    if bad and not good:
        rows_seen = (
            f"none of its {bad_count:,} rows could be read, the first because " if bad_count > 1 else ""
        )
        yield Skipped(item.source, rows_seen + bad[0].reason)
        return
    for row in bad:
        yield Skipped(_place(item.source, printable(row.key)), row.reason)
    if bad_count > len(bad):
        yield Skipped(item.source, f"{bad_count - len(bad):,} more of its rows could not be read")


def _key(row: Parsed, seen: dict[str, bytes]) -> str | None:
    """The row's key, numbered where other words have it already; None for the same words again."""
    digest = hashlib.blake2b(row.text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    number, key = 1, row.key
    while key in seen:
        if seen[key] == digest:
            return None
        number += 1
        key = f"{row.key} ({number})"
    seen[key] = digest
    return key


def _document(item: Found, row: Parsed, key: str, places: Places, language: str | None) -> Document:
    stem = Path(item.source).stem
    title = row.title or (f"{stem} {key}" if key else stem)
    if item.path is None:
        # What comes through a pipe has no name: its words are its place, so that two pipes are two documents.
        words = hashlib.sha256(row.text.encode("utf-8", "surrogatepass")).hexdigest()
        item.place = f"stdin:{words}"
        title = row.title or next((line.strip() for line in row.text.splitlines() if line.strip()), "stdin")
    spoken = language or language_of(row.text)
    declared = LANGUAGE_CODE.fullmatch((row.language or "").lower())
    if not language and declared:
        known = declared.group(1) in COMMON_WORDS or declared.group(1) in SCRIPTS
        if spoken == UNDETERMINED or not known:
            spoken = declared.group(1)
    return Document.make(
        places.settle(item, key),
        row.text,
        title=clean(" ".join(title.split()))[:300],
        source=_place(item.source, key),
        language=spoken,
        author=row.author,
        year=row.year,
    )
