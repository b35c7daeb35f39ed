"""How many frames a second the studio and pyvis draw while the view is dragged, for benchmarks/studio.py."""

import statistics
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil

from benchmarks.studio_corpus import Served
from benchmarks.studio_page import Page, Row


def frames(browser: Any, served: Served, peer: Path, nodes: int, rounds: int, seconds: float) -> Row:
    """Frames a second in which the picture was drawn anew while the hand drags it, ours and pyvis' in turn.

    Both canvases are of the size that ours has in the window of this benchmark. Frames are the page's animation
    frames; one in which nothing was drawn does not count. The page of `entigraph show` leaves out edges while it
    is dragged where it has more than 1,500: it is measured as it is, and with all edges drawn, as ours draws them.
    """
    ours = Page(browser).open(f"{served.url}/#/browse?top={nodes}").settled()
    box = ours.page.locator(".canvas").bounding_box()
    size = {"width": round(box["width"]), "height": round(box["height"])}
    tabs, boxes = {"studio": ours}, {"studio": box}
    for name in ("pyvis", "pyvis_all_edges"):
        tabs[name], boxes[name] = Page(browser, viewport=size), {"x": 0, "y": 0, **size}
        tabs[name].page.goto(peer.as_uri())
        tabs[name].page.wait_for_timeout(1000)
        assert tabs[name].page.evaluate("window.graphIsDrawn === true")
    hidden = tabs["pyvis"].page.evaluate("network.renderer.options.hideEdgesOnDrag")
    tabs["pyvis_all_edges"].page.evaluate("network.setOptions({ interaction: { hideEdgesOnDrag: false } })")
    seen: dict[str, list[Drag]] = {name: [] for name in tabs}
    for _ in range(rounds):
        for name, one in tabs.items():
            one.page.bring_to_front()
            seen[name].append(dragged(one.page, boxes[name], seconds))
    assert "pin=" not in ours.page.url, "a node was dragged, not the view"
    for one in tabs.values():
        one.close()
    rates = {name: statistics.median(one.rate for one in found) for name, found in seen.items()}
    cpu = {name: statistics.median(one.cpu_ms for one in found) for name, found in seen.items()}
    worst = {name: max(one.worst_gap_ms for one in found) for name, found in seen.items()}
    return {
        "frames_canvas": f"{size['width']} x {size['height']}",
        **{f"frames_{name}_per_second": rate for name, rate in rates.items()},
        "frames_pyvis_hides_edges": hidden,
        "frames_ratio": rates["studio"] / rates["pyvis_all_edges"],
        "frames_ratio_to_page_as_it_is": rates["studio"] / rates["pyvis"],
        **{f"frames_{name}_cpu_ms": spent for name, spent in cpu.items()},
        **{f"frames_{name}_worst_gap_ms": gap for name, gap in worst.items()},
    }


@dataclass(frozen=True, slots=True)
class Drag:
    """Frames a second, the longest time without one, and the processor time of the browser that each took."""

    rate: float
    worst_gap_ms: float
    cpu_ms: float


def dragged(page: Any, box: Row, seconds: float) -> Drag:
    """Hold the ground near the lower right corner and move it to and fro, as fast as the page takes it."""
    at = box["x"] + box["width"] - 12, box["y"] + box["height"] - 12
    there = at[0] - 200, at[1] - 100
    page.mouse.move(*at)
    page.wait_for_timeout(300)
    before = page.screenshot(clip=box)
    page.mouse.down()
    page.mouse.move(at[0] - 8, at[1] - 8)
    page.evaluate("bench.frames()")
    spent = browser_cpu()
    end, step = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        step += 1
        away = 10 + abs(step * 4 % 400 - 200)
        page.mouse.move(at[0] - away, at[1] - away / 2)
    ticks = page.evaluate("bench.stop()")
    spent = browser_cpu() - spent
    page.mouse.move(*there)
    page.wait_for_timeout(200)
    page.mouse.up()
    page.wait_for_timeout(500)
    moved = page.screenshot(clip=box)
    page.mouse.move(*there)  # and back again, so that the next round begins where this one did
    page.mouse.down()
    page.mouse.move(*at, steps=3)
    page.wait_for_timeout(200)
    page.mouse.up()
    drawn = [now for now, painted in ticks if painted]
    if before == moved or len(drawn) < 3:
        raise SystemExit(f"the view did not move with the mouse: {len(drawn)} frames in {seconds} s")
    return Drag(
        rate=1000 * (len(drawn) - 1) / (drawn[-1] - drawn[0]),
        worst_gap_ms=max(b - a for a, b in pairwise(drawn)),
        cpu_ms=1000 * spent / len(drawn),
    )


def browser_cpu() -> float:
    """Seconds of processor time that all processes of our browser have used."""
    total = 0.0
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it has ended
            if "chrom" in one.name():
                times = one.cpu_times()
                total += times.user + times.system
    return total
