"""`entigraph texts`: list, show, accept, reject, edit."""

from pathlib import Path

import pytest

from tests.entigraph.conftest import Program, says

pytestmark = pytest.mark.slow


def written(entigraph: Program, corpus: str, n: int = 3) -> list[str]:
    """The ids of some texts, the newest first."""
    made = entigraph("generate", corpus, "--model", "echo", "--checks", "none", "-n", n)
    assert made.code == 0, made.err
    return [row["id"] for row in entigraph("texts", "list", corpus, "--json").rows]


def status(entigraph: Program, corpus: str) -> dict[str, str]:
    return {row["id"]: row["status"] for row in entigraph("texts", "list", corpus, "--json").rows}


def test_texts_are_listed_the_newest_first_and_chosen(entigraph: Program, corpus: str) -> None:
    ids = written(entigraph, corpus)
    rows = entigraph("texts", "list", corpus, "--json").rows
    assert [row["place"] for row in rows] == [3, 2, 1]
    about = rows[0]["names"]
    chosen = entigraph("texts", "list", corpus, "--json", "--entity", about[0], "--entity", about[1]).rows
    assert ids[0] in [row["id"] for row in chosen]
    assert all(set(about[:2]) <= set(row["names"]) for row in chosen)
    assert len(entigraph("texts", "list", corpus, "--json", "--top", 1).rows) == 1
    assert entigraph("texts", "list", corpus, "--json", "--search", "NO SUCH WORDS").rows == []
    assert entigraph("texts", "list", corpus, "--json", "--status", "rejected").rows == []


def test_a_text_is_shown_with_its_prompt_and_sources(entigraph: Program, corpus: str) -> None:
    id = written(entigraph, corpus)[0]
    found = entigraph("texts", "show", corpus, id[:8], "--json").json
    assert found["id"] == id
    assert found["prompt"][-1]["role"] == "user"
    assert any("Saltmere" in source["text"] for source in found["sources"])
    assert found["text"] in entigraph("texts", "show", corpus, id).out


def test_a_reader_rejects_and_accepts(entigraph: Program, corpus: str) -> None:
    id = written(entigraph, corpus)[0]
    assert entigraph("texts", "reject", corpus, id, "--reason", "too plain", "--json").json == {
        "text": id,
        "status": "rejected",
        "reasons": ["reader"],
    }
    assert status(entigraph, corpus)[id] == "rejected"
    assert "1 reader" in entigraph("texts", "list", corpus).err
    assert entigraph("texts", "accept", corpus, id).code == 0
    assert status(entigraph, corpus)[id] == "accepted"


def test_an_edit_from_a_file_or_from_stdin_counts_instead(
    entigraph: Program, corpus: str, home: Path
) -> None:
    id = written(entigraph, corpus)[0]
    (home / "better.txt").write_text("Orla Finch wound the tide clock of Saltmere.\n", encoding="utf-8")
    first = entigraph("texts", "edit", corpus, id, "better.txt", "--json").json
    assert first["status"] == "edited"
    second = entigraph("texts", "edit", corpus, first["text"], "-", stdin="Bram Keel did.", cwd=home)
    assert second.code == 0, second.err
    seen = status(entigraph, corpus)
    assert [seen[one] for one in (id, first["text"])] == ["rejected", "rejected"]
    assert sorted(seen.values()) == ["accepted", "accepted", "edited", "rejected", "rejected"]


def test_what_cannot_be_is_said_in_a_line(entigraph: Program, corpus: str) -> None:
    id = written(entigraph, corpus)[0]
    says(entigraph("texts", "show", corpus, "f" * 32), 1, "no text of this corpus")
    says(entigraph("texts", "accept", corpus, id[:2]), 2, "first four digits")
    says(entigraph("texts", "reject", corpus, id, "--reason", " "), 2, "for a reason")
    says(entigraph("texts", "edit", corpus, id, "gone.txt"), 1, "gone.txt")
    says(entigraph("texts", "edit", corpus, id, "-"), 2, "edit of nothing")
    says(entigraph("texts", "list", corpus, "--status", "acepted"), 2, "accepted")
