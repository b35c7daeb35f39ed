"""Paragraphs without Markdown marks, every character traceable to the document."""

import re

from hypothesis import given
from hypothesis import strategies as st

from kg.extract.paragraphs import Paragraph, paragraphs
from kg.model import Chunk


def of(text: str) -> list[Paragraph]:
    return list(paragraphs(text, Chunk.make("d", text, 0, 0, len(text))))


def test_wrapped_lines_are_one_paragraph_and_blank_lines_part_them() -> None:
    assert [one.text for one in of("one\ntwo\n\nthree.")] == ["one two", "three."]


def test_marks_go_and_offsets_stay() -> None:
    text = "Orla **Finch** keeps the _tide clock_ and [a book](http://x.example/y)."
    [one] = of(text)
    assert one.text == "Orla Finch keeps the tide clock and a book."
    for word in re.finditer(r"\w+", one.text):
        start, end = one.place(*word.span())
        assert text[start:end] == word[0]


def test_emphasis_is_remembered_with_its_strength() -> None:
    [one] = of("the **chain hook** and the *Patience*, x_y_z.")
    assert [(one.text[a:b], strong) for a, b, strong in one.marked] == [
        ("chain hook", True),
        ("Patience", False),
    ]


def test_headings_items_and_rows_are_told_apart() -> None:
    text = "# Head\nText one.\n- item one\n  goes on\n- item two\n\n| A | B |\n|---|---|\n| c | d |\n\nShort line\n"
    assert [(one.kind, one.text) for one in of(text)] == [
        ("heading", "Head"),
        ("body", "Text one."),
        ("item", "item one goes on"),
        ("item", "item two"),
        ("row", "c , d"),
        ("heading", "Short line"),
    ]


def test_code_is_left_out() -> None:
    assert [one.text for one in of("before.\n```\nOrla = 1\n```\nafter.")] == ["before.", "after."]


def test_a_line_of_a_million_characters_comes_in_parts() -> None:
    text = "word " * 10_000
    parts = of(text)
    assert len(parts) > 2
    assert " ".join(part.text for part in parts).split() == text.split()


@given(st.text(alphabet="ab *_#>|-`[]()\n.1", max_size=80))
def test_every_kept_character_is_where_it_says(text: str) -> None:
    for one in of(text):
        for i, character in enumerate(one.text):
            start, end = one.place(i, i + 1)
            assert end == start + 1
            assert text[start] == character or character in " ,"
