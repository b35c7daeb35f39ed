"""Documents from files of every kind; what cannot be read is skipped with its reason."""

import io
import json
import os
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.encodings import clean, decode
from kg.formats import FORMATS, SUFFIXES
from kg.model import Document
from kg.reading import Skipped, read

QUALITY = Path(__file__).parents[2].parent / "shared" / "data" / "quality" / "quality_52845.jsonl"
WORDS = "The tide clock of Saltmere stopped in the winter of the great frost."


def documents(*sources: Path | str, **options: str) -> list[Document]:
    found = list(read(*sources, **options))
    assert all(isinstance(item, Document) for item in found), found
    return [item for item in found if isinstance(item, Document)]


def one(source: Path, **options: str) -> Document:
    (document,) = documents(source, **options)
    return document


def reason(source: Path | str, **options: str) -> str:
    (skipped,) = read(source, **options)
    assert isinstance(skipped, Skipped), skipped
    return skipped.reason


def write(path: Path, content: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return path


# ---- making real files -----------------------------------------------------------------------------


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


def archive(**members: str | bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/"), content)
    return written.getvalue()


CONTAINER = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>The Brass Year</dc:title><dc:creator>Ines Marrow</dc:creator><dc:date>1911-05-01</dc:date><dc:language>en-GB</dc:language></metadata>
<manifest><item id="b" href="two%20b.xhtml" media-type="application/xhtml+xml"/><item id="a" href="one.xhtml" media-type="application/xhtml+xml"/>
<item id="pic" href="pic.png" media-type="image/png"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>"""


def epub(**more: str | bytes) -> bytes:
    pages = {
        "META-INF__container.xml": CONTAINER,
        "OEBPS__book.opf": PACKAGE,
        "OEBPS__two b.xhtml": "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><p>Second chapter.</p></body></html>",
        "OEBPS__one.xhtml": "<html><head><title>x</title></head><body><h1>One</h1><p>First chapter.</p></body></html>",
    }
    return archive(**{"mimetype": "application/epub+zip", **pages, **more})


# ---- text and its encodings ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Saltmere — 潮钟"),
        ("utf-8-sig", "Saltmere — 潮钟"),
        ("utf-16", "Saltmere — 潮钟"),
        ("utf-16-le", "The tide clock of Saltmere.\nIt stopped."),
        ("utf-16-be", "The tide clock of Saltmere.\nIt stopped."),
        ("utf-32", "Saltmere — 潮钟"),
        ("gb18030", "潮钟由奥拉·芬奇看守。她在港口学会了这门手艺。"),
        ("big5", "老鐘錶匠住在山谷裡，他的女兒每天去港口。"),
        ("shift_jis", "古い時計職人は谷に住んでいます。"),
        ("cp1252", "The café owner’s naïve friend — “Zoë” — paid £5."),
        ("latin-1", "Le café était fermé à cause de la fête."),
        ("cp1251", "Старый часовщик живёт в долине."),
        ("euc-kr", "늙은 시계공은 골짜기에 산다."),
    ],
)
def test_a_text_is_read_in_its_encoding(tmp_path: Path, encoding: str, text: str) -> None:
    assert one(write(tmp_path / "a.txt", text.encode(encoding))).text == text


def test_one_broken_byte_does_not_make_utf8_something_else(tmp_path: Path) -> None:
    data = "潮钟停了。".encode() * 20 + b"\xff" + "港口".encode()
    assert one(write(tmp_path / "a.txt", data)).text == "潮钟停了。" * 20 + "\ufffd港口"


def test_all_line_ends_become_one_kind(tmp_path: Path) -> None:
    assert one(write(tmp_path / "a.txt", b"one\r\ntwo\rthree\nfour")).text == "one\ntwo\nthree\nfour"


def test_nul_and_lone_surrogates_are_replaced(tmp_path: Path) -> None:
    rows = json.dumps({"text": "a\ud800b \ud83d\ude00 c\x00 and more"})
    assert one(write(tmp_path / "a.jsonl", rows)).text == "a\ufffdb \U0001f600 c\ufffd and more"
    assert one(write(tmp_path / "a.txt", WORDS.encode() + b"\0 end")).text == WORDS + "\ufffd end"


def test_right_to_left_text_is_kept_as_it_is(tmp_path: Path) -> None:
    text = "\u200fהשעון של Saltmere נעצר. الساعة توقفت\u202c"
    document = one(write(tmp_path / "a.txt", text))
    assert (document.text, document.language) == (text, "he")


@given(st.text())
def test_cleaning_twice_is_cleaning_once_and_gives_what_can_be_stored(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned or cleaned.startswith("\ufeff")
    assert "\0" not in cleaned
    assert "\r" not in cleaned
    cleaned.encode("utf-8")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_is_decoded_exactly(text: str) -> None:
    assert decode(text.encode("utf-8")) == text.removeprefix("\ufeff")


def test_an_empty_file_is_skipped(tmp_path: Path) -> None:
    for name in FORMATS:
        assert "empty (0 bytes)" in reason(write(tmp_path / f"a.{name}", b"")), name
    assert "no text" in reason(write(tmp_path / "blank.txt", b" \n\n "))


@pytest.mark.parametrize(
    "name", ["a.txt", "a.md", "a.csv", "a.jsonl", "a.html", "a.docx", "a.epub", "a.pdf", "a.xyz", "a"]
)
def test_binary_rubbish_is_skipped_with_a_reason(tmp_path: Path, name: str) -> None:
    rubbish = bytes((i * 7919 + i * i * 31) % 256 for i in range(5000))
    assert len(reason(write(tmp_path / name, rubbish))) > 15


def test_an_unknown_ending_is_read_if_it_looks_like_text(tmp_path: Path) -> None:
    assert one(write(tmp_path / "a.rst", WORDS)).text == WORDS
    assert one(write(tmp_path / "NOTES", WORDS)).title == "NOTES"


def test_an_unknown_ending_that_is_no_text_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    seen = reason(write(tmp_path / "a.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9))
    assert "'.png' files are not read" in seen
    assert all(f".{ending}" in seen for ending in SUFFIXES)


def test_a_wrong_ending_does_not_mislead(tmp_path: Path) -> None:
    assert "tide clock" in one(write(tmp_path / "a.txt", pdf(WORDS))).text
    assert "First chapter" in one(write(tmp_path / "b", epub())).text
    assert one(write(tmp_path / "c", "<!DOCTYPE html><p>Brass &amp; rope")).text == "Brass & rope"


# ---- Markdown --------------------------------------------------------------------------------------


def test_front_matter_is_used_and_taken_away(tmp_path: Path) -> None:
    text = '---\ntitle: "Tide Clock"\nauthor: O. Finch\nyear: 1911\nlanguage: en\ntags:\n  - a\n- b\n---\n\n\n# Heading\n\nWords *as they are*.\n'
    document = one(write(tmp_path / "a.md", text))
    assert (document.title, document.author, document.year) == ("Tide Clock", "O. Finch", 1911)
    assert document.text == "# Heading\n\nWords *as they are*.\n"


def test_a_rule_at_the_top_is_not_front_matter(tmp_path: Path) -> None:
    text = "---\nOnce there was a clock.\n---\nIt stopped.\n"
    assert one(write(tmp_path / "a.md", text)).text == text


def test_the_first_heading_is_the_title_where_nothing_else_says(tmp_path: Path) -> None:
    assert one(write(tmp_path / "a.md", "# The Brass Year #\n\nWords.")).title == "The Brass Year"
    assert one(write(tmp_path / "b.md", "Words.\n\n# Later")).title == "b"


# ---- HTML ------------------------------------------------------------------------------------------

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>The  Tide
 Clock</title><meta name="author" content="O. Finch"><meta property="article:published_time" content="1921-03-04">
<style>b{color:red}</style></head><body><script>alert('x < y')</script><h1>Saltmere</h1><p>The <b>tide</b>  clock
was built.</p><ul><li>One</li><li>Two <b>bold</b></li></ul><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>
line<br>next<pre>  keep
   this</pre>&amp; 潮钟 &#x1F600;<!-- hidden --></body></html>"""


def test_a_page_becomes_its_words_block_by_block(tmp_path: Path) -> None:
    document = one(write(tmp_path / "a.html", PAGE))
    assert document.text == (
        "Saltmere\n\nThe tide clock was built.\n\n- One\n- Two bold\n\nA | B\n1 | 2\n\nline\nnext\n\n  keep\n   this\n\n& 潮钟 \U0001f600"
    )
    assert (document.title, document.author, document.year, document.language) == (
        "The Tide Clock",
        "O. Finch",
        1921,
        "en",
    )


def test_a_page_is_read_in_the_encoding_it_declares(tmp_path: Path) -> None:
    page = (
        '<html><head><meta charset="iso-8859-2"></head><body><p>Zegarmistrz żyje w dolinie</p></body></html>'
    )
    assert one(write(tmp_path / "a.htm", page.encode("iso-8859-2"))).text == "Zegarmistrz żyje w dolinie"


def test_a_page_nested_a_hundred_thousand_deep_is_read(tmp_path: Path) -> None:
    page = "<html><body>" + "<div>" * 100_000 + "deep" + "</div>" * 100_000 + "<p>after</p>"
    assert one(write(tmp_path / "a.html", page)).text == "deep\n\nafter"


@pytest.mark.parametrize("page", ["<script>x", "<p", "<!--", "<![CDATA[x", "<html></html>", "&#xD800;&#0;"])
def test_a_broken_page_is_read_or_skipped_but_never_raises(tmp_path: Path, page: str) -> None:
    (item,) = read(write(tmp_path / "a.html", page))
    assert isinstance(item, Skipped) or "\ud800" not in item.text


# ---- PDF -------------------------------------------------------------------------------------------


def test_a_pdf_is_read_page_by_page(tmp_path: Path) -> None:
    document = one(
        write(tmp_path / "a.pdf", pdf("The clock of Salt-\nmere stopped.", "Nobody knew.", title="Tide"))
    )
    assert document.text == "The clock of Salt-\nmere stopped.".replace("-\n", "") + "\n\nNobody knew."
    assert (document.title, document.author) == ("Tide", "O. Finch")


def test_a_pdf_that_opens_without_a_password_is_read(tmp_path: Path) -> None:
    assert one(write(tmp_path / "a.pdf", pdf(WORDS, password=""))).text == WORDS


def test_a_pdf_with_a_password_is_skipped(tmp_path: Path) -> None:
    assert "encrypted" in reason(write(tmp_path / "a.pdf", pdf(WORDS, password="secret")))


def test_a_scan_is_skipped_and_ocr_named(tmp_path: Path) -> None:
    assert "OCR" in reason(write(tmp_path / "a.pdf", pdf("", "")))


@pytest.mark.parametrize("cut", [20, 300, 700])
@pytest.mark.filterwarnings("ignore")
def test_a_pdf_cut_short_is_skipped_or_read_but_never_raises(tmp_path: Path, cut: int) -> None:
    (item,) = read(write(tmp_path / "a.pdf", pdf(WORDS)[:cut]))
    assert isinstance(item, Skipped) or item.text == WORDS


# ---- Word ------------------------------------------------------------------------------------------


def docx() -> Any:  # Any: python-docx opens documents by a function without a public type
    import docx as library

    return library.Document()


def test_paragraphs_and_tables_of_a_word_document_are_read_in_order(tmp_path: Path) -> None:
    document = docx()
    document.core_properties.title = "Brass"
    document.core_properties.author = "I. Marrow"
    document.add_heading("The foundry", 1)
    document.add_paragraph("It belongs to Ines Marrow.")
    table = document.add_table(2, 2)
    for i, words in enumerate(["Item", "Price", "Brass", "3 shillings"]):
        table.cell(i // 2, i % 2).text = words
    document.add_paragraph("After the table.")
    document.save(str(tmp_path / "a.docx"))
    read_back = one(tmp_path / "a.docx")
    assert read_back.text == (
        "The foundry\n\nIt belongs to Ines Marrow.\n\nItem | Price\nBrass | 3 shillings\n\nAfter the table."
    )
    assert (read_back.title, read_back.author) == ("Brass", "I. Marrow")


def test_inserted_words_are_in_and_deleted_words_are_not(tmp_path: Path) -> None:
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
    document.save(str(tmp_path / "a.docx"))
    assert one(tmp_path / "a.docx").text == "The clock struck nine\tx"


def test_a_table_within_a_table_is_read_once(tmp_path: Path) -> None:
    document = docx()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "outer"
    cell.add_table(1, 2).cell(0, 1).text = "inner"
    document.save(str(tmp_path / "a.docx"))
    assert one(tmp_path / "a.docx").text.count("inner") == 1


# ---- archives that mean harm -----------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["docx", "epub"])
def test_a_truncated_archive_is_skipped(tmp_path: Path, ending: str) -> None:
    assert "cut short" in reason(write(tmp_path / f"a.{ending}", epub()[:-60]))


@pytest.mark.parametrize("ending", ["docx", "epub"])
def test_an_archive_that_is_something_else_is_skipped(tmp_path: Path, ending: str) -> None:
    assert reason(write(tmp_path / f"a.{ending}", archive(a="b")))


@pytest.mark.parametrize("ending", ["docx", "epub"])
def test_a_bomb_is_not_unpacked(tmp_path: Path, ending: str) -> None:
    bomb = write(tmp_path / f"a.{ending}", epub(**{"OEBPS__one.xhtml": b"<p>" + b" " * 40_000_000}))
    tracemalloc.start()
    try:
        assert "would unpack to" in reason(bomb)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_an_archive_with_a_broken_member_is_skipped(tmp_path: Path) -> None:
    data = bytearray(epub())
    at = data.index(b"OEBPS/one.xhtml") + len("OEBPS/one.xhtml") + 5
    data[at : at + 20] = b"\xff" * 20
    assert "cannot be unpacked" in reason(write(tmp_path / "a.epub", bytes(data)))


def test_entities_that_unpack_without_end_are_not_followed(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    opf = f'<!DOCTYPE p [<!ENTITY e0 "boom">{levels}]>' + PACKAGE.replace("The Brass Year", "&e11;")
    began = time.perf_counter()
    found = list(read(write(tmp_path / "a.epub", epub(**{"OEBPS__book.opf": opf}))))
    assert len(found) == 1
    assert time.perf_counter() - began < 5
    assert isinstance(found[0], Skipped) or "boom" * 100 not in found[0].title


def test_a_file_of_this_machine_is_not_read_through_an_entity(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.txt", "very secret")
    opf = f'<!DOCTYPE p [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + PACKAGE.replace("The Brass Year", "t&x;")
    found = list(read(write(tmp_path / "a.epub", epub(**{"OEBPS__book.opf": opf}))))
    assert "very secret" not in str(found)


# ---- EPUB ------------------------------------------------------------------------------------------


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    document = one(write(tmp_path / "a.epub", epub()))
    assert document.text == "One\n\nFirst chapter.\n\nSecond chapter."
    assert (document.title, document.author, document.year) == ("The Brass Year", "Ines Marrow", 1911)


def test_a_protected_book_is_skipped(tmp_path: Path) -> None:
    encryption = '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><CipherReference URI="OEBPS/one.xhtml"/></encryption>'
    book = epub(**{"META-INF__encryption.xml": encryption})
    assert "DRM" in reason(write(tmp_path / "a.epub", book))


# ---- rows ------------------------------------------------------------------------------------------


def test_each_line_of_json_is_a_document_with_its_own_facts(tmp_path: Path) -> None:
    rows = [
        {"id": "x7", "text": WORDS, "title": "Clock", "author": ["A. One", "B. Two"], "year": "May 1911"},
        {"text": "A second text about the harbour."},
    ]
    path = write(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows)) + "\n\n")
    first, second = documents(path)
    assert (first.title, first.author, first.year) == ("Clock", "A. One, B. Two", 1911)
    assert (first.source, second.source) == (f"{path}#x7", f"{path}#2")
    assert second.title == "a 2"


def test_a_row_keeps_its_id_when_rows_are_added_before_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"id": 7, "text": "The clock stopped."}')
    before = one(path).id
    write(path, '{"id": 6, "text": "New."}\n{"id": 7, "text": "The clock stopped."}')
    assert before in {document.id for document in documents(path)}


def test_the_same_words_under_the_same_key_are_one_document_and_other_words_are_another(
    tmp_path: Path,
) -> None:
    rows = [
        {"id": 1, "text": "One."},
        {"id": 1, "text": "One."},
        {"id": 1, "text": "Other."},
        {"id": 2, "text": "One."},
    ]
    found = documents(write(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows))))
    assert [document.text for document in found] == ["One.", "Other.", "One."]
    assert len({document.id for document in found}) == 3


