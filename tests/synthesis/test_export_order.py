"""Which texts a file has and in which order: one shuffle, its beginnings, proportions, shards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store import Store
from kg.stores import open_corpus
from synthesis.base import SynthesisError
from synthesis.exports import FORMATS, export
from synthesis.exports.mixing import Mix, Pick
from synthesis.exports.shards import names, parted
from tests.synthesis.export_records import record, rows, words

TEXTS = 60


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Store]:
    """Sixty texts, every third a question; number n has n words and a title of two."""
    store = open_corpus(tmp_path / "shelf.kg", create=True)
    store.upsert(
        record(n, " ".join(f"w{n}-{i}" for i in range(n)), kind="text" if n % 3 else "qa")
        for n in range(1, TEXTS + 1)
    )
    yield store
    store.close()


ALL = TEXTS * (TEXTS + 1) // 2 + 2 * TEXTS


def ids(path: Path) -> list[str]:
    return [row["id"] for row in rows(path.with_name(path.name + ".provenance.jsonl"))]


def test_a_seed_gives_one_order_and_another_seed_another(shelf: Store, tmp_path: Path) -> None:
    path = tmp_path / "file"
    orders = []
    for seed in (0, 0, 1):
        export(shelf, path, seed=seed)
        orders.append(ids(path))
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2])


def test_without_a_shuffle_texts_stand_in_the_order_of_their_ids(shelf: Store, tmp_path: Path) -> None:
    export(shelf, tmp_path / "file", shuffle=False)
    assert ids(tmp_path / "file") == sorted(ids(tmp_path / "file"))
    export(shelf, tmp_path / "file")
    assert ids(tmp_path / "file") != sorted(ids(tmp_path / "file"))


def test_a_text_more_leaves_the_others_in_their_order(shelf: Store, tmp_path: Path) -> None:
    export(shelf, tmp_path / "before")
    one_more = record(1000, "a new text")
    shelf.upsert([one_more])
    export(shelf, tmp_path / "after")
    assert [id for id in ids(tmp_path / "after") if id != one_more.id] == ids(tmp_path / "before")


@pytest.mark.parametrize("format", [name for name, format in FORMATS.items() if not format.folder])
def test_the_file_for_fewer_tokens_is_the_beginning_of_the_file_for_more(
    shelf: Store, tmp_path: Path, format: str
) -> None:
    texts = []
    for tokens in (200, 400, 800):
        report = export(shelf, tmp_path / f"{tokens}", format=format, tokens=tokens, count=words, seed=4)
        assert tokens - TEXTS - 20 < report.tokens <= tokens
        assert report.texts + report.left_out["beyond_tokens"] == TEXTS
        assert not report.short
        texts.append(ids(tmp_path / f"{tokens}"))
        if format != "parquet":
            small, large = (tmp_path / "200").read_bytes(), (tmp_path / f"{tokens}").read_bytes()
            assert large.startswith(small)
    assert texts[2][: len(texts[1])] == texts[1]
    assert texts[1][: len(texts[0])] == texts[0]
    assert len(texts[0]) < len(texts[1]) < len(texts[2])


def test_more_tokens_than_there_are_gives_all_and_says_so(shelf: Store, tmp_path: Path) -> None:
    exact = export(shelf, tmp_path / "file", tokens=ALL, count=words)
    assert (exact.texts, exact.tokens, exact.short) == (TEXTS, ALL, "")
    more = export(shelf, tmp_path / "file", tokens=ALL + 1, count=words)
    assert more.texts == TEXTS
    assert more.short == "1,951 tokens were asked for; there are 1,950, and all of them are written"


def test_fewer_tokens_than_the_first_text_has_gives_nothing_and_says_so(shelf: Store, tmp_path: Path) -> None:
    report = export(shelf, tmp_path / "file", tokens=1)
    assert (report.texts, report.files) == (0, [])
    assert "tokens, more than the 1 asked for" in report.nothing
    assert not list(tmp_path.glob("file*"))


# ---- proportions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("mix", "share"), [("qa:docs=1:1", 0.5), ("docs:qa=4:1", 0.2)])
def test_questions_and_the_rest_are_mixed_by_tokens_at_every_point(
    shelf: Store, tmp_path: Path, mix: str, share: float
) -> None:
    report = export(shelf, tmp_path / "file", mix=mix, count=words)
    asked = total = 0
    for line, kind in zip(rows(tmp_path / "file"), rows(tmp_path / "file.provenance.jsonl"), strict=True):
        total += words(line["text"])
        asked += words(line["text"]) * (kind["kind"] == "qa")
        assert abs(asked - share * total) <= TEXTS + 2
    assert report.texts + report.left_out["beyond_mix"] == TEXTS
    assert report.left_out["beyond_mix"] > 0


def test_a_mix_has_beginnings_too(shelf: Store, tmp_path: Path) -> None:
    export(shelf, tmp_path / "long", mix="qa:docs=1:2", tokens=600, count=words)
    export(shelf, tmp_path / "short", mix="qa:docs=1:2", tokens=300, count=words)
    assert ids(tmp_path / "long")[: len(ids(tmp_path / "short"))] == ids(tmp_path / "short")


@pytest.mark.parametrize("kind", ["text", "qa"])
def test_a_mix_of_one_side_only_is_refused(tmp_path: Path, kind: str) -> None:
    store = open_corpus(tmp_path / "one.kg", create=True)
    store.upsert([record(1, "One.", kind=kind)])
    with pytest.raises(SynthesisError, match=r"there are . texts of kind qa and . others"):
        export(store, tmp_path / "file", mix="qa:docs=1:1")
    assert not list(tmp_path.glob("file*"))
    store.close()


@pytest.mark.parametrize(
    "written", ["", "1:1", "qa:docs", "qa:docs=1", "qa:qa=1:1", "qa:texts=1:1", "qa:docs=a:b"]
)
def test_a_mix_of_another_form_is_answered_with_the_right_one(written: str) -> None:
    with pytest.raises(ValueError, match="qa:docs=1:1"):
        Mix.parse(written)


@pytest.mark.parametrize("written", ["qa:docs=0:1", "qa:docs=1:0.0", f"qa:docs=1:{'9' * 400}"])
def test_a_side_of_nothing_or_without_end_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Mix.parse(written)


@given(
    sizes=st.tuples(st.lists(st.integers(1, 50), max_size=30), st.lists(st.integers(1, 50), max_size=30)),
    shares=st.tuples(st.integers(1, 9), st.integers(1, 9)),
)
def test_a_blend_keeps_both_orders_and_is_off_by_one_text_at_most(
    sizes: tuple[list[int], list[int]], shares: tuple[int, int]
) -> None:
    left, right = ([Pick(n, size) for n, size in enumerate(side)] for side in sizes)
    taken = [0, 0]
    for pick in Mix(*shares).blended((p for p in left), (Pick(p.number + 1000, p.tokens) for p in right)):
        taken[pick.number >= 1000] += pick.tokens
        # In units of its share, no side is further ahead of the other than its largest text.
        ahead = taken[0] * shares[1] - taken[1] * shares[0]
        assert -max(sizes[1], default=0) * shares[0] <= ahead <= max(sizes[0], default=0) * shares[1]


# ---- shards --------------------------------------------------------------------------------------


def test_shards_in_a_row_are_the_whole_file_and_each_has_its_provenance(shelf: Store, tmp_path: Path) -> None:
    whole = export(shelf, tmp_path / "whole.jsonl", count=words)
    parts = export(shelf, tmp_path / "part.jsonl", count=words, shards=4)
    named = [f"part-0000{n}-of-00004.jsonl" for n in range(4)]
    assert parts.files[:4] == [str(tmp_path / name) for name in named]
    assert (
        b"".join((tmp_path / name).read_bytes() for name in named) == (tmp_path / "whole.jsonl").read_bytes()
    )
    assert [id for name in named for id in ids(tmp_path / name)] == ids(tmp_path / "whole.jsonl")
    sizes = [sum(words(row["text"]) for row in rows(tmp_path / name)) for name in named]
    assert sum(sizes) == whole.tokens == parts.tokens == ALL
    assert all(abs(size - ALL / 4) <= TEXTS + 2 for size in sizes)
    assert [rows(tmp_path / f"{name}.provenance.jsonl")[0]["line"] for name in named] == [1, 1, 1, 1]
    assert not (tmp_path / "part.jsonl").exists()


def test_shards_of_at_most_so_many_tokens(shelf: Store, tmp_path: Path) -> None:
    report = export(shelf, tmp_path / "part", count=words, shard_tokens=100)
    shards = [
        Path(file) for file in report.files if not file.endswith((".provenance.jsonl", ".manifest.json"))
    ]
    sizes = [sum(words(row["text"]) for row in rows(shard)) for shard in shards]
    assert all(size <= 100 for size in sizes)
    assert sum(sizes) == ALL


def test_the_shards_of_a_data_set_lie_in_its_folder_with_one_provenance_beside_it(
    shelf: Store, tmp_path: Path
) -> None:
    report = export(shelf, tmp_path / "set", format="hf", shards=3)
    shards = sorted(path.name for path in (tmp_path / "set" / "data").iterdir())
    assert shards == [f"train-0000{n}-of-00003.parquet" for n in range(3)]
    beside = rows(tmp_path / "set.provenance.jsonl")
    assert [row["line"] for row in beside] == list(range(1, TEXTS + 1))
    assert report.files[0] == str(tmp_path / "set")


def test_shards_of_an_earlier_export_do_not_stay_behind(shelf: Store, tmp_path: Path) -> None:
    mine = tmp_path / "part-00007-of-00009.jsonl"
    mine.write_text("not of an export")
    for count in (4, 2, None, 3):
        export(shelf, tmp_path / "part.jsonl", shards=count)
    left = sorted(path.name for path in tmp_path.glob("part*"))
    shards = [f"part-0000{n}-of-00003.jsonl" for n in range(3)]
    assert left == sorted(
        [*shards, *(f"{name}.provenance.jsonl" for name in shards), "part.jsonl.manifest.json", mine.name]
    )
    for fewer in (3, 2):
        export(shelf, tmp_path / "set", format="hf", shards=fewer)
    assert len(list((tmp_path / "set" / "data").iterdir())) == 2


def test_more_shards_than_texts_are_refused(shelf: Store, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there are 60 texts, too few for 61 shards"):
        export(shelf, tmp_path / "file", shards=61)
    assert not list(tmp_path.glob("file*"))


@given(
    tokens=st.lists(st.integers(1, 100), min_size=1, max_size=40),
    shards=st.integers(1, 40),
    most=st.integers(1, 300),
)
def test_parts_follow_each_other_without_a_gap_and_none_is_empty(
    tokens: list[int], shards: int, most: int
) -> None:
    for parts in (parted(tokens, shards=min(shards, len(tokens))), parted(tokens, shard_tokens=most)):
        assert [at for part in parts for at in part] == list(range(len(tokens)))
        assert all(len(part) for part in parts)
    assert len(parted(tokens, shards=min(shards, len(tokens)))) == min(shards, len(tokens))
    for part in parted(tokens, shard_tokens=most):
        assert len(part) == 1 or sum(tokens[at] for at in part) <= most


def test_a_file_that_is_not_parted_keeps_its_name() -> None:
    assert names(Path("out/texts.jsonl"), None) == ["texts.jsonl"]
    assert names(Path("out/texts"), 1) == ["texts-00000-of-00001"]
