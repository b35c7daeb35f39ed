"""`entigraph simulate`: the coverage curve of a graph, exact, by chance, or by a formula."""

import math
import os
from typing import TYPE_CHECKING, Annotated

import typer

from entigraph.cli.options import Deadline, Json, PlotTo, Seed, seconds
from entigraph.cli.outcome import partly
from entigraph.cli.terminal import data, out, table, talk
from entigraph.cli.watching import Watch

if TYPE_CHECKING:
    from analysis import CoverageCurve, Digraph, RandomGraph
    from analysis.plot import Picture

MOST_THREADS = 4
FEW_SOURCES = 200
FIRST, LAST = 1e-4, 5.0  # draws for each ordered pair: where a curve begins to grow, and where it has ended


def simulate(
    corpus: Annotated[
        str | None,
        typer.Argument(
            metavar="[CORPUS]", help="A corpus, an edge list (.csv, .tsv) or .graphml.", show_default=False
        ),
    ] = None,
    er: Annotated[
        str | None,
        typer.Option(
            "--er",
            metavar="V,LAMBDA",
            help="A random graph instead: V vertices, LAMBDA edges each on average.",
            show_default=False,
        ),
    ] = None,
    method: Annotated[
        str,
        typer.Option(
            help="exact (closed form), stepwise or event (chance, replicated), branching or fluid (formulas)."
        ),
    ] = "exact",
    tie_rule: Annotated[
        str, typer.Option(help="Which of several shortest paths is taken: fifo or uniform.")
    ] = "fifo",
    link_rule: Annotated[
        str, typer.Option(help="What a draw teaches: star (the paper), clique, or pair.")
    ] = "star",
    times: Annotated[int, typer.Option(help="A pair counts once it was met this often.", min=1)] = 1,
    undirected: Annotated[
        bool, typer.Option("--undirected", help="Relations may be walked both ways.")
    ] = False,
    t: Annotated[
        str | None,
        typer.Option(
            "--t",
            metavar="1,10,100",
            help="Numbers of draws; without it, 25 from where coverage begins to grow to where nothing is left.",
            show_default=False,
        ),
    ] = None,
    sources: Annotated[
        int | None,
        typer.Option(help="Search from this many random sources instead of all.", min=1, show_default=False),
    ] = None,
    replicates: Annotated[int, typer.Option(help="Runs of the stepwise and event methods.", min=1)] = 20,
    sd: Annotated[bool, typer.Option("--sd", help="Also the standard deviation of one run.")] = False,
    threads: Annotated[
        int | None,
        typer.Option(
            help="Threads; the result is the same for any number. By default up to four.",
            min=1,
            show_default=False,
        ),
    ] = None,
    seed: Seed = 0,
    deadline: Deadline = None,
    plot: PlotTo = None,
    json: Json = False,
) -> None:
    """Print how the share of known pairs grows with the number of draws."""
    import numpy as np

    from analysis import simulate as curve_of
    from analysis.plot import check_place, draw

    if (corpus is None) == (er is None):
        raise ValueError("name a graph to simulate on: either CORPUS or --er V,LAMBDA")
    place = None if plot is None else check_place(plot)
    ends = seconds(deadline)
    asked = _draws(t) if t else None
    graph = random_of(er) if er is not None else _read(str(corpus), undirected)
    pairs = graph.vertices * (graph.vertices - 1)
    with Watch("runs" if method == "stepwise" else "sources", deadline_seconds=ends, quiet=json) as watch:
        found = curve_of(
            graph,
            t=asked or _spread(pairs),
            method=method,
            tie_rule=tie_rule,
            link_rule=link_rule,
            times=times,
            undirected=undirected and er is not None,
            sources=sources,
            replicates=replicates,
            rng=np.random.default_rng(seed),
            sd=sd,
            threads=threads or min(MOST_THREADS, os.cpu_count() or 1),
            progress=watch.show,
            stop=watch.stop,
        )
    if place is not None:
        talk(f"wrote {draw(picture(found), place)}")
    if json:
        data(found.to_dict() | {"stopped": watch.why if found.stopped else None})
    else:
        _told(found, pairs, graph)
        if 0 < found.sources < min(FEW_SOURCES, found.vertices):
            talk(
                f"from {found.sources:,} of {found.vertices:,} sources: what they do not see, e.g. entities that lead "
                f"nowhere, the standard error does not know either; take {FEW_SOURCES} or more"
            )
        if er is None:
            talk(
                "this is the paper's link density over ordered pairs, not the coverage of texts ('entigraph stats')"
            )
    if found.stopped:
        what = f"{found.replicates:,} runs" if method == "stepwise" else f"{found.sources:,} sources"
        talk(f"stopped by {'Ctrl-C' if watch.why == 'interrupt' else 'the deadline'} after {what}")
        raise partly()


