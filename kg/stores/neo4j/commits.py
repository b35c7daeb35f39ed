"""How readers see whole commits on a server that shows half of one.

Neo4j reads what is committed row by row: a query that runs while another process commits may see some
of its rows. So every commit raises `generation` of the corpus, and just before it a transaction of its
own puts a mark on (:EgCommit), which another takes away after it. Who reads asks again until there is
no mark and the generation is the one it began with. The mark of a writer that died is told by its
transaction, which the server does not list any more.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import neo4j

from kg.store import CorpusNotFound, CorpusTooNew, StoreError
from kg.stores.neo4j.access import Access
from kg.stores.neo4j.schema import COMMIT, COMMIT_ID, CORPUS, VERSION

R = TypeVar("R")

BATCH = 10_000  # rows a statement
WHOLE = 50_000  # rows a transaction: more are several, and the corpus says meanwhile that it is unfinished
WAIT_SECONDS = 60.0

_HERE = f"MATCH (c:{CORPUS} {{name: $corpus}}) OPTIONAL MATCH (m:{COMMIT} {{corpus: $corpus, id: '{COMMIT_ID}'}}) "
_SAYS = (
    "m.token AS mark, c.id AS id, c.version AS version, c.generation AS generation, c.graph AS graph, "
    "c.settings AS settings, c.unfinished AS unfinished"
)
_HEAD = f"{_HERE}RETURN {_SAYS}"
# The rows are all collected before the corpus's own row is looked at.
_THEN_HEAD = f"WITH collect(row) AS rows {_HERE}RETURN rows, {_SAYS}"
_LOCK = f"MATCH (c:{CORPUS} {{name: $corpus}}) SET c.writer = $token RETURN count(*) AS n"
_MARK = f"MERGE (m:{COMMIT} {{corpus: $corpus, id: '{COMMIT_ID}'}}) SET m.token = $token"
_UNMARK = (
    f"MATCH (m:{COMMIT} {{corpus: $corpus, id: '{COMMIT_ID}'}}) WHERE m.token = $token SET m.token = null"
)
_ALIVE = "SHOW TRANSACTIONS YIELD metaData WHERE metaData.entigraph = $token RETURN count(*) AS n"


@dataclass(frozen=True, slots=True)
class Head:
    """The corpus's own row. `unfinished` names steps of several transactions that did not end."""

    id: str
    generation: int
    graph: str
    settings: dict[str, str]
    unfinished: tuple[str, ...]
    mark: str | None = None


class Questions:
    """Questions of one reading; the last one may bring the corpus's own row with its rows."""

    def __init__(self, session: neo4j.Session, corpus: str) -> None:
        self.head: neo4j.Record | None = None
        self._session, self._corpus = session, corpus

    def run(self, query: str, values: dict[str, Any] | None = None, /, **more: Any) -> neo4j.Result:
        """Ask as a session does."""
        self.head = None
        return self._session.run(query, values, **more)

    def last(self, query: str, /, **values: Any) -> list[Any]:
        """The values of the column `row` of a query, and then, in the same question, the corpus's own row."""
        asked = f"CALL () {{ {query} }} {_THEN_HEAD}"
        self.head = self._session.run(asked, {"corpus": self._corpus, **values}).single()
        return [] if self.head is None else list(self.head["rows"])


class Commits:
    """Reading and writing of one corpus, commit by commit. May be used from several threads."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.corpus = access.address.corpus
        self._settled: Head | None = None

    # ---- reading ---------------------------------------------------------------------------------

    def head(self, session: neo4j.Session | neo4j.Transaction) -> Head:
        """The corpus's own row. Raises CorpusNotFound, CorpusTooNew."""
        return self._head_of(session.run(_HEAD, corpus=self.corpus).single())

    def _head_of(self, found: neo4j.Record | None) -> Head:
        if found is None:
            raise CorpusNotFound(
                f"there is no corpus at {self.access.address}. Make one with 'entigraph build DOCUMENTS -o "
                f'"{self.access.address}"\''
            )
        if found["version"] > VERSION:
            raise CorpusTooNew(
                f"cannot open the corpus {self.access.address}: it was written by a newer version of this program "
                f"(version {found['version']}, this one knows {VERSION}). Update entigraph"
            )
        return Head(
            found["id"],
            found["generation"],
            found["graph"],
            json.loads(found["settings"]),
            tuple(found["unfinished"]),
            found["mark"],
        )

    def read(self, work: Callable[[Questions], R], texts: bool = True) -> tuple[R, Head]:
        """What `work` reads, all of one commit, and the head of that commit.

        Without `texts` it reads only what changes the graph's token, and texts may be written meanwhile.
        """
        end, wait = time.monotonic() + WAIT_SECONDS, 0.001
        with self.access.trouble("read"), self.access.session() as session:
            while True:
                begun = self._settled or self._settle(session)
                self._settled = None
                if begun is not None:
                    reading = Questions(session, self.corpus)
                    found = work(reading)
                    head = self._quiet(session, reading.head)
                    while head is None and not texts and time.monotonic() < end:
                        time.sleep(wait)
                        head = self._quiet(session)
                    if head is not None and begun.generation == head.generation:
                        self._settled = begun
                        return found, head
                    if head is not None and begun.graph == head.graph and not texts:
                        return found, head
                if time.monotonic() > end:
                    raise StoreError(
                        f"cannot read the corpus {self.access.address}: others have been writing to it without a "
                        f"pause for {WAIT_SECONDS:.0f} seconds. Try again when they are done"
                    )
                time.sleep(wait)
                wait = min(wait * 2, 0.1)

    def _settle(self, session: neo4j.Session) -> Head | None:
        """A head all of whose commit can be seen; None if somebody commits."""
        first = self.head(session)
        # Only a mark that is read after the generation says that the commit of this generation has ended.
        second = self._quiet(session)
        return first if second is not None and first.generation == second.generation else None

    def _quiet(self, session: neo4j.Session, asked: neo4j.Record | None = None) -> Head | None:
        """The head at a moment when nobody commits, `asked` being one seen just now; None if somebody does."""
        head = self.head(session) if asked is None else self._head_of(asked)
        if head.mark is None:
            return head
        if session.run(_ALIVE, token=head.mark).single(strict=True)["n"]:
            return None
        # Its writer died, or ended its commit between the two questions, and then this head is an old one.
        again = self.head(session)
        return again if again.mark in (None, head.mark) else None

    # ---- writing ---------------------------------------------------------------------------------

    def write(self, work: Callable[["Write"], R], step: str = "", parted: bool = False) -> R:
        """Do the work in a transaction, all or nothing; the generation rises if anything changed.

        `work` is done again from the start where the server asks for that (a deadlock, an election). With
        a `step` a large one may become several transactions: the corpus says between them that the step
        is unfinished, and the next whole one of that name takes the word back. With `parted` it may too,
        and says nothing: rows that stand for themselves.
        """

        def once() -> R:
            with self.access.session() as session:
                writing = Write(self, session, step, parted or bool(step))
                try:
                    result = work(writing)
                    writing.finish()
                except BaseException:
                    writing.abandon()
                    raise
                return result

        with self.access.trouble("write to"):
            return self.access.again(once)


