"""What comes out of a corpus (exports, reports, pages) does not go over it."""

from typing import TYPE_CHECKING

import pytest

from tests.entigraph.conftest import says

if TYPE_CHECKING:
    from tests.entigraph.conftest import Program

pytestmark = pytest.mark.slow

ECHO = ("--model", "echo", "--checks", "none")


@pytest.mark.parametrize(
    ("command", "own"),
    [
        ("export", "journal/calls.jsonl"),
        ("export", "graph.sqlite"),
        ("export", "graph.sqlite-wal"),
        ("export", "writer.lock"),
        ("report", "journal/calls.jsonl"),
        ("show", "runs/x.html"),
    ],
)
def test_a_corpus_is_not_written_over_by_what_comes_out_of_it(
    entigraph: "Program", corpus: str, command: str, own: str
) -> None:
    assert entigraph("generate", corpus, *ECHO, "-n", 2).code == 0
    says(entigraph(command, corpus, "-o", f"{corpus}/{own}"), 2, "keeps its own data there", own)
    assert entigraph("runs", "verify", corpus).code == 0
    assert entigraph("export", corpus, "-o", f"{corpus}/texts.jsonl").code == 0


def test_a_page_wants_a_file(entigraph: "Program", corpus: str) -> None:
    says(entigraph("report", corpus, "-o", "."), 2, "is a folder; name a file in it")
