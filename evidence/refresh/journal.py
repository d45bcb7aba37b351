"""The log file of a project: every refresh in lines that tell the truth, and hold no secrets."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

from evidence.clock import Clock, stamp

LARGEST, KEPT = 1 << 20, 5


class Journal:
    """Writes lines with their time to ``data/evidence.log`` (five older files of 1 MB are kept).

    A log that cannot be written stops no refresh: the first failure is said once on stderr.
    """

    def __init__(self, path: Path, now: Clock, scrub: Callable[[str], str] = str):
        self._now, self._scrub = now, scrub
        self._handler: RotatingFileHandler | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._handler = RotatingFileHandler(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")
        except OSError as error:
            print(f"{path} cannot be written ({error.strerror}); going on without a log", file=sys.stderr)
        else:
            self._handler.handleError = lambda record: None  # type: ignore[method-assign]

    def info(self, message: str) -> None:
        self._write(logging.INFO, message)

    def warning(self, message: str) -> None:
        self._write(logging.WARNING, message)

    def error(self, message: str) -> None:
        self._write(logging.ERROR, message)

    def close(self) -> None:
        if self._handler:
            self._handler.close()

    def _write(self, level: int, message: str) -> None:
        if self._handler:
            line = f"{stamp(self._now())} {logging.getLevelName(level)} {self._scrub(' '.join(message.split()))}"
            self._handler.handle(logging.LogRecord("evidence", level, "", 0, line, None, None))
