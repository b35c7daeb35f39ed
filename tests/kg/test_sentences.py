"""Sentences by offsets: where they end, where they do not, and that nothing is lost."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.sentences import sentences


def split(text: str, language: str = "und") -> list[str]:
    return [text[start:end] for start, end in sentences(text, language=language)]


@pytest.mark.parametrize(
    "whole",
    [
        "Dr. Orla Finch met Mr. Keel and Mrs. Marrow, e.g. at the harbour, i.e. by the sea.",
        "It cost 3.50 a yard in No. 5, see Fig. 2 and pp. 7 of vol. 3.",
        "J. R. Keel and J.R.R. Finch of the U.S. Navy wrote to Keel & Co. Ltd about it.",
        "He came at 5 p.m. and left.",
        "“Too much!” she said.",
        "“Is she free?” Nathan Blake asked.",
        "Visit www.example.com or read v2.0.1 of it.",
        "It was... nothing.",
        "He paid St. Mary's of St. Petersburg.",
        "“走吧！”老人说。",
        "他想……然后走了。",
        "学生模型(如GPT-3.5)在图3.2中。",
        "a line that was\nwrapped in the middle of it.",
    ],
)
def test_one_sentence_stays_one(whole: str) -> None:
    assert split(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It stopped. Nobody knew! Why? Orla wept.", ["It stopped.", "Nobody knew!", "Why?", "Orla wept."]),
        ("He said no. Then he left.", ["He said no.", "Then he left."]),
        ("“It stopped.” He left. (It was so.) Then", ["“It stopped.”", "He left.", "(It was so.)", "Then"]),
        ("They moved to the U.S. The clock stayed.", ["They moved to the U.S.", "The clock stayed."]),
        ("It ended in 1911. A new one was built.", ["It ended in 1911.", "A new one was built."]),
        ("So it went... Then it stopped.", ["So it went...", "Then it stopped."]),
        ("潮钟停了。没人知道为什么！真的吗？是。", ["潮钟停了。", "没人知道为什么！", "真的吗？", "是。"]),
        ("他说：“走吧。”老人没有回答。", ["他说：“走吧。”", "老人没有回答。"]),
        ("“你呢？”他没有回答。", ["“你呢？”", "他没有回答。"]),
        ("「行。」『好！』走了。", ["「行。」", "『好！』", "走了。"]),
        ("中文一句。Then English. 然后中文.再来。", ["中文一句。", "Then English.", "然后中文.", "再来。"]),
        ("نعم. هل توقفت؟ لا.", ["نعم.", "هل توقفت؟", "لا."]),
        ("# Title\nFirst line.\n\nNo stop here\n\nNext", ["# Title", "First line.", "No stop here", "Next"]),
        ("- one\n- two\n1. First. More\n2. Second", ["- one", "- two", "1. First.", "More", "2. Second"]),
        ("| a | b |\n| c | d |\ntext", ["| a | b |", "| c | d |", "text"]),
    ],
)
def test_sentences_end_where_a_reader_sees_it(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_a_german_ordinal_ends_no_sentence_in_german() -> None:
    assert split("Er kam am 3. Mai. Gut.", "de") == ["Er kam am 3. Mai.", "Gut."]


def test_only_the_stretch_asked_for_is_looked_at() -> None:
    text = "Before. It stopped. Orla wept. After."
    assert [text[a:b] for a, b in sentences(text, 8, 30)] == ["It stopped.", "Orla wept."]


PARTS = [
    *"aZ9 .!?\n\t\"'”“’…。！？」「：说-#|1)(\u3000\U0001f600\u0301",
    "No",
    "Dr",
    "e.g",
    "他说",
    "she said",
]
hostile = st.lists(st.sampled_from(PARTS)).map("".join)


@settings(max_examples=500)
@given(st.one_of(hostile, st.text()), st.sampled_from(["en", "de", "zh", "und"]))
def test_no_character_is_lost_and_spans_are_trimmed_and_in_order(text: str, language: str) -> None:
    at = 0
    for start, end in sentences(text, language=language):
        assert text[at:start].strip() == ""
        assert start < end
        assert text[start:end] == text[start:end].strip()
        at = end
    assert text[at:].strip() == ""


@given(hostile, st.integers(0, 40), st.integers(0, 40))
def test_spans_stay_within_what_was_asked_for(text: str, first: int, second: int) -> None:
    start, end = sorted((min(first, len(text)), min(second, len(text))))
    assert all(start <= a < b <= end for a, b in sentences(text, start, end))


@pytest.mark.parametrize(
    "text",
    [
        "." * 10**6,
        " " * 10**6 + "a",
        "a" + " " * 10**6 + "b",
        "…" * 10**6,
        "\n" * 10**6,
        ".) " * 10**5,
        "。”" * 10**5,
        "\n " * 10**5,
        "#" * 10**6,
    ],
    ids=[
        "stops",
        "spaces",
        "spaces inside",
        "ellipses",
        "lines",
        "brackets",
        "quotes",
        "blank lines",
        "marks",
    ],
)
def test_monotonous_text_takes_linear_time(text: str) -> None:
    began = time.perf_counter()
    sentences(text)
    assert time.perf_counter() - began < 5