@dataclass
class Write:
    """Statements of one step, in one transaction or, where it is large and may be, in several."""

    commits: Commits
    session: neo4j.Session
    step: str
    parted: bool
    shows: bool = False  # whether what was written can be seen in the graph, whose arrays then are stale
    tx: neo4j.Transaction = field(init=False)
    token: str = field(init=False)
    head: Head = field(init=False)
    _sent: int = 0
    _changed: bool = False
    _unfinished: bool = False

    def __post_init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.token = secrets.token_hex(8)
        self.tx = self.session.begin_transaction(metadata={"entigraph": self.token, "corpus": self.corpus})
        # The lock on the corpus's own row comes first: writers queue here and nowhere else.
        self.tx.run(_LOCK, corpus=self.corpus, token=self.token).consume()
        self.head = self.commits.head(self.tx)
        self._sent = 0

    @property
    def corpus(self) -> str:
        """Name of the corpus; every statement has it as $corpus."""
        return self.commits.corpus

    def rows(self, query: str, /, **values: Any) -> list[list[Any]]:
        """What a query returns, within the transaction."""
        return [list(record) for record in self.tx.run(query, {"corpus": self.corpus, **values})]

    def stream(self, query: str, /, **values: Any) -> Iterator[neo4j.Record]:
        """What a query returns, row by row, within the transaction."""
        yield from self.tx.run(query, {"corpus": self.corpus, **values})

    def run(self, query: str, rows: Sequence[Any], /, **values: Any) -> int:
        """Write the rows in batches with a query over `$rows` that returns one number; the sum of those."""
        batches = (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
        return sum(self.batch(query, batch, len(batch), **values) for batch in batches)

    def holds(self, rows: int) -> bool:
        """Whether this transaction has room for so many rows more."""
        return not self.parted or self._sent + rows <= WHOLE

    def batch(self, query: str, rows: Sequence[Any], size: int, /, **values: Any) -> int:
        """Write one batch, in a new transaction where this one has become large and may be parted."""
        if self.parted and self._sent + size > WHOLE:
            self._commit(unfinished=True)
            self._begin()
        result = self.tx.run(query, {"corpus": self.corpus, "rows": rows, **values})
        done = int(result.single(strict=True)[0])
        self._changed = True
        self._sent += size
        return done

    def put(self, query: str, rows: Sequence[Any], what: str, /, **values: Any) -> None:
        """`run`, and every row must have been written: a missing end is an error, never a row less."""
        self.count(self.run(query, rows, **values), len(rows), what)

    def count(self, done: int, sent: int, what: str) -> None:
        """Raise StoreError where not as many were written as were sent."""
        if done != sent:
            raise StoreError(
                f"cannot write {what}: {sent:,} rows were sent and {done:,} written, so an end that they name is "
                "missing. Nothing of this step was kept; run the command again"
            )

    def set(self, **properties: Any) -> None:
        """Set properties of the corpus's own row."""
        self.tx.run(
            f"MATCH (c:{CORPUS} {{name: $corpus}}) SET c += $properties",
            corpus=self.corpus,
            properties=properties,
        )
        self._changed = True

    def apart(self, statement: str) -> None:
        """Commit what was written so far, then run a statement about constraints: it needs a transaction of its own.

        Only for a step that may be parted.
        """
        self._commit(unfinished=True)
        self.commits.access.rule(self.session, statement)
        self._begin()

    def finish(self) -> None:
        """Commit, or roll back if nothing changed."""
        if self._changed or self._unfinished or (self.step and self.step in self.head.unfinished):
            self._commit(unfinished=False)
        else:
            self.tx.rollback()

    def abandon(self) -> None:
        """Roll back what is not committed."""
        self.tx.close()

    def _commit(self, unfinished: bool) -> None:
        steps = (set(self.head.unfinished) | ({self.step} if unfinished else set())) - (
            {""} if unfinished else {self.step}
        )
        graph = secrets.token_hex(8) if self.shows else self.head.graph
        self.set(generation=self.head.generation + 1, graph=graph, unfinished=sorted(steps), writer=None)
        with self.commits.access.session() as other:
            other.run(_MARK, corpus=self.corpus, token=self.token).consume()
            self.tx.commit()
            other.run(_UNMARK, corpus=self.corpus, token=self.token).consume()
        self._unfinished = unfinished
