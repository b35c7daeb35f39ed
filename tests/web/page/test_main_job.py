"""The main job from end to end: by keyboard alone, within a budget, and as the commands that the page shows."""

import re
import shlex
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.entigraph.conftest import PROGRAM
from tests.web.conftest import Studio
from tests.web.page.conftest import Open, Tab, patient
from tests.web.writing import ended, until, write

MOST_PRESSES = 80


def walk_to(tab: Tab, role: str, name: str) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    wanted = tab.page.get_by_role(role, name=name, exact=True)
    wanted.first.wait_for()
    for _ in range(MOST_PRESSES):
        if wanted.evaluate_all("found => found.includes(document.activeElement)"):
            return
        tab.page.keyboard.press("Tab")
    raise AssertionError(f"{role} {name!r} is not reached with {MOST_PRESSES} presses of Tab")


def choose(tab: Tab, name: str, words: str) -> None:
    """Choose in a list by typing what the choice begins with."""
    walk_to(tab, "combobox", name)
    tab.page.keyboard.type(words)
    expect(tab.page.get_by_role("combobox", name=name)).to_have_value(re.compile(f"^{words}"))


def dialog_of(tab: Tab) -> Any:
    return tab.page.get_by_role("dialog", name="Generate texts")


def begin(tab: Tab, **numbers: int) -> Any:
    """Open the dialog for what is selected, with the model that repeats its prompt; give these numbers by their labels."""
    tab.details.get_by_role("button", name="Generate").click()
    dialog = dialog_of(tab)
    dialog.get_by_role("combobox", name="Model").select_option("echo")
    for label, number in numbers.items():
        dialog.get_by_label(label.replace("__", ", ").replace("_", " ")).fill(str(number))
    return dialog


def test_all_is_done_without_a_mouse(folder_tab: Tab) -> None:
    tab = folder_tab
    tab.open("#/browse?top=0")
    keyboard = tab.page.keyboard
    keyboard.press("/")
    keyboard.type("Orla")
    tab.page.get_by_role("option", name=re.compile("Orla Finch")).wait_for()
    keyboard.press("Enter")
    tab.details.get_by_role("heading", name="Orla Finch").wait_for()
    walk_to(tab, "button", "Expand")
    keyboard.press("Enter")
    tab.shows("Bram Keel")
    walk_to(tab, "button", "Generate")
    keyboard.press("Enter")
    dialog = dialog_of(tab)
    dialog.get_by_role("region", name="Prompt preview").locator("pre").first.wait_for()
    choose(tab, "Strategy", "describe")
    choose(tab, "Model", "echo")
    dialog.get_by_text("$0").first.wait_for()
    walk_to(tab, "button", "Start")
    keyboard.press("Enter")
    dialog.get_by_role("button", name="Done").wait_for()
    walk_to(tab, "button", "Accept")
    keyboard.press("Enter")
    dialog.locator("article").get_by_text("accepted", exact=True).wait_for()
    keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert tab.studio.get("/api/texts", status="accepted").json["total"] == 1


def test_the_focus_is_in_the_dialog_whatever_it_shows(folder_tab: Tab) -> None:
    tab = folder_tab
    dialog = begin(tab, Subgraphs_at_most=1)
    has_focus = "dialog => dialog.contains(document.activeElement)"
    until(lambda: dialog.evaluate(has_focus))
    patient()(dialog.get_by_role("button", name="Start")).to_be_enabled()
    dialog.get_by_role("button", name="Start").focus()
    tab.page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Done").wait_for()
    until(lambda: dialog.evaluate(has_focus))  # Start, which had it, is gone
    dialog.get_by_role("button", name="Change and start again").focus()
    tab.page.keyboard.press("Enter")
    dialog.get_by_role("combobox", name="Strategy").wait_for()
    until(lambda: dialog.evaluate(has_focus))


def test_the_focus_comes_back_to_what_opened_the_dialog(folder_tab: Tab) -> None:
    walk_to(folder_tab, "button", "Generate")
    folder_tab.page.keyboard.press("Enter")
    dialog_of(folder_tab).get_by_role("button", name="Start").wait_for()
    folder_tab.page.keyboard.press("Escape")
    expect(folder_tab.details.get_by_role("button", name="Generate")).to_be_focused()


