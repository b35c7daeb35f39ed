"""What is on screen, what can be found, and ways between entities; on every store."""

import json
from typing import Any
from xml.etree.ElementTree import fromstring

import networkx
import pytest

from entigraph.web.shapes.graph import Corpus, Found, Neighbours, Picture, Way
from tests.web.conftest import Studio

HOSTILE = '<script>alert("tide")</script>'


def names(picture: Any) -> set[str]:
    return {node["name"] for node in picture["nodes"]}


def test_the_first_picture_is_the_whole_of_a_small_graph(studio: Studio) -> None:
    corpus = Corpus.model_validate(studio.get("/api/corpus").json)
    picture = Picture.model_validate(studio.post("/api/view").json)
    assert corpus.name
    assert corpus.entities == 12
    assert len(picture.nodes) == 12
    assert (picture.left_out, picture.texts, picture.generation) == (0, 0, corpus.generation)
    ids = {node.id for node in picture.nodes}
    assert all(edge.source < edge.target and {edge.source, edge.target} <= ids for edge in picture.edges)
    assert {one.name for one in corpus.documents} == {"The Tide Clock", "A Quarrel about Brass", "潮钟"}


def test_a_view_is_the_same_each_time_and_for_everybody(studio: Studio) -> None:
    view = {"top": 5, "hops": 2}
    assert studio.post("/api/view", view).body == studio.post("/api/view", view).body


def test_expanding_brings_the_heaviest_neighbours_and_hiding_takes_them_out(studio: Studio) -> None:
    orla = studio.entity("Orla Finch")
    near = Neighbours.model_validate(studio.get(f"/api/entities/{orla}/neighbours", limit=2).json)
    assert near.total > 2
    assert near.neighbours[0].weight >= near.neighbours[1].weight
    view: dict[str, Any] = {"top": 0, "expanded": [{"entity": orla, "count": 2}]}
    picture = studio.post("/api/view", view).json
    assert names(picture) == {"Orla Finch", *(one.name for one in near.neighbours)}
    view["hidden"] = [near.neighbours[0].id]
    assert names(studio.post("/api/view", view).json) == {"Orla Finch", near.neighbours[1].name}


def test_filters_keep_only_what_has_what_they_name(studio: Studio) -> None:
    documents = {one["name"]: one["id"] for one in studio.get("/api/corpus").json["documents"]}
    picture = studio.post("/api/view", {"documents": [documents["潮钟"]]}).json
    assert names(picture) == {"林静", "盐场", "潮钟", "Ines Marrow", "brass", HOSTILE}
    assert studio.post("/api/view", {"types": ["no such type"]}).json["nodes"] == []
    heavy = studio.post("/api/view", {"least_weight": 0.4}).json
    assert all(edge["weight"] >= 0.4 for edge in heavy["edges"])
    assert studio.post("/api/view", {"labels": ["no such label"]}).json["nodes"] == []


def test_around_is_what_lies_within_the_steps(studio: Studio) -> None:
    lin = studio.entity("林静")
    near = {one["name"] for one in studio.get(f"/api/entities/{lin}/neighbours").json["neighbours"]}
    assert names(studio.post("/api/view", {"around": lin}).json) == {"林静", *near}
    assert names(studio.post("/api/view", {"around": lin, "hops": 0}).json) == {"林静"}
    far = studio.post("/api/view", {"around": lin, "hops": 2, "top": 2})
    assert len(far.json["nodes"]) == 2
    assert far.json["left_out"] > 0


def test_search_finds_parts_of_names_in_every_script(studio: Studio) -> None:
    def found(text: str, **more: object) -> list[str]:
        rows = studio.get("/api/search", q=text, **more).json
        return [Found.model_validate(row).name for row in rows]

    assert found("orla finch") == ["Orla Finch"]
    assert found("finc") == ["Orla Finch"]
    assert found("静") == ["林静"]
    assert found("潮钟") == ["潮钟"]
    assert found("<script>") == [HOSTILE]
    assert found("") == []
    assert found("no such name") == []
    assert len(found("e", limit=3)) == 3
    for strange in ("'", '"', "%", "*", "\\", "\0", "‮", "a" * 1000, "😀", "OR 1=1 --", "MATCH (n) RETURN n"):
        assert studio.get("/api/search", q=strange).status == 200


def test_search_says_the_same_from_memory_and_from_the_store(studio: Studio) -> None:
    studio.get("/api/search", q="a")
    for text in ("e", "k", "cl", "clock", "静", "orla finch", "o", "<"):
        of_store = [one.id for one in studio.desk.store.search(text, 50)]
        assert [one.id for one in studio.desk.search(text, 50)] == of_store
        assert {one["id"] for one in studio.get("/api/search", q=text, limit=50).json} == set(of_store)


