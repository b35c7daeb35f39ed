"""General text among the synthetic one: as the paper does it, and added on top; both spread evenly."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.store import Store
from kg.stores import open_corpus
from synthesis.base import SynthesisError
from synthesis.exports import FORMATS, ExportReport, export
from tests.synthesis.export_records import record, rows, words

TEXTS, OWN, GENERAL = 400, 10, 25
REPLAYED = 60


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Store]:
    """Four hundred texts of ten words each, the title's two among them."""
    store = open_corpus(tmp_path / "shelf.kg", create=True)
    store.upsert(record(n, " ".join(f"own{n}-{i}" for i in range(OWN - 2))) for n in range(TEXTS))
    yield store
    store.close()


@pytest.fixture
def general(tmp_path: Path) -> Path:
    """Sixty general texts of twenty-five words each."""
    path = tmp_path / "general.jsonl"
    texts = (" ".join([f"general{n}", *["word"] * (GENERAL - 1)]) for n in range(REPLAYED))
    path.write_text("".join(json.dumps({"text": text, "url": "x"}) + "\n" for text in texts))
    return path


def mixed(shelf: Store, path: Path, general: Path, **more: Any) -> tuple[ExportReport, list[str]]:
    """The report, and what every line is: "own" or the first word of a general text."""
    report = export(shelf, path, replay=general, count=words, **more)
    texts = [row["text"] for row in rows(path)]
    return report, [text.split()[0] if text.startswith("general") else "own" for text in texts]


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_in_the_papers_way_replayed_text_takes_the_place_of_texts(
    shelf: Store, tmp_path: Path, general: Path, rate: float
) -> None:
    report, lines = mixed(shelf, tmp_path / "file", general, replay_rate=rate)
    replaced = report.left_out["replaced_by_replay"]
    # Each of 400 texts is replaced with the probability `rate`: within four standard deviations.
    assert abs(replaced - rate * TEXTS) <= 4 * (TEXTS * rate * (1 - rate)) ** 0.5
    assert lines.count("own") == TEXTS - replaced
    # As many tokens as were taken away came in their place, but for a part of one text.
    assert abs(report.tokens - TEXTS * OWN) <= GENERAL
    assert report.texts == len(lines)


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_added_on_top_every_text_stays_and_the_share_is_right_at_every_point(
    shelf: Store, tmp_path: Path, general: Path, rate: float
) -> None:
    report, lines = mixed(shelf, tmp_path / "file", general, replay_rate=rate, replay_mode="additive")
    assert lines.count("own") == TEXTS
    assert not report.left_out
    replayed = total = 0
    for line in lines:
        replayed += GENERAL * (line != "own")
        total += OWN if line == "own" else GENERAL
        assert abs(replayed - rate * total) <= GENERAL
    assert report.replay is not None
    assert report.replay["share"] == round(replayed / total, 4)
    assert report.replay["tokens"] == replayed


def test_nothing_is_replayed_at_a_rate_of_nothing_and_nothing_else_at_one(
    shelf: Store, tmp_path: Path, general: Path
) -> None:
    for mode in ("paper", "additive"):
        report, lines = mixed(shelf, tmp_path / "file", general, replay_rate=0, replay_mode=mode)
        assert lines == ["own"] * TEXTS
    report, lines = mixed(shelf, tmp_path / "file", general, replay_rate=1)
    assert "own" not in lines
    assert report.replay is not None
    assert report.replay["share"] == 1


@pytest.mark.parametrize("mode", ["paper", "additive"])
def test_beginnings_and_seeds_hold_with_replay_too(
    shelf: Store, tmp_path: Path, general: Path, mode: str
) -> None:
    files = []
    for tokens, seed in ((1000, 1), (2000, 1), (2000, 1), (2000, 2)):
        mixed(shelf, tmp_path / "file", general, replay_mode=mode, replay_rate=0.2, tokens=tokens, seed=seed)
        files.append((tmp_path / "file").read_bytes())
    assert files[1].startswith(files[0])
    assert files[1] == files[2] != files[3]