def test_a_budget_stops_the_run_and_the_page_says_so(folder_tab: Tab) -> None:
    dialog = begin(folder_tab, Budget__tokens=600)
    dialog.get_by_role("button", name="Start").click()
    dialog.get_by_text("the budget is used up").wait_for()
    row = folder_tab.studio.get("/api/runs").json[0]
    assert (row["state"], row["stopped"]) == ("stopped", "budget")
    assert row["left"] > 0
    dialog.get_by_text(str(row["left"]), exact=True).wait_for()
    dialog.get_by_role("button", name="Change and start again").click()
    assert dialog.get_by_label("Budget, tokens").input_value() == "600", "what was chosen is kept"
    dialog.get_by_label("Budget, tokens").fill("")
    dialog.get_by_role("button", name="Start").click()
    dialog.get_by_role("button", name="Done").wait_for()
    assert folder_tab.studio.get("/api/runs").json[0]["left"] == 0


def test_all_that_is_uncovered_in_a_view_is_written_about_once(folder_tab: Tab) -> None:
    tab = folder_tab
    orla = tab.studio.entity("Orla Finch")
    view = {"top": 150, "around": orla}
    edges = tab.studio.post("/api/view", view).json["edges"]
    covered = edges[0]
    write(tab.studio, 1, entities=tuple(sorted((covered["source"], covered["target"]))))
    tab.open(f"#/browse?around={orla}")
    bare = sum(1 for edge in tab.studio.post("/api/view", view).json["edges"] if not edge["covered"])
    assert 0 < bare < len(edges)
    tab.details.get_by_text(f"the {bare} edges on screen that no text covers").wait_for()
    dialog = begin(tab)
    dialog.get_by_text(f"Texts about {bare} selections").wait_for()
    dialog.get_by_role("region", name="Prompt preview").locator("pre").first.wait_for()
    dialog.get_by_role("button", name="Start").click()
    dialog.get_by_role("button", name="Done").wait_for()
    row = tab.studio.get("/api/runs").json[0]
    assert (row["planned"], row["left"]) == (bare, 0)


def test_three_that_are_joined_are_called_a_triangle_and_written_about_as_one(folder_tab: Tab) -> None:
    tab = folder_tab
    ids = triangle(tab.studio)
    tab.open(f"#/browse?sel={'.'.join(ids)}")
    tab.details.get_by_role("heading", name="A triangle").wait_for()
    dialog = begin(tab)
    dialog.get_by_role("button", name="Start").click()
    dialog.get_by_role("button", name="Done").wait_for()
    (text,) = tab.studio.get("/api/texts").json["texts"]
    assert sorted(text["entities"]) == sorted(ids)


def triangle(studio: Studio) -> list[str]:
    """Three entities that are joined with one another."""
    near: dict[str, set[str]] = {}
    for edge in studio.post("/api/view").json["edges"]:
        near.setdefault(edge["source"], set()).add(edge["target"])
        near.setdefault(edge["target"], set()).add(edge["source"])
    for one, others in sorted(near.items()):
        for other in sorted(others):
            for third in sorted(near[other] & others):
                return [one, other, third]
    raise AssertionError("no triangle")


# ---- the same on the command line ----------------------------------------------------------------


def entity_view(tab: Tab) -> Any:
    tab.find("Orla Finch")
    return tab.details


def pair_view(tab: Tab) -> Any:
    tab.find("Orla Finch")
    tab.details.get_by_role("button", name="both").first.click()
    tab.details.get_by_role("heading", name="Two entities").wait_for()
    return tab.details


def corpus_view(tab: Tab) -> Any:
    return tab.details


def one_preview(tab: Tab) -> Any:
    tab.find("Orla Finch")
    return begin(tab)


def view_preview(tab: Tab) -> Any:
    return begin(tab, Subgraphs_at_most=2)


def coverage_plan(tab: Tab) -> Any:
    tab.open("#/coverage")
    region = tab.page.get_by_role("region", name="Simulation")
    region.get_by_role("combobox", name="Model of the plan").select_option("echo")
    region.get_by_role("combobox", name="What to reckon").select_option("texts")
    region.get_by_label("Texts", exact=True).fill("2")
    region.get_by_text("2 subgraphs").wait_for()
    return region


def texts_list(tab: Tab) -> Any:
    write(tab.studio, 1)
    tab.open("#/texts")
    tab.page.get_by_role("combobox", name="Status").select_option("accepted")
    return tab.page.get_by_role("tabpanel")


def one_text(tab: Tab) -> Any:
    (id,) = write(tab.studio, 1)
    tab.open(f"#/texts?text={id}")
    return tab.page.get_by_role("article")


def runs_list(tab: Tab) -> Any:
    tab.open("#/runs")
    return tab.page.get_by_role("tabpanel")


def one_run(tab: Tab) -> Any:
    write(tab.studio, 1)
    tab.open("#/runs")
    return tab.page.get_by_role("tabpanel")


