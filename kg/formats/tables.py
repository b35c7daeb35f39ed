"""JSON lines, JSON and CSV: one document a row, its text in the field that was asked for."""

import codecs
import csv
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

from kg.encodings import NotText, clean, detect
from kg.formats.base import BadRow, Parsed, ReadError, whole, year_of
from kg.formats.html import looks_like_html, page

TEXT_FIELDS = (
    "text",
    "article",
    "content",
    "body",
    "document",
    "passage",
    "story",
    "abstract",
    "正文",
    "文本",
    "内容",
)
TITLE_FIELDS = ("title", "name", "headline", "标题", "题目")
AUTHOR_FIELDS = ("author", "authors", "creator", "作者")
YEAR_FIELDS = ("year", "date", "published", "年份", "日期")
KEY_FIELDS = ("id", "article_id", "doc_id", "document_id", "_id", "key", "uuid", "编号")
LANGUAGE_FIELDS = ("language", "lang")
PIECE = 1 << 20


def read_jsonl(file: BinaryIO, field: str | None = None) -> Iterator[Parsed | BadRow]:
    """One document for each line that holds an object. The file is never in memory whole."""

    def rows(lines: Iterable[str]) -> Iterator[tuple[str, Any]]:
        for number, line in enumerate(lines, 1):
            if line.strip("\ufeff \t\r\n\0"):
                try:
                    yield str(number), json.loads(line.lstrip("\ufeff"))
                except (ValueError, RecursionError) as error:
                    yield str(number), BadRow(f"line {number}", f"it is not JSON: {str(error)[:120]}")

    with _opened(file, newline=None) as lines:
        yield from _documents(rows(lines), field)


def read_json(file: BinaryIO, field: str | None = None) -> Iterator[Parsed | BadRow]:
    """One document for each object of a list, or one for a single object."""
    try:
        data = whole(file)
        value = json.loads(data.decode(detect(data), "replace"))
    except (NotText, ValueError, RecursionError) as error:
        raise ReadError(f"it is not JSON: {str(error)[:120]}") from None
    rows = value if isinstance(value, list) else [value]
    return _documents(((str(number), row) for number, row in enumerate(rows, 1)), field)


def read_csv(file: BinaryIO, field: str | None = None) -> Iterator[Parsed | BadRow]:
    """One document for each row below the header; commas, semicolons or tabs between fields."""
    csv.field_size_limit(1 << 30)  # of the whole process; 128 kB, its default, is less than a long article
    with _opened(file, newline="") as lines:
        header = next((line for line in lines if line.strip()), "")
        separator = "\t" if "\t" in header else max(",;|", key=header.count)
        names = [
            name.strip() for name in next(csv.reader([header.lstrip("\ufeff")], delimiter=separator), [])
        ]
        if not any(names):
            raise ReadError("it has no header line; the first line names the fields")
        if len(names) == 1:
            field = field or names[0]
        yield from _documents(_table_rows(lines, names, separator), field)


def _table_rows(lines: Iterable[str], names: list[str], separator: str) -> Iterator[tuple[str, Any]]:
    table = csv.reader((line.replace("\0", "\ufffd") for line in lines), delimiter=separator)
    for number in itertools.count(1):
        try:
            values = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            yield str(number), BadRow(f"row {number}", f"it is not CSV: {error}")
            continue
        if any(values):
            yield str(number), dict(zip(names, values, strict=False))


@contextmanager
def _opened(file: BinaryIO, newline: str | None) -> Iterator[io.TextIOWrapper]:
    """The file as text, line by line, in the encoding found by looking through all of it once."""
    name = _encoding(file)
    file.seek(0)
    lines = io.TextIOWrapper(file, encoding=name, errors="replace", newline=newline)
    try:
        yield lines
    finally:
        lines.detach()  # whoever opened the file closes it


def _encoding(file: BinaryIO) -> str:
    head = file.read(PIECE)
    if not head:
        raise ReadError("it is empty (0 bytes)")
    try:
        name = detect(head[: -3 if len(head) == PIECE else None])
    except NotText as seen:
        raise ReadError(f"it does not look like text: {seen}") from None
    if name != "utf-8":
        return name
    decoder, seen_bytes, previous, piece = codecs.getincrementaldecoder("utf-8")(), 0, b"", head
    while piece:
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            return detect(previous[-1000:] + piece)
        seen_bytes, previous, piece = seen_bytes + len(piece), piece, file.read(PIECE)
    return "utf-8"


def _documents(rows: Iterable[tuple[str, Any]], field: str | None) -> Iterator[Parsed | BadRow]:
    for number, row in rows:
        if isinstance(row, BadRow):
            yield row
        elif isinstance(row, str) and field is None:
            yield Parsed(clean(row), key=number)
        elif not isinstance(row, Mapping):
            yield BadRow(f"row {number}", f"it is {type(row).__name__}, not an object with fields")
        else:
            yield _document(number, {str(name): value for name, value in row.items()}, field)


def _document(number: str, row: Mapping[str, Any], field: str | None) -> Parsed | BadRow:
    wanted = (field,) if field else TEXT_FIELDS
    name = next((name for name in wanted if isinstance(row.get(name), str)), None)
    if name is None:
        there = ", ".join(repr(name[:40]) for name in list(row)[:12])
        asked = f"no text in the field {field!r}" if field else "no field that looks like the text"
        return BadRow(f"row {number}", f"{asked}; it has {there}. Choose one with --field")
    text = clean(row[name])
    facts = Parsed("")
    if looks_like_html(text):
        try:
            facts = page(text.encode("utf-8"))
        except ReadError as error:
            return BadRow(f"row {number}", str(error))
        text = facts.text
    return Parsed(
        text,
        _fact(row, TITLE_FIELDS, name) or facts.title,
        _fact(row, AUTHOR_FIELDS, name) or facts.author or None,
        year_of(_fact(row, YEAR_FIELDS, name)) or facts.year,
        _fact(row, LANGUAGE_FIELDS, name).lower() or facts.language,
        _fact(row, KEY_FIELDS, name) or number,
    )


def _fact(row: Mapping[str, Any], names: Iterable[str], text_field: str) -> str:
    """The first of these fields that holds something, as one line."""
    for name in names:
        value = row.get(name)
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            value = ", ".join(value)
        if name != text_field and isinstance(value, str | int) and str(value).strip():
            return clean(" ".join(str(value).split()))[:2000]
    return ""
