"""The kinds of file that documents are read from, each a function on an open file."""

from kg.formats.base import BadRow, Format, Parsed, ReadError
from kg.formats.docx import read_docx
from kg.formats.epub import read_epub
from kg.formats.html import read_html
from kg.formats.pdf import read_pdf
from kg.formats.tables import read_csv, read_json, read_jsonl
from kg.formats.text import read_markdown, read_text

__all__ = ["FORMATS", "SUFFIXES", "BadRow", "Format", "Parsed", "ReadError"]

FORMATS: dict[str, Format] = {
    "csv": read_csv,
    "docx": read_docx,
    "epub": read_epub,
    "html": read_html,
    "json": read_json,
    "jsonl": read_jsonl,
    "md": read_markdown,
    "pdf": read_pdf,
    "txt": read_text,
}

SUFFIXES: dict[str, str] = {name: name for name in FORMATS} | {
    "htm": "html",
    "markdown": "md",
    "ndjson": "jsonl",
    "text": "txt",
    "tsv": "csv",
    "xhtml": "html",
}
"""Format by the ending of a file's name, lower case, without the dot."""
