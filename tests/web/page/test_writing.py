"""From what is selected to texts, and what the texts cover."""

import re

from playwright.sync_api import expect

from tests.lm.conftest import FakeServer
from tests.web.page.conftest import Open, Serve, Studio, Tab, patient
from tests.web.writing import until, write


def start(tab: Tab, number: int = 2) -> None:
    """Open the dialog for what is selected and choose the model that repeats its prompt."""
    page = tab.page
    page.get_by_role("button", name="Generate").click()
    dialog = page.get_by_role("dialog", name="Generate texts")
    dialog.get_by_role("combobox", name="Model").select_option("echo")
    dialog.get_by_label("Subgraphs at most").fill(str(number))


def test_the_exact_prompt_and_the_price_are_seen_before_anything_is_sent(tab: Tab) -> None:
    tab.find("Orla Finch")
    start(tab, 1)
    dialog = tab.page.get_by_role("dialog", name="Generate texts")
    dialog.get_by_role("combobox", name="Strategy").select_option("describe")
    preview = dialog.get_by_role("region", name="Prompt preview")
    preview.get_by_text("Orla Finch").first.wait_for()
    assert "tokens in" in preview.inner_text()
    assert re.search(r"\$\d", preview.inner_text())
    assert dialog.get_by_role("button", name="Start").is_enabled()
    command = dialog.get_by_role("button", name="Copy as command").get_attribute("title")
    assert command.startswith("entigraph generate ")
    assert tab.studio.get("/api/texts").json["total"] == 0


def test_texts_come_with_their_checks_and_can_be_accepted_rejected_and_edited(tab: Tab) -> None:
    start(tab)
    page = tab.page
    dialog = page.get_by_role("dialog", name="Generate texts")
    dialog.get_by_role("button", name="Start").click()
    dialog.locator("article").nth(1).wait_for()
    first = dialog.locator("article").first
    first.get_by_text("copying").first.wait_for()  # echo repeats its prompt
    first.get_by_role("button", name="Accept").click()
    first.get_by_text("accepted", exact=True).wait_for()
    first.get_by_role("button", name="Reject").click()
    first.get_by_role("textbox", name="Why it is rejected").fill("it is a copy")
    first.get_by_role("button", name="Reject").click()
    first.get_by_text("rejected", exact=True).wait_for()
    first.get_by_role("button", name="Edit").click()
    first.get_by_role("textbox", name="The text in your words").fill("Orla Finch wrote to Bram Keel.")
    first.get_by_role("button", name="Keep").click()
    first.get_by_text("edited", exact=True).wait_for()
    found = tab.studio.get("/api/texts", status="edited").json
    assert [row["begins"] for row in found["texts"]] == ["Orla Finch wrote to Bram Keel."]


def test_the_view_is_coloured_by_what_texts_cover_and_the_slider_goes_back(tab: Tab) -> None:
    write(tab.studio, 3)
    page = tab.page
    tab.open("#/browse?colour=coverage")
    slider = page.get_by_role("slider", name="Coverage after so many texts")
    assert slider.input_value() == "3"
    legend = page.get_by_role("list", name=re.compile("^Texts that cover it"))
    before = legend.inner_text()
    slider.focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile("after=0"))
    expect(legend).not_to_have_text(before)
    assert "no text" in legend.inner_text()


def test_coverage_shows_curves_and_what_a_target_takes(tab: Tab) -> None:
    write(tab.studio, 3)
    tab.open("#/coverage")
    page = tab.page
    page.get_by_role("img", name=re.compile("^Coverage of the relations")).wait_for()
    page.get_by_text("texts asked for").wait_for()
    page.get_by_role("combobox", name="What to reckon").select_option("texts")
    page.get_by_label("Texts", exact=True).fill("2")
    page.get_by_text("2 subgraphs").wait_for()
    page.get_by_role("button", name="Generate").click()
    dialog = page.get_by_role("dialog", name="Generate texts")
    assert dialog.get_by_label("Subgraphs at most").input_value() == "2"


def test_a_text_leads_to_its_sources_its_prompt_and_the_graph(tab: Tab) -> None:
    newest = write(tab.studio, 1)[0]
    tab.open(f"#/texts?text={newest}")
    page = tab.page
    page.get_by_text("Exact prompt").click()
    page.locator("pre").first.wait_for()
    assert page.locator("article .passage").count() >= 1
    page.get_by_role("button", name=re.compile("^Show in the graph")).click()
    tab.details.get_by_role("heading", level=2).wait_for()


