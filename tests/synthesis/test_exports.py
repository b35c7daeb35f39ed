"""Training files: every format in the dictionary, provenance beside it, nothing half written."""

import json
from pathlib import Path

import pytest

from kg.model import Asked, Check, Record, Subgraph, content_id
from kg.store import Store
from synthesis.base import SynthesisError
from synthesis.exports import FORMATS, export

HOSTILE = 'Fish & "chips"\n\u2028<script>\u202e عكس 名 \\n {x}'


def record(number: int, text: str, status: str = "accepted", language: str = "en") -> Record:
    return Record(
        id=content_id("r", number),
        item=content_id("i", number),
        kind="text",
        title=f"Title {number}",
        text=text,
        language=language,
        strategy="relate",
        version="1",
        model="echo",
        subgraph=Subgraph.make(["a" * 32]),
        asked=(Asked("a" * 32, "A", (), True),),
        relations=(),
        documents=(),
        chunks=(),
        call="c" * 32,
        run="run",
        checks=(Check("numbers", "failed", "7 is not in the passages"),) if status == "rejected" else (),
        status=status,  # type: ignore[arg-type]
    )


@pytest.fixture
def written(store: Store) -> Store:
    store.upsert(
        [record(1, "One."), record(2, HOSTILE), record(3, "Bad.", "rejected"), record(4, "Old.", "stale")]
    )
    return store


def texts_of(path: Path, format: str) -> list[str]:
    if format == "parquet":
        import pyarrow.parquet

        return [str(text) for text in pyarrow.parquet.read_table(path)["text"].to_pylist()]
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    if format == "chat":
        return [row["messages"][1]["content"] for row in rows]
    return [row["text"].split("\n\n", 1)[1] for row in rows]


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_the_accepted_texts_are_there_to_the_letter_and_the_others_are_counted(
    written: Store, tmp_path: Path, format: str
) -> None:
    path = tmp_path / "out" / "file"
    report = export(written, path, format=format)
    assert sorted(texts_of(path, format)) == sorted(["One.", HOSTILE])
    assert report.texts == 2
    assert dict(report.left_out) == {"numbers": 1, "stale": 1}


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_provenance_has_a_line_for_every_text_in_the_same_order(
    written: Store, tmp_path: Path, format: str
) -> None:
    path = tmp_path / "file"
    export(written, path, format=format)
    rows = [
        json.loads(line)
        for line in (tmp_path / "file.provenance.jsonl").read_text("utf-8").split("\n")
        if line
    ]
    by_id = {r.id: r.text for r in written.read(Record)}
    assert [by_id[row["id"]] for row in rows] == texts_of(path, format)
    assert all(row["call"] == "c" * 32 for row in rows)


def test_the_title_stands_first_in_a_training_text(written: Store, tmp_path: Path) -> None:
    export(written, tmp_path / "file")
    assert '"text": "Title 1\\n\\nOne."' in (tmp_path / "file").read_text("utf-8")


def test_the_raw_baseline_holds_the_documents_themselves(written: Store, tmp_path: Path) -> None:
    report = export(written, tmp_path / "raw", source=True)
    text = (tmp_path / "raw").read_text("utf-8")
    assert report.texts == 2
    assert "a barrel of herring" in text
    assert 'The Harbour Book\\", Ada Pell, 1880.' in text


def test_nothing_to_export_says_why_and_leaves_no_file(store: Store, tmp_path: Path) -> None:
    store.upsert([record(3, "Bad.", "rejected")])
    report = export(store, tmp_path / "file")
    assert (report.texts, report.files) == (0, [])
    assert report.nothing.startswith("nothing to export (1 numbers)")
    assert not list(tmp_path.glob("file*"))


def test_an_earlier_file_survives_an_export_of_nothing(written: Store, tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("kept", encoding="utf-8")
    written.delete([r for r in written.read(Record) if r.status == "accepted"])
    export(written, target)
    assert target.read_text("utf-8") == "kept"


def test_a_place_that_cannot_be_written_is_named(written: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SynthesisError, match="cannot write"):
        export(written, tmp_path / "file" / "inside")


def test_an_unknown_format_lists_the_known_ones(written: Store, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no format 'cptt'"):
        export(written, tmp_path / "file", format="cptt")
