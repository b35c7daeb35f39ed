"""Coverage over HTTP: what is covered, how it grew, and what more would cover."""

import json
import shlex
from typing import Any

import pytest

from entigraph.cli import main
from tests.web.conftest import Serve, Studio
from tests.web.writing import write


def command(line: str, capsys: pytest.CaptureFixture[str]) -> Any:
    with pytest.raises(SystemExit) as ended:
        main([*shlex.split(line)[1:], "--json"])
    assert ended.value.code == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_what_is_covered_is_what_the_command_line_says(
    folder_studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder_studio, 5)
    found = folder_studio.get("/api/coverage", unit="entities").json
    said = command(found["command"], capsys)
    units = {one["unit"]: one for one in found["units"]}
    for unit in ("entities", "relations", "triangles"):
        total = units[unit]["total"]
        share = units[unit]["covered"] / total if total else 0.0
        assert share == pytest.approx(said["coverage"][unit], abs=1e-5)
    assert {one["title"] for one in found["documents"]} == {one["title"] for one in said["documents_covered"]}
    assert (found["answers"], found["texts"]) == (5, 5)


def test_the_curve_grows_to_what_is_covered_now(studio: Studio) -> None:
    write(studio, 6)
    found = studio.get("/api/coverage").json
    shares = [point["share"] for point in found["curve"]]
    assert [point["texts"] for point in found["curve"]] == [0, 1, 2, 3, 4, 5, 6]
    assert shares == sorted(shares)
    relations = next(one for one in found["units"] if one["unit"] == "relations")
    assert shares[-1] == pytest.approx(relations["covered"] / relations["total"])
    twice = studio.get("/api/coverage", times=2).json
    assert sum(one["covered"] for one in twice["units"]) <= sum(one["covered"] for one in found["units"])


def test_a_corpus_without_texts_covers_nothing(studio: Studio) -> None:
    found = studio.get("/api/coverage").json
    assert [point["share"] for point in found["curve"]] == [0.0]
    assert (found["answers"], found["texts"], found["tokens"]) == (0, 0, 0)


@pytest.mark.parametrize("asked", [{"target": 0.8}, {"texts": 3}, {"tokens": 5_000}])
def test_a_plan_is_the_one_of_the_command_line(
    folder_studio: Studio, asked: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder_studio, 2)
    question = {"sampler": "edges", "model": "echo", **asked}
    found = folder_studio.post("/api/coverage/expected", question).json
    said = command(found["command"], capsys)
    plan = found["plan"]
    assert (plan["items"], plan["texts"]) == (said["subgraphs"], said["texts"])
    assert plan["tokens"] == said["tokens"]
    assert plan["coverage"] == pytest.approx(said["coverage"]["expected"])
    assert found["start"] == pytest.approx(said["covered"], abs=1e-5)
    assert found["ceiling"] == pytest.approx(said["reachable"], abs=1e-5)
    assert f"-n {plan['items']}" in plan["command"]


def test_the_expected_curve_lies_in_its_band_and_begins_at_what_is_written(studio: Studio) -> None:
    write(studio, 3)
    found = studio.post("/api/coverage/expected", {"sampler": "edges", "model": "echo"}).json
    assert (found["plan"], found["problem"], found["exact"]) == (None, "", True)
    curve = found["curve"]
    assert 1 < len(curve) <= 400
    assert curve[0] == {
        "texts": 3.0,
        "share": pytest.approx(found["start"]),
        "low": pytest.approx(found["start"]),
        "high": pytest.approx(found["start"]),
    }
    assert all(point["low"] <= point["share"] <= point["high"] for point in curve)
    assert curve[-1]["share"] == pytest.approx(found["ceiling"])


def test_a_target_out_of_reach_says_what_is_reachable(folder_studio: Studio) -> None:
    question = {"sampler": "triangles", "unit": "pairs", "target": 1.0, "model": "echo"}
    found = folder_studio.post("/api/coverage/expected", question).json
    assert found["plan"] is None
    assert "reaches" in found["problem"]
    assert found["ceiling"] < 1


@pytest.mark.parametrize(
    ("question", "status", "said"),
    [
        ({"sampler": "edgs"}, 400, "edges"),
        ({"sampler": "slots:words=/etc/passwd"}, 400, "reads no lists"),
        ({"model": "x.gguf"}, 400, "opens no file"),
        ({"target": 0.5, "texts": 3, "model": "echo"}, 400, "give one of them"),
        ({"target": 0}, 422, "target"),
        ({"target": 1.5}, 422, "target"),
        ({"unit": "words"}, 422, "unit"),
        ({"times": 101}, 422, "times"),
    ],
)
def test_what_cannot_be_reckoned_is_refused_in_words(
    folder_studio: Studio, question: dict[str, Any], status: int, said: str
) -> None:
    refused = folder_studio.post("/api/coverage/expected", question)
    assert (refused.status, said in refused.said) == (status, True), refused.body


def test_a_server_that_only_shows_reckons_too(folder_corpus: str, serve: Serve) -> None:
    studio = serve(folder_corpus, read_only=True)
    assert studio.get("/api/coverage").status == 200
    assert studio.post("/api/coverage/expected", {"model": "echo", "target": 0.5}).json["plan"]["items"] > 0
