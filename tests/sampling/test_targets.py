import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kg.extract.matching import spaceless
from kg.graph import Graph
from sampling.accounting import Coverage
from sampling.mentions import NamesInTexts
from sampling.target_files import read_targets, targets_of
from sampling.targets import Targets, mentioned, named, targets_at, uncovered

Make = Callable[..., Graph]
Id = Callable[[str], str]


def weights(graph: Graph, targets: Targets) -> dict[str, float]:
    """Weights by name, and by "source-label-target"."""
    of_entity, of_relation = targets.at(graph.entity_ids), targets.at(graph.relation_ids)
    found = {graph.names[row]: float(of_entity[row]) for row in np.flatnonzero(of_entity).tolist()}
    for row in np.flatnonzero(of_relation):
        source, target = graph.names[int(graph.sources[row])], graph.names[int(graph.targets[row])]
        found[f"{source}-{graph.label_names[graph.labels[row]]}-{target}"] = float(of_relation[row])
    assert len(found) == len(targets)
    return found


@pytest.fixture
def people() -> Graph:
    """Two who are called Finch, two ways from Ann to Bo."""
    rows = [("0a" * 16, "Ann"), ("0b" * 16, "Bo"), ("0c" * 16, "Orla Finch"), ("00" * 16, "orla  finch")]
    return Graph.build(
        [(id, name, "person", 1) for id, name in rows],
        [
            ("1a" * 16, "0a" * 16, "knows", "0b" * 16, 1.0),
            ("1b" * 16, "0a" * 16, "teaches", "0b" * 16, 1.0),
            ("00" * 15 + "01", "0b" * 16, "knows", "0c" * 16, 1.0),
        ],
    )


# ---- Targets -------------------------------------------------------------------------------------


def test_targets_give_each_id_its_weight_and_others_none(people: Graph) -> None:
    targets = Targets.of({"00" * 16: 2.0, "1b" * 16: 0.5, "ff" * 16: 9.0})
    assert targets.at(people.entity_ids).tolist() == [2.0, 0.0, 0.0, 0.0]
    assert targets.at(people.relation_ids).tolist() == [0.0, 0.0, 0.5]


def test_weights_by_row_become_weights_by_id(people: Graph) -> None:
    targets = targets_at(people, np.array([1.0, 0.0, 2.0, 3.0]), np.array([4.0, 0.0, 5.0]))
    assert targets.at(people.entity_ids).tolist() == [1.0, 0.0, 2.0, 3.0]
    assert targets.at(people.relation_ids).tolist() == [4.0, 0.0, 5.0]
    assert len(targets) == 5


@pytest.mark.parametrize("wrong", ["Ann", "0A" * 16, "zz" * 16, ""])
def test_what_is_no_id_is_no_key_of_targets(wrong: str) -> None:
    with pytest.raises(ValueError, match=f"ids of 32 hex digits, not {wrong!r}.*named"):
        Targets.of({wrong: 1.0})


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_wrong_weight_of_a_target_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weights of targets must be finite and not negative"):
        Targets.of({"0a" * 16: weight})


def test_ids_out_of_order_or_without_weights_are_refused() -> None:
    fine = Targets.of({"0a" * 16: 1.0, "0b" * 16: 1.0})
    for ids, some in ((fine.ids[::-1], fine.weights), (fine.ids, fine.weights[:1])):
        with pytest.raises(ValueError, match=r"ascending order, once each.*Targets\.of"):
            Targets(ids, some)


def test_too_few_weights_by_row_are_refused(people: Graph) -> None:
    with pytest.raises(ValueError, match="a weight for each of 4 rows, saw 1"):
        targets_at(people, np.ones(1))


# ---- uncovered -----------------------------------------------------------------------------------


def test_uncovered_weighs_each_by_the_texts_that_are_missing(make: Make, ids: Id) -> None:
    graph = make([("Ann", "Bo"), ("Bo", "Cy")])
    coverage = Coverage(graph)
    coverage.count(
        {
            "entities": [(graph.entity_row(ids("Ann")),), (graph.entity_row(ids("Bo")),)],
            "relations": [(int(np.flatnonzero(graph.sources == graph.entity_row(ids("Ann")))[0]),)],
        }
    )
    assert weights(graph, uncovered(coverage)) == {"Cy": 1.0, "Bo-knows-Cy": 1.0}
    assert weights(graph, uncovered(coverage, times=3)) == {
        **{"Ann": 2.0, "Bo": 2.0, "Cy": 3.0},
        **{"Ann-knows-Bo": 2.0, "Bo-knows-Cy": 3.0},
    }


def test_without_texts_everything_is_uncovered_and_nothing_of_an_empty_graph(kite: Graph, make: Make) -> None:
    assert len(uncovered(Coverage(kite))) == len(kite) + kite.relation_count
    assert len(uncovered(Coverage(make([])))) == 0


