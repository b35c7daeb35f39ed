"""What is one entity and what is two, over HTTP."""

from tests.web.conftest import Serve, Studio
from tests.web.writing import write


def test_entities_are_merged_and_parted_again(studio: Studio) -> None:
    orla, bram = studio.entity("Orla Finch"), studio.entity("Bram Keel")
    merged = studio.post("/api/entities/merge", {"entities": [orla, bram]})
    assert merged.status == 200, merged.body
    assert (merged.json["entity"], merged.json["said"]) == (orla, "merged into 'Orla Finch'")
    assert merged.json["command"].startswith("entigraph entities merge ")
    assert {one["name"] for one in studio.get(f"/api/entities/{orla}").json["aliases"]} >= {
        "Orla Finch",
        "Bram Keel",
    }
    undone = studio.post("/api/curation/undo")
    assert undone.json["said"].startswith("taken back: merge of 'Bram Keel'")
    assert studio.entity("Bram Keel") == bram
    nothing = studio.post("/api/curation/undo")
    assert (nothing.status, "nothing to take back" in nothing.said) == (400, True)


def test_part_of_an_entity_is_taken_out_by_its_candidates(studio: Studio) -> None:
    ines = studio.entity("Ines Marrow")
    aliases = studio.get(f"/api/entities/{ines}").json["aliases"]
    assert len(aliases) > 1, "it stands in several documents"
    parted = studio.post(f"/api/entities/{ines}/split", {"parts": [aliases[0]["candidate"]]})
    assert parted.status == 200, parted.body
    assert parted.json["entity"] != ines
    left = studio.get(f"/api/entities/{ines}").json["aliases"]
    assert aliases[0]["candidate"] not in [one["candidate"] for one in left]
    every = studio.post(f"/api/entities/{ines}/split", {"parts": [one["candidate"] for one in left]})
    assert (every.status, "cannot split" in every.said) == (400, True)


def test_texts_are_found_by_what_their_entities_are_now(folder_studio: Studio) -> None:
    studio = folder_studio
    write(studio, 8)
    orla, bram = studio.entity("Orla Finch"), studio.entity("Bram Keel")
    about = {row["id"] for id in (orla, bram) for row in studio.get("/api/texts", entity=id).json["texts"]}
    assert about
    studio.post("/api/entities/merge", {"entities": [orla, bram]})
    assert {row["id"] for row in studio.get("/api/texts", entity=orla).json["texts"]} == about


def test_what_is_not_there_and_what_is_no_id_is_refused(folder_studio: Studio) -> None:
    orla = folder_studio.entity("Orla Finch")
    gone = folder_studio.post("/api/entities/merge", {"entities": [orla, "0" * 32]})
    assert (gone.status, "no entity of this corpus" in gone.said) == (404, True)
    assert folder_studio.post(f"/api/entities/{'0' * 32}/split", {"parts": [orla]}).status == 404
    assert folder_studio.post("/api/entities/merge", {"entities": [orla]}).status == 422
    assert folder_studio.post("/api/entities/merge", {"entities": [orla, "../../etc"]}).status == 422
    assert folder_studio.post(f"/api/entities/{orla}/split", {"parts": []}).status == 422


def test_the_builder_may_write_again_after_a_merge(folder_studio: Studio) -> None:
    from entigraph import places

    orla, bram = folder_studio.entity("Orla Finch"), folder_studio.entity("Bram Keel")
    assert folder_studio.post("/api/entities/merge", {"entities": [orla, bram]}).status == 200
    places.at(folder_studio.place, writable=True).close()


def test_a_builder_at_work_is_named(folder_studio: Studio) -> None:
    from entigraph import places

    orla, bram = folder_studio.entity("Orla Finch"), folder_studio.entity("Bram Keel")
    builder = places.at(folder_studio.place, writable=True)
    try:
        refused = folder_studio.post("/api/entities/merge", {"entities": [orla, bram]})
    finally:
        builder.close()
    assert (refused.status, "writes to it" in refused.said) == (409, True)


def test_a_server_that_only_shows_merges_nothing(folder_corpus: str, serve: Serve) -> None:
    studio = serve(folder_corpus, read_only=True)
    orla, bram = studio.entity("Orla Finch"), studio.entity("Bram Keel")
    assert studio.post("/api/entities/merge", {"entities": [orla, bram]}).status == 403
    assert studio.post(f"/api/entities/{orla}/split", {"parts": [bram]}).status == 403
    assert studio.post("/api/curation/undo").status == 403
