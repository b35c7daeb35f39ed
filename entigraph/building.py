"""A corpus built from a set of options: which extractor, which model, which limits."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entigraph.config import Value, models_folder
from entigraph.workplace import connect, journal_of, session_of
from kg.extract import ExtractError, extractor
from kg.extract.base import Extractor
from kg.store import Store

if TYPE_CHECKING:
    from kg.building import BuildReport, OnProgress
    from lm.base import LM

PIPELINE = "en_core_web_sm"


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What is to be built, and how."""

    sources: tuple[str, ...]
    extractor: str = "auto"
    names: Path | None = None
    types: Path | None = None
    aliases: Path | None = None
    language: str | None = None
    field: str | None = None
    chunk_tokens: int = 400
    prune: bool = False
    dry_run: bool = False
    second_pass: bool = False
    concurrency: int = 8
    budget_usd: float | None = None
    budget_tokens: int | None = None
    deadline_seconds: float | None = None

    @staticmethod
    def of(settings: dict[str, Value], **chosen: Any) -> "BuildOptions":
        """Options with what the settings say, and what was chosen for this command."""
        language = settings["language"].value
        return BuildOptions(
            extractor=settings["extractor"].value,
            language=None if language == "auto" else language,
            chunk_tokens=int(settings["chunk_tokens"].value),
            concurrency=int(settings["concurrency"].value),
            **chosen,
        )


def pipeline(settings: dict[str, Value]) -> Path | None:
    """The pinned spaCy pipeline in the models folder, None where it was not fetched."""
    from lm.fetch import ModelFileError
    from lm.models import path_of

    try:
        return path_of(PIPELINE, cache_folder=models_folder(settings["models"].value))
    except ModelFileError:
        return None


def extractor_of(options: BuildOptions, settings: dict[str, Value]) -> Extractor:
    """The extractor of these options. The one that calls a model is made by `build`, with its journal."""
    name = options.extractor
    if options.names is not None and name == "auto":
        name = "dictionary"
    if options.types is not None and name != "llm":
        raise ValueError(f"--types limits what a model extracts; it goes with --extractor llm, not {name!r}")
    chosen: dict[str, Any] = {}
    if name in ("spacy", "auto"):
        chosen["pipeline"] = pipeline(settings)
    if name == "dictionary":
        if options.names is None:
            raise ExtractError("the extractor 'dictionary' needs a list of names: give it with --names FILE")
        chosen["names"] = options.names
    return extractor(name, **chosen)


def build(
    options: BuildOptions,
    store: Store | None,
    settings: dict[str, Value],
    on_progress: "OnProgress | None" = None,
) -> "BuildReport":
    """Read, chunk, extract, resolve and derive; only what changed is read again.

    A dry run reads the files, writes and sends nothing; its `store` may be None. Raises ValueError or
    ExtractError before anything is read where the options cannot work.
    """
    if options.extractor != "llm":
        return _build(options, store, extractor_of(options, settings), on_progress)
    from lm import close

    model = connect(settings["model"].value, settings)
    try:
        limits = (options.budget_usd, options.budget_tokens, options.deadline_seconds)
        unlimited = model.remote and all(limit is None for limit in limits)
        if options.dry_run or unlimited or store is None:
            reader = extractor(
                "llm", session=Unsent(model), types=options.types, second_pass=options.second_pass
            )
            report = _build(replace(options, dry_run=True), store, reader, on_progress)
            if options.dry_run:
                return report
            raise ValueError(
                f"{model.name} is a remote model and nothing limits what reading {report.documents} documents "
                f"may cost: {report.chunks} calls with about {report.tokens_in:,} tokens of text, the prompts "
                "apart. Give --budget-usd or --budget-tokens"
            )
        with (
            journal_of(store, settings) as journal,
            session_of(
                model, journal, options, settings, purpose="extract", run=f"build-{store.generation}"
            ) as session,
        ):
            reader = extractor("llm", session=session, types=options.types, second_pass=options.second_pass)
            report = _build(options, store, reader, on_progress)
            report.tokens_in, report.tokens_out = session.spent.tokens_in, session.spent.tokens_out
            report.usd = session.spent.usd
            report.stopped = report.stopped or session.stopped
            return report
    finally:
        close(model)


@dataclass(frozen=True, slots=True)
class Unsent:
    """Stands for a session of a model where nothing is to be sent: only its name is asked for."""

    model: "LM"


def _build(
    options: BuildOptions, store: Store | None, reader: Extractor, on_progress: "OnProgress | None"
) -> "BuildReport":
    from kg.building import build as carry_out

    return carry_out(
        list(options.sources),
        store,
        reader,
        chunk_tokens=options.chunk_tokens,
        prune=options.prune,
        aliases=options.aliases,
        dry_run=options.dry_run,
        field=options.field,
        language=options.language,
        on_event=on_progress,
    )
