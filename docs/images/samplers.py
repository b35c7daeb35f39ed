"""Makes docs/samplers/comparison.md and its picture: how many items each sampler takes.

    python docs/images/samplers.py [--quality FILE] [--folder FOLDER]

The corpora are built with spaCy and jieba, as `entigraph build` does; the QuALITY article is left out where
its file is not there. The same page each time.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

sys.path.pop(0)  # this folder: numba would take a file here for the package of its name

import networkx as nx
import numpy as np

from analysis.plot import Line, Picture, draw
from kg.building import build
from kg.extract import extractor
from kg.graph import Graph
from kg.stores import open_corpus
from sampling import Coverage, CoverSampler, Triangles, Unit, sampler
from sampling.accounting import UNITS

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SPECS = (
    "entities",
    "edges",
    "edges:replacement",
    "triangles",
    "pairs",
    "triples",
    "paths",
    "paths:hops=3",
    "cross_document",
    "walks:rounds=50",
    "neighbourhoods",
    "communities",
    "balanced:rounds=20",
    "targeted",
    "cover:unit=entities",
    "cover:unit=relations",
    "cover:unit=triangles",
)
UNITS_SHOWN: tuple[Unit, ...] = ("entities", "relations", "triangles")
SHARES = (0.5, 0.9, 0.99, 1.0)
SEEDS = 3
MOST = 20_000
GENERATED = 1_000
LARGEST = 3  # entities of an edge or a triangle: what the bound below 100 % counts with


def graphs(quality: Path) -> Iterator[tuple[str, str, Graph]]:
    """A name, a sentence about it, and the graph."""
    with tempfile.TemporaryDirectory() as folder:
        sources = [ROOT / "examples" / "wendlow", ROOT / "examples" / "mianxi"]
        yield ("sample", "the sample corpus of this project, `examples/`", built(Path(folder) / "s", sources))
        if quality.is_file():
            article = json.loads(quality.read_text("utf-8").splitlines()[0])["article"]
            text = Path(folder) / "article.txt"
            text.write_text(article, encoding="utf-8")
            yield ("quality", "a QuALITY article of 28,029 characters", built(Path(folder) / "q", [text]))
    plain = nx.gnp_random_graph(GENERATED, 10 / GENERATED, seed=1)
    yield (
        "random",
        f"a random graph, {GENERATED:,} entities of mean degree 10 (networkx gnp, seed 1)",
        bare(plain),
    )
    heavy = nx.powerlaw_cluster_graph(GENERATED, 5, 0.5, seed=1)
    said = f"heavy-tailed and clustered, {GENERATED:,} entities (networkx powerlaw_cluster, m = 5, p = 0.5, seed 1)"
    yield ("clustered", said, bare(heavy))


def built(place: Path, sources: list[Path]) -> Graph:
    """The graph of a corpus of these documents."""
    with closing(open_corpus(place, create=True)) as store:
        build(sources, store, extractor("auto"))
        return store.graph()


def bare(plain: "nx.Graph[int]") -> Graph:
    """A graph of names alone."""
    return Graph.from_edges([(f"v{a}", f"v{b}") for a, b in plain.edges])


def reached(graph: Graph, spec: str, seed: int) -> dict[Unit, list[int]]:
    """After how many items each further thing of a unit is covered."""
    coverage = Coverage(graph)
    found: dict[Unit, list[int]] = {unit: [] for unit in UNITS}
    for number, item in enumerate(islice(sampler(spec).sample(graph, np.random.default_rng(seed)), MOST), 1):
        coverage.add(item)
        for unit in UNITS_SHOWN:
            found[unit] += [number] * (coverage.covered(unit) - len(found[unit]))
        if all(len(found[unit]) == coverage.total(unit) for unit in UNITS_SHOWN):
            break
    return found


def cells(graph: Graph, runs: list[dict[Unit, list[int]]], unit: Unit) -> list[str]:
    """Items to each share, the mean over the seeds; a dash where a plan ends before."""
    total = Coverage(graph).total(unit)
    row = []
    for share in SHARES:
        wanted = max(1, int(np.ceil(share * total - 1e-9)))
        met = [run[unit][wanted - 1] for run in runs if len(run[unit]) >= wanted]
        row.append(f"{np.mean(met):,.0f}" if len(met) == SEEDS else "–")
    return row


def bounds(graph: Graph, unit: Unit) -> list[str]:
    """What no plan of edges and triangles can be below."""
    total = Coverage(graph).total(unit)
    most = {"entities": LARGEST, "relations": largest_gain(graph), "triangles": 1}[unit]
    row = [f"{int(np.ceil(np.ceil(share * total - 1e-9) / most)):,}" for share in SHARES[:-1]]
    return [*row, f"{CoverSampler(unit=unit).at_least(graph):,}"]  # type: ignore[arg-type]


def largest_gain(graph: Graph) -> int:
    """The most relations among the corners of a triangle, or between two entities."""
    held = graph.edges.relations.lengths
    triangles = Triangles.of(graph.edges)
    return int(max(held.max(initial=1), held[triangles.edges].sum(axis=1).max(initial=1)))


def table(graph: Graph, drawn: dict[str, list[dict[Unit, list[int]]]], unit: Unit) -> Iterator[str]:
    """One table of the page."""
    yield f"| {unit} | 50 % | 90 % | 99 % | 100 % |"
    yield "|---|---:|---:|---:|---:|"
    for spec, runs in drawn.items():
        row = cells(graph, runs, unit)
        if set(row) != {"–"}:
            yield f"| `{spec}` | {' | '.join(row)} |"
    yield f"| *at least, with edges and triangles* | {' | '.join(f'*{one}*' for one in bounds(graph, unit))} |"


def picture(graph: Graph) -> Picture:
    """Relations covered by the number of items."""
    lines = []
    total = graph.relation_count
    for spec in (
        "cover:unit=relations",
        "communities",
        "walks:rounds=50",
        "triangles",
        "edges",
        "pairs",
    ):
        run = reached(graph, spec, 0)["relations"]
        at = np.unique(np.linspace(0, len(run) - 1, 200).astype(int)) if run else np.empty(0, dtype=int)
        lines.append(Line(spec, [float(run[i]) for i in at], [(i + 1) / total for i in at.tolist()]))
    return Picture(
        "Relations of the sample corpus that a plan covers",
        "texts",
        "share covered",
        lines,
        log_x=True,
        percent=True,
    )


def main() -> None:
    """Write the page and the picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quality", type=Path, default=ROOT / "../shared/data/quality/quality_52845.jsonl")
    parser.add_argument("--folder", type=Path, default=HERE.parent)
    options = parser.parse_args()
    lines = [INTRODUCTION]
    for name, said, graph in graphs(options.quality):
        if name == "sample":
            draw(picture(graph), options.folder / "images" / "samplers.svg")
        triangles = Coverage(graph).total("triangles")
        lines += [
            "",
            f"## {said[0].upper()}{said[1:]}",
            "",
            f"{len(graph):,} entities, {graph.relation_count:,} relations, {triangles:,} triangles.",
        ]
        drawn = {spec: [reached(graph, spec, seed) for seed in range(SEEDS)] for spec in SPECS}
        for unit in UNITS_SHOWN:
            lines += ["", *table(graph, drawn, unit)]
        print(name, flush=True)
    (options.folder / "samplers" / "comparison.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


INTRODUCTION = f"""# How many texts each sampler takes

Made by `python docs/images/samplers.py`. A number is after how many items (texts that name all they were asked
about) that share of the entities, relations or triangles is covered at least once: the mean over {SEEDS} seeds,
from the graph alone, nothing written before. A dash: the plan ends before, or has more than {MOST:,} items. A
sampler without a row reaches not even half.

The last row is a lower bound for plans of edges and triangles: at 100 % by linear programming duality
(`CoverSampler.at_least`), below that the count of things over the most that one item holds. Samplers of larger
items (communities, neighbourhoods, walks) may be below it; their texts have more to say, and a text rarely
names eight entities.

![relations covered by the number of texts](../images/samplers.svg)"""


if __name__ == "__main__":
    main()
