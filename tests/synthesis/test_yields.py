"""The yield of a strategy, a sampler and a document, on records few enough to count by hand."""

from typing import Any

from kg.model import Check, Record, Status, Subgraph
from synthesis.yields import Yield, yields


def record(number: int, status: Status = "accepted", *failed: str, **fields: Any) -> Record:
    values: dict[str, Any] = {
        **{
            "item": "i",
            "kind": "text",
            "title": "T",
            "text": "words",
            "language": "en",
            "strategy": "relate",
        },
        **{"version": "1", "model": "echo", "subgraph": Subgraph.make(["e"]), "asked": (), "relations": ()},
        **{"documents": ("book",), "chunks": (), "call": "c", "run": "r", "sampler": "pairs"},
    }
    checks = tuple(Check(name, "failed", "why") for name in failed)
    return Record(
        id=str(number), status=status, checks=(*checks, Check("finish", "passed")), **values | fields
    )


def row(rows: list[Yield], group: str, name: str) -> Yield:
    (found,) = (one for one in rows if (one.group, one.name) == (group, name))
    return found


def test_texts_are_counted_by_what_became_of_them() -> None:
    rows = yields(
        [record(1), record(2, "edited"), record(3, "rejected", "numbers"), record(4, "stale"), record(5)]
    )
    relate = row(rows, "strategy", "relate")
    assert (relate.texts, relate.accepted, relate.rejected, relate.stale) == (5, 3, 1, 1)
    assert relate.share == 0.8


def test_a_text_that_failed_two_checks_counts_for_both_reasons_and_as_one_text() -> None:
    rows = yields([record(1, "rejected", "numbers", "names"), record(2, "rejected", "names")])
    relate = row(rows, "strategy", "relate")
    assert (relate.rejected, dict(relate.reasons)) == (2, {"numbers": 1, "names": 2})
    assert list(relate.to_json()["reasons"]) == ["names", "numbers"]


def test_a_text_that_rests_on_two_documents_counts_for_both() -> None:
    rows = yields(
        [record(1, documents=("book", "letter")), record(2, "rejected", "finish", documents=("letter",))]
    )
    assert row(rows, "document", "book").share == 1.0
    assert row(rows, "document", "letter").share == 0.5


def test_a_text_of_a_plan_without_a_sampler_is_in_no_row_of_samplers() -> None:
    assert [one.group for one in yields([record(1, sampler="", documents=())])] == ["strategy"]


def test_judgements_are_no_texts() -> None:
    assert yields([record(1, "judgement")]) == []


def test_the_rows_come_by_group_and_those_with_the_most_texts_first() -> None:
    rows = yields([record(1, strategy="a"), record(2, strategy="b"), record(3, strategy="b")])
    assert [(one.group, one.name) for one in rows] == [
        *(("strategy", "b"), ("strategy", "a"), ("sampler", "pairs"), ("document", "book")),
    ]


def test_nothing_yields_no_rows() -> None:
    assert yields(iter(())) == []
    assert Yield("strategy", "none").share is None
