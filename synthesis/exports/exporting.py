"""The export itself: look at every text once, decide which lines the file will have, write them."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from math import ceil
from pathlib import Path
from typing import Any, Literal

from kg.store import Store
from lm.stamps import sha256_of
from lm.tokens import estimate
from synthesis.exports.card import card_text
from synthesis.exports.composition import composed
from synthesis.exports.lines import Documents, Line, Origin, Texts
from synthesis.exports.manifest import Written, manifest_text
from synthesis.exports.mixing import Mix
from synthesis.exports.options import ExportOptions
from synthesis.exports.place import CARD, Place, cannot_write
from synthesis.exports.pool import surveyed
from synthesis.exports.replay import RATE, Replay
from synthesis.exports.replay_file import opened
from synthesis.exports.report import ExportReport
from synthesis.exports.tally import Tally
from synthesis.exports.writing import lines_of, write_files
from synthesis.leakage import Leakage, questions_in

Progress = Callable[[Literal["read", "written"], int], None]


def export(
    store: Store,
    path: Path,
    *,
    format: str = "cpt",
    source: bool = False,
    count: Callable[[str], int] = estimate,
    shuffle: bool = True,
    seed: int = 0,
    tokens: int | None = None,
    replay: Path | None = None,
    replay_rate: float = RATE,
    replay_mode: str = "paper",
    mix: str | None = None,
    shards: int | None = None,
    shard_tokens: int | None = None,
    decontaminate: Path | None = None,
    exact_duplicates: str = "drop",
    on_progress: Progress | None = None,
) -> ExportReport:
    """Write the accepted texts of a corpus (with `source`, its documents: the Raw baseline) to `path`.

    The order is a shuffle by the ids of the texts and `seed`. `tokens` writes its beginning, so that the file
    for fewer tokens is the beginning of the file for more; titles count, by `count`. `mix` is a proportion
    such as "qa:docs=1:1", by tokens. `replay` is a file of general text, `replay_rate` its share of the tokens,
    `replay_mode` "paper" or "additive" (synthesis/exports/replay.py). `shards` or `shard_tokens` part the file.
    A text that repeats another, title and all, is dropped unless `exact_duplicates` is "keep", one that holds a
    question of the file `decontaminate` always.

    Beside every file lies its provenance, line for line, and beside `path` a manifest. All of it appears, or
    nothing; where there is nothing to write, no file is touched and the report names none. Memory grows with
    the number of texts, not with their length. Raises ValueError for options and inputs that cannot be,
    SynthesisError where the files cannot be written or the corpus changes meanwhile.
    """
    options = ExportOptions(
        format=format,
        source=source,
        shuffle=shuffle,
        seed=seed,
        tokens=tokens,
        replay=replay,
        replay_rate=replay_rate,
        replay_mode=replay_mode,
        mix=None if mix is None else Mix.parse(mix),
        shards=shards,
        shard_tokens=shard_tokens,
        decontaminate=decontaminate,
        exact_duplicates=exact_duplicates,
    ).checked()
    inputs = [file for file in (replay, decontaminate) if file is not None]
    try:
        with Place(path, folder=options.writer.folder, inputs=inputs) as place, ExitStack() as stack:
            return _carried_out(store, place, options, count, on_progress, stack)
    except OSError as error:
        raise cannot_write(path, error) from None


def _carried_out(
    store: Store,
    place: Place,
    options: ExportOptions,
    count: Callable[[str], int],
    on_progress: Progress | None,
    stack: ExitStack,
) -> ExportReport:
    def tokens(line: Line) -> int:
        return sum(map(count, options.writer.trained(line)))

    def told(stage: Literal["read", "written"]) -> Callable[[int], None] | None:
        return partial(on_progress, stage) if on_progress else None

    report = ExportReport(asked_tokens=options.tokens)
    leakage, report.decontamination = _questions(options.decontaminate)
    replay = None
    if options.replay is not None:
        file = stack.enter_context(opened(options.replay, place.scratch()))
        replay = Replay(file, seed=options.seed, tokens=tokens, leakage=leakage)
    origin: Origin = Documents(store) if options.source else Texts(store)
    generation = store.generation
    pool = surveyed(
        origin,
        options.writer.trained,
        count,
        report.left_out,
        duplicates=options.exact_duplicates == "keep",
        leakage=leakage,
        on_text=told("read"),
    )
    corpus = {
        "id": store.corpus_id,
        "generation": generation,
        "changed_meanwhile": store.generation != generation,
    }
    made = composed(pool, options, report.left_out, replay)
    report.refused = made.refused
    if not len(made):
        return report
    tally = Tally()
    lines = lines_of(made, pool, origin, replay)
    files = write_files(place, options, made, lines, tally, told("written"))
    report.texts, report.tokens = tally.texts, tally.tokens
    report.replay = _replayed(replay, options, tally) if replay else None
    said = {
        "entigraph": _version(),
        "corpus": corpus,
        "options": options.to_json(),
        "tokens_counted_by": f"{count.__module__}.{getattr(count, '__qualname__', type(count).__name__)}",
        **tally.to_json(),
        "left_out": dict(sorted(report.left_out.items())),
        "replay": report.replay,
        "decontamination": report.decontamination,
    }
    if options.writer.folder:
        files.append(_card(place, said, files, tally.example))
    place.new(place.manifest).write_text(manifest_text(said, files), encoding="utf-8", newline="\n")
    written = [file.file for file in files]
    place.appear(written)
    own = [place.path.name] if options.writer.folder else [f.file for f in files if f.holds == "texts"]
    beside = [file.file for file in files if file.holds == "provenance"]
    report.files = [str(place.beside / name) for name in (*own, *beside, place.manifest)]
    return report


def _card(place: Place, said: dict[str, Any], files: list[Written], example: Line | None) -> Written:
    name = f"{place.path.name}/{CARD}"
    texts = [file for file in files if file.holds == "texts"]
    text = card_text(place.path.name, said, texts, example)
    place.new(name).write_text(text, encoding="utf-8", newline="\n")
    return Written.of(place.draft, name, "card", text.count("\n"))


def _replayed(replay: Replay, options: ExportOptions, tally: Tally) -> dict[str, Any]:
    return {
        "file": replay.file.path.name,
        "sha256": replay.file.sha256,
        "mode": options.replay_mode,
        "rate": options.replay_rate,
        "texts": tally.replayed,
        "tokens": tally.replayed_tokens,
        "share": round(tally.replayed_tokens / tally.tokens, 4),
        "passes": ceil(tally.replayed / (len(replay.file) - len(replay.leaking))),
        "leaks_question": len(replay.leaking),
    }


def _questions(path: Path | None) -> tuple[Leakage | None, dict[str, Any] | None]:
    """The index of the questions in a file, and what the manifest says of it."""
    if path is None:
        return None, None
    leakage = Leakage.of(questions_in(path))
    counts = {"questions": len(leakage.questions), "too_short": leakage.too_short, "words": leakage.words}
    return leakage, {"file": path.name, "sha256": sha256_of(path), **counts}


def _version() -> str:
    try:
        return version("entigraph")
    except PackageNotFoundError:  # run from its sources, not installed
        return "unknown"
