"""`entigraph documents`: what a corpus was built from."""

from typing import Annotated

import typer

from entigraph.cli.options import Corpus, Json
from entigraph.cli.terminal import data, lines, table, talk

app = typer.Typer(
    help="List the documents of a corpus, or remove some.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("list")
def list_(corpus: Corpus, json: Json = False) -> None:
    """Every document: title, language, size, what was seen in it, where it was read from."""
    from dataclasses import asdict

    from entigraph.places import opened

    with opened(corpus) as store:
        infos = store.documents()
    if json:
        return lines(asdict(info) for info in infos)
    rows = [
        (i.id[:8], i.language, i.characters, i.mentions, i.evidence, i.title[:60], i.source) for i in infos
    ]
    table(rows, ("id", "language", "characters", "mentions", "evidence", "title", "source"))


@app.command("remove")
def remove(
    corpus: Corpus,
    documents: Annotated[
        list[str], typer.Argument(metavar="DOCUMENT...", help="Ids (or their beginning), sources or titles.")
    ],
    json: Json = False,
) -> None:
    """Remove documents and all that was seen in them; texts that rest on them become stale."""
    from entigraph.places import opened
    from kg.derivation import derive
    from kg.suggest import unknown

    with opened(corpus) as store:
        infos = store.documents()
        chosen: list[str] = []
        for wanted in documents:
            fits = [i.id for i in infos if wanted in (i.source, i.title) or i.id.startswith(wanted)]
            if not fits:
                raise ValueError(unknown("document", wanted, [i.source for i in infos]))
            if len(fits) > 1:
                raise ValueError(
                    f"{wanted!r} fits {len(fits)} documents: {', '.join(id[:12] for id in fits)}; name one by id"
                )
            chosen += fits
        removed = store.remove_documents(chosen)
        derive(store)
        graph = store.graph()
        left = {
            "removed": removed,
            "documents": len(infos) - removed,
            "entities": len(graph),
            "relations": graph.relation_count,
        }
    if json:
        return data(left)
    talk(
        f"removed {removed}; the corpus now has {left['documents']} documents and {left['entities']} entities"
    )
