"""A still picture of a part of a graph, as an SVG file: for a README, a paper, a slide."""

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from kg.drawing import ACCENT, GROUND, INK, LINE, QUIET, Drawing, draw
from kg.excerpt import excerpt, find_entity
from kg.graph import Graph

MARGIN = 30.0


def picture(
    graph: Graph,
    out: Path | str,
    *,
    around: str | None = None,
    hops: int = 1,
    top: int = 40,
    types: Sequence[str] = (),
    highlight: Sequence[str] = (),
    width: int = 1200,
    aspect: float = 1.6,
) -> Path:
    """Write the picture as SVG and return where it is.

    Which entities it shows is chosen as `excerpt` does; `highlight` are names or ids of entities to point
    out with all edges among them, e.g. the three of a triangle. `width` is in pixels, `aspect` is width over height,
    about.
    """
    mark = [find_entity(graph, name) for name in highlight]
    part = excerpt(graph, around=around, hops=hops, top=top, types=types, keep=mark)
    path = Path(out)
    path.write_bytes(svg(draw(graph, part, mark=mark, aspect=aspect), width=width).encode("utf-8", "replace"))
    return path


def svg(drawing: Drawing, *, width: int = 1200) -> str:
    """The drawing as SVG text: edges, then circles, then names, then the legend below."""
    place, radius, font = drawing.place, drawing.radius, drawing.font
    half = [max(r, 0.3 * f * len(label)) for r, f, label in zip(radius, font, drawing.labels, strict=True)]
    left = min((x - h for (x, _), h in zip(place, half, strict=True)), default=0.0) - MARGIN
    right = max((x + h for (x, _), h in zip(place, half, strict=True)), default=200.0) + MARGIN
    top = min((y - r for (_, y), r in zip(place, radius, strict=True)), default=0.0) - MARGIN
    bottom = max((y + r + 1.4 * f for (_, y), r, f in zip(place, radius, font, strict=True)), default=100.0)
    legend = _legend(drawing, left + MARGIN, bottom + 2 * MARGIN, (right - left) / width)
    wide, high = right - left, bottom - top + 4 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{width * high / wide:.0f}" '
        f'viewBox="{left:.0f} {top:.0f} {wide:.0f} {high:.0f}" role="img" '
        f'font-family="system-ui, -apple-system, Segoe UI, Roboto, sans-serif">',
        f"<title>A graph of {len(drawing.labels)} entities</title>",
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{wide:.0f}" height="{high:.0f}" fill="{GROUND}"/>',
        *_edges(drawing),
        *_circles(drawing),
        *_names(drawing),
        *legend,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _edges(drawing: Drawing) -> list[str]:
    ends, marked = drawing.ends.tolist(), drawing.marked
    chosen = [a in marked and b in marked for a, b in ends]
    lines = []
    for (a, b), lit in sorted(zip(ends, chosen, strict=True), key=lambda pair: pair[1]):
        (x1, y1), (x2, y2) = drawing.place[a], drawing.place[b]
        colour, width = (ACCENT, 4.0) if lit else (LINE, 1.3)
        opacity = 1.0 if lit or not marked else 0.7
        lines.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
            f'stroke-width="{width}" stroke-opacity="{opacity}"/>'
        )
    if len(marked) == 3 and sum(chosen) == 3:
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in (drawing.place[i] for i in sorted(marked)))
        lines.insert(0, f'<polygon points="{corners}" fill="{ACCENT}" fill-opacity="0.09"/>')
    return lines


def _circles(drawing: Drawing) -> list[str]:
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}" '
        f'stroke="{ACCENT if i in drawing.marked else GROUND}" '
        f'stroke-width="{4 if i in drawing.marked else 1.5}"/>'
        for i, ((x, y), radius, colour) in enumerate(
            zip(drawing.place, drawing.radius, drawing.colours, strict=True)
        )
    ]


def _names(drawing: Drawing) -> list[str]:
    faint = bool(drawing.marked)
    lines = []
    for i, label in enumerate(drawing.labels):
        (x, y), size = drawing.place[i], drawing.font[i]
        lit = i in drawing.marked
        lines.append(
            f'<text x="{x:.1f}" y="{y + drawing.radius[i] + size:.1f}" font-size="{size:.1f}" '
            f'text-anchor="middle" fill="{INK if lit or not faint else QUIET}" '
            f'font-weight="{700 if lit else 400}" paint-order="stroke" stroke="{GROUND}" '
            f'stroke-width="4" stroke-linejoin="round">{escape(label)}</text>'
        )
    return lines


def _legend(drawing: Drawing, left: float, top: float, scale: float) -> list[str]:
    lines, x, size = [], left, 15 * scale
    for name, colour, count in drawing.legend[:9]:
        if not name and len(drawing.legend) == 1:
            break  # a bare graph has no types: no legend
        text = f"{name or 'other'} ({count})"
        lines.append(
            f'<circle cx="{x + size / 2:.1f}" cy="{top:.1f}" r="{size * 0.42:.1f}" fill="{colour}"/>'
        )
        lines.append(
            f'<text x="{x + size * 1.3:.1f}" y="{top + size * 0.35:.1f}" font-size="{size:.1f}" '
            f'fill="{INK}">{escape(text)}</text>'
        )
        x += size * (2.4 + 0.56 * len(text))
    return lines