def test_a_file_that_is_used_up_is_used_again_in_another_order(
    shelf: Store, tmp_path: Path, general: Path
) -> None:
    report, lines = mixed(shelf, tmp_path / "file", general, replay_rate=0.5, replay_mode="additive")
    drawn = [line for line in lines if line != "own"]
    assert len(drawn) == TEXTS * OWN // GENERAL == 160
    first, second = drawn[:REPLAYED], drawn[REPLAYED : 2 * REPLAYED]
    assert sorted(first) == sorted(second)
    assert first != second
    assert report.replay is not None
    assert report.replay["passes"] == 3
    (tmp_path / "once.jsonl").write_text("".join(general.read_text().splitlines(keepends=True)[:16]))
    report, lines = mixed(shelf, tmp_path / "file", tmp_path / "once.jsonl", replay_rate=0.1)
    assert report.replay is not None
    assert report.replay["passes"] == -(-(len(lines) - lines.count("own")) // 16)


def test_provenance_says_which_line_of_the_file_was_replayed(
    shelf: Store, tmp_path: Path, general: Path
) -> None:
    report, lines = mixed(shelf, tmp_path / "file", general)
    beside = rows(tmp_path / "file.provenance.jsonl")
    assert [row["line"] for row in beside] == list(range(1, len(lines) + 1))
    for line, row in zip(lines, beside, strict=True):
        if line == "own":
            assert "replay" not in row
        else:
            assert (row["replay"], f"general{row['replay_line'] - 1}") == ("general.jsonl", line)
    said = json.loads((tmp_path / "file.manifest.json").read_text())
    assert said["replay"] == report.replay
    assert said["replay"]["sha256"] == hashlib.sha256(general.read_bytes()).hexdigest()
    assert sum(said["kinds"].values()) == lines.count("own")


def test_a_mix_and_its_replay_go_together(shelf: Store, tmp_path: Path, general: Path) -> None:
    shelf.upsert([record(1000 + n, f"asked {n} " * 4, kind="qa") for n in range(50)])
    _, lines = mixed(shelf, tmp_path / "file", general, mix="qa:docs=1:1", replay_mode="additive")
    kinds = [row.get("kind", "replay") for row in rows(tmp_path / "file.provenance.jsonl")]
    assert kinds.count("qa") == 50
    assert abs(kinds.count("text") - 50) <= 1
    assert kinds.count("replay") == len(lines) - lines.count("own") > 0


def test_replayed_texts_that_hold_a_question_are_passed_over(
    shelf: Store, tmp_path: Path, general: Path
) -> None:
    questions = tmp_path / "q.txt"
    questions.write_text("Who keeps the tide clock of Saltmere?\n")
    with general.open("a") as file:
        file.write(json.dumps({"text": "Who keeps the tide clock of Saltmere? Orla."}) + "\n")
    report, _ = mixed(
        shelf, tmp_path / "file", general, replay_rate=0.5, replay_mode="additive", decontaminate=questions
    )
    assert report.replay is not None
    assert report.replay["leaks_question"] == 1
    assert not any("tide" in row["text"] for row in rows(tmp_path / "file"))
    general.write_text(json.dumps({"text": "Who keeps the tide clock of Saltmere? Orla."}) + "\n")
    with pytest.raises(SynthesisError, match=r"every text of the replay file .* holds one of the questions"):
        mixed(shelf, tmp_path / "other", general, decontaminate=questions)
    assert not list(tmp_path.glob("other*"))


# ---- the file ------------------------------------------------------------------------------------


def test_a_parquet_file_is_replayed_like_json_lines(shelf: Store, tmp_path: Path, general: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.table({"url": ["x"] * REPLAYED, "text": [row["text"] for row in rows(general)]})
    pyarrow.parquet.write_table(table, tmp_path / "general.parquet")
    mixed(shelf, tmp_path / "a", general)
    mixed(shelf, tmp_path / "b", tmp_path / "general.parquet")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_empty_texts_and_lines_are_passed_over_and_hostile_ones_come_through(
    shelf: Store, tmp_path: Path
) -> None:
    general = tmp_path / "general.jsonl"
    hostile = 'a\u2028b\x00c "d" \ud800 </script>'
    lines = ["", '{"text": " "}', json.dumps({"text": hostile}), "  ", '{"text": ""}']
    general.write_text("\ufeff" + "\r\n".join(lines) + "\n", encoding="utf-8")
    export(shelf, tmp_path / "file", replay=general, replay_rate=1, tokens=30)
    assert {row["text"] for row in rows(tmp_path / "file")} == {'a\u2028b\ufffdc "d" \ufffd </script>'}
    assert {row["replay_line"] for row in rows(tmp_path / "file.provenance.jsonl")} == {3}


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        (b"", "holds no text"),
        (b"\n  \n", "holds no text"),
        (b'{"text": " "}\n', "holds no text"),
        (b'{"text": "a"}\nplain words\n', "line 2: 'plain words' is not JSON"),
        (b'{"text": "a"}\n{"content": "b", "url": 1}\n', "line 2: its keys are 'content, url'; it wants"),
        (b'{"text": 7}\n', "line 1: its text is '7', no words"),
        (b'["a"]\n', "line 1: it is no object"),
        (b"\xff\xfe\x00binary", "line 1: .* is not JSON"),
        (b'{"text": ' + b"[" * 100_000, "line 1: .* is not JSON"),
        (b"PAR1 but nothing else", "cannot read the replay file"),
    ],
)
def test_a_file_that_cannot_be_replayed_is_told_before_any_work(
    shelf: Store, tmp_path: Path, written: bytes, answer: str
) -> None:
    general = tmp_path / "general.jsonl"
    general.write_bytes(written)
    with pytest.raises(ValueError, match=answer):
        export(shelf, tmp_path / "file", replay=general)
    assert not list(tmp_path.glob("file*"))


