"""Curves as a picture: svg or png by matplotlib, or one html page to zoom into, by plotly, without a network.

A `Picture` says what is to be seen and knows no library. The kind of file is told by its ending.
"""

import importlib
import os
import secrets
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = (".svg", ".png", ".html")
COLOURS = ("#1b6ca8", "#c8553d", "#3a7d44", "#7a4f9a", "#b8860b", "#4d4d4d")
INCHES = (7.2, 4.4)


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: a name for the legend, points, and a band where `low` and `high` are given.

    `marks` draws points alone, as measurements are drawn.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    marks: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Lines over one pair of axes. `levels` are horizontal lines by name, such as a ceiling."""

    title: str
    x_label: str
    y_label: str
    lines: Sequence[Line]
    log_x: bool = False
    percent: bool = False
    levels: Sequence[tuple[str, float]] = ()


def check_place(path: Path | str) -> Path:
    """The path of a picture, before any work. Raises ValueError for another kind of file or no folder."""
    place = Path(path)
    if place.suffix.lower() not in KINDS:
        raise ValueError(f"a picture ends in .svg, .png or .html, seen {str(path)!r}")
    if not place.absolute().parent.is_dir():
        raise ValueError(f"there is no folder {str(place.absolute().parent)!r} to put the picture into")
    library("plotly.graph_objects" if place.suffix.lower() == ".html" else "matplotlib.figure", place)
    return place


def draw(picture: Picture, path: Path | str) -> Path:
    """Write the picture to a file; it appears whole or not at all. An html page holds its own scripts."""
    place = check_place(path)
    kind = place.suffix.lower()
    fresh = place.with_name(f"{place.name}.{secrets.token_hex(4)}.part")
    try:
        if kind == ".html":
            fresh.write_text(page(picture), encoding="utf-8")
        else:
            _save(picture, fresh, kind.removeprefix("."))
        os.replace(fresh, place)
    finally:
        fresh.unlink(missing_ok=True)
    return place


def svg(picture: Picture) -> str:
    """The picture as one <svg> element, to put into a page; the same picture gives the same words."""
    import io

    file = io.StringIO()
    _save(picture, file, "svg")
    text = file.getvalue()
    return text[text.index("<svg") :]


def page(picture: Picture) -> str:
    """A html page with the picture: curves can be zoomed, read off and switched; nothing is fetched."""
    plotly = library("plotly.graph_objects", Path("picture.html"))
    figure = plotly.Figure()
    for number, line in enumerate(picture.lines):
        colour = COLOURS[number % len(COLOURS)]
        x, y = _visible(picture, line.x), [float(value) for value in line.y]
        if line.low is not None and line.high is not None:
            figure.add_scatter(
                x=[*x, *x[::-1]],
                y=[*map(float, line.high), *[float(value) for value in line.low][::-1]],
                fill="toself",
                fillcolor=colour,
                opacity=0.18,
                line={"width": 0},
                hoverinfo="skip",
                showlegend=False,
                name=_plain(line.name),
                legendgroup=str(number),
            )
        figure.add_scatter(
            x=x,
            y=y,
            name=_plain(line.name),
            mode="markers" if line.marks else "lines",
            line={"color": colour, "width": 2},
            marker={"color": colour},
            legendgroup=str(number),
        )
    for name, height in picture.levels:
        figure.add_hline(y=height, line_dash="dot", line_color=COLOURS[-1], annotation_text=_plain(name))
    figure.update_layout(
        title=_plain(picture.title),
        xaxis={"title": _plain(picture.x_label), "type": "log" if picture.log_x else "linear"},
        yaxis={"title": _plain(picture.y_label), "tickformat": ".0%" if picture.percent else ""},
        template="plotly_white",
        showlegend=len(picture.lines) > 1,
    )
    quiet = {
        "displaylogo": False,
        "showSendToCloud": False,
        "responsive": True,
    }
    return str(figure.to_html(include_plotlyjs=True, full_html=True, div_id="picture", config=quiet))


def _save(picture: Picture, file: Any, kind: str) -> None:  # Any: a path or an open file, as matplotlib takes
    figure_module = library("matplotlib.figure", Path(f"picture.{kind}"))
    matplotlib = importlib.import_module("matplotlib")
    with (
        matplotlib.rc_context({"svg.hashsalt": "entigraph", "svg.fonttype": "none"}),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings(
            "ignore", message="Glyph"
        )  # a viewer of the svg has the fonts; a png has boxes
        figure = figure_module.Figure(figsize=INCHES, layout="constrained")
        axes = figure.subplots()
        for number, line in enumerate(picture.lines):
            colour = COLOURS[number % len(COLOURS)]
            x = _visible(picture, line.x)
            if line.low is not None and line.high is not None:
                axes.fill_between(x, line.low, line.high, color=colour, alpha=0.18, linewidth=0)
            style = {"marker": "o", "linestyle": "none"} if line.marks else {"linewidth": 2}
            axes.plot(x, line.y, color=colour, label=_literal(line.name), **style)
        for name, height in picture.levels:
            axes.axhline(height, color=COLOURS[-1], linestyle=":", label=_literal(name))
        if picture.log_x:
            axes.set_xscale("log")
        if picture.percent:
            ticker = importlib.import_module("matplotlib.ticker")
            axes.yaxis.set_major_formatter(ticker.PercentFormatter(1.0))
        axes.set_title(_literal(picture.title), loc="left", fontsize="medium")
        axes.set_xlabel(_literal(picture.x_label))
        axes.set_ylabel(_literal(picture.y_label))
        axes.spines[["top", "right"]].set_visible(False)
        if len(picture.lines) + len(picture.levels) > 1:
            axes.legend(frameon=False)
        figure.savefig(file, format=kind, dpi=150, metadata={"Date": None} if kind == "svg" else None)


def _visible(picture: Picture, x: Sequence[float]) -> list[float]:
    """On a logarithmic axis 0 has no place: it is moved to half of the least x above it."""
    least = min((float(value) for value in x if value > 0), default=1.0)
    return [float(value) if value > 0 or not picture.log_x else least / 2 for value in x]


def _literal(text: str) -> str:
    """Words as they are: matplotlib reads formulas between dollars, and hides what begins with '_'."""
    return "\u200b" * text.startswith("_") + text.replace("$", r"\$")


def _plain(text: str) -> str:
    """Words as they are: plotly reads some html."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def library(name: str, place: Path) -> Any:  # Any: the library's own types
    """The plotting library that draws this file; ValueError names the extra that brings it."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ValueError(
            f"a picture such as {place.name!r} needs {name.partition('.')[0]}, which is not installed "
            f"({error.name} is missing): pip install 'entigraph[plot]'"
        ) from error
