"""What lies beside the rows of a corpus and belongs to it: the journal, the runs, the history of corrections."""

import os
import shutil
from pathlib import Path

from kg.curation import HISTORY
from kg.store import Store, StoreError
from lm.journal_copy import copy_journal

RUNS = "runs"


def copy_belongings(source: Store, target: Store) -> dict[str, int]:
    """Copy them; how many other files lie in the source's folder (exports, pages), which stay there.

    Locks are left behind. What an unfinished copy brought is overwritten.
    """
    try:
        if (source.folder / "journal").is_dir():
            copy_journal(source.folder / "journal", target.folder / "journal", target.corpus_id)
        if (source.folder / RUNS).is_dir():
            shutil.copytree(
                source.folder / RUNS,
                target.folder / RUNS,
                dirs_exist_ok=True,
                ignore=shutil.ignore_patterns("lock", "*.lock"),
            )
        if (source.folder / HISTORY).is_file():
            _copy_file(source.folder / HISTORY, target.folder / HISTORY)
        elif (target.folder / HISTORY).is_file():
            (target.folder / HISTORY).unlink()
    except (OSError, shutil.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StoreError(
            f"cannot copy what lies beside the corpus {source.location!r} to {str(target.folder)!r}: {reason}. "
            "Check its rights and the space, and run the same command again"
        ) from None
    others = _others(source.folder)
    return {"other files": others} if others else {}


def _copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.part")
    shutil.copyfile(source, fresh)
    os.replace(fresh, target)


def _others(folder: Path) -> int:
    """Files that are neither of the store nor of the corpus."""
    if not folder.is_dir():
        return 0
    own = {"journal", RUNS, "arrays", "writer.lock", HISTORY}
    return sum(
        1 for path in folder.iterdir() if path.name not in own and not path.name.startswith("graph.sqlite")
    )
