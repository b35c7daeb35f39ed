"""A document cut into chunks: nothing lost, nothing twice, within the bound."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.chunks import chunk, fingerprint
from kg.model import Chunk, Document
from lm.tokens import estimate

ENGLISH = "Orla Finch keeps the tide clock of Saltmere. She learned the trade from Bram Keel in the harbour. "
CHINESE = "潮钟由奥拉·芬奇看守。她在盐沼港向布拉姆·基尔学会了这门手艺，花了七年。"

pieces = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            [
                ENGLISH,
                CHINESE,
                "\n\n",
                "\n",
                " ",
                "\n \t\n",
                "# Heading\n\n",
                "- item\n",
                "e\u0301" * 9,
                "“走吧！”",
                "x" * 90,
            ]
        ),
    ),
    max_size=25,
).map("".join)


def document(text: str, language: str = "und") -> Document:
    return Document.make("a.txt", text, title="a", source="a.txt", language=language)


def words(text: str, chunks: list[Chunk]) -> list[str]:
    return [text[c.start : c.end] for c in chunks]


@settings(max_examples=300, deadline=None)
@given(pieces, st.integers(1, 60))
def test_chunks_and_the_whitespace_between_them_are_the_document(text: str, bound: int) -> None:
    chunks = chunk(document(text), max_tokens=bound)
    at, rebuilt = 0, ""
    for part in chunks:
        gap = text[at : part.start]
        assert gap.strip() == ""
        assert part.start < part.end
        assert part.start >= at
        rebuilt += gap + text[part.start : part.end]
        at = part.end
    assert text[at:].strip() == ""
    assert rebuilt + text[at:] == text


@settings(max_examples=300, deadline=None)
@given(pieces, st.integers(2, 60))
def test_every_chunk_is_within_its_bound_and_is_trimmed(text: str, bound: int) -> None:
    for part in words(text, chunk(document(text), max_tokens=bound)):
        assert estimate(part) <= bound or len(part) == 1
        assert part == part.strip()


@settings(max_examples=100, deadline=None)
@given(pieces, st.integers(1, 60))
def test_ids_are_distinct_and_the_same_again(text: str, bound: int) -> None:
    first = [part.id for part in chunk(document(text), max_tokens=bound)]
    assert first == [part.id for part in chunk(document(text), max_tokens=bound)]
    assert len(set(first)) == len(first)


def test_paragraphs_stay_whole_and_share_a_chunk_while_they_fit() -> None:
    text = "One two three four.\n\nFive six seven eight.\n\nNine ten eleven twelve."
    assert words(text, chunk(document(text), max_tokens=12)) == [
        "One two three four.\n\nFive six seven eight.",
        "Nine ten eleven twelve.",
    ]


def test_a_paragraph_beyond_the_bound_is_cut_between_sentences() -> None:
    text = "The clock of Saltmere stopped. Nobody in the harbour knew why. Orla wept."
    assert words(text, chunk(document(text), max_tokens=12)) == [
        "The clock of Saltmere stopped.",
        "Nobody in the harbour knew why. Orla wept.",
    ]


def test_a_chinese_paragraph_is_cut_between_sentences() -> None:
    text = "潮钟停了三天。港口里没有人知道原因。奥拉哭了。"
    parts = words(text, chunk(document(text), max_tokens=14))
    assert parts == ["潮钟停了三天。", "港口里没有人知道原因。奥拉哭了。"] or all(
        p.endswith("。") for p in parts
    )
    assert len(parts) > 1


def test_a_sentence_beyond_the_bound_is_cut_after_a_comma_then_at_a_space() -> None:
    text = "first the brass of the old foundry, then the rope of the harbour and the bell of the tower"
    parts = words(text, chunk(document(text), max_tokens=10))
    assert parts[0] == "first the brass of the old foundry,"
    assert all(part.split()[-1] in text.split() for part in parts)


def test_a_word_beyond_the_bound_is_cut_between_characters_never_before_a_combining_mark() -> None:
    text = "e\u0301" * 50
    parts = words(text, chunk(document(text), max_tokens=3))
    assert "".join(parts) == text
    assert all(part.startswith("e") for part in parts)


def test_a_heading_goes_with_what_follows_it() -> None:
    text = (
        "# Saltmere\n\n"
        + "The harbour is old and the clock is older. " * 2
        + "\n\n## Brass\n\n"
        + "The foundry sold brass to the town. " * 2
    )
    parts = words(text, chunk(document(text), max_tokens=32))
    assert [part.splitlines()[0] for part in parts] == ["# Saltmere", "## Brass"]


def test_the_same_paragraph_twice_in_a_document_is_two_chunks() -> None:
    text = "The clock stopped.\n\nThe clock stopped."
    first, second = chunk(document(text), max_tokens=5)
    assert text[first.start : first.end] == text[second.start : second.end]
    assert first.id != second.id


def test_the_same_paragraph_in_two_documents_is_two_chunks() -> None:
    (first,) = chunk(Document.make("a.txt", "The clock stopped.", title="a", source="a.txt"))
    (second,) = chunk(Document.make("b.txt", "The clock stopped.", title="b", source="b.txt"))
    assert first.id != second.id


def test_words_added_in_front_leave_the_ids_of_later_chunks_alone() -> None:
    before = chunk(document("The clock stopped.\n\nOrla wept for days."), max_tokens=5)
    after = chunk(document("It was a cold day.\n\nThe clock stopped.\n\nOrla wept for days."), max_tokens=5)
    assert {part.id for part in before} < {part.id for part in after}


def test_each_chunk_says_its_own_language_and_falls_back_on_that_of_the_document() -> None:
    text = ENGLISH * 3 + "\n\n" + CHINESE * 4 + "\n\n" + "Saltmere 1821 " * 20
    english, chinese, name = chunk(document(text, "en"), max_tokens=160)
    assert (english.language, chinese.language, name.language) == ("en", "zh", "en")


def test_a_language_that_was_asked_for_is_every_chunks_language() -> None:
    assert [part.language for part in chunk(document(CHINESE + "\n\n" + ENGLISH), language="fr")] == ["fr"]


@pytest.mark.parametrize("text", ["", " \n\t ", "\u3000\n\n\n"])
def test_a_text_without_words_has_no_chunks(text: str) -> None:
    assert chunk(document(text)) == []


def test_a_bound_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="max_tokens=0"):
        chunk(document("a"), max_tokens=0)


def test_another_bound_or_language_is_another_fingerprint() -> None:
    assert len({fingerprint(600), fingerprint(601), fingerprint(600, "en")}) == 3


@pytest.mark.parametrize(
    "text",
    [
        "." * 100_000,
        " " * 100_000 + "a",
        "a" + " " * 100_000 + "b",
        "\n" * 100_000,
        "\n " * 50_000 + "a",
        "x" * 100_000,
        "，" * 100_000,
    ],
    ids=["stops", "spaces", "spaces inside", "lines", "blank lines", "one word", "commas"],
)
def test_monotonous_text_takes_linear_time(text: str) -> None:
    began = time.perf_counter()
    chunk(document(text), max_tokens=100)
    assert time.perf_counter() - began < 8
