"""`entigraph models`: the pinned local models: what there is, fetch, check."""

from typing import Annotated

import typer

from entigraph.cli.options import Json
from entigraph.cli.terminal import Progress, lines, out, table, talk

app = typer.Typer(
    help="List, fetch and verify the pinned local models.", no_args_is_help=True, rich_markup_mode=None
)
Names = Annotated[list[str], typer.Argument(metavar="MODEL...", help="Names as 'models list' shows them.")]


@app.command("list")
def list_(json: Json = False) -> None:
    """Every pinned model: size, licence, and whether it is here."""
    from dataclasses import asdict

    from entigraph.config import models_folder, resolve
    from lm.models import list_models

    folder = models_folder(resolve()["models"].value)
    rows = list_models(cache_folder=folder)
    if json:
        return lines(asdict(row) | {"folder": str(folder)} for row in rows)
    table(
        [
            (r.name, f"{r.bytes / 1e6:,.0f} MB", r.licence, "here" if r.present else "not here", r.note)
            for r in rows
        ],
        ("model", "size", "licence", "", "note"),
    )
    talk(f"folder: {folder}")


@app.command("pull")
def pull(models: Names) -> None:
    """Fetch models, check their hash, and put them in place."""
    from entigraph.config import models_folder, resolve
    from lm import models as store

    folder = models_folder(resolve()["models"].value)
    for name in models:
        with Progress() as progress:
            path = store.pull(
                name,
                cache_folder=folder,
                on_progress=lambda done, total, name=name: progress.say(  # type: ignore[misc]
                    f"{name}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB"
                ),
            )
        row = next(row for row in store.list_models(cache_folder=folder) if row.name == name)
        talk(f"{name}: verified, licence {row.licence}")
        out(str(path))


@app.command("verify")
def verify(models: Names) -> None:
    """Hash the files of models that are here."""
    from entigraph.config import models_folder, resolve
    from lm import models as store

    folder = models_folder(resolve()["models"].value)
    for name in models:
        out(f"{store.verify(name, cache_folder=folder)}")
        talk(f"{name}: the hash is right")
