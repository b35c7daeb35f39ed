"""Graphs that others made: read from files and databases, kept as given entities and relations."""

from kg.importing.base import LeftOut, Link, Named
from kg.importing.imported import IMPORTERS, ImportReport, import_file, import_graph, import_rows

__all__ = [
    "IMPORTERS",
    "ImportReport",
    "LeftOut",
    "Link",
    "Named",
    "import_file",
    "import_graph",
    "import_rows",
]
