"""Texts over HTTP: lists, one with everything about it, verdicts and edits."""

from typing import Any

import pytest

from entigraph import places
from kg.model import Record
from tests.web.conftest import Serve, Studio
from tests.web.writing import write


def words_of(sentences: Any) -> str:
    return "".join(piece["text"] for sentence in sentences for piece in sentence["pieces"])


def test_texts_come_the_newest_first_and_in_parts(studio: Studio) -> None:
    ids = write(studio, 5)
    assert len(ids) == 5
    found = studio.get("/api/texts", offset=1, limit=2).json
    assert ([row["id"] for row in found["texts"]], found["offset"], found["total"]) == (ids[1:3], 1, 5)
    assert [row["order"] for row in found["texts"]] == [4, 3]
    assert studio.get("/api/texts", offset=9).json["texts"] == []
    assert studio.get("/api/texts", limit=201).status == 422


def test_texts_are_chosen_by_all_that_is_asked(studio: Studio) -> None:
    ids = write(studio, 6)
    rows = {row["id"]: row for row in studio.get("/api/texts").json["texts"]}
    one, other = rows[ids[0]]["entities"][:2]
    about = studio.get("/api/texts", ("entity", one), ("entity", other)).json["texts"]
    assert ids[0] in [row["id"] for row in about]
    assert all({one, other} <= set(row["entities"]) for row in about)
    studio.post(f"/api/texts/{ids[0]}/verdict", {"status": "rejected", "reason": "dull"})
    assert [row["id"] for row in studio.get("/api/texts", status="rejected").json["texts"]] == ids[:1]
    assert [row["id"] for row in studio.get("/api/texts", reason="reader").json["texts"]] == ids[:1]
    assert studio.get("/api/texts").json["reasons"] == {"reader": 1}
    assert studio.get("/api/texts", strategy="qa").json["total"] == 0
    assert studio.get("/api/texts", run=rows[ids[0]]["run"]).json["total"] == 6
    assert studio.get("/api/texts", q="SALTMERE").json["total"] > 0
    assert studio.get("/api/texts", q="no such words").json["total"] == 0
    assert studio.get("/api/texts", status="lost").status == 422
    assert studio.get("/api/texts", entity="1").status == 422


def test_a_text_comes_with_prompt_price_checks_and_sources(studio: Studio) -> None:
    id = write(studio, 1)[0]
    found = studio.get(f"/api/texts/{id}").json
    with places.opened(studio.place) as store:
        (record,) = store.read(Record, "id", [id])
    assert words_of(found["sentences"]) == record.text
    begins, cut = found["row"]["begins"][:-2], found["row"]["begins"][-2:]
    assert (record.text.startswith(begins + " "), cut) == (True, " …"), "whole words"
    assert 180 <= len(begins) <= 200
    assert [message["role"] for message in found["prompt"]] == ["system", "user"]
    assert found["parameters"]["max_tokens"] == 360
    assert (found["tokens_in"], found["tokens_out"]) == (record.tokens_in, record.tokens_out)
    assert found["cost_usd"] == 0.0
    assert found["seconds"] is not None
    assert (found["author"], found["edited_from"]) == ("model", None)
    assert found["command"].startswith("entigraph texts show ")
    assert "password" not in found["command"]
    assert found["sources"]
    linked = {number for sentence in found["sentences"] for number in sentence["rests_on"]}
    assert linked <= set(range(len(found["sources"])))
    assert linked, "the echo model copies: its sentences stand in the sources"
    first = found["sources"][min(linked)]
    page = studio.get(f"/api/documents/{first['document']}", at=first["at"]).json
    assert page["start"] <= first["at"] < page["end"]


@pytest.mark.parametrize("id", ["0" * 32, "f" * 32])
def test_a_text_that_is_not_there_is_404_in_words(folder_studio: Studio, id: str) -> None:
    for answer in (
        folder_studio.get(f"/api/texts/{id}"),
        folder_studio.post(f"/api/texts/{id}/verdict", {"status": "accepted"}),
        folder_studio.post(f"/api/texts/{id}/edit", {"text": "Anything."}),
    ):
        assert answer.status == 404
        assert "no text of this corpus" in answer.said


