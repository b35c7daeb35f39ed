"""Many rows at once: twenty a statement, and indexes built after them."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from kg.stores.sqlite.schema import BULK_INDEXES

BULK = 20_000  # fewer new rows than this are written with the indexes in place
PORTION = 20  # rows a statement: two thirds of the time of one a statement, and more gain nothing


def insert(connection: sqlite3.Connection, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    """Insert the rows; `columns` as in SQL."""
    whole = len(rows) - len(rows) % PORTION
    groups = (rows[i : i + PORTION] for i in range(0, whole, PORTION))
    connection.executemany(
        _statement(table, columns, PORTION), (tuple(chain.from_iterable(group)) for group in groups)
    )
    connection.executemany(_statement(table, columns, 1), rows[whole:])


def insert_columns(
    connection: sqlite3.Connection, table: str, columns: str, values: Sequence[Sequence[Any]]
) -> None:
    """The same from columns: no row is ever made."""
    width, count = len(values), len(values[0])
    flat: list[Any] = [None] * (width * count)
    for place, column in enumerate(values):
        flat[place::width] = column
    portion = PORTION * width
    whole = len(flat) - len(flat) % portion
    connection.executemany(
        _statement(table, columns, PORTION), (flat[i : i + portion] for i in range(0, whole, portion))
    )
    connection.executemany(
        _statement(table, columns, 1), (flat[i : i + width] for i in range(whole, len(flat), width))
    )


def _statement(table: str, columns: str, rows: int) -> str:
    one = f"({', '.join('?' * len(columns.split(',')))})"
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([one] * rows)}"


@contextmanager
def indexes_after(connection: sqlite3.Connection, table: str, added: int) -> Iterator[None]:
    """Where many rows are added to few, the table's indexes are dropped and built after the block."""
    (last,) = connection.execute(f"SELECT coalesce(max(row), 0) FROM {table}").fetchone()
    bulk = added > BULK and added > last
    names = [name for name in BULK_INDEXES if name.startswith(f"{table}_")] if bulk else []
    for name in names:
        connection.execute(f"DROP INDEX {name}")
    yield
    for name in names:
        connection.execute(BULK_INDEXES[name])
