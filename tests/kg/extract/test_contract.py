"""What every extractor promises, run over the dictionary of extractors."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lm
from kg.chunks import chunk
from kg.extract import EXTRACTORS, extractor
from kg.extract.base import Extractor
from kg.extract.dictionary import Listed
from kg.model import Document, normal_name
from kg.store import Reading

ENGLISH = """# The tide clock

Orla Finch keeps the **tide clock** of Saltmere. She learned the trade from Bram Keel in the
harbour of Saltmere. The tide clock was built by Bram Keel with brass from Nant Hollow.

- Ines Marrow owns the foundry of Nant Hollow.
- "Nobody," said Keel, "oils the tide clock but Orla Finch."
"""
CHINESE = "听缸公所是顾守拙办起来的。顾守拙原是柳埠的更夫。柳埠有一支LLM2LLM听筒，听缸公所叫它“老哑巴”。"
HOSTILE = (
    "<script>alert('Orla Finch')</script> Robert'); DROP TABLE entities;-- {entities} {passage} {0} %s\x00 "
    "The \ufffd Tide Clock \u202eklatch\u202c of \U0001f525 Saltmere. מלח ים. 潮钟 in 1702. "
    + "A" * 100_000
    + " met "
    + "B" * 300
    + ".\r\n\r\n|a|b|\n|-|-|\n|Finch|Keel|\n```\ncode Finch\n```\n***\n\n\n"
)
TEXTS = {
    "english": (ENGLISH, "en"),
    "chinese": (CHINESE, "zh"),
    "mixed": (ENGLISH + CHINESE, "und"),
    "hostile": (HOSTILE, "en"),
    "hostile chinese": (HOSTILE + CHINESE, "zh"),
    "blank": ("   \n\n \t", "en"),
    "punctuation": ("... !!! ??? --- *** ___ ``` |||", "en"),
    "shouting": ("ORLA FINCH KEEPS THE TIDE CLOCK. BRAM KEEL BUILT IT.", "en"),
    "empty": ("", "en"),
}


@pytest.fixture(scope="module", params=sorted(EXTRACTORS))
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extractor]:
    name = request.param
    options: dict[str, Any] = {}
    if name == "dictionary":
        options["names"] = [
            Listed("Orla Finch", ("Finch",)),
            Listed("tide clock"),
            Listed("老哑巴"),
            Listed("A" * 90),
        ]
    if name in ("spacy", "auto"):
        options["pipeline"] = request.getfixturevalue("pipeline")
    if name != "llm":
        yield extractor(name, **options)
        return
    with (
        lm.Journal.open(tmp_path_factory.mktemp("journal")) as journal,
        lm.Session(lm.connect("echo"), journal=journal) as session,
    ):
        yield extractor(name, session=session)


@pytest.fixture(params=sorted(TEXTS))
def document(request: pytest.FixtureRequest) -> Document:
    text, language = TEXTS[request.param]
    return Document.make(request.param, text, title=request.param, source=request.param, language=language)


def the_reading(reader: Extractor, document: Document) -> Reading:
    [(same, reading)] = list(reader.read([(document, chunk(document))]))
    assert same is document
    assert isinstance(reading, Reading), reading
    return reading


@pytest.mark.slow
def test_every_mention_spells_its_surface_inside_its_chunk(reader: Extractor, document: Document) -> None:
    reading = the_reading(reader, document)
    chunks = {one.id: one for one in reading.chunks}
    candidates = {one.id for one in reading.candidates}
    for mention in reading.mentions:
        assert document.text[mention.start : mention.end] == mention.surface
        assert mention.surface == mention.surface.strip() != ""
        assert chunks[mention.chunk].start <= mention.start < mention.end <= chunks[mention.chunk].end
        assert mention.candidate in candidates


@pytest.mark.slow
def test_every_evidence_joins_two_candidates_of_the_reading(reader: Extractor, document: Document) -> None:
    reading = the_reading(reader, document)
    chunks = {one.id: one for one in reading.chunks}
    candidates = {one.id for one in reading.candidates}
    for row in reading.evidence:
        assert row.source in candidates
        assert row.target in candidates
        assert row.source != row.target
        assert row.label.strip()
        assert chunks[row.chunk].start <= row.start < row.end <= chunks[row.chunk].end


@pytest.mark.slow
def test_a_candidate_is_mentioned_and_stands_once(reader: Extractor, document: Document) -> None:
    reading = the_reading(reader, document)
    names = [normal_name(one.name) for one in reading.candidates]
    assert all(names)
    if reader.name != "auto":
        assert len(set(names)) == len(names)
    assert {one.id for one in reading.candidates} == {mention.candidate for mention in reading.mentions}
    assert len({mention.id for mention in reading.mentions}) == len(reading.mentions)
    assert len({row.id for row in reading.evidence}) == len(reading.evidence)


@pytest.mark.slow
def test_the_same_document_is_read_the_same_way_twice(reader: Extractor, document: Document) -> None:
    assert the_reading(reader, document) == the_reading(reader, document)


@pytest.mark.slow
def test_a_reading_does_not_depend_on_its_neighbours(reader: Extractor) -> None:
    text, language = TEXTS["english"]
    alone = Document.make("alone", text, title="t", source="s", language=language)
    other = Document.make(
        "other", "Saltmere saltmere. The clock, the clock!", title="t", source="o", language="en"
    )
    both = reader.read([(other, chunk(other)), (alone, chunk(alone))])
    together = {one.id: reading for one, reading in both}
    assert together[alone.id] == the_reading(reader, alone)


def test_a_fingerprint_is_a_line_that_stays(reader: Extractor) -> None:
    reader.check()
    assert reader.fingerprint == reader.fingerprint
    assert "\n" not in reader.fingerprint
    assert reader.fingerprint.startswith(reader.name)


def test_names_that_the_text_holds_are_found(reader: Extractor) -> None:
    text, language = TEXTS["english"]
    reading = the_reading(reader, Document.make("d", text, title="t", source="s", language=language))
    if reader.name in ("jieba", "llm"):
        return  # the one reads no English, the other is a model that only echoes here
    if reader.name == "auto":
        pytest.importorskip("spacy")  # without it only capitals are read
    assert {"Orla Finch", "tide clock"} <= {one.name for one in reading.candidates}
    assert reading.evidence


def test_an_unknown_extractor_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no extractor 'spaccy'\. Known: spacy"):
        extractor("spaccy")


def test_the_dictionary_lists_every_extractor(root: Path) -> None:
    assert list(EXTRACTORS) == sorted(EXTRACTORS)
    assert json.dumps(sorted(EXTRACTORS)) == '["auto", "dictionary", "jieba", "llm", "spacy"]'
