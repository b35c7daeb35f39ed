"""`entigraph neo4j wipe` on a real server that others use too."""

import os
import secrets
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    import neo4j

    from tests.entigraph.conftest import Program

pytestmark = pytest.mark.neo4j
Place = Callable[[], str]

CORPUS = """
CREATE (:EgCorpus {name: $corpus, id: $corpus})
WITH 1 AS one UNWIND range(1, 10) AS i
CREATE (d:EgDocument {corpus: $corpus, id: 'd' + i})<-[:IN]-(c:EgChunk {corpus: $corpus, id: 'c' + i}),
       (c)<-[:IN]-(m:EgMention {corpus: $corpus, id: 'm' + i}),
       (m)-[:OF]->(k:EgCandidate {corpus: $corpus, id: 'k' + i})-[:IS]->(e:EgEntity {corpus: $corpus, id: 'e' + i}),
       (e)-[:REL {corpus: $corpus, id: 'r' + i}]->(e),
       (v:EgEvidence {corpus: $corpus, id: 'v' + i})-[:FROM]->(k), (v)-[:TO]->(k), (v)-[:IN]->(c),
       (t:EgText {corpus: $corpus, id: 't' + i})-[:COVERS]->(e), (t)-[:RESTS_ON]->(c)
"""
RELATIONS = 100


@pytest.fixture
def driver(neo4j_url: str) -> Iterator["neo4j.Driver"]:
    import neo4j

    from kg.stores.neo4j.address import parse

    at = parse(neo4j_url)
    with neo4j.GraphDatabase.driver(at.server, auth=(at.user, at.password)) as made:
        yield made


def seeded(driver: "neo4j.Driver", place: str) -> str:
    """The name of a corpus with something under every label of ours."""
    from kg.stores.neo4j.address import parse

    name = parse(place).corpus
    fill(driver, name)
    return name


def fill(driver: "neo4j.Driver", name: str) -> None:
    """Ten nodes under every label of ours, also those that have no relations."""
    from kg.stores.neo4j.schema import LABELS

    driver.execute_query(CORPUS, corpus=name)
    for label in LABELS:
        if f":{label} " not in CORPUS:
            query = f"UNWIND range(1, 10) AS i CREATE (:{label} {{corpus: $corpus, id: 'o' + i}})"
            driver.execute_query(query, corpus=name)


def nodes_there_are() -> int:
    from kg.stores.neo4j.schema import LABELS

    return 1 + 10 * len(LABELS)


NODES = nodes_there_are() if find_spec("neo4j") else 0


def nodes_of(driver: "neo4j.Driver", corpus: str) -> int:
    query = "MATCH (n) WHERE n.corpus = $corpus OR (n:EgCorpus AND n.name = $corpus) RETURN count(n)"
    return int(driver.execute_query(query, corpus=corpus).records[0][0])


def test_every_label_of_ours_is_wiped(
    driver: "neo4j.Driver", neo4j_place: Place, entigraph: "Program"
) -> None:
    place = neo4j_place()
    name = seeded(driver, place)
    assert nodes_of(driver, name) == NODES
    wiped = entigraph("neo4j", "wipe", place, "--yes", "--json")
    assert wiped.code == 0, wiped.err
    assert (wiped.json["nodes"], wiped.json["relations"], wiped.json["removed"]) == (NODES, RELATIONS, True)
    assert nodes_of(driver, name) == 0


def test_without_yes_a_wipe_only_says_what_would_go(
    driver: "neo4j.Driver", neo4j_place: Place, entigraph: "Program"
) -> None:
    place = neo4j_place()
    name = seeded(driver, place)
    said = entigraph("neo4j", "wipe", place)
    assert (said.code, said.out) == (0, "")
    assert f"would remove '{name}' at bolt://" in said.err
    assert f": {NODES} nodes, {RELATIONS} relations; nothing was removed" in said.err
    assert nodes_of(driver, name) == NODES