def test_a_verdict_changes_what_is_covered(studio: Studio) -> None:
    ids = write(studio, 2)
    covered = studio.get("/api/coverage").json
    body = {"status": "rejected", "reason": "it says nothing"}
    found = studio.post(f"/api/texts/{ids[0]}/verdict", body).json
    assert found["row"]["status"] == "rejected"
    assert found["checks"][-1] == {"name": "reader", "outcome": "failed", "reason": "it says nothing"}
    now = studio.get("/api/coverage").json
    assert (now["texts"], now["answers"]) == (covered["texts"] - 1, covered["answers"])
    assert studio.post(f"/api/texts/{ids[0]}/verdict", {"status": "accepted"}).json["row"]["status"] == (
        "accepted"
    )
    assert studio.get("/api/coverage").json["units"] == covered["units"]
    refused = studio.post(f"/api/texts/{ids[0]}/verdict", {"status": "rejected"})
    assert (refused.status, "for a reason" in refused.said) == (400, True)


def test_an_edit_is_a_text_of_its_own_that_counts_instead(studio: Studio) -> None:
    ids = write(studio, 2)
    covered = studio.get("/api/coverage").json
    old = studio.get(f"/api/texts/{ids[0]}").json
    text = f"{words_of(old['sentences'])} Zorro paid 999 crowns for it."
    new = studio.post(f"/api/texts/{ids[0]}/edit", {"text": text}).json
    assert (new["row"]["status"], new["author"], new["edited_from"]) == ("edited", "user", ids[0])
    assert (new["prompt"], new["seconds"]) == ([], None)
    strange = [
        piece["text"] for one in new["sentences"] for piece in one["pieces"] if piece["mark"] == "strange"
    ]
    assert strange == ["Zorro", "999"]
    assert studio.get(f"/api/texts/{ids[0]}").json["row"]["status"] == "rejected"
    now = studio.get("/api/coverage").json
    assert (now["units"], now["texts"], now["answers"]) == (
        covered["units"],
        covered["texts"],
        covered["answers"],
    )
    assert studio.get("/api/texts", status="edited").json["total"] == 1
    assert studio.post(f"/api/texts/{ids[0]}/edit", {"text": "x" * 100_001}).status == 422
    assert studio.post(f"/api/texts/{ids[0]}/edit", {"text": "   "}).status == 400


HOSTILE = "<script>alert(1)</script> \u202eright to left\u202c 🕰️ “quotes\" ' " + "n" * 10_000


def test_hostile_words_come_back_as_they_went_in(studio: Studio) -> None:
    id = write(studio, 1)[0]
    raw = studio.post(f"/api/texts/{id}/edit", {"text": HOSTILE})
    assert raw.status == 200, raw.body
    assert raw.headers["content-type"].startswith("application/json")
    assert words_of(raw.json["sentences"]) == HOSTILE
    assert raw.json["row"]["begins"] == HOSTILE[:200] + " …"
    half = studio.post(f"/api/texts/{id}/edit", {"text": "half a \ud83d character"})
    assert (half.status, "unicode" in half.said) == (422, True)


def test_a_text_whose_document_has_changed_still_shows_its_sources(folder_studio: Studio) -> None:
    id = write(folder_studio, 1)[0]
    before = folder_studio.get(f"/api/texts/{id}").json
    with places.opened(folder_studio.place) as store:
        store.remove_documents([info.id for info in store.documents()])
    found = folder_studio.get(f"/api/texts/{id}").json
    assert found["row"]["status"] == "stale"
    assert {source["document"] for source in found["sources"]} == {""}
    words = ["".join(piece["text"] for piece in one["pieces"]) for one in found["sources"]]
    known = ["".join(piece["text"] for piece in one["pieces"]) for one in before["sources"]]
    assert sorted("".join(words)) == sorted("".join(known))


def test_a_server_that_only_shows_takes_no_word(folder_corpus: str, serve: Serve) -> None:
    studio = serve(folder_corpus, read_only=True)
    id = write(studio, 1)[0]
    assert studio.get(f"/api/texts/{id}").status == 200
    for path, body in (("verdict", {"status": "accepted"}), ("edit", {"text": "Other words."})):
        refused = studio.post(f"/api/texts/{id}/{path}", body)
        assert (refused.status, "read-only" in refused.said) == (403, True)
    assert studio.get(f"/api/texts/{id}").json["row"]["status"] == "accepted"
