"""Archives and XML that mean harm."""

import random
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from kg.formats import FORMATS
from kg.reading import Skipped, read

if TYPE_CHECKING:
    from tests.kg.reading.conftest import Shelf


@pytest.mark.parametrize("ending", ["docx", "epub"])
def test_a_truncated_archive_is_skipped(shelf: "Shelf", ending: str) -> None:
    assert "cut short" in shelf.reason(shelf.write(f"a.{ending}", shelf.epub()[:-60]))


@pytest.mark.parametrize("ending", ["docx", "epub"])
def test_an_archive_that_is_something_else_is_skipped(shelf: "Shelf", ending: str) -> None:
    assert shelf.reason(shelf.write(f"a.{ending}", shelf.archive(a="b")))


@pytest.mark.parametrize("ending", ["docx", "epub"])
def test_a_bomb_is_not_unpacked(shelf: "Shelf", ending: str) -> None:
    bomb = shelf.write(f"a.{ending}", shelf.epub(**{"OEBPS__one.xhtml": b"<p>" + b" " * 40_000_000}))
    tracemalloc.start()
    try:
        assert "would unpack to" in shelf.reason(bomb)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_an_archive_with_a_broken_member_is_skipped(shelf: "Shelf") -> None:
    data = bytearray(shelf.epub())
    at = data.index(b"OEBPS/one.xhtml") + len("OEBPS/one.xhtml") + 5
    data[at : at + 20] = b"\xff" * 20
    assert "cannot be unpacked" in shelf.reason(shelf.write("a.epub", bytes(data)))


def test_entities_that_unpack_without_end_are_not_followed(shelf: "Shelf") -> None:
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    opf = f'<!DOCTYPE p [<!ENTITY e0 "boom">{levels}]>' + shelf.package.replace("The Brass Year", "&e11;")
    began = time.perf_counter()
    found = list(read(shelf.write("a.epub", shelf.epub(**{"OEBPS__book.opf": opf}))))
    assert len(found) == 1
    assert time.perf_counter() - began < 5
    assert isinstance(found[0], Skipped) or "boom" * 100 not in found[0].title


def test_a_file_of_this_machine_is_not_read_through_an_entity(shelf: "Shelf") -> None:
    secret = shelf.write("secret.txt", "very secret")
    opf = f'<!DOCTYPE p [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + shelf.package.replace(
        "The Brass Year", "t&x;"
    )
    found = list(read(shelf.write("a.epub", shelf.epub(**{"OEBPS__book.opf": opf}))))
    assert "very secret" not in str(found)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_a_damaged_file_is_read_or_skipped_but_never_raises(shelf: "Shelf", ending: str) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph(shelf.words)
    document.save(str(shelf.folder / "whole.docx"))
    whole = {
        "csv": b'id,text\n1,"a ""b"" c"\n2,words\n',
        "docx": (shelf.folder / "whole.docx").read_bytes(),
        "epub": shelf.epub(),
        "html": b"<html><head><title>x</title></head><body><ul><li>a<table><tr><td>b</table></ul><pre> c</body>",
        "json": b'[{"text": "a"}, {"text": "b"}]',
        "jsonl": b'{"id": 1, "text": "a"}\n{"text": "b"}\n',
        "md": b"---\ntitle: x\n---\n# Heading\n\nwords",
        "pdf": shelf.pdf(shelf.words, "second"),
        "txt": shelf.words.encode("utf-16"),
    }[ending]
    rng = random.Random(5)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(rng.choice([1, 2, 5, 30])):
            at = rng.randrange(len(data))
            kind = rng.random()
            if kind < 0.5:
                data[at] = rng.randrange(256)
            elif kind < 0.7:
                del data[at : at + rng.randrange(1, 40)]
                data = data or bytearray(b"x")
            else:
                data[at:at] = rng.randbytes(10) if kind < 0.9 else data[at : at + 200]
        for item in read(shelf.write(f"a.{ending}", bytes(data))):
            said = (
                item.source + item.reason
                if isinstance(item, Skipped)
                else item.source + item.title + item.text
            )
            said.encode("utf-8")
