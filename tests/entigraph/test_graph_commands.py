"""What the commands about the graph promise: keys, sums and exit codes."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.entigraph.promised import BUILD, ECHO, ENTITIES, SAMPLE, SIMULATE, STATS, promises

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program


@pytest.mark.slow
def test_a_build_reports_what_it_promises_and_a_second_one_reads_nothing(
    entigraph: "Program", documents: Path
) -> None:
    words = ("build", documents / "docs", "-o", "c.kg", "--names", documents / "names.txt", "--json")
    first, second = entigraph(*words), entigraph(*words)
    assert (first.code, second.code) == (0, 0)
    assert promises(BUILD, first.json)
    counted = {name: first.json[name] for name in ("documents", "entities", "mentions", "skipped", "stopped")}
    assert counted == {"documents": 2, "entities": 8, "mentions": 20, "skipped": [], "stopped": None}
    assert (first.json["new"], second.json["new"], second.json["unchanged"]) == (2, 0, 2)
    assert second.json["relations"] == first.json["relations"] > 0


def test_documents_come_from_standard_input_too(entigraph: "Program", documents: Path) -> None:
    names = documents / "names.txt"
    done = entigraph(
        "build", "-", "-o", "c.kg", "--names", names, "--json", stdin="Orla Finch saw Bram Keel."
    )
    assert (done.code, done.json["documents"], done.json["entities"]) == (0, 1, 2)


def test_a_dry_build_writes_nothing(entigraph: "Program", documents: Path, home: Path) -> None:
    done = entigraph(
        "build", documents / "docs", "-o", "c.kg", "--names", documents / "names.txt", "--dry-run"
    )
    assert done.code == 0
    assert "2 documents would be read" in done.out
    assert not (home / "c.kg").exists()


@pytest.mark.slow
def test_stats_count_the_corpus_and_its_coverage(entigraph: "Program", corpus: str) -> None:
    before = entigraph("stats", corpus, "--json").json
    entigraph("generate", corpus, *ECHO, "--sampler", "triangles", "-n", 1)
    after = entigraph("stats", corpus, "--json").json
    assert promises(STATS, before)
    assert promises("entities relations triangles", before["coverage"])
    assert (before["documents"], before["entities"], before["texts"]) == (2, 8, 0)
    assert set(before["coverage"].values()) == {0.0}
    assert after["texts"] == 1
    assert after["coverage"]["entities"] == pytest.approx(3 / 8)
    assert after["coverage"]["triangles"] == pytest.approx(1 / before["triangles"], abs=1e-6)


@pytest.mark.slow
def test_a_bare_edge_list_is_a_graph_for_stats_sample_and_simulate(entigraph: "Program", home: Path) -> None:
    (home / "g.csv").write_text("source,target\na,b\nb,c\nc,a\nc,d\n")
    stats = entigraph("stats", "g.csv", "--json").json
    assert promises(STATS, stats)
    assert (stats["entities"], stats["relations"], stats["triangles"], stats["components"]) == (4, 4, 1, 1)
    (row,) = entigraph("sample", "g.csv", "--sampler", "triangles", "--json").rows
    assert promises(SAMPLE, row)
    assert sorted(row["entities"]) == ["a", "b", "c"]
    curve = entigraph("simulate", "g.csv", "--t", "1,1000000", "--json").json
    assert promises(SIMULATE, curve)
    assert (curve["vertices"], curve["edges"], curve["reachable_pairs"]) == (4, 4, 9)
    assert curve["coverage"][1] == pytest.approx(9 / 12)


@pytest.mark.slow
def test_graphml_is_read_as_it_is_exported(entigraph: "Program", corpus: str) -> None:
    assert entigraph("export", corpus, "-o", "g.graphml", "--format", "graphml").code == 0
    there, again = entigraph("stats", corpus, "--json").json, entigraph("stats", "g.graphml", "--json").json
    assert {k: there[k] for k in ("entities", "relations", "triangles")} == {
        k: again[k] for k in ("entities", "relations", "triangles")
    }


@pytest.mark.slow
def test_a_random_graph_is_simulated_by_the_process_itself(entigraph: "Program") -> None:
    words = ("simulate", "--er", "30,2", "--seed", 1, "--t", "1,50", "--json")
    exact, run = entigraph(*words).json, entigraph(*words, "--method", "stepwise", "--replicates", 40).json
    assert promises(SIMULATE, run)
    assert (exact["method"], run["method"]) == ("exact", "stepwise")
    assert abs(run["coverage"][1] - exact["coverage"][1]) < 5 * run["se"][1]


@pytest.mark.slow
def test_entities_are_merged_split_and_the_word_is_taken_back(entigraph: "Program", corpus: str) -> None:
    rows = entigraph("entities", "list", corpus, "--json").rows
    assert len(rows) == 8
    assert all(promises(ENTITIES, row) for row in rows)
    assert entigraph("entities", "merge", corpus, "Keeper Dow", "Bram Keel", "--json").code == 0
    merged = entigraph("entities", "list", corpus, "--search", "Keel", "--json").rows
    assert [(row["name"], "Bram Keel" in row["aliases"]) for row in merged] == [("Keeper Dow", True)]
    assert entigraph("entities", "split", corpus, "Keeper Dow", "Bram Keel").code == 0
    assert len(entigraph("entities", "list", corpus, "--json").rows) == 8
    assert [entigraph("entities", "undo", corpus).code for _ in range(2)] == [0, 0]
    assert entigraph("entities", "list", corpus, "--json").rows == rows
    nothing_left = entigraph("entities", "undo", corpus)
    assert nothing_left.code == 2
    assert len(nothing_left.said) == 1


@pytest.mark.slow
def test_texts_that_rest_on_a_removed_document_become_stale(entigraph: "Program", corpus: str) -> None:
    infos = entigraph("documents", "list", corpus, "--json").rows
    assert [info["title"] for info in infos] == ["The Tide Clock", "A Quarrel about Brass"]
    entigraph("generate", corpus, *ECHO, "--entity", "Keeper Dow")
    assert entigraph("export", corpus, "-o", "t.jsonl", "--json").json["texts"] == 1
    removed = entigraph("documents", "remove", corpus, "A Quarrel about Brass", "--json")
    assert (removed.json["removed"], removed.json["documents"]) == (1, 1)
    assert entigraph("stats", corpus, "--json").json["stale"] == 1
    left = entigraph("export", corpus, "-o", "t.jsonl", "--json")
    assert (left.code, left.json["texts"], left.json["left_out"]) == (3, 0, {"stale": 1})


@pytest.mark.slow
def test_a_page_of_the_graph_opens_without_a_network(entigraph: "Program", corpus: str, home: Path) -> None:
    pytest.importorskip("pyvis")
    done = entigraph("show", corpus, "-o", "page.html", "--around", "Keeper Dow")
    assert (done.code, done.out) == (0, "page.html\n")
    page = (home / "page.html").read_text("utf-8")
    assert "Keeper Dow" in page
    assert 'src="http' not in page
