"""Options that several commands share, so that one name always means one thing."""

from pathlib import Path
from typing import Annotated

import typer

Corpus = Annotated[
    str,
    typer.Argument(
        metavar="CORPUS",
        help="A corpus: a folder such as handbook.kg, or an address such as bolt://host:7687#handbook.",
    ),
]


def to_write(path: Path | None) -> Path | None:
    """The callback of `-o`: a corpus's own files are not written over."""
    from entigraph.places import to_write as checked

    if path is not None and path.name in ("", ".."):
        raise ValueError(f"{str(path)!r} is a folder; name a file in it")
    return checked(path)


Page = Annotated[
    Path, typer.Option("-o", "--output", help="The page to write.", callback=to_write, show_default=True)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout and nothing else.")]
Seed = Annotated[int, typer.Option(help="Seed of every random choice.", min=0)]
Model = Annotated[
    str | None,
    typer.Option(
        help="local, local:NAME, FILE.gguf, http://host:port/v1#name, openai:name, or echo.",
        show_default=False,
    ),
]
Checks = Annotated[
    str,
    typer.Option(
        help="all, none, or names by comma: finish, refusal, named, numbers, names, copying, near_duplicate, …"
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be sent and what it would cost; send nothing.")
]
BudgetUsd = Annotated[
    float | None, typer.Option(help="Hard limit in dollars, reserved before a request leaves.", min=0)
]
BudgetTokens = Annotated[int | None, typer.Option(help="Hard limit in tokens, in and out together.", min=0)]
MaxTexts = Annotated[int | None, typer.Option(help="Ask for at most this many texts in this call.", min=1)]
RetryRejected = Annotated[
    int, typer.Option(help="Ask again up to so many times for a rejected text, with the reasons.", min=0)
]
Deadline = Annotated[
    str | None,
    typer.Option(help="Send nothing after this long: seconds, or 90s, 15m, 2h.", show_default=False),
]
PlotTo = Annotated[
    str | None,
    typer.Option(
        "--plot", metavar="FILE", help="Also draw it: FILE ends in .svg, .png or .html.", show_default=False
    ),
]
Samplers = Annotated[
    str | None,
    typer.Option(
        "--sampler",
        help="What chooses the subgraphs: edges, entities, triangles, cover, walks, …; options behind a colon "
        "(cover:unit=entities:times=2), several by comma are interleaved.",
        show_default=False,
    ),
]
Uncovered = Annotated[bool, typer.Option("--uncovered", help="Leave out what accepted texts cover already.")]
Afresh = Annotated[
    bool,
    typer.Option(
        "--afresh", help="As if nothing were written: also for samplers that go on from what is covered."
    ),
]
TargetsFrom = Annotated[
    str | None,
    typer.Option(
        "--targets",
        metavar="uncovered[:TIMES]|query:TEXT|FILE",
        help="For the sampler targeted: what nothing covers yet, or a file of names (.txt) or of names or relations "
        "with weights (.csv, .tsv, .jsonl); query:TEXT and mentioned:FILE take what a text, or those in FILE, mention.",
        show_default=False,
    ),
]


def names(value: str | None) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(name.strip() for name in (value or "").split(",") if name.strip())


def seconds(value: str | None) -> float | None:
    """A length of time in seconds. Raises ValueError for anything else.

    >>> seconds("15m")
    900.0
    """
    if value is None:
        return None
    factor = {"s": 1, "m": 60, "h": 3600}.get(value[-1:], 0)
    try:
        length = float(value[:-1]) * factor if factor else float(value)
    except ValueError:
        raise ValueError(f"a deadline is a number of seconds or 90s, 15m, 2h, not {value!r}") from None
    if not 0 < length < float("inf"):
        raise ValueError(f"a deadline must lie ahead, not {value!r}")
    return length
