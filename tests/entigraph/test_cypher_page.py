"""The questions of docs/cypher.md, asked of a real server about the sample corpus."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.entigraph.conftest import Forks, environment

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "cypher.md").read_text("utf-8")
QUESTIONS = dict(re.findall(r"^## (\d+)\. .*?```cypher\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL))
PICTURES = re.findall(r"```cypher\n(.*?)```", PAGE[PAGE.index("## Pictures") :], re.DOTALL)
NAMES = """Dorcas Amblesby = Miss Amblesby
Silas Gutteridge = Mr Gutteridge
Ambrose Tuke = Mr Tuke
Cold Elbow
Great Agnes
Dew House
Maiden Green
Mab Oddy
Matthew Crake = Mr Crake
Night Warden
Night Ledger
Nether Tarrel
Upper Sallow
Old Patience
Woollen Peal
Wendlow
"""
Ask = Callable[..., list[dict[str, Any]]]

pytestmark = [pytest.mark.neo4j, pytest.mark.slow]


@pytest.fixture(scope="module")
def ask(
    neo4j_url: str,
    _wiper: Callable[[str], None],
    forks: Forks,
    examples: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Ask]:
    """Asks about the English sample corpus in Neo4j, with texts about some of it, all made by the program."""
    from kg.stores.neo4j.access import Access
    from kg.stores.neo4j.address import parse

    home, place = tmp_path_factory.mktemp("cypher"), f"{neo4j_url}#test-{os.getpid()}-cypher"
    (home / "names.txt").write_text(NAMES, "utf-8")
    for words in (
        ["build", str(examples / "wendlow"), "-o", place, "--names", "names.txt"],
        [
            "generate",
            place,
            "--model",
            "echo",
            "--checks",
            "named",
            "--sampler",
            "triangles",
            "--max-texts",
            "2",
        ],
    ):
        done = forks.run(words, environment(home), home, "")
        assert done.code in (0, 3), done.err  # 3: stopped by --max-texts
    access = Access(parse(place))
    with access.session() as session:
        usual = {"corpus": access.address.corpus, "name": "dew house", "other": "Silas Gutteridge"}
        yield lambda query, **names: [dict(row) for row in session.run(query, {**usual, **names})]
    access.close()
    _wiper(place)


def test_there_are_at_least_ten_questions() -> None:
    assert [*QUESTIONS] == [str(number) for number in range(1, len(QUESTIONS) + 1)]
    assert len(QUESTIONS) >= 10


@pytest.mark.parametrize("number", QUESTIONS)
def test_a_question_of_the_page_is_answered(ask: Ask, number: str) -> None:
    rows = ask(QUESTIONS[number])
    if number == "6":  # nothing is double in a corpus whose names we gave
        assert rows == []
        return
    assert rows
    assert all(value is not None for row in rows for value in row.values())


def test_a_picture_of_the_page_is_drawn_from_paths(ask: Ask) -> None:
    around, way, texts, statements = PICTURES
    (joined,) = ask(
        "MATCH (a:EgEntity {corpus: $corpus})-[:REL]->(b) "
        "RETURN a.name AS name, b.name AS other ORDER BY name, other LIMIT 1"
    )
    (covered,) = ask(
        "MATCH (e:EgEntity {corpus: $corpus})<-[:COVERS]-() RETURN e.name AS name ORDER BY name LIMIT 1"
    )
    assert ask(way, **joined) == []  # by names alone entities are only "mentioned with" each other
    way = way.replace("'mentioned with'", "'another'")
    for picture, names in ((around, joined), (way, joined), (texts, covered), (statements, joined)):
        rows = ask(picture, **names)
        assert rows, picture
        for row in rows:
            shown = {node.get("name") for path in row.values() for node in path.nodes}
            assert names["name"] in shown or picture is texts


def test_the_answers_are_about_what_was_asked(ask: Ask) -> None:
    assert {row["entity"] for row in ask(QUESTIONS["1"])} == {"Dew House"}
    (way,) = ask(QUESTIONS["2"])
    assert (way["way"][0], way["way"][-1]) == ("Dew House", "Silas Gutteridge")
    for row in ask(QUESTIONS["5"]):
        assert row["source"] in row["sentence"] or row["target"] in row["sentence"]
    (covered,) = ask(QUESTIONS["8"])
    assert 3 <= covered["covered"] <= covered["entities"]
    assert 3 <= covered["both_ends"] < covered["relations"]
    uncovered = {row["entity"] for row in ask(QUESTIONS["7"])}
    assert len(uncovered) == covered["entities"] - covered["covered"]
    for row in ask(QUESTIONS["4"]):
        assert {row["first"], row["second"], row["third"]}.isdisjoint(uncovered)
    assert all(len(row["documents"]) > 1 for row in ask(QUESTIONS["11"]))
