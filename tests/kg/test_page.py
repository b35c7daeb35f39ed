"""The page: complete, bounded, without a single request, and deaf to hostile names."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.graph import Graph
from kg.model import (
    Asked,
    Candidate,
    Chunk,
    Document,
    Entity,
    Evidence,
    GraphError,
    Mention,
    Record,
    Relation,
    Resolution,
    Subgraph,
    content_id,
)
from kg.page import show
from kg.store import Derived, Reading, Store
from kg.stores import open_corpus

HOSTILE = (
    "<script>window.hacked = 1</script>",
    "</script><img src=x onerror='window.hacked = 1'>",
    "{{ 7 * 7 }}{% raw %}",
    "\"'`${window.hacked = 1}\\",
    "\ud800lone\x00nul\u2028line",
    "שלום \u202e عالم 世界",
    "x" * 10_000,
    "",
)


def graph_of(names: tuple[str, ...]) -> Graph:
    """Each entity joined to the next two."""
    entities = [Entity.make(name, f"type {name[:20]}") for name in names]
    n = len(entities)
    relations = [
        Relation.make(entities[i].id, f"label {names[i][:60]}", entities[(i + step) % n].id)
        for i in range(n)
        for step in (1, 2)
        if n > step
    ]
    return Graph.build(
        [(one.id, one.name, one.type, 1) for one in entities],
        [(one.id, one.source, one.label, one.target, 1.0) for one in relations],
    )


def data(path: Path, name: str) -> Any:
    """The JSON that the page holds under that name."""
    found = re.search(rf"\b{name} = (.*?)(?:, [A-Z]+ = .*)?;\n", path.read_text("utf-8"))
    assert found is not None
    return json.JSONDecoder().raw_decode(found.group(1))[0]


def nodes_of(path: Path) -> list[dict[str, Any]]:
    return list(data(path, "NODES"))


# ---- the file ------------------------------------------------------------------------------------


def test_every_entity_and_joined_pair_is_on_the_page(tmp_path: Path) -> None:
    page = show(graph_of(("Ann", "Bo", "Cy", "Dee", "Eve")), tmp_path / "g.html", title="Five")
    assert (page.entities, page.edges, page.left_out) == (5, 10, 0)
    assert {node["about"]["name"] for node in nodes_of(page.path)} == {"Ann", "Bo", "Cy", "Dee", "Eve"}
    assert "<title>Five</title>" in page.path.read_text("utf-8")


def test_the_page_names_no_outside_resource(tmp_path: Path) -> None:
    html = show(graph_of(("Ann", "Bo", "Cy")), tmp_path / "g.html").path.read_text("utf-8")
    assert "default-src 'none'" in html
    assert not re.search(r"<(?:link|iframe|img|object|embed|base)\b", html.split("<body>")[0])
    assert not re.search(r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//""", html)
    assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", html)
    assert "cdnjs" not in html
    assert "jsdelivr" not in html


def test_the_same_graph_makes_the_same_page(tmp_path: Path) -> None:
    graph = graph_of(("Ann", "Bo", "Cy", "Dee"))
    one, two = (show(graph, tmp_path / f"{i}.html").path.read_bytes() for i in range(2))
    assert one == two


def test_hostile_names_stay_inside_the_data(tmp_path: Path) -> None:
    page = show(graph_of(HOSTILE), tmp_path / "g.html", title=HOSTILE[1])
    html = page.path.read_text("utf-8")
    assert html.count("</script>") == 2  # the two scripts of the page itself
    assert "<img" not in html
    assert len(nodes_of(page.path)) == len(HOSTILE)


def test_a_very_long_name_is_shortened(tmp_path: Path) -> None:
    page = show(graph_of(("x" * 100_000, "Bo", "Cy")), tmp_path / "g.html")
    longest = max(nodes_of(page.path), key=lambda node: len(node["about"]["name"]))
    assert (len(longest["label"]), len(longest["about"]["name"])) == (34, 200)


def test_the_page_is_bounded_and_says_what_was_left_out(tmp_path: Path) -> None:
    graph = graph_of(tuple(f"e{i}" for i in range(400)))
    page = show(graph, tmp_path / "g.html", top=50)
    assert (page.entities, page.left_out) == (50, 350)
    assert "50 of 400 entities" in data(page.path, "FACTS")["shown"]
    with pytest.raises(ValueError, match="from 1 to 2000"):
        show(graph, tmp_path / "g.html", top=5000)


def test_a_chosen_triangle_is_marked(tmp_path: Path) -> None:
    page = show(
        graph_of(("Ann", "Bo", "Cy", "Dee", "Eve")), tmp_path / "g.html", highlight=["Ann", "Bo", "Cy"]
    )
    marked = {node["about"]["name"] for node in nodes_of(page.path) if node["marked"]}
    assert marked == {"Ann", "Bo", "Cy"}
    assert sum(edge["marked"] for edge in data(page.path, "EDGES")) == 3


def test_an_empty_graph_is_an_empty_page(tmp_path: Path) -> None:
    page = show(Graph.build([], []), tmp_path / "g.html")
    assert (page.entities, nodes_of(page.path)) == (0, [])


def test_without_pyvis_the_install_line_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyvis.network", None)
    with pytest.raises(GraphError, match=r"pip install 'entigraph\[show\]'"):
        show(graph_of(("Ann", "Bo", "Cy")), tmp_path / "g.html")


# ---- a corpus ------------------------------------------------------------------------------------

