"""`entigraph import` as a user runs it: what comes in can be looked at, sampled and written about."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program

EDGES = """source,target,label,weight,description,source_type,target_type
Mina Dray,Wendlow,lives in,2,since the flood of 1820,Person,Town
Mina Dray,Wendlow,lives in,1,,Person,Town
Wendlow,Ostrey,trades with,,,Town,
Ostrey,Mina Dray,pays,,,,
"""
NODES = 'name,type,description,aliases\nOstrey,Town,"A town, ""north"".",Ostry\nLonely,Thing,,\n'


@pytest.fixture
def edges(home: Path) -> str:
    (home / "e.csv").write_text(EDGES, encoding="utf-8")
    (home / "n.csv").write_text(NODES, encoding="utf-8")
    return "e.csv"


@pytest.mark.slow
def test_an_imported_graph_is_a_corpus_like_any_other(entigraph: "Program", edges: str) -> None:
    done = entigraph("import", edges, "-o", "c.kg", "--nodes", "n.csv", "--json")
    assert done.code == 0, done.err
    assert (done.json["entities"], done.json["relations"], done.json["left_out"]) == (4, 3, {})
    stats = entigraph("stats", "c.kg", "--json").json
    assert (stats["entities"], stats["relations"], stats["triangles"], stats["documents"]) == (4, 3, 1, 0)
    (row,) = entigraph("sample", "c.kg", "--sampler", "triangles", "--json").rows
    assert sorted(row["entities"]) == ["Mina Dray", "Ostrey", "Wendlow"]
    assert entigraph("show", "c.kg", "-o", "g.html").code == 0


@pytest.mark.slow
def test_texts_about_an_imported_graph_rest_on_its_statements(entigraph: "Program", edges: str) -> None:
    entigraph("import", edges, "-o", "c.kg", "--nodes", "n.csv")
    words = ("generate", "c.kg", "--model", "echo", "--sampler", "triangles", "-n", 1)
    shown = entigraph(*words, "--dry-run")
    assert "Mina Dray — lives in → Wendlow. since the flood of 1820" in shown.out + shown.err
    assert 'in the light of "c"' in shown.out + shown.err
    done = entigraph(*words, "--checks", "none", "--json")
    assert (done.code, done.json["done"]) == (0, 1)


@pytest.mark.slow
def test_what_is_left_out_is_said_and_is_exit_3(entigraph: "Program", home: Path) -> None:
    (home / "g.csv").write_text("a,b,knows\na,a,is\n")
    done = entigraph("import", "g.csv", "-o", "c.kg")
    assert done.code == 3
    assert "left out: 1: it joins a thing to itself" in done.said
    again = entigraph("import", "g.csv", "-o", "c.kg")
    assert again.said[0].endswith("all of it was there already")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("g.xlsx",), 2, "no importer reads the ending '.xlsx'"),
        (("none.csv",), 1, "No such file"),
        (("e.csv", "--labels", "A"), 2, "--labels is for a Neo4j database"),
        (("e.csv", "--nodes", "none.csv"), 1, "No such file"),
        (("bolt://127.0.0.1:1",), 1, "no answer"),
        (("bolt://127.0.0.1:1#mine",), 2, "entigraph copy"),
        (("bolt://127.0.0.1:1", "--cypher", " "), 2, "the query is empty"),
    ],
)
def test_what_cannot_be_imported_is_one_line_and_leaves_no_corpus(
    entigraph: "Program", edges: str, home: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    if words[0].startswith("bolt"):
        pytest.importorskip("neo4j")
    done = entigraph("import", *words, "-o", "new.kg")
    assert (done.code, len(done.said)) == (code, 1)
    assert message in done.err
    assert not (home / "new.kg").exists()


@pytest.mark.neo4j
def test_a_neo4j_database_is_imported_by_query(entigraph: "Program", neo4j_url: str) -> None:
    query = "UNWIND [['a', 'b'], ['b', 'c']] AS pair RETURN pair[0] AS source, 'joins' AS label, pair[1] AS target"
    done = entigraph("import", neo4j_url, "-o", "c.kg", "--cypher", query, "--json")
    assert (done.code, done.json["entities"], done.json["relations"]) == (0, 3, 2)
    writes = entigraph("import", neo4j_url, "-o", "c.kg", "--cypher", "CREATE (:Foreign) RETURN 1 AS source")
    assert (writes.code, len(writes.said)) == (1, 1)
    assert "that query writes" in writes.err
    assert neo4j_url.partition("@")[0].rpartition(":")[2] not in writes.err


@pytest.mark.slow
def test_a_corpus_is_exported_for_the_importer_of_neo4j(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    done = entigraph("export", corpus, "-o", "out", "--format", "neo4j-csv")
    assert done.code == 0, done.err
    assert done.out.startswith(f"cd {home / 'out'} && neo4j-admin database import full neo4j ")
    shown = entigraph("export", corpus, "-o", "out", "--format", "neo4j-csv", "--json").json
    assert shown["rows"]["EgEntity"] == 8
    assert shown["command"] == done.out.strip()
    (home / "taken").mkdir()
    (home / "taken" / "letter").write_text("mine")
    refused = entigraph("export", corpus, "-o", "taken", "--format", "neo4j-csv")
    assert (refused.code, len(refused.said)) == (1, 1)
