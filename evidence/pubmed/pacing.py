"""Never more than 3 requests in any one second (10 with a key), whichever thread sends them.

What NCBI counts is when requests *arrive*. So a turn is taken at the last moment, when the connection
stands and the bytes are about to be written, and the next turn is reckoned from when they had been
written: neither a slow handshake nor a late thread can push two turns together on the wire.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from evidence.project import NcbiIdentity

PER_SECOND, PER_SECOND_WITH_KEY = 3, 10
# A window is a little longer than a second, so that a request held up on its way does not meet the ones behind it.
# On a machine with three times more to do than it has cores, one stall of over 50 ms was seen in 400 requests; with
# 80 ms to spare, 2.78 of 3 requests a second are left (93%).
WINDOW = 1.08
# A longer wait than this is not sat out: the refresh ends, and says when to come back.
LONGEST_PAUSE = 300.0


class Stopped(Exception):
    """The work that this request belonged to has ended."""


class Pacer:
    """Turns to send. One for all threads and all topics that ask one server."""

    def __init__(self, per_second: int = PER_SECOND, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._sent: deque[float] = deque(maxlen=per_second)
        # A burst at the start and waiting for the rest of the second is allowed but rude; this spreads it.
        self._gap = 0.85 / per_second
        self._paused_until = 0.0
        self._turn = threading.Lock()

    @contextmanager
    def turn(self, stop: threading.Event) -> Iterator[None]:
        """Waits until a request may be sent; the body must write it. Raises :class:`Stopped` when ``stop`` is set."""
        with self._turn:
            while (delay := self._delay()) > 0:
                if stop.wait(delay):
                    raise Stopped
            try:
                yield
            finally:
                self._sent.append(self._clock())

    def _delay(self) -> float:
        now = self._clock()
        due = self._paused_until
        if self._sent:
            due = max(due, self._sent[-1] + self._gap)
        if len(self._sent) == self._sent.maxlen:
            due = max(due, self._sent[0] + WINDOW)
        return due - now

    def pause(self, seconds: float) -> None:
        """Nobody sends for so long: the server asked for it."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    def wait_while_paused(self, stop: threading.Event) -> None:
        """Sits out a pause before a connection is taken, so that none goes stale in the hand."""
        while (delay := self._paused_until - self._clock()) > 0:
            if stop.wait(delay):
                raise Stopped

    def assume_busy(self) -> None:
        """Another process may have sent its share a moment ago: wait until that second is over."""
        self.pause(WINDOW)


_PACERS: dict[tuple[str, bool], Pacer] = {}
_PACERS_LOCK = threading.Lock()


def pacer_for(identity: NcbiIdentity) -> Pacer:
    """The one pacer of this process for a server; requests with a key are counted apart by NCBI, and here."""
    key = (identity.base_url, bool(identity.api_key))
    with _PACERS_LOCK:
        if key not in _PACERS:
            _PACERS[key] = Pacer(PER_SECOND_WITH_KEY if identity.api_key else PER_SECOND)
        return _PACERS[key]