TEXT = "Mab Oddy keeps the tide clock. Nobody winds it. The tide clock hangs in Dew House."


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Store]:
    """One document: Mab Oddy keeps the tide clock, which hangs in Dew House; a text covers two of them."""
    document = Document.make("a.md", TEXT, title="The handbook", source="a.md", language="en")
    chunk = Chunk.make(document.id, TEXT, 0, 0, len(TEXT), "en")
    names = {"Mab Oddy": "person", "tide clock": "object", "Dew House": "place"}
    candidates = {name: Candidate.make(document.id, name, type) for name, type in names.items()}
    entities = {name: Entity.make(name, type, description=f"All of {name}.") for name, type in names.items()}

    def place(words: str) -> tuple[int, int]:
        start = TEXT.index(words)
        return start, start + len(words)

    keeps, hangs = place("keeps"), place("hangs in")
    evidence = [
        Evidence(candidates["Mab Oddy"].id, "keeps", candidates["tide clock"].id, chunk.id, *keeps),
        Evidence(candidates["tide clock"].id, "hangs in", candidates["Dew House"].id, chunk.id, *hangs),
    ]
    mentions = [Mention(candidate.id, chunk.id, *place(name), name) for name, candidate in candidates.items()]
    with_store = open_corpus(tmp_path / "corpus.kg", create=True)
    with_store.replace_document(
        document, Reading([chunk], list(candidates.values()), mentions, evidence, fingerprint="test")
    )
    with_store.replace_derived(
        Derived(
            [Resolution(candidates[name].id, entities[name].id, "same name") for name in names],
            list(entities.values()),
            [
                Relation.make(entities["Mab Oddy"].id, "keeps", entities["tide clock"].id),
                Relation.make(entities["tide clock"].id, "hangs in", entities["Dew House"].id),
            ],
        )
    )
    asked = tuple(
        Asked(entities[name].id, name, (candidates[name].id,), named=name != "Dew House") for name in names
    )
    with_store.upsert(
        [
            Record(
                id=content_id("record", 1),
                item=content_id("item", 1),
                kind="text",
                title="On the keeping of time",
                text="Every night Mab Oddy climbs to the tide clock.",
                language="en",
                strategy="relate",
                version="1",
                model="echo",
                subgraph=Subgraph.make([one.entity for one in asked]),
                asked=asked,
                relations=(),
                documents=(document.id,),
                chunks=(chunk.id,),
                call=content_id("call", 1),
                run="r1",
            )
        ]
    )
    yield with_store
    with_store.close()


def test_a_corpus_shows_descriptions_whole_sentences_and_the_texts_that_cover_a_node(
    corpus: Store, tmp_path: Path
) -> None:
    page = show(corpus, tmp_path / "g.html")
    about = {node["about"]["name"]: node["about"] for node in nodes_of(page.path)}
    assert about["Mab Oddy"]["description"] == "All of Mab Oddy."
    assert about["Mab Oddy"]["documents"] == ["The handbook"]
    assert about["Mab Oddy"]["quotes"] == [
        {"text": "Mab Oddy keeps the tide clock.", "title": "The handbook"}
    ]
    assert [quote["text"] for quote in about["tide clock"]["quotes"]] == [
        "Mab Oddy keeps the tide clock.",
        "The tide clock hangs in Dew House.",
    ]
    texts = data(page.path, "TEXTS")
    assert [texts[id]["title"] for id in about["tide clock"]["texts"]] == ["On the keeping of time"]
    assert about["Dew House"]["texts"] == []  # the text was asked about it and does not name it


def test_a_line_of_a_corpus_carries_the_sentence_that_states_it(corpus: Store, tmp_path: Path) -> None:
    page = show(corpus, tmp_path / "g.html", around="mab oddy")
    [edge] = data(page.path, "EDGES")
    [[_, label, _, quotes]] = edge["relations"]
    assert (label, quotes[0]["text"]) == ("keeps", "Mab Oddy keeps the tide clock.")


# ---- in a browser --------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.chromium
def test_the_page_opens_offline_draws_tells_and_runs_nothing_of_a_hostile_name(
    chromium: Path, tmp_path: Path
) -> None:
    from playwright.sync_api import sync_playwright

    page = show(graph_of((*HOSTILE, "Ann", "Bo")), tmp_path / "g.html", highlight=["Ann", "Bo"])
    complaints: list[str] = []
    asked_for: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        try:
            tab = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True).new_page()
            tab.on("console", lambda message: complaints.append(message.text))
            tab.on("pageerror", lambda error: complaints.append(str(error)))
            tab.on("request", lambda request: asked_for.append(request.url))
            tab.goto(page.path.as_uri())
            tab.wait_for_function("window.graphIsDrawn")
            for number in range(page.entities):
                tab.evaluate(f"choose({number}, false)")
            tab.keyboard.press("Escape")
            tab.wait_for_timeout(500)  # until the view has come to rest
            tab.evaluate("fit()")
            where = tab.evaluate("network.canvasToDOM(NODES.find(n => n.about.name === 'Ann'))")
            tab.mouse.click(where["x"], where["y"])
            tab.wait_for_selector("#about h2")
            assert tab.inner_text("#about h2") == "Ann"
            tab.mouse.move(5, 895)
            tab.fill("#find", "bo")
            tab.press("#find", "Enter")
            assert tab.inner_text("#about h2") == "Bo"
            tab.keyboard.press("Escape")
            assert tab.is_hidden("#about")
            tab.wait_for_timeout(500)
            tab.evaluate("fit()")
            inside = tab.evaluate(
                "NODES.every(n => { const p = network.canvasToDOM(n);"
                " return p.x > 316 && p.x < innerWidth && p.y > 0 && p.y < innerHeight; })"
            )
            assert tab.evaluate("window.hacked") is None
        finally:
            browser.close()
    assert inside, "every node lies in the window, beside the card"
    assert complaints == []
    assert asked_for == [page.path.as_uri()]
