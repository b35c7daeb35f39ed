"""Browsing the graph in the page: what is on screen, and how it comes there."""

import re
import shlex

import pytest
from playwright.sync_api import expect

from entigraph.web.serving import place_in_page
from tests.web.page.conftest import Open, Tab, patient


def test_the_first_picture_shows_the_corpus_and_its_accessible_names(tab: Tab) -> None:
    page = tab.page
    assert page.get_by_role("region", name="Graph").is_visible()
    assert page.get_by_role("searchbox", name="Search entities").is_visible()
    assert [one.inner_text() for one in page.get_by_role("tab").all()] == [
        "Browse",
        "Coverage",
        "Texts",
        "Runs",
    ]
    assert page.get_by_role("tab", name="Browse").get_attribute("aria-selected") == "true"
    assert tab.details.get_by_role("button", name="Generate").is_enabled()
    assert page.get_by_role("button", name="Copy as command").count() == 1
    assert {"Orla Finch", "Bram Keel", "林静"} <= set(tab.rows)
    assert len(page.locator(".graph canvas").all()) > 1


def test_search_finds_as_one_types_parts_of_names_and_chinese(tab: Tab) -> None:
    page = tab.page
    box = page.get_by_role("searchbox", name="Search entities")
    for typed, wanted in (("rla fi", "Orla Finch"), ("静", "林静"), ("盐", "盐场")):
        box.fill(typed)
        page.get_by_role("listbox", name="Entities found").get_by_role("option").filter(
            has_text=wanted
        ).first.wait_for()
    box.fill("no such name at all")
    page.get_by_text("No name or alias has these letters").wait_for()
    box.fill("")
    assert page.get_by_role("listbox", name="Entities found").get_by_role("option").count() == 0


def test_slash_goes_to_the_search_and_enter_to_what_was_found(tab: Tab) -> None:
    tab.page.keyboard.press("/")
    tab.page.keyboard.type("Bram")
    tab.page.get_by_role("listbox", name="Entities found").get_by_role("option").first.wait_for()
    tab.page.keyboard.press("Enter")
    tab.details.get_by_role("heading", name="Bram Keel").wait_for()


def test_a_view_of_nothing_grows_by_search_and_expanding_and_shrinks_again(tab: Tab) -> None:
    tab.open("#/browse?top=0")
    assert tab.rows == []
    tab.find("Orla Finch")
    tab.has(1)
    degree = int(re.search(r"0 of (\d+) neighbour", tab.details.inner_text()).group(1))  # type: ignore[union-attr]
    tab.details.get_by_role("button", name="Expand").click()
    tab.has(degree + 1)
    tab.details.get_by_role("button", name="Collapse").click()
    tab.has(1)


def test_back_forward_and_the_address_reproduce_a_view(tab: Tab, tabs: Open) -> None:
    page = tab.page
    tab.find("Orla Finch")
    tab.details.get_by_role("button", name="Hide").click()
    tab.shows("Orla Finch", False)
    address = page.evaluate("location.hash")
    page.go_back()
    tab.details.get_by_role("heading", name="Orla Finch").wait_for()
    page.go_forward()
    tab.shows("Orla Finch", False)
    other = tabs(tab.studio).open(address)
    assert sorted(other.rows) == sorted(tab.rows)
    assert "Orla Finch" not in other.rows
    other.page.get_by_role("button", name="Show 1 hidden entity").click()
    other.shows("Orla Finch")


def test_a_filter_leaves_what_has_the_type_and_can_be_taken_away(tab: Tab) -> None:
    page = tab.page
    every = set(tab.rows)
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("combobox", name="Document").select_option(index=1)
    page.get_by_role("button", name=re.compile("^Without the filter")).wait_for()
    expect(tab.table.locator("tbody tr")).not_to_have_count(len(every))
    assert set(tab.rows) < every
    page.get_by_role("button", name=re.compile("^Without the filter")).click()
    tab.has(len(every))


def test_the_shortest_path_of_two_is_shown_and_selected(tab: Tab) -> None:
    ids = [tab.studio.entity(name) for name in ("Orla Finch", "林静")]
    found = tab.studio.get("/api/path", ("from", ids[0]), to=ids[1]).json["entities"]
    tab.open(f"#/browse?top=0&add={'.'.join(ids)}&sel={'.'.join(ids)}")
    tab.details.get_by_role("heading", name="Two entities").wait_for()
    tab.details.get_by_role("button", name="Shortest path").click()
    if found:
        tab.has(len(found), selected=True)
    else:
        tab.details.get_by_text("No path joins these two").wait_for()


def test_the_keyboard_walks_the_graph_and_says_where_it_is(tab: Tab) -> None:
    page = tab.page
    page.get_by_role("application", name="Picture of the graph").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[role=status].unseen")).to_contain_text("neighbour")
    name = page.locator("[role=status].unseen").inner_text().split(",")[0]
    page.keyboard.press("Enter")
    tab.details.get_by_role("heading", name=name, exact=True).wait_for()
    page.keyboard.press("h")
    tab.shows(name, False)


