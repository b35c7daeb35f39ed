"""The way to a Neo4j server: one driver, sessions on one database, errors in words."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import neo4j
from neo4j import exceptions

from kg.store import StoreError
from kg.stores.neo4j.address import Address

R = TypeVar("R")

CONNECT_SECONDS = 5.0
RETRY_SECONDS = 30.0
LEAST_SERVER = (5, 23)  # CALL (name) { ... }
_MADE_MEANWHILE = "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists"

Login = Callable[[str], tuple[str, str] | None]


class Access:
    """A database on a server, reached when it is first needed. May be used from several threads."""

    def __init__(self, address: Address, login: Login | None = None) -> None:
        self.address = address
        self.driver = _driver(address, login)
        try:
            with self.trouble("reach"):
                self._check(self.driver.get_server_info().agent)
                # Every statement goes to one database, also where the user's default differs later.
                with self.driver.session(database=address.database or None) as session:
                    session.run("RETURN 1").consume()
        except BaseException:
            self.driver.close()
            raise

    def _check(self, agent: str) -> None:
        found = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
        if found is None or (int(found[1]), int(found[2])) < LEAST_SERVER:
            least = ".".join(map(str, LEAST_SERVER))
            raise StoreError(
                f"cannot keep a corpus at {self.address}: wanted Neo4j {least} or newer, seen {agent[:60]!r}. "
                "Update the server, or run one with 'entigraph neo4j start'"
            )

    def session(self) -> neo4j.Session:
        """A session on the database. All go to the leader: a follower may lag behind what was written."""
        return self.driver.session(
            database=self.address.database or None,
            default_access_mode=neo4j.WRITE_ACCESS,
            fetch_size=1000,
            notifications_min_severity="OFF",  # not of the driver: an old server would refuse before it is named
        )

    def close(self) -> None:
        """Close every connection."""
        self.driver.close()

    # ---- errors ----------------------------------------------------------------------------------

    @contextmanager
    def trouble(self, verb: str) -> Iterator[None]:
        """Errors of the driver and the server as StoreError in one line."""
        try:
            yield
        except (exceptions.Neo4jError, exceptions.DriverError) as error:
            raise StoreError(f"cannot {verb} {self.address}: {explain(error, self.address)}") from error
        except UnicodeEncodeError as error:
            raise StoreError(
                f"cannot {verb} {self.address}: a text holds half a character "
                f"({error.object[error.start]!r}, a lone surrogate). Replace it before ids are made"
            ) from error
        except OverflowError as error:
            raise StoreError(f"cannot {verb} {self.address}: a number is beyond 64 bits") from error

    def again(self, work: Callable[[], R]) -> R:
        """Do the work, again where the server says that trying again may help (deadlock, election)."""
        end, wait = time.monotonic() + RETRY_SECONDS, 0.05
        while True:
            try:
                return work()
            except exceptions.TransientError as error:
                if not error.is_retryable() or "OutOfMemory" in (error.code or "") or time.monotonic() > end:
                    raise
            time.sleep(wait)
            wait = min(wait * 2, 2.0)

    def rule(self, session: neo4j.Session, statement: str) -> None:
        """Make or drop a constraint or an index, with IF NOT EXISTS or IF EXISTS, while others may do the same."""

        def once() -> None:
            try:
                session.run(statement).consume()
            except exceptions.ClientError as error:
                if error.code != _MADE_MEANWHILE:  # between our "is it there?" and our making it
                    raise

        self.again(once)


def _driver(address: Address, login: Login | None) -> neo4j.Driver:
    user, password = address.user, address.password
    if not password and login is not None:
        found = login(address.host_port)
        if found is not None and user in ("", found[0]):
            user, password = found
    if re.search("[\ud800-\udfff]", user + password):
        raise StoreError(f"cannot reach {address}: its user or password is not UTF-8. Give it in another way")
    auth = (user or "neo4j", password) if password else None
    try:
        return neo4j.GraphDatabase.driver(
            address.server,
            auth=auth,
            connection_timeout=CONNECT_SECONDS,
            connection_acquisition_timeout=60.0,
            max_transaction_retry_time=RETRY_SECONDS,
            telemetry_disabled=True,
            user_agent="entigraph",
        )
    except (exceptions.DriverError, ValueError) as error:
        raise StoreError(f"cannot reach {address}: {error}. Write it as bolt://host:7687#handbook") from None


def explain(error: Exception, address: Address) -> str:
    """What went wrong, and what to do about it."""
    code = getattr(error, "code", None) or ""
    said = " ".join(str(getattr(error, "message", None) or error).split())[:300]
    if isinstance(error, exceptions.AuthError) or "Security" in code:
        return (
            f"the server refused the user or the password ({said}). Put them into the address "
            "(bolt://user:password@host:7687#name), into NEO4J_USERNAME and NEO4J_PASSWORD, or into [neo4j] of the "
            "configuration"
        )
    if "DatabaseNotFound" in code or "database does not exist" in said.lower():
        return (
            f"the server has no database {address.database!r}. Leave it out for the default one, or create it"
        )
    if "ConstraintCreationFailed" in code or "ConstraintValidationFailed" in code:
        return (
            f"data that is already there breaks a rule of ours ({said}). Rename or remove those nodes, or use another "
            "database; nothing was written"
        )
    if "MemoryPool" in code or "OutOfMemory" in code:
        return (
            f"the server has too little memory for it ({said}). Raise server.memory.heap.max_size or "
            "dbms.memory.transaction.total.max"
        )
    if isinstance(
        error, exceptions.ServiceUnavailable | exceptions.SessionExpired | exceptions.TransientError
    ):
        return _unreachable(said, address)
    if isinstance(error, exceptions.DriverError):
        return f"{said}. Is the scheme right (bolt://, or bolt+s:// for an encrypted server)?"
    return f"the server said {code}: {said}. Run the command again; 'entigraph neo4j logs' shows the server's side"


def _unreachable(said: str, address: Address) -> str:
    said = said.partition("(reason ")[2].rstrip(")") or said
    if "routing information" in said:  # of neo4j:// the driver does not say why
        return (
            f"no answer ({said}). Is the server running? 'entigraph neo4j start' runs one here. Is it the port of Bolt "
            f"(7687), and is it encrypted as {address.scheme}:// says? For one server without encryption write bolt://"
        )
    if "SSL" in said:
        return f"no encrypted connection ({said[:120]}). Is the server without encryption? Then write bolt://"
    if re.search("(Failed to read|incomplete).*handshake", said):  # killed, starting, or encrypted
        return (
            f"the connection was closed before a word came back ({said}). Is the server running, and has it started? "
            "'entigraph neo4j start' runs one here. The port of Bolt is 7687 (7474 is for browsers); an encrypted server "
            "wants bolt+s://"
        )
    if "handshake" in said.lower() or "HTTP" in said:
        return (
            f"what answers at {address.host_port} does not speak Bolt as {address.scheme} does ({said}). The port of "
            "Bolt is 7687 (7474 is for browsers); an encrypted server wants bolt+s://"
        )
    return (
        f"no answer, or the connection was lost ({said}). Is the server running? 'entigraph neo4j start' runs one here; "
        "what was written before is kept, run the same command again"
    )