@pytest.mark.parametrize("times", [0, -1, 1.5, True])
def test_a_number_of_texts_below_one_is_refused(kite: Graph, times: int) -> None:
    with pytest.raises(ValueError, match="must be 1 or more"):
        uncovered(Coverage(kite), times)


# ---- named ---------------------------------------------------------------------------------------


def test_a_name_means_all_who_have_it_whatever_case_and_spaces(people: Graph) -> None:
    assert weights(people, named(people, ["ORLA finch", "Bo"])) == {
        **{"Orla Finch": 1.0, "orla  finch": 1.0, "Bo": 1.0}
    }


def test_an_id_stands_for_its_entity_alone(people: Graph) -> None:
    assert weights(people, named(people, {"0c" * 16: 2.0})) == {"Orla Finch": 2.0}


def test_weights_of_what_is_named_twice_add_up(people: Graph) -> None:
    assert weights(people, named(people, ["Ann", "ann", "Ann"])) == {"Ann": 3.0}
    assert weights(people, named(people, {"Ann": 0.25, "ANN": 0.5, "Bo": 0.0})) == {"Ann": 0.75}


def test_an_unknown_name_is_answered_with_the_nearest_ones(people: Graph) -> None:
    with pytest.raises(ValueError, match=r"no entity 'Orla Fich'\. Known: Orla Finch, orla  finch"):
        named(people, ["Ann", "Orla Fich"])


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_wrong_weight_is_refused_with_the_name_it_stands_at(people: Graph, weight: float) -> None:
    with pytest.raises(ValueError, match="the weight of 'Bo' must be finite"):
        named(people, {"Ann": 1.0, "Bo": weight})


def test_one_text_in_place_of_a_list_is_refused(people: Graph) -> None:
    with pytest.raises(ValueError, match="wanted a list of names, saw the text 'Ann'"):
        named(people, "Ann")
    with pytest.raises(ValueError, match="wanted a list of texts, saw one text 'Ann met Bo'"):
        mentioned(people, "Ann met Bo")


# ---- mentioned -----------------------------------------------------------------------------------


def test_the_weight_of_what_is_mentioned_is_the_number_of_texts(make: Make) -> None:
    graph = make([("Ann", "Bo")], entities=["Ada's clock", "Adamant"])
    texts = ["Ann, ann and BO.", "Who broke Ada\u2019s   Clock: Bo?", "Bobby is adamantly Anna.", ""]
    assert weights(graph, mentioned(graph, texts)) == {"Ann": 1.0, "Bo": 2.0, "Ada's clock": 1.0}


def test_names_without_spaces_occur_wherever_they_stand(make: Make) -> None:
    graph = make([], entities=["潮钟", "青坪", "钟表行会", "LLM", "GPT"])
    texts = ["青坪的潮钟由LLM看守。", "潮 钟", "GPT2与LLMs"]
    assert weights(graph, mentioned(graph, texts)) == {"青坪": 1.0, "潮钟": 1.0, "LLM": 1.0}


def test_a_name_inside_a_longer_one_is_not_mentioned_there_and_all_who_share_a_name_are(
    people: Graph,
) -> None:
    found = NamesInTexts(["Finch", "Orla Finch", "Orla", "orla finch", "Finch Lane"])
    assert found.rows("Did Orla Finch laugh?") == [1, 3]
    assert found.rows("Did Orla Finch laugh at Orla in Finch Lane?") == [1, 2, 3, 4]
    assert weights(people, mentioned(people, ["orla finch"])) == {"Orla Finch": 1.0, "orla  finch": 1.0}


def test_marks_on_letters_belong_to_their_word() -> None:
    found = NamesInTexts(["नद", "नदी", "e", "cafe"])
    assert found.rows("नदी") == [1]
    assert found.rows("cafe\u0301 e\u0323") == []


def test_names_of_marks_alone_and_empty_ones_do_no_harm() -> None:
    found = NamesInTexts(["", "  ", "C++", "?"])
    assert found.rows("Is C++ old") == [2]
    assert found.rows("") == []


def spans(name: str, text: str) -> list[tuple[int, int]]:
    """By looking at every place: no word goes on over either end."""

    def goes_on(before: str, after: str) -> bool:
        return all(re.fullmatch(r"\w", c) and not spaceless(c) for c in (before, after))

    return [
        (at, at + len(name))
        for at in range(len(text) - len(name) + 1)
        if text.startswith(name, at)
        and not (at and goes_on(text[at - 1], text[at]))
        and not (at + len(name) < len(text) and goes_on(text[at + len(name) - 1], text[at + len(name)]))
    ]


def inside(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]


