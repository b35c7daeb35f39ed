"""Plans as files: written and read without loss, on another machine too, and refused where they do not fit."""

import json
from collections.abc import Callable
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest

from kg.graph import Graph
from kg.model import Subgraph
from sampling import SAMPLERS, SamplingError, check_plan, plan_lines, read_plan, sampler, write_plan
from sampling.plan_files import keep_plan, kept_plan, rows_of

Make = Callable[..., Graph]
HOSTILE = [
    "<script>alert(1)</script>",
    "MATCH (n) DETACH DELETE n",
    "'; DROP TABLE x",
    "محمد",
    "柳埠",
    "a\u2028b\n\tc",
]


def plan(name: str, graph: Graph) -> list[Subgraph]:
    return list(islice(sampler(name).sample(graph, np.random.default_rng(1)), 50))


@pytest.mark.parametrize("name", sorted(SAMPLERS))
def test_a_plan_is_read_as_it_was_written(name: str, kite: Graph, tmp_path: Path) -> None:
    items = plan(name, kite)
    assert write_plan(tmp_path / "plan.jsonl", kite, items, name) == len(items)
    assert list(read_plan(tmp_path / "plan.jsonl", kite)) == items
    assert check_plan(tmp_path / "plan.jsonl", kite) == len(items)


def test_a_line_names_everything_for_people_and_holds_ids_for_the_program(kite: Graph) -> None:
    (item, *_) = plan("triangles", kite)
    (line, *_) = plan_lines(kite, [item], "triangles")
    assert line["key"] == item.key
    assert line["sampler"] == "triangles"
    assert line["entities"] == [kite.names[kite.entity_row(id)] for id in item.entities]
    named = [
        (kite.names[kite.sources[row]], kite.names[kite.targets[row]])
        for row in map(kite.relation_row, item.relations)
    ]
    assert [(source, target) for source, _, target in line["relations"]] == named
    assert line["ids"]["entities"] == item.entities


def test_names_may_hold_anything(make: Make, tmp_path: Path) -> None:
    graph = make(list(pairwise(HOSTILE)))
    items = plan("edges", graph)
    write_plan(tmp_path / "p", graph, items, "edges")
    assert len((tmp_path / "p").read_text("utf-8").splitlines()) >= len(items)
    assert list(read_plan(tmp_path / "p", graph)) == items


def test_the_parts_of_a_plan_make_the_whole_again(kite: Graph, tmp_path: Path) -> None:
    items = plan("edges", kite)
    write_plan(tmp_path / "p", kite, items, "edges")
    lines = (tmp_path / "p").read_bytes().splitlines(keepends=True)
    (tmp_path / "a").write_bytes(b"".join(lines[:2]))
    (tmp_path / "b").write_bytes(b"".join(lines[2:]))
    assert [*read_plan(tmp_path / "a", kite), *read_plan(tmp_path / "b", kite)] == items


def test_a_graph_of_more_things_takes_the_plan_of_a_smaller_one(make: Make, tmp_path: Path) -> None:
    small = make([("a", "b"), ("b", "c")])
    write_plan(tmp_path / "p", small, items := plan("edges", small), "edges")
    larger = make([("a", "b"), ("b", "c"), ("c", "d"), ("x", "a")])
    assert list(read_plan(tmp_path / "p", larger)) == items


@pytest.mark.parametrize("what", ["entities", "relations", "documents"])
def test_the_plan_of_another_corpus_is_refused_and_the_line_named(
    what: str, kite: Graph, make: Make, tmp_path: Path
) -> None:
    other = {
        "entities": make([("Zoe", "Yan")]),
        "relations": make([("Ann", "Dee")], entities=["Bo", "Cy"]),
        "documents": make([], documents={"elsewhere": ["Bo", "Cy"]}),
    }[what]
    (foreign, *_) = plan("pairs" if what == "documents" else "edges", other)
    items = [*plan("edges", kite), foreign]
    with (tmp_path / "p").open("w") as file:
        for graph, item in [*((kite, item) for item in items[:-1]), (other, foreign)]:
            file.writelines(json.dumps(line) + "\n" for line in plan_lines(graph, [item], "edges"))
    with pytest.raises(
        SamplingError, match=rf"line {len(items)} of the plan .* names {what} that are not in this"
    ):
        check_plan(tmp_path / "p", kite)


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        "7",
        '{"key": "x"}',
        '{"ids": {"entities": ["ab"]}}',
        '{"ids": {"entities": ["' + "g" * 32 + '"]}}',
        '{"ids": {"entities": [3]}}',
        '{"ids": {"entities": [], "slots": [["a"]]}}',
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_subgraph_is_refused_and_named(line: str, kite: Graph, tmp_path: Path) -> None:
    write_plan(tmp_path / "p", kite, plan("edges", kite)[:2], "edges")
    with (tmp_path / "p").open("a") as file:
        file.write("\n" + line + "\n")
    with pytest.raises(SamplingError, match=r"line 4 of the plan .* is no subgraph .* 'entigraph sample"):
        check_plan(tmp_path / "p", kite)


def test_a_plan_that_is_no_text_or_not_there_is_refused(kite: Graph, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(SamplingError, match="is not UTF-8"):
        check_plan(tmp_path / "p", kite)
    with pytest.raises(SamplingError, match=r"cannot read the plan .*nosuch"):
        check_plan(tmp_path / "nosuch", kite)
    (tmp_path / "empty").write_text("\n\n")
    assert check_plan(tmp_path / "empty", kite) == 0


def test_a_plan_that_is_kept_survives_being_killed_in_the_middle_of_a_line(
    kite: Graph, tmp_path: Path
) -> None:
    items, path = plan("edges", kite), tmp_path / "plan.jsonl"
    assert list(kept_plan(path, kite)) == []
    assert list(keep_plan(items[:2], kite, path, "edges")) == items[:2]
    with path.open("a") as file:
        file.write('{"key": "half of a li')
    assert list(kept_plan(path, kite)) == items[:2]
    assert list(keep_plan(items[2:], kite, path, "edges")) == items[2:]
    assert list(kept_plan(path, kite)) == items


def test_what_the_graph_has_lost_is_left_out_of_a_kept_plan(kite: Graph, make: Make, tmp_path: Path) -> None:
    path = tmp_path / "plan.jsonl"
    items = list(keep_plan(plan("entities", kite), kite, path, "entities"))
    smaller = make([("Ann", "Bo")])
    assert len(list(kept_plan(path, smaller))) == 2 < len(items)


def test_rows_are_found_by_id_and_others_are_none(kite: Graph) -> None:
    ids = [kite.entity_id(row) for row in range(len(kite))]
    assert rows_of(kite.entity_ids, ids).tolist() == list(range(len(kite)))
    assert rows_of(kite.entity_ids, ["0" * 32, "f" * 32]).tolist() == [-1, -1]
    assert rows_of(kite.entity_ids[:0], ids[:1]).tolist() == [-1]
    assert rows_of(kite.entity_ids, []).tolist() == []
