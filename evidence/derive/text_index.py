"""The index of titles and abstracts, made beside a build's other indexes on another core.

SQLite works outside Python's own lock, so a thread is enough: it reads the finished texts of the database that is being
built, and writes to a file of its own, which is copied in at the end. Nothing but this module knows of that file.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

from evidence.derive.schema import SEARCH_TABLE, SEARCH_VIEW, TABLES
from evidence.derive.search_index import add_texts, add_words
from evidence.filelock import hold_new
from evidence.readonly import open_beside

# What FTS5 keeps of an index, each in a table of its own.
_PARTS = ("data", "idx", "docsize", "config")
_WORDS = "search_words"
_UNSAFE = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-50000")


@contextmanager
def texts_indexed(conn: sqlite3.Connection, database: Path) -> Iterator[Callable[[], None]]:
    """Begin to index the texts in ``database``; what is given brings ``reports_fts`` and ``search_words`` in.

    ``conn`` has the database open, in a transaction, which is committed. Until the index is brought in, rows of
    ``reports`` and ``abstracts`` must stay as they are.
    """
    conn.execute(SEARCH_VIEW)
    conn.execute("COMMIT")
    conn.execute("BEGIN")
    beside = database.with_name(f"{database.name.removesuffix('.tmp')}.texts.tmp")
    mine = hold_new(beside)
    try:
        with closing(_open(beside, database)) as indexing, ThreadPoolExecutor(1, "texts") as pool:
            done = pool.submit(_index, indexing)

            def bring_in() -> None:
                done.result()
                _copy(indexing, conn)

            try:
                yield bring_in
            except BaseException:
                indexing.interrupt()
                raise
    finally:
        beside.unlink(missing_ok=True)
        os.close(mine)


def _open(beside: Path, database: Path) -> sqlite3.Connection:
    """The file of its own, with the database's texts beside it, as they stand now."""
    conn = open_beside(beside, database, "built", check_same_thread=False, isolation_level=None)
    for pragma in _UNSAFE:
        conn.execute(f"PRAGMA main.{pragma}")
    conn.execute("SELECT count(*) FROM built.sqlite_master").fetchone()
    return conn


def _index(conn: sqlite3.Connection) -> None:
    conn.execute("BEGIN")
    conn.execute(f"CREATE TABLE main.{_WORDS} ({TABLES[_WORDS]})")
    add_texts(conn)
    add_words(conn)
    conn.execute("COMMIT")


def _copy(indexed: sqlite3.Connection, conn: sqlite3.Connection) -> None:
    conn.execute(SEARCH_TABLE)
    for part in _PARTS:
        conn.execute(f"DELETE FROM reports_fts_{part}")
    for table in (*(f"reports_fts_{part}" for part in _PARTS), _WORDS):
        rows = indexed.execute(f"SELECT * FROM main.{table}")
        marks = ", ".join("?" * len(rows.description))
        conn.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
