"""Judging: a scripted judge (it says so) whose preferences are known, against a real store and journal."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from analysis.judgements import pair_table, score_table, to_json
from kg.model import Record
from kg.store import Store
from lm import FREE, Completion, Journal, Request, Session, connect
from lm.base import TokenCallback
from sampling import coverage_of_records, sampler
from synthesis.base import Parameters, PromptError
from synthesis.context import ContextBuilder
from synthesis.exports import export
from synthesis.judge import Judge, JudgeReport, judged_texts, pairs_by, read_back
from synthesis.planning import Wanted, items
from synthesis.rubric import USUAL, Rubric, read_rubric
from synthesis.run import Run
from synthesis.strategies import strategy

Answer = Callable[[Request], str]


class Scripted:
    """A fake judge: it answers what `say` makes of a request."""

    name, remote, price = "judge", False, FREE

    def __init__(self, say: Answer) -> None:
        self.say, self.asked = say, list[Request]()

    async def complete(self, request: Request, on_token: TokenCallback | None = None) -> Completion:
        self.asked.append(request)
        return Completion(self.say(request), "stop", 50, 20, 0.0, self.name, 0.0)

    def count_tokens(self, text: str) -> int:
        return len(text) // 4

    async def check(self) -> None: ...

    async def aclose(self) -> None: ...


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal") as opened:
        yield opened


@pytest.fixture
def written(store: Store, journal: Journal) -> list[Record]:
    """Five subgraphs, each written about by two strategies, by the echo model."""
    echo, graph = connect("echo"), store.graph()
    strategies = [strategy("relate"), strategy("lesson")]
    about = list(zip(sampler("edges").sample(graph, np.random.default_rng(1)), range(5), strict=False))
    wanted = Wanted(strategies, Parameters("echo"))
    with Session(echo, journal=journal, run="write") as session:
        run = Run(store, session, strategies, ContextBuilder(store), [], run="write")
        run.write(items(store, graph, [item for item, _ in about], wanted))
    return judged_texts(store)


@pytest.fixture
def rubric() -> Rubric:
    return read_rubric()


def ask(store: Store, journal: Journal, judge: Judge, model: Scripted, questions: object) -> JudgeReport:
    with Session(model, journal=journal, purpose="judge", run="j", retries=0) as session:
        return judge.ask(questions, session, run="j")  # type: ignore[arg-type]


def scored(value: int, rubric: Rubric) -> str:
    return json.dumps({**dict.fromkeys(rubric.criteria, value), "reason": "It is so."})


def test_every_text_gets_a_score_for_each_criterion(
    store: Store, journal: Journal, written: list[Record], rubric: Rubric
) -> None:
    model = Scripted(lambda request: scored(4, rubric))
    judge = Judge(store, rubric, model.name)
    report = ask(store, journal, judge, model, judge.scores(written))
    assert (report.planned, report.judged, report.failed) == (10, 10, 0)
    table = score_table(report.records, {one.id: one for one in written}, "strategy", list(rubric.criteria))
    assert table.texts == 10
    assert {name: found.value for name, found in table.means.items()} == dict.fromkeys(rubric.criteria, 4.0)
    assert set(table.by) == {"relate", "lesson"}
    assert to_json(table)["agreement"]["faithful"]["value"] is None


def test_the_judge_sees_the_passages_the_text_and_the_criteria(
    store: Store, journal: Journal, written: list[Record], rubric: Rubric
) -> None:
    judge = Judge(store, rubric, "judge")
    for text, question in zip(written, judge.scores(written), strict=True):
        prompt = judge.request(question).messages[-1].content
        assert text.text in prompt
        assert rubric.listed in prompt
        assert '"The Harbour Book"' in prompt or '"A Letter to the Pilots"' in prompt


def test_judgements_are_records_that_cover_nothing_and_are_not_exported(
    store: Store, journal: Journal, written: list[Record], rubric: Rubric, tmp_path: Path
) -> None:
    before = coverage_of_records(store).covered("relations")
    model = Scripted(lambda request: scored(5, rubric))
    judge = Judge(store, rubric, model.name)
    ask(store, journal, judge, model, judge.scores(written))
    kept = [record for record in store.read(Record) if record.status == "judgement"]
    assert len(kept) == 10
    assert {record.parent for record in kept} == {text.id for text in written}
    assert all(record.call in journal for record in kept)
    assert coverage_of_records(store).covered("relations") == before
    assert judged_texts(store) == written
    assert export(store, tmp_path / "out.jsonl").texts <= 10


def test_what_was_judged_is_not_asked_for_again_another_rubric_is(
    store: Store, journal: Journal, written: list[Record], rubric: Rubric, tmp_path: Path
) -> None:
    model = Scripted(lambda request: scored(3, rubric))
    judge = Judge(store, rubric, model.name)
    ask(store, journal, judge, model, judge.scores(written))
    asked = len(model.asked)
    again = ask(store, journal, judge, model, judge.scores(written))
    assert (again.reused, again.judged, len(model.asked)) == (10, 10, asked)
    (tmp_path / "other.txt").write_text(USUAL.read_text("utf-8").replace("1-5", "1-7"), encoding="utf-8")
    other = Judge(store, read_rubric(tmp_path / "other.txt"), model.name)
    ask(store, journal, other, model, other.scores(written))
    assert len(model.asked) == 2 * asked


def test_votes_that_agree_have_a_kappa_of_one_and_those_that_do_not_have_less(
    store: Store, journal: Journal, written: list[Record], rubric: Rubric
) -> None:
    def by_text(request: Request) -> str:
        return scored(1 + sum(map(ord, request.messages[-1].content)) % 5, rubric)

    def by_vote(request: Request) -> str:
        return scored(
            1 + (sum(map(ord, request.messages[-1].content)) * (request.sample + 1) // 7) % 5, rubric
        )

    kappas = []
    texts = {one.id: one for one in written}
    for name, say in (("same", by_text), ("other", by_vote)):
        model = Scripted(say)
        model.name = name
        judge = Judge(store, rubric, name, votes=3)
        report = ask(store, journal, judge, model, judge.scores(written))
        assert report.judged == 30
        table = score_table(report.records, texts, "strategy", list(rubric.criteria))
        assert table.votes == 3
        kappas.append(table.agreement["faithful"].value)
    assert kappas[0] == pytest.approx(1)
    assert kappas[1] < 0.9


def test_pairs_are_texts_about_one_subgraph_of_different_strategies(written: list[Record]) -> None:
    pairs = pairs_by(written, "strategy")
    assert len(pairs) == 5
    for one, other in pairs:
        assert one.subgraph.key == other.subgraph.key
        assert {one.strategy, other.strategy} == {"relate", "lesson"}
    assert pairs_by(written, "model") == []


def test_a_judge_that_means_it_agrees_with_itself_in_both_orders(
    store: Store, journal: Journal, written: list[Record], rubric: Rubric
) -> None:
    def longest(request: Request) -> str:
        first, second = request.messages[-1].content.partition("### Text 1\n")[2].split("### Text 2\n")
        words = first.strip(), second.partition("### Task")[0].strip()
        better = "tie" if words[0] == words[1] else str(1 + (words[1] > words[0]))
        return json.dumps({"better": better, "reason": "So."})

    model = Scripted(longest)
    judge = Judge(store, rubric, model.name)
    report = ask(store, journal, judge, model, judge.comparisons(pairs_by(written, "strategy")))
    assert report.judged == 10
    texts = {one.id: one for one in written}
    table = pair_table(report.records, texts, "strategy")
    assert (table.pairs, table.flipped) == (5, 0)
    wins = dict.fromkeys(("relate", "lesson"), 0.0)
    for one, other in pairs_by(written, "strategy"):
        wins[one.strategy] += 0.5 if one.text == other.text else float(one.text > other.text)
        wins[other.strategy] += 0.5 if one.text == other.text else float(other.text > one.text)
    assert {name: found.value * 5 for name, found in table.wins.items()} == pytest.approx(wins)


def test_a_judge_that_takes_what_stands_first_is_found_out(
    store: Store, journal: Journal, written: list[Record], rubric: Rubric
) -> None:
    model = Scripted(lambda request: '{"better": "1", "reason": "It came first."}')
    judge = Judge(store, rubric, model.name)
    report = ask(store, journal, judge, model, judge.comparisons(pairs_by(written, "strategy")))
    table = pair_table(report.records, {one.id: one for one in written}, "strategy")
    assert (table.flipped, table.first.value) == (5, 1.0)
    assert {name: found.value for name, found in table.wins.items()} == {"relate": 0.5, "lesson": 0.5}
    assert read_back(report.records[0])["reason"] == "It came first."


@pytest.mark.parametrize("bad", [1, 2, 3])
def test_answers_that_cannot_be_read_are_asked_for_again_twice(
    bad: int, store: Store, journal: Journal, written: list[Record], rubric: Rubric
) -> None:
    model = Scripted(lambda _: scored(2, rubric) if len(model.asked) > bad else "I would rather not say.")
    judge = Judge(store, rubric, model.name)
    report = ask(store, journal, judge, model, judge.scores(written[:1]))
    assert (report.judged, report.failed) == ((1, 0) if bad < 3 else (0, 1))
    assert len(model.asked) == min(bad + 1, 3)
    assert len({request.key for request in model.asked}) == len(model.asked)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("[criteria]\n", "1 to 20 criteria"),
        ("[settings]\nscale = 1-5", "1 to 20 criteria"),
        ("[settings]\nscale = 5-1\n[criteria]\na = b", "saw '5-1'"),
        ("[settings]\nscale = good\n[criteria]\na = b", "saw 'good'"),
        ("[settings]\nscael = 1-5\n[criteria]\na = b", "scael.*scale"),
        ("[criterion]\na = b", "criterion.*criteria"),
        ("[criteria]\nclear: It is clear.", "wanted lines like"),
        ("[criteria]\na = b\na = c", "twice"),
        ("[criteria]\nreason = b", "wanted lines like"),
    ],
)
def test_a_wrong_rubric_is_refused_by_name(words: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text(words, encoding="utf-8")
    with pytest.raises(PromptError, match=message) as raised:
        read_rubric(tmp_path / "mine.txt")
    assert "mine.txt" in str(raised.value)
    with pytest.raises(PromptError, match="cannot read"):
        read_rubric(tmp_path / "nowhere.txt")
