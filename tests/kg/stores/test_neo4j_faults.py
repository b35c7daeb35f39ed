"""Bad input to a corpus in Neo4j, on a real server: each is told in one line, and nothing is harmed."""

import logging
import socket
import struct
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from kg.model import Candidate, Chunk, Document, Entity, Mention, Record, Relation, Resolution
from kg.store import CorpusTooNew, Derived, Reading, Store, StoreError
from kg.stores import open_corpus
from tests.kg.stores.conftest import OwnServer, Say

if TYPE_CHECKING:
    import neo4j

pytestmark = [pytest.mark.neo4j, pytest.mark.slow]
SECRET = "s3cret-Word"


@pytest.fixture(scope="module")
def driver(own_server: OwnServer) -> Iterator["neo4j.Driver"]:
    import neo4j

    at = f"bolt://127.0.0.1:{own_server.bolt_port}"
    with neo4j.GraphDatabase.driver(at, auth=("neo4j", own_server.password)) as made:
        yield made


def told(place: str, **options: Any) -> str:
    """What opening the place is refused with: one line, and the password nowhere."""
    with pytest.raises(StoreError) as caught:
        open_corpus(place, **options).close()
    check_secret(caught.value)
    message = str(caught.value)
    assert "\n" not in message
    return message


def check_secret(error: BaseException) -> None:
    seen: BaseException | None = error
    while seen is not None:
        assert SECRET not in f"{seen!s} {seen!r} {seen.args!r}"
        seen = seen.__cause__ or seen.__context__
    assert SECRET not in "".join(traceback.format_exception(error))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ---- addresses -----------------------------------------------------------------------------------


def test_a_server_that_is_down(own_server: OwnServer) -> None:
    for scheme in ("bolt", "neo4j"):
        port = free_port()
        message = told(f"{scheme}://neo4j:{SECRET}@127.0.0.1:{port}#x", create=True)
        assert f"cannot reach {scheme}://127.0.0.1:{port}#x: " in message
        assert "Is the server running? 'entigraph neo4j start' runs one here" in message


def test_a_host_that_there_is_not() -> None:
    assert "Is the server running?" in told(f"bolt://neo4j:{SECRET}@no-such-host.invalid#x")


