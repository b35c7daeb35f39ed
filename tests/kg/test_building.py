"""A corpus brought up to date with its documents: nothing twice, nothing lost, nothing read in vain."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from kg.building import BuildReport, Progress, build
from kg.extract.base import ExtractError, Extractor
from kg.extract.dictionary import DictionaryExtractor, Listed
from kg.model import Chunk, Document, Entity, Evidence, GraphError, Mention
from kg.reading import ReadError
from kg.store import CorpusLocked, Reading, Store
from kg.stores import open_corpus

NAMES = ("Orla Finch", "Bram Keel", "Saltmere", "Nant Hollow", "Ines Marrow", "tide clock")
CLOCK = "Orla Finch keeps the tide clock of Saltmere. She learned the trade from Bram Keel.\n"
BRASS = "The foundry of Nant Hollow belongs to Ines Marrow. Ines Marrow sold brass to Bram Keel.\n"


class Watched:
    """The dictionary extractor, which also remembers what it was given; may fail on some documents."""

    name = "watched"

    def __init__(
        self, fingerprint: str = "1", fail: str = "", drop: str = "", stop: BaseException | None = None
    ) -> None:
        self._inner = DictionaryExtractor([Listed(name) for name in NAMES])
        self._fingerprint = fingerprint
        self._fail, self._drop, self._stop = fail, drop, stop
        self.read_titles: list[str] = []

    @property
    def fingerprint(self) -> str:
        return f"watched {self._fingerprint}"

    def check(self) -> None:
        return None

    def read(
        self, documents: Iterable[tuple[Document, Sequence[Chunk]]]
    ) -> Iterator[tuple[Document, Reading | GraphError]]:
        for document, chunks in documents:
            self.read_titles.append(document.title)
            if document.title == self._drop:
                continue
            if document.title == self._fail:
                yield document, ExtractError("it cannot be understood")
                continue
            yield from self._inner.read([(document, chunks)])
            if self._stop:
                raise self._stop


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "brass.txt").write_text(BRASS)
    (folder / "clock.txt").write_text(CLOCK)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_corpus(tmp_path / "c.kg", create=True)
    yield opened
    opened.close()


def counts(report: BuildReport) -> tuple[int, int, int, int, int]:
    return report.documents, report.chunks, report.entities, report.mentions, report.relations


def content(store: Store) -> tuple[list[str], list[str], list[str]]:
    graph = store.graph()
    return (
        [graph.entity_id(i) for i in range(len(graph))],
        [graph.relation_id(i) for i in range(graph.relation_count)],
        sorted(mention.id for mention in store.read(Mention)),
    )


def test_documents_become_a_graph(docs: Path, store: Store) -> None:
    report = build(docs, store, Watched())
    assert (report.documents, report.new, report.unchanged, report.skipped) == (2, 2, 0, [])
    assert {entity.name for entity in store.read(Entity)} == set(NAMES)
    assert (report.entities, report.mentions) == (6, 8)
    assert report.relations == store.graph().relation_count > 0
    texts = {document.id: document.text for document in store.read(Document)}
    chunks = {part.id: part.document for part in store.read(Chunk)}
    for mention in store.read(Mention):
        assert texts[chunks[mention.chunk]][mention.start : mention.end] == mention.surface


def test_a_second_build_reads_nothing_and_changes_nothing(docs: Path, store: Store) -> None:
    first, before = build(docs, store, Watched()), content(store)
    generation = store.generation
    again = Watched()
    second = build(docs, store, again)
    assert again.read_titles == []
    assert counts(second) == counts(first)
    assert (second.new, second.changed, second.unchanged) == (0, 0, 2)
    assert content(store) == before
    assert store.generation == generation


def test_a_changed_document_is_replaced_whole_and_the_others_are_left_alone(docs: Path, store: Store) -> None:
    build(docs, store, Watched())
    (docs / "clock.txt").write_text("Orla Finch left Saltmere.")
    again = Watched()
    report = build(docs, store, again)
    assert again.read_titles == ["clock"]
    assert (report.changed, report.unchanged, report.documents) == (1, 1, 2)
    assert "tide clock" not in {entity.name for entity in store.read(Entity)}
    assert len(list(store.read(Chunk))) == 2


def test_a_new_document_is_read_alone(docs: Path, store: Store) -> None:
    build(docs, store, Watched())
    (docs / "third.txt").write_text("Bram Keel died in Saltmere.")
    again = Watched()
    assert build(docs, store, again).new == 1
    assert again.read_titles == ["third"]


@pytest.mark.parametrize(("fingerprint", "chunk_tokens"), [("2", 400), ("1", 500)])
def test_another_extractor_or_chunking_reads_everything_again(
    docs: Path, store: Store, fingerprint: str, chunk_tokens: int
) -> None:
    build(docs, store, Watched())
    assert build(docs, store, Watched(fingerprint), chunk_tokens=chunk_tokens).changed == 2


def test_a_folder_that_moved_is_not_read_again_and_its_sources_are_set(docs: Path, store: Store) -> None:
    build(docs, store, Watched())
    moved = docs.rename(docs.parent / "papers")
    again = Watched()
    report = build(moved, store, again)
    assert (again.read_titles, report.documents, report.unchanged) == ([], 2, 2)
    assert {Path(info.source).parent for info in store.documents()} == {moved}
    assert report.mentions == 8


def test_files_of_one_name_built_one_folder_after_the_other_are_both_kept(
    tmp_path: Path, store: Store
) -> None:
    for folder, words in (("one", CLOCK), ("two", BRASS)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "readme.txt").write_text(words)
        build(tmp_path / folder, store, Watched())
    assert {document.text for document in store.read(Document)} == {CLOCK, BRASS}
    report = build([tmp_path / "one", tmp_path / "two"], store, Watched())
    assert (report.documents, report.unchanged) == (2, 2)


def test_the_same_paragraph_in_two_files_keeps_both_sources(tmp_path: Path, store: Store) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(CLOCK)
    report = build([tmp_path / "a.txt", tmp_path / "b.txt"], store, Watched())
    assert (report.documents, report.chunks) == (2, 2)
    graph = store.graph()
    row = list(graph.names).index("Orla Finch")
    assert graph.mentions[row] == 2
    assert len(graph.entity_documents[row]) == 2
    assert len({row.chunk for row in store.read(Evidence)}) == 2


def test_the_order_of_the_sources_makes_no_difference(docs: Path, tmp_path: Path) -> None:
    seen = []
    for number, order in enumerate((["brass.txt", "clock.txt"], ["clock.txt", "brass.txt"])):
        corpus = open_corpus(tmp_path / f"{number}.kg", create=True)
        build([docs / name for name in order], corpus, Watched())
        seen.append((content(corpus), sorted(corpus.read(Entity), key=lambda entity: entity.id)))
        corpus.close()
    assert seen[0] == seen[1]


def test_documents_added_one_build_after_the_other_give_the_graph_of_one_build(
    docs: Path, tmp_path: Path
) -> None:
    whole, parts = (open_corpus(tmp_path / name, create=True) for name in ("whole.kg", "parts.kg"))
    build(docs, whole, Watched())
    build(docs / "clock.txt", parts, Watched())
    build(docs / "brass.txt", parts, Watched())
    assert content(whole) == content(parts)
    whole.close()
    parts.close()


# ---- what goes -------------------------------------------------------------------------------------


def test_a_vanished_document_stays_until_it_is_pruned(docs: Path, store: Store) -> None:
    build(docs, store, Watched())
    (docs / "clock.txt").unlink()
    assert build(docs, store, Watched()).documents == 2
    report = build(docs, store, Watched(), prune=True)
    assert (report.documents, report.removed) == (1, 1)
    assert {entity.name for entity in store.read(Entity)} == {"Nant Hollow", "Ines Marrow", "Bram Keel"}


def test_a_document_that_cannot_be_read_this_time_is_not_pruned(docs: Path, store: Store) -> None:
    build([docs, docs.parent / "more"], store, Watched())
    (docs / "clock.txt").write_bytes(b"\x00\x01\x02" * 500)
    report = build(docs, store, Watched(), prune=True)
    assert (report.documents, report.removed, len(report.skipped)) == (2, 0, 1)


def test_a_mistyped_folder_does_not_prune_what_came_from_there(
    docs: Path, tmp_path: Path, store: Store
) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "x.txt").write_text(CLOCK)
    build([docs, tmp_path / "more"], store, Watched())
    (tmp_path / "more").rename(tmp_path / "elsewhere")
    assert build([docs, tmp_path / "more"], store, Watched(), prune=True).documents == 3


# ---- stopped and started again ---------------------------------------------------------------------


def test_ctrl_c_keeps_what_was_read_and_the_next_build_goes_on(docs: Path, store: Store) -> None:
    report = build(docs, store, Watched(stop=KeyboardInterrupt()), prune=True)
    assert (report.stopped, report.documents, report.new) == ("interrupt", 1, 1)
    assert {entity.name for entity in store.read(Entity)} == {"Nant Hollow", "Ines Marrow", "Bram Keel"}
    again = Watched()
    assert build(docs, store, again).stopped is None
    assert again.read_titles == ["clock"]


def test_a_build_that_broke_before_the_graph_was_derived_is_made_good(docs: Path, store: Store) -> None:
    with pytest.raises(RuntimeError):
        build(docs / "clock.txt", store, Watched(stop=RuntimeError("broken")))
    assert len(store.graph()) == 0
    report = build(docs / "clock.txt", store, Watched())
    assert (report.unchanged, report.entities) == (1, 4)


KILLED = """
import os, signal, sys
sys.path.insert(0, {root!r})
from kg.building import build
from kg.extract.dictionary import DictionaryExtractor, Listed
from kg.stores import open_corpus

