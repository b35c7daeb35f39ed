"""Word documents: paragraphs, tables row by row, text boxes, then footnotes and endnotes."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from kg.encodings import clean
from kg.formats.archives import open_archive
from kg.formats.base import Parsed, ReadError, library

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
NOTES = ("/footnotes", "/endnotes")


def read_docx(file: BinaryIO, field: str | None = None) -> Iterator[Parsed]:
    """The text of the document, a blank line between paragraphs, cells of a row joined by " | ".

    Words that were inserted as a tracked change are in, deleted ones are not.
    """
    docx: Any = library("docx", "Word documents")  # Any: the module is looked up at run time
    etree: Any = library("lxml.etree", "Word documents")
    open_archive(file, "docx")
    file.seek(0)
    try:
        document = docx.Document(file)
        parts = [_block(document.element.body)]
        for relation in document.part.rels.values():
            if relation.reltype.endswith(NOTES) and not relation.is_external:
                parser = etree.XMLParser(resolve_entities=False, no_network=True)
                parts.append(_block(etree.fromstring(relation.target_part.blob, parser)))
        facts = document.core_properties
        title, author = facts.title or "", facts.author or ""
    except ReadError:
        raise
    except Exception as error:  # a broken package makes the parser raise nearly anything
        raise ReadError(f"it cannot be parsed as docx: {str(error)[:200] or type(error).__name__}") from None
    text = clean("\n\n".join(part for part in parts if part))
    yield Parsed(text, clean(title), None if author in ("", "python-docx") else clean(author))


def _block(element: Any) -> str:
    """The paragraphs and tables beneath an element, in order."""
    blocks = []
    for child in element:
        if child.tag == WORD + "p":
            blocks.extend(_paragraph(child))
        elif child.tag == WORD + "tbl":
            blocks.append(_table(child))
        elif child.tag not in (WORD + "del", FALLBACK) and isinstance(child.tag, str):
            blocks.append(_block(child))
    return "\n\n".join(block for block in blocks if block.strip())


def _paragraph(paragraph: Any) -> list[str]:
    """Its own words, then what its text boxes hold."""
    words: list[str] = []
    boxes: list[str] = []

    def walk(element: Any) -> None:
        for child in element:
            tag = child.tag
            if tag == WORD + "t":
                words.append(child.text or "")
            elif tag in (WORD + "tab", WORD + "ptab"):
                words.append("\t")
            elif tag in (WORD + "br", WORD + "cr"):
                words.append("\n")
            elif tag == WORD + "noBreakHyphen":
                words.append("-")
            elif tag == WORD + "txbxContent":
                boxes.append(_block(child))
            elif tag not in (WORD + "pPr", WORD + "rPr", WORD + "del", FALLBACK) and isinstance(tag, str):
                walk(child)

    walk(paragraph)
    return ["".join(words).strip("\n"), *boxes]


def _table(table: Any) -> str:
    rows = []
    for row in table.iter(WORD + "tr"):
        if next(row.iterancestors(WORD + "tbl")) is not table:
            continue  # of a table within a cell, which that cell's text holds already
        cells = [
            " ".join(_block(cell).split())
            for cell in row.iter(WORD + "tc")
            if next(cell.iterancestors(WORD + "tr")) is row
        ]
        rows.append(" | ".join(cells))
    return "\n".join(row for row in rows if row.strip(" |"))
