"""Tables: JSON lines, JSON and CSV, one document a row."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.model import Document
from kg.reading import Skipped, read

if TYPE_CHECKING:
    from tests.kg.reading.conftest import Shelf


def test_each_line_of_json_is_a_document_with_its_own_facts(shelf: "Shelf") -> None:
    rows = [
        {
            "id": "x7",
            "text": shelf.words,
            "title": "Clock",
            "author": ["A. One", "B. Two"],
            "year": "May 1911",
        },
        {"text": "A second text about the harbour."},
    ]
    path = shelf.write("a.jsonl", "\n".join(map(json.dumps, rows)) + "\n\n")
    first, second = shelf.documents(path)
    assert (first.title, first.author, first.year) == ("Clock", "A. One, B. Two", 1911)
    assert (first.source, second.source) == (f"{path}#x7", f"{path}#2")
    assert second.title == "a 2"


def test_a_row_keeps_its_id_when_rows_are_added_before_it(shelf: "Shelf") -> None:
    path = shelf.write("a.jsonl", '{"id": 7, "text": "The clock stopped."}')
    before = shelf.one(path).id
    shelf.write(path, '{"id": 6, "text": "New."}\n{"id": 7, "text": "The clock stopped."}')
    assert before in {document.id for document in shelf.documents(path)}


def test_the_same_words_under_the_same_key_are_one_document_and_other_words_are_another(
    shelf: "Shelf",
) -> None:
    rows = [
        {"id": 1, "text": "One."},
        {"id": 1, "text": "One."},
        {"id": 1, "text": "Other."},
        {"id": 2, "text": "One."},
    ]
    found = shelf.documents(shelf.write("a.jsonl", "\n".join(map(json.dumps, rows))))
    assert [document.text for document in found] == ["One.", "Other.", "One."]
    assert len({document.id for document in found}) == 3


def test_the_field_can_be_chosen(shelf: "Shelf") -> None:
    path = shelf.write("a.jsonl", '{"question": "What is it?", "text": "x"}')
    assert shelf.one(path, field="question").text == "What is it?"


def test_rows_without_text_are_answered_with_the_fields_there_are(shelf: "Shelf") -> None:
    path = shelf.write(
        shelf.folder / "a.jsonl", '{"question": "What?", "answer": 3}\n{"question": "Who?", "answer": 4}'
    )
    seen = shelf.reason(path)
    assert "none of its 2 rows" in seen
    assert "'question', 'answer'" in seen
    assert "--field" in seen
    assert "'answer'" in shelf.reason(path, field="answer")


@pytest.mark.parametrize("line", ["{", "[1]", "null", "7", "[" * 100_000, '{"text": 5}', "1" * 10_000])
def test_a_bad_line_is_reported_and_the_others_are_read(shelf: "Shelf", line: str) -> None:
    path = shelf.write("a.jsonl", f'{{"text": "One."}}\n{line}\n{{"text": "Three."}}')
    found = list(read(path))
    assert [item.text for item in found if isinstance(item, Document)] == ["One.", "Three."]
    (skipped,) = [item for item in found if isinstance(item, Skipped)]
    assert "2" in skipped.source


def test_many_bad_lines_are_counted_not_listed(shelf: "Shelf") -> None:
    path = shelf.write("a.jsonl", '{"text": "One."}\n' + "{\n" * 1000)
    skipped = [item for item in read(path) if isinstance(item, Skipped)]
    assert len(skipped) == 21
    assert skipped[-1].reason == "980 more of its rows could not be read"


def test_an_article_of_html_becomes_its_words(shelf: "Shelf") -> None:
    row = {
        "article": "<html><body><p>The <i>clock</i> stopped.</p>\n<p>Nobody &amp; nothing.</p></body></html>",
        "title": "T",
    }
    assert (
        shelf.one(shelf.write("a.jsonl", json.dumps(row))).text == "The clock stopped.\n\nNobody & nothing."
    )


def test_a_list_of_objects_is_read_as_rows(shelf: "Shelf") -> None:
    found = shelf.documents(shelf.write("a.json", '[{"text": "One."}, {"text": "Two."}]'))
    assert [document.text for document in found] == ["One.", "Two."]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_with_its_quotes_and_line_breaks(shelf: "Shelf", separator: str) -> None:
    rows = [
        ["id", "title", "text"],
        ["7", "Clock", '"He said ""no"", then\r\nleft; yes, left"'],
        ["8", "Bell", "It rang."],
    ]
    path = shelf.write("a.csv", "\ufeff" + "\r\n".join(separator.join(row) for row in rows))
    first, second = shelf.documents(path)
    assert (first.text, first.title) == ('He said "no", then\nleft; yes, left', "Clock")
    assert second.source == f"{path}#8"


def test_a_cell_longer_than_the_limit_of_the_csv_module_is_read(shelf: "Shelf") -> None:
    assert len(shelf.one(shelf.write("a.csv", "text\n" + "word " * 60_000)).text) > 290_000


def test_a_table_in_gb18030_whose_first_megabyte_is_ascii_is_read(shelf: "Shelf") -> None:
    data = "text\n" + "word " * 250_000 + "\n" + "潮钟由奥拉看守，她在港口学会了这门手艺。\n"
    assert shelf.documents(shelf.write("a.csv", data.encode("gb18030")))[1].text.startswith("潮钟由奥拉看守")


def test_the_quality_article_is_one_document_although_two_rows_hold_it(
    shelf: "Shelf", real_data: Path
) -> None:
    document = shelf.one(real_data / "quality" / "quality_52845.jsonl")
    assert (document.title, document.author, document.year) == (
        "The Girl in His Mind",
        "Young, Robert F.",
        1950,
    )
    assert (len(document.text), document.language) == (28_029, "en")
