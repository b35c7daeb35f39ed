"""What a picture of a graph shows: places, sizes and colours, the same on a page and in an SVG file."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.excerpt import Excerpt
from kg.graph import Graph
from kg.layout import ASPECT, Points, positions

GROUND = "#fbfaf7"
INK = "#22262e"
QUIET = "#6a7078"
LINE = "#c4c5c3"
ACCENT = "#c2410c"
PALETTE = (
    "#3f6ea8", "#c98b2b", "#4d9068", "#a9525a", "#7a659e", "#35898f", "#8d6e55", "#b97aa0", "#8f9440", "#d0806a",
)  # fmt: skip
OTHER = "#8b9097"
"""Colour of every type after the tenth, and of entities without a type."""

LABEL_LENGTH = 34
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks that turn the direction of all that follows them, beyond the name they stand in."""


@dataclass(frozen=True, eq=False, slots=True)
class Drawing:
    """An excerpt of a graph, ready to draw. Row i of each array is `excerpt.entities[i]`.

    Lengths are in pixels; `legend` holds (type, colour, how many), most first; `marked` are the places
    in the arrays of the entities to point out.
    """

    graph: Graph
    excerpt: Excerpt
    labels: list[str]
    colours: list[str]
    radius: NDArray[np.float64]
    font: NDArray[np.float64]
    place: Points
    legend: list[tuple[str, str, int]]
    marked: frozenset[int]

    @property
    def ends(self) -> NDArray[np.int64]:
        """Places in the arrays of the two ends of each drawn edge, shape (edges, 2)."""
        return _ends(self.graph, self.excerpt)


def draw(
    graph: Graph, part: Excerpt, *, mark: Sequence[int] = (), roomy: bool = True, aspect: float = ASPECT
) -> Drawing:
    """Lay out and colour an excerpt; `mark` are entity rows to point out; `roomy` leaves room for labels."""
    rows = part.entities
    degree = graph.degrees[rows]
    share = np.sqrt(degree / max(int(degree.max(initial=0)), 1))
    radius, font = 6.0 + 16.0 * share, 13.0 + 11.0 * share
    labels = [short(graph.names[int(row)], LABEL_LENGTH) for row in rows]
    widths = np.array([_width(label) for label in labels]).reshape(-1) * font
    boxes = np.column_stack(
        (np.maximum(2 * radius, widths if roomy else 0) + 14, 2 * radius + 12 + (font * 1.3 if roomy else 0))
    )
    types = [graph.type_names[int(graph.types[row])] for row in rows]
    counted = sorted(Counter(types).items(), key=lambda item: (-item[1], item[0]))
    # by their number in the whole graph, so that a type has one colour on every picture of it
    whole = np.bincount(graph.types, minlength=len(graph.type_names)).tolist()
    named = [name for _, name in sorted(zip(whole, graph.type_names, strict=True), key=_most_first) if name]
    colour = {name: PALETTE[i] if i < len(PALETTE) else OTHER for i, name in enumerate(named)}
    where = {int(row): i for i, row in enumerate(rows)}
    return Drawing(
        graph=graph,
        excerpt=part,
        labels=labels,
        colours=[colour.get(name, OTHER) for name in types],
        radius=radius,
        font=font,
        place=positions(_ends(graph, part), boxes, aspect=aspect),
        legend=[(name, colour.get(name, OTHER), count) for name, count in counted],
        marked=frozenset(where[row] for row in mark if row in where),
    )


def _most_first(counted: tuple[int, str]) -> tuple[int, str]:
    return -counted[0], counted[1]


def short(text: str, limit: int) -> str:
    """The text in one line without control characters, cut to `limit` characters with an ellipsis.

    >>> short("a\\x00b\\n c" + "d" * 99, 8)
    'a b cdd…'
    """
    line = " ".join("".join(_shown(character) for character in text[: 8 * limit]).split())
    return line if len(line) <= limit and len(text) <= 8 * limit else line[: limit - 1].rstrip() + "…"


def _shown(character: str) -> str:
    unseen = unicodedata.category(character) in ("Cc", "Cs") or character in TURNING
    return " " if unseen else character


def _width(label: str) -> float:
    """Width of a label in ems, estimated: Chinese characters are square, Latin ones half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.54 for c in label)


def _ends(graph: Graph, part: Excerpt) -> NDArray[np.int64]:
    where = np.zeros(len(graph), dtype=np.int64)
    where[part.entities] = np.arange(len(part.entities))
    edges = graph.edges
    return np.column_stack((where[edges.low[part.edges]], where[edges.high[part.edges]]))
