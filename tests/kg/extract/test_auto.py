"""The choice by language, and what is said about it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.extract.auto import AutoExtractor
from kg.extract.capitals import CapitalsExtractor
from kg.model import Chunk, Document
from kg.store import Reading

ENGLISH = "They saw Orla Finch with Bram Keel in Saltmere."
CHINESE = "顾守拙住在眠溪镇。顾守拙离开眠溪镇。"

Make = Callable[..., tuple[Document, list[Chunk]]]


@pytest.mark.slow
@pytest.mark.pipeline
def test_each_chunk_goes_to_the_extractor_of_its_language(pipeline: Path) -> None:
    text = f"{ENGLISH}\n\n{CHINESE}"
    document = Document.make("d", text, title="d", source="d", language="en")
    cut = len(ENGLISH)
    chunks = [
        Chunk.make(document.id, "e", 0, 0, cut, "en"),
        Chunk.make(document.id, "z", 0, cut + 2, len(text), "zh"),
    ]
    reader = AutoExtractor(pipeline)
    [(_, reading)] = list(reader.read([(document, chunks)]))
    assert isinstance(reading, Reading)
    names = {one.name for one in reading.candidates}
    assert {"Orla Finch", "Bram Keel", "Saltmere", "顾守拙", "眠溪镇"} <= names
    assert [note.partition(":")[0] for note in reader.notes] == ["en (spacy)", "zh (jieba)"]


def test_without_the_pipeline_capitals_are_read_and_the_note_says_so(
    tmp_path: Path, see: Any, document_of: Make
) -> None:
    pytest.importorskip("spacy")  # without it the note names the extra
    reader = AutoExtractor(tmp_path / "none")
    reader.check()
    seen = see(reader, ENGLISH)
    assert seen.names == ["Orla Finch", "Bram Keel", "Saltmere"]
    assert any("entigraph models pull en_core_web_sm" in note for note in reader.notes)


def test_a_document_without_relations_is_named(tmp_path: Path, document_of: Make) -> None:
    reader = AutoExtractor(tmp_path / "none")
    list(reader.read([document_of("nothing here.", place="empty.md"), document_of(ENGLISH, place="full.md")]))
    assert reader.notes[-1] == "left without relations: empty.md"


def test_the_fingerprint_tells_what_is_installed(tmp_path: Path) -> None:
    assert "capitals" in AutoExtractor(tmp_path / "none").fingerprint


def test_capitals_take_no_word_that_is_also_written_small(see: Any) -> None:
    text = "Rain fell. The Rain of Orm is old. They fear rain and rain. In Orm they say so."
    assert see(CapitalsExtractor(), text).names == ["Orm"]


def test_capitals_read_cyrillic(see: Any) -> None:
    assert "Орла Финч" in see(CapitalsExtractor(), "Там жила Орла Финч с отцом.", "ru").names
