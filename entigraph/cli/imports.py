"""`entigraph import`: a graph that somebody else made becomes a corpus."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entigraph.cli.build import Output
from entigraph.cli.options import Json, names
from entigraph.cli.outcome import partly
from entigraph.cli.terminal import data, duration, talk

if TYPE_CHECKING:
    from kg.importing import ImportReport


def imports(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A .csv, .tsv or .graphml file, or bolt://user:password@host:port/database.",
        ),
    ],
    output: Output,
    cypher: Annotated[
        str | None,
        typer.Option(
            help="A query that only reads, with the columns source, label and target.", show_default=False
        ),
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(
            help="Labels by comma: all nodes that have one, and the relations among them.", show_default=False
        ),
    ] = None,
    name_property: Annotated[
        str | None,
        typer.Option(
            help="The property that names a node; else the first of name, title, label, id.",
            show_default=False,
        ),
    ] = None,
    nodes: Annotated[
        Path | None,
        typer.Option(help="A second file with name, type, description, aliases.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Take a graph from a file or a Neo4j database, as given entities and relations."""
    from entigraph.config import neo4j_login
    from entigraph.places import made
    from kg.importing import import_graph
    from kg.importing.imported import check

    wanted = names(labels)
    check(source, cypher=cypher, labels=wanted, name_property=name_property, nodes=nodes)
    with made(output) as store:
        report = import_graph(
            store,
            source,
            cypher=cypher,
            labels=wanted,
            name_property=name_property,
            nodes=nodes,
            login=neo4j_login,
        )
    if json:
        data(report.to_json())
    else:
        told(report, output)
    if report.left_out.reasons:
        raise partly()


def told(report: "ImportReport", output: str) -> None:
    """What an import took, for people."""
    same = "" if report.changed else "; all of it was there already"
    talk(
        f"{report.entities:,} entities and {report.relations:,} relations in {output} "
        f"after {duration(report.seconds)}{same}"
    )
    for reason, count in sorted(report.left_out.reasons.items()):
        talk(f"left out: {count:,}: {reason}")
    for line in report.left_out.shown:
        talk(f"  {line}")
