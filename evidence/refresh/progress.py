"""How far the work is: one line that is rewritten on a terminal, plain lines now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

TERMINAL_EVERY, LINES_EVERY = 0.2, 10.0


class Progress:
    """Counts things done against things to do, and says so on ``stream`` (stderr): number, rate, time left.

    >>> import io
    >>> out = io.StringIO()
    >>> progress = Progress("records", stream=out, clock=iter([0, 0, 20]).__next__)
    >>> progress.expect(400); progress.advance(200)
    >>> out.getvalue()
    '200 of 400 records, 10 a second, 20 s left\\n'
    """

    def __init__(self, unit: str, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic):
        self._unit, self._stream, self._clock = unit, stream if stream is not None else sys.stderr, clock
        self._terminal = self._stream.isatty()
        self._done = self._total = 0
        self._started = self._shown = clock()
        self._open = False

    def expect(self, more: int) -> None:
        """There are so many more to do than was known."""
        if not self._total:
            self._started = self._clock()
        self._total += more

    def advance(self, count: int) -> None:
        """So many are done."""
        self._done += count
        now = self._clock()
        if now - self._shown >= (TERMINAL_EVERY if self._terminal else LINES_EVERY):
            self._shown = now
            self._show(now)

    def say(self, line: str) -> None:
        """A line of its own, above the one that is rewritten."""
        self._clear()
        print(line, file=self._stream, flush=True)

    def close(self) -> None:
        self._clear()

    def _show(self, now: float) -> None:
        rate = self._done / (now - self._started) if now > self._started else 0.0
        left = f", {_duration((self._total - self._done) / rate)} left" if rate and self._total > self._done else ""
        line = f"{self._done:,} of {self._total:,} {self._unit}, {rate:,.0f} a second{left}"
        if self._terminal:
            print(f"\r\x1b[2K{line}", end="", file=self._stream, flush=True)
            self._open = True
        else:
            print(line, file=self._stream, flush=True)

    def _clear(self) -> None:
        if self._open:
            print("\r\x1b[2K", end="", file=self._stream, flush=True)
            self._open = False


class Silent(Progress):
    """Says nothing: for callers that are not a command."""

    def _show(self, now: float) -> None:
        pass

    def say(self, line: str) -> None:
        pass


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"
