"""The journal of a corpus, copied for a copy of that corpus: what was paid for is not paid for again."""

import json
import os
import shutil
from pathlib import Path

from lm import lines

CALLS = "calls.jsonl"


def copy_journal(source: Path, target: Path, corpus_id: str) -> None:
    """Copy the journal in the folder `source` to the folder `target`, as that of the corpus `corpus_id`.

    Every whole line is copied as it is, damaged ones too, so what was spent counts in the copy as well;
    only the first line names the new corpus. A line that is being written is left out. A journal that
    lies in `target` already is replaced, in one step. Raises OSError.
    """
    target.mkdir(parents=True, exist_ok=True)
    for torn in sorted(source.glob("torn-*.jsonl")):
        shutil.copyfile(torn, target / torn.name)
    if not (source / CALLS).is_file():
        return
    fresh = target / f"{CALLS}.part"
    with (source / CALLS).open("rb") as read, fresh.open("wb") as write:
        for number, line in enumerate(read):
            if line.endswith(b"\n"):
                write.write(_renamed(line, corpus_id) if number == 0 else line)
        write.flush()
        os.fsync(write.fileno())
    os.replace(fresh, target / CALLS)


def _renamed(header: bytes, corpus_id: str) -> bytes:
    """The first line with another corpus; as it is where it is no header."""
    if not lines.whole(header[:-1]):
        return header
    try:
        event = lines.decode(header[:-1])
    except (json.JSONDecodeError, UnicodeDecodeError):
        return header
    return lines.encode({**event, "corpus": corpus_id}) if event.get("event") == "journal" else header