def picture(found: "CoverageCurve") -> "Picture":
    """The curve with a band of two standard deviations of one run, or of two standard errors."""
    from analysis.plot import Line, Picture

    spread = found.sd if found.sd is not None else found.se
    wide = [2 * (value or 0.0) for value in spread]
    band = any(wide)
    line = Line(
        found.method,
        found.t,
        found.coverage,
        [max(0.0, y - w) for y, w in zip(found.coverage, wide, strict=True)] if band else None,
        [min(1.0, y + w) for y, w in zip(found.coverage, wide, strict=True)] if band else None,
    )
    met = "" if found.times == 1 else f", met {found.times} times"
    return Picture(
        title=f"{found.vertices:,} vertices, {found.edges:,} edges: link density, {found.method}{met}",
        x_label="draws",
        y_label="share of ordered pairs",
        lines=[line],
        log_x=True,
        percent=True,
        levels=[("ceiling", found.ceiling)],
    )


def _told(found: "CoverageCurve", pairs: int, graph: "Digraph | RandomGraph") -> None:
    from analysis import RandomGraph
    from analysis.theory import FORMULAS, reachable_share

    rules = "" if found.method in FORMULAS else f", tie rule {found.tie_rule}"
    if found.link_rule != "star":
        rules += f", link rule {found.link_rule}"
    if found.times > 1:
        rules += f", met {found.times} times"
    about = "about " if found.sources < found.vertices else ""
    out(f"{found.vertices:,} vertices, {found.edges:,} edges; {found.method}{rules}")
    out(
        f"{about}{found.reachable_pairs:,.0f} of {pairs:,} ordered pairs can be reached: "
        f"the ceiling is {found.ceiling:.1%}"
    )
    if found.method in FORMULAS:
        formula = FORMULAS[found.method]
        out(f"{formula.what}; {formula.accuracy}")
    given = graph.mean_degree if isinstance(graph, RandomGraph) else None
    mean = found.edges / max(1, found.vertices - 1) if given is None else given
    if (given is not None or found.method in FORMULAS) and mean > 0 and reachable_share(mean) == 0:
        only = ", and only source links count" if found.method in FORMULAS else ""
        out(f"lambda is {mean:.3g}: up to 1 no large part is joined, C_lambda is 0{only}")
    heads, columns = ["draws", "covered", "std. error"], [found.coverage, found.se]
    if found.sd is not None:
        heads, columns = [*heads, "sd of a run"], [*columns, found.sd]
    table(
        [
            (_number(draw), *("" if value is None else _share(value) for value in row))
            for draw, *row in zip(found.t, *columns, strict=True)
        ],
        heads,
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value < 1e15 else f"{value:.3g}"


def _share(value: float) -> str:
    """Four decimals, or, where those would hide it, as many as show two digits."""
    if value >= 0.0095 or value < 1e-12:
        return f"{value:.4f}"
    return f"{value:.{1 - math.floor(math.log10(value))}f}"


def random_of(text: str) -> "RandomGraph":
    """What `--er V,LAMBDA` names. Raises ValueError for anything else."""
    from analysis import RandomGraph

    wanted = f"--er wants V,LAMBDA, for example 100,3; seen {text!r}"
    try:
        first, second = text.split(",")
        vertices, mean = float(first), float(second)
    except ValueError:
        raise ValueError(wanted) from None
    if not (math.isfinite(vertices) and vertices == int(vertices) and vertices >= 1):
        raise ValueError(f"{wanted}: V must be a whole number of 1 or more")
    if not (math.isfinite(mean) and 0 < mean <= vertices):
        raise ValueError(f"{wanted}: LAMBDA must be above 0 and at most V")
    return RandomGraph(int(vertices), mean)


def _read(place: str, undirected: bool) -> "Digraph":
    from analysis import Digraph
    from entigraph.places import graph_at

    with graph_at(place) as (loaded, _):
        graph = Digraph.of_graph(loaded, undirected=undirected)
    if not graph.edges:
        talk(
            f"{place!r} has no relations between different entities: nothing can be reached, coverage stays 0"
        )
    return graph


def _draws(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise ValueError(f"--t wants numbers separated by commas, seen {text!r}") from None


def _spread(pairs: int) -> list[float]:
    import numpy as np

    first, last = max(1.0, FIRST * pairs), max(10.0, LAST * pairs)
    return sorted({float(round(value)) for value in np.geomspace(first, last, 25)})
