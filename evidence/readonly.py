"""SQLite files opened to be read, or beside one that is, in one place.

SQLite takes the settings of a connection from an address, in which ``#``, ``?`` and ``%`` of a folder's name mean
something else: glued together, it named another file, which was then made.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any


def address(path: str | Path, unchanging: bool = False) -> str:
    """The address of a file, for a connection that never writes.

    ``unchanging``: nobody else writes either, so SQLite needs neither locks nor files beside it.
    """
    return f"{Path(path).resolve().as_uri()}?mode=ro{'&immutable=1' if unchanging else ''}"


def open_readonly(path: str | Path, unchanging: bool = False, **options: Any) -> sqlite3.Connection:
    """A connection that never writes; ``options`` are those of :func:`sqlite3.connect`. Raises ``sqlite3.Error``."""
    connection: sqlite3.Connection = sqlite3.connect(address(path, unchanging), uri=True, **options)
    return connection


def open_beside(path: str | Path, other: str | Path, schema: str, **options: Any) -> sqlite3.Connection:
    """A connection that writes to ``path``, which exists, with ``other`` attached as ``schema`` to be read.

    Nobody may change what is read of ``other`` meanwhile. Raises ``sqlite3.Error``.
    """
    connection: sqlite3.Connection = sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=rw", uri=True, **options)
    connection.execute(f"ATTACH ? AS {schema}", (address(other, unchanging=True),))
    return connection
