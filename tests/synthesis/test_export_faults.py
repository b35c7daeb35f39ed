"""What cannot be exported, or not there: told before any work, nothing left behind."""

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kg.model import Record
from kg.store import Store
from kg.stores import open_corpus
from synthesis.base import SynthesisError
from synthesis.exports import FORMATS, export
from synthesis.exports.lines import Texts
from tests.synthesis.export_records import record


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Store]:
    """Three hundred texts that no file of 20,000 bytes can hold, even packed."""
    store = open_corpus(tmp_path / "shelf.kg", create=True)
    store.upsert(record(n, os.urandom(100).hex()) for n in range(300))
    yield store
    store.close()


@contextmanager
def full_disk(bytes: int) -> Iterator[None]:
    """No file may grow beyond so many bytes: it stands for a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("format", FORMATS)
def test_a_disk_that_fills_up_leaves_the_earlier_files_and_nothing_else(
    shelf: Store, tmp_path: Path, format: str
) -> None:
    place = tmp_path / "out"
    place.mkdir()
    export(shelf, place / "file", format=format)
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    with (
        full_disk(20_000),
        pytest.raises(SynthesisError, match=r"cannot write .*file.*; choose another place"),
    ):
        export(shelf, place / "file", format=format, seed=1)
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before
    assert not list(place.glob("*.part"))


def test_a_disk_that_is_full_is_told_in_the_words_of_the_system(shelf: Store, tmp_path: Path) -> None:
    with full_disk(20_000), pytest.raises(SynthesisError, match=os.strerror(errno.EFBIG)):
        export(shelf, tmp_path / "file")


def test_a_replay_file_that_cannot_be_laid_out_is_a_fault_of_the_place(shelf: Store, tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    general = tmp_path / "general.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"text": ["word " * 100] * 100}), general)
    with full_disk(20_000), pytest.raises(SynthesisError, match=r"cannot write .*file"):
        export(shelf, tmp_path / "file", replay=general)
    assert not list(tmp_path.glob("file*"))


@pytest.mark.parametrize("format", ["cpt", "parquet"])
def test_a_file_is_not_written_over_a_folder_or_a_device(shelf: Store, tmp_path: Path, format: str) -> None:
    (tmp_path / "folder").mkdir()
    for place, why in (
        (tmp_path / "folder", "it is a folder"),
        (Path("/dev/full"), "a device"),
        (Path(".."), "folder"),
    ):
        with pytest.raises(SynthesisError, match=rf"cannot write .*{why}"):
            export(shelf, place, format=format)
    assert Path("/dev/full").is_char_device()
    assert not list((tmp_path / "folder").iterdir())


def test_a_folder_is_not_written_over_a_file(shelf: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(SynthesisError, match="there is a file of that name"):
        export(shelf, tmp_path / "file", format="hf")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("format", ["cpt", "hf"])
def test_a_missing_folder_is_made_but_not_below_a_file(shelf: Store, tmp_path: Path, format: str) -> None:
    export(shelf, tmp_path / "a" / "b" / "out", format=format)
    assert (tmp_path / "a" / "b" / "out").exists()
    (tmp_path / "file").write_text("")
    with pytest.raises(SynthesisError, match=r"cannot write .*inside.*file' is no folder"):
        export(shelf, tmp_path / "file" / "below" / "inside", format=format)


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        ({"format": "cptt"}, "there is no format 'cptt'. Known: cpt"),
        ({"format": "alpacca"}, "there is no format 'alpacca'. Known: alpaca"),
        ({"exact_duplicates": "dropp"}, "Known: drop, keep"),
        ({"tokens": 0}, "tokens must be 1 or more, seen 0"),
        ({"tokens": -5}, "tokens must be 1 or more, seen -5"),
        ({"shards": 0}, "shards must be 1 or more, seen 0"),
        ({"shard_tokens": -1}, "shard-tokens must be 1 or more, seen -1"),
        ({"shards": 2, "shard_tokens": 10}, "give one of them"),
        ({"shards": 100_001}, "at most 100,000 shards"),
        ({"mix": "half"}, "a mix is written qa:docs=1:1"),
        ({"decontaminate": Path("nosuch")}, "cannot read the questions 'nosuch'"),
    ],
)
def test_options_that_cannot_be_are_told_before_a_text_is_read(
    shelf: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], answer: str
) -> None:
    monkeypatch.delattr(Texts, "all")
    with pytest.raises(ValueError) as told:  # noqa: PT011  (what it says is looked at below)
        export(shelf, tmp_path / "file", **options)
    assert answer in str(told.value)
    assert "\n" not in str(told.value)
    assert not list(tmp_path.glob("file*"))


def test_the_questions_are_not_written_over(shelf: Store, tmp_path: Path) -> None:
    questions = tmp_path / "q"
    questions.write_text("Who keeps the tide clock?\n")
    with pytest.raises(SynthesisError, match="name another file"):
        export(shelf, questions, decontaminate=questions)


class Changing(Texts):
    """A corpus in which somebody edits while it is exported: stands for another process."""

    change: Record

    def some(self, ids: Any) -> Any:
        """Change, then read."""
        self._store.upsert([self.change])
        return super().some(ids)


@pytest.mark.parametrize("change", [record(1, "other words"), record(1, "x", "stale")])
def test_a_text_that_changes_while_it_is_exported_ends_it(
    shelf: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Record
) -> None:
    monkeypatch.setattr(Changing, "change", change, raising=False)
    monkeypatch.setattr("synthesis.exports.exporting.Texts", Changing)
    with pytest.raises(SynthesisError, match="was changed meanwhile; export again"):
        export(shelf, tmp_path / "file")
    assert not list(tmp_path.glob("file*"))


def test_ctrl_c_leaves_nothing_behind(shelf: Store, tmp_path: Path) -> None:
    def stop(stage: str, texts: int) -> None:
        if (stage, texts) == ("written", 100):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(shelf, tmp_path / "file", on_progress=stop)
    assert not list(tmp_path.glob("file*"))