def test_names_are_found_as_by_looking_at_every_place() -> None:
    rng = np.random.default_rng(5)

    def drawn(longest: int) -> str:
        letters = rng.choice(list("aab  '-河钟"), size=rng.integers(1, longest + 1))
        return " ".join("".join(letters).split())

    names = [name for name in (drawn(5) for _ in range(400)) if name]
    found = NamesInTexts(names)
    hits = 0
    for _ in range(400):
        text = drawn(20)
        everywhere = {name: spans(name, text) for name in names}
        known = {span for some in everywhere.values() for span in some}
        expected = [
            row
            for row, name in enumerate(names)
            if any(not any(inside(span, other) for other in known) for span in everywhere[name])
        ]
        assert found.rows(text) == expected
        hits += len(expected)
    assert hits > 300


# ---- files ---------------------------------------------------------------------------------------


def written(tmp_path: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.csv", "name,weight\nAnn,2\n\nBo,0.5\nann, 1\n"),
        ("t.csv", 'Weight,Name\r\n2,"Ann"\r\n0.5,Bo\r\n1,ANN\r\n'),
        ("t.tsv", "name\tweight\nAnn\t3\nBo\t.5\n"),
        ("t.jsonl", '{"name": "Ann", "weight": 3}\n\n{"weight": 5e-1, "name": "Bo"}\n'),
    ],
)
def test_names_and_weights_are_read_from_tables_and_json_lines(
    tmp_path: Path, people: Graph, name: str, text: str
) -> None:
    found = read_targets(written(tmp_path, name, text), people)
    assert weights(people, found) == {"Ann": 3.0, "Bo": 0.5}


def test_a_text_file_holds_a_name_a_line(tmp_path: Path, people: Graph) -> None:
    path = written(tmp_path, "t.txt", "# the shy ones\nAnn\n\n  Bo \n")
    assert weights(people, read_targets(path, people)) == {"Ann": 1.0, "Bo": 1.0}


def test_relations_are_read_with_and_without_a_label(tmp_path: Path, people: Graph) -> None:
    without = written(tmp_path, "a.csv", "source,target,weight\nAnn,Bo,2\n")
    assert weights(people, read_targets(without, people)) == {"Ann-knows-Bo": 2.0, "Ann-teaches-Bo": 2.0}
    label = written(tmp_path, "b.csv", "source,target,label,weight\nAnn,Bo,Teaches,2\nBo,orla finch,,1\n")
    assert weights(people, read_targets(label, people)) == {"Ann-teaches-Bo": 2.0, "Bo-knows-Orla Finch": 1.0}
    row = {"source": "Ann", "target": "0b" * 16, "label": "knows", "weight": 1}
    lines = written(tmp_path, "c.jsonl", json.dumps(row) + '\n{"name": "Ann", "weight": 1}\n')
    assert weights(people, read_targets(lines, people)) == {"Ann-knows-Bo": 1.0, "Ann": 1.0}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encoding_of_a_file_is_found_out(tmp_path: Path, make: Make, encoding: str) -> None:
    names = ["青坪钟表行会", "潮钟", "上海的港口", "守门人的女儿", "第三号码头", "中国铁路公司", "大学图书馆"]
    graph = make([], entities=names)
    text = "name,weight\n" + "".join(f"{name},{i}\n" for i, name in enumerate(names, start=1))
    found = read_targets(written(tmp_path, "t.csv", text, encoding), graph)
    assert weights(graph, found) == {name: float(i) for i, name in enumerate(names, start=1)}


@pytest.mark.parametrize("weight", ["", "-1", "nan", "inf", "much", "1e999"])
def test_a_wrong_weight_in_a_table_is_refused_with_its_line(
    tmp_path: Path, people: Graph, weight: str
) -> None:
    path = written(tmp_path, "t.csv", f"name,weight\nAnn,1\nBo,{weight}\n")
    with pytest.raises(ValueError, match=rf"t\.csv', line 3: the weight must be .* not {weight!r}"):
        read_targets(path, people)