def die(progress):
    if progress.documents == {after}:
        os.kill(os.getpid(), signal.SIGKILL)

build({docs!r}, open_corpus({corpus!r}, create=True), DictionaryExtractor([Listed(n) for n in {names!r}]), on_event=die)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_killed_build_loses_nothing_and_is_finished_by_the_next(
    docs: Path, tmp_path: Path, root: Path, after: int
) -> None:
    (docs / "third.txt").write_text("Bram Keel died in Saltmere.")
    script = KILLED.format(
        root=str(root), after=after, docs=str(docs), corpus=str(tmp_path / "k.kg"), names=NAMES
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    corpus, fresh = open_corpus(tmp_path / "k.kg"), open_corpus(tmp_path / "f.kg", create=True)
    extractor = DictionaryExtractor([Listed(name) for name in NAMES])
    report = build(docs, corpus, extractor)
    build(docs, fresh, extractor)
    assert (report.unchanged, report.new) == (after, 3 - after)
    assert content(corpus) == content(fresh)
    corpus.close()
    fresh.close()


def test_a_second_builder_is_told_who_builds(docs: Path, tmp_path: Path, store: Store) -> None:
    build(docs, store, Watched())
    other = open_corpus(tmp_path / "c.kg")
    watched = Watched("2")
    with pytest.raises(CorpusLocked):
        build(docs, other, watched)
    assert watched.read_titles == []
    other.close()


# ---- what cannot be read ---------------------------------------------------------------------------


def test_no_documents_is_an_error_that_says_what_was_looked_for(tmp_path: Path, store: Store) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReadError, match=r"no documents found in '.*empty'\. Looked for .*\.pdf"):
        build(tmp_path / "empty", store, Watched())


