"""`entigraph export`: accepted texts as training files, with their provenance beside them."""

from pathlib import Path
from typing import Annotated

import typer

from entigraph.cli.options import Corpus, Json
from entigraph.cli.outcome import partly
from entigraph.cli.terminal import data, talk

GRAPHS = ("graphml", "gexf", "csv")


def export(
    corpus: Corpus,
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
    format: Annotated[
        str, typer.Option(help="cpt, chat, parquet; graphml, gexf, csv for the graph itself.")
    ] = "cpt",
    source: Annotated[
        bool,
        typer.Option("--source", help="The documents themselves instead of the texts (the Raw baseline)."),
    ] = False,
    json: Json = False,
) -> None:
    """Write the accepted texts, or the graph, to a file."""
    from entigraph.places import opened
    from kg.suggest import unknown
    from synthesis.exports import FORMATS, ExportReport
    from synthesis.exports import export as write

    if format not in FORMATS and format not in GRAPHS:
        raise ValueError(unknown("format", format, [*FORMATS, *GRAPHS]))
    with opened(corpus) as store:
        if format in GRAPHS:
            from kg.exchange import write_graph

            write_graph(store.graph(), output, format=format)
            report = ExportReport(files=[str(output)])
        else:
            report = write(store, output, format=format, source=source)
    if json:
        data(report.to_json())
    if report.nothing:
        talk(f"entigraph: {report.nothing}")
        raise partly()
    if json:
        return
    left = ", ".join(f"{n} {why}" for why, n in sorted(report.left_out.items()))
    talk(
        f"{report.texts} texts, about {report.tokens:,} tokens, in {output}"
        + (f" (left out: {left})" if left else "")
    )
    for file in report.files[1:]:
        talk(f"where each comes from: {file}")
