"""Writing texts over HTTP: what can be chosen, what would be sent, runs begun, stopped and gone on with."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from entigraph import places
from entigraph.cli import main
from kg.model import Record
from tests.lm.conftest import FakeServer
from tests.web.conftest import Serve, Studio
from tests.web.writing import ended, until, write

ECHO = "echo:delay=0.2"


def command(line: str, capsys: pytest.CaptureFixture[str]) -> Any:
    """What the command of a row prints as JSON."""
    import shlex

    with pytest.raises(SystemExit) as ended:
        main([*shlex.split(line)[1:], "--json"])
    assert ended.value.code in (0, 3), capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def pairs(studio: Studio) -> list[list[str]]:
    """Two pairs of entities that are joined."""
    picture = studio.post("/api/view", {"top": 50}).json
    return [[edge["source"], edge["target"]] for edge in picture["edges"][:2]]


def test_what_can_be_chosen_is_listed_with_what_stands_in_the_way(studio: Studio) -> None:
    found = studio.get("/api/choices").json
    assert {"describe", "relate", "qa"} <= {one["name"] for one in found["strategies"]}
    assert {"edges", "triangles", "cover"} <= {one["name"] for one in found["samplers"]}
    models = {one["name"]: one for one in found["models"]}
    assert found["model"] in models
    assert models["echo"]["problem"] == ""
    assert all(one["what"] for kind in ("strategies", "samplers", "models") for one in found[kind])
    assert (found["max_tokens"], found["temperature"]) == (360, 0.8)


def test_a_preview_shows_the_exact_prompt_that_is_sent(folder_studio: Studio, model: FakeServer) -> None:
    order = {"subgraphs": pairs(folder_studio)[:1], "model": model.name}
    found = folder_studio.post("/api/generate/preview", order).json
    assert (found["calls"], found["reused"], found["needs_limit"]) == (1, 0, False)
    assert model.bodies == []
    run = folder_studio.post("/api/generate", order).json["run"]
    assert run == found["run"]
    ended(folder_studio, run)
    (body,) = model.bodies
    (prompt,) = found["prompts"]
    assert body["messages"] == prompt["messages"]
    assert abs(prompt["tokens_in"] - found["tokens_in"]) < 20


def test_a_preview_writes_no_text_and_begins_no_run(studio: Studio) -> None:
    found = studio.post("/api/generate/preview", {"model": "echo", "n": 3}).json
    assert (found["calls"], found["usd"], len(found["prompts"])) == (3, 0.0, 3)
    assert studio.get("/api/runs").json == []
    assert studio.get("/api/texts").json["total"] == 0


def test_what_is_written_already_is_not_asked_for_again(studio: Studio) -> None:
    write(studio, 2)
    order = {"model": "echo", "n": 3}
    found = studio.post("/api/generate/preview", order).json
    assert (found["reused"], found["calls"], len(found["prompts"])) == (2, 1, 1)
    assert any("2 of 3 texts are there already" in said for said in found["remarks"])


def test_a_run_is_carried_out_and_its_texts_appear(studio: Studio) -> None:
    began = studio.post("/api/generate", {"model": "echo", "n": 4})
    assert began.status == 200, began.body
    assert began.json["state"] in ("running", "finished")
    row = ended(studio, began.json["run"])
    assert row["state"] == "finished"
    assert row["planned"] == row["done"] + sum(row["rejected"].values()) == 4
    assert row["seconds"] > 0
    found = studio.get(f"/api/runs/{row['run']}").json
    assert len(found["texts"]) == 4
    for reason, example in found["examples"].items():
        assert reason in example["reasons"]
    assert [one["run"] for one in studio.get("/api/runs").json] == [row["run"]]
    with places.opened(studio.place) as store:
        assert {record.run for record in store.read(Record)} == {row["run"]}


def test_what_is_selected_is_written_about_with_all_relations_among_it(studio: Studio) -> None:
    wanted = pairs(studio)
    run = studio.post("/api/generate", {"model": "echo", "subgraphs": wanted}).json["run"]
    assert ended(studio, run)["planned"] == 2
    with places.opened(studio.place) as store:
        records = list(store.read(Record))
        assert sorted(sorted(one.subgraph.entities) for one in records) == sorted(map(sorted, wanted))
        assert all(one.subgraph.relations for one in records)


def test_a_run_of_a_selection_goes_on_on_the_command_line(
    folder_studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    order = {"model": "echo", "subgraphs": pairs(folder_studio)}
    preview = folder_studio.post("/api/generate/preview", order).json
    row = ended(folder_studio, folder_studio.post("/api/generate", order).json["run"])
    for line in (row["command"], preview["command"]):
        again = command(line, capsys)
        assert (again["run"], again["reused"], again["planned"]) == (row["run"], 2, 2)


def test_the_command_of_one_subgraph_and_of_a_sampler_do_the_same(
    folder_studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    orders: list[dict[str, Any]] = [
        {"model": "echo", "subgraphs": pairs(folder_studio)[:1], "temperature": 0.5},
        {"model": "echo", "sampler": "triangles", "n": 2, "wordings": 2, "seed": 3, "strategy": "relate,qa"},
    ]
    for order in orders:
        found = folder_studio.post("/api/generate/preview", order).json
        done = command(found["command"], capsys)
        assert (done["run"], done["planned"]) == (found["run"], found["calls"])


def test_what_is_covered_is_left_out_where_that_is_asked(folder_studio: Studio) -> None:
    wanted = pairs(folder_studio)
    write(folder_studio, 1, entities=tuple(sorted(wanted[0])))
    order = {"model": "echo", "subgraphs": wanted, "uncovered": True}
    assert folder_studio.post("/api/generate/preview", order).json["calls"] == 1
    nothing = folder_studio.post("/api/generate/preview", order | {"subgraphs": wanted[:1]})
    assert (nothing.status, "cover all of this already" in nothing.said) == (400, True)


def test_a_run_is_stopped_and_gone_on_with(studio: Studio, model: FakeServer) -> None:
    model.delay = 0.3
    order = {"model": model.name, "n": 12, "budget_tokens": 10_000_000}
    run = studio.post("/api/generate", order).json["run"]
    until(lambda: model.bodies)
    assert studio.post(f"/api/runs/{run}/stop").json["state"] in ("stopping", "stopped")
    row = ended(studio, run)
    assert (row["state"], row["stopped"]) == ("stopped", "interrupt")
    assert row["left"] > 0
    sent = len(model.bodies)
    assert sent < 12
    model.delay = 0.0
    assert studio.post(f"/api/runs/{run}/resume").json["run"] == run
    row = ended(studio, run)
    assert (row["state"], row["reused"]) == ("finished", sent)
    assert len(model.bodies) == 12
    refused = studio.post(f"/api/runs/{run}/stop")
    assert (refused.status, "not under way" in refused.said) == (409, True)


def test_limits_hold_and_are_kept_unless_others_are_given(folder_studio: Studio, model: FakeServer) -> None:
    run = folder_studio.post("/api/generate", {"model": model.name, "n": 5, "budget_tokens": 1000}).json[
        "run"
    ]
    assert ended(folder_studio, run)["stopped"] == "budget"
    sent = len(model.bodies)
    assert sent < 5
    folder_studio.post(f"/api/runs/{run}/resume")
    assert ended(folder_studio, run)["stopped"] == "budget"
    assert len(model.bodies) == sent
    folder_studio.post(f"/api/runs/{run}/resume", {"budget_tokens": 1_000_000})
    assert ended(folder_studio, run)["stopped"] == ""
    assert len(model.bodies) == 5


def test_a_remote_model_without_a_limit_is_refused_with_the_estimate(folder_studio: Studio) -> None:
    order = {"model": "http://models.example:9/v1#large"}
    assert folder_studio.post("/api/generate/preview", order).json["needs_limit"]
    refused = folder_studio.post("/api/generate", order)
    assert refused.status == 400
    for words in ("remote model", "tokens in"):
        assert words in refused.said
    assert folder_studio.get("/api/runs").json == []


def test_two_tabs_that_begin_the_same_run_are_told(folder_studio: Studio, model: FakeServer) -> None:
    model.delay = 1.0
    order = {"model": model.name, "n": 4}
    run = folder_studio.post("/api/generate", order).json["run"]
    second = folder_studio.post("/api/generate", order)
    assert (second.status, "under way already" in second.said) == (409, True)
    other = folder_studio.post("/api/generate", order | {"seed": 1})
    assert other.status == 200
    for one in (run, other.json["run"]):
        folder_studio.post(f"/api/runs/{one}/stop")
        ended(folder_studio, one)


def test_a_model_that_fails_says_why(folder_studio: Studio, model: FakeServer) -> None:
    model.behave = lambda n, body: "400"
    run = folder_studio.post("/api/generate", {"model": model.name, "n": 2}).json["run"]
    row = ended(folder_studio, run)
    assert (row["failed"], row["done"]) == (2, 0)
    assert "fault 400" in row["errors"][0]
    gone = f"{model.url}#no-such-model"
    run = folder_studio.post("/api/generate", {"model": gone, "n": 2}).json["run"]
    row = ended(folder_studio, run)
    assert row["state"] == "failed"
    assert "no-such-model" in row["error"]
    assert run in [one["run"] for one in folder_studio.get("/api/runs").json]


def test_a_run_of_another_process_is_elsewhere(folder_studio: Studio) -> None:
    from kg.locks import Lock

    run = folder_studio.post("/api/generate", {"model": "echo", "n": 1}).json["run"]
    ended(folder_studio, run)
    folder = Path(folder_studio.place) / "runs" / run
    with Lock(folder / "lock", "the run"):
        row = folder_studio.get(f"/api/runs/{run}").json["row"]
        assert row["state"] == "elsewhere"
        refused = folder_studio.post(f"/api/runs/{run}/stop")
        assert (refused.status, "stop it there" in refused.said) == (409, True)
        assert folder_studio.post(f"/api/runs/{run}/resume").status == 409
    assert folder_studio.get(f"/api/runs/{run}").json["row"]["state"] == "finished"


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"model": "nosuch"}, "no model is named"),
        ({"model": "/etc/passwd.gguf"}, "opens no file"),
        ({"model": "local:/etc/passwd"}, "opens no file"),
        ({"model": "http://a/v1#b,/tmp/x.GGUF"}, "opens no file"),
        ({"model": "echo", "sampler": "slots:words=/etc/passwd"}, "reads no lists"),
        ({"model": "echo", "sampler": "edgs"}, "edges"),
        ({"model": "echo", "strategy": "poem"}, "there is no strategy"),
        ({"model": "echo", "text_language": "xx"}, "language"),
        ({"model": "echo", "sampler": "edges:replacement"}, "never ends"),
        ({"model": "echo", "sampler": "targeted"}, "--targets"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_done(
    folder_studio: Studio, order: dict[str, Any], said: str
) -> None:
    for path in ("/api/generate/preview", "/api/generate"):
        refused = folder_studio.post(path, order)
        assert refused.status == 400, refused.body
        assert said in refused.said
    assert folder_studio.get("/api/runs").json == []


@pytest.mark.parametrize(
    "order",
    [{"n": 0}, {"plan": "/etc/passwd"}, {"subgraphs": [["x"]]}, {"subgraphs": [[]]}, {"temperature": 9}],
)
def test_what_is_no_order_is_422(folder_studio: Studio, order: dict[str, Any]) -> None:
    assert folder_studio.post("/api/generate/preview", {"model": "echo", **order}).status == 422


def test_entities_and_runs_that_are_not_there_are_404(folder_studio: Studio) -> None:
    order = {"model": "echo", "subgraphs": [["0" * 32]]}
    assert folder_studio.post("/api/generate/preview", order).status == 404
    for path in ("", "/stop", "/resume"):
        ask = folder_studio.get if not path else folder_studio.post
        missing = ask(f"/api/runs/edges-00000000{path}")
        assert (missing.status, "no run" in missing.said) == (404, True)
    assert folder_studio.get("/api/runs/..%2f..").status in (404, 422)


def test_a_server_that_only_shows_previews_and_writes_nothing(folder_corpus: str, serve: Serve) -> None:
    studio = serve(folder_corpus, read_only=True)
    before = sorted(path.name for path in Path(folder_corpus).rglob("*"))
    order = {"model": "echo", "subgraphs": pairs(studio)}
    found = studio.post("/api/generate/preview", order)
    assert (found.status, found.json["calls"], found.json["command"]) == (200, 2, "")
    for path in ("/api/generate", "/api/runs/edges-1/stop", "/api/runs/edges-1/resume"):
        assert studio.post(path, order if path == "/api/generate" else None).status == 403
    after = sorted(path.name for path in Path(folder_corpus).rglob("*"))
    assert [name for name in after if name not in before and "graph" not in name] == []


def test_a_server_that_ends_stops_its_runs_and_keeps_what_came(
    folder_corpus: str, serve: Serve, model: FakeServer
) -> None:
    model.delay = 0.3
    studio = serve(folder_corpus)
    run = studio.post("/api/generate", {"model": model.name, "n": 12}).json["run"]
    until(lambda: len(model.bodies) >= 2)
    studio.server.stop()
    studio.desk.close()
    report = json.loads((Path(folder_corpus) / "runs" / run / "report.json").read_text("utf-8"))
    assert report["stopped"] == "interrupt"
    with places.opened(folder_corpus) as store:
        assert len(list(store.read(Record))) == len(model.bodies)


def test_a_corpus_that_is_deleted_is_gone(folder_studio: Studio) -> None:
    write(folder_studio, 1)
    shutil.rmtree(folder_studio.place)
    for path in ("/api/texts", "/api/runs", "/api/coverage", "/api/choices"):
        assert folder_studio.get(path).status == 410, path
    assert folder_studio.post("/api/generate", {"model": "echo", "n": 1}).status == 410


@pytest.mark.slow
def test_a_text_can_be_read_as_soon_as_it_is_told_of(folder_studio: Studio, model: FakeServer) -> None:
    from tests.web.writing import listening

    with listening(folder_studio) as events:
        model.behave = lambda n, body: "ok" if n < 1 else "slow"
        run = folder_studio.post("/api/generate", {"model": model.name, "n": 2}).json["run"]
        text = until(lambda: [event["text"]["id"] for event in events if event and event["kind"] == "text"])[
            0
        ]
        found = folder_studio.get(f"/api/texts/{text}")
        assert (found.status, found.json["row"]["id"]) == (200, text)
        word = folder_studio.post(f"/api/texts/{text}/verdict", {"status": "accepted"})
        assert word.status in (200, 409)
        folder_studio.post(f"/api/runs/{run}/stop")
        ended(folder_studio, run)


def test_an_endpoint_that_goes_away_is_told_while_the_run_waits(
    folder_studio: Studio, model: FakeServer
) -> None:
    model.delay = 0.2
    run = folder_studio.post("/api/generate", {"model": model.name, "n": 12}).json["run"]
    until(lambda: len(model.bodies) >= 2)
    model.stop()
    row = until(lambda: (one := folder_studio.get(f"/api/runs/{run}").json["row"])["errors"] and one)
    assert row["state"] == "running"
    assert "127.0.0.1" in row["errors"][-1]
    model.delay = 0.0
    model.start()
    row = ended(folder_studio, run)
    assert (row["state"], row["left"], row["failed"]) == ("finished", 0, 0)
