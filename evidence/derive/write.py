"""Writing ``evidence.db``: beside the old one, checked, then put in its place by one rename."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from evidence.derive import schema
from evidence.derive.search_index import add_fields, add_texts, add_words
from evidence.derive.search_names import add_names
from evidence.errors import EXIT_BUG, EvidenceError, StorageError
from evidence.filelock import Held, hold, hold_new

# Rows held back before one executemany: 2,000 keeps memory flat and costs no speed against 20,000.
BATCH = 2000


class BuildError(EvidenceError):
    """The build contradicts itself: a bug, not the maintainer's doing."""

    exit_code = EXIT_BUG


class Writer:
    """Rows in, by table, in batches. A row maps columns to values; all rows of a table have the same columns."""

    def __init__(self, db: Database, path: Path):
        self.db, self.path = db, path
        self._columns: dict[str, tuple[str, ...]] = {}
        self._waiting: dict[str, list[tuple[Any, ...]]] = {}

    def add(self, table: str, row: dict[str, Any]) -> None:
        columns = self._columns.setdefault(table, tuple(row))
        self.add_values(table, columns, [tuple(row[column] for column in columns)])

    def add_values(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        """Rows as the values of these columns."""
        if self._columns.setdefault(table, columns) != columns:
            raise BuildError(f"the build is inconsistent: rows of {table} have {columns} and {self._columns[table]}")
        waiting = self._waiting.setdefault(table, [])
        waiting.extend(rows)
        if len(waiting) >= BATCH:
            self._write(table)

    def add_all(self, rows: Iterable[tuple[str, dict[str, Any]]]) -> None:
        for table, row in rows:
            self.add(table, row)

    def flush(self) -> None:
        for table in list(self._waiting):
            self._write(table)

    def _write(self, table: str) -> None:
        rows = self._waiting.pop(table, [])
        if rows:
            names = ", ".join(f'"{column}"' for column in self._columns[table])
            values = ", ".join("?" * len(self._columns[table]))
            self.db.conn.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({values})', rows)


@contextmanager
def new_database(path: Path) -> Iterator[Writer]:
    """A new ``evidence.db`` with its tables; on leaving without error it is finished and replaces ``path``.

    Raises :class:`StorageError` when the directory cannot be written. A failure leaves the old file as it was.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(path)
        mine = hold_new(temporary)
    except OSError as error:
        raise StorageError(
            f"{path.parent}: cannot write here ({error.strerror}); choose another --output or fix its permissions"
        ) from error
    db = Database(temporary.absolute())  # a relative path may begin with file:, which SQLite takes for an address
    try:
        # Nobody reads this file before the rename, so a crash may leave anything: no journal, no waiting for the disk.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-200000"):
            db.conn.execute(f"PRAGMA {pragma}")
        db.conn.execute("BEGIN")
        for table, columns in schema.TABLES.items():
            db.conn.execute(f'CREATE TABLE "{table}" ({columns})')
        writer = Writer(db, temporary)
        yield writer
        writer.flush()
        db.conn.execute("COMMIT")
        _check(db)
        db.conn.execute("ANALYZE")
        db.conn.execute("PRAGMA user_version = 1")
        db.close()
        _replace(temporary, path)
    except BaseException:
        db.close()
        temporary.unlink(missing_ok=True)
        raise
    finally:
        os.close(mine)


def _remove_abandoned(path: Path) -> None:
    """What killed builds left: a build that is at work holds its file."""
    for left in path.parent.glob(f".{escape(path.name)}.*.tmp"):
        with suppress(Held, FileNotFoundError):
            descriptor = hold(left, create=False)
            left.unlink(missing_ok=True)
            os.close(descriptor)


def add_indexes(db: Database) -> None:
    for table, columns in schema.INDEXES:
        name = f"idx_{table}_{columns.replace(', ', '_')}"
        db.conn.execute(f'CREATE INDEX "{name}" ON "{table}" ({columns})')


def add_search(db: Database) -> None:
    """Every index that a search asks, one after the other; a build has that of the texts made beside it."""
    db.conn.execute(schema.SEARCH_VIEW)
    add_texts(db.conn)
    add_words(db.conn)
    add_fields(db.conn)
    add_names(db.conn)


def _check(db: Database) -> None:
    broken = db.conn.execute("PRAGMA foreign_key_check").fetchmany(3)
    if broken:
        table, rowid, parent, _ = broken[0]
        raise BuildError(f"the build is inconsistent: {table} row {rowid} names a row of {parent} that does not exist")


def _replace(temporary: Path, path: Path) -> None:
    """fsync, then one atomic rename: readers see the old file or the new one, never half of one."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(path)