def test_only_unreadable_documents_are_an_error_with_their_reasons(tmp_path: Path, store: Store) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(ReadError, match=r"(?s)a\.txt: it is empty.*nothing\.txt: there is no such file"):
        build([tmp_path / "a.txt", tmp_path / "nothing.txt"], store, Watched())
    assert store.documents() == []


def test_an_unreadable_document_is_reported_and_the_others_are_built(docs: Path, store: Store) -> None:
    (docs / "empty.txt").write_bytes(b"")
    report = build(docs, store, Watched())
    assert report.documents == 2
    assert [(Path(one.source).name, one.reason) for one in report.skipped] == [
        ("empty.txt", "it is empty (0 bytes)")
    ]
    assert report.to_json()["skipped"] == [
        {"source": str(docs / "empty.txt"), "reason": "it is empty (0 bytes)"}
    ]


@pytest.mark.parametrize("extractor", [Watched(fail="clock"), Watched(drop="clock")])
def test_a_document_the_extractor_cannot_read_is_reported_and_tried_again(
    docs: Path, store: Store, extractor: Extractor
) -> None:
    report = build(docs, store, extractor)
    assert (report.documents, [Path(one.source).name for one in report.skipped]) == (1, ["clock.txt"])
    assert build(docs, store, Watched()).new == 1


