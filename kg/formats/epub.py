"""EPUB books: the chapters in the order of the spine, each read as a web page."""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import unquote

from kg.encodings import clean
from kg.formats.archives import open_archive, read_member
from kg.formats.base import Parsed, ReadError, library, year_of
from kg.formats.html import page

CONTAINER = "META-INF/container.xml"
PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


def read_epub(file: BinaryIO, field: str | None = None) -> Iterator[Parsed]:
    """The text of all chapters, with title, author, year and language of the book."""
    archive = open_archive(file, "EPUB")
    package_path = _package_path(archive)
    package = _xml(read_member(archive, package_path))
    protected = _protected(archive)
    base = posixpath.dirname(package_path)
    places = {
        item.get("id"): posixpath.normpath(posixpath.join(base, unquote(item.get("href") or "")))
        for item in _all(package, "item")
        if item.get("media-type") in PAGES
    }
    chapters = []
    for reference in _all(package, "itemref"):
        place = places.get(reference.get("idref"))
        if place is None or reference.get("linear") == "no":
            continue
        if place in protected:
            raise ReadError("it is protected (DRM); only its owner's reader can open it")
        text = page(read_member(archive, place)).text.strip()
        if text:
            chapters.append(text)
    yield Parsed(
        "\n\n".join(chapters),
        _first(package, "title"),
        _first(package, "creator") or None,
        year_of(_first(package, "date")),
        _first(package, "language").split("-")[0].lower() or None,
    )


def _package_path(archive: zipfile.ZipFile) -> str:
    for root in _all(_xml(read_member(archive, CONTAINER)), "rootfile"):
        if root.get("full-path"):
            return unquote(root.get("full-path"))
    raise ReadError(f"it names no package in {CONTAINER!r}; is it an EPUB?")


def _protected(archive: zipfile.ZipFile) -> set[str]:
    """Members that are encrypted. Fonts often are, in books that can be read."""
    if "META-INF/encryption.xml" not in archive.namelist():
        return set()
    found = _all(_xml(read_member(archive, "META-INF/encryption.xml")), "CipherReference")
    return {unquote(reference.get("URI") or "") for reference in found}


def _xml(data: bytes) -> Any:
    """The parsed XML. Entities are left unresolved: a few lines of them can unpack to gigabytes."""
    etree: Any = library("lxml.etree", "EPUB")  # Any: the module is looked up at run time
    try:
        return etree.fromstring(
            data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        )
    except etree.XMLSyntaxError as error:
        raise ReadError(f"its table of contents is broken: {str(error)[:200]}") from None


def _all(tree: Any, name: str) -> list[Any]:
    return list(tree.iter("{*}" + name))


def _first(package: Any, name: str) -> str:
    for element in package.iter("{http://purl.org/dc/elements/1.1/}" + name):
        words = " ".join("".join(element.itertext()).split())
        if words:
            return clean(words)
    return ""
