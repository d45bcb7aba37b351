"""SQLite's errors in a maintainer's words, and the moment that ``--as-of`` means."""

from __future__ import annotations

import datetime
import errno
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evidence.errors import EvidenceError, StorageError, TryLater, UsageError

_DISK_ERRORS = frozenset(
    (
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.EIO,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.EEXIST,
    )
)
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
# By the prefix of sqlite's error name: (what happened, what to do).
_REASONS: dict[str, tuple[str, str]] = {
    "SQLITE_FULL": ("the disk is full", "free some space and run the command again; what was committed is safe"),
    "SQLITE_READONLY": ("it or its directory cannot be written", "give this user write access to both"),
    "SQLITE_CANTOPEN": (
        "it cannot be opened",
        "check that the directory exists and that this user may read and write it",
    ),
    "SQLITE_PERM": ("access is denied", "give this user read and write access"),
    "SQLITE_IOERR": ("reading or writing the disk failed", "check the disk and its free space"),
    "SQLITE_CORRUPT": ("the database is damaged", "run 'evidence verify', then restore the file from a backup"),
    "SQLITE_NOTADB": ("it is not a database, or a damaged one", "restore the file from a backup, or move it away"),
}


@contextmanager
def storage_errors(path: str | Path) -> Iterator[None]:
    """Turns what sqlite3 and the operating system raise into :class:`StorageError` (or :class:`TryLater`)."""
    try:
        yield
    except EvidenceError:
        raise
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", None) or ""
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise TryLater(f"{path}: another process is writing to it; try again when it is done") from error
        for prefix, (what, action) in _REASONS.items():
            if name.startswith(prefix):
                raise StorageError(f"{path}: {what} ({error}); {action}") from error
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.ProgrammingError):
            raise StorageError(f"{path}: {error}; run 'evidence verify' to see what is left") from error
        raise
    except OSError as error:
        if error.errno not in _DISK_ERRORS:  # a lost connection is an OSError too
            raise
        raise StorageError(f"{path}: {error.strerror or error}; check the disk and this user's access to it") from error


def end_of(as_of: str | None) -> str | None:
    """The last moment of a date as text that sorts after all of its times: ``2026-11`` → ``2026-11-31T24``.

    ``None`` stays ``None`` (everything). A full time is taken as it is. Raises :class:`UsageError`.
    """
    if as_of is None:
        return None
    text = as_of.strip()
    if _DATE.fullmatch(text):
        _check_date(text)
        return text + "-12-31T24"[{4: 0, 7: 3, 10: 6}[len(text)] :]
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{as_of!r} is not a date: write it as 2026-11-20, 2026-11 or 2026") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check_date(text: str) -> None:
    try:
        datetime.date.fromisoformat(text + "-01-01"[{4: 0, 7: 3, 10: 6}[len(text)] :])
    except ValueError as error:
        raise UsageError(f"{text!r} is not a date: write it as 2026-11-20, 2026-11 or 2026") from error
