"""What benchmarks/studio.py measures in Chromium: the page as a person sees it, drawn by software."""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.studio_corpus import Served

AXE = Path(__file__).resolve().parent.parent / "studio" / "node_modules" / "axe-core" / "axe.min.js"
DRAWN_BY_SOFTWARE = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
WINDOW = {"width": 1280, "height": 800}
PATIENCE_MS = 120_000
MARK = "entigraph-first-picture"
LISTED = 20
Row = dict[str, Any]

# Runs before the page does. `then` calls back once the frame that is being made has been handed to the screen.
WATCH = """
(() => {
  const bench = (window.bench = { labels: 0, event: 0, painted: 0 });
  const late = (fail) => setTimeout(() => fail(new Error("the page does not show it")), 60000);
  bench.then = (done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  const pen = CanvasRenderingContext2D.prototype;
  const write = pen.fillText, wipe = pen.clearRect;
  pen.fillText = function (...given) { bench.labels += 1; return write.apply(this, given); };
  pen.clearRect = function (...given) { bench.painted += 1; return wipe.apply(this, given); };
  for (const kind of ["input", "click"]) {
    addEventListener(kind, (event) => { bench.event = event.timeStamp; }, { capture: true });
  }
  bench.first = new Promise((done, fail) => {
    late(fail);
    const look = () => {
      const drawn = performance.getEntriesByName("MARK")[0];
      const rows = document.querySelectorAll("table[aria-label='Entities in view'] tbody tr").length;
      if (!drawn || !rows) return requestAnimationFrame(look);
      const labels = bench.labels;
      const asked = performance.getEntriesByType("resource").find((one) => one.name.endsWith("/api/view"));
      const told = asked ? asked.responseEnd : 0;
      bench.then((at) => done({ told, drawn: drawn.startTime, at, rows, labels }));
    };
    look();
  });
  bench.first.catch(() => undefined); // a page that is no studio: nobody waits
  // The milliseconds from the next event of the hand until the page has in it what is wanted (listed), until the
  // graph was drawn after that (drawn, only if asked for), and until the screen was handed it (shown).
  bench.until = (ready, draws) => new Promise((done, fail) => {
    late(fail);
    bench.event = 0;
    const watch = new MutationObserver(check);
    function check() {
      if (!bench.event || !ready()) return;
      watch.disconnect();
      const listed = performance.now() - bench.event, before = bench.painted;
      const look = () => {
        if (draws && bench.painted === before) return setTimeout(look, 1);
        const drawn = performance.now() - bench.event;
        bench.then((at) => done({ listed, drawn, shown: at - bench.event }));
      };
      look();
    }
    watch.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const same = (found, wanted) => found.length === wanted.length && found.every((one, i) => one === wanted[i]);
  const texts = (where) => [...document.querySelectorAll(where)].map((one) => one.textContent);
  bench.lists = (names) => bench.until(() => same(texts("#found li .name"), names), false);
  bench.brings = (names) => bench.until(() => {
    const rows = new Set(texts("table[aria-label='Entities in view'] tbody th"));
    return names.every((name) => rows.has(name));
  }, true);
  bench.frames = () => {
    const ticks = [];
    let before = bench.painted, on = true;
    const tick = (now) => {
      if (!on) return;
      ticks.push([now, bench.painted > before]);
      before = bench.painted;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    bench.stop = () => { on = false; return ticks; };
  };
})()
""".replace("MARK", MARK)


