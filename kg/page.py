"""A page that shows a part of a graph in a browser: one file, no network, made with pyvis.

pyvis brings the drawing library (vis-network) and carries the data; the page itself, `page.html`, is ours.
It forbids itself every request (a content security policy), and every name and sentence reaches it as
JSON and is put in place as text, never as HTML.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.drawing import ACCENT, GROUND, INK, LINE, QUIET, Drawing, draw, short
from kg.excerpt import DEFAULT_TOP, excerpt, find_entity
from kg.graph import Graph
from kg.model import GraphError
from kg.notes import Notes, notes_of
from kg.store import Store
from kg.stores import called

NAME_LENGTH, DESCRIPTION_LENGTH, QUOTE_LENGTH, TEXT_LENGTH = 200, 600, 420, 900
LABELS_ROOM_UP_TO = 400


@dataclass(frozen=True, slots=True)
class Page:
    """Where the page is and how much of the graph it shows; `left_out` entities matched but were too many."""

    path: Path
    entities: int
    edges: int
    left_out: int


def show(
    source: Graph | Store,
    out: Path | str,
    *,
    around: str | None = None,
    hops: int = 1,
    top: int = DEFAULT_TOP,
    types: Sequence[str] = (),
    highlight: Sequence[str] = (),
    title: str | None = None,
) -> Page:
    """Write the page of a graph or of a corpus; a corpus also shows sentences and texts.

    Shows the `top` entities (300 unless said otherwise, 2,000 at most) with most neighbours, or those
    within `hops` of the entity `around`, of the given `types`. `highlight` are names or ids of entities
    to point out, e.g. the three of a triangle. `title` is the name of the corpus if not given. Raises ValueError where such a name does not exist, and
    GraphError where pyvis is not installed.
    """
    network_type = _pyvis()
    graph = source if isinstance(source, Graph) else source.graph()
    mark = [_row(graph, source, name) for name in highlight]
    if around is not None:
        around = graph.entity_id(_row(graph, source, around))
    part = excerpt(graph, around=around, hops=hops, top=top, types=types, keep=mark)
    ids = [graph.entity_id(int(row)) for row in part.entities]
    notes = Notes() if isinstance(source, Graph) else notes_of(source, ids)
    drawing = draw(graph, part, mark=mark, roomy=len(ids) <= LABELS_ROOM_UP_TO)
    path = Path(out)
    path.write_bytes(
        _html(network_type, drawing, ids, notes, title or _title(source)).encode("utf-8", "replace")
    )
    return Page(path, len(ids), len(part.edges), part.left_out)


def _title(source: Graph | Store) -> str:
    return "Entity graph" if isinstance(source, Graph) else called(source.location)


def _row(graph: Graph, source: Graph | Store, name: str) -> int:
    """Row of the entity with that id or name; a corpus knows aliases too."""
    if isinstance(source, Graph):
        return find_entity(graph, name)
    from kg.curation import find

    return graph.entity_row(find(source, name).id)


def _pyvis() -> Any:
    try:
        from pyvis.network import Network
    except ImportError:
        raise GraphError(
            "a page is wanted, but pyvis is not installed. Install it with: pip install 'entigraph[show]'"
        ) from None
    return Network


def _html(network_type: Any, drawing: Drawing, ids: list[str], notes: Notes, title: str) -> str:
    from jinja2 import FileSystemLoader

    network = network_type(directed=True, cdn_resources="in_line", bgcolor=GROUND, font_color=INK)
    library = Path(network.template_dir)
    environment = network.templateEnv
    environment.loader = FileSystemLoader([str(Path(__file__).parent), str(library)])
    environment.globals.update(
        library=sorted(
            path.relative_to(library).as_posix() for path in library.glob("lib/vis-*/vis-network.min.js")
        )[-1],
        facts=_facts(drawing, title),
        colours={"ground": GROUND, "ink": INK, "quiet": QUIET, "line": LINE, "accent": ACCENT},
    )
    network.path = "page.html"
    texts: dict[str, dict[str, str]] = {}
    for i, id in enumerate(ids):
        network.add_node(
            i,
            label=drawing.labels[i] or " ",
            color=drawing.colours[i],
            about=_about(drawing, i, id, notes, texts),
            **_look(drawing, i),
        )
    environment.globals["texts"] = texts
    network.edges.extend(_edges(drawing, notes))
    return str(network.generate_html())


def _look(drawing: Drawing, i: int) -> dict[str, Any]:
    x, y = drawing.place[i]
    return {
        "x": round(float(x), 1),
        "y": round(float(y), 1),
        "size": round(float(drawing.radius[i]), 1),
        "fontSize": round(float(drawing.font[i]), 1),
        "marked": i in drawing.marked,
    }


def _about(
    drawing: Drawing, i: int, id: str, notes: Notes, texts: dict[str, dict[str, str]]
) -> dict[str, Any]:
    graph, row = drawing.graph, int(drawing.excerpt.entities[i])
    entity = notes.entities.get(id)
    covering = notes.texts.get(id, ())
    for record in covering:
        texts.setdefault(
            record.id,
            {
                "title": short(record.title, NAME_LENGTH),
                "kind": record.strategy,
                "text": cut(record.text, TEXT_LENGTH),
            },
        )
    return {
        "name": short(graph.names[row], NAME_LENGTH),
        "type": short(graph.type_names[int(graph.types[row])], 60),
        "neighbours": int(graph.degrees[row]),
        "mentions": int(graph.mentions[row]),
        "documents": [short(graph.document_titles[int(one)], 80) for one in graph.entity_documents[row][:12]],
        "aliases": [short(alias, 60) for alias in entity.aliases[:8]] if entity else [],
        "description": cut(entity.description, DESCRIPTION_LENGTH) if entity else "",
        "quotes": _quotes(notes, id),
        "texts": [record.id for record in covering],
    }


def _edges(drawing: Drawing, notes: Notes) -> list[dict[str, Any]]:
    """One drawn line for each joined pair, with all relations between the two."""
    graph, edges = drawing.graph, drawing.graph.edges
    where = {int(row): i for i, row in enumerate(drawing.excerpt.entities)}
    drawn = []
    for number, edge in enumerate(drawing.excerpt.edges.tolist()):
        stated: dict[tuple[int, str, int], list[dict[str, str]]] = defaultdict(list)
        for relation in edges.relations[edge].tolist():
            ends = where[int(graph.sources[relation])], where[int(graph.targets[relation])]
            label = short(graph.label_names[int(graph.labels[relation])], 80)
            stated[ends[0], label, ends[1]] += _quotes(notes, graph.relation_id(relation))
        low, high = where[int(edges.low[edge])], where[int(edges.high[edge])]
        forth, back = (any(ends == source for source, _, _ in stated) for ends in (low, high))
        drawn.append(
            {
                "id": f"e{number}",
                "from": low if forth else high,
                "to": high if forth else low,
                "arrows": "to;from" if forth and back else "to",
                "marked": low in drawing.marked and high in drawing.marked,
                "relations": [[*key, quotes[:2]] for key, quotes in list(stated.items())[:12]],
            }
        )
    return drawn


def _quotes(notes: Notes, id: str) -> list[dict[str, str]]:
    return [
        {"text": short(quote.text, QUOTE_LENGTH), "title": short(quote.title, 80)}
        for quote in notes.quotes.get(id, ())
    ]


def _facts(drawing: Drawing, title: str) -> dict[str, Any]:
    shown, whole = drawing.excerpt, drawing.graph
    return {
        "title": short(title, 120),
        "shown": f"{len(shown.entities):,} of {len(whole):,} entities, {len(shown.edges):,} of {len(whole.edges):,} joined pairs",
        "legend": [[short(name, 40), colour, count] for name, colour, count in drawing.legend],
    }


def cut(text: str, limit: int) -> str:
    """The text with its lines, cut to `limit` characters with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
