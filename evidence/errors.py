"""What can go wrong, as a person would say it, and the exit code each kind ends with.

Every error that a user can cause or must act on is an :class:`EvidenceError`; anything else that
reaches ``cli.main`` is a bug (exit 70). A message says what happened, to what, and what to do next.
"""

from __future__ import annotations

from pathlib import Path

EXIT_DONE = 0
EXIT_NEEDS_PERSON = 1
EXIT_USAGE = 2
EXIT_BUG = 70
EXIT_STORAGE = 74
EXIT_TRY_LATER = 75
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143


class EvidenceError(Exception):
    """Base class. ``exit_code`` is what the command ends with."""

    exit_code = EXIT_BUG


class UsageError(EvidenceError):
    """The command, its options or its settings are wrong."""

    exit_code = EXIT_USAGE


class InputError(EvidenceError):
    """A file that a person wrote or handed over is wrong; says where.

    >>> str(InputError("unknown field tag [tiabb]", path="queries/topics/scs.yml", line=7))
    'queries/topics/scs.yml:7: unknown field tag [tiabb]'
    """

    exit_code = EXIT_USAGE

    def __init__(self, reason: str, path: str | Path | None = None, line: int | None = None):
        self.reason, self.path, self.line = reason, path, line
        super().__init__(reason, path, line)

    def __str__(self) -> str:
        if self.path is None:
            return self.reason
        where = f"{self.path}:{self.line}" if self.line is not None else f"{self.path}"
        return f"{where}: {self.reason}"


class StorageError(EvidenceError):
    """The disk is full, a directory cannot be written, or a database is damaged."""

    exit_code = EXIT_STORAGE


class TryLater(EvidenceError):
    """The network, a rate limit or another refresh stands in the way; nothing was lost."""

    exit_code = EXIT_TRY_LATER


class NeedsPerson(EvidenceError):
    """The work is done as far as it could be, and somebody must look at what is left."""

    exit_code = EXIT_NEEDS_PERSON
