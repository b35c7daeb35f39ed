"""`entigraph export`: accepted texts as training files with their provenance, or the graph itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entigraph.cli.options import Json, Seed, to_write
from entigraph.cli.outcome import FAILED, partly
from entigraph.cli.terminal import Progress, data, out, talk

if TYPE_CHECKING:
    from kg.store import Store
    from synthesis.exports import ExportReport

GRAPHS = ("graphml", "gexf", "csv", "json")
NEO4J = "neo4j-csv"


def export(
    corpus: Annotated[
        str | None,
        typer.Argument(
            metavar="CORPUS",
            help="A corpus: a folder such as handbook.kg, or an address such as bolt://host:7687#handbook.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="The file to write; for hf and neo4j-csv a folder.",
            callback=to_write,
            show_default=False,
        ),
    ] = None,
    format: Annotated[
        str,
        typer.Option(
            help="cpt, chat, alpaca, sharegpt, parquet, hf; graphml, gexf, csv, json for the graph; neo4j-csv for all of it."
        ),
    ] = "cpt",
    source: Annotated[
        bool,
        typer.Option("--source", help="The documents themselves instead of the texts (the Raw baseline)."),
    ] = False,
    tokens: Annotated[
        int | None,
        typer.Option(
            help="At most so many tokens: the beginning of the one shuffle, whole texts only.",
            show_default=False,
        ),
    ] = None,
    shuffle: Annotated[
        bool, typer.Option("--shuffle/--no-shuffle", help="In an order drawn by the seed, or by their ids.")
    ] = True,
    seed: Seed = 0,
    replay: Annotated[
        Path | None,
        typer.Option(
            help="General text to mix in: JSON lines or Parquet with a field text.", show_default=False
        ),
    ] = None,
    replay_rate: Annotated[
        float | None, typer.Option(help="Share of the tokens that are replayed, 0 to 1; 0.1 unless said.")
    ] = None,
    replay_mode: Annotated[
        str | None,
        typer.Option(
            help="paper: replayed text takes the place of texts (unless said); additive: it is put between them."
        ),
    ] = None,
    mix: Annotated[
        str | None,
        typer.Option(
            metavar="qa:docs=1:1",
            help="Tokens of questions and answers to tokens of everything else.",
            show_default=False,
        ),
    ] = None,
    shards: Annotated[
        int | None, typer.Option(help="Part the file into so many of about equal size.", show_default=False)
    ] = None,
    shard_tokens: Annotated[
        int | None, typer.Option(help="Part it into files of at most so many tokens.", show_default=False)
    ] = None,
    decontaminate: Annotated[
        Path | None,
        typer.Option(
            help="Questions of an evaluation, JSON lines or a line each: texts that hold one are left out.",
            show_default=False,
        ),
    ] = None,
    exact_duplicates: Annotated[
        str, typer.Option(help="drop or keep texts that are the same as another, title and all.")
    ] = "drop",
    verify: Annotated[
        Path | None,
        typer.Option(
            metavar="MANIFEST",
            help="Write nothing: say whether the files of an export are those of its manifest.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Write the accepted texts, or the graph, to a file; or verify files that were written."""
    if verify is not None:
        if corpus is not None or output is not None:
            raise ValueError("--verify reads files of an export and wants no corpus and no -o")
        return _verified(verify, json)
    if corpus is None:
        raise ValueError("'entigraph export' wants a CORPUS, or --verify MANIFEST")
    if output is None:
        raise ValueError("say where to write with -o, '--output'")

    from entigraph.places import opened
    from kg.suggest import unknown
    from synthesis.exports import FORMATS

    if format not in FORMATS and format not in (*GRAPHS, NEO4J):
        raise ValueError(unknown("format", format, [*FORMATS, *GRAPHS, NEO4J]))
    chosen = {
        "source": source or None,
        "tokens": tokens,
        "replay": replay,
        "replay_rate": replay_rate,
        "replay_mode": replay_mode,
        "mix": mix,
        "shards": shards,
        "shard_tokens": shard_tokens,
        "decontaminate": decontaminate,
        "shuffle": shuffle if not shuffle else None,
        "seed": seed or None,
        "exact_duplicates": exact_duplicates if exact_duplicates != "drop" else None,
    }
    given = {name: value for name, value in chosen.items() if value is not None}
    if format in (*GRAPHS, NEO4J) and given:
        flag = next(iter(given)).replace("_", "-")
        raise ValueError(f"--{'no-' if flag == 'shuffle' else ''}{flag} is about texts; {format} has none")
    if replay is None and (replay_rate is not None or replay_mode is not None):
        raise ValueError(
            "--replay-rate and --replay-mode say how a file is mixed in; name it with --replay FILE"
        )
    with opened(corpus) as store:
        if format == NEO4J:
            return _neo4j_csv(store, output, json)
        if format in GRAPHS:
            return _graph(store, output, format, json)
        report = _texts(store, output, format, given, json)
    _told(report, output, json)


