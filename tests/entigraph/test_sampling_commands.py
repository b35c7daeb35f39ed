"""`sample` and `generate` by what is covered: plans that go on, plans as files, targets, budgets, bad input."""

import csv
import shutil
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sampling import SAMPLERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.entigraph.conftest import Outcome, Program
    from tests.lm.conftest import FakeServer

ECHO = ("--model", "echo", "--checks", "none")
LATER = """---
title: The New Bell
---
Pell Varga melted the bell of the tide clock. Pell Varga lives at Nant Hollow with Keeper Dow.
"""


def coverage(entigraph: "Program", corpus: str) -> dict[str, float]:
    found: dict[str, float] = entigraph("stats", corpus, "--json").json["coverage"]
    return found


def add_a_document(entigraph: "Program", corpus: str, documents: Path, home: Path) -> None:
    """The corpus gets another document with a name that no other has."""
    shutil.copytree(documents / "docs", home / "docs")
    (home / "docs" / "bell.md").write_text(LATER, encoding="utf-8")
    (home / "names.txt").write_text((documents / "names.txt").read_text("utf-8") + "Pell Varga\n")
    assert entigraph("build", home / "docs", "-o", corpus, "--names", home / "names.txt").code == 0


# ---- going on ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("sampler", ["cover", "balanced", "edges"])
def test_the_same_command_again_costs_nothing_and_a_new_document_costs_what_is_new(
    sampler: str, entigraph: "Program", corpus: str, documents: Path, home: Path, server: "FakeServer"
) -> None:
    more = ("--uncovered",) if sampler == "edges" else ()
    words = (
        *("generate", corpus, "--model", server.name, "--checks", "none", "--max-texts", 500),
        *more,
        "--json",
    )
    first = entigraph(*words, "--sampler", sampler).json
    assert first["done"] == first["planned"] == len(server.bodies) > 2
    again = entigraph(*words, "--sampler", sampler).json
    assert (again["planned"], again["reused"], again["done"]) == (first["planned"], first["planned"], 0)
    assert len(server.bodies) == first["done"]
    add_a_document(entigraph, corpus, documents, home)
    before = coverage(entigraph, corpus)
    third = entigraph(*words, "--sampler", sampler).json
    fresh = [body["messages"][-1]["content"] for body in server.bodies[first["done"] :]]
    assert third["done"] == len(fresh) >= 1
    assert third["done"] < first["done"]
    assert any("Pell Varga" in prompt for prompt in fresh)
    assert coverage(entigraph, corpus)["entities"] > before["entities"]
    assert len(server.times_asked()) == len(server.bodies)  # nothing was asked for twice


@pytest.mark.slow
def test_a_cover_in_two_steps_is_the_cover_at_once(entigraph: "Program", corpus: str, home: Path) -> None:
    shutil.copytree(home / corpus, home / "other.kg")
    words = ("--sampler", "cover", *ECHO, "--json")
    whole = entigraph("generate", "other.kg", *words).json
    part = entigraph("generate", corpus, *words, "-n", 3).json
    assert (part["planned"], part["done"]) == (3, 3)
    rest = entigraph("generate", corpus, *words).json
    assert rest["reused"] == 3
    assert abs(rest["planned"] - whole["planned"]) <= 1
    assert coverage(entigraph, corpus)["relations"] == coverage(entigraph, "other.kg")["relations"] == 1.0
    kept = (home / corpus / "runs" / rest["run"] / "plan.jsonl").read_text("utf-8").splitlines()
    assert len(kept) == rest["planned"]


@pytest.mark.slow
def test_a_second_sampler_begins_where_the_texts_of_the_first_end(entigraph: "Program", corpus: str) -> None:
    entigraph("generate", corpus, *ECHO, "--sampler", "cover:unit=entities")
    left = entigraph("sample", corpus, "--sampler", "cover", "--json").rows
    afresh = entigraph("sample", corpus, "--sampler", "cover", "--afresh", "--json").rows
    assert 0 < len(left) < len(afresh)
    entigraph("generate", corpus, *ECHO, "--sampler", "cover")
    nothing = entigraph("sample", corpus, "--sampler", "cover", "--json")
    assert (nothing.code, nothing.out) == (0, "")
    assert "nothing is left to cover" in nothing.err