def test_the_field_can_be_chosen(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"question": "What is it?", "text": "x"}')
    assert one(path, field="question").text == "What is it?"


def test_rows_without_text_are_answered_with_the_fields_there_are(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl", '{"question": "What?", "answer": 3}\n{"question": "Who?", "answer": 4}'
    )
    seen = reason(path)
    assert "none of its 2 rows" in seen
    assert "'question', 'answer'" in seen
    assert "--field" in seen
    assert "'answer'" in reason(path, field="answer")


@pytest.mark.parametrize("line", ["{", "[1]", "null", "7", "[" * 100_000, '{"text": 5}', "1" * 10_000])
def test_a_bad_line_is_reported_and_the_others_are_read(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "a.jsonl", f'{{"text": "One."}}\n{line}\n{{"text": "Three."}}')
    found = list(read(path))
    assert [item.text for item in found if isinstance(item, Document)] == ["One.", "Three."]
    (skipped,) = [item for item in found if isinstance(item, Skipped)]
    assert "2" in skipped.source


def test_many_bad_lines_are_counted_not_listed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text": "One."}\n' + "{\n" * 1000)
    skipped = [item for item in read(path) if isinstance(item, Skipped)]
    assert len(skipped) == 21
    assert skipped[-1].reason == "980 more of its rows could not be read"


def test_an_article_of_html_becomes_its_words(tmp_path: Path) -> None:
    row = {
        "article": "<html><body><p>The <i>clock</i> stopped.</p>\n<p>Nobody &amp; nothing.</p></body></html>",
        "title": "T",
    }
    assert one(write(tmp_path / "a.jsonl", json.dumps(row))).text == "The clock stopped.\n\nNobody & nothing."


def test_a_list_of_objects_is_read_as_rows(tmp_path: Path) -> None:
    found = documents(write(tmp_path / "a.json", '[{"text": "One."}, {"text": "Two."}]'))
    assert [document.text for document in found] == ["One.", "Two."]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_with_its_quotes_and_line_breaks(tmp_path: Path, separator: str) -> None:
    rows = [
        ["id", "title", "text"],
        ["7", "Clock", '"He said ""no"", then\r\nleft; yes, left"'],
        ["8", "Bell", "It rang."],
    ]
    path = write(tmp_path / "a.csv", "\ufeff" + "\r\n".join(separator.join(row) for row in rows))
    first, second = documents(path)
    assert (first.text, first.title) == ('He said "no", then\nleft; yes, left', "Clock")
    assert second.source == f"{path}#8"


def test_a_cell_longer_than_the_limit_of_the_csv_module_is_read(tmp_path: Path) -> None:
    assert len(one(write(tmp_path / "a.csv", "text\n" + "word " * 60_000)).text) > 290_000


def test_a_table_in_gb18030_whose_first_megabyte_is_ascii_is_read(tmp_path: Path) -> None:
    data = "text\n" + "word " * 250_000 + "\n" + "潮钟由奥拉看守，她在港口学会了这门手艺。\n"
    assert documents(write(tmp_path / "a.csv", data.encode("gb18030")))[1].text.startswith("潮钟由奥拉看守")


@pytest.mark.skipif(not QUALITY.exists(), reason="../shared/data/quality is not here")
def test_the_quality_article_is_one_document_although_two_rows_hold_it() -> None:
    document = one(QUALITY)
    assert (document.title, document.author, document.year) == (
        "The Girl in His Mind",
        "Young, Robert F.",
        1950,
    )
    assert (len(document.text), document.language) == (28_029, "en")


# ---- which files -----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "docs"
    for name in ("b.txt", "a.txt", "sub/c.md", ".hidden/x.txt", ".y.txt", "~$z.docx", "sub/.git/config"):
        write(root / name, f"Words of {name}.")
    return root


def test_a_folder_is_read_through_in_order_without_hidden_files(folder: Path) -> None:
    assert [Path(document.source).name for document in documents(folder)] == ["a.txt", "b.txt", "c.md"]


def test_ids_do_not_depend_on_where_the_folder_is_or_how_it_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = {document.id for document in documents(folder)}
    monkeypatch.chdir(folder)
    assert {document.id for document in documents(".")} == ids
    assert {document.id for document in documents("../docs/")} == ids
    monkeypatch.chdir(folder.parent)
    folder.rename(folder.parent / "papers")
    assert {document.id for document in documents("papers")} == ids
    assert {document.id for document in documents("papers/**/*.*")} == ids


def test_a_file_named_twice_is_read_once_in_any_order(folder: Path) -> None:
    both = documents(folder / "sub", folder, folder / "a.txt")
    assert [document.id for document in both] == [document.id for document in documents(folder)]
    assert both == documents(folder / "a.txt", folder, folder / "sub")


def test_files_of_one_name_in_two_folders_are_two_documents_in_any_order(tmp_path: Path) -> None:
    first = write(tmp_path / "one" / "readme.txt", "First words.")
    second = write(tmp_path / "two" / "readme.txt", "Second words.")
    found = documents(first.parent, second.parent)
    assert {document.text for document in found} == {"First words.", "Second words."}
    assert len({document.id for document in found}) == 2
    assert found == documents(second.parent, first.parent)
    assert one(first).id == found[0].id


def test_two_files_with_the_same_words_are_two_documents(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", WORDS)
    write(tmp_path / "b.txt", WORDS)
    first, second = documents(tmp_path)
    assert first.id != second.id
    assert first.sha256 == second.sha256


def test_links_in_a_circle_end(folder: Path) -> None:
    (folder / "sub" / "back").symlink_to(folder)
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    found = list(read(folder))
    assert len([item for item in found if isinstance(item, Document)]) == 3
    assert [item.reason for item in found if isinstance(item, Skipped)] == [
        "it cannot be opened: No such file or directory"
    ]


def test_what_is_not_there_is_skipped_and_the_rest_is_read(folder: Path) -> None:
    found = list(read(folder / "nothing.txt", folder / "a.txt", f"{folder}/*.pdf"))
    assert [item.reason for item in found if isinstance(item, Skipped)] == [
        "no file matches this pattern",
        "there is no such file or folder",
    ]
    assert len(found) == 3


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(tmp_path: Path) -> None:
    assert one(write(tmp_path / "a[1].txt", WORDS)).text == WORDS


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_opened_is_skipped(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", WORDS)
    path.chmod(0)
    assert "Permission denied" in reason(path)


def test_a_pipe_within_a_folder_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a regular file" in reason(tmp_path)


def test_a_name_that_is_no_utf8_can_be_stored(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text(WORDS)
    document = one(tmp_path)
    (document.source + document.title).encode("utf-8")


def test_a_corpus_within_the_folder_is_left_out(folder: Path) -> None:
    write(folder / "own.kg" / "graph.sqlite", "x")
    write(folder / "own.kg" / "runs" / "report.txt", WORDS)
    assert len(documents(folder)) == 3


def pipe(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input_is_read_whatever_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds: Iterator[tuple[bytes, str]] = iter(
        [
            (b"\n  Tide clock\nwords", "\n  Tide clock\nwords"),
            (pdf(WORDS), WORDS),
            (b"<html><body><p>Brass", "Brass"),
            (b'{"text": "One."}', "One."),
            ("潮钟停了，没有人知道为什么。".encode("gb18030"), "潮钟停了，没有人知道为什么。"),
        ]
    )
    for data, text in kinds:
        pipe(monkeypatch, data)
        (document,) = documents("-")
        assert document.text == text
        assert document.source.startswith("stdin")


def test_two_texts_through_a_pipe_are_two_documents_and_the_same_one_twice_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = []
    for data in (b"One text.", b"Other text.", b"One text."):
        pipe(monkeypatch, data)
        ids.append(documents("-")[0].id)
    assert ids[0] == ids[2] != ids[1]


def test_a_language_that_was_asked_for_is_every_documents(tmp_path: Path) -> None:
    assert one(write(tmp_path / "a.txt", "潮钟停了"), language="fr").language == "fr"


def test_a_missing_library_is_answered_with_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {
        "a.pdf": (pdf(WORDS), "pypdf"),
        "a.docx": (archive(a="b"), "docx"),
        "a.html": (b"<p>x", "lxml"),
        "a.epub": (epub(), "lxml"),
    }
    for module in ("pypdf", "docx", "lxml", "lxml.etree"):
        monkeypatch.setitem(sys.modules, module, None)
    for name, (data, library) in contents.items():
        seen = reason(write(tmp_path / name, data))
        assert library in seen
        assert "pip install 'entigraph[formats]'" in seen


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["txt", "html", "jsonl"])
def test_a_large_file_is_read_in_a_few_times_its_size(tmp_path: Path, ending: str) -> None:
    line = "The tide clock of Saltmere stopped — nobody knew why.\n"
    if ending == "jsonl":
        line = json.dumps({"text": line * 400}) + "\n"
    size = 10_000_000
    path = write(tmp_path / f"a.{ending}", line * (size // len(line)))
    tracemalloc.start()
    try:
        characters = sum(len(item.text) for item in read(path) if isinstance(item, Document))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert characters > size * 0.85
    assert peak < 8 * size
