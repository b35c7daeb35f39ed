"""What the page says where something is wrong, and that everyone can use it."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import build
from tests.web.page.conftest import AXE, Open, Serve, Tab
from tests.web.writing import write

HASHES = ("#/browse", "#/coverage", "#/texts", "#/runs")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation_on_any_tab(folder_tab: Tab, tabs: Open, scheme: str) -> None:
    studio = folder_tab.studio
    text = write(studio, 2)[0]
    tab = tabs(studio, color_scheme=scheme)
    entity = studio.entity("Orla Finch")
    found = {}
    for address in (*HASHES, f"#/texts?text={text}", f"#/browse?sel={entity}&colour=coverage"):
        tab.open(address)
        tab.page.wait_for_timeout(800)
        found[address] = serious(tab.page)
    tab.open("#/browse")
    tab.details.get_by_role("button", name="Generate").click()
    tab.page.get_by_role("region", name="Prompt preview").wait_for()
    tab.page.wait_for_timeout(800)
    found["dialog"] = serious(tab.page)
    assert {address: problems for address, problems in found.items() if problems} == {}


def serious(page: Any) -> list[str]:
    """What axe-core calls serious or critical, with the first place of each."""
    page.evaluate(AXE.read_text("utf-8"))
    ran = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:150]} {one['nodes'][0].get('failureSummary', '')[:200]}"
        for one in ran["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def test_a_server_that_goes_and_comes_back_is_noticed(tab: Tab) -> None:
    server, page = tab.studio.server, tab.page
    server.stop()
    page.get_by_text("The server is away").wait_for()
    tab.complaints.clear()


def test_newer_data_is_offered_and_shown(tab: Tab) -> None:
    write(tab.studio, 1)
    tab.page.get_by_role("button", name="Refresh").click()
    tab.details.get_by_text("1, 1 accepted").wait_for()


def test_a_corpus_that_is_deleted_is_told(folder_tab: Tab) -> None:
    shutil.rmtree(folder_tab.studio.place)
    folder_tab.page.get_by_role("searchbox", name="Search entities").fill("Orla")
    folder_tab.page.get_by_text("is not there any more").first.wait_for()
    folder_tab.complaints.clear()  # the browser logs the 410


@pytest.mark.parametrize(
    ("text", "names", "count"), [("Nothing is named here.\n", "Zog\n", 0), ("Zog sat.\n", "Zog\n", 1)]
)
def test_a_graph_of_none_or_one(
    serve: Serve, tabs: Open, tmp_path: Path, text: str, names: str, count: int
) -> None:
    build(str(tmp_path / "small.kg"), tmp_path, {"a.md": text}, names)
    tab = tabs(serve(str(tmp_path / "small.kg"))).open()
    assert len(tab.rows) == count
    if not count:
        tab.page.get_by_text("This corpus has no entities yet").wait_for()


def test_two_tabs_see_the_same(tab: Tab, tabs: Open) -> None:
    other = tabs(tab.studio).open()
    tab.page.get_by_role("button", name="Generate").click()
    dialog = tab.page.get_by_role("dialog", name="Generate texts")
    dialog.get_by_role("combobox", name="Model").select_option("echo")
    dialog.get_by_label("Subgraphs at most").fill("1")
    dialog.get_by_role("button", name="Start").click()
    dialog.get_by_role("button", name="Done").wait_for()
    other.page.get_by_role("tab", name="Runs").click()
    other.page.get_by_role("table", name="Runs").get_by_role("row").nth(1).wait_for()


def test_a_narrow_window_holds_everything(folder_tab: Tab) -> None:
    page = folder_tab.page
    page.set_viewport_size({"width": 390, "height": 800})
    for name in ("Coverage", "Texts", "Runs", "Browse"):
        page.get_by_role("tab", name=name).click()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, name
    assert page.get_by_role("searchbox", name="Search entities").is_visible()
    assert folder_tab.details.get_by_role("button", name="Generate").is_visible()
