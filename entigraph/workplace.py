"""The things a command works with, made from settings: corpus, model, journal, budget."""

from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from entigraph import config
from entigraph.config import Value

if TYPE_CHECKING:
    from pathlib import Path

    from kg.store import Store
    from lm.base import LM
    from lm.batch import Batches
    from lm.budget import Budget
    from lm.jobs import OnEvent, OnPiece
    from lm.journal import Journal
    from lm.prices import Prices
    from lm.session import Session

LATELY = 200  # answers from which the pace of a model is told


class Limits(Protocol):
    """What a command was told about money and time."""

    @property
    def budget_usd(self) -> float | None: ...
    @property
    def budget_tokens(self) -> int | None: ...
    @property
    def deadline_seconds(self) -> float | None: ...
    @property
    def concurrency(self) -> int: ...


def connect(name: str, settings: dict[str, Value]) -> "LM":
    """The language model of that name, with the keys, prices and models folder of this user.

    Raises ValueError for a name of no known form, LMError where an extra or a file is missing.
    """
    import lm

    return lm.connect(
        name,
        key_for=config.key_for,
        prices=prices_of(settings),
        timeout_seconds=float(settings["timeout_seconds"].value),
        models_folder=config.models_folder(settings["models"].value),
    )


def prices_of(settings: dict[str, Value]) -> "Prices":
    """The prices that this user wrote down, over those of the package."""
    from lm.prices import load

    return load(config.prices_file(settings["prices"].value))


def prices_place(settings: dict[str, Value]) -> "Path":
    """Where this user writes prices down, whether or not the file is there yet."""
    found = config.prices_file(settings["prices"].value)
    return found or config.user_file().with_name("prices.toml")


def journal_of(store: "Store", settings: dict[str, Value] | None = None) -> "Journal":
    """The one journal of a corpus: every paid call is in it, whatever it was for."""
    from lm.journal import Journal

    fsync: Any = settings["fsync"].value if settings else "interval"
    return Journal.open(store.folder / "journal", corpus_id=store.corpus_id, fsync=fsync)


def journal_at(store: "Store") -> "Journal | None":
    """The journal of a corpus for reading, the caller's to close; None where nothing was asked yet."""
    from lm.journal import Journal

    folder = store.folder / "journal"
    return Journal.open(folder, read_only=True) if (folder / "calls.jsonl").is_file() else None


def latency(store: "Store", model: str) -> float | None:
    """Mean seconds of the last answers of a model in this corpus; None where it has given none."""
    journal = journal_at(store)
    if journal is None:
        return None
    with journal:
        last = deque(journal.keys(), maxlen=LATELY)
        requests = ((journal.request(key), journal.answer(key)) for key in last)
        seconds = [
            answer.latency_seconds
            for request, answer in requests
            if request is not None and answer is not None and request.model == model
        ]
    return sum(seconds) / len(seconds) if seconds else None


def budget_of(limits: Limits, settings: dict[str, Value]) -> "Budget":
    """The limits of one command, and what the corpus may cost over all commands."""
    from lm.budget import Budget

    total = settings["max_usd_total"].value
    return Budget(
        usd=limits.budget_usd,
        tokens=limits.budget_tokens,
        deadline_seconds=limits.deadline_seconds,
        total_usd=float(total) if total else None,
    )


def session_of(
    lm: "LM",
    journal: "Journal",
    limits: Limits,
    settings: dict[str, Value],
    *,
    purpose: str,
    run: str,
    on_event: "OnEvent | None" = None,
    on_piece: "OnPiece | None" = None,
    own: bool = True,
) -> "Session":
    """A session with a model within these limits, at the pace that the settings allow; see `lm.Session`."""
    from lm.session import Session

    return Session(
        lm,
        journal=journal,
        concurrency=limits.concurrency,
        timeout_seconds=float(settings["timeout_seconds"].value),
        requests_per_minute=rate(settings["requests_per_minute"]),
        tokens_per_minute=rate(settings["tokens_per_minute"]),
        on_piece=on_piece,
        own=own,
        **_terms(limits, settings, purpose, run, on_event),
    )


def batches_of(
    lm: "LM",
    journal: "Journal",
    limits: Limits,
    settings: dict[str, Value],
    *,
    purpose: str,
    run: str,
    on_event: "OnEvent | None" = None,
) -> "Batches":
    """A model that is asked by the batch within these limits. Raises ValueError where it cannot be."""
    from lm.batch import Batches
    from lm.batch_api import batch_of

    return Batches(
        batch_of(lm, prices_of(settings)),
        journal=journal,
        own=False,
        **_terms(limits, settings, purpose, run, on_event),
    )


def _terms(
    limits: Limits, settings: dict[str, Value], purpose: str, run: str, on_event: "OnEvent | None"
) -> dict[str, Any]:
    """What a session and batches are told alike: for what, and within which limits."""
    return {
        "budget": budget_of(limits, settings),
        "purpose": purpose,
        "run": run,
        "on_event": on_event,
        "prices_file": str(prices_place(settings)),
    }


def rate(setting: Value) -> float | None:
    """So many a minute; None where there is no limit."""
    return float(setting.value) if setting.value else None


def settings_for(store: "Store | None" = None, **flags: Any) -> dict[str, Value]:
    """Every setting with its origin, for this corpus and these flags."""
    return config.resolve(store.settings if store else None, flags)
