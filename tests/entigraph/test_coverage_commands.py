"""simulate, plan, fit and what stats says of coverage: promised keys, agreement, pictures, stops, bad input."""

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program

pytestmark = pytest.mark.slow  # many runs of the program

PLAN = "target unit times texts tokens usd low high next_percent"
AMOUNT = {"texts", "tokens", "usd"}
ECHO = ("--model", "echo", "--checks", "none", "--no-pilot")


def promises(keys: str, value: dict[str, Any]) -> bool:
    return set(keys.split()) <= set(value)


# ---- plan ----------------------------------------------------------------------------------------


def test_a_plan_has_the_promised_keys(entigraph: "Program", corpus: str) -> None:
    found = entigraph("plan", corpus, "--target", 0.5, "--model", "echo", "--json").json
    assert promises(PLAN, found)
    assert (found["target"], found["unit"], found["times"], found["usd"]) == (0.5, "relations", 1, 0.0)
    assert all(set(found[name]) == AMOUNT for name in ("low", "high", "next_percent"))
    assert found["low"]["texts"] <= found["texts"] <= found["high"]["texts"]
    assert any("dry run" in line for line in found["says"])


def test_what_was_planned_is_covered_when_it_is_written(entigraph: "Program", corpus: str) -> None:
    planned = entigraph("plan", corpus, "--target", 1, "--unit", "entities", "--model", "echo", "--json").json
    entigraph("generate", corpus, *ECHO, "--sampler", "edges", "-n", planned["subgraphs"])
    assert entigraph("stats", corpus, "--json").json["coverage"]["entities"] == 1.0
    again = entigraph("plan", corpus, "--target", 1, "--unit", "entities", "--model", "echo", "--json").json
    assert (again["texts"], again["covered"]) == (0, 1.0)


def test_tokens_and_the_share_that_counts_are_those_of_the_texts_there_are(
    entigraph: "Program", corpus: str
) -> None:
    entigraph("generate", corpus, *ECHO, "--sampler", "edges", "-n", 6)
    found = entigraph("plan", corpus, "--target", 0.9, "--model", "echo", "--json").json
    assert any("the mean of 6 answers" in line for line in found["says"])
    assert any("6 of 6 texts were accepted" in line for line in found["says"])
    done = entigraph("generate", corpus, *ECHO, "--sampler", "edges", "-n", 6, "--json").json
    assert done["reused"] == 6


def test_samplers_are_compared_for_the_same_budget(entigraph: "Program", corpus: str) -> None:
    words = ("plan", corpus, "--max-texts", 3, "--sampler", "edges,triangles", "--model", "echo", "--json")
    found = entigraph(*words).json
    (other,) = found["others"]
    assert {found["sampler"], other["sampler"]} == {"edges", "triangles"}
    assert found["coverage"]["expected"] >= other["coverage"]["expected"] > 0


def test_a_plan_is_made_on_an_edge_list_and_on_a_random_graph(entigraph: "Program", home: Path) -> None:
    (home / "g.csv").write_text("source,target\na,b\nb,c\nc,a\nc,d\n")
    listed = entigraph("plan", "g.csv", "--target", 0.5, "--json").json
    assert (listed["texts"], listed["reachable"]) == (2, 1.0)
    drawn = entigraph("plan", "--er", "100,3", "--target", 0.5, "--json", "--seed", 2).json
    assert drawn["reachable"] == 1.0
    assert drawn["texts"] > 100


def test_prices_come_from_the_file_that_the_user_edits(entigraph: "Program", corpus: str, home: Path) -> None:
    words = ("plan", corpus, "--target", 0.5, "--model", "http://127.0.0.1:9/v1#m", "--json")
    unpriced = entigraph(*words)
    assert (unpriced.code, unpriced.json["usd"]) == (0, None)
    (home / "prices.toml").write_text('["http://127.0.0.1:9/v1#m"]\ninput = 2\noutput = 8\n')
    priced = entigraph(*words).json
    each = (priced["tokens_in"] * 2 + priced["tokens_out"] * 8) / 1e6
    assert priced["usd"] == pytest.approx(priced["texts"] * each, rel=1e-3)


