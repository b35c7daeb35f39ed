"""Which files are meant, where ids come from, standard input, large files."""

import io
import json
import os
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.model import Document
from kg.reading import Skipped, read

if TYPE_CHECKING:
    from tests.kg.reading.conftest import Shelf


@pytest.fixture
def folder(shelf: "Shelf") -> Path:
    root = shelf.folder / "docs"
    for name in ("b.txt", "a.txt", "sub/c.md", ".hidden/x.txt", ".y.txt", "~$z.docx", "sub/.git/config"):
        shelf.write(root / name, f"Words of {name}.")
    return root


def test_a_folder_is_read_through_in_order_without_hidden_files(shelf: "Shelf", folder: Path) -> None:
    assert [Path(document.source).name for document in shelf.documents(folder)] == ["a.txt", "b.txt", "c.md"]


def test_ids_do_not_depend_on_where_the_folder_is_or_how_it_is_named(
    shelf: "Shelf", folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = {document.id for document in shelf.documents(folder)}
    monkeypatch.chdir(folder)
    assert {document.id for document in shelf.documents(".")} == ids
    assert {document.id for document in shelf.documents("../docs/")} == ids
    monkeypatch.chdir(folder.parent)
    folder.rename(folder.parent / "papers")
    assert {document.id for document in shelf.documents("papers")} == ids
    assert {document.id for document in shelf.documents("papers/**/*.*")} == ids


def test_a_file_named_twice_is_read_once_in_any_order(shelf: "Shelf", folder: Path) -> None:
    both = shelf.documents(folder / "sub", folder, folder / "a.txt")
    assert [document.id for document in both] == [document.id for document in shelf.documents(folder)]
    assert both == shelf.documents(folder / "a.txt", folder, folder / "sub")


def test_files_of_one_name_in_two_folders_are_two_documents_in_any_order(shelf: "Shelf") -> None:
    first = shelf.write("one/readme.txt", "First words.")
    second = shelf.write("two/readme.txt", "Second words.")
    found = shelf.documents(first.parent, second.parent)
    assert {document.text for document in found} == {"First words.", "Second words."}
    assert len({document.id for document in found}) == 2
    assert found == shelf.documents(second.parent, first.parent)
    assert shelf.one(first).id == found[0].id


def test_two_files_with_the_same_words_are_two_documents(shelf: "Shelf") -> None:
    shelf.write("a.txt", shelf.words)
    shelf.write("b.txt", shelf.words)
    first, second = shelf.documents(shelf.folder)
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


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(shelf: "Shelf") -> None:
    assert shelf.one(shelf.write("a[1].txt", shelf.words)).text == shelf.words


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_opened_is_skipped(shelf: "Shelf") -> None:
    path = shelf.write("a.txt", shelf.words)
    path.chmod(0)
    assert "Permission denied" in shelf.reason(path)


def test_a_pipe_within_a_folder_does_not_hang(shelf: "Shelf") -> None:
    os.mkfifo(shelf.folder / "pipe.txt")
    assert "not a regular file" in shelf.reason(shelf.folder)


def test_a_name_that_is_no_utf8_can_be_stored(shelf: "Shelf") -> None:
    (shelf.folder / os.fsdecode(b"caf\xe9.txt")).write_text(shelf.words)
    document = shelf.one(shelf.folder)
    (document.source + document.title).encode("utf-8")


def test_a_corpus_within_the_folder_is_left_out(shelf: "Shelf", folder: Path) -> None:
    shelf.write(folder / "own.kg" / "graph.sqlite", "x")
    shelf.write(folder / "own.kg" / "runs" / "report.txt", shelf.words)
    assert len(shelf.documents(folder)) == 3


def pipe(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input_is_read_whatever_its_kind(shelf: "Shelf", monkeypatch: pytest.MonkeyPatch) -> None:
    kinds: Iterator[tuple[bytes, str]] = iter(
        [
            (b"\n  Tide clock\nwords", "\n  Tide clock\nwords"),
            (shelf.pdf(shelf.words), shelf.words),
            (b"<html><body><p>Brass", "Brass"),
            (b'{"text": "One."}', "One."),
            ("潮钟停了，没有人知道为什么。".encode("gb18030"), "潮钟停了，没有人知道为什么。"),
        ]
    )
    for data, text in kinds:
        pipe(monkeypatch, data)
        (document,) = shelf.documents("-")
        assert document.text == text
        assert document.source.startswith("stdin")


def test_two_texts_through_a_pipe_are_two_documents_and_the_same_one_twice_is_one(
    shelf: "Shelf",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = []
    for data in (b"One text.", b"Other text.", b"One text."):
        pipe(monkeypatch, data)
        ids.append(shelf.documents("-")[0].id)
    assert ids[0] == ids[2] != ids[1]


def test_a_language_that_was_asked_for_is_every_documents(shelf: "Shelf") -> None:
    assert shelf.one(shelf.write("a.txt", "潮钟停了"), language="fr").language == "fr"


def test_a_missing_library_is_answered_with_the_line_that_installs_it(
    shelf: "Shelf", monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {
        "a.pdf": (shelf.pdf(shelf.words), "pypdf"),
        "a.docx": (shelf.archive(a="b"), "docx"),
        "a.html": (b"<p>x", "lxml"),
        "a.epub": (shelf.epub(), "lxml"),
    }
    for module in ("pypdf", "docx", "lxml", "lxml.etree"):
        monkeypatch.setitem(sys.modules, module, None)
    for name, (data, library) in contents.items():
        seen = shelf.reason(shelf.write(shelf.folder / name, data))
        assert library in seen
        assert "pip install 'entigraph[formats]'" in seen


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["txt", "html", "jsonl"])
def test_a_large_file_is_read_in_a_few_times_its_size(shelf: "Shelf", ending: str) -> None:
    line = "The tide clock of Saltmere stopped — nobody knew why.\n"
    if ending == "jsonl":
        line = json.dumps({"text": line * 400}) + "\n"
    size = 10_000_000
    path = shelf.write(f"a.{ending}", line * (size // len(line)))
    tracemalloc.start()
    try:
        characters = sum(len(item.text) for item in read(path) if isinstance(item, Document))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert characters > size * 0.85
    assert peak < 8 * size
