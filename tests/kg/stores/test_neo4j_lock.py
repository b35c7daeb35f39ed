"""The builder's lock of a corpus in Neo4j has one holder, on a real server, whatever its clock says."""

import random
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest

from kg.model import Entity
from kg.store import CorpusLocked, StoreError
from kg.stores import open_corpus
from kg.stores.neo4j import holding

pytestmark = pytest.mark.neo4j
AGE = holding._age


def listed(since: str, number: int) -> dict[str, Any]:
    return {"since": since, "transaction": f"neo4j-transaction-{number}"}


def test_who_asked_first_is_first_also_where_the_server_leaves_out_a_fraction_of_zero() -> None:
    in_order = [
        listed("2026-11-23T02:59:59.999Z", 9),
        listed("2026-11-23T03:00:00Z", 4),
        listed("2026-11-23T03:00:00.001Z", 3),
        listed("2026-11-23T03:00:00.200Z", 12),
        listed("2026-11-23T03:00:00.200Z", 103),
        listed("2026-11-23T03:00:01Z", 1),
    ]
    shuffled = random.Random(1).sample(in_order, len(in_order))
    assert sorted(shuffled, key=AGE) == in_order


def test_a_clock_that_went_back_does_not_give_the_lock_to_a_second_one(
    neo4j_place: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = neo4j_place()
    with (
        closing(open_corpus(place, create=True, writable=True)) as holder,
        closing(open_corpus(place)) as other,
    ):
        start = AGE(listed("2026-11-23T03:00:00Z", 0))[0]

        def backwards(one: dict[str, Any]) -> tuple[datetime, int]:
            began, number = AGE(one)
            return start - (began - start), number

        monkeypatch.setattr(holding, "_age", backwards)
        with pytest.raises(CorpusLocked, match="this process already writes"):
            other.upsert([Entity.make("Anna", "person")])
        assert holder.upsert([Entity.make("Bert", "person")]) == 1
    with closing(open_corpus(place, writable=True)) as after:
        assert [one.name for one in after.read(Entity)] == ["Bert"]


def test_the_lock_has_one_holder_however_many_ask_at_once(neo4j_place: Callable[[], str]) -> None:
    place = neo4j_place()
    first = open_corpus(place, create=True)
    stores: list[Any] = [open_corpus(place) for _ in range(6)]
    inside, most, taken = 0, 0, 0
    guard = threading.Lock()

    def ask(store: Any) -> None:
        nonlocal inside, most, taken
        for _ in range(15):
            try:
                store._holding.acquire()
            except CorpusLocked:
                continue
            with guard:
                inside, taken = inside + 1, taken + 1
                most = max(most, inside)
            time.sleep(0.01)
            with guard:
                inside -= 1
            store._holding.release()

    threads = [threading.Thread(target=ask, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken > 0
    assert most == 1
    for store in (first, *stores):
        store.close()


def test_a_lock_that_the_server_ended_is_taken_again(neo4j_place: Callable[[], str]) -> None:
    """As db.transaction.timeout does, or an administrator."""
    place = neo4j_place()
    store: Any = open_corpus(place, create=True, writable=True)
    ended = (
        "SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData.corpus = $corpus "
        "TERMINATE TRANSACTIONS id YIELD message RETURN message"
    )
    corpus = place.partition("#")[2]
    for name in ("Anna", "Bert"):
        with store._access.session() as session:
            assert len(list(session.run(ended, corpus=corpus))) == 1
        assert store.upsert([Entity.make(name, "person", given=True)]) == 1
        with pytest.raises(StoreError, match="this process already writes"):
            open_corpus(place, writable=True)
    assert len(list(store.read(Entity))) == 2
    store.close()
    open_corpus(place, writable=True).close()