def test_a_parquet_file_without_texts_names_its_columns(shelf: Store, tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.table({"content": ["a"]}), tmp_path / "general.parquet")
    with pytest.raises(ValueError, match="has the columns content, no column text"):
        export(shelf, tmp_path / "file", replay=tmp_path / "general.parquet")


@pytest.mark.parametrize("place", ["nosuch", "."])
def test_a_replay_file_that_is_not_there_is_named(shelf: Store, tmp_path: Path, place: str) -> None:
    with pytest.raises(ValueError, match="cannot read the replay file"):
        export(shelf, tmp_path / "file", replay=tmp_path / place)


@pytest.mark.parametrize(
    ("rate", "mode"), [(-0.1, "paper"), (1.1, "paper"), (float("nan"), "paper"), (1, "additive")]
)
def test_a_rate_that_is_no_share_is_refused(
    shelf: Store, tmp_path: Path, general: Path, rate: float, mode: str
) -> None:
    with pytest.raises(ValueError, match="the replay rate is a share, 0 or more"):
        export(shelf, tmp_path / "file", replay=general, replay_rate=rate, replay_mode=mode)


def test_an_unknown_mode_lists_the_known_ones(shelf: Store, tmp_path: Path, general: Path) -> None:
    with pytest.raises(ValueError, match=r"no replay mode 'adds'. Known: additive, paper"):
        export(shelf, tmp_path / "file", replay=general, replay_mode="adds")


@pytest.mark.parametrize("format", [name for name, format in FORMATS.items() if not format.plain])
def test_a_chat_has_no_place_for_plain_text(shelf: Store, tmp_path: Path, general: Path, format: str) -> None:
    with pytest.raises(ValueError, match="use cpt, parquet, hf"):
        export(shelf, tmp_path / "file", replay=general, format=format)


def test_the_file_that_is_replayed_is_not_written_over(shelf: Store, tmp_path: Path, general: Path) -> None:
    before = general.read_bytes()
    part = tmp_path / "part-00001-of-00002.jsonl"
    part.write_bytes(before)
    with pytest.raises(SynthesisError, match="name another file"):
        export(shelf, tmp_path / "part.jsonl", replay=part)
    with pytest.raises(SynthesisError, match=r"general.jsonl' is read; name another"):
        export(shelf, general, replay=general)
    assert general.read_bytes() == before