def test_a_document_that_fails_later_keeps_what_was_read_from_it_before(docs: Path, store: Store) -> None:
    build(docs, store, Watched())
    before = content(store)
    (docs / "clock.txt").write_text("Orla Finch left Saltmere.")
    build(docs, store, Watched(fail="clock"))
    assert content(store) == before


@pytest.mark.parametrize("tokens", [0, -1])
def test_a_wrong_bound_is_refused_before_any_work(docs: Path, store: Store, tokens: int) -> None:
    with pytest.raises(ValueError, match=f"chunk_tokens={tokens}"):
        build(docs, store, Watched(), chunk_tokens=tokens)


# ---- around it -------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_be_read_and_writes_nothing(docs: Path, store: Store) -> None:
    build(docs / "clock.txt", store, Watched())
    generation = store.generation
    report = build(docs, store, Watched(), dry_run=True)
    assert (report.documents, report.new, report.unchanged, report.chunks) == (1, 1, 1, 1)
    assert 10 < report.tokens_in < 40
    assert store.generation == generation


def test_a_dry_run_needs_no_corpus(docs: Path) -> None:
    assert build(docs, None, Watched(), dry_run=True).new == 2
    with pytest.raises(ValueError, match="store=None"):
        build(docs, None, Watched())


def test_progress_counts_every_document(docs: Path, store: Store) -> None:
    (docs / "empty.txt").write_bytes(b"")
    steps: list[Progress] = []
    build(docs, store, Watched(), on_event=steps.append)
    assert [(step.documents, step.total) for step in steps[:3]] == [(1, 3), (2, 3), (3, 3)]
    assert steps[2].mentions == 8
    assert steps[2].skipped == 1


def test_rows_of_tables_of_one_name_are_kept_apart_and_long_keys_do_no_harm(
    tmp_path: Path, store: Store
) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        rows = [{"id": key, "text": f"Bram Keel of {folder}."} for key in ("1", "k" * 5000, "a/../b#c")]
        (tmp_path / folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
        assert build(tmp_path / folder, store, Watched()).new == 3
    report = build([tmp_path / "two", tmp_path / "one"], store, Watched())
    assert (report.documents, report.unchanged) == (6, 6)


def test_the_total_is_unknown_where_a_table_is_read(docs: Path, store: Store) -> None:
    (docs / "rows.jsonl").write_text('{"text": "Bram Keel."}\n{"text": "Saltmere."}\n')
    steps: list[Progress] = []
    assert build(docs, store, Watched(), on_event=steps.append).documents == 4
    assert {step.total for step in steps} == {None}


def test_aliases_are_used_kept_and_derived_with_again_only_when_they_change(
    docs: Path, tmp_path: Path, store: Store
) -> None:
    build(docs, store, Watched())
    aliases = tmp_path / "aliases.txt"
    aliases.write_text("Orla Finch = Ines Marrow\n")
    report = build(docs, store, Watched(), aliases=aliases)
    assert (report.unchanged, report.entities) == (2, 5)
    generation = store.generation
    assert build(docs, store, Watched(), aliases=aliases).entities == 5
    assert build(docs, store, Watched()).entities == 5
    assert store.generation == generation


def test_a_language_that_was_asked_for_is_kept_with_the_documents(docs: Path, store: Store) -> None:
    build(docs, store, Watched(), language="fr")
    assert {info.language for info in store.documents()} == {"fr"}
    assert {part.language for part in store.read(Chunk)} == {"fr"}


def test_the_quality_article_is_built(real_data: Path, store: Store) -> None:
    extractor = DictionaryExtractor(
        [Listed("Blake"), Listed("Deirdre"), Listed("Eldoria"), Listed("Sabrina York")]
    )
    report = build(real_data / "quality", store, extractor)
    assert (report.documents, report.entities) == (1, 4)
    assert report.mentions > 60
    assert report.relations > 0
