"""How soon the studio shows, finds and expands, how smoothly it moves, what it weighs and what it bears.

    python benchmarks/studio.py [--quick] [--entities 50000] [--relations 200000] [--degree 5000] [--seed 1]
                                [--store sqlite] [--store bolt://user:password@host:port]
                                [--parts first,search,expand,frames,axe,weight,load] [--runs 10]
                                [--screenshots FOLDER] [--folder DIR]

The page must be built (`make studio`). Chromium runs headless and draws by software; the studio is a process of
its own, `entigraph serve`. Without --store it is measured on a folder and, where our development server answers
(`entigraph neo4j status`), on Neo4j; what depends on no store (frames, axe, weight) on the first of them. The
corpus on Neo4j bears a name of its own and is removed at the end.

Generator: benchmarks/studio_corpus.py; pairs of a power law with many triangles, one entity of 5,000 neighbours,
documents that state some of it, texts of the model that says back what it is asked.

first     a new browser context, without a cache, at a warm server, until sigma has drawn nodes and names, the table
          "Entities in view" has rows, and two more frames have begun; the median is judged, the worst printed
search    from the event of a letter until the names that the route finds are listed; the 95th percentile is judged
expand    from the click until the 50 are in the table and sigma has drawn them; the median is judged
frames    in which the picture was drawn anew, while a mouse drags it, after all layouts rest; pyvis (the page of
          `entigraph show`) has the same entities and joined pairs on a canvas of the same size, in turn with ours.
          That page leaves out edges while it moves where there are more than 1,500: the ratio judged is to the same
          page told to draw them all, as ours does; that to the page as it is is printed as well
axe       serious and critical violations on every tab, light and dark, with and without something chosen
weight    gzip of every file of the built page; the server sends them as it likes
load      50 clients without a pause for 30 s on mixed routes; memory is flat below 10 % over the last half

Prints a table to stderr and one JSON object to stdout; exit 1 where a number is missed. Limits are judged at full
size (50,000 and 200,000), what must be true at any: no error under load, no violation, the same graph in both.
"""

import argparse
import gzip
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:] = [str(HERE.parent), *(place for place in sys.path if Path(place or ".").resolve() != HERE)]

import numpy as np  # noqa: E402

from benchmarks import studio_corpus as corpora  # noqa: E402
from benchmarks import studio_frames, studio_load, studio_page  # noqa: E402
from entigraph import neo4j_server, places  # noqa: E402
from entigraph.config import neo4j_home  # noqa: E402
from entigraph.web.app import STATIC  # noqa: E402
from kg.page import show  # noqa: E402
from kg.parts import part_of  # noqa: E402
from kg.stores.neo4j.address import parse  # noqa: E402

PARTS = ("first", "search", "expand", "load")
ONCE = ("frames", "axe", "weight")
AT_MOST = {
    "first_picture_median_ms": 1500.0,
    "search_p95_ms": 100.0,
    "expand_median_ms": 200.0,
    "weight_gzip_kb": 500.0,
    "memory_growth": studio_load.FLAT,
}
AT_LEAST = {"frames_ratio": 1.0}
NONE = ("axe_serious", "load_errors")
TRUE = ("first_has_labels", "frames_same_graph")
Row = dict[str, Any]


