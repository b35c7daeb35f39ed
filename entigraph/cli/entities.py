"""`entigraph entities`: look through the entities, and correct what was merged or kept apart."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from entigraph.cli.options import Corpus, Json
from entigraph.cli.terminal import data, lines, table, talk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import Store

app = typer.Typer(
    help="List entities; merge, split or undo: your word survives every rebuild.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(metavar="ENTITY", help="Name, alias or id.")]


@app.command("list")
def list_(
    corpus: Corpus,
    search: Annotated[
        str | None, typer.Option(help="Only names and aliases with these letters.", show_default=False)
    ] = None,
    type: Annotated[str | None, typer.Option(help="Only this type.", show_default=False)] = None,
    top: Annotated[
        int | None,
        typer.Option(help="At most this many, the most mentioned first.", min=1, show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Entities with their types, aliases, mentions and documents, the most mentioned first."""
    from entigraph.places import opened

    with opened(corpus) as store:
        rows = sorted(_rows(store, search, type), key=lambda row: (-row["mentions"], row["name"]))[:top]
    if json:
        return lines(rows)
    table(
        [
            (r["name"][:50], r["type"], r["mentions"], len(r["documents"]), ", ".join(r["aliases"])[:60])
            for r in rows
        ],
        ("name", "type", "mentions", "documents", "also called"),
    )


def _rows(store: "Store", search: str | None, type: str | None) -> "Iterator[dict[str, Any]]":
    from kg.model import Entity, Resolution

    graph = store.graph()
    if type is not None and type not in graph.type_names:
        from kg.suggest import unknown

        raise ValueError(unknown("type", type, graph.type_names))
    found = store.search(search, limit=max(1, len(graph))) if search else store.read(Entity)
    reasons: dict[str, list[str]] = {}
    for resolution in store.read(Resolution):
        held = reasons.setdefault(resolution.entity, [])
        if resolution.reason not in held:
            held.append(resolution.reason)
    for entity in found:
        if type is not None and entity.type != type:
            continue
        row = graph.entity_row(entity.id)
        yield {
            "id": entity.id,
            "name": entity.name,
            "type": entity.type,
            "aliases": [alias for alias in entity.aliases if alias != entity.name],
            "mentions": int(graph.mentions[row]),
            "documents": [graph.document_titles[d] for d in graph.entity_documents[row]],
            "reason": "; ".join(reasons.get(entity.id, ["given"])),
            "degree": int(graph.degrees[row]),
            "description": entity.description,
        }


@app.command("merge")
def merge(
    corpus: Corpus,
    entities: Annotated[
        list[str], typer.Argument(metavar="ENTITY...", help="Names, aliases or ids of what is one thing.")
    ],
    into: Annotated[
        str | None, typer.Option(help="Which of them keeps its name.", show_default=False)
    ] = None,
    json: Json = False,
) -> None:
    """Say that these are one entity."""
    from entigraph.places import opened, typed
    from kg import curation

    with opened(corpus) as store:
        merged = curation.merge(store, entities, into=into)
    _said(
        json,
        f"merged into {merged.name!r}; 'entigraph entities undo {typed(corpus)}' takes it back",
        {"entity": merged.id, "name": merged.name},
    )


@app.command("split")
def split(
    corpus: Corpus,
    entity: Name,
    surfaces: Annotated[
        list[str],
        typer.Argument(metavar="NAME...", help="What the part to be taken out is called, or its document."),
    ],
    json: Json = False,
) -> None:
    """Say that some of what is taken for one entity is another."""
    from entigraph.places import opened
    from kg import curation

    with opened(corpus) as store:
        parted = curation.split(store, entity, *surfaces)
    _said(json, f"{parted.name!r} now stands for itself", {"entity": parted.id, "name": parted.name})


@app.command("undo")
def undo(corpus: Corpus, json: Json = False) -> None:
    """Take back the last merge or split."""
    from entigraph.places import opened
    from kg import curation

    with opened(corpus) as store:
        said = curation.undo(store)
    _said(json, f"taken back: {said}", {"undone": said})


def _said(json: bool, text: str, value: dict[str, Any]) -> None:
    if json:
        data(value)
    else:
        talk(text)
