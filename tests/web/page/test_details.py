"""What the page tells of an entity, of what joins two, and of a document."""

from tests.web.page.conftest import Tab


def test_an_entity_shows_its_sentences_with_its_name_marked(tab: Tab) -> None:
    tab.find("Orla Finch")
    details = tab.details
    details.get_by_text("Where it is named").wait_for()
    details.locator("mark.entity").first.wait_for()
    assert "Orla" in details.locator("mark.entity").first.inner_text()


def test_evidence_opens_the_document_at_that_place(tab: Tab) -> None:
    tab.find("Orla Finch")
    tab.details.get_by_role("button", name="evidence").first.click()
    tab.details.locator("mark.evidence").first.wait_for()
    said = tab.details.locator(".passage").first
    title = said.locator(".from").inner_text()
    said.locator(".from button").click()
    tab.details.get_by_role("heading", name=title, level=2).wait_for()
    assert tab.details.locator("[data-focus]").is_visible()
    tab.details.get_by_role("button", name="Close document").click()
    tab.details.get_by_role("heading", name="Orla Finch").wait_for()


def test_a_name_in_a_sentence_leads_to_its_entity(tab: Tab) -> None:
    tab.find("林静")
    tab.details.locator(".passage .from button").first.click()
    mark = tab.details.locator("mark.entity button").filter(has_text="Ines Marrow").first
    mark.click()
    tab.details.get_by_role("heading", name="Ines Marrow").wait_for()


def test_a_pair_says_what_joins_it(tab: Tab) -> None:
    tab.find("Orla Finch")
    tab.details.get_by_role("button", name="both").first.click()
    tab.details.get_by_role("heading", name="Two entities").wait_for()
    assert tab.details.get_by_role("button", name="evidence").count() >= 1
    assert (
        tab.details.get_by_role("button", name="Copy as command")
        .get_attribute("title")
        .startswith("entigraph show ")
    )


def test_a_hostile_name_is_text(tab: Tab) -> None:
    tab.find('<script>alert("tide")</script>')
    assert tab.page.evaluate("document.querySelectorAll('body script').length") == 0
    tab.details.locator("mark").filter(has_text="<script>").first.wait_for()


def test_what_was_merged_can_be_taken_apart_and_back(folder_tab: Tab) -> None:
    tab = folder_tab
    ids = [tab.studio.entity(name) for name in ("Orla Finch", "Bram Keel")]
    tab.open(f"#/browse?sel={'.'.join(ids)}")
    tab.details.get_by_role("button", name="Merge into the first").click()
    tab.details.get_by_role("heading", name="Orla Finch").wait_for()
    tab.details.get_by_text("Bram Keel").first.wait_for()
    tab.shows("Bram Keel", False)
    summary = tab.details.get_by_text("Why it is one thing")
    if not tab.details.get_by_role("button", name="Undo the last merge or split").is_visible():
        summary.click()
    tab.details.get_by_role("button", name="Undo the last merge or split").click()
    tab.shows("Bram Keel")