def test_a_plan_says_the_same_for_people(entigraph: "Program", corpus: str) -> None:
    done = entigraph("plan", corpus, "--target", 0.5, "--model", "echo", "--times", 2)
    assert done.code == 0
    for words in ("this plan", "low (90% interval)", "the next 1 %", "each by 2 texts"):
        assert words in done.out
    assert "--wordings 2" in done.err


def test_a_plan_is_drawn(entigraph: "Program", corpus: str, home: Path) -> None:
    pytest.importorskip("matplotlib")
    done = entigraph("plan", corpus, "--target", 0.5, "--model", "echo", "--plot", "plan.svg", "--json")
    assert done.code == 0, done.err
    assert "edges, expected" in (home / "plan.svg").read_text("utf-8")


def test_a_plan_too_long_to_list_is_drawn_until_the_deadline(entigraph: "Program", home: Path) -> None:
    (home / "names.txt").write_text("".join(f"Name{i} Surname{i}\n" for i in range(120)))
    (home / "a.txt").write_text(
        ". ".join(f"Name{i} Surname{i} met Name{i + 1} Surname{i + 1}" for i in range(119))
    )
    assert entigraph("build", "a.txt", "-o", "c.kg", "--names", "names.txt").code == 0
    words = ("plan", "c.kg", "--sampler", "triples", "--unit", "entities", "--model", "echo", "--json")
    done = entigraph(*words, "--deadline", 1)
    assert done.code == 3, done.err
    assert done.json["stopped"] == "deadline"
    assert 0 < done.json["texts"] < 400
    assert "stopped by the deadline: fewer orders were drawn" in done.err


# ---- stats ---------------------------------------------------------------------------------------


