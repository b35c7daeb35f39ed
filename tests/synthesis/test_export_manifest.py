"""What a stranger is told about the files, and whether they are those: manifest, verification, card."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.store import Store
from kg.stores import open_corpus
from synthesis.base import SynthesisError
from synthesis.exports import export, verify
from synthesis.exports.card import quoted
from tests.synthesis.export_records import record, rows, words

WEB = "http://10.0.0.7:8000/v1#secret-host-model"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Store]:
    """Nine texts by three models in two languages, one of them a question; one that was rejected."""
    store = open_corpus(tmp_path / "shelf.kg", create=True)
    models = ("echo", "local:smollm2-135m", WEB)
    store.upsert(
        record(
            n,
            f"Text {n}.",
            kind="qa" if n == 8 else "text",
            model=models[n % 3],
            language="zh" if n == 7 else "en",
        )
        for n in range(9)
    )
    store.upsert([record(9, "Bad.", "rejected")])
    yield store
    store.close()


def manifest(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path.with_name(path.name + ".manifest.json").read_text("utf-8"))
    return said


def test_the_manifest_lists_every_file_with_its_hash_and_size(shelf: Store, tmp_path: Path) -> None:
    report = export(shelf, tmp_path / "out" / "texts.jsonl", shards=3, count=words)
    said = manifest(tmp_path / "out" / "texts.jsonl")
    listed = {file["file"] for file in said["files"]}
    assert listed == {path.name for path in (tmp_path / "out").iterdir()} - {"texts.jsonl.manifest.json"}
    for file in said["files"]:
        data = (tmp_path / "out" / file["file"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(data).hexdigest()
        assert (file["bytes"], file["lines"]) == (len(data), data.count(b"\n"))
    assert sum(file.get("tokens", 0) for file in said["files"]) == said["tokens"] == report.tokens == 9 * 4
    assert report.files[-1] == str(tmp_path / "out" / "texts.jsonl.manifest.json")


def test_the_manifest_says_from_what_and_how_the_texts_were_made(shelf: Store, tmp_path: Path) -> None:
    export(shelf, tmp_path / "file", seed=7, tokens=1000, count=words)
    said = manifest(tmp_path / "file")
    assert said["corpus"] == {
        "id": shelf.corpus_id,
        "generation": shelf.generation,
        "changed_meanwhile": False,
    }
    assert (said["options"]["seed"], said["options"]["tokens"], said["options"]["format"]) == (7, 1000, "cpt")
    assert said["tokens_counted_by"] == "tests.synthesis.export_records.words"
    assert said["languages"] == {"en": 8, "zh": 1}
    assert said["kinds"] == {"qa": 1, "text": 8}
    assert said["runs"] == {"run": 9}
    assert said["strategies"] == [{"strategy": "relate", "version": "1", "texts": 9}]
    assert said["left_out"] == {"numbers": 1}
    assert said["models"] == [
        {"model": "echo", "licence": "unknown", "texts": 3},
        {"model": "local:smollm2-135m", "licence": "Apache-2.0", "texts": 3},
        {"model": "secret-host-model", "licence": "unknown", "texts": 3},
    ]


def test_the_version_in_the_manifest_is_that_of_the_program(shelf: Store, tmp_path: Path) -> None:
    from entigraph import __version__

    export(shelf, tmp_path / "file")
    assert manifest(tmp_path / "file")["entigraph"] == __version__


def test_no_path_and_no_address_stands_in_the_manifest_or_the_card(shelf: Store, tmp_path: Path) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text("Who keeps the tide clock of Saltmere?\n")
    general = tmp_path / "general.jsonl"
    general.write_text('{"text": "words"}\n')
    export(shelf, tmp_path / "set", format="hf", decontaminate=questions, replay=general)
    for place in ("set.manifest.json", "set/README.md"):
        text = (tmp_path / place).read_text("utf-8")
        assert str(tmp_path) not in text
        assert "10.0.0.7" not in text


# ---- verification --------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["cpt", "parquet", "hf"])
def test_files_are_those_of_their_manifest_wherever_they_are_moved(
    shelf: Store, tmp_path: Path, format: str
) -> None:
    export(shelf, tmp_path / "a" / "file", format=format)
    shutil.move(tmp_path / "a", tmp_path / "b")
    named_by_manifest = verify(tmp_path / "b" / "file.manifest.json")
    assert named_by_manifest.wrong == {}
    assert named_by_manifest.files == (3 if format == "hf" else 2)
    assert verify(tmp_path / "b" / "file") == named_by_manifest


def test_every_way_of_being_another_file_is_told(shelf: Store, tmp_path: Path) -> None:
    export(shelf, tmp_path / "file", shards=4)
    shards = sorted(tmp_path.glob("file-*-of-00004"))
    shards[0].write_bytes(shards[0].read_bytes() + b"\n")
    shards[1].write_bytes(shards[1].read_bytes().replace(b"Text", b"Test"))
    shards[2].unlink()
    shards[3].unlink()
    shards[3].mkdir()
    wrong = verify(tmp_path / "file").wrong
    assert set(wrong) == {shard.name for shard in shards}
    assert "bytes" in wrong[shards[0].name]
    assert "sha256" in wrong[shards[1].name]
    assert wrong[shards[2].name] == wrong[shards[3].name] == "is missing"


def test_a_shard_that_nobody_listed_is_told(shelf: Store, tmp_path: Path) -> None:
    export(shelf, tmp_path / "set", format="hf")
    (tmp_path / "set" / "data" / "train-more.parquet").write_bytes(b"PAR1")
    assert verify(tmp_path / "set").wrong == {"set/data/train-more.parquet": "is not listed"}


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "a/../../outside"])
def test_a_manifest_reaches_nothing_outside_of_its_folder(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "outside").write_text("x")
    sha256 = hashlib.sha256(b"x").hexdigest()
    said = {"files": [{"file": name, "sha256": sha256, "bytes": 1}]}
    (inner / "f.manifest.json").write_text(json.dumps(said))
    assert verify(inner / "f").wrong == {name: "lies outside of the folder of its manifest"}


def test_an_earlier_manifest_that_lists_other_files_makes_none_of_them_go(
    shelf: Store, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    others = ["../outside", "notes.txt", "file.bak", "sub/file", "file-1-of-2"]
    for name in others:
        (tmp_path / "out" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "out" / name).write_text("mine")
    names = [*others, "file.manifest.json"]
    listed = [{"file": name, "sha256": "0", "bytes": 4} for name in names]
    (tmp_path / "out" / "file.manifest.json").write_text(json.dumps({"files": listed}))
    export(shelf, tmp_path / "out" / "file")
    assert verify(tmp_path / "out" / "file").wrong == {}
    assert [(tmp_path / "out" / name).read_text() for name in others] == ["mine"] * 5


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"files": []}', '{"files": [{"file": "x"}]}', "[" * 5000, "\x00"]
)
def test_what_is_no_manifest_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "file.manifest.json").write_text(text)
    with pytest.raises(SynthesisError, match="is no manifest of an export"):
        verify(tmp_path / "file")


def test_a_manifest_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SynthesisError, match=r"cannot read the manifest .*file\.manifest\.json"):
        verify(tmp_path / "file")


# ---- the card ------------------------------------------------------------------------------------


def header(card: str) -> list[str]:
    """The lines of a card's header: what stands between the first two lines of three dashes."""
    found = re.match(r"---\n(.*?)\n---\n", card, re.DOTALL)
    assert found
    return found[1].split("\n")


