"""The runs of a corpus as they lie in its folder: options, last report, and who writes one now."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from entigraph.generation_options import Options
from kg.locks import Holder, Lock
from kg.store import Store
from kg.suggest import unknown

CRASHED = "a crash, or still running"


def run_folders(store: Store) -> list[Path]:
    """The folder of every run, by name."""
    folder = store.folder / "runs"
    return (
        sorted(path for path in folder.iterdir() if (path / "run.json").is_file()) if folder.is_dir() else []
    )


def run_folder(store: Store, run: str) -> Path:
    """The folder of the run of that name, or of the only one whose name begins so. Raises ValueError."""
    known = run_folders(store)
    fits = [path for path in known if path.name == run] or [
        path for path in known if path.name.startswith(run)
    ]
    if len(fits) > 1:
        names = ", ".join(path.name for path in fits[:10])
        raise ValueError(f"{len(fits)} runs begin with {run!r}: {names}; type more of the name")
    if not fits:
        raise ValueError(unknown("run", run, [path.name for path in known]))
    return fits[0]


def last_report(folder: Path) -> dict[str, Any]:
    """What the run did when it was last carried out; zeros where it never came to an end."""
    path = folder / "report.json"
    empty = {
        "planned": 0,
        "done": 0,
        "failed": 0,
        "rejected": {},
        "reused": 0,
        "stopped": CRASHED,
    }
    report = json.loads(path.read_text("utf-8")) if path.is_file() else empty
    return {"run": folder.name} | report


def options_in(folder: Path, **limits: Any) -> Options:
    """The options that a run was begun with, and `limits` in the place of its own."""
    kept: dict[str, Any] = json.loads((folder / "run.json").read_text("utf-8"))
    kept = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    return replace(Options(**kept), **limits)


def writer_of(folder: Path) -> Holder | None:
    """Who carries out this run now; None where nobody does."""
    lock = Lock(folder / "lock", f"the run {folder.name!r}")
    return lock.holder() if lock.taken() else None