@pytest.mark.parametrize(
    ("place", "begins"),
    [
        (corpus_view, "show"),
        (entity_view, "show"),
        (pair_view, "show"),
        (one_preview, "generate"),
        (view_preview, "generate"),
        (coverage_plan, "generate"),
        (texts_list, "texts list"),
        (one_text, "texts show"),
        (runs_list, "runs list"),
        (one_run, "runs resume"),
    ],
)
def test_the_command_that_is_copied_works(
    tabs: Open, folder_studio: Studio, tmp_path: Any, place: Callable[[Tab], Any], begins: str
) -> None:
    tab = tabs(folder_studio, permissions=["clipboard-read", "clipboard-write"]).open()
    button = place(tab).get_by_role("button", name="Copy as command")
    patient()(button).to_have_attribute("title", re.compile(f"^entigraph {begins} "))
    shown = button.get_attribute("title")
    button.click()
    patient()(button).to_have_text("Copied")
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    assert copied == shown
    assert copied.startswith(f"entigraph {begins} ")
    words = shlex.split(copied)[1:]
    done = subprocess.run(
        [*PROGRAM, *words], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=120
    )
    assert done.returncode in (0, 3), f"{copied}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    if begins == "generate":
        texts = until(lambda: folder_studio.get("/api/texts").json["total"])
        assert texts == (1 if place is one_preview else 2)


def test_a_corpus_with_a_blank_and_a_quote_in_its_name_is_one_word_of_a_shell(
    tabs: Open, serve: Any, folder_corpus: str, tmp_path: Any
) -> None:
    import shutil

    odd = str(tmp_path / 'the "old" clock.kg')
    shutil.move(folder_corpus, odd)
    tab = tabs(serve(odd)).open()
    write(tab.studio, 1)
    for address in ("#/browse", "#/texts", "#/coverage", "#/runs"):
        tab.open(address)
        button = tab.page.get_by_role("button", name="Copy as command").first
        patient()(button).to_be_enabled()
        assert odd in shlex.split(button.get_attribute("title")), address


# ---- what is kept --------------------------------------------------------------------------------


def test_a_view_in_another_browser_is_the_same(tab: Tab, tabs: Open) -> None:
    orla, bram = (tab.studio.entity(name) for name in ("Orla Finch", "Bram Keel"))
    tab.open(f"#/browse?top=3&add={orla}&open={bram}-2&colour=community&sel={orla}")
    tab.page.get_by_role("button", name="Filter").click()
    tab.page.get_by_label("Least weight of an edge").fill("0.3")
    tab.page.keyboard.press("Enter")
    expect(tab.page).to_have_url(re.compile("weight=0.3"))
    tab.details.get_by_role("heading", name="Orla Finch").wait_for()
    other = tabs(tab.studio)
    other.page.goto(tab.page.url)
    other.page.locator("[aria-busy=false]").wait_for()
    patient()(other.table).to_have_text(tab.table.inner_text(), use_inner_text=True)
    other.details.get_by_role("heading", name="Orla Finch").wait_for()
    assert other.page.get_by_role("combobox", name="Colour by").input_value() == "community"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_system_chooses_the_colours_until_somebody_does(
    tabs: Open, folder_studio: Studio, scheme: str
) -> None:
    tab = tabs(folder_studio, color_scheme=scheme).open()
    theme = "document.documentElement.dataset.theme"
    assert tab.page.evaluate(theme) == scheme
    other = {"light": "dark", "dark": "light"}[scheme]
    tab.page.get_by_role("button", name=f"{other.title()} colours").click()
    assert tab.page.evaluate(theme) == other
    ground = tab.page.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.open("#/coverage")
    assert tab.page.evaluate(theme) == other
    assert tab.page.evaluate("getComputedStyle(document.body).backgroundColor") == ground


def test_the_colours_follow_the_system_while_the_page_is_open(tabs: Open, folder_studio: Studio) -> None:
    tab = tabs(folder_studio, color_scheme="light").open()
    tab.page.emulate_media(color_scheme="dark")
    patient()(tab.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_eight_tabs_of_one_browser_all_work(tabs: Open, folder_studio: Studio) -> None:
    """A browser opens six connections to a server at most, and each open stream takes one."""
    first = tabs(folder_studio).open()
    others = [Tab(folder_studio, first.page.context.new_page()).open() for _ in range(7)]
    others[-1].find("Bram Keel")
    write(folder_studio, 1)
    for tab in (first, others[0], others[-1]):
        tab.page.get_by_role("button", name="Refresh").wait_for()
    assert ended(folder_studio, folder_studio.get("/api/runs").json[0]["run"])["state"] == "finished"
