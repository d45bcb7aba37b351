"""Every way a command can end, as one line for a person and an exit code for a scheduler."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
import traceback
from pathlib import Path

import click
import requests

from evidence import errors
from evidence.clock import Clock, stamp

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
_SECRETS = ("NCBI_API_KEY", "NCBI_EMAIL")


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
    if isinstance(error, FileNotFoundError):
        return errors.EXIT_USAGE, f"{name}no such file or directory"
    if isinstance(error, (IsADirectoryError, NotADirectoryError)):
        return errors.EXIT_USAGE, f"{name}{error.strerror or error}"
    if error.errno == errno.EADDRINUSE:
        return errors.EXIT_TRY_LATER, f"{name}the address is in use; stop the other server or choose another --port"
    return errors.EXIT_BUG, ""


def without_secrets(text: str) -> str:
    """The text with the values of secret settings blanked out."""
    for name in _SECRETS:
        if value := os.environ.get(name, "").strip():
            text = text.replace(value, f"[{name}]")
    return text


def report_bug(error: BaseException, log: Path, now: Clock) -> str:
    """Append the traceback to ``log`` (without secrets) and return the line to print."""
    summary = without_secrets(f"{type(error).__name__}: {error}")
    details = without_secrets("".join(traceback.format_exception(error)))
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{stamp(now())} bug {' '.join(sys.argv[1:])}\n{details}\n")
    except OSError:
        return f"this is a bug in the program: {summary} (the log {log} could not be written)"
    return f"this is a bug in the program: {summary}. Please report it with the end of {log}"