class Page:
    """A studio in a tab of its own with nothing kept from before; what it complains of is in `complaints`."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": WINDOW, **options})
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda said: self.complaints.extend([said.text] if said.type == "error" else [])
        )

    def open(self, address: str) -> "Page":
        """Go there and wait for the first picture."""
        self.page.goto(address)
        self.page.evaluate("bench.first")
        return self

    def settled(self) -> "Page":
        """Wait until the layout has come to rest."""
        self.page.get_by_role("button", name="Lay out again").wait_for()
        self.page.wait_for_timeout(500)
        return self

    def close(self) -> None:
        """Close the tab. Raises where the page complained of anything."""
        self.context.close()
        assert not self.complaints, self.complaints


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser that the tests use, without graphics hardware."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=list(DRAWN_BY_SOFTWARE)
        )
        try:
            yield browser
        finally:
            browser.close()


def first_picture(browser: Any, served: Served, runs: int, shots: Path | None, name: str) -> Row:
    """Milliseconds from the start of navigation, each in a context of its own, which has nothing in its cache.

    `told`: the page has the answer with the nodes. `drawn`: sigma has drawn nodes and names (the page sets a mark). `first_picture`: as well, the table has rows, and
    two further frames have begun, so that this one was handed to the screen. `settled`: the layout has come to rest.
    """
    seen: list[Row] = []
    settled = []
    for run in range(runs):
        one = Page(browser).open(served.url + "/")
        seen.append(one.page.evaluate("bench.first"))
        if shots and run == 0:
            one.page.screenshot(path=shots / f"{name}-first.png")
        one.page.get_by_role("button", name="Lay out again").wait_for()
        settled.append(one.page.evaluate("performance.now()"))
        if shots and run == 0:
            one.page.wait_for_timeout(500)
            one.page.screenshot(path=shots / f"{name}-settled.png")
        one.close()
    at = [row["at"] for row in seen]
    return {
        "first_picture_median_ms": statistics.median(at),
        "first_picture_worst_ms": max(at),
        "first_told_median_ms": statistics.median(row["told"] for row in seen),
        "first_drawn_median_ms": statistics.median(row["drawn"] for row in seen),
        "first_rows": min(row["rows"] for row in seen),
        "first_labels": min(row["labels"] for row in seen),
        "first_has_labels": all(row["labels"] > 0 for row in seen),
        "settled_median_ms": statistics.median(settled),
    }


def typed(served: Served) -> list[str]:
    """Texts that people may type: letters that very many names have, beginnings, pieces from inside, Chinese."""
    nodes = served.ask("/api/view", {"top": 400})["nodes"]
    latin = [node["name"] for node in nodes if node["name"].isascii()]
    chinese = [node["name"] for node in nodes if not node["name"].isascii()]
    beginnings = [name[:length] for name, length in zip(latin[1:], (2, 3, 4, 6), strict=False)]
    inside = [name[1:5].strip() for name in latin[5:8]]
    return [
        *("a", "u", "meri", latin[0]),
        *beginnings,
        *inside,
        *(name[:1] for name in chinese[:2]),
        *(name[1:] for name in chinese[2:4]),
        *chinese[4:6],
    ]


def search(browser: Any, served: Served, rounds: int) -> Row:
    """Milliseconds from the event of a letter until the names that the server finds for all of them are listed (shown:
    two frames later, which is the drawing by software).

    The last letter of each text is typed after the list of those before it is there; that list counts as well.
    What the list shows must change, or there is nothing to see: such a step is left out.
    """
    one = Page(browser).open(served.url + "/").settled()
    box = one.page.get_by_role("searchbox", name="Search entities")
    times: list[Row] = []
    texts = typed(served)
    for text in texts * rounds:
        box.fill("")
        one.page.locator("#found").wait_for(state="detached")
        listed: list[str] = []
        for part in filter(None, (text[:-1].strip(), text)):
            found = served.ask(f"/api/search?limit={LISTED}&q={quote(part)}")
            names = [row["name"] + (f" also {row['alias']}" if row["alias"] else "") for row in found]
            more = part[len(text[:-1].strip()) :] if part is text else part
            waiting = one.page.evaluate_handle("names => ({ seen: bench.lists(names) })", names)
            one.page.keyboard.insert_text(more)
            if names != listed:
                times.append(waiting.evaluate("one => one.seen"))
            listed = names
    asked = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/api/search'))"
    requests = one.page.evaluate(f"{asked}.map((one) => one.duration)")
    one.close()
    listed_ms = [row["listed"] for row in times]
    return {
        "search_median_ms": statistics.median(listed_ms),
        "search_p95_ms": statistics.quantiles(listed_ms, n=20)[-1],
        "search_worst_ms": max(listed_ms),
        "search_request_median_ms": statistics.median(requests),
        "search_shown_median_ms": statistics.median(row["shown"] for row in times),
        "search_texts": len(texts),
        "search_steps": len(times),
    }


def expand(browser: Any, served: Served, hub: str, runs: int) -> Row:
    """Milliseconds from the click on "Expand" until the first 50 neighbours are in the table and sigma has drawn them
    (shown: two frames later, which is the drawing by software).
    """
    wanted = served.ask(f"/api/entities/{hub}/neighbours?limit=50")
    names = [row["name"] for row in wanted["neighbours"]]
    one = Page(browser).open(f"{served.url}/#/browse?sel={hub}").settled()
    details = one.page.get_by_role("complementary", name="Details")
    times = []
    for _ in range(runs):
        button = details.get_by_role("button", name="Expand")
        button.wait_for()
        waiting = one.page.evaluate_handle("names => ({ seen: bench.brings(names) })", names)
        button.click()
        times.append(waiting.evaluate("one => one.seen"))
        one.settled()
        details.get_by_role("button", name="Collapse").click()
        details.get_by_role("button", name="Collapse").wait_for(state="detached")
        one.settled()
    one.close()
    return {
        "hub_degree": wanted["total"],
        "expand_median_ms": statistics.median(row["drawn"] for row in times),
        "expand_worst_ms": max(row["drawn"] for row in times),
        "expand_listed_median_ms": statistics.median(row["listed"] for row in times),
        "expand_shown_median_ms": statistics.median(row["shown"] for row in times),
    }


def axe(browser: Any, served: Served, addresses: Sequence[str]) -> Row:
    """How many serious and critical violations axe-core finds in all, light and dark, and which."""
    found: list[str] = []
    for scheme in ("light", "dark"):
        one = Page(browser, color_scheme=scheme)
        for address in addresses:
            one.page.goto("about:blank")
            one.page.goto(f"{served.url}/{address}")
            one.page.locator("[aria-busy=false]").wait_for()
            one.page.wait_for_timeout(1500)  # answers that the tab waits for; its events never end
            one.page.evaluate(AXE.read_text("utf-8"))
            ran = one.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found += [
                f"{scheme} {address}: {what['id']} {what['nodes'][0]['html'][:120]}"
                for what in ran["violations"]
                if what["impact"] in ("serious", "critical")
            ]
        one.close()
    return {"axe_pages": 2 * len(addresses), "axe_serious": len(found), "axe_found": found}
