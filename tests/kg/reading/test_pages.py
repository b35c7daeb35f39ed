"""Web pages, PDF, Word documents and books."""

from typing import TYPE_CHECKING, Any

import pytest

from kg.reading import Skipped, read

if TYPE_CHECKING:
    from tests.kg.reading.conftest import Shelf


PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>The  Tide
 Clock</title><meta name="author" content="O. Finch"><meta property="article:published_time" content="1921-03-04">
<style>b{color:red}</style></head><body><script>alert('x < y')</script><h1>Saltmere</h1><p>The <b>tide</b>  clock
was built.</p><ul><li>One</li><li>Two <b>bold</b></li></ul><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>
line<br>next<pre>  keep
   this</pre>&amp; 潮钟 &#x1F600;<!-- hidden --></body></html>"""


def test_a_page_becomes_its_words_block_by_block(shelf: "Shelf") -> None:
    document = shelf.one(shelf.write("a.html", PAGE))
    assert document.text == (
        "Saltmere\n\nThe tide clock was built.\n\n- One\n- Two bold\n\nA | B\n1 | 2\n\nline\nnext\n\n  keep\n   this\n\n& 潮钟 \U0001f600"
    )
    assert (document.title, document.author, document.year, document.language) == (
        "The Tide Clock",
        "O. Finch",
        1921,
        "en",
    )


def test_a_page_is_read_in_the_encoding_it_declares(shelf: "Shelf") -> None:
    page = (
        '<html><head><meta charset="iso-8859-2"></head><body><p>Zegarmistrz żyje w dolinie</p></body></html>'
    )
    assert shelf.one(shelf.write("a.htm", page.encode("iso-8859-2"))).text == "Zegarmistrz żyje w dolinie"


def test_a_page_nested_a_hundred_thousand_deep_is_read(shelf: "Shelf") -> None:
    page = "<html><body>" + "<div>" * 100_000 + "deep" + "</div>" * 100_000 + "<p>after</p>"
    assert shelf.one(shelf.write("a.html", page)).text == "deep\n\nafter"


@pytest.mark.parametrize("page", ["<script>x", "<p", "<!--", "<![CDATA[x", "<html></html>", "&#xD800;&#0;"])
def test_a_broken_page_is_read_or_skipped_but_never_raises(shelf: "Shelf", page: str) -> None:
    (item,) = read(shelf.write("a.html", page))
    assert isinstance(item, Skipped) or "\ud800" not in item.text


def test_a_pdf_is_read_page_by_page(shelf: "Shelf") -> None:
    document = shelf.one(
        shelf.write("a.pdf", shelf.pdf("The clock of Salt-\nmere stopped.", "Nobody knew.", title="Tide"))
    )
    assert document.text == "The clock of Salt-\nmere stopped.".replace("-\n", "") + "\n\nNobody knew."
    assert (document.title, document.author) == ("Tide", "O. Finch")


def test_a_pdf_that_opens_without_a_password_is_read(shelf: "Shelf") -> None:
    assert shelf.one(shelf.write("a.pdf", shelf.pdf(shelf.words, password=""))).text == shelf.words


def test_a_pdf_with_a_password_is_skipped(shelf: "Shelf") -> None:
    assert "encrypted" in shelf.reason(shelf.write("a.pdf", shelf.pdf(shelf.words, password="secret")))


def test_a_scan_is_skipped_and_ocr_named(shelf: "Shelf") -> None:
    assert "OCR" in shelf.reason(shelf.write("a.pdf", shelf.pdf("", "")))


@pytest.mark.parametrize("cut", [20, 300, 700])
@pytest.mark.filterwarnings("ignore")
def test_a_pdf_cut_short_is_skipped_or_read_but_never_raises(shelf: "Shelf", cut: int) -> None:
    (item,) = read(shelf.write("a.pdf", shelf.pdf(shelf.words)[:cut]))
    assert isinstance(item, Skipped) or item.text == shelf.words


def docx() -> Any:  # Any: python-docx opens documents by a function without a public type
    import docx as library

    return library.Document()


def test_paragraphs_and_tables_of_a_word_document_are_read_in_order(shelf: "Shelf") -> None:
    document = docx()
    document.core_properties.title = "Brass"
    document.core_properties.author = "I. Marrow"
    document.add_heading("The foundry", 1)
    document.add_paragraph("It belongs to Ines Marrow.")
    table = document.add_table(2, 2)
    for i, words in enumerate(["Item", "Price", "Brass", "3 shillings"]):
        table.cell(i // 2, i % 2).text = words
    document.add_paragraph("After the table.")
    document.save(str(shelf.folder / "a.docx"))
    read_back = shelf.one(shelf.folder / "a.docx")
    assert read_back.text == (
        "The foundry\n\nIt belongs to Ines Marrow.\n\nItem | Price\nBrass | 3 shillings\n\nAfter the table."
    )
    assert (read_back.title, read_back.author) == ("Brass", "I. Marrow")


def test_inserted_words_are_in_and_deleted_words_are_not(shelf: "Shelf") -> None:
    from docx.oxml import parse_xml

    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = docx()
    paragraph = document.add_paragraph("The clock ")
    for xml in (
        f"<w:ins {w}><w:r><w:t>struck</w:t></w:r></w:ins>",
        f"<w:del {w}><w:r><w:delText>stopped</w:delText></w:r></w:del>",
        f"<w:sdt {w}><w:sdtContent><w:r><w:t xml:space='preserve'> nine</w:t><w:tab/><w:t>x</w:t></w:r></w:sdtContent></w:sdt>",
    ):
        paragraph._p.append(parse_xml(xml))
    document.save(str(shelf.folder / "a.docx"))
    assert shelf.one(shelf.folder / "a.docx").text == "The clock struck nine\tx"


def test_a_table_within_a_table_is_read_once(shelf: "Shelf") -> None:
    document = docx()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "outer"
    cell.add_table(1, 2).cell(0, 1).text = "inner"
    document.save(str(shelf.folder / "a.docx"))
    assert shelf.one(shelf.folder / "a.docx").text.count("inner") == 1


def test_a_book_is_read_in_the_order_of_its_spine(shelf: "Shelf") -> None:
    document = shelf.one(shelf.write("a.epub", shelf.epub()))
    assert document.text == "One\n\nFirst chapter.\n\nSecond chapter."
    assert (document.title, document.author, document.year) == ("The Brass Year", "Ines Marrow", 1911)


def test_a_protected_book_is_skipped(shelf: "Shelf") -> None:
    encryption = '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><CipherReference URI="OEBPS/one.xhtml"/></encryption>'
    book = shelf.epub(**{"META-INF__encryption.xml": encryption})
    assert "DRM" in shelf.reason(shelf.write("a.epub", book))
