"""Writes of several transactions, with the bounds made small: the same code, fewer rows.

On a server of their own: they take indexes away that tests of other processes look for.
"""

import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from kg.model import Entity, Relation
from kg.store import Derived, Store, StoreError
from kg.stores import open_corpus
from tests.kg.stores.conftest import OwnServer

pytestmark = pytest.mark.neo4j


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch is 10 rows, a transaction 40, very many are 20."""
    from kg.stores.neo4j import commits, derived, upserts

    for module in (commits, derived):
        monkeypatch.setattr(module, "BATCH", 10)
    monkeypatch.setattr(commits, "WHOLE", 40)
    for module in (derived, upserts):
        monkeypatch.setattr(module, "LARGE", 20)


@pytest.fixture
def store(small: None, own_server: OwnServer) -> Iterator[Store]:
    place = own_server.new_place()
    with closing(open_corpus(place, create=True)) as opened:
        yield opened
    with closing(open_corpus(place)) as left:
        left.remove()


def made(count: int, label: str = "to") -> Derived:
    entities = [Entity.make(f"E{i}", "x") for i in range(30)]
    relations = [
        Relation.make(entities[i % 30].id, f"{label} {i // 30}", entities[(i * 7) % 30].id)
        for i in range(count)
    ]
    return Derived(entities=entities, relations=relations)


def indexes(store: Any) -> set[str]:
    with store._access.session() as session:
        return {name for (name,) in session.run("SHOW INDEXES YIELD name RETURN name")}


def test_a_large_graph_is_written_whole_and_its_indexes_are_there_again(store: Store) -> None:
    wanted = made(200)
    store.replace_derived(wanted)
    assert list(store.read(Relation)) == sorted(wanted.relations, key=lambda row: row.id)
    assert {"eg_rel_id", "eg_names", "eg_entity_search"} <= indexes(store)
    before = store.generation
    store.replace_derived(wanted)
    assert store.generation == before


def test_very_many_relations_may_be_upserted_at_once(store: Store) -> None:
    wanted = made(200)
    assert store.upsert([*wanted.relations, *wanted.entities]) == 230
    assert list(store.read(Relation)) == sorted(wanted.relations, key=lambda row: row.id)
    assert {"eg_rel_id", "eg_names", "eg_entity_search"} <= indexes(store)
    assert store.upsert(wanted.relations) == 200
    assert store.graph().relation_count == 200


def test_two_large_graphs_may_be_written_into_one_database_at_once(
    small: None, own_server: OwnServer
) -> None:
    from kg.stores.neo4j.schema import INDEXES

    stores = [open_corpus(own_server.new_place(), create=True) for _ in range(2)]
    failed: list[BaseException] = []

    def write(store: Store) -> None:
        try:
            for turn in range(3):
                store.replace_derived(made(200, f"turn {turn}"))
                store.replace_derived(Derived())
            store.replace_derived(made(200))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert {"eg_rel_id", *INDEXES} <= indexes(stores[0])
    for store in stores:
        assert store.graph().relation_count == 200
        store.remove()
        store.close()


def test_a_missing_end_among_very_many_is_named(store: Store) -> None:
    wanted = made(100)
    lost = Relation.make(wanted.entities[0].id, "to", "ab" * 16)
    with pytest.raises(StoreError, match="ab" * 16):
        store.upsert([*wanted.entities, *wanted.relations, lost])
    assert list(store.read(Relation)) == []


def test_a_graph_half_written_is_refused_until_it_is_whole(store: Store) -> None:
    wanted = made(200)
    late = sorted(wanted.relations, key=lambda row: (row.source, row.target, row.id))[-1]
    broken = [
        Relation(row.id, row.source, row.label, row.target, "\ud800") if row is late else row
        for row in wanted.relations
    ]
    with pytest.raises(StoreError, match="half a character"):
        store.replace_derived(Derived(entities=wanted.entities, relations=broken))
    own = store._access.address  # type: ignore[attr-defined]
    reader = open_corpus(f"{own.scheme}://{own.user}:{own.password}@{own.host_port}#{own.corpus}")
    for look in (reader.graph, lambda: reader.search("E1"), lambda: list(reader.read(Relation))):
        with pytest.raises(StoreError, match="is being written"):
            look()
    store.close()
    with pytest.raises(StoreError, match=r"was interrupted.*Run the command that wrote it again"):
        reader.graph()
    assert reader.documents() == []
    builder = open_corpus(f"{own.scheme}://{own.user}:{own.password}@{own.host_port}#{own.corpus}")
    builder.replace_derived(wanted)
    assert {"eg_rel_id", "eg_names", "eg_entity_search"} <= indexes(builder)
    assert reader.graph().relation_count == 200
    assert builder.graph().names == reader.graph().names
    builder.close()
    reader.close()


def test_what_a_wipe_that_was_cut_off_leaves_is_refused(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.stores.neo4j import wiping

    store.replace_derived(made(40))
    store._holding.release()

    def cut_off(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(wiping, "_page", cut_off)
        with pytest.raises(RuntimeError):
            wiping.wipe(store._access.driver, "", store._access.address.corpus)
    with pytest.raises(StoreError, match="its removal was interrupted"):
        store.graph()