def test_runs_are_listed_with_why_texts_were_rejected(tab: Tab) -> None:
    start(tab)
    page = tab.page
    dialog = page.get_by_role("dialog", name="Generate texts")
    dialog.get_by_role("button", name="Start").click()
    dialog.get_by_role("button", name="Done").wait_for()
    dialog.get_by_role("button", name="See in Runs").click()
    page.get_by_role("table", name="Runs").get_by_role("row").nth(1).wait_for()
    page.get_by_text("Rejected, one of each reason").wait_for()
    assert (
        page.get_by_role("button", name="Copy as command")
        .first.get_attribute("title")
        .startswith("entigraph runs resume")
    )


def test_a_server_that_only_reads_offers_no_writing(serve: Serve, tabs: Open, folder_corpus: str) -> None:
    tab = tabs(serve(folder_corpus, read_only=True)).open()
    assert tab.page.get_by_text("read only").is_visible()
    assert tab.details.get_by_role("button", name="Generate").is_disabled()
    tab.find("Orla Finch")
    assert tab.page.get_by_role("button", name="Undo the last merge or split").count() == 0


def test_what_is_reckoned_and_which_texts_are_listed_is_in_the_address(tab: Tab, tabs: Open) -> None:
    write(tab.studio, 2)
    page = tab.page
    page.get_by_role("tab", name="Coverage").click()
    page.get_by_role("combobox", name="Unit").select_option("triangles")
    page.get_by_role("combobox", name="What to reckon").select_option("tokens")
    page.get_by_label("Tokens", exact=True).fill("5000")
    expect(page).to_have_url(re.compile("unit=triangles.*amount=5000"))
    other = tabs(tab.studio).open(page.evaluate("location.hash")).page
    assert other.get_by_role("combobox", name="Unit").input_value() == "triangles"
    assert other.get_by_label("Tokens", exact=True).input_value() == "5000"
    page.get_by_role("tab", name="Texts").click()
    page.get_by_role("combobox", name="Status").select_option("rejected")
    page.get_by_text("No text fits.").wait_for()
    other = tabs(tab.studio).open(page.evaluate("location.hash")).page
    other.get_by_text("No text fits.").wait_for()
    assert other.get_by_role("combobox", name="Status").input_value() == "rejected"
    page.go_back()
    page.get_by_text("2 texts, the newest first").wait_for()


def test_what_was_rejected_is_tried_again_with_the_reasons(folder_studio: Studio, tabs: Open) -> None:
    tab = tabs(folder_studio).open()
    start(tab)
    page = tab.page
    dialog = page.get_by_role("dialog", name="Generate texts")
    dialog.get_by_role("button", name="Start").click()
    dialog.get_by_role("button", name="Done").wait_for()
    run = folder_studio.get("/api/runs").json[0]
    rejected = sum(run["rejected"].values())
    assert rejected, "echo repeats its prompt"
    before = folder_studio.get("/api/texts").json["total"]
    dialog.get_by_role("button", name=f"Try the {rejected} rejected again").click()
    page.get_by_text(f"{run['command']} --retry-rejected 1").wait_for()
    until(lambda: folder_studio.get("/api/texts").json["total"] == before + rejected)
    newest = folder_studio.get("/api/texts").json["texts"][0]["id"]
    prompt = folder_studio.get(f"/api/texts/{newest}").json["prompt"]
    assert "was not accepted, for these reasons" in prompt[-1]["content"]
    dialog.get_by_role("button", name="Done").wait_for()
    dialog.get_by_role("button", name="See in Runs").click()
    row = page.get_by_role("table", name="Runs").get_by_role("row").nth(1)
    assert re.fullmatch(r"\d\d:\d\d", row.locator("time").inner_text())


def test_a_text_appears_word_by_word(model: FakeServer, folder_studio: Studio, tabs: Open) -> None:
    model.pause = 0.3
    tab = tabs(folder_studio).open()
    tab.find("Orla Finch")
    folder_studio.post(
        "/api/generate", {"model": model.name, "subgraphs": [[folder_studio.entity("Orla Finch")]]}
    )
    tab.page.get_by_role("tab", name="Runs").click()
    growing = tab.page.get_by_role("group", name="Being written: Orla Finch")
    growing.get_by_text("Answer to").wait_for()
    first = growing.locator(".reading").inner_text()
    patient()(growing.locator(".reading")).not_to_have_text(first)
    assert growing.locator(".reading").inner_text().startswith(first)
    model.pause = 0.0
    patient()(growing).to_have_count(0)
    tab.page.get_by_role("link", name="Orla Finch").or_(
        tab.page.get_by_role("button", name="Orla Finch")
    ).first.wait_for()
