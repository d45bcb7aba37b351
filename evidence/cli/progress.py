"""Progress of long work on stderr: one line that moves on a terminal, a line a stage elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

# On a terminal, at most ten updates a second: more only flickers.
INTERVAL = 0.1
Progress = Callable[[str, int, int | None], None]


def stage_progress(stream: TextIO | None = None) -> Progress:
    """A function ``(stage, done, total)`` to call as often as one likes. ``total`` may be unknown."""
    out = stream or sys.stderr
    return _Moving(out) if out.isatty() else _Plain(out)


class _Plain:
    """A line when a stage begins; a log wants no more."""

    def __init__(self, out: TextIO):
        self.out, self.stage = out, ""

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        if stage != self.stage:
            self.stage = stage
            print(f"{stage} ({total:,})" if total else stage, file=self.out, flush=True)


class _Moving:
    """``tagging records 12,000 of 50,000, 2,100/s, 18 s left``, rewritten in place."""

    def __init__(self, out: TextIO):
        self.out, self.stage, self.started, self.shown = out, "", 0.0, 0.0

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        now = time.monotonic()
        if stage != self.stage:
            if self.stage:
                print(file=self.out)
            self.stage, self.started, self.shown = stage, now, 0.0
        if now - self.shown >= INTERVAL or done == total:
            self.shown = now
            print(f"\r\x1b[2K{self._line(done, total, now)}", end="", file=self.out, flush=True)
        if total is not None and done >= total:
            print(file=self.out)
            self.stage = ""

    def _line(self, done: int, total: int | None, now: float) -> str:
        rate = done / (now - self.started) if now > self.started else 0.0
        parts = [f"{self.stage} {done:,}" + (f" of {total:,}" if total else "")] if done else [self.stage]
        if rate:
            parts.append(f"{rate:,.0f}/s")
        if rate and total:
            parts.append(f"{(total - done) / rate:.0f} s left")
        return ", ".join(parts)
