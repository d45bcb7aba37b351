"""A log that strangers cannot fill: the same line is written a few times a minute, then only counted."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

LINES, SECONDS = 10, 60.0
# What a stranger can make these say: requests that are no HTTP, failing accepts, failing pages.
LOGGERS = ("uvicorn.error", "asyncio", "evidence.site", "datasette")


class Repeats(logging.Filter):
    """Lets :data:`LINES` records of one kind through in :data:`SECONDS`; the next one later says how many were not.

    A kind is the message before its values are put in, and the type of the exception.
    """

    def __init__(self, lines: int = LINES, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic):
        super().__init__()
        self.lines, self.seconds, self.clock = lines, seconds, clock
        self._seen: dict[tuple[str, str, str], list[float]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        kind = (record.name, str(record.msg)[:200], error)
        now = self.clock()
        since, count = self._seen.get(kind, [now, 0])
        if now - since >= self.seconds:
            left_out = int(count) - self.lines
            if left_out > 0:
                record.msg = f"({left_out:,} lines like this one were left out) {record.msg}"
            since, count = now, 0
        if len(self._seen) > 1000:  # kinds are few; a message with a stranger's words in it must not fill memory
            self._seen.clear()
        self._seen[kind] = [since, count + 1]
        return count < self.lines


def keep_quiet() -> None:
    """Put the filter on every logger that strangers can make write."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(known, Repeats) for known in logger.filters):
            logger.addFilter(Repeats())
