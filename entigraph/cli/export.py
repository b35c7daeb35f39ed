"""`entigraph export`: accepted texts as training files with their provenance, or the graph itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entigraph.cli.options import Corpus, Json
from entigraph.cli.outcome import partly
from entigraph.cli.terminal import data, out, talk

if TYPE_CHECKING:
    from kg.store import Store

GRAPHS = ("graphml", "gexf", "csv")
NEO4J = "neo4j-csv"


def export(
    corpus: Corpus,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The file to write; for neo4j-csv a folder.")
    ],
    format: Annotated[
        str,
        typer.Option(help="cpt, chat, parquet; graphml, gexf, csv for the graph; neo4j-csv for all of it."),
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

    if format not in FORMATS and format not in (*GRAPHS, NEO4J):
        raise ValueError(unknown("format", format, [*FORMATS, *GRAPHS, NEO4J]))
    with opened(corpus) as store:
        if format == NEO4J:
            return _neo4j_csv(store, output, json)
        if format in GRAPHS:
            from kg.exchange import write_graph

            graph = store.graph()
            write_graph(graph, output, format=format)
            report = ExportReport(files=[str(output)])
            if not json:
                return talk(f"{len(graph):,} entities and {graph.relation_count:,} relations in {output}")
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


def _neo4j_csv(store: "Store", folder: Path, json: bool) -> None:
    """The whole corpus as files for the importer of Neo4j, and the command line that loads them."""
    from kg.store import StoreError
    from synthesis.exports import ExportReport

    try:
        from kg.neo4j_csv import write_neo4j_csv
    except ModuleNotFoundError as error:
        if error.name != "neo4j":
            raise
        raise StoreError(
            "cannot export neo4j-csv: the driver of Neo4j is not installed: pip install 'entigraph[neo4j]'"
        ) from None

    written = write_neo4j_csv(store, folder)
    if json:
        more = {"corpus": written.corpus, "rows": written.rows, "command": written.command}
        data({**ExportReport(files=written.files).to_json(), **more})
        return
    talk(f"{sum(written.rows.values()):,} nodes and relations in {len(written.rows)} files in {folder}")
    talk("with the server stopped, load them into an empty database:")
    out(written.command)
    talk(
        "on the server of 'entigraph neo4j start', stopped, say 'entigraph neo4j admin' for neo4j-admin, and add"
    )
    talk("--overwrite-destination=true: it replaces all that its database holds")
    talk(f"then start the server; the corpus is bolt://127.0.0.1:7687#{written.corpus}")