def main() -> int:
    """Run it; 1 where a limit is missed at full size, or something is wrong at any."""
    options = asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was begun is ended on the way out
    found = Found(options.entities >= 50_000 and options.relations >= 200_000)
    found.add("", {name: getattr(options, name) for name in ("entities", "relations", "degree", "seed")})
    found.add("", {"cores": len(os.sched_getaffinity(0)), "load_average_before": os.getloadavg()[0]})
    made = corpora.made(options.entities, options.relations, options.degree, options.documents, options.seed)
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="eg-bench-") as name:
        folder = Path(name)
        for kind, where in (("LOCAL", "local"), ("LOG", "log"), ("CONFIG", "config.toml")):
            os.environ[f"ENTIGRAPH_{kind}"] = str(folder / where)
        for number, store in enumerate(stores(options.store)):
            place = place_of(store, folder)
            kind = "neo4j" if places.is_address(place) else "sqlite"
            wanted = [part for part in options.parts if number == 0 or part in PARTS]
            try:
                corpora.write(place, made, options.texts)
                with corpora.served(place) as served:
                    for row in measured(served, place, made, wanted, options, folder, kind):
                        found.add(f"{kind}_", row)
            finally:
                corpora.remove(place)
    found.add("", {"load_average_after": os.getloadavg()[0]})
    print(json.dumps({**found.rows, "missed": found.missed}, ensure_ascii=False))
    return 1 if found.missed else 0