def test_what_belongs_to_others_stays(
    driver: "neo4j.Driver", neo4j_place: Place, entigraph: "Program"
) -> None:
    place, other = neo4j_place(), neo4j_place()
    name, kept = seeded(driver, place), seeded(driver, other)
    mark = secrets.token_hex(8)
    driver.execute_query(
        "MATCH (e:EgEntity {corpus: $corpus, id: 'e1'}) "
        "CREATE (:Stranger {mark: $mark, corpus: $corpus, name: $corpus})-[:REL]->(e), "
        "(:EgStranger {mark: $mark, corpus: $corpus, id: 'e1'})",
        corpus=name,
        mark=mark,
    )
    wiped = entigraph("neo4j", "wipe", place, "--yes", "--json").json
    assert (wiped["nodes"], wiped["relations"]) == (NODES, RELATIONS + 1), "the stranger's relation went"
    left = driver.execute_query("MATCH (n {mark: $mark}) DETACH DELETE n RETURN count(n)", mark=mark)
    assert (left.records[0][0], nodes_of(driver, kept)) == (2, NODES)


@pytest.mark.parametrize(
    "name", ["`}) DETACH DELETE n //", "' OR true OR '", "潮汐钟", "<script>", "a/b?c#d%20"]
)
def test_a_hostile_name_is_a_name(
    driver: "neo4j.Driver", neo4j_url: str, neo4j_place: Place, entigraph: "Program", name: str
) -> None:
    other = seeded(driver, neo4j_place())
    ours = f"test-{os.getpid()}-{secrets.token_hex(4)}{name}"
    fill(driver, ours)
    wiped = entigraph("neo4j", "wipe", f"{neo4j_url}#{quote(ours, safe='')}", "--yes", "--json")
    assert wiped.code == 0, wiped.err
    assert (wiped.json["corpora"], nodes_of(driver, ours), nodes_of(driver, other)) == ([ours], 0, NODES)


def test_a_corpus_that_is_being_built_is_not_wiped(
    driver: "neo4j.Driver", neo4j_place: Place, entigraph: "Program"
) -> None:
    from kg.stores.neo4j.access import Access
    from kg.stores.neo4j.address import parse
    from kg.stores.neo4j.holding import Holding

    place = neo4j_place()
    name = seeded(driver, place)
    access = Access(parse(place))
    builder = Holding(access)
    builder.acquire()
    refused = entigraph("neo4j", "wipe", place, "--yes")
    builder.release()
    access.close()
    assert refused.code == 1
    assert "writes to it. Wait for it" in refused.err
    assert nodes_of(driver, name) == NODES
    assert entigraph("neo4j", "wipe", place, "--yes").code == 0


def test_a_corpus_that_is_not_there_is_an_error_that_shows_no_password(
    neo4j_place: Place, neo4j_url: str, entigraph: "Program"
) -> None:
    outcome = entigraph("neo4j", "wipe", neo4j_place(), "--yes")
    assert outcome.code == 1
    assert "there is no corpus 'test-" in outcome.err
    assert neo4j_url.rpartition("@")[0].rpartition(":")[2] not in outcome.err


def test_a_wipe_that_was_cut_off_is_finished_by_the_next(
    driver: "neo4j.Driver", neo4j_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.stores.neo4j import wiping

    name = seeded(driver, neo4j_place())
    monkeypatch.setattr(wiping, "NODES", 7)
    monkeypatch.setattr(wiping, "RELATIONS", 3)
    driver.execute_query("MATCH (n:EgMention {corpus: $corpus}) DETACH DELETE n", corpus=name)
    assert name in wiping.corpora(driver, "")
    would = wiping.counted(driver, "", name)
    assert would == wiping.Wiped(NODES - 10, RELATIONS - 20)
    assert wiping.wipe(driver, "", name) == would
    assert nodes_of(driver, name) == 0
