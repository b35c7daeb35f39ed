"""Arrays of a graph kept in a folder, mapped into memory instead of read from the store.

A cache is a folder named by the corpus's graph stamp, drawn anew by every commit the graph shows, so
a stale one is never found. It is written beside and renamed, and its checksums are compared when it
is opened, so a torn one is never used. It may be removed at any time.
"""

import json
import os
import secrets
import shutil
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from kg.graph import Graph, Ragged, Texts

LEAST = 20_000  # entities and relations; smaller graphs are read as fast from the database
_COLUMNS = ("entity_ids", "types", "mentions", "relation_ids", "sources", "targets", "labels", "weights")
_RAGGED = ("entity_documents", "relation_documents")
_TEXTS = ("names", "type_names", "label_names", "document_ids", "document_titles")


def save(folder: Path, stamp: str, graph: Graph) -> bool:
    """Keep the graph's arrays under this stamp and drop older ones; False where that cannot be written."""
    arrays = {name: getattr(graph, name) for name in _COLUMNS}
    for name in _RAGGED:
        ragged: Ragged = getattr(graph, name)
        arrays[f"{name}.starts"], arrays[f"{name}.values"] = ragged.starts, ragged.values
    for name in _TEXTS:
        texts = Texts.pack(getattr(graph, name))
        arrays[f"{name}.starts"], arrays[f"{name}.values"] = texts.starts, texts.data
    fresh = folder / f"new-{secrets.token_hex(8)}"
    try:
        fresh.mkdir(parents=True)
        sums = {}
        for name, array in arrays.items():
            np.save(fresh / f"{name}.npy", array)
            sums[name] = _checksum(array)
        (fresh / "arrays.json").write_text(json.dumps({"stamp": stamp, "checksums": sums}), "utf-8")
        os.replace(fresh, folder / stamp)
        for old in folder.iterdir():
            if old.name != stamp and not old.name.startswith("new-"):
                shutil.rmtree(old, ignore_errors=True)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        return False
    return True


def load(folder: Path, stamp: str, generation: int) -> Graph | None:
    """The graph kept under this stamp, mapped; None where there is none or it is damaged."""
    try:
        manifest = json.loads((folder / stamp / "arrays.json").read_text("utf-8"))
        # Plain arrays over the mapped file: np.memmap is five times slower at small slices.
        arrays = {
            name: np.load(folder / stamp / f"{name}.npy", mmap_mode="r").view(np.ndarray)
            for name in manifest["checksums"]
        }
        if manifest["stamp"] != stamp or any(
            _checksum(array) != manifest["checksums"][name] for name, array in arrays.items()
        ):
            return None
        columns: dict[str, Any] = {name: arrays[name] for name in _COLUMNS}
        for name in _RAGGED:
            columns[name] = Ragged(arrays[f"{name}.starts"], arrays[f"{name}.values"])
        for name in _TEXTS:
            texts = Texts(arrays[f"{name}.starts"], arrays[f"{name}.values"])
            columns[name] = texts if name == "names" else tuple(texts)
        return Graph(**columns, generation=generation)
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None


def _checksum(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> int:
    return zlib.crc32(np.ascontiguousarray(array).view(np.uint8).data) if array.size else 0