def asked() -> argparse.Namespace:
    """The options, filled in."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="small and short; limits are not judged")
    parser.add_argument("--entities", type=int, default=None, help="50000; quick: 3000")
    parser.add_argument("--relations", type=int, default=None, help="200000; quick: 12000")
    parser.add_argument("--degree", type=int, default=None, help="neighbours of the hub, 5000; quick: 300")
    parser.add_argument("--runs", type=int, default=None, help="first pictures and expansions, 10; quick: 3")
    parser.add_argument("--seconds", type=float, default=None, help="of load, 30; quick: 6")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--nodes", type=int, default=500, help="that are dragged")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", action="append", default=[], help="sqlite, or the address of a Neo4j")
    parser.add_argument("--parts", default=",".join((*PARTS[:3], *ONCE, *PARTS[3:])), help="only these")
    parser.add_argument("--screenshots", type=Path, default=None, help="folder for pictures of the page")
    parser.add_argument("--folder", type=Path, default=None, help="where to work (a temporary folder)")
    options = parser.parse_args()
    options.parts = options.parts.split(",")
    if strange := sorted({*options.parts} - {*PARTS, *ONCE}):
        parser.error(f"no part {strange[0]!r}: there are {', '.join((*PARTS, *ONCE))}")
    if not (STATIC / "index.html").is_file():
        parser.error("the page of the studio is not built; type: make studio")
    sizes = {
        "entities": (50_000, 3_000),
        "relations": (200_000, 12_000),
        "degree": (5_000, 300),
        "runs": (10, 3),
        "seconds": (30.0, 6.0),
    }
    for name, (full, quick) in sizes.items():
        if getattr(options, name) is None:
            setattr(options, name, quick if options.quick else full)
    options.documents, options.texts, options.rounds = (8, 50, 1) if options.quick else (40, 500, 3)
    if options.screenshots:
        options.screenshots.mkdir(parents=True, exist_ok=True)
    return options


def stores(named: list[str]) -> list[str]:
    """Those named; else a folder, and our development server where it answers."""
    if named:
        return named
    server = neo4j_server.status(neo4j_home())
    if not server.answering:
        print("no Neo4j runs here ('entigraph neo4j start'): only a folder is measured", file=sys.stderr)
    return ["sqlite", *([server.address] if server.answering else [])]


def place_of(store: str, folder: Path) -> str:
    """Where the corpus is to be; a login goes into the environment, not into a command line."""
    if not places.is_address(store):
        return str(folder / "studio.kg")
    server = parse(store)
    if server.user:
        os.environ |= {
            "NEO4J_URI": server.server,
            "NEO4J_USERNAME": server.user,
            "NEO4J_PASSWORD": server.password,
        }
    database = f"/{server.database}" if server.database else ""
    return f"{server.server}{database}#bench-studio-{os.getpid()}"


def measured(
    served: corpora.Served,
    place: str,
    made: corpora.Made,
    parts: list[str],
    options: argparse.Namespace,
    folder: Path,
    kind: str,
) -> Iterator[Row]:
    """The figures of one store, part by part."""
    if {*parts} - {"weight", "load"}:
        with studio_page.chromium() as browser:
            if "first" in parts:
                yield studio_page.first_picture(browser, served, options.runs, options.screenshots, kind)
            if "search" in parts:
                yield studio_page.search(browser, served, options.rounds)
            if "expand" in parts:
                yield studio_page.expand(browser, served, made.hub.id, options.runs)
            if "frames" in parts:
                peer, same = peer_of(served, place, options.nodes, folder)
                yield {"frames_same_graph": same}
                seconds = 2.0 if options.quick else 4.0
                yield studio_frames.frames(browser, served, peer, options.nodes, options.rounds, seconds)
            if "axe" in parts:
                yield studio_page.axe(browser, served, addresses(served, made.hub.id))
    if "weight" in parts:
        yield weight()
    if "load" in parts:
        texts = studio_page.typed(served)
        yield studio_load.load(served, options.clients, options.seconds, texts, options.seed)


def peer_of(served: corpora.Served, place: str, nodes: int, folder: Path) -> tuple[Path, bool]:
    """The page of pyvis of what the studio shows in its overview, and whether it has as much in it."""
    picture = served.ask("/api/view", {"top": nodes})
    with places.opened(place) as store:
        graph = store.graph()
        rows = np.array([graph.entity_row(node["id"]) for node in picture["nodes"]])
        inside = np.isin(graph.sources, rows) & np.isin(graph.targets, rows)
        page = show(part_of(graph, rows, np.flatnonzero(inside)), folder / "pyvis.html", top=nodes)
    return page.path, (page.entities, page.edges) == (len(picture["nodes"]), len(picture["edges"]))


def addresses(served: corpora.Served, hub: str) -> list[str]:
    """Every tab, and what can be chosen in it."""
    neighbour = served.ask(f"/api/entities/{hub}/neighbours?limit=1")["neighbours"][0]["id"]
    text = served.ask("/api/texts?limit=1")["texts"][0]["id"]
    document = served.ask("/api/corpus")["documents"][0]["id"]
    run = served.ask("/api/runs")[0]["run"]
    return [
        "#/browse",
        f"#/browse?sel={hub}&colour=coverage",
        f"#/browse?sel={hub}.{neighbour}&colour=community",
        f"#/browse?sel={hub}&read={document}-0",
        "#/coverage",
        "#/texts",
        f"#/texts?text={text}",
        "#/runs",
        f"#/runs?run={run}",
    ]


def weight() -> Row:
    """Kilobytes of the built page, as they are and each file through gzip."""
    files = [path for path in STATIC.rglob("*") if path.is_file()]
    return {
        "weight_files": len(files),
        "weight_kb": sum(path.stat().st_size for path in files) / 1000,
        "weight_gzip_kb": sum(len(gzip.compress(path.read_bytes(), 6)) for path in files) / 1000,
    }


class Found:
    """What was measured, printed as it comes, and which of it misses its limit."""

    def __init__(self, full: bool) -> None:
        self.rows: Row = {}
        self.missed: list[str] = []
        self._full = full

    def add(self, store: str, found: Row) -> None:
        """Take in and print these; limits are judged at full size, truths at any."""
        for name, value in found.items():
            limit, wrong = "", name in TRUE and not value
            if name in NONE:
                limit, wrong = "   must be 0", value > 0
            elif name in AT_MOST or name in AT_LEAST:
                low = name in AT_LEAST
                limit = f"   must be {'>=' if low else '<'} {(AT_LEAST if low else AT_MOST)[name]:g}"
                wrong = self._full and (value < AT_LEAST[name] if low else value >= AT_MOST[name])
            if wrong:
                self.missed.append(store + name)
            self.rows[store + name] = round(value, 3) if isinstance(value, float) else value
            said = f"{store + name:36} {self.rows[store + name]}{limit}{'   MISSED' if wrong else ''}"
            print(said, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
