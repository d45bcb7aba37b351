"""What is logged, where, and how: lines with their time, and no secret in any of them.

Every module logs with ``logging.getLogger("evidence.…")`` and knows nothing of files. A command attaches handlers of
this module. Each has a :class:`Redacting` filter, so that neither our own words nor a library's (urllib3 quotes heads
of answers that it cannot read) carry an API key or an e-mail out.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from evidence.clock import Clock, stamp
from evidence.scrub import scrub, tidy

LARGEST, KEPT = 1 << 20, 5
LONGEST_RECORD = 20_000
# Loggers that have something to say on the terminal of a command; the others go to a project's log.
ON_STDERR = ("evidence.site", "datasette", "asyncio")


class Redacting(logging.Filter):
    """Takes secrets and control characters out of a record: its message, with its values in it, and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = " ".join(tidy(scrub(record.getMessage())).split())
        record.msg, record.args = message[:LONGEST_RECORD], None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:  # the last lines say what happened
            record.exc_text = scrub(record.exc_text)[-LONGEST_RECORD:]
        record.exc_info = record.stack_info = None
        return True


class Dated(logging.Formatter):
    """``2026-11-30T16:05:33Z WARNING words``, by the clock of the command; other programs' loggers are named."""

    def __init__(self, now: Clock):
        super().__init__()
        self._now = now

    def format(self, record: logging.LogRecord) -> str:
        name = "" if record.name.startswith("evidence") else f"{record.name}: "
        lines = [f"{stamp(self._now())} {record.levelname} {name}{record.getMessage()}"]
        return "\n".join([*lines, record.exc_text] if record.exc_text else lines)


class _Stderr(logging.Handler):
    """What standard error is when something is logged: by then it may be another stream than when this was set up."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError, ValueError):  # nobody reads it any more
            print(self.format(record), file=sys.stderr, flush=True)


def to_stderr(now: Clock) -> None:
    """Warnings of a site on standard error, once a process."""
    handler = _prepared(_Stderr(), now, logging.WARNING)
    for name in ON_STDERR:
        logger = logging.getLogger(name)
        if not any(isinstance(known.formatter, Dated) for known in logger.handlers):
            logger.addHandler(handler)
    logging.getLogger("evidence").addHandler(logging.NullHandler())


@contextmanager
def to_file(path: Path, now: Clock) -> Iterator[None]:
    """All that is logged meanwhile goes to this file too (five older files of 1 MB are kept).

    A log that cannot be written stops nothing: the first failure is said once on stderr.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", errors="replace")
    except OSError as error:
        print(f"{path} cannot be written ({error.strerror}); going on without a log", file=sys.stderr)
        yield
        return
    handler.handleError = lambda record: None  # type: ignore[method-assign]
    _prepared(handler, now, logging.INFO)
    root, ours = logging.getLogger(), logging.getLogger("evidence")
    level = ours.level
    ours.setLevel(logging.INFO)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        ours.setLevel(level)
        handler.close()


class _Strict(logging.FileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """Whoever writes one record wants to know that it was not written."""
        raise


def write_once(record: logging.LogRecord, paths: Iterable[Path], now: Clock) -> Path | None:
    """Appends one record to the first of these files that can be written; ``None`` when none can."""
    for path in paths:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handler = _prepared(_Strict(path, encoding="utf-8", errors="backslashreplace"), now, logging.INFO)
            try:
                handler.handle(record)
            finally:
                handler.close()
            return path
    return None


def _prepared(handler: logging.Handler, now: Clock, level: int) -> logging.Handler:
    handler.setLevel(level)
    handler.addFilter(Redacting())
    handler.setFormatter(Dated(now))
    return handler