def _texts(store: "Store", output: Path, format: str, given: dict[str, Any], quiet: bool) -> "ExportReport":
    """Write the texts, with a line that says how far it is. Any: options as they were checked by their types."""
    from synthesis.exports import export as write

    with Progress(quiet=quiet) as progress:
        return write(
            store,
            output,
            format=format,
            on_progress=lambda stage, texts: progress.say(f"{texts:,} texts {stage}"),
            **given,
        )


def _told(report: "ExportReport", output: Path, json: bool) -> None:
    """What was written, on stdout as data or on stderr for people."""
    from entigraph.places import typed

    if json:
        data(report.to_json())
    elif not report.nothing:
        parts = (len(report.files) - 1) // 2
        where = str(output) if parts == 1 else f"{parts} files from {report.files[0]} on"
        left = ", ".join(f"{n} {why}" for why, n in sorted(report.left_out.items()))
        talk(
            f"{report.texts} texts, about {report.tokens:,} tokens, in {where}"
            + (f" (left out: {left})" if left else "")
        )
        if replayed := report.replay:
            again = f", in {replayed['passes']} passes over the file" if replayed["passes"] > 1 else ""
            talk(
                f"{replayed['texts']} of these are from {replayed['file']}: "
                f"{replayed['share']:.1%} of the tokens{again}"
            )
        if held := report.decontamination:
            short = f", {held['too_short']} more are too short to look for" if held["too_short"] else ""
            talk(f"held against {held['questions']} questions of {held['file']}{short}")
        beside = (
            report.files[-2]
            if parts == 1
            else f"NAME.provenance.jsonl beside each, {report.files[parts]} first"
        )
        talk(f"where each comes from: {beside}")
        talk(f"to verify the files: entigraph export --verify {typed(report.files[-1])}")
    for why in (report.nothing, report.short):
        if why:
            talk(f"entigraph: {why}")
            raise partly()


def _verified(manifest: Path, json: bool) -> None:
    from synthesis.exports import verify

    found = verify(manifest)
    if json:
        data({"manifest": found.manifest, "files": found.files, "wrong": found.wrong})
    else:
        for name, why in found.wrong.items():
            out(f"{name} {why}")
        if not found.wrong:
            out(f"{found.files} files are those that {found.manifest} lists")
    if found.wrong:
        talk(
            f"entigraph: {len(found.wrong)} of {found.files} files are not those that {found.manifest} lists"
        )
        raise typer.Exit(FAILED)


def _graph(store: "Store", output: Path, format: str, json: bool) -> None:
    """The graph alone, as a file for other programs."""
    from kg.exchange import write_graph
    from synthesis.exports import ExportReport

    graph = store.graph()
    write_graph(graph, output, format=format)
    if json:
        return data(ExportReport(files=[str(output)]).to_json())
    talk(f"{len(graph):,} entities and {graph.relation_count:,} relations in {output}")


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