def test_pinning_is_in_the_address_and_survives_a_reload(tab: Tab) -> None:
    tab.find("Orla Finch")
    tab.details.get_by_role("button", name="Pin").click()
    expect(tab.page).to_have_url(re.compile("pin="))
    address = tab.page.evaluate("location.hash")
    tab.open(address)
    assert tab.details.get_by_role("button", name="Pin").get_attribute("aria-pressed") == "true"


def test_a_lasso_selects_what_it_goes_round(tab: Tab) -> None:
    page = tab.page
    page.get_by_role("button", name="Lasso").click()
    area = page.locator("svg.lasso").bounding_box()
    corners = [(0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98)]
    points = [(area["x"] + area["width"] * x, area["y"] + area["height"] * y) for x, y in corners]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()
    tab.has(len(tab.rows), selected=True)


def test_the_table_sorts_and_selects(tab: Tab) -> None:
    page = tab.page
    page.get_by_role("button", name="Table", exact=True).click()
    page.get_by_role("button", name=re.compile("^Entity")).click()
    names = tab.rows
    assert names == sorted(names, key=str.casefold) or len(names) == len(set(names))
    tab.table.get_by_role("button", name="Orla Finch").click()
    tab.details.get_by_role("heading", name="Orla Finch").wait_for()


def test_views_are_saved_as_files(folder_tab: Tab) -> None:
    page = folder_tab.page
    for kind, begins in (
        ("svg", b"<svg"),
        ("png", b"\x89PNG"),
        ("graphml", b"<?xml"),
        ("gexf", b"<?xml"),
        ("json", b"{"),
    ):
        with page.expect_download() as waiting:
            page.get_by_role("combobox", name="Save the view as a file").select_option(kind)
        held = waiting.value
        assert held.suggested_filename == f"clock.{kind}"
        content = held.path().read_bytes()
        assert content.lstrip().startswith(begins), kind
        if kind == "svg":
            assert b"Orla Finch" in content
            assert b"<script>" not in content


def test_where_one_looks_is_in_the_address_and_a_link_looks_there_too(tab: Tab, tabs: Open) -> None:
    def zoomed_in(one: Tab) -> float:
        expect(one.page).to_have_url(re.compile("camera="))
        one.page.wait_for_timeout(600)  # it is told once it stands still
        found = re.search(r"camera=[-\d.]+_[-\d.]+_([\d.]+)", one.page.url)
        assert found
        return float(found[1])

    settled(tab)
    for _ in range(3):
        tab.page.get_by_role("button", name="Zoom in").click()
        tab.page.wait_for_timeout(200)
    ratio = zoomed_in(tab)
    assert ratio < 0.5
    tab.page.get_by_role("tab", name="Texts").click()
    tab.page.get_by_role("tab", name="Browse").click()
    settled(tab)
    assert zoomed_in(tab) == pytest.approx(ratio, rel=0.01), "and is as it was after a look at another tab"
    other = tabs(tab.studio).open(tab.page.evaluate("location.hash"))
    settled(other)
    other.page.get_by_role("button", name="Zoom in").click()
    patient()(other.page).not_to_have_url(re.compile(f"_{ratio:g}$"))
    assert zoomed_in(other) == pytest.approx(ratio / 1.4, rel=0.02), "it went on from where the link looked"
    other.page.get_by_role("button", name="Fit").click()
    patient()(other.page).not_to_have_url(re.compile("camera="))


def test_more_neighbours_are_shown_of_one_that_is_expanded(tab: Tab) -> None:
    hub = tab.studio.entity("Orla Finch")
    tab.open(f"#/browse?top=0&open={hub}-1&sel={hub}")
    tab.has(2)
    assert tab.details.get_by_role("button", name="Expand").is_disabled()
    degree = int(re.search(r"1 of (\d+) neighbour", tab.details.inner_text()).group(1))  # type: ignore[union-attr]
    tab.details.get_by_role("button", name="Show more").click()
    tab.has(degree + 1)
    expect(tab.details.get_by_role("button", name="Show more")).to_have_count(0)


def test_what_no_picture_can_show_is_copied_as_the_page_at_its_place(tab: Tab) -> None:
    copy = tab.page.get_by_role("button", name="Copy view as command")
    assert copy.get_attribute("title").startswith("entigraph show ")
    tab.find("Orla Finch")
    tab.details.get_by_role("button", name="Hide").click()
    tab.shows("Orla Finch", False)
    command = copy.get_attribute("title")
    assert command.startswith("entigraph serve ")
    *_, at = shlex.split(command)
    address = place_in_page(at)
    tab.open(address)
    tab.has(len(tab.rows))
    assert "Orla Finch" not in tab.rows


def settled(tab: Tab) -> None:
    """Wait until the nodes have their places."""
    tab.page.get_by_role("button", name="Lay out again").wait_for()