@pytest.mark.slow
def test_uncovered_leaves_out_what_is_written(entigraph: "Program", corpus: str) -> None:
    everything = entigraph("sample", corpus, "--sampler", "edges", "--json").rows
    entigraph("generate", corpus, *ECHO, "--sampler", "edges", "-n", 4)
    left = entigraph("sample", corpus, "--sampler", "edges", "--uncovered", "--json").rows
    assert {row["key"] for row in left} == {row["key"] for row in everything[4:]}


@pytest.mark.slow
def test_a_dry_run_of_a_plan_that_goes_on_keeps_nothing(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    done = entigraph("generate", corpus, *ECHO, "--sampler", "cover", "--dry-run", "--json")
    assert done.code == 0
    assert not list((home / corpus).glob("runs/*/plan.jsonl"))


# ---- what is said of a plan ----------------------------------------------------------------------


@pytest.mark.slow
def test_the_report_has_a_table_and_a_curve_that_end_alike(entigraph: "Program", corpus: str) -> None:
    done = entigraph("sample", corpus, "--sampler", "edges", "--report", "--times", 2, "--json")
    assert done.code == 0
    assert len(done.rows) > 10
    table = {line.split()[0]: line.split() for line in done.said if line[:1].isalpha()}
    assert table["relations"][1] == table["relations"][2]  # all of them are covered by one or more
    assert "by 2 or more" in done.err
    last = done.said[-1].split()
    assert int(last[0].replace(",", "")) == len(done.rows)
    assert last[2] == table["entities"][-1]


@pytest.mark.slow
def test_a_cover_says_what_cannot_be_covered_so_often_and_how_few_texts_any_choice_takes(
    entigraph: "Program", corpus: str
) -> None:
    done = entigraph("sample", corpus, "--sampler", "cover:times=9", "--report", "--times", 9)
    assert "no item is taken twice" in done.err
    once = entigraph("sample", corpus, "--sampler", "cover", "--report")
    least = int(once.err.split("no choice takes fewer than ")[1].split()[0])
    assert 0 < least <= len(once.out.splitlines())


def test_a_budget_bounds_the_plan_at_what_a_text_takes(entigraph: "Program", corpus: str) -> None:
    words = ("sample", corpus, "--sampler", "edges", "--model", "echo", "--json")
    whole = entigraph(*words)
    some = entigraph(*words, "--budget-tokens", 2000)
    assert 0 < len(some.rows) < len(whole.rows)
    assert some.rows == whole.rows[: len(some.rows)]
    assert "a text takes about" in some.err


@pytest.mark.slow
def test_the_curve_is_drawn(entigraph: "Program", corpus: str, home: Path) -> None:
    pytest.importorskip("matplotlib")
    done = entigraph("sample", corpus, "--sampler", "cover", "--plot", "curve.svg")
    assert done.code == 0
    assert "<svg" in (home / "curve.svg").read_text("utf-8")


# ---- plans as files ------------------------------------------------------------------------------


@pytest.mark.slow
def test_another_machine_carries_out_the_parts_of_a_plan(
    entigraph: "Program", corpus: str, documents: Path, home: Path
) -> None:
    plan = entigraph("sample", corpus, "--sampler", "cover", "--json").out.splitlines(keepends=True)
    (home / "one.jsonl").write_text("".join(plan[:4]), encoding="utf-8")
    (home / "two.jsonl").write_text("".join(plan[4:]), encoding="utf-8")
    names = documents / "names.txt"
    assert entigraph("build", documents / "docs", "-o", "elsewhere.kg", "--names", names).code == 0
    for part, count in (("one", 4), ("two", len(plan) - 4)):
        done = entigraph("generate", "elsewhere.kg", *ECHO, "--plan", f"{part}.jsonl", "--json").json
        assert (done["planned"], done["done"]) == (count, count)
    assert coverage(entigraph, "elsewhere.kg")["relations"] == 1.0


@pytest.mark.parametrize("kind", ["plan", "targets"])
def test_a_run_that_rests_on_a_file_is_resumed_from_any_folder(
    kind: str, entigraph: "Program", corpus: str, home: Path, tmp_path: Path
) -> None:
    (home / "names.csv").write_text("name,weight\nKeeper Dow,1\n")
    (home / "plan.jsonl").write_text(entigraph("sample", corpus, "-n", 4, "--json").out)
    words = {"plan": ("--plan", "plan.jsonl"), "targets": ("--sampler", "targeted", "--targets", "names.csv")}
    first = entigraph("generate", corpus, *ECHO, *words[kind], "--max-texts", 1, "--json").json
    assert (first["done"], first["stopped"]) == (1, "limit")
    again = entigraph("runs", "resume", home / corpus, first["run"], "--json", cwd=tmp_path).json
    assert (again["run"], again["reused"], again["stopped"]) == (first["run"], 1, None)
    assert again["planned"] == first["planned"] > 1


def test_a_sampler_that_does_what_another_does_here_says_so(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    (home / "g.csv").write_text("source,target\na,b\nb,c\n")
    done = entigraph("sample", "g.csv", "--sampler", "cross_document", "--json")
    assert len(done.rows) == 1
    assert "these are the items of the sampler 'paths'" in done.err
    assert "'paths'" not in entigraph("sample", corpus, "--sampler", "cross_document", "--json").err


@pytest.mark.slow
def test_the_plan_of_another_corpus_is_refused_before_anything_is_sent(
    entigraph: "Program", corpus: str, home: Path, server: "FakeServer"
) -> None:
    (home / "g.csv").write_text("source,target\nZoe,Yan\n")
    foreign = entigraph("sample", "g.csv", "--json").out
    own = entigraph("sample", corpus, "-n", 2, "--json").out
    (home / "plan.jsonl").write_text(own + foreign)
    done = entigraph("generate", corpus, "--model", server.name, "--plan", "plan.jsonl")
    assert done.code == 1
    assert "plan.jsonl' (about " in done.err
    assert "not in this corpus" in done.err
    assert len(done.said) == 1
    assert server.bodies == []


# ---- targets -------------------------------------------------------------------------------------


def test_targets_from_a_file_choose_what_is_written_about(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    (home / "wanted.csv").write_text("name,weight\nKeeper Dow,1\n")
    rows = entigraph("sample", corpus, "--sampler", "targeted", "--targets", "wanted.csv", "--json").rows
    assert rows
    assert all("Keeper Dow" in row["entities"] for row in rows)
    (home / "wrong.txt").write_text("Who quarrelled over the brass with Orla Finch?\n")
    words = ("sample", corpus, "--sampler", "targeted:items=entities", "--json")
    mentioned = entigraph(*words, "--targets", "mentioned:wrong.txt").rows
    assert {name for row in mentioned for name in row["entities"]} == {"brass", "Orla Finch"}


@pytest.mark.slow
def test_what_is_uncovered_is_a_target_until_it_is_covered(entigraph: "Program", corpus: str) -> None:
    words = ("--sampler", "targeted", "--targets", "uncovered")
    entigraph("generate", corpus, *ECHO, *words)
    assert coverage(entigraph, corpus)["relations"] == 1.0
    assert entigraph("sample", corpus, *words, "--json").rows == []


# ---- every sampler, and bad input ----------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SAMPLERS))
@pytest.mark.slow
def test_every_sampler_prints_its_plan_and_the_shorter_one_is_its_beginning(
    name: str, entigraph: "Program", corpus: str
) -> None:
    more = ("--targets", "uncovered") if name == "targeted" else ()
    long, short = (
        entigraph("sample", corpus, "--sampler", name, "-n", n, "--seed", 4, "--json", *more) for n in (5, 3)
    )
    assert long.code == 0, long.err
    assert long.rows[:3] == short.rows
    assert long.rows


def refused(done: "Outcome", *words: str, code: int = 2) -> None:
    assert done.code == code
    assert done.out == ""
    assert len(done.said) == 1, done.err
    for word in words:
        assert word in done.err


BAD: list[tuple[str, tuple[str, ...]]] = [
    ("--sampler cover:unit=relation", ("'unit' of the sampler 'cover' is one of", "saw 'relation'")),
    ("--sampler walks:length=0", ("length of walks must be 1 or more, saw 0",)),
    ("--sampler edges:replacement", ("never ends", "-n")),
    ("--sampler nosuch", ("no sampler 'nosuch'", "edges")),
    ("--sampler targeted", ("wants --targets", "uncovered")),
    ("--targets uncovered", ("--targets is for the sampler 'targeted'",)),
    ("--uncovered --afresh", ("--uncovered leaves out what is written",)),
    ("--plot curve.gif", (".svg, .png or .html",)),
]


@pytest.mark.parametrize(("options", "words"), BAD, ids=[options for options, _ in BAD])
def test_wrong_options_are_one_line(
    options: str, words: tuple[str, ...], entigraph: "Program", corpus: str
) -> None:
    refused(entigraph("sample", corpus, *options.split()), *words)


def test_names_that_do_not_exist_are_answered_with_the_nearest(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    (home / "t.txt").write_text("Orla Finch\nKeeper Dove\n")
    done = entigraph("sample", corpus, "--sampler", "targeted", "--targets", "t.txt")
    refused(done, "Keeper Dove", "Keeper Dow")


@pytest.mark.parametrize("weight", ["-1", "nan", "", "much"])
def test_wrong_weights_of_targets_are_refused(
    weight: str, entigraph: "Program", corpus: str, home: Path
) -> None:
    with (home / "t.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["name", "weight"], ["Orla Finch", weight]])
    refused(entigraph("sample", corpus, "--sampler", "targeted", "--targets", "t.csv"), "line 2", "t.csv")


ALONE = sorted(set(SAMPLERS) - {"cover", "entities", "slots", "targeted"})


@pytest.mark.parametrize("name", ALONE)
@pytest.mark.slow
def test_where_nothing_is_joined_there_is_no_plan_and_what_to_try_is_said(
    name: str, entigraph: "Program", home: Path
) -> None:
    (home / "g.csv").write_text("source,target\nOrla Finch,Orla Finch\n")
    done = entigraph("sample", "g.csv", "--sampler", name)
    assert (done.code, done.out) == (0, ""), done.err
    assert "try" in done.err or "build" in done.err


@pytest.mark.slow
def test_a_graph_without_a_triangle_says_what_to_use(entigraph: "Program", home: Path) -> None:
    (home / "g.csv").write_text("source,target\na,b\nb,c\n")
    assert "edges" in entigraph("sample", "g.csv", "--sampler", "triangles").err


@pytest.mark.slow
def test_hostile_names_come_through_a_plan_as_they_are(entigraph: "Program", home: Path) -> None:
    names = ["<script>alert(1)</script>", "'; DROP TABLE x; --", "`}) DETACH DELETE n //", "محمد", "柳埠商报"]
    with (home / "g.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["source", "target"], *pairwise(names)])
    rows = entigraph("sample", "g.csv", "--sampler", "cover", "--json").rows
    assert {name for row in rows for name in row["entities"]} == set(names)


@pytest.mark.neo4j
@pytest.mark.slow
def test_every_plan_is_the_same_on_a_server_as_in_a_folder(
    entigraph: "Program", corpus: str, neo4j_place: "Callable[[], str]"
) -> None:
    address = neo4j_place()
    assert entigraph("copy", corpus, address).code == 0
    everyone = ",".join(sorted(SAMPLERS))  # one item of each in turn
    words = ("--sampler", everyone, "--targets", "uncovered", "-n", 120, "--seed", 3, "--json")
    folder, server = (entigraph("sample", place, *words) for place in (corpus, address))
    assert folder.code == server.code == 0, server.err
    assert len(folder.rows) == 120
    assert folder.out == server.out
    for place in (corpus, address):
        assert entigraph("generate", place, *ECHO, "--sampler", "cover", "-n", 3).code == 0
    left = [entigraph("sample", place, "--sampler", "cover", "--json").out for place in (corpus, address)]
    assert left[0] == left[1] != ""
