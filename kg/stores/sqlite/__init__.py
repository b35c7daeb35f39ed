"""The embedded store: SQLite in a folder."""

from kg.stores.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