def test_of_names_that_are_as_near_the_best_joined_comes_first(studio: Studio) -> None:
    found = studio.get("/api/search", q="e", limit=200).json
    degrees = [
        one["degree"] for one in found if not one["name"].casefold().startswith("e") and not one["alias"]
    ]
    assert degrees == sorted(degrees, reverse=True)
    assert len(set(degrees)) > 1
    assert studio.get("/api/search", q="tide clock", limit=1).json[0]["name"] == "tide clock"


def test_a_way_leads_along_relations(studio: Studio) -> None:
    ends = studio.entity("林静"), studio.entity("Bram Keel")
    way = Way.model_validate(studio.get("/api/path", ("from", ends[0]), ("to", ends[1])).json)
    assert (way.entities[0], way.entities[-1]) == ends
    for one, two in zip(way.entities, way.entities[1:], strict=False):
        near = studio.get(f"/api/entities/{one}/neighbours", limit=200).json["neighbours"]
        assert two in {neighbour["id"] for neighbour in near}
    assert way.total_weight > 0
    itself = studio.get("/api/path", ("from", ends[0]), ("to", ends[0])).json
    assert itself == {"entities": [ends[0]], "total_weight": 0.0}


def test_files_of_a_view_hold_what_it_shows(studio: Studio) -> None:
    view = {"top": 6}
    picture = studio.post("/api/view", view).json
    shown = names(picture)
    graphml = studio.post("/api/export?format=graphml", view)
    assert 'filename="' in graphml.headers["content-disposition"]
    read = networkx.parse_graphml(graphml.body.decode(), force_multigraph=True)
    assert {data["name"] for _, data in read.nodes(data=True)} == shown
    assert read.number_of_edges() == sum(edge["relations"] for edge in picture["edges"])
    node_link = studio.post("/api/export?format=json", view).json
    again = networkx.node_link_graph(node_link, edges="edges")
    assert {data["name"] for _, data in again.nodes(data=True)} == shown
    gexf = fromstring(studio.post("/api/export?format=gexf", view).body)
    assert {one.get("label") for one in gexf.iter("{http://gexf.net/1.3}node")} == shown
    svg = studio.post("/api/export?format=svg", view)
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert b"<script" not in studio.post("/api/export?format=svg", {}).body


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"top": 2001}, "less than or equal to 2000"),
        ({"hops": 9}, "body.hops"),
        ({"around": "x"}, "body.around"),
        ({"added": ["../../etc/passwd"]}, "body.added"),
        ({"expanded": [{"entity": "0" * 32, "count": 99999}]}, "body.expanded"),
        ({"cypher": "MATCH (n) DETACH DELETE n"}, "Extra inputs"),
        ([], "body"),
    ],
)
def test_a_view_that_cannot_be_is_told_apart(folder_studio: Studio, body: Any, said: str) -> None:
    answer = folder_studio.ask(
        "POST", "/api/view", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    assert answer.status == 422
    assert said in answer.said


def test_an_entity_that_is_gone_is_told_and_in_a_view_left_out(folder_studio: Studio) -> None:
    gone = "0" * 32
    for path in (f"/api/entities/{gone}/neighbours", f"/api/path?from={gone}&to={gone}"):
        answer = folder_studio.get(path)
        assert answer.status == 404
        assert gone in answer.said
    assert folder_studio.post("/api/view", {"around": gone}).status == 404
    view = {"top": 0, "added": [gone], "expanded": [{"entity": gone}], "hidden": [gone]}
    assert folder_studio.post("/api/view", view).json["nodes"] == []


def test_an_entity_that_was_merged_is_shown_as_what_it_is_now(studio: Studio) -> None:
    from entigraph import places
    from kg.curation import merge

    dow, keel = studio.entity("Keeper Dow"), studio.entity("Bram Keel")
    with places.opened(studio.place) as store:
        merge(store, [keel, dow], into=keel)
    assert names(studio.post("/api/view", {"top": 0, "added": [dow]}).json) == {"Bram Keel"}
    assert studio.get(f"/api/entities/{dow}").json["id"] == keel
    assert "Keeper Dow" in {one["name"] for one in studio.get(f"/api/entities/{keel}").json["aliases"]}


def test_an_empty_corpus_has_an_empty_picture(serve: Any, tmp_path: Any) -> None:
    from kg.stores import open_corpus

    place = str(tmp_path / "empty.kg")
    open_corpus(place, create=True).close()
    studio = serve(place)
    assert studio.get("/api/corpus").json["entities"] == 0
    assert studio.post("/api/view").json == {
        "generation": 0,
        "nodes": [],
        "edges": [],
        "left_out": 0,
        "edges_left_out": 0,
        "texts": 0,
    }
    assert studio.get("/api/search", q="a").json == []
    for kind in ("graphml", "gexf", "json", "svg"):
        assert studio.post(f"/api/export?format={kind}").status == 200
