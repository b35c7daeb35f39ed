"""The built page in a real Chromium, on the small corpus of the studio."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import HAS_STUDIO, Serve, Studio

collect_ignore_glob = [] if HAS_STUDIO and find_spec("playwright") else ["test_*.py"]

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "studio" / "node_modules" / "axe-core" / "axe.min.js"
DRAWN_BY_SOFTWARE = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
PATIENCE_MS = 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.chromium)
            item.add_marker(pytest.mark.studio)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Any]:
    """One browser for the tests of a module. While it is there, this thread has an event loop of Playwright's: nothing
    else may run one, so it does not outlive the module."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(chromium), args=list(DRAWN_BY_SOFTWARE))
        yield running
        running.close()


@dataclass
class Tab:
    """The page of a studio in a tab of its own; what it complained of is in `complaints`."""

    studio: Studio
    page: Any
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str = "") -> "Tab":
        """Go to the page, at an address such as "#/runs", and wait until it shows the corpus."""
        self.page.goto("about:blank")  # another part after the # alone would load nothing anew
        self.page.goto(self.studio.url.rstrip("/") + "/" + address)
        self.page.locator("[aria-busy=false]").wait_for()
        return self

    def find(self, name: str) -> None:
        """Search for an entity and choose the first that is found."""
        self.page.get_by_role("searchbox", name="Search entities").fill(name)
        self.page.get_by_role("listbox", name="Entities found").get_by_role("option").first.wait_for()
        self.page.keyboard.press("Enter")
        self.details.get_by_role("heading", name=name, level=2).wait_for()

    @property
    def details(self) -> Any:
        return self.page.get_by_role("complementary", name="Details")

    @property
    def rows(self) -> list[str]:
        """Names of the entities in view, as the table has them."""
        return list(self.table.get_by_role("rowheader").all_inner_texts())

    @property
    def table(self) -> Any:
        return self.page.get_by_role("table", name="Entities in view")

    def has(self, count: int, *, selected: bool = False) -> None:
        """Wait until so many entities are in view, or so many of them selected."""
        rows = self.table.locator("tbody tr[aria-selected=true]" if selected else "tbody tr")
        patient()(rows).to_have_count(count)

    def shows(self, name: str, shown: bool = True) -> None:
        """Wait until an entity is in view, or no longer."""
        patient()(self.table.get_by_role("rowheader", name=name, exact=True)).to_have_count(int(shown))


def patient() -> Any:
    """Playwright's `expect` with the patience of these tests."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE_MS)
    return expect


Open = Any


@pytest.fixture
def tabs(browser: Any, serve: Serve) -> Iterator[Open]:
    """`tabs(studio)`: a tab that shows this studio; nothing it logs may be an error when the test ends.

    It rests on `serve`, so that tabs are closed before their server is stopped.
    """
    made: list[tuple[Any, Tab]] = []

    def make(studio: Studio, **options: Any) -> Tab:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
        context.set_default_timeout(PATIENCE_MS)
        tab = Tab(studio, context.new_page())
        tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.page.on(
            "console", lambda said: tab.complaints.extend([said.text] if said.type == "error" else [])
        )
        made.append((context, tab))
        return tab

    yield make
    for context, _ in made:
        with suppress(Exception):
            context.close()
    for _, tab in made:
        assert tab.complaints == []


@pytest.fixture
def tab(studio: Studio, tabs: Open) -> Tab:
    """The page of the small corpus, on each kind of store. It is closed before the corpus is removed: `tabs` comes last."""
    return tabs(studio).open()  # type: ignore[no-any-return]


@pytest.fixture
def folder_tab(folder_studio: Studio, tabs: Open) -> Tab:
    """The page of the small corpus in a folder."""
    return tabs(folder_studio).open()  # type: ignore[no-any-return]


__all__ = ["Open", "Serve", "Studio", "Tab"]
