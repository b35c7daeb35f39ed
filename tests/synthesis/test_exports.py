"""Training files: every format in the dictionary, provenance beside it, nothing half written."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.store import Store
from kg.stores import open_corpus
from synthesis.exports import FORMATS, export
from synthesis.turns import question_and_answer
from tests.synthesis.export_records import record, rows, words

HOSTILE = 'Fish & "chips"\n\u2028<script>\u202e عكس 名 \\n {x}\n\n---\nlicense: mit\n'
TALK = "Ines: Who winds it?\nBram: Orla does.\nInes: Why?\nBram: It stops."


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Store]:
    """A corpus with nothing in it but what a test puts there."""
    store = open_corpus(tmp_path / "shelf.kg", create=True)
    yield store
    store.close()


@pytest.fixture
def written(shelf: Store) -> Store:
    shelf.upsert(
        [
            record(1, "One."),
            record(2, HOSTILE, title='A "title": #1 \u2028 | x'),
            record(3, "Bad.", "rejected"),
            record(4, "Old.", "stale"),
            record(5, "Edited.", "edited", language="zh"),
        ]
    )
    return shelf


def texts_of(path: Path, format: str) -> list[str]:
    """The words of every line, without titles and requests."""
    if format in ("parquet", "hf"):
        import pyarrow.parquet

        files = sorted((path / "data").iterdir()) if format == "hf" else [path]
        table = [row for file in files for row in pyarrow.parquet.read_table(file).to_pylist()]
        return [row["text"].removeprefix(f"{row['title']}\n\n") for row in table]
    take = {
        "cpt": lambda row: row["text"].split("\n\n", 1)[1],
        "chat": lambda row: row["messages"][1]["content"],
        "alpaca": lambda row: row["output"],
        "sharegpt": lambda row: row["conversations"][1]["value"],
    }
    return [take[format](row) for row in rows(path)]


@pytest.mark.parametrize("format", FORMATS)
def test_the_accepted_texts_are_there_to_the_letter_and_the_others_are_counted(
    written: Store, tmp_path: Path, format: str
) -> None:
    path = tmp_path / "out" / "file"
    report = export(written, path, format=format)
    assert sorted(texts_of(path, format)) == sorted(["One.", HOSTILE, "Edited."])
    assert report.texts == 3
    assert dict(report.left_out) == {"numbers": 1, "stale": 1}


@pytest.mark.parametrize("format", FORMATS)
def test_provenance_has_a_line_for_every_text_in_the_same_order(
    written: Store, tmp_path: Path, format: str
) -> None:
    path = tmp_path / "file"
    report = export(written, path, format=format)
    beside = rows(tmp_path / "file.provenance.jsonl")
    by_id = {r.id: r.text for r in written.read(type(record(1, "")))}
    assert [by_id[row["id"]] for row in beside] == texts_of(path, format)
    assert [row["line"] for row in beside] == [1, 2, 3]
    assert all(row["call"] == "c" * 32 for row in beside)
    assert report.files == [
        str(path),
        str(tmp_path / "file.provenance.jsonl"),
        str(tmp_path / "file.manifest.json"),
    ]


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_corpus_and_options_give_the_same_bytes(written: Store, tmp_path: Path, format: str) -> None:
    def bytes_below(folder: Path) -> dict[str, bytes]:
        files = [file for file in folder.rglob("*") if file.is_file()]
        return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}

    for place in ("a", "b"):
        export(written, tmp_path / place / "file", format=format, seed=3)
    assert bytes_below(tmp_path / "a") == bytes_below(tmp_path / "b")
    assert len(bytes_below(tmp_path / "a")) >= 3


def test_the_title_stands_first_in_a_training_text_of_any_kind(shelf: Store, tmp_path: Path) -> None:
    asked = question_and_answer("Who?", "Orla.", "en")
    shelf.upsert([record(1, "One."), record(2, asked, kind="qa"), record(3, TALK, kind="dialogue")])
    shelf.upsert([record(4, "No title.", title=" ")])
    export(shelf, tmp_path / "file")
    assert {row["text"] for row in rows(tmp_path / "file")} == {
        "Title 1\n\nOne.",
        "Title 2\n\nQuestion: Who?\nAnswer: Orla.",
        f"Title 3\n\n{TALK}",
        "No title.",
    }


def test_questions_and_talk_become_turns(shelf: Store, tmp_path: Path) -> None:
    shelf.upsert([record(1, question_and_answer("谁？", "奥拉。", "zh"), kind="qa", language="zh")])
    shelf.upsert([record(2, TALK, kind="dialogue")])
    for format in ("chat", "sharegpt", "alpaca"):
        export(shelf, tmp_path / format, format=format, shuffle=False)
    ids = [row["id"] for row in rows(tmp_path / "chat.provenance.jsonl")]
    asked, talk = (0, 1) if ids[0] == record(1, "").id else (1, 0)
    chat = [row["messages"] for row in rows(tmp_path / "chat")]
    assert chat[asked] == [{"role": "user", "content": "谁？"}, {"role": "assistant", "content": "奥拉。"}]
    assert [turn["content"] for turn in chat[talk]] == ["Who winds it?", "Orla does.", "Why?", "It stops."]
    shared = [row["conversations"] for row in rows(tmp_path / "sharegpt")]
    assert [turn["from"] for turn in shared[talk]] == ["human", "gpt", "human", "gpt"]
    alpaca = rows(tmp_path / "alpaca")
    assert alpaca[asked] == {"instruction": "谁？", "input": "", "output": "奥拉。"}
    # One request and one answer have no room for four turns: none of them is lost.
    assert alpaca[talk] == {"instruction": "Tell me about this: Title 2", "input": "", "output": TALK}


def test_tokens_count_what_is_trained_on_titles_and_requests_too(shelf: Store, tmp_path: Path) -> None:
    shelf.upsert([record(1, "four words are here"), record(2, "Ines: a b\nBram: c", kind="dialogue")])
    assert export(shelf, tmp_path / "cpt", count=words).tokens == (2 + 4) + (2 + 5)
    assert export(shelf, tmp_path / "p", format="parquet", count=words).tokens == 6 + 7
    assert export(shelf, tmp_path / "chat", format="chat", count=words).tokens == (6 + 4) + 3


def test_a_table_keeps_title_and_text_apart_and_a_data_set_is_ready_to_train_on(
    shelf: Store, tmp_path: Path
) -> None:
    import pyarrow.parquet

    shelf.upsert([record(1, "One.")])
    export(shelf, tmp_path / "t", format="parquet")
    export(shelf, tmp_path / "d", format="hf")
    (apart,) = pyarrow.parquet.read_table(tmp_path / "t").to_pylist()
    (ready,) = pyarrow.parquet.read_table(tmp_path / "d/data/train-00000-of-00001.parquet").to_pylist()
    assert (apart["title"], apart["text"], ready["text"]) == ("Title 1", "One.", "Title 1\n\nOne.")
    assert json.loads(ready["provenance"])["strategy"] == "relate"


def test_the_raw_baseline_holds_the_documents_themselves(store: Store, tmp_path: Path) -> None:
    report = export(store, tmp_path / "raw", source=True)
    text = (tmp_path / "raw").read_text("utf-8")
    assert report.texts == 2
    assert "a barrel of herring" in text
    assert 'The Harbour Book\\", Ada Pell, 1880.' in text
    beside = rows(tmp_path / "raw.provenance.jsonl")
    assert sorted(Path(row["source"]).name for row in beside) == ["harbour.md", "letter.md"]


def test_what_would_be_trained_on_twice_is_written_once(shelf: Store, tmp_path: Path) -> None:
    same = [record(n, text, title="T") for n, text in enumerate(("One  text.", "One\ntext. ", "one text."))]
    shelf.upsert([*same, record(4, " \n")])
    report = export(shelf, tmp_path / "file")
    assert (report.texts, dict(report.left_out)) == (2, {"exact_duplicate": 1, "empty": 1})
    kept = export(shelf, tmp_path / "file", exact_duplicates="keep")
    assert (kept.texts, dict(kept.left_out)) == (3, {"empty": 1})


def test_a_title_makes_a_difference_only_where_it_is_trained_on(shelf: Store, tmp_path: Path) -> None:
    asked = question_and_answer("Who?", "Orla.", "en")
    shelf.upsert(record(n, asked, kind="qa") for n in range(3))
    assert export(shelf, tmp_path / "file").texts == 3
    assert export(shelf, tmp_path / "file", format="chat").texts == 1


def test_which_of_two_equal_texts_stays_does_not_depend_on_the_seed(shelf: Store, tmp_path: Path) -> None:
    shelf.upsert([record(n, f"Text {n % 4}.", title="T") for n in range(40)])
    kept = set()
    for seed in range(3):
        assert export(shelf, tmp_path / "file", seed=seed).texts == 4
        kept.add(tuple(sorted(row["id"] for row in rows(tmp_path / "file.provenance.jsonl"))))
    assert len(kept) == 1


def test_a_text_that_holds_a_question_is_left_out(shelf: Store, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"question": "Who keeps the tide clock of Saltmere?"}\n{"text": "Why?"}\n')
    shelf.upsert(
        [
            record(1, "Question: Who keeps the tide clock of Saltmere?\nAnswer: Orla.", kind="qa"),
            record(2, "It stops.", title="Who keeps the tide clock of Saltmere"),
            record(3, "Orla keeps the tide clock of Saltmere."),
        ]
    )
    report = export(shelf, tmp_path / "file", decontaminate=questions)
    assert [row["id"] for row in rows(tmp_path / "file.provenance.jsonl")] == [record(3, "").id]
    assert dict(report.left_out) == {"leaks_question": 2}
    said = json.loads((tmp_path / "file.manifest.json").read_text("utf-8"))
    assert said["decontamination"]["questions"] == said["decontamination"]["too_short"] == 1


def test_nothing_to_export_says_why_and_leaves_no_file(shelf: Store, tmp_path: Path) -> None:
    shelf.upsert([record(3, "Bad.", "rejected")])
    report = export(shelf, tmp_path / "file")
    assert (report.texts, report.files) == (0, [])
    assert report.nothing.startswith("nothing to export (1 numbers)")
    assert not list(tmp_path.glob("file*"))


def test_an_earlier_file_survives_an_export_of_nothing(shelf: Store, tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("kept", encoding="utf-8")
    assert export(shelf, target).nothing
    assert target.read_text("utf-8") == "kept"


def test_progress_is_told_for_both_ways_through_the_texts(written: Store, tmp_path: Path) -> None:
    heard: list[tuple[str, int]] = []
    export(written, tmp_path / "file", on_progress=lambda stage, texts: heard.append((stage, texts)))
    assert heard == [*(("read", n) for n in (1, 2, 3)), *(("written", n) for n in (1, 2, 3))]
