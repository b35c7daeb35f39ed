"""The command line: one file a command; this one joins them and turns errors into one line."""

import sys
from collections.abc import Sequence
from typing import Any

import typer
import typer.core

from entigraph.cli import (
    build,
    check,
    config,
    copy,
    documents,
    entities,
    export,
    fit,
    generate,
    imports,
    judge,
    models,
    neo4j,
    outcome,
    plan,
    report,
    run,
    runs,
    sample,
    serve,
    show,
    simulate,
    stats,
    texts,
)


class _Commands(typer.core.TyperGroup):
    """The commands. Ctrl-C and a reader that has gone away pass through to `outcome`, which says how they end."""

    def invoke(self, ctx: Any) -> Any:  # Any: the context is typer's own, under a private name
        """Run the command of this context."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, BrokenPipeError) as error:
            raise outcome.Ended(error) from error


app = typer.Typer(
    name="entigraph",
    cls=_Commands,
    help="Teach a language model a small corpus: browse its entity graph, count what texts cover, "
    "write texts about chosen subgraphs.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("run")(run.run)
app.command("build")(build.build)
app.command("stats")(stats.stats)
app.add_typer(documents.app, name="documents")
app.add_typer(entities.app, name="entities")
app.command("show")(show.show)
app.command("serve")(serve.serve)
app.command("sample")(sample.sample)
app.command("generate")(generate.generate)
app.add_typer(runs.app, name="runs")
app.add_typer(texts.app, name="texts")
app.command("check")(check.check)
app.command("judge")(judge.judge)
app.command("export")(export.export)
app.command("import")(imports.imports)
app.command("copy")(copy.copy)
app.command("simulate")(simulate.simulate)
app.command("plan")(plan.plan)
app.command("fit")(fit.fit)
app.command("report")(report.report)
app.add_typer(models.app, name="models")
app.add_typer(neo4j.app, name="neo4j")
app.command("config")(config.config)


@app.callback()
def common(
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of an error."),
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    """Options of every command; `--debug` may also stand after the command."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code: 0 done, 1 failed, 2 wrong usage, 3 finished in part."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    if words[:1] == ["--version"]:
        from entigraph import __version__
        from entigraph.cli.terminal import out

        out(f"entigraph {__version__}")
        sys.exit(0)
    sys.exit(
        outcome.guarded(lambda: app(words, prog_name="entigraph", standalone_mode=False), words, debug=debug)
    )


__all__ = ["app", "main"]