def test_uncovered_relations_are_sent_to_generate_until_none_is_left(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    entigraph("generate", corpus, *ECHO, "--sampler", "edges", "-n", 2)
    before = entigraph("stats", corpus, "--json").json["coverage"]["relations"]
    assert 0 < before < 1
    plan = entigraph("stats", corpus, "--uncovered", 1000).out
    assert all(set(json.loads(line)) >= {"key", "entities", "relations", "ids"} for line in plan.splitlines())
    (home / "rest.jsonl").write_text(plan, encoding="utf-8")
    done = entigraph("generate", corpus, *ECHO, "--plan", "rest.jsonl", "--json").json
    assert done["done"] == len(plan.splitlines())
    assert entigraph("stats", corpus, "--json").json["coverage"]["relations"] == 1.0
    last = entigraph("stats", corpus, "--uncovered", 5)
    assert (last.out, last.said) == ("", ["every relation is covered"])
    assert len(entigraph("stats", corpus, "--uncovered", 5, "--times", 2).rows) == 5


def test_coverage_is_told_for_each_document(entigraph: "Program", corpus: str) -> None:
    entigraph("generate", corpus, *ECHO, "--sampler", "triangles", "-n", 1)
    found = entigraph("stats", corpus, "--documents", "--json").json["documents_covered"]
    assert {one["title"] for one in found} == {"The Tide Clock", "A Quarrel about Brass"}
    assert all(0 <= one["entities_covered"] <= one["entities"] for one in found)
    assert sum(one["entities_covered"] for one in found) >= 3
    assert "The Tide Clock" in entigraph("stats", corpus, "--documents").out


def test_a_corpus_without_relations_has_nothing_to_plan_and_a_report_all_the_same(
    entigraph: "Program", home: Path
) -> None:
    (home / "a.txt").write_text("Orla Finch sleeps.")
    (home / "names.txt").write_text("Orla Finch\n")
    assert entigraph("build", "a.txt", "-o", "c.kg", "--names", "names.txt").code == 0
    done = entigraph("plan", "c.kg", "--model", "echo")
    assert (done.code, done.out) == (2, "")
    assert "the graph has none: nothing can be covered" in done.err
    assert entigraph("stats", "c.kg", "--uncovered", 3).said == ["there are no relations to cover"]
    assert entigraph("report", "c.kg").code == 0


def test_a_report_is_one_page_that_runs_and_fetches_nothing(
    entigraph: "Program", corpus: str, home: Path
) -> None:
    (home / "names.txt").write_text("<script>alert(1)</script>\nOrla Finch\n")
    (home / "evil.txt").write_text("Orla Finch met <script>alert(1)</script> at sea. " * 3)
    entigraph("build", "evil.txt", "-o", corpus, "--names", "names.txt")
    entigraph("generate", corpus, *ECHO, "--sampler", "edges", "-n", 5)
    done = entigraph("report", corpus, "-o", "page.html")
    assert done.code == 0, done.err
    page = (home / "page.html").read_text("utf-8")
    for words in ("The graph", "Coverage", "By document", "Cost and yield", "The Tide Clock", "echo"):
        assert words in page
    for words in ("Diversity", "Vendi", "Texts beside their sources", "THE TIDE CLOCK"):
        assert words in page
    assert "<script" not in page
    assert "src=" not in page
    assert entigraph("report", corpus, "-o", "none/page.html").code == 2


def test_a_report_shows_what_was_rejected_and_why(entigraph: "Program", corpus: str, home: Path) -> None:
    words = ("generate", corpus, "--model", "echo", "--sampler", "edges", "-n", 3, "--no-pilot", "--json")
    rejected = entigraph(*words, "--checks", "copying").json["rejected"]
    assert rejected == {"copying": 3}
    assert entigraph("judge", corpus, "--model", "echo").code == 1
    entigraph(*words, "--checks", "none", "--strategy", "lesson")
    assert entigraph("judge", corpus, "--model", "echo").code == 0
    assert entigraph("report", corpus, "-o", "page.html").code == 0
    page = (home / "page.html").read_text("utf-8")
    for part in ("Rejected", "copying: ", "are copied from the prompt", "Judgements", "Texts beside"):
        assert part in page


# ---- simulate ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["stepwise", "event", "branching", "fluid"])
def test_every_method_comes_near_the_exact_curve(entigraph: "Program", method: str) -> None:
    words = ("simulate", "--er", "200,3", "--seed", 4, "--t", "1000,20000", "--json")
    exact = entigraph(*words).json["coverage"]
    found = entigraph(*words, "--method", method).json
    assert found["method"] == method
    for there, here in zip(exact, found["coverage"], strict=True):
        assert here == pytest.approx(there, rel=0.3)


def test_a_simulation_is_drawn(entigraph: "Program", home: Path) -> None:
    pytest.importorskip("matplotlib")
    done = entigraph("simulate", "--er", "50,3", "--sd", "--plot", "curve.png")
    assert done.code == 0, done.err
    assert (home / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert "sd of a run" in done.out


def test_few_sources_are_said_to_be_few(entigraph: "Program") -> None:
    words = ("simulate", "--er", "300,3", "--t", "1e4", "--sources")
    assert "from 20 of 300 sources" in entigraph(*words, 20).err
    assert "sources:" not in entigraph(*words, 250).err
    assert "sources:" not in entigraph("simulate", "--er", "100,3", "--t", "1e4").err


def test_a_deadline_ends_a_simulation_with_what_is_known(entigraph: "Program") -> None:
    done = entigraph("simulate", "--er", "100000,4", "--t", "1e6", "--threads", 1, "--deadline", 6, "--json")
    assert done.code == 3, done.err
    assert done.json["stopped"] == "deadline"
    assert 0 < done.json["sources"] < 100000
    assert done.json["se"][0] > 0
    assert "stopped by the deadline after" in done.err


@pytest.mark.slow
@pytest.mark.parametrize("method", ["exact", "event"])
def test_ctrl_c_ends_a_simulation_with_what_is_known(
    program: list[str], env: dict[str, str], home: Path, method: str
) -> None:
    words = ["simulate", "--er", "300000,5", "--t", "1e6", "--method", method, "--json"]
    running = subprocess.Popen(
        [*program, *words], env=env, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(20)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=120)
    assert running.returncode == 3, err
    found = json.loads(out)
    assert found["stopped"] == "interrupt"
    assert 0 < found["sources"] < 300000


@pytest.mark.slow
def test_ctrl_c_ends_long_runs_at_once(program: list[str], env: dict[str, str], home: Path) -> None:
    words = ["simulate", "--er", "3000,5", "--t", "1e9", "--method", "stepwise"]
    running = subprocess.Popen([*program, *words], env=env, cwd=home, stderr=subprocess.PIPE, text=True)
    time.sleep(20)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)  # a run takes minutes
    assert running.returncode == 1
    assert "stopped before the first run was done" in err


# ---- fit -----------------------------------------------------------------------------------------


def test_points_that_fall_are_fitted_and_said_to_fall(entigraph: "Program", home: Path) -> None:
    (home / "down.csv").write_text("x,y\n" + "".join(f"{x},{12 - x}\n" for x in range(1, 9)), "utf-8")
    done = entigraph("fit", "down.csv")
    assert done.code == 0
    assert "y falls, from 11 to 4" in done.err


def test_small_numbers_are_shown(entigraph: "Program") -> None:
    done = entigraph("simulate", "--er", "3000,2", "--sources", 300, "--t", "1,1e5")
    shown = [float(value) for line in done.out.splitlines()[3:] for value in line.split()[1:]]
    assert len(shown) == 4
    assert all(value > 0 for value in shown)


def test_lambda_is_the_one_that_was_given(entigraph: "Program") -> None:
    for method in ("exact", "fluid"):
        done = entigraph("simulate", "--er", "100,0.8", "--method", method, "--t", "1,1000")
        assert "lambda is 0.8: up to 1 no large part is joined" in done.out


def test_a_fit_finds_the_curve_its_points_lie_on(entigraph: "Program", home: Path) -> None:
    rows = "".join(f"{x},{40 + 10 * (1 - 0.9**x)}\n" for x in range(1, 20))
    (home / "p.csv").write_text("x,y\n" + rows)
    found = entigraph("fit", "p.csv", "--at", "19,30", "--json").json
    assert promises("best models at", found)
    assert found["models"][found["best"]]["params"]["plateau"] == pytest.approx(50, abs=0.1)
    assert all(promises("params rmse aic points interval", one) for one in found["models"].values())
    last, beyond = found["at"]
    assert last["low"] <= 40 + 10 * (1 - 0.9**19) <= last["high"]
    assert beyond["low"] <= beyond["y"] <= beyond["high"]
    told = entigraph("fit", "p.csv")
    assert "where no point can check it" in told.out


# ---- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("plan", 2, "either CORPUS or --er V,LAMBDA"),
        ("plan C --er 10,2", 2, "either CORPUS or --er V,LAMBDA"),
        ("plan C --target 0", 2, "a share above 0 and up to 1"),
        ("plan C --target 1.2", 2, "a share above 0 and up to 1"),
        ("plan C --target nan", 2, "a share above 0 and up to 1"),
        ("plan C --unit edges", 2, "no unit 'edges'"),
        ("plan C --target 0.5 --max-texts 3", 2, "give one of them"),
        ("plan C --sampler edgse", 2, "no sampler 'edgse'"),
        ("plan C --strategy relat", 2, "no strategy 'relat'"),
        ("plan C --model nothing:here", 2, "nothing:here"),
        ("plan C --level 2", 2, "between 0 and 1"),
        ("plan C --sampler entities --unit relations --model echo", 2, "'entities' reaches 0.0%"),
        ("plan C --budget-usd 3 --model http://127.0.0.1:9/v1#m", 2, "price of this model"),
        ("plan C --plot p.gif", 2, "ends in .svg, .png or .html"),
        ("plan none.kg", 1, "none.kg"),
        ("plan lonely.csv --model echo", 2, "1 of 1 are in no item of it, as they join an entity to itself"),
        ("plan nodes.graphml --model echo", 2, "the graph has none: nothing can be covered"),
        ("plan empty.csv", 1, "there is nothing in it"),
        ("plan column.csv", 1, "saw 1 column"),
        ("plan negative.csv", 1, "the weight '-1' is not a number of 0 or more"),
        ("plan nan.csv", 1, "the weight 'nan' is not a number of 0 or more"),
        ("plan --er 1e9,3", 2, "at most 1,000,000 relations"),
        ("simulate --er 1e9,3", 2, "does not fit into memory"),
        ("simulate --er 1e400,3", 2, "V must be a whole number"),
        ("simulate --er 10.5,3", 2, "V must be a whole number"),
        ("simulate --er 0,0", 2, "V must be a whole number of 1 or more"),
        ("simulate --er 100,0", 2, "LAMBDA must be above 0"),
        ("simulate --er 100,-3", 2, "LAMBDA must be above 0"),
        ("simulate --er 100,nan", 2, "LAMBDA must be above 0"),
        ("simulate --er 100,101", 2, "at most V"),
        ("simulate --er 100,3 --t nan", 2, "0 or more and finite"),
        ("simulate --er 100,3 --t -5", 2, "0 or more and finite"),
        ("simulate --er 100,3 --t x", 2, "--t wants numbers"),
        ("simulate --er 100,3 --link-rule stra", 2, "no link rule 'stra'"),
        ("simulate --er 100,3 --method fluid --sd", 2, "leave out sd"),
        ("simulate --er 100,3 --method event --tie-rule uniform", 2, "Use tie_rule='fifo'"),
        ("simulate --er 100,3 --sources 101", 2, "from 1 to V=100"),
        ("simulate --er 100,3 --deadline soon", 2, "a deadline is a number of seconds"),
        ("simulate empty.csv", 1, "there is nothing in it"),
        ("simulate column.csv", 1, "saw 1 column"),
        ("fit none.csv", 2, "cannot read the points"),
        ("fit empty.csv", 2, "there is nothing in it"),
        ("fit column.csv", 2, "saw one column"),
        ("fit two.csv --model three_terms", 2, "three_terms has 7 parameters, saw 2 points"),
        ("fit down.csv", 2, "x must increase from point to point, saw 2.0 and then 1.0"),
        ("fit nans.csv", 2, "y must be 0 or more and finite, saw nan"),
        ("fit weights.csv", 2, "'weights.csv': a weight must be positive and finite, saw -1.0 at point 2"),
        ("fit two.csv --at x", 2, "--at wants numbers"),
        ("fit two.csv --ceiling 1", 2, "the ceiling must be finite and above every y"),
        ("stats C --uncovered 3 --documents", 2, "leave --documents out"),
    ],
)
def test_bad_input_is_one_line_that_says_what_to_do(
    entigraph: "Program", corpus: str, home: Path, words: str, code: int, message: str
) -> None:
    for name, text in FILES.items():
        (home / name).write_text(text)
    done = entigraph(*(corpus if word == "C" else word for word in words.split()))
    assert done.code == code, done.err
    assert done.out == ""
    assert message in done.said[-1]
    assert len(done.said) == 1


FILES = {
    "empty.csv": "",
    "column.csv": "a\nb\n",
    "lonely.csv": "source,target\na,a\n",
    "negative.csv": "source,target,label,weight\na,b,knows,-1\n",
    "nan.csv": "source,target,label,weight\na,b,knows,nan\n",
    "nodes.graphml": '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed">'
    '<node id="a"/><node id="b"/></graph></graphml>',
    "two.csv": "x,y\n1,2\n2,3\n",
    "down.csv": "x,y\n2,2\n1,3\n",
    "nans.csv": "x,y\n1,2\n2,nan\n",
    "weights.csv": "x,y,weight\n1,2,1\n2,3,-1\n",
}


def test_a_graph_without_relations_is_simulated_and_said_to_teach_nothing(
    entigraph: "Program", home: Path
) -> None:
    (home / "lonely.csv").write_text("source,target\na,a\nb,b\n")
    done = entigraph("simulate", "lonely.csv", "--t", "100")
    assert done.code == 0
    assert "no relations between different entities" in done.err
    assert "0 of 2 ordered pairs can be reached" in done.out