def test_the_card_tells_hubs_and_people_what_is_in_the_folder(shelf: Store, tmp_path: Path) -> None:
    export(shelf, tmp_path / "my set", format="hf", shards=2)
    card = (tmp_path / "my set" / "README.md").read_text("utf-8")
    lines = header(card)
    assert 'pretty_name: "my set"' in lines
    assert lines[lines.index("language:") + 1 :][:2] == ['- "en"', '- "zh"']
    assert "- n<1K" in lines
    assert "    path: data/train-*.parquet" in lines
    assert "# my set" in card
    assert "9 synthetic texts" in card
    assert "| local:smollm2-135m | Apache-2.0 | 3 |" in card
    assert "1 `numbers`" in card
    for shard in (tmp_path / "my set" / "data").iterdir():
        assert hashlib.sha256(shard.read_bytes()).hexdigest() in card


def test_hostile_words_stay_words_in_the_card(tmp_path: Path) -> None:
    bad = "---\nlicense: mit\n---\n# Title\n<script>alert(1)</script> `x` | y\u2028```\nz\x85w"
    store = open_corpus(tmp_path / "bad.kg", create=True)
    store.upsert([record(1, bad, title=bad, model="http://h/v1#m|`\n<b>", language="no")])
    store.upsert([record(2, f"{bad} b", title=bad, language="x: y\n- z")])
    name = 'a "b": #c\u2028\n---\nlicense: mit'
    export(store, tmp_path / name, format="hf")
    store.close()
    card = (tmp_path / name / "README.md").read_text("utf-8")
    keys = [line.partition(":")[0] for line in header(card) if not line.startswith((" ", "-"))]
    assert keys == [
        "pretty_name",
        "language",
        "license",
        "size_categories",
        "task_categories",
        "tags",
        "configs",
    ]
    assert header(card)[0] == r'pretty_name: "a \"b\": #c\u2028\n---\nlicense: mit"'
    assert header(card)[1:4] == ["language:", '- "no"', "license: unknown"]
    body = card.split("\n---\n", 1)[1]
    assert not re.search(r"^(---|license:)", body, re.MULTILINE)
    assert re.findall(r"^.*<script>.*$", body, re.MULTILINE) == ["    <script>alert(1)</script> `x` | y"] * 2
    assert all(
        len(re.findall(r"(?<!\\)\|", line)) == 4 for line in body.split("\n") if line.startswith("| m")
    )


