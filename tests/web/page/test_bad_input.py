"""The page when something goes wrong or is beyond measure: a clear state, and nothing lost."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from entigraph import places
from entigraph.web.desk import Desk
from entigraph.web.serving import Server
from tests.lm.conftest import FakeServer
from tests.web.conftest import Serve, Studio, build
from tests.web.page.conftest import Open, Tab, patient
from tests.web.test_bad_input_routes import MISCHIEF, RELATIONS, large, mischief
from tests.web.writing import ended, until

__all__ = ["large", "mischief"]
EXACT = re.compile
LISTED = 200
"""Letters of a name that a list shows."""


def visible(name: str) -> str:
    """What of a name is to be seen in a list: its beginning, and no marks that turn what follows about."""
    return name[: LISTED - 1].strip("\u202e\u202c")


@pytest.fixture
def model(folder_corpus: str) -> Iterator[FakeServer]:
    """An OpenAI-compatible server on this machine, the model of the corpus."""
    with FakeServer() as server:
        with places.opened(folder_corpus) as store:
            store.set_settings(model=server.name)
        yield server


# ---- names ---------------------------------------------------------------------------------------


def test_a_name_is_only_ever_text(mischief: Studio, tabs: Open) -> None:
    tab = tabs(mischief)
    opened: list[Any] = []
    tab.page.on("dialog", lambda one: opened.append(one))
    tab.open()
    page, box = tab.page, tab.page.get_by_role("searchbox", name="Search entities")
    assert len(tab.rows) == len(MISCHIEF)
    assert max(map(len, tab.rows)) == LISTED
    assert {MISCHIEF[kind] for kind in ("SQL", "Cypher", "a script", "emoji", "Chinese")} <= set(tab.rows)
    for kind, name in MISCHIEF.items():
        box.fill(name[:300])
        page.get_by_role("option").filter(has_text=visible(name)).first.wait_for()
        page.keyboard.press("Enter")
        heading = tab.details.get_by_role("heading", level=2)
        patient()(heading).to_have_text(name if len(name) <= 400 else name[:400] + "…")
        patient()(tab.details.get_by_role("button", name="Generate")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), kind
        assert tab.details.evaluate(
            "side => side.querySelector('.scroll').scrollWidth <= side.clientWidth"
        ), kind
        direction = heading.evaluate("one => getComputedStyle(one).direction")
        assert direction == ("rtl" if re.match("[\u0590-\u06ff]", name) else "ltr"), kind
    assert opened == []
    assert page.evaluate("document.querySelectorAll('body script, body img[src=x]').length") == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_names_of_ten_thousand_letters_leave_room_for_all_else(
    mischief: Studio, tabs: Open, width: int
) -> None:
    tab = tabs(mischief)
    tab.page.set_viewport_size({"width": width, "height": 800})
    long = mischief.get("/api/search", q="nnnnnnnnnn").json[0]["id"]
    script = mischief.get("/api/search", q="<script>").json[0]["id"]
    tab.open(f"#/browse?sel={long}.{script}")
    patient()(tab.details.get_by_role("button", name="Generate")).to_be_in_viewport()
    tab.page.get_by_role("button", name="Table", exact=True).click()
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    patient()(tab.page.get_by_role("toolbar", name="Graph tools")).to_be_in_viewport()
    tab.page.get_by_role("searchbox", name="Search entities").fill("n")
    found = tab.page.get_by_role("option").first
    found.wait_for()
    assert found.bounding_box()["height"] < 120


def test_the_prompt_about_a_mischievous_name_is_text_too(mischief: Studio, tabs: Open) -> None:
    tab = tabs(mischief).open()
    tab.find(MISCHIEF["a script"])
    tab.details.get_by_role("button", name="Generate").click()
    dialog = tab.page.get_by_role("dialog", name="Generate texts")
    dialog.get_by_role("combobox", name="Model").select_option("echo")
    dialog.locator("pre").filter(has_text="<script>alert(1)</script>").first.wait_for()
    assert tab.page.evaluate("document.querySelectorAll('body script').length") == 0


# ---- very many relations -------------------------------------------------------------------------


def test_ten_million_relations_open_as_an_overview(large: Studio, tabs: Open) -> None:
    tab = tabs(large)
    tab.open()
    tab.has(150)
    tab.page.get_by_text(EXACT("3,000 edges, the heaviest of 1\\d,")).wait_for()
    tab.page.get_by_text(f"{RELATIONS:,}", exact=True).wait_for()
    tab.find("entity 4711")
    tab.shows("entity 4711")
    tab.details.get_by_role("button", name="Expand").click()
    patient()(tab.table.locator("tbody tr")).not_to_have_count(151)
    assert len(tab.rows) <= 2_000


# ---- the server ----------------------------------------------------------------------------------


@pytest.fixture
def restarts(folder_corpus: str) -> Iterator[Callable[[], Studio]]:
    """Starts the server of the corpus at one port, and the next time again there."""
    with ExitStack() as held:
        port = 0

        def start() -> Studio:
            nonlocal port
            held.close()
            desk = held.enter_context(Desk(folder_corpus))
            server = Server(desk, port=port)
            held.callback(server.stop)
            server.start()
            port = server.door.port
            return Studio(server.url, {}, folder_corpus, desk, server)

        yield start


def test_a_server_that_is_restarted_is_found_again_and_shows_what_is_new(
    restarts: Callable[[], Studio], tabs: Open, tmp_path: Path
) -> None:
    tab = tabs(restarts()).open()
    page = tab.page
    tab.find("Orla Finch")
    tab.studio.server.stop()
    page.get_by_text("The server is away").wait_for()
    page.get_by_role("searchbox", name="Search entities").fill("Bram")
    page.get_by_role("search").get_by_text("The server does not answer").wait_for()
    page.get_by_role("searchbox", name="Search entities").fill("")
    build(
        tab.studio.place,
        tmp_path / "more",
        {"new.md": "Orla Finch saw Zeb Aster."},
        "Orla Finch\nZeb Aster\n",
    )
    restarts()
    patient()(page.get_by_text("The server is away")).to_be_hidden()
    tab.details.get_by_role("heading", name="Orla Finch").wait_for()
    tab.find("Zeb Aster")
    tab.details.get_by_text("1 of 1 neighbour shown").wait_for()
    tab.shows("Zeb Aster")
    tab.complaints.clear()  # the browser logs that nobody answered


def test_what_was_chosen_and_typed_outlives_a_restart(restarts: Callable[[], Studio], tabs: Open) -> None:
    tab = tabs(restarts()).open()
    page = tab.page
    page.get_by_role("button", name="Generate").click()
    dialog = page.get_by_role("dialog", name="Generate texts")
    dialog.get_by_role("combobox", name="Model").select_option("echo")
    dialog.get_by_label("Subgraphs at most").fill("2")
    dialog.locator("pre").first.wait_for()
    tab.studio.server.stop()
    dialog.get_by_role("button", name="Start").click()
    dialog.get_by_text("The server does not answer").wait_for()
    again = restarts()
    patient()(page.get_by_text("The server is away")).to_be_hidden()
    assert dialog.get_by_label("Subgraphs at most").input_value() == "2"
    dialog.get_by_role("button", name="Start").click()
    dialog.get_by_role("button", name="Done").wait_for()
    assert again.get("/api/texts").json["total"] == 2
    tab.complaints.clear()


# ---- the model -----------------------------------------------------------------------------------


def open_dialog(tab: Tab, number: int) -> Any:
    """The dialog for the uncovered of the view, with the model of the corpus."""
    tab.page.get_by_role("button", name="Generate").click()
    dialog = tab.page.get_by_role("dialog", name="Generate texts")
    dialog.get_by_label("Subgraphs at most").fill(str(number))
    patient()(dialog.get_by_role("button", name="Start")).to_be_enabled()
    dialog.get_by_text(f"{number} request").first.wait_for()
    return dialog


@pytest.mark.parametrize(("fault", "said"), [("drop", "broke before the answer"), ("500", "fault 500")])
def test_a_model_that_fails_midway_is_told_of_and_asked_again_only_for_what_is_missing(
    model: FakeServer, folder_studio: Studio, tabs: Open, fault: str, said: str
) -> None:
    model.behave = lambda n, body: "ok" if n < 2 else fault
    tab = tabs(folder_studio).open()
    dialog = open_dialog(tab, 4)
    dialog.get_by_role("button", name="Start").click()
    dialog.get_by_text(EXACT(said)).first.wait_for()  # while the run waits to ask again
    dialog.get_by_role("button", name="Done").wait_for()
    dialog.get_by_text(EXACT(said)).first.wait_for()
    assert len(dialog.locator("article").all()) == 2, "what came is there"
    run = folder_studio.get("/api/runs").json[0]["run"]
    dialog.get_by_role("button", name="See in Runs").click()
    details = tab.page.get_by_role("region", name=f"Run {run}")
    details.get_by_text(EXACT(said)).first.wait_for()
    model.behave = lambda n, body: "ok"
    known = len(model.bodies)
    details.get_by_role("button", name=EXACT("Ask again")).click()
    until(lambda: folder_studio.get(f"/api/runs/{run}").json["row"]["failed"] == 0)
    row = ended(folder_studio, run)
    assert (row["state"], row["left"]) == ("finished", 0)
    assert len(model.bodies) == known + 2, "nothing is paid for twice"
    assert folder_studio.get("/api/texts").json["total"] == 4


def test_a_text_that_breaks_off_while_it_is_written_is_taken_back_and_written_again(
    model: FakeServer, folder_studio: Studio, tabs: Open
) -> None:
    model.behave = lambda n, body: "cut" if n == 0 else "ok"
    model.pause = 0.03
    tab = tabs(folder_studio).open()
    dialog = open_dialog(tab, 1)
    dialog.get_by_role("button", name="Start").click()
    growing = dialog.get_by_role("group", name=EXACT("^Being written"))
    growing.get_by_text("Answer to").wait_for()
    dialog.get_by_text(EXACT("was cut after|broke before")).first.wait_for()  # and is asked for again
    model.pause = 0.0
    patient()(dialog.locator("article")).to_have_count(1)
    patient()(growing).to_have_count(0)
    assert len(model.bodies) == 2
    assert folder_studio.get("/api/texts").json["total"] == 1


def test_the_dialog_itself_offers_to_ask_again(model: FakeServer, folder_studio: Studio, tabs: Open) -> None:
    model.behave = lambda n, body: "ok" if n < 1 else "400"
    tab = tabs(folder_studio).open()
    dialog = open_dialog(tab, 3)
    dialog.get_by_role("button", name="Start").click()
    dialog.get_by_role("button", name="Done").wait_for()
    model.behave = lambda n, body: "ok"
    dialog.get_by_role("button", name=EXACT("Ask again")).click()
    patient()(dialog.locator("article")).to_have_count(3)


def test_a_model_that_goes_away_is_waited_for_and_can_be_given_up(
    model: FakeServer, folder_studio: Studio, tabs: Open
) -> None:
    model.behave = lambda n, body: "ok" if n < 1 else "slow"
    tab = tabs(folder_studio).open()
    dialog = open_dialog(tab, 8)
    dialog.get_by_role("button", name="Start").click()
    dialog.locator("article").first.wait_for()
    model.stop()
    dialog.get_by_text(EXACT("127.0.0.1.*(again in|Waiting)")).first.wait_for()
    dialog.get_by_role("button", name="Cancel").click()
    dialog.get_by_role("button", name="Done").wait_for()
    dialog.get_by_text("it was stopped").wait_for()
    kept = folder_studio.get("/api/texts").json["total"]
    assert kept >= 1
    model.behave = lambda n, body: "ok"
    model.start()
    dialog.get_by_role("button", name="Resume").click()
    patient()(dialog.locator("article")).to_have_count(8)
    assert folder_studio.get("/api/texts").json["total"] == 8
    assert min(model.times_asked().values()) == 1, "what came is not asked for again"


# ---- two at once ---------------------------------------------------------------------------------


def test_two_tabs_that_start_the_same_run_are_told_and_both_can_watch(
    model: FakeServer, folder_studio: Studio, tabs: Open
) -> None:
    model.delay = 1.5
    one, other = tabs(folder_studio).open(), tabs(folder_studio).open()
    dialogs = [open_dialog(tab, 4) for tab in (one, other)]
    dialogs[0].get_by_role("button", name="Start").click()
    dialogs[0].get_by_role("button", name="Cancel").wait_for()
    dialogs[1].get_by_role("button", name="Start").click()
    dialogs[1].get_by_text("is under way already").wait_for()
    model.delay = 0.0
    dialogs[0].get_by_role("button", name="Done").wait_for()
    other.page.keyboard.press("Escape")
    other.page.get_by_role("tab", name="Runs").click()
    patient()(other.page.get_by_role("table", name="Runs").get_by_role("row")).to_have_count(2)
    assert len(model.bodies) == 4
    other.complaints.clear()  # the browser logs the 409


def test_two_tabs_that_start_different_runs_both_go_on(
    model: FakeServer, folder_studio: Studio, tabs: Open
) -> None:
    model.delay = 0.5
    tabs_ = [tabs(folder_studio).open(), tabs(folder_studio).open()]
    dialogs = []
    for tab, name in zip(tabs_, ("Orla Finch", "林静"), strict=True):
        tab.find(name)
        dialogs.append(open_dialog(tab, 1))
    for dialog in dialogs:
        dialog.get_by_role("button", name="Start").click()
    for dialog, name in zip(dialogs, ("Orla Finch", "林静"), strict=True):
        dialog.get_by_role("button", name="Done").wait_for()
        patient()(dialog.locator("article")).to_have_count(1)
        dialog.locator("article").filter(has_text=name).wait_for()
    assert len(folder_studio.get("/api/runs").json) == 2
    assert folder_studio.get("/api/texts").json["total"] == 2


def test_a_corpus_built_anew_under_the_page_is_told(
    folder_studio: Studio, tabs: Open, serve: Serve, tmp_path: Path
) -> None:
    import shutil

    tab = tabs(folder_studio).open()
    shutil.rmtree(folder_studio.place)
    build(folder_studio.place, tmp_path / "anew", {"a.md": "Zog sat."}, "Zog\n")
    tab.page.get_by_role("tab", name="Texts").click()
    tab.page.get_by_text("Start the server again").first.wait_for()
    tab.page.get_by_role("tab", name="Runs").click()
    tab.page.get_by_text("Start the server again").first.wait_for()
    tab.page.get_by_role("tab", name="Coverage").click()
    tab.page.get_by_text("Start the server again").first.wait_for()
    tab.complaints.clear()
