"""The pictures of the studio in the docs: `docs/images/studio.py CORPUS` writes studio.png and studio-dark.png beside it.

It needs Chromium, Pillow (which matplotlib brings) and the built page (`make studio`).
"""

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

import entigraph

HERE = Path(__file__).parent
SIZE = {"width": 1360, "height": 820}
SELECTED = "Company of Dew-Weighers"


def chosen(page: Page, name: str) -> None:
    """Search for an entity and select it."""
    page.get_by_role("searchbox", name="Search entities").fill(name)
    page.get_by_role("listbox", name="Entities found").get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="evidence").first.click()
    page.locator("mark.evidence").first.wait_for()


def main(corpus: str) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with entigraph.studio(corpus, open=False) as studio, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        )
        for name, scheme in (("studio", "light"), ("studio-dark", "dark")):
            page = browser.new_page(viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(studio.url)
            page.get_by_role("button", name="Lay out again").wait_for()
            if scheme == "light":
                chosen(page, SELECTED)
            else:
                page.get_by_role("combobox", name="Colour by").select_option("community")
            page.wait_for_timeout(1500)  # the last frames of the layout
            picture = Image.open(BytesIO(page.screenshot()))
            picture.convert("RGB").quantize(160).save(HERE / f"{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
