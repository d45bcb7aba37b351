"""Every way a command can end, as one line for a person and an exit code for a scheduler."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import sys
import tempfile
import textwrap
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from pathlib import Path

import click
import requests

from evidence import errors
from evidence.clock import Clock
from evidence.logs import write_once
from evidence.scrub import scrub, tidy

# SQLite says what happened only in words.
_STORAGE_WORDS = ("disk is full", "readonly", "read-only", "unable to open", "malformed", "not a database", "disk i/o")
_STORAGE_ERRNO = {
    errno.ENOSPC: "the disk is full; free some space and run the command again (nothing was lost)",
    errno.EDQUOT: "the disk quota is used up; free some space and run the command again (nothing was lost)",
    errno.EROFS: "the file system is read-only; choose another --project or mount it writable",
    errno.EACCES: "permission denied; check who owns it",
    errno.EPERM: "permission denied; check who owns it",
    errno.EIO: "the disk answered with an error; check its health",
}
_AGAIN = "end other programs or give this one more, then run the command again (what was committed is kept)"
# What an exhausted machine raises: the kind, words of its message, what to say. OSErrors are in the table above.
_EXHAUSTED: tuple[tuple[type[BaseException], str, str], ...] = (
    (MemoryError, "", f"there is not enough memory; {_AGAIN}"),
    (RuntimeError, "can't start new thread", f"no more threads or processes may be started; {_AGAIN}"),
    (BrokenExecutor, "", f"a helper process was ended, as the system does when memory runs out; {_AGAIN}"),
)
_TRY_LATER_ERRNO = {
    errno.ENOMEM: f"there is not enough memory; {_AGAIN}",
    errno.EAGAIN: f"no more threads or processes may be started; {_AGAIN}",
    errno.EMFILE: f"too many files are open; {_AGAIN}",
    errno.ENFILE: f"too many files are open; {_AGAIN}",
}


def explain(error: BaseException) -> tuple[int, str]:
    """The exit code for an error and the line to print; an empty line means nothing is printed.

    Bugs (exit 70) are not explained here: :func:`report_bug` writes their log.
    """
    if isinstance(error, errors.EvidenceError):
        return error.exit_code, str(error)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return errors.EXIT_USAGE, f"a command is missing\n\n{error.format_message()}"
    if isinstance(error, click.ClickException):
        hint = f" (try '{error.ctx.command_path} --help')" if isinstance(error, click.UsageError) and error.ctx else ""
        return errors.EXIT_USAGE, f"{error.format_message()}{hint}"
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        return errors.EXIT_INTERRUPTED, "interrupted; what was committed is kept, run the command again to go on"
    if isinstance(error, BrokenPipeError):
        return errors.EXIT_DONE, ""
    if isinstance(error, requests.RequestException):
        return errors.EXIT_TRY_LATER, f"the network failed ({type(error).__name__}); try again later"
    if isinstance(error, sqlite3.Error):
        return _explain_sqlite(error)
    if isinstance(error, OSError):
        return _explain_os(error)
    for kind, words, line in _EXHAUSTED:
        if isinstance(error, kind) and words in str(error):
            return errors.EXIT_TRY_LATER, line
    return errors.EXIT_BUG, ""


def _explain_sqlite(error: sqlite3.Error) -> tuple[int, str]:
    said = str(error).lower()
    if "locked" in said or "busy" in said:
        return (
            errors.EXIT_TRY_LATER,
            f"the database is in use by another process ({error}); try again when it has finished",
        )
    if any(words in said for words in _STORAGE_WORDS):
        return errors.EXIT_STORAGE, f"the database cannot be used: {error}. Check the disk, then run 'evidence verify'"
    return errors.EXIT_BUG, ""


def _explain_os(error: OSError) -> tuple[int, str]:
    name = f"{error.filename}: " if error.filename else ""
    if error.errno in _STORAGE_ERRNO:
        return errors.EXIT_STORAGE, f"{name}{_STORAGE_ERRNO[error.errno]}"
    if error.errno in _TRY_LATER_ERRNO:
        return errors.EXIT_TRY_LATER, f"{name}{_TRY_LATER_ERRNO[error.errno]}"
    if isinstance(error, FileNotFoundError):
        return errors.EXIT_USAGE, f"{name}no such file or directory"
    if isinstance(error, (IsADirectoryError, NotADirectoryError)):
        return errors.EXIT_USAGE, f"{name}{error.strerror or error}"
    if error.errno == errno.EADDRINUSE:
        return errors.EXIT_TRY_LATER, f"{name}the address is in use; stop the other server or choose another --port"
    return errors.EXIT_BUG, ""


def state_logs() -> list[Path]:
    """Where a bug is logged that met no project: in the user's state directory, else a new temporary file."""
    state = Path(os.environ.get("XDG_STATE_HOME", "").strip() or Path("~/.local/state").expanduser())
    return [state / "evidence" / "bug.log", Path(tempfile.gettempdir()) / f"evidence-bug-{os.urandom(4).hex()}.log"]


def report_bug(error: BaseException, logs: Sequence[Path], now: Clock) -> str:
    """Append the traceback (without secrets) to the first log that can be written; returns the line to print."""
    summary = textwrap.shorten(tidy(scrub(f"{type(error).__name__}: {error}")), 300, placeholder="\u2026")
    told = (type(error), error, error.__traceback__)
    record = logging.LogRecord("evidence", logging.CRITICAL, "", 0, "bug in: %s", (" ".join(sys.argv[1:]),), told)
    if log := write_once(record, logs, now):
        return f"this is a bug in the program: {summary}. Please report it with the end of {log}"
    return f"this is a bug in the program: {summary} (no log could be written: {logs[0]})"
