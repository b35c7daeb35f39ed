"""Documents become a graph of entities and relations: read, chunk, extract, resolve, keep, show."""

import _entigraph_home

_entigraph_home.check("kg", "lm")

from typing import TYPE_CHECKING, Any

from kg.model import (
    Asked,
    Candidate,
    Check,
    Chunk,
    Document,
    Entity,
    Evidence,
    GraphError,
    Mention,
    Record,
    Relation,
    Resolution,
    Subgraph,
)
from kg.store import CorpusLocked, CorpusNotFound, CorpusTooNew, Derived, Reading, Store, StoreError

if TYPE_CHECKING:
    from kg.building import BuildReport, build
    from kg.chunks import chunk
    from kg.copying import copy
    from kg.curation import merge, split, undo
    from kg.derivation import derive
    from kg.exchange import read_graph, write_graph
    from kg.extract import EXTRACTORS, extractor
    from kg.graph import Edges, Graph
    from kg.importing import import_graph
    from kg.page import show
    from kg.reading import read
    from kg.stores import STORES
    from kg.stores import open_corpus as open

_HOMES = {
    "BuildReport": "building",
    "EXTRACTORS": "extract",
    "Edges": "graph",
    "Graph": "graph",
    "STORES": "stores",
    "build": "building",
    "chunk": "chunks",
    "copy": "copying",
    "derive": "derivation",
    "extractor": "extract",
    "import_graph": "importing",
    "merge": "curation",
    "open": "stores",
    "read": "reading",
    "read_graph": "exchange",
    "show": "page",
    "split": "curation",
    "undo": "curation",
    "write_graph": "exchange",
}

__all__ = [
    "EXTRACTORS",
    "STORES",
    "Asked",
    "BuildReport",
    "Candidate",
    "Check",
    "Chunk",
    "CorpusLocked",
    "CorpusNotFound",
    "CorpusTooNew",
    "Derived",
    "Document",
    "Edges",
    "Entity",
    "Evidence",
    "Graph",
    "GraphError",
    "Mention",
    "Reading",
    "Record",
    "Relation",
    "Resolution",
    "Store",
    "StoreError",
    "Subgraph",
    "build",
    "chunk",
    "copy",
    "derive",
    "extractor",
    "import_graph",
    "merge",
    "open",
    "read",
    "read_graph",
    "show",
    "split",
    "undo",
    "write_graph",
]


def __getattr__(name: str) -> Any:
    """What brings heavy imports is loaded when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    from importlib import import_module

    home = import_module(f"kg.{_HOMES[name]}")
    return getattr(home, "open_corpus" if name == "open" else name)