def test_a_wrong_password(own_server: OwnServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    message = told(f"bolt://neo4j:{SECRET}@127.0.0.1:{own_server.bolt_port}#x", create=True)
    assert "the server refused the user or the password" in message
    assert "NEO4J_PASSWORD" in message
    assert SECRET not in caplog.text
    place = f"bolt://127.0.0.1:{own_server.bolt_port}#x"
    assert "refused the user or the password" in told(place, login=lambda _: ("nobody", SECRET))
    assert "refused the user or the password" in told(place), "none was given"


@pytest.mark.parametrize("scheme", ["bolt+s", "bolt+ssc", "neo4j+s", "neo4j+ssc"])
def test_an_encrypted_scheme_for_a_server_without_encryption(own_server: OwnServer, scheme: str) -> None:
    message = told(f"{scheme}://neo4j:{SECRET}@127.0.0.1:{own_server.bolt_port}#x")
    assert "encrypt" in message
    assert "write bolt://" in message


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_the_port_of_the_browser(own_server: OwnServer, scheme: str) -> None:
    message = told(f"{scheme}://neo4j:{SECRET}@127.0.0.1:{own_server.http_port}#x")
    assert "Bolt" in message
    assert "7687" in message


@pytest.mark.parametrize("scheme", ["https", "http", "blot", "BOLT", "", "bolt+ss"])
def test_a_scheme_that_there_is_not(scheme: str) -> None:
    assert "bolt://" in told(f"{scheme}://neo4j:{SECRET}@127.0.0.1:7687#x")


@pytest.mark.parametrize(
    "place",
    [
        "bolt://neo4j:s3cret-Word",
        "bolt://neo4j:s3cret-Word/@host",
        "bolt://neo4j:/s3cret-Word@host",
        "bolt://neo4j:12/s3cret-Word@host:7687#x",
        "bolt://neo4j:12#s3cret-Word@host:7687#x",
        "bolt://neo4j:s3cret-Word#@host:7687#x",
        "bolt://neo4j:12?s3cret-Word@host:7687#x",
        "bolt://neo4j:s3cret-Word\u2100@host",
        "bolt://neo4j:[s3cret-Word]@host",
        "bolt://neo4j:[s3cret-Word@host",
        "bolt://neo4j:s3cret-Word@host:77777#x",
        "bolt://neo4j:s3cret-Word@#x",
        "bolt://neo4j:s3cret-Word@host/a/b#x",
        "bolt://neo4j:s3cret-Word@host#" + "x" * 201,
        "bolt://neo4j:s3cret-Word@host# x",
        "bolt://neo4j:s3cret-Word@host#a%00b",
    ],
)
def test_an_address_that_cannot_be_one_never_repeats_its_password(place: str) -> None:
    assert "Write it as bolt://host:7687#handbook" in told(place)


def test_a_password_that_is_no_text(own_server: OwnServer) -> None:
    told(f"bolt://127.0.0.1:{own_server.bolt_port}#x", login=lambda _: ("neo4j", f"{SECRET}\udcff"))


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_database_that_does_not_exist(own_server: OwnServer, scheme: str) -> None:
    place = own_server.url.replace("bolt", scheme)
    assert "the server has no database 'nowhere'" in told(f"{place}/nowhere#x", create=True)
    assert "nowhere" in told(f"{place}/%20no%60where%27#x".replace("%20no%60where%27", "no`where'nowhere"))


# ---- what others have ----------------------------------------------------------------------------


def drop_rules(driver: "neo4j.Driver") -> None:
    for row in driver.execute_query("SHOW CONSTRAINTS YIELD name WHERE name STARTS WITH 'eg_' RETURN name")[
        0
    ]:
        driver.execute_query(f"DROP CONSTRAINT {row[0]}")
    for row in driver.execute_query("SHOW INDEXES YIELD name WHERE name STARTS WITH 'eg_' RETURN name")[0]:
        driver.execute_query(f"DROP INDEX {row[0]}")


def test_a_constraint_that_the_data_of_others_breaks(own_server: OwnServer, driver: "neo4j.Driver") -> None:
    for data in (
        "UNWIND [1, 2] AS i CREATE (:EgEntity {corpus: 'x', id: 'y', mark: 'theirs'})",
        "UNWIND [1, 2] AS i CREATE (:Their {mark: 'theirs'})-[:REL {corpus: 'x', id: 'y'}]->(:Their {mark: 'theirs'})",
        "UNWIND [1, 2] AS i CREATE (:EgCorpus {name: 'x', mark: 'theirs'})",
    ):
        drop_rules(driver)
        driver.execute_query(data)
        place = own_server.new_place()
        before = driver.execute_query("MATCH (n) RETURN count(n)").records[0][0]
        message = told(place, create=True)
        assert "data that is already there breaks a rule of ours" in message
        assert "nothing was written" in message
        assert driver.execute_query("MATCH (n) RETURN count(n)").records[0][0] == before
        assert "no corpus" in told(place)
        driver.execute_query("MATCH (n {mark: 'theirs'}) DETACH DELETE n")
        open_corpus(place, create=True).close()


def test_nodes_of_others_under_our_labels_are_never_read_written_or_wiped(
    own_server: OwnServer,
    driver: "neo4j.Driver",
    say: Say,
    derive: Callable[[Store], Derived],
    record: Callable[..., Record],
    everything: Callable[[Store], dict[str, Any]],
) -> None:
    from kg.stores.neo4j.schema import CORPUS, LABELS
    from kg.stores.neo4j.wiping import wipe

    def fill(store: Store, *, more: bool = False) -> None:
        for name in ("a.txt", "b.txt", *(["c.txt"] if more else [])):
            store.replace_document(*say(name, "Anna", "knows", f"Bert of {name}"))
        chunks = [row.id for row in store.read(Chunk)]
        store.upsert(
            [record("one", chunks=tuple(chunks[:1]), documents=tuple(row.id for row in store.read(Document)))]
        )
        derive(store)

    for label in (*LABELS, CORPUS):
        driver.execute_query(
            f"UNWIND range(1, 3) AS i CREATE (:{label} {{theirs: i}}), (:{label} {{theirs: 9, name: null}})"
        )
    place, plain = own_server.new_place(), own_server.new_place()
    store, alone = open_corpus(place, create=True), open_corpus(plain, create=True)
    fill(store)
    name = store.location.partition("#")[2]
    # Relations drawn by hand: between ours, and from ours to theirs.
    driver.execute_query(
        "MATCH (a:EgEntity {corpus: $corpus}) WITH collect(a) AS all WITH all[0] AS a, all[1] AS b "
        "CREATE (a)-[:REL]->(b), (a)-[:REL {weight: 3}]->(:Theirs {theirs: 1}), "
        "(a)-[:REL {note: 'x'}]->(:EgEntity {theirs: 1}), (:EgEntity {theirs: 1})-[:REL]->(a) "
        "WITH a MATCH (t:EgText {corpus: $corpus}) "
        "CREATE (t)-[:COVERS]->(:EgEntity {theirs: 1}), (:EgMention {theirs: 1})-[:OF]->(:EgCandidate {theirs: 1})",
        corpus=name,
    )
    theirs = (
        "MATCH (n) WHERE n.theirs IS NOT NULL RETURN count(n), sum(n.theirs), count(n.id), count(n.corpus)"
    )
    before = driver.execute_query(theirs).records[0].values()
    fill(alone)
    assert everything(store) == everything(alone)
    for one in (store, alone):
        fill(one, more=True)
    assert everything(store) == everything(alone)
    for entity in alone.read(Entity):
        assert store.neighbourhood(entity.id, 2) == alone.neighbourhood(entity.id, 2)
        assert store.search(entity.name) == alone.search(entity.name)
    for one in (store, alone):
        for row in list(one.read(Document)):
            one.remove_documents([row.id])
        derive(one)
    assert everything(store) == everything(alone)
    kept = everything(alone)
    store.remove()
    assert driver.execute_query(theirs).records[0].values() == before
    assert everything(alone) == kept, "another corpus is untouched"
    wipe(driver, "", None)
    assert driver.execute_query(theirs).records[0].values() == before
    assert (
        driver.execute_query("MATCH (c:EgCorpus) WHERE c.theirs IS NULL RETURN count(c)").records[0][0] == 0
    )
    alone.close()
    driver.execute_query("MATCH (n) WHERE n.theirs IS NOT NULL DETACH DELETE n")


def test_a_corpus_of_a_newer_version(own_server: OwnServer, driver: "neo4j.Driver") -> None:
    place = own_server.new_place()
    open_corpus(place, create=True).close()
    name = place.partition("#")[2]
    driver.execute_query("MATCH (c:EgCorpus {name: $name}) SET c.version = 99", name=name)
    every: list[dict[str, Any]] = [{}, {"create": True}, {"writable": True}]
    for options in every:
        with pytest.raises(
            CorpusTooNew, match=r"newer version .*version 99, this one knows 1.*Update entigraph"
        ):
            open_corpus(place, **options)


# ---- names ---------------------------------------------------------------------------------------

HOSTILE = [
    "`",
    "``",
    "'",
    '"',
    "}",
    "{{}}",
    "$corpus",
    "\\",
    "\\'",
    "//",
    "/*",
    "*/",
    ";",
    "`}) DETACH DELETE n //",
    "'}) MATCH (n) DETACH DELETE n //",
    '"}) RETURN 1 //',
    "<script>alert(1)</script>",
    "'; DROP TABLE entities; --",
    "\u202eRTL",
    "שלום",
    "李明",
    "中",
    "\U0001f600",
    "a\u0000b",
    " lead",
    "x" * 100_000,
    "字" * 100_000,
    "\U0001f600" * 50_000,
    "a b " * 25_000,
    "*?~+-&|!(){}[]^:",
    "AND",
    "\ufffe",
]


def test_hostile_names_are_kept_found_and_sorted_as_in_a_folder(
    own_server: OwnServer,
    tmp_path: Any,
    everything: Callable[[Store], dict[str, Any]],
    record: Callable[..., Record],
) -> None:
    seen = []
    for place in (str(tmp_path / "a.kg"), own_server.new_place()):
        store = open_corpus(place, create=True)
        text = "\n".join(HOSTILE)
        document = Document.make("`}.txt", text, title=HOSTILE[13], source=HOSTILE[14], author=HOSTILE[-6])
        chunk = Chunk.make(document.id, text, 0, 0, len(text))
        candidates = [Candidate.make(document.id, name, name, (name,), name) for name in HOSTILE]
        starts = [text.index(name) for name in HOSTILE]
        mentions = [
            Mention(one.id, chunk.id, start, start + len(name), name)
            for one, start, name in zip(candidates, starts, HOSTILE, strict=True)
        ]
        store.replace_document(document, Reading([chunk], candidates, mentions, [], HOSTILE[13]))
        entities = [Entity.make(name, name, description=name, aliases=(name + "!", name)) for name in HOSTILE]
        entities = list({one.id: one for one in entities}.values())
        ids = {one.name: one.id for one in entities}
        relations = [
            Relation.make(one.id, one.name, other.id, description=one.name)
            for one, other in zip(entities, reversed(entities), strict=True)
        ]
        resolutions = [
            Resolution(one.id, Entity.make(one.name, "").id, one.name)
            for one in candidates
            if Entity.make(one.name, "").id in ids.values()
        ]
        store.replace_derived(Derived(resolutions, entities, relations))
        store.upsert([record(name, title=name, text=name, item=name, run=name) for name in HOSTILE])
        store.set_settings(**{name: name for name in HOSTILE})
        found = everything(store)
        found["searched"] = [[one.id for one in store.search(name)] for name in HOSTILE]
        found["ends"] = [[one.id for one in store.search(name[-50:])] for name in HOSTILE]
        found["by run"] = [[one.id for one in store.read(Record, "run", [name])] for name in HOSTILE]
        found["by type"] = [[one.id for one in store.read(Entity, "type", [name])] for name in HOSTILE]
        found["around"] = [store.neighbourhood(one.id, 1) for one in entities]
        found["words"] = store.words([chunk.id])
        seen.append(found)
        store.close()
    for key, value in seen[0].items():
        assert seen[1][key] == value, key


@pytest.mark.parametrize(
    "name",
    [
        "two words",
        "it's",
        'a "b"',
        "`}) DETACH DELETE n //",
        "手册",
        "a#b",
        "50%25 off",
        "a%2520b",
        "me%40home",
        "x" * 200,
        "字" * 200,
        "\U0001f600" * 200,
        "a/b?c=d",
        "*",
    ],
)
def test_a_corpus_may_have_any_name_that_can_be_printed(
    own_server: OwnServer, driver: "neo4j.Driver", name: str
) -> None:
    other = open_corpus(own_server.new_place(), create=True)
    store = open_corpus(f"{own_server.url}#{name}", create=True)
    store.upsert([Entity.make("Anna", "person", given=True)])
    again = open_corpus(store.location, login=lambda _: ("neo4j", own_server.password))
    assert again.corpus_id == store.corpus_id, "its location leads to it again"
    assert [one.name for one in again.read(Entity)] == ["Anna"]
    assert list(other.read(Entity)) == []
    again.close()
    store.remove()
    assert "no corpus" in told(f"{own_server.url}#{name}")
    other.close()


# ---- the server ----------------------------------------------------------------------------------


@contextmanager
def server_of_version(agent: str, bolt: tuple[int, int]) -> Iterator[int]:
    """A stand-in, for this fault alone, that says in Bolt which server it is."""

    def answer(connection: socket.socket) -> None:
        name = agent.encode()
        fields = b"\xa2\x86server" + bytes([0xD0, len(name)]) + name + b"\x8dconnection_id\x86bolt-1"
        success = b"\xb1\x70" + fields
        with connection:
            connection.recv(20)
            connection.sendall(bytes([0, 0, bolt[1], bolt[0]]))
            stream = connection.makefile("rb")
            with stream:
                while head := stream.read(2):
                    (size,) = struct.unpack(">H", head)
                    stream.read(size)
                    if not size:  # the end of a message
                        connection.sendall(struct.pack(">H", len(success)) + success + b"\0\0")

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                while True:
                    threading.Thread(target=answer, args=(listening.accept()[0],), daemon=True).start()
            except OSError:
                pass

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("agent", "bolt"),
    [("Neo4j/4.4.38", (4, 4)), ("Neo4j/5.4.0", (5, 0)), ("Neo4j/5.22.0", (5, 5)), ("Memgraph/2.1", (5, 2))],
)
def test_a_server_that_is_too_old_or_another_is_refused(agent: str, bolt: tuple[int, int]) -> None:
    with server_of_version(agent, bolt) as port:
        message = told(f"bolt://neo4j:{SECRET}@127.0.0.1:{port}#x", create=True)
    assert "wanted Neo4j 5.23 or newer" in message
    assert agent in message


def test_a_server_that_goes_away_before_it_answers_is_told_as_that() -> None:
    """As one does that is killed while a connection waits in its queue."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                while True:
                    with listening.accept()[0] as connection:
                        connection.recv(20)
            except OSError:
                pass

        threading.Thread(target=serve, daemon=True).start()
        message = told(f"bolt://neo4j:{SECRET}@127.0.0.1:{listening.getsockname()[1]}#x", create=True)
        listening.shutdown(socket.SHUT_RDWR)
    assert "closed before a word came back" in message
    assert "Is the server running" in message
