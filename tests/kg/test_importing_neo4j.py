"""A graph in Neo4j that nobody here built: by query, by labels, read and never written."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.importing import import_graph
from kg.model import Entity, GraphError, Relation
from kg.store import Store
from kg.stores import open_corpus

pytestmark = pytest.mark.neo4j

QUERY = (
    "MATCH (a:{0})-[r]->(b:{0}) RETURN a.name AS source, type(r) AS label, b.name AS target, r.weight AS weight, "
    "r.description AS description, labels(a)[1] AS source_type, b.description AS target_description"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_corpus(tmp_path / "c.kg", create=True)
    yield opened
    opened.close()


@pytest.fixture
def cypher(neo4j_url: str) -> Iterator[Callable[..., list[Any]]]:
    """Runs a statement on the server."""
    import neo4j

    from kg.stores.neo4j.address import parse

    at = parse(neo4j_url)
    with neo4j.GraphDatabase.driver(at.server, auth=(at.user, at.password)) as driver:

        def run(statement: str, **values: Any) -> list[Any]:
            return list(driver.execute_query(statement, values)[0])

        yield run


@pytest.fixture
def label(cypher: Callable[..., list[Any]]) -> Iterator[str]:
    """A label that all nodes of a small foreign graph have; they go when the test ends."""
    name = f"Foreign{secrets.token_hex(4)}"
    cypher(
        f"CREATE (a:{name}:Person {{name: 'Ada', description: 'A pilot', age: 31, aliases: ['Miss A.']}}), "
        f"(b:{name}:Ship {{title: 'Heron'}}), (c:{name}:Person {{name: 'Bo', label: 'x'}}), "
        f"(d:{name} {{age: 4}}), "
        "(a)-[:SAILS {weight: 2.5, description: 'every day'}]->(b), (a)-[:SAILS]->(b), (c)-[:KNOWS]->(a), "
        "(d)-[:KNOWS]->(a)"
    )
    yield name
    cypher(f"MATCH (n:{name}) DETACH DELETE n")


def relations(store: Store) -> dict[tuple[str, str, str], float]:
    names = {entity.id: entity.name for entity in store.read(Entity)}
    return {(names[r.source], r.label, names[r.target]): r.weight for r in store.read(Relation)}


def test_nodes_of_a_label_and_the_relations_among_them_come_in(
    store: Store, neo4j_url: str, label: str
) -> None:
    report = import_graph(store, neo4j_url, labels=[label])
    found = {entity.name: entity for entity in store.read(Entity)}
    assert sorted(found) == ["Ada", "Bo", "Heron"]
    assert (found["Ada"].description, found["Ada"].aliases) == ("A pilot", ("Miss A.",))
    assert relations(store) == {("Ada", "SAILS", "Heron"): 3.5, ("Bo", "KNOWS", "Ada"): 1.0}
    assert report.left_out.reasons == {"it has no name": 1, "an end of it was left out": 1}
    assert any(f"labels: {label}; properties: age" in line for line in report.left_out.shown)


def test_the_type_is_the_label_asked_for(store: Store, neo4j_url: str, label: str) -> None:
    import_graph(store, neo4j_url, labels=["Ship", label])
    assert {entity.name: entity.type for entity in store.read(Entity)}["Heron"] == "Ship"


def test_a_property_may_be_named_that_names_the_nodes(store: Store, neo4j_url: str, label: str) -> None:
    report = import_graph(store, neo4j_url, labels=[label], name_property="title")
    assert [entity.name for entity in store.read(Entity)] == ["Heron"]
    assert report.left_out.reasons["it has no name"] == 3


def test_a_query_names_its_columns(store: Store, neo4j_url: str, label: str) -> None:
    report = import_graph(store, neo4j_url, cypher=QUERY.format(label))
    assert relations(store) == {("Bo", "KNOWS", "Ada"): 1.0}
    assert {entity.name: entity.description for entity in store.read(Entity)}["Ada"] == "A pilot"
    assert report.left_out.reasons == {"an end of it has no name": 3}


def test_a_row_with_a_source_alone_is_a_thing_alone(store: Store, neo4j_url: str, label: str) -> None:
    query = (
        f"MATCH (a:{label}) WHERE a.name IS NOT NULL RETURN a.name AS source, null AS label, null AS target"
    )
    import_graph(store, neo4j_url, cypher=query)
    assert sorted(entity.name for entity in store.read(Entity)) == ["Ada", "Bo"]


def test_imported_twice_it_changes_nothing(store: Store, neo4j_url: str, label: str) -> None:
    import_graph(store, neo4j_url, labels=[label])
    generation = store.generation
    assert not import_graph(store, neo4j_url, labels=[label]).changed
    assert store.generation == generation


@pytest.mark.slow
def test_our_own_nodes_are_not_imported_without_labels(
    store: Store, neo4j_url: str, label: str, neo4j_place: Callable[[], str]
) -> None:
    ours = open_corpus(neo4j_place(), create=True)
    ours.upsert([Entity.make("Ours alone", "thing")])
    ours.close()
    import_graph(store, neo4j_url)
    names = {entity.name for entity in store.read(Entity)}
    assert names >= {"Ada", "Bo", "Heron"}
    assert "Ours alone" not in names


def test_labels_are_data_and_never_a_part_of_the_query(
    store: Store, neo4j_url: str, cypher: Callable[..., list[Any]]
) -> None:
    before = cypher("MATCH (n) RETURN count(n)")[0][0]
    with pytest.raises(GraphError, match="no node has the label"):
        import_graph(store, neo4j_url, labels=["A`) DETACH DELETE n //"])
    assert before == cypher("MATCH (n) RETURN count(n)")[0][0]


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (n:{0}) DETACH DELETE n RETURN 1 AS source, 2 AS label, 3 AS target",
        "MATCH (n:{0}) SET n.name = 'x' RETURN n.name AS source, 'l' AS label, n.name AS target",
        "CREATE INDEX {0} FOR (n:{0}) ON (n.x)",
    ],
)
def test_a_query_that_writes_is_refused_by_the_server(
    store: Store, neo4j_url: str, label: str, cypher: Callable[..., list[Any]], query: str
) -> None:
    with pytest.raises(GraphError, match=r"that query writes, and the server refused it .* only reads"):
        import_graph(store, neo4j_url, cypher=query.format(label))
    assert cypher(f"MATCH (n:{label}) RETURN count(n), collect(n.name)")[0][0] == 4
    assert list(store.read(Entity)) == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("MATCH (a RETURN a", "the server does not take the query: Invalid input"),
        ("RETURN 1/0 AS source, 1 AS label, 2 AS target", "does not take the query: / by zero"),
        ("RETURN 'a' AS from, 'b' AS target", "no column 'source' and no 'label'; it gives from, target"),
        (
            "MATCH (a:{0}) RETURN a AS source, 'x' AS label, 'y' AS target",
            "'source' of the query holds a node",
        ),
        ("MATCH (a:Nobody{0}) RETURN a.x AS source, 'x' AS label, 'y' AS target", "the query found nothing"),
    ],
)
def test_a_query_that_gives_no_graph_is_told_what_is_wrong(
    store: Store, neo4j_url: str, label: str, query: str, message: str
) -> None:
    with pytest.raises(GraphError, match=message) as error:
        import_graph(store, neo4j_url, cypher=query.format(label))
    assert "\n" not in str(error.value)


def test_a_weight_that_is_none_is_left_out_and_counted(store: Store, neo4j_url: str) -> None:
    query = (
        "UNWIND [1, -1, 'heavy', null, 0, true] AS weight "
        "RETURN 'a' AS source, toString(weight) AS label, 'b' AS target, weight"
    )
    report = import_graph(store, neo4j_url, cypher=query)
    assert sorted(relations(store).values()) == [0.0, 1.0, 1.0]
    assert report.left_out.reasons == {"its weight is not a number of 0 or more": 3}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("/nowhere", ""), "no database 'nowhere'"),
        (("", "wrong-password"), "refused the user or the password"),
    ],
)
def test_a_server_that_does_not_let_us_in_is_told_without_the_password(
    store: Store, neo4j_url: str, change: tuple[str, str], message: str
) -> None:
    from kg.stores.neo4j.address import parse

    at = parse(neo4j_url)
    database, wrong = change
    place = f"bolt://{at.user}:{wrong or at.password}@{at.host_port}{database}"
    with pytest.raises(GraphError, match=message) as error:
        import_graph(store, place)
    assert at.password not in str(error.value)
    assert "wrong-password" not in str(error.value)


def test_nobody_there_and_no_bolt_there_are_told(store: Store) -> None:
    import socket
    import threading

    with pytest.raises(GraphError, match="no answer"):
        import_graph(store, "bolt://127.0.0.1:1")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(64)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(GraphError, match="does not speak Bolt"):
            import_graph(store, f"bolt://127.0.0.1:{listening.getsockname()[1]}")
        thread.join()


def test_a_corpus_of_ours_is_to_be_copied_instead(store: Store, neo4j_url: str) -> None:
    with pytest.raises(ValueError, match="use 'entigraph copy'"):
        import_graph(store, f"{neo4j_url}#handbook")