@pytest.mark.parametrize("weight", ["null", "-1", "NaN", "true", "[1]", "1" + "0" * 400])
def test_a_wrong_weight_in_json_is_refused_with_its_line(tmp_path: Path, people: Graph, weight: str) -> None:
    path = written(tmp_path, "t.jsonl", f'{{"name": "Bo", "weight": {weight}}}\n')
    with pytest.raises(ValueError, match=r"t\.jsonl', line 1: the weight must be a number of 0 or more"):
        read_targets(path, people)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("t.csv", "name,weight\nAnn,1\nOrla Fich,1\n", "line 3: there is no entity 'Orla Fich'. Known: Orla"),
        ("t.txt", "Ann\n\nBoo\n", "line 3: there is no entity 'Boo'. Known: Bo,"),
        ("t.csv", "source,target,weight\nAnn,Ann,1\n", "line 2: there is no relation from 'Ann' to 'Ann'. Known: Bo"),
        ("t.csv", "source,target,weight\nBo,Ann,1\n", "line 2: .* but one the other way: change source and target"),
        (
            "t.csv",
            "source,target,label,weight\nAnn,Bo,teach,1\n",
            "line 2: there is no label of a relation from 'Ann' to 'Bo' 'teach'. Known: teaches, knows",
        ),
        ("t.csv", "Ann,1\nBo,2\n", "line 1: Wanted name,weight or .*, saw 'ann,1'"),
        ("t.csv", "name\nAnn\n", "line 1: Wanted name,weight or .*, saw 'name'"),
        ("t.csv", "name;weight\nAnn;1\n", "line 1: Wanted name,weight or .*, saw 'name;weight'"),
        ("t.csv", "name,weight,weight\nAnn,1,2\n", "line 1: Wanted name,weight"),
        ("t.csv", "source,target,lable,weight\nAnn,Bo,x,1\n", "line 1: Wanted .*label.*, saw 'source,target,lable"),
        ("t.csv", "name,weight\nAnn\n", "line 2: wanted 2 cells"),
        ("t.csv", "name,weight\nAnn,0,5\n", "line 2: wanted 2 cells"),
        ("t.csv", 'name,weight\n"Ann,1\nBo,1\n', "line 3: unexpected end of data"),
        ("t.csv", "name,weight\n ,1\n", "line 2: the name must be a name, not ' '"),
        ("t.jsonl", '{"name": "Ann"}', "line 1: Wanted name,weight or .*, saw 'name'"),
        ("t.jsonl", '{"name": 7, "weight": 1}', "line 1: the name must be a name, not '7'"),
        ("t.jsonl", '{"source": "Ann", "target": "Bo", "label": [1], "weight": 1}', "line 1: the label must be a name"),
        ("t.jsonl", '{"name": "Ann", "weight": 1}\n{"name"', "line 2: it is not JSON"),
        ("t.jsonl", "[1]", r"line 1: '\[1\]' is not an object"),
        ("t.csv", "", "there are no targets in .*Wanted name,weight"),
        ("t.txt", "# nobody\n", "there are no targets in"),
        ("t.xlsx", "name", "wanted a file that ends in .csv, .tsv, .jsonl, .txt"),
        ("t.csv", "\0\1\2" * 50, "does not look|control characters"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_the_line_and_what_to_try(
    tmp_path: Path, people: Graph, name: str, text: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        read_targets(written(tmp_path, name, text), people)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, people: Graph) -> None:
    with pytest.raises(ValueError, match=r"cannot read the targets '.*t\.csv': No such file"):
        read_targets(tmp_path / "t.csv", people)


# ---- as said on the command line -----------------------------------------------------------------


def test_a_word_names_what_is_uncovered_so_many_times(make: Make, ids: Id) -> None:
    graph = make([("Ann", "Bo")])
    coverage = Coverage(graph)
    coverage.count({"entities": [(graph.entity_row(ids("Ann")),)]})
    assert weights(graph, targets_of("uncovered", graph, coverage)) == {"Bo": 1.0, "Ann-knows-Bo": 1.0}
    assert weights(graph, targets_of("uncovered:2", graph, coverage))["Ann"] == 1.0
    assert weights(graph, targets_of("uncovered", graph)) == {"Ann": 1.0, "Bo": 1.0, "Ann-knows-Bo": 1.0}


def test_other_words_name_files_of_targets_or_of_texts(tmp_path: Path, people: Graph) -> None:
    targets = written(tmp_path, "t.txt", "Ann\n")
    texts = written(tmp_path, "questions.txt", "Is Ann here?\r\nDid Ann meet Bo?\r\n")
    assert weights(people, targets_of(str(targets), people)) == {"Ann": 1.0}
    assert weights(people, targets_of(f"mentioned:{texts}", people)) == {"Ann": 2.0, "Bo": 1.0}
    assert weights(people, targets_of("query:Did ANN meet: Bo?", people)) == {"Ann": 1.0, "Bo": 1.0}
    with pytest.raises(ValueError, match="no name of an entity occurs in 'Zoe'"):
        targets_of("query:Zoe", people)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("uncovered:0", "must be 1 or more"),
        ("uncovered:many", "wanted 'uncovered', or 'uncovered:3'"),
        ("uncoverd", "ends in .csv, .tsv, .jsonl, .txt"),
        ("mentioned:nowhere.txt", "cannot read the texts 'nowhere.txt'"),
    ],
)
def test_a_wrong_word_is_refused(people: Graph, spec: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        targets_of(spec, people)
