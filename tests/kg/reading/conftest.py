"""A shelf of real files for the tests of reading, made on the fly; nothing here is ours to test."""

import io
import zipfile
from pathlib import Path

import pytest

from kg.model import Document
from kg.reading import Skipped, read

WORDS = "The tide clock of Saltmere stopped in the winter of the great frost."
CONTAINER = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>The Brass Year</dc:title><dc:creator>Ines Marrow</dc:creator><dc:date>1911-05-01</dc:date><dc:language>en-GB</dc:language></metadata>
<manifest><item id="b" href="two%20b.xhtml" media-type="application/xhtml+xml"/><item id="a" href="one.xhtml" media-type="application/xhtml+xml"/>
<item id="pic" href="pic.png" media-type="image/png"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>"""


class Shelf:
    """A folder to write files into and to read documents from."""

    words = WORDS
    package = PACKAGE

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, place: str | Path, content: bytes | str) -> Path:
        path = self.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        return path

    def documents(
        self, *sources: Path | str, field: str | None = None, language: str | None = None
    ) -> list[Document]:
        """All of them; a skipped one is a failure."""
        found = list(read(*sources, field=field, language=language))
        assert all(isinstance(item, Document) for item in found), found
        return [item for item in found if isinstance(item, Document)]

    def one(self, source: Path, field: str | None = None, language: str | None = None) -> Document:
        (document,) = self.documents(source, field=field, language=language)
        return document

    def reason(self, source: Path | str, field: str | None = None) -> str:
        """Why the only thing there was skipped."""
        (skipped,) = read(source, field=field)
        assert isinstance(skipped, Skipped), skipped
        return skipped.reason

    @staticmethod
    def pdf(*pages: str, password: str | None = None, owner: str = "owner", title: str = "") -> bytes:
        """A PDF with one content stream a page, put together by hand, then written again by pypdf."""
        from pypdf import PdfReader, PdfWriter

        objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        kids = []
        for page in pages:
            lines = "".join(f"({line}) Tj 0 -14 Td " for line in page.split("\n")) if page else ""
            stream = f"BT /F1 12 Tf 72 720 Td {lines}ET"
            kids.append(f"{len(objects) + 1} 0 R")
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
                f"/Resources << /Font << /F1 3 0 R >> >> /Contents {len(objects) + 2} 0 R >>"
            )
            objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
        body, places = "%PDF-1.4\n", []
        for number, content in enumerate(objects, 1):
            places.append(len(body))
            body += f"{number} 0 obj\n{content}\nendobj\n"
        table = "".join(f"{place:010d} 00000 n \n" for place in places)
        size = len(objects) + 1
        trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
        plain = f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(plain)))
        if title:
            writer.add_metadata({"/Title": title, "/Author": "O. Finch"})
        if password is not None:
            writer.encrypt(password, owner, algorithm="AES-256")
        written = io.BytesIO()
        writer.write(written)
        return written.getvalue()

    @staticmethod
    def archive(**members: str | bytes) -> bytes:
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in members.items():
                file.writestr(name.replace("__", "/"), content)
        return written.getvalue()

    @staticmethod
    def epub(**more: str | bytes) -> bytes:
        pages = {
            "META-INF__container.xml": CONTAINER,
            "OEBPS__book.opf": PACKAGE,
            "OEBPS__two b.xhtml": "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><p>Second chapter.</p></body></html>",
            "OEBPS__one.xhtml": "<html><head><title>x</title></head><body><h1>One</h1><p>First chapter.</p></body></html>",
        }
        return Shelf.archive(**{"mimetype": "application/epub+zip", **pages, **more})


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)
