"""`entigraph fit`: a rising curve through measured points, with intervals and what the points know."""

from typing import TYPE_CHECKING, Annotated

import typer

from entigraph.cli.options import Json, PlotTo, Seed, names
from entigraph.cli.terminal import data, out, table, talk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.fits import FitReport
    from analysis.plot import Picture
    from analysis.point_tables import PointTable

MOST_PARAMETERS = 7  # of three terms; a mixture may have dozens


def fit(
    points: Annotated[
        str,
        typer.Argument(
            metavar="POINTS", help="A .csv or .tsv with columns x, y and, where known, weight or sd."
        ),
    ],
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="X,X",
            help="Answer at these x; by default at the last point and at twice and ten times it.",
            show_default=False,
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            help="Models by comma: mixture, three_terms, two_terms, one_term, log_linear. By default all.",
            show_default=False,
        ),
    ] = None,
    ceiling: Annotated[
        float | None, typer.Option(help="The most that y can be: 1 or 100 for a share.", show_default=False)
    ] = None,
    level: Annotated[float, typer.Option(help="Chance that an interval holds the truth, 0 to 1.")] = 0.9,
    ridge: Annotated[
        float | None, typer.Option(help="Ridge of the mixture, 1e-6 by default.", show_default=False)
    ] = None,
    resamples: Annotated[int, typer.Option(help="Resamples of the bootstrap, 20 or more.")] = 200,
    seed: Seed = 0,
    plot: PlotTo = None,
    json: Json = False,
) -> None:
    """Fit mixtures of exponentials and a log line to points, and say what they know beyond the last one."""
    import numpy as np

    from analysis import fit as fitted
    from analysis.plot import check_place, draw
    from analysis.point_tables import read_points
    from analysis.scaling import RIDGE

    place = None if plot is None else check_place(plot)
    asked = _numbers(at) if at else None
    read = read_points(points)
    places = asked or [float(read.x[-1]) * factor for factor in (1, 2, 10)]
    found = fitted(
        read.x,
        read.y,
        rng=np.random.default_rng(seed),
        at=places,
        weights=read.weights,
        models=names(model) or None,
        ceiling=ceiling,
        noise=read.noise,
        level=level,
        resamples=resamples,
        ridge=RIDGE if ridge is None else ridge,
    )
    if place is not None:
        talk(f"wrote {draw(picture(read, found, level), place)}")
    if json:
        return data(found.to_dict())
    table(
        [
            (
                f"{'*' if name == found.best else ' '} {name}",
                f"{one.rmse:.3g}",
                f"{one.aic:.1f}",
                _parameters(one.params),
            )
            for name, one in found.models.items()
        ],
        ("model", "rmse", "aic", "parameters"),
    )
    if read.y[-1] < read.y[0]:
        talk(
            f"y falls, from {read.y[0]:g} to {read.y[-1]:g}: a curve of coverage or accuracy rises, and the mixtures "
            "can only be flat here"
        )
    for answer in (*found.at, *([found.plateau] if found.plateau else [])):
        out(f"x={answer.x:g}: {answer.y:.4g}; {answer.says}")
    for name, reason in found.left_out.items():
        talk(f"left out {name}: {reason}")


def _parameters(params: "Mapping[str, float]") -> str:
    if len(params) > MOST_PARAMETERS:
        return f"plateau {params['plateau']:.4g} and {len(params) // 2} terms, listed by --json"
    return ", ".join(f"{key} {value:.4g}" for key, value in params.items())


def picture(read: "PointTable", found: "FitReport", level: float) -> "Picture":
    """The points, every model's curve, and the interval of the answers."""
    import numpy as np

    from analysis.plot import Line, Picture

    last = max([float(read.x[-1]), *(answer.x for answer in found.at)])
    least = float(read.x[read.x > 0][0]) if (read.x > 0).any() else 1.0
    x = np.geomspace(least, last, 200)
    lines = [Line("points", read.x.tolist(), read.y.tolist(), marks=True)]
    for name, one in sorted(found.models.items(), key=lambda pair: pair[0] != found.best):
        label = f"{name} (best)" if name == found.best else name
        lines.append(Line(label, x.tolist(), one.curve.at(x).tolist()))
    answers = sorted(found.at, key=lambda answer: answer.x)
    if answers:
        lines.append(
            Line(
                f"interval, {level:.0%}",
                [one.x for one in answers],
                [one.y for one in answers],
                [one.low for one in answers],
                [one.high for one in answers],
            )
        )
    return Picture("Fits of the points", "x", "y", lines, log_x=True)


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise ValueError(f"--at wants numbers separated by commas, seen {text!r}") from None
