"""Text in every encoding, Markdown, and what is no text at all."""

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.encodings import clean, decode
from kg.formats import FORMATS, SUFFIXES

if TYPE_CHECKING:
    from tests.kg.reading.conftest import Shelf


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
def test_a_text_is_read_in_its_encoding(shelf: "Shelf", encoding: str, text: str) -> None:
    assert shelf.one(shelf.write("a.txt", text.encode(encoding))).text == text


def test_one_broken_byte_does_not_make_utf8_something_else(shelf: "Shelf") -> None:
    data = "潮钟停了。".encode() * 20 + b"\xff" + "港口".encode()
    assert shelf.one(shelf.write("a.txt", data)).text == "潮钟停了。" * 20 + "\ufffd港口"


def test_all_line_ends_become_one_kind(shelf: "Shelf") -> None:
    assert shelf.one(shelf.write("a.txt", b"one\r\ntwo\rthree\nfour")).text == "one\ntwo\nthree\nfour"


def test_nul_and_lone_surrogates_are_replaced(shelf: "Shelf") -> None:
    rows = json.dumps({"text": "a\ud800b \ud83d\ude00 c\x00 and more"})
    assert shelf.one(shelf.write("a.jsonl", rows)).text == "a\ufffdb \U0001f600 c\ufffd and more"
    assert (
        shelf.one(shelf.write("a.txt", shelf.words.encode() + b"\0 end")).text == shelf.words + "\ufffd end"
    )


def test_right_to_left_text_is_kept_as_it_is(shelf: "Shelf") -> None:
    text = "\u200fהשעון של Saltmere נעצר. الساعة توقفت\u202c"
    document = shelf.one(shelf.write("a.txt", text))
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


def test_an_empty_file_is_skipped(shelf: "Shelf") -> None:
    for name in FORMATS:
        assert "empty (0 bytes)" in shelf.reason(shelf.write(f"a.{name}", b"")), name
    assert "no text" in shelf.reason(shelf.write("blank.txt", b" \n\n "))


@pytest.mark.parametrize(
    "name", ["a.txt", "a.md", "a.csv", "a.jsonl", "a.html", "a.docx", "a.epub", "a.pdf", "a.xyz", "a"]
)
def test_binary_rubbish_is_skipped_with_a_reason(shelf: "Shelf", name: str) -> None:
    rubbish = bytes((i * 7919 + i * i * 31) % 256 for i in range(5000))
    assert len(shelf.reason(shelf.write(shelf.folder / name, rubbish))) > 15


def test_an_unknown_ending_is_read_if_it_looks_like_text(shelf: "Shelf") -> None:
    assert shelf.one(shelf.write("a.rst", shelf.words)).text == shelf.words
    assert shelf.one(shelf.write("NOTES", shelf.words)).title == "NOTES"


def test_an_unknown_ending_that_is_no_text_is_answered_with_the_known_ones(shelf: "Shelf") -> None:
    seen = shelf.reason(shelf.write("a.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9))
    assert "'.png' files are not read" in seen
    assert all(f".{ending}" in seen for ending in SUFFIXES)


def test_a_wrong_ending_does_not_mislead(shelf: "Shelf") -> None:
    assert "tide clock" in shelf.one(shelf.write("a.txt", shelf.pdf(shelf.words))).text
    assert "First chapter" in shelf.one(shelf.write("b", shelf.epub())).text
    assert shelf.one(shelf.write("c", "<!DOCTYPE html><p>Brass &amp; rope")).text == "Brass & rope"


def test_front_matter_is_used_and_taken_away(shelf: "Shelf") -> None:
    text = '---\ntitle: "Tide Clock"\nauthor: O. Finch\nyear: 1911\nlanguage: en\ntags:\n  - a\n- b\n---\n\n\n# Heading\n\nWords *as they are*.\n'
    document = shelf.one(shelf.write("a.md", text))
    assert (document.title, document.author, document.year) == ("Tide Clock", "O. Finch", 1911)
    assert document.text == "# Heading\n\nWords *as they are*.\n"


def test_a_rule_at_the_top_is_not_front_matter(shelf: "Shelf") -> None:
    text = "---\nOnce there was a clock.\n---\nIt stopped.\n"
    assert shelf.one(shelf.write("a.md", text)).text == text


def test_the_first_heading_is_the_title_where_nothing_else_says(shelf: "Shelf") -> None:
    assert shelf.one(shelf.write("a.md", "# The Brass Year #\n\nWords.")).title == "The Brass Year"
    assert shelf.one(shelf.write("b.md", "Words.\n\n# Later")).title == "b"
