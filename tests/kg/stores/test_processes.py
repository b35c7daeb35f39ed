"""Several processes on one corpus: one builder, readers that never wait, and a builder that is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from kg.model import Document, Entity, Mention, Record, Relation
from kg.store import CorpusLocked, Derived, Store
from kg.stores import open_corpus

BUILDER = """
import sys, time
from kg.model import Candidate, Chunk, Document, Entity, Mention, Relation
from kg.store import Derived, Reading
from kg.stores import open_corpus

store = open_corpus(sys.argv[1], create=True, writable=True)
print("ready", flush=True)
n = 0
while True:
    text = f"Anna {n} knows Bert."
    document = Document.make(f"{n % 50}.txt", text, title="t", source=f"{n % 50}.txt")
    chunk = Chunk.make(document.id, text, 0, 0, len(text))
    candidate = Candidate.make(document.id, "Anna", "person")
    mention = Mention(candidate.id, chunk.id, 0, 4, "Anna")
    store.replace_document(document, Reading([chunk], [candidate], [mention], [], str(n)))
    entities = [Entity.make(f"E{i + n}", "x") for i in range(40)]
    relations = [Relation.make(entities[i].id, "to", entities[i - 1].id) for i in range(40)]
    store.replace_derived(Derived(entities=entities, relations=relations))
    n += 1
"""

WRITER = """
import sys
from kg.model import Entity
from kg.store import CorpusLocked
from kg.stores import open_corpus

try:
    store = open_corpus(sys.argv[1])
    store.upsert([Entity.make("from the other process", "x")])
    print("written")
except CorpusLocked as error:
    print(error)
"""


@pytest.fixture
def environment(root: Any) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(root)}


@contextmanager
def builder(place: str, environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """Another process that builds without end; killed when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", BUILDER, place], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def consistent(store: Store) -> int:
    """Whether what is read is one commit, whole; the number of documents."""
    infos = store.documents()
    assert all((info.chunks, info.mentions) == (1, 1) for info in infos)
    for document in store.read(Document):
        (mention,) = store.read(Mention, "document", [document.id])
        assert document.text[mention.start : mention.end] == "Anna"
    graph = store.graph()
    assert (len(graph), graph.relation_count) in ((40, 40), (0, 0))
    return len(infos)


def test_a_second_builder_is_told_who_holds_the_corpus(place: str, environment: dict[str, str]) -> None:
    with builder(place, environment) as process:
        with pytest.raises(CorpusLocked, match=f"process {process.pid} .*since .*kill {process.pid}"):
            open_corpus(place, writable=True)
        other = subprocess.run(
            [sys.executable, "-c", WRITER, place], env=environment, capture_output=True, text=True, check=True
        )
        assert f"process {process.pid}" in other.stdout
        reader = open_corpus(place)
        with pytest.raises(CorpusLocked):
            reader.upsert([Entity.make("me too", "x")])
        reader.close()
    writer = open_corpus(place, writable=True)  # the killed one holds nothing any more
    assert writer.upsert([Entity.make("now me", "x")]) == 1
    writer.close()


def test_the_same_process_is_told_that_it_is_itself(place: str) -> None:
    first = open_corpus(place, create=True, writable=True)
    with pytest.raises(CorpusLocked, match="this process already"):
        open_corpus(place, writable=True)
    first.close()
    open_corpus(place, writable=True).close()


def test_records_are_written_while_another_process_builds(
    place: str, environment: dict[str, str], record: Callable[..., Record]
) -> None:
    with builder(place, environment):
        store = open_corpus(place)
        for i in range(20):
            store.upsert([record(f"text {i}")])
        assert len(list(store.read(Record))) == 20
        store.close()


@pytest.mark.slow
def test_readers_see_whole_commits_while_a_writer_writes(place: str, environment: dict[str, str]) -> None:
    with builder(place, environment):
        store = open_corpus(place)
        generations = [store.generation]
        deadline = time.monotonic() + 1.5
        while time.monotonic() < deadline:
            consistent(store)
            generations.append(store.generation)
        store.close()
    assert generations == sorted(generations)
    assert generations[-1] > generations[0]


@pytest.mark.slow
def test_killed_in_the_middle_of_a_write_it_opens_and_is_whole(
    place: str, environment: dict[str, str]
) -> None:
    for wait in (0.0, 0.05, 0.21, 0.4):
        with builder(place, environment) as process:
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
            process.wait()
        store = open_corpus(place)
        found = consistent(store)
        store.close()
    assert found >= 1


def test_two_processes_that_make_one_corpus_agree(place: str, environment: dict[str, str]) -> None:
    script = (
        "import sys; from kg.stores import open_corpus; s = open_corpus(sys.argv[1], create=True); "
        "print(s.corpus_id); s.close()"
    )
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", script, place], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    ids = {maker.communicate()[0] for maker in makers}
    assert len(ids) == 1
    assert len(ids.pop().strip()) == 32


def test_a_graph_read_by_two_processes_is_the_same(place: str, environment: dict[str, str]) -> None:
    store = open_corpus(place, create=True)
    entities = [Entity.make(f"E{i}", "x") for i in range(30)]
    relations = [Relation.make(entities[i].id, "to", entities[(i * 7) % 30].id) for i in range(30)]
    store.replace_derived(Derived(entities=entities, relations=relations))
    script = (
        "import sys, json; from kg.stores import open_corpus; g = open_corpus(sys.argv[1]).graph(); "
        "print(json.dumps([list(g.names), g.sources.tolist(), g.generation]))"
    )
    other = subprocess.run(
        [sys.executable, "-c", script, place], env=environment, capture_output=True, text=True, check=True
    )
    graph = store.graph()
    assert json.loads(other.stdout) == [list(graph.names), graph.sources.tolist(), graph.generation]
    store.close()
