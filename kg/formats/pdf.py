"""PDF: the text that was set, page by page. A scan has none."""

import logging
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from kg.encodings import clean
from kg.formats.base import Parsed, ReadError, library

HYPHENATED = re.compile(r"(?<=[a-z\u00df-\u00ff])[-\u00ad]\n(?=[a-z\u00df-\u00ff])")
MAX_CHARACTERS = 500_000_000


def read_pdf(file: BinaryIO, field: str | None = None) -> Iterator[Parsed]:
    """The text of all pages, a blank line between two of them; words broken at line ends are joined.

    A file that opens without a password is read although it is encrypted.
    """
    pypdf: Any = library("pypdf", "PDF")  # Any: the module is looked up at run time
    logger = logging.getLogger("pypdf")
    if not logger.handlers:  # it would say on stderr what it repaired
        logger.addHandler(logging.NullHandler())
    file.seek(0, 2)
    if file.tell() == 0:
        raise ReadError("it is empty (0 bytes)")
    file.seek(0)
    try:
        reader = pypdf.PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError("it is encrypted; save a copy without a password")
        text = _text(reader)
        facts = reader.metadata or {}
        title, author = str(facts.get("/Title") or ""), str(facts.get("/Author") or "")
    except ReadError:
        raise
    except pypdf.errors.DependencyError:
        raise ReadError(
            "it is encrypted; reading it needs cryptography: pip install 'entigraph[formats]'"
        ) from None
    except RecursionError:
        raise ReadError("it cannot be parsed as PDF: it is nested too deeply") from None
    except Exception as error:  # a broken file makes the parser raise nearly anything
        raise ReadError(f"it cannot be parsed as PDF: {str(error)[:200] or type(error).__name__}") from None
    if not text.strip():
        raise ReadError("its pages hold no text; if it is a scan, run OCR on it first")
    yield Parsed(text, clean(title).strip(), clean(author).strip() or None)


def _text(reader: Any) -> str:
    pages, total = [], 0
    for page in reader.pages:
        words = HYPHENATED.sub("", clean(page.extract_text())).strip()
        total += len(words)
        if total > MAX_CHARACTERS:
            raise ReadError(f"it unpacks to more than {MAX_CHARACTERS:,} characters; split it")
        if words:
            pages.append(words)
    return "\n\n".join(pages)
