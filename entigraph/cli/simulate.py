"""`entigraph simulate`: the coverage curve of a graph, exact or by running the paper's process."""

from typing import Annotated

import typer

from entigraph.cli.options import Json, Seed
from entigraph.cli.terminal import data, out, table, talk


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
        str, typer.Option(help="exact (closed form) or stepwise (the process itself, replicated).")
    ] = "exact",
    tie_rule: Annotated[str, typer.Option(help="Which of several shortest paths is taken: fifo.")] = "fifo",
    undirected: Annotated[
        bool, typer.Option("--undirected", help="Relations may be walked both ways.")
    ] = False,
    t: Annotated[
        str | None,
        typer.Option(
            "--t",
            metavar="1,10,100",
            help="Numbers of draws; without it, 25 from 1 to where nothing is left.",
            show_default=False,
        ),
    ] = None,
    sources: Annotated[
        int | None,
        typer.Option(help="Search from this many random sources instead of all.", min=1, show_default=False),
    ] = None,
    replicates: Annotated[int, typer.Option(help="Runs of the stepwise process.", min=1)] = 20,
    sd: Annotated[bool, typer.Option("--sd", help="Also the standard deviation of one run.")] = False,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """Print how the share of known pairs grows with the number of draws."""
    import numpy as np

    from analysis import erdos_renyi
    from analysis import simulate as curve_of

    rng = np.random.default_rng(seed)
    if (corpus is None) == (er is None):
        raise ValueError("name a graph to simulate on: either CORPUS or --er V,LAMBDA")
    if er is not None:
        graph = erdos_renyi(*_er(er), rng)
    else:
        from analysis import Digraph
        from entigraph.places import graph_at

        with graph_at(str(corpus)) as (loaded, _):
            graph = Digraph.of_graph(loaded)
    if undirected:
        graph = graph.symmetrised()
    draws = _draws(t) if t else _spread(graph.pairs)
    found = curve_of(
        graph,
        t=draws,
        method=method,
        tie_rule=tie_rule,
        sources=sources,
        replicates=replicates,
        rng=rng,
        sd=sd,
    )
    if json:
        return data(found.to_dict())
    pairs = graph.pairs
    ceiling = found.reachable_pairs / pairs if pairs else 0.0
    out(f"{found.vertices:,} vertices, {found.edges:,} edges; {method}, tie rule {tie_rule}")
    out(
        f"{found.reachable_pairs:,.0f} of {pairs:,} ordered pairs can be reached: the ceiling is {ceiling:.1%}"
    )
    rows = [
        (f"{draw:,.0f}", f"{share:.4f}", "" if error is None else f"{error:.4f}")
        for draw, share, error in zip(found.t, found.coverage, found.se, strict=True)
    ]
    table(rows, ("draws", "covered", "std. error"))
    if er is None:
        talk(
            "this is the paper's link density over ordered pairs, not the coverage of texts ('entigraph stats')"
        )


def _er(text: str) -> tuple[int, float]:
    try:
        vertices, mean = text.split(",")
        return int(float(vertices)), float(mean)
    except ValueError:
        raise ValueError(f"--er wants V,LAMBDA, for example 100,3; seen {text!r}") from None


def _draws(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise ValueError(f"--t wants numbers separated by commas, seen {text!r}") from None


def _spread(pairs: int) -> list[float]:
    import numpy as np

    return sorted({float(round(value)) for value in np.geomspace(1, max(10.0, 5.0 * pairs), 25)})
