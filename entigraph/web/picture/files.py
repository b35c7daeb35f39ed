"""Files of what a view shows, by the writers of `kg`."""

from collections.abc import Callable
from io import StringIO
from typing import TextIO
from urllib.parse import quote

import numpy as np

from entigraph.web.picture.atlas import Atlas
from entigraph.web.picture.shown import Shown
from entigraph.web.shapes.graph import FileFormat
from kg.drawing import draw
from kg.excerpt import Excerpt
from kg.exchange import WRITERS
from kg.graph import Graph
from kg.parts import part_of
from kg.picture import svg

KINDS: dict[FileFormat, str] = {
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "json": "application/json",
    "svg": "image/svg+xml",
}


def written(atlas: Atlas, shown: Shown, format: FileFormat) -> tuple[bytes, str]:
    """The file and its media type: what is shown, with all relations that pass; a drawing has each pair once."""
    if format == "svg":
        part = Excerpt(shown.rows, shown.edges, shown.left_out)
        text = svg(draw(atlas.graph, part, roomy=len(shown.rows) <= 400))
    else:
        write: Callable[[Graph, TextIO], None] = WRITERS[format]
        file = StringIO()
        write(part_of(atlas.graph, shown.rows, _relations(atlas, shown)), file)
        text = file.getvalue()
    return text.encode("utf-8", "replace"), KINDS[format]


def _relations(atlas: Atlas, shown: Shown) -> "np.typing.NDArray[np.int64]":
    """Relations that pass: of edges that do, and those of an entity to itself."""
    kept = shown.sieve.relations.copy()
    joins = atlas.edge_of >= 0
    kept[joins] &= shown.sieve.edges[atlas.edge_of[joins]]
    return np.flatnonzero(kept)


def disposition(name: str) -> str:
    """The header that makes a browser keep a file under this name, whatever stands in it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name.encode('utf-8', 'replace'), safe='')}"
