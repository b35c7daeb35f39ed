"""One builder a corpus: an open transaction that says who holds it, gone when its holder is.

The server lists open transactions with what they say of themselves. A builder opens one, looks who
else has one for this corpus, and holds the lock where nobody has; nothing is written. Of two who open
one at a time the later always sees the earlier, so that no clock can give both the lock; where both see
each other the later gives up and the earlier asks once more. When the builder dies its connection
closes, the server drops the transaction, and the next one finds nobody.
"""

import os
import random
import socket
import time
from dataclasses import asdict
from datetime import datetime
from typing import Any

import neo4j

from kg.locks import Holder
from kg.store import CorpusLocked
from kg.stores.neo4j.access import Access

_HOLDERS = (
    "SHOW TRANSACTIONS YIELD transactionId, startTime, metaData "
    "WHERE metaData.entigraph = 'builder' AND metaData.corpus = $corpus "
    "RETURN transactionId AS transaction, startTime AS since, metaData AS who"
)


PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)
"""Seconds to wait before asking again, where somebody asked a moment later."""


class Holding:
    """The builder's lock of one corpus. The store lets one thread at a time take it."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._session: neo4j.Session | None = None
        self._transaction: neo4j.Transaction | None = None

    def acquire(self) -> None:
        """Take the lock or raise CorpusLocked, saying who has it. Twice is once, if it is still held."""
        if self._transaction is not None:
            if self._alive():
                return
            self.release()
        for pause in PAUSES:
            mine, others = self._asked()
            if mine is not None and not others:
                return
            self.release()
            if mine is None or _age(min(others, key=_age)) < _age(mine):
                break
            time.sleep(pause * random.uniform(0.5, 1.5))  # they came later, and give up as they see us
        raise CorpusLocked(
            f"cannot write to the corpus {self._access.address}: the server ended the transaction that holds it. "
            "Is db.transaction.timeout very short? Try again"
            if mine is None
            else _refusal(f"the corpus {self._access.address}", min(others, key=_age)["who"])
        )

    def _asked(self) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """Our transaction as the server lists it, once it is open, and those of others."""
        me = {
            "entigraph": "builder",
            "corpus": self._access.address.corpus,
            "token": os.urandom(8).hex(),
            **asdict(Holder.me()),
        }
        try:
            with self._access.trouble("write to"):
                self._session = self._access.session()
                self._transaction = self._session.begin_transaction(metadata=me)
                self._transaction.run("RETURN 1").consume()
                holders = self._holders()
        except BaseException:
            self.release()
            raise
        mine = next((one for one in holders if one["who"]["token"] == me["token"]), None)
        return mine, [one for one in holders if one is not mine]

    def refusal(self) -> str:
        """What `acquire` would be told by another builder; empty where there is none."""
        with self._access.trouble("read"):
            holders = self._holders()
        return (
            _refusal(f"the corpus {self._access.address}", min(holders, key=_age)["who"]) if holders else ""
        )

    def _holders(self) -> list[dict[str, Any]]:
        with self._access.session() as session:
            return [dict(found) for found in session.run(_HOLDERS, corpus=self._access.address.corpus)]

    @property
    def held(self) -> bool:
        """Whether this object holds the lock, as far as it knows."""
        return self._transaction is not None

    def _alive(self) -> bool:
        """Whether the server still has our transaction: a restart or a time limit ends it."""
        assert self._transaction is not None
        try:
            self._transaction.run("RETURN 1").consume()
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError):
            return False
        return True

    def release(self) -> None:
        """Give the lock back; without it nothing happens."""
        transaction, self._transaction = self._transaction, None
        session, self._session = self._session, None
        try:
            if transaction is not None:
                transaction.close()
            if session is not None:
                session.close()
        except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError):
            pass  # the server has dropped it already


def _age(holder: dict[str, Any]) -> tuple[datetime, int]:
    """Earlier is less: by when it began, then by the number at the end of the transaction's name.

    The time is parsed: the server leaves out a fraction of .000, and "09Z" comes after "09.500Z" as text.
    """
    number = holder["transaction"].rpartition("-")[2]
    return datetime.fromisoformat(holder["since"]), int(number) if number.isdigit() else 0


def _refusal(what: str, holder: dict[str, Any]) -> str:
    if holder["pid"] == os.getpid() and holder["host"] == socket.gethostname():
        return f"cannot write to {what}: this process already writes to it. Share that one, or close it"
    who = Holder(holder["pid"], holder["host"], holder["program"], holder["since"])
    return f"cannot write to {what}: {who} writes to it. Wait for it, or stop it with 'kill {who.pid}' on {who.host}"
