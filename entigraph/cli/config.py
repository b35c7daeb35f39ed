"""`entigraph config`: every setting and where its value came from; settings kept with a corpus."""

from typing import Annotated

import typer

from entigraph.cli.options import Json
from entigraph.cli.terminal import data, table, talk


def config(
    corpus: Annotated[
        str | None,
        typer.Argument(metavar="[CORPUS]", help="Also show what this corpus sets.", show_default=False),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Keep a setting with the corpus; NAME= removes it.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Show the settings; the user file is edited by hand, a corpus's settings with --set."""
    from entigraph.config import SETTINGS, checked, resolve, user_file

    kept: dict[str, str] = {}
    if set_ and corpus is None:
        raise ValueError(f"--set keeps a setting with a corpus; name one, or edit {user_file()}")
    if corpus is not None:
        from entigraph.places import opened

        with opened(corpus) as store:
            for pair in set_ or []:
                name, equals, value = pair.partition("=")
                if not equals:
                    raise ValueError(f"--set wants NAME=VALUE, seen {pair!r}")
                checked(name, value or SETTINGS.get(name, SETTINGS["model"]).default or "0", "--set")
                store.set_settings(**{name: value})
            kept = store.settings
    found = resolve(kept)
    if json:
        return data(
            {
                name: {"value": value.value, "origin": value.origin, "about": SETTINGS[name].about}
                for name, value in found.items()
            }
        )
    table(
        [(name, value.value, value.origin, SETTINGS[name].about) for name, value in found.items()],
        ("setting", "value", "from", "about"),
    )
    talk(f"user file: {user_file()}")
