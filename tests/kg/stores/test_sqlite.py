"""What only the embedded store has: a folder, a file, cached arrays, a disk that is full or read-only."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kg.model import Chunk, Document, Entity, Relation, Resolution
from kg.store import CorpusNotFound, CorpusTooNew, Derived, StoreError
from kg.stores import arrays_cache as cache
from kg.stores import open_corpus
from kg.stores.sqlite import SqliteStore
from kg.stores.sqlite.schema import VERSION, migrate
from tests.kg.conftest import ARRAYS
from tests.kg.stores.conftest import Derive, Say


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    place = tmp_path / "corpus.kg"
    open_corpus(place, create=True).close()
    return place


def made(n: int, m: int) -> Derived:
    entities = [Entity.make(f"E{i}", f"type {i % 3}", aliases=(f"the {i}",)) for i in range(n)]
    relations = [
        Relation.make(
            entities[i % n].id, f"label {i % 4}", entities[(i * 31 + i // n) % n].id, weight=i % 3 / 3 + 1
        )
        for i in range(m)
    ]
    return Derived(entities=entities, relations=relations)


# ---- the place -----------------------------------------------------------------------------------


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "notes.kg"
    place.write_text("notes")
    for create in (True, False):
        with pytest.raises(StoreError, match="it is a file, a corpus is a folder"):
            open_corpus(place, create=create)
    assert place.read_text() == "notes"


def test_a_folder_of_other_things_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(CorpusNotFound, match=r"letter\.txt"):
        open_corpus(tmp_path)
    with pytest.raises(StoreError, match=r"letter\.txt"):
        open_corpus(tmp_path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_becomes_a_corpus(tmp_path: Path) -> None:
    with pytest.raises(CorpusNotFound):
        open_corpus(tmp_path)
    store = open_corpus(tmp_path / "deep" / "down.kg", create=True)
    assert store.documents() == []
    store.close()


@pytest.mark.parametrize("content", [b"", b"this is no database, it is a diary" * 100])
def test_a_damaged_or_foreign_database_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "graph.sqlite").write_bytes(content)
    with pytest.raises(StoreError, match=r"interrupted|another kind of file"):
        open_corpus(tmp_path)


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "graph.sqlite")
    connection.execute("CREATE TABLE cookies (a)")
    connection.close()
    with pytest.raises(StoreError, match="another program's database"):
        open_corpus(tmp_path, create=True)


def test_a_corpus_of_a_newer_version_is_refused(corpus: Path) -> None:
    connection = sqlite3.connect(corpus / "graph.sqlite")
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(CorpusTooNew, match="newer version"):
        open_corpus(corpus)


def test_a_migration_keeps_a_copy_and_is_whole_or_not_at_all(corpus: Path) -> None:
    path = corpus / "graph.sqlite"
    step = "ALTER TABLE setting ADD COLUMN since TEXT;\nINSERT INTO setting VALUES ('new', 'yes', 'today');"
    copy = migrate(path, {VERSION: step}, VERSION + 1)
    assert copy is not None
    assert migrate(path, {VERSION: step}, VERSION + 1) is None
    for place, version, columns in ((path, VERSION + 1, 3), (copy, VERSION, 2)):
        connection = sqlite3.connect(place)
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
        assert len(connection.execute("PRAGMA table_info(setting)").fetchall()) == columns
        connection.close()
    with pytest.raises(sqlite3.OperationalError):
        migrate(path, {VERSION + 1: "CREATE TABLE a (b);\nCREATE TABLE a (b);"}, VERSION + 2)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'a'").fetchone() is None
    connection.close()


def test_a_corpus_of_version_1_opens_with_all_that_it_holds(corpus: Path) -> None:
    database = corpus / "graph.sqlite"
    fresh = _shape(database)
    shutil.rmtree(corpus)
    corpus.mkdir()
    anna, bert = (Entity.make(name, "person") for name in ("Anna", "Bert"))
    document = Document.make("a.txt", "Anna knows Bert.", title="A", source="a.txt")
    chunk = Chunk.make(document.id, document.text, 0, 0, 16, "en")
    relation = Relation.make(anna.id, "taught", bert.id, "imported", 2.0, given=True)
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(Path(__file__).with_name("tables-1.sql").read_text("utf-8"))
        id = bytes.fromhex
        connection.execute("INSERT INTO corpus VALUES (1, ?, 7, 'stamp')", (id("ab" * 16),))
        connection.executemany("INSERT INTO term VALUES (?, ?)", [(1, "person"), (2, "taught")])
        connection.execute("INSERT INTO body VALUES (1, ?, ?)", (id(document.id), document.text))
        connection.execute(
            "INSERT INTO document VALUES (1, ?, ?, 'A', 'a.txt', 'und', NULL, NULL, 16, 'by hand', 1)",
            (id(document.id), document.sha256),
        )
        connection.execute("INSERT INTO chunk VALUES (1, ?, 1, 1, 0, 16, 'en')", (id(chunk.id),))
        connection.executemany(
            "INSERT INTO entity VALUES (?, ?, ?, 1, '', '', '[]', 0)",
            [(1, id(anna.id), "Anna"), (2, id(bert.id), "Bert")],
        )
        connection.execute(
            "INSERT INTO relation VALUES (1, ?, 1, 2, 2, 'imported', 2.0, 1)", (id(relation.id),)
        )
        connection.commit()
    store = open_corpus(corpus)
    assert (store.corpus_id, store.generation) == ("ab" * 16, 7)
    assert [*store.read(Document), *store.read(Chunk)] == [document, chunk]
    assert store.words([chunk.id]) == {chunk.id: document.text}
    assert list(store.read(Entity)) == sorted([anna, bert], key=lambda one: one.id)
    assert list(store.read(Relation)) == [relation]
    given = replace(anna, given=True)
    store.upsert([given])
    store.replace_derived(Derived())
    assert list(store.read(Entity, "given", ["1"])) == [given]
    store.close()
    assert _shape(database) == fresh
    assert _shape(corpus / "graph.sqlite.v1") != fresh


def _shape(database: Path) -> tuple[int, list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Version, columns and indexes of a database."""
    with closing(sqlite3.connect(database)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        columns = (
            'SELECT t.name, c.cid, c.name, c.type, c."notnull", c.pk FROM sqlite_master t '
            "JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid"
        )
        indexes = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
        return version, connection.execute(columns).fetchall(), connection.execute(indexes).fetchall()


# ---- the disk ------------------------------------------------------------------------------------


def test_a_full_disk_is_told_in_one_line_and_loses_nothing(corpus: Path, say: Say) -> None:
    script = """
import resource, signal, sys
from kg.store import Derived, StoreError
from kg.model import Entity
from kg.stores import open_corpus

store = open_corpus(sys.argv[1])
store.upsert([Entity.make("first", "x")])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    store.replace_derived(Derived(entities=[Entity.make("e" * 500 + str(i), "x") for i in range(30_000)]))
except StoreError as error:
    print(error)
print([entity.name for entity in store.read(Entity)])
"""
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    done = subprocess.run(
        [sys.executable, "-c", script, str(corpus)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    message, *rest = done.stdout.splitlines()
    assert message.startswith(f"cannot write to the corpus '{corpus}'")
    assert rest == ["['first']"]
    store = open_corpus(corpus)
    assert [entity.name for entity in store.search("first")] == ["first"]
    store.close()


def test_sqlites_own_word_for_a_full_disk_is_translated(corpus: Path) -> None:
    store = SqliteStore(str(corpus))
    store.upsert([Entity.make("first", "x")])
    with store._database.writing(lambda: False) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(StoreError, match=r"the disk is full\. Nothing of this step was kept"):
        store.replace_derived(made(3000, 3000))
    assert [entity.name for entity in store.read(Entity)] == ["first"]
    store.close()


def test_a_corpus_on_a_read_only_place_is_readable(say: Say) -> None:
    script = """
import os, sys, tempfile
from kg.model import Entity
from kg.store import StoreError
from kg.stores import open_corpus

with tempfile.TemporaryDirectory() as name:  # whatever is imported on the way is imported before the rights go:
    store = open_corpus(name + "/warm.kg", create=True)  # Python itself may lie in a folder closed to others
    store.upsert([Entity.make("a", "x")])
    store.documents(), store.graph(), store.search("anna")
    store.close()
if os.geteuid() == 0:  # rights do not bind root
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
store = open_corpus(sys.argv[1])
print([document.source for document in store.documents()], len(store.graph()), len(store.search("anna")))
for writable in (None, True):
    try:
        open_corpus(sys.argv[1], writable=writable).upsert([Entity.make("a", "x")])
    except StoreError as error:
        print(error)
"""
    with tempfile.TemporaryDirectory() as name:  # the folders pytest makes are closed to others
        folder = Path(name)
        folder.chmod(0o755)
        store = open_corpus(folder / "c.kg", create=True)
        store.replace_document(*say("a.txt", "Anna", "knows", "Bert"))
        store.close()
        for path in (folder / "c.kg").iterdir():
            path.chmod(0o444)
        (folder / "c.kg").chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", script, str(folder / "c.kg")],
            env={**os.environ, "PYTHONPATH": os.getcwd()},
            capture_output=True,
            text=True,
            check=False,
        )
        (folder / "c.kg").chmod(0o755)
    lines = done.stdout.splitlines()
    assert lines[:1] == ["['a.txt'] 0 0"], done.stderr
    assert len(lines) == 3
    assert all("read-only" in line for line in lines[1:])


# ---- bulk and caches -----------------------------------------------------------------------------


@pytest.fixture
def large(corpus: Path) -> SqliteStore:
    store = SqliteStore(str(corpus))
    store.replace_derived(made(700, 25_000))
    return store


def test_a_bulk_load_leaves_every_index_in_place(large: SqliteStore, tmp_path: Path) -> None:
    empty = SqliteStore(str(tmp_path / "empty.kg"), make=True)
    names = []
    for store in (large, empty):
        with store._read() as connection:
            names.append(
                sorted(connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall())
            )
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        store.close()
    assert names[0] == names[1]


def test_rebuilding_leaves_no_row_that_names_nothing(corpus: Path, say: Say, derive: Derive) -> None:
    store = SqliteStore(str(corpus))
    document, reading = say("a.txt", "Anna", "knows", "Bert")
    nina, given = Entity.make("Nina", "x"), Entity.make("Xenia", "x")
    for step in range(6):
        if step == 1:
            store.upsert([nina, Resolution(reading.candidates[0].id, nina.id, "why", "user")])
        if step == 2:
            store.upsert([given, Relation.make(given.id, "to", given.id, given=True)])
        if step == 4:
            store.remove_documents([document.id])
        else:
            store.replace_document(
                *(say("a.txt", "Anna", "forgot", f"C{step}") if step % 2 else (document, reading))
            )
        derive(store)
        if step == 3:
            store.replace_derived(Derived())
        with store._read() as connection:
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == [], step
            assert connection.execute(
                "SELECT count(*) FROM name WHERE entity NOT IN (SELECT row FROM entity WHERE hidden = 0)"
            ).fetchone() == (0,)
            connection.execute("SELECT count(*) FROM trigram").fetchone()
    with store._database.writing(lambda: False) as connection:
        connection.execute("INSERT INTO trigram (trigram) VALUES ('integrity-check')")
    store.close()


def test_cached_arrays_equal_those_from_the_tables(large: SqliteStore, corpus: Path) -> None:
    fresh = large.graph()
    (kept,) = (corpus / "arrays").iterdir()
    other = SqliteStore(str(corpus))
    mapped = other.graph()
    assert isinstance(mapped.weights.base, np.memmap)
    assert not isinstance(fresh.weights.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        mapped.weights[0] = 7.0
    for name in ARRAYS:
        assert np.array_equal(getattr(fresh, name), getattr(mapped, name)), name
    assert list(mapped.names) == list(fresh.names)
    assert (mapped.type_names, mapped.label_names) == (fresh.type_names, fresh.label_names)
    assert mapped.generation == fresh.generation
    assert kept.is_dir()
    for store in (large, other):
        store.close()


def test_a_stale_cache_is_never_used(large: SqliteStore, corpus: Path) -> None:
    large.graph()
    large.upsert([Entity.make("one more", "x")])
    other = SqliteStore(str(corpus))
    assert len(other.graph()) == 701
    assert len(list((corpus / "arrays").iterdir())) == 1
    for store in (large, other):
        store.close()


def test_an_older_database_put_back_does_not_get_newer_arrays(large: SqliteStore, corpus: Path) -> None:
    large.close()
    shutil.copy(corpus / "graph.sqlite", corpus.parent / "backup")
    for names in (("a", "b"), ("c",)):
        shutil.copy(corpus.parent / "backup", corpus / "graph.sqlite")
        store = SqliteStore(str(corpus))
        store.upsert([Entity.make(name, "x") for name in names])
        graph = store.graph()
        assert len(graph) == 700 + len(names)
        assert set(names) <= set(graph.names)
        store.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["arrays.json", "weights.npy", "names.values.npy", "sources.npy"])
def test_a_torn_cache_is_never_used(large: SqliteStore, corpus: Path, name: str) -> None:
    whole = large.graph()
    large.close()
    (kept,) = (corpus / "arrays").iterdir()
    path = kept / name
    data = path.read_bytes()
    for damaged in (data[: len(data) // 2], data[:-9] + b"123456789", b""):
        path.write_bytes(damaged)
        assert cache.load(corpus / "arrays", kept.name, 1) is None
        store = SqliteStore(str(corpus))
        graph = store.graph()
        store.close()
        assert graph.weights.tolist() == whole.weights.tolist()
        assert list(graph.names) == list(whole.names)
        path.write_bytes(data)


def test_arrays_that_cannot_be_kept_are_no_trouble(large: SqliteStore, corpus: Path) -> None:
    (corpus / "arrays").write_text("a file in the way")
    assert len(large.graph()) == 700
    large.close()


def test_a_rebuild_writes_only_what_differs(large: SqliteStore) -> None:
    generation = large.generation
    large.replace_derived(made(700, 25_000))
    assert large.generation == generation
    large.replace_derived(made(700, 25_001))
    assert (large.generation, large.graph().relation_count) == (generation + 1, 25_001)
    large.close()


def test_a_store_is_used_from_several_threads(large: SqliteStore) -> None:
    from concurrent.futures import ThreadPoolExecutor

    ids = [entity.id for entity in large.read(Entity)][:50]
    with ThreadPoolExecutor(8) as pool:
        around = list(pool.map(large.neighbourhood, ids * 4))
        written = list(pool.map(lambda i: large.upsert([Entity.make(f"thread {i}", "x")]), range(20)))
    assert around[:50] == around[50:100] == [large.neighbourhood(id) for id in ids]
    assert sum(written) == 20
    assert len(large.search("thread", 50)) == 20
    large.close()
