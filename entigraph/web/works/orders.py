"""What is to be written, as the page orders it, becomes the options of `entigraph generate`, and its command line."""

import shlex
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from entigraph.config import Value
from entigraph.generation import among
from entigraph.generation_options import Options
from entigraph.run_folders import options_in, run_folders
from entigraph.web.desk import Desk
from entigraph.web.refusals import NotThere
from entigraph.web.shapes.generation import Order
from entigraph.workplace import settings_for
from kg.graph import Graph
from kg.model import Subgraph, content_id
from kg.store import Store
from sampling import coverage_of_records, useful, write_plan

PLANS = "plans"
"""Folder in `runs/` of a corpus for the plans that were chosen on the page."""


@contextmanager
def options_of(desk: Desk, order: Order) -> Iterator[tuple[Options, dict[str, Value]]]:
    """The options and the settings of an order, checked as far as no model is asked.

    Several subgraphs are written down as a plan in the folder of the corpus, under a name made of its content;
    where that may not be changed, in a folder that is gone afterwards. Raises NotThere for entities that are
    not in the corpus, ValueError for what cannot be.
    """
    store, graph = desk.store, desk.graph()
    settings = settings_for(
        store,
        model=order.model or None,
        text_language=None if order.text_language == "auto" else order.text_language,
        max_tokens=order.max_tokens,
        temperature=order.temperature,
    )
    refuse_files(store, order.sampler, order.model)
    options = Options.of(
        settings,
        samplers=_names(order.sampler) or ("edges",),
        uncovered=order.uncovered and not order.subgraphs,
        strategies=_names(order.strategy),
        n=order.n,
        wordings=order.wordings,
        budget_usd=order.budget_usd,
        budget_tokens=order.budget_tokens,
        retry_rejected=order.retry_rejected,
        refresh=order.refresh,
        seed=order.seed,
    )
    if not order.subgraphs:
        yield options, settings
        return
    items = _items(store, graph, order)
    if len(items) == 1 and not items[0].documents:
        yield replace(options, samplers=("edges",), entities=items[0].entities), settings
        return
    own = store.folder / "runs" / PLANS
    with tempfile.TemporaryDirectory() if desk.read_only else nullcontext(own) as folder:
        path = Path(folder) / f"{content_id('plan', *(item.key for item in items))[:16]}.jsonl"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{threading.get_ident()}")
            write_plan(draft, graph, items, "chosen")
            draft.replace(path)
        yield replace(options, samplers=("edges",), plan=str(path)), settings


def _items(store: Store, graph: Graph, order: Order) -> list[Subgraph]:
    """The subgraphs in the order they were named, each once; without what is covered where that is asked."""
    items: dict[str, Subgraph] = {}
    for entities in order.subgraphs:
        try:
            item = among(graph, entities)
        except KeyError as missing:
            raise NotThere(
                f"no entity of this corpus has the id {missing.args[0]}; was the graph built anew? Load the page again"
            ) from None
        items.setdefault(item.key, item)
    if not order.uncovered:
        return list(items.values())
    left = list(useful(items.values(), coverage_of_records(store)))
    if not left:
        raise ValueError(
            "accepted texts cover all of this already; leave 'uncovered' out to write about it again"
        )
    return left


def command_of(desk: Desk, options: Options) -> str:
    """The line that does the same in a shell. Empty where it would need a plan that was not written down."""
    if options.plan and desk.read_only:
        return ""
    own = Options.of(settings_for(desk.store))
    words: list[object] = []
    if options.plan:
        words += ["--plan", options.plan]
    elif options.entities:
        words += [word for id in options.entities for word in ("--entity", id)]
    else:
        words += ["--sampler", ",".join(options.samplers)]
        words += ["--uncovered"] if options.uncovered else []
    given = {
        "--strategy": ",".join(options.strategies) or None,
        "--model": options.model,
        "-n": options.n,
        "--wordings": options.wordings if options.wordings > 1 else None,
        "--text-language": None if options.text_language == own.text_language else options.text_language,
        "--temperature": None if options.temperature == own.temperature else options.temperature,
        "--max-tokens": None if options.max_tokens == own.max_tokens else options.max_tokens,
        "--budget-usd": options.budget_usd,
        "--budget-tokens": options.budget_tokens,
        "--retry-rejected": options.retry_rejected or None,
        "--seed": options.seed or None,
    }
    words += [word for name, value in given.items() if value is not None for word in (name, value)]
    words += ["--refresh"] if options.refresh else []
    return " ".join(["entigraph generate", desk.typed, *(shlex.quote(str(word)) for word in words)])


def resume_command(desk: Desk, run: str, options: Options) -> str:
    """The line that goes on with a run in a shell, within the limits that it was started with."""
    limits = {
        "--budget-usd": options.budget_usd,
        "--budget-tokens": options.budget_tokens,
        "--max-texts": options.max_texts,
        "--deadline": options.deadline_seconds,
    }
    words = [f"{name} {value:.12g}" for name, value in limits.items() if value is not None]
    return " ".join(["entigraph runs resume", desk.typed, run, *words])


def models_used(store: Store) -> list[str]:
    """The models of the runs there are, each once."""
    return list(dict.fromkeys(options_in(folder).model for folder in run_folders(store)))


def refuse_files(store: Store, samplers: str, model: str) -> None:
    """Raise ValueError for what would read a file that the page names: only the user of the shell may do that."""
    if model and any(map(_is_file, model.split(","))):
        own = (settings_for(store)["model"].value, *models_used(store))
        if model not in own:
            raise ValueError(
                f"the page opens no file {model[:80]!r}: make it the corpus's model with "
                f"'entigraph config CORPUS --set model=FILE', or take one of the list"
            )
    if any(spec.startswith("slots:") and "words=" in spec for spec in _names(samplers)):
        raise ValueError(
            "the page reads no lists of words from files; use 'entigraph generate' for 'slots:words=FILE'"
        )


def _names(words: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in words.split(",") if name.strip())


def _is_file(model: str) -> bool:
    """Whether this form of a model names a file."""
    return ".gguf" in model.lower() or "/" in model.partition("local:")[2]


def strategies_named(options: Options) -> Sequence[str]:
    """The strategies of a run, those that are taken where none was named too."""
    return options.strategies or ("describe", "relate")