def test_a_name_is_one_line_of_yaml_whatever_stands_in_it() -> None:
    assert quoted("a\x85b\u2028c\x7f\ufeff\\\n") == '"a\\u0085b\\u2028c\\u007f\\ufeff\\\\\\n"'
    assert quoted("眠溪") == '"眠溪"'


def test_an_export_into_its_own_folder_replaces_it_and_leaves_strangers_files(
    shelf: Store, tmp_path: Path
) -> None:
    place = tmp_path / "set"
    export(shelf, place, format="hf", shards=3)
    (place / ".gitattributes").write_text("mine")
    export(shelf, place, format="hf", seed=1)
    assert sorted(path.name for path in place.iterdir()) == [".gitattributes", "README.md", "data"]
    assert len(list((place / "data").iterdir())) == 1
    assert verify(place).wrong == {}


def test_a_folder_with_something_else_in_it_is_left_alone(shelf: Store, tmp_path: Path) -> None:
    place = tmp_path / "set"
    place.mkdir()
    (place / "README.md").write_text("mine")
    with pytest.raises(SynthesisError, match="something else is in it"):
        export(shelf, place, format="hf")
    (place / "README.md").unlink()
    export(shelf, place, format="hf")
    with (place / "README.md").open("a") as card:
        card.write("My own words.\n")
    with pytest.raises(SynthesisError, match=r"README.md was changed by hand"):
        export(shelf, place, format="hf")
    (place / "README.md").unlink()
    (place / "data" / "train-mine.parquet").write_text("x")
    with pytest.raises(SynthesisError, match="is not of an earlier export"):
        export(shelf, place, format="hf")
    assert (place / "data" / "train-mine.parquet").read_text() == "x"


def test_replayed_lines_are_told_on_the_card(shelf: Store, tmp_path: Path) -> None:
    general = tmp_path / "general.jsonl"
    general.write_text("".join(json.dumps({"text": f"general {n}"}) + "\n" for n in range(9)))
    report = export(
        shelf, tmp_path / "set", format="hf", replay=general, replay_mode="additive", replay_rate=0.3
    )
    assert report.replay is not None
    card = (tmp_path / "set" / "README.md").read_text()
    assert f"{report.replay['texts']:,} of them" in card
    assert "`general.jsonl`" in card
    assert sum("replay" in row for row in rows(tmp_path / "set.provenance.jsonl")) == report.replay["texts"]
