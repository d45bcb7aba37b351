"""Never more requests in any one second than a service allows, whichever thread sends them.

What a service counts is when requests *arrive*. So a turn is taken at the last moment, when the connection
stands and the bytes are about to be written, and the next turn is reckoned from when they had been
written: neither a slow handshake nor a late thread can push two turns together on the wire. And a request that
was answered later than its like may have arrived late, beside the ones behind it: those wait as much longer.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# A window is a little longer than a second; 2.86 of 3 requests a second are left (95%). Four arrivals were then never
# less than 1.046 s apart, but for stalls: on a machine with five times more to do than it has cores, one of over
# 80 ms in 100 requests, which the answers' lateness shows.
WINDOW = 1.05
MOST_LATE = 0.15
_ALIKE = 10
# A longer wait than this is not sat out: the refresh ends, and says when to come back.
LONGEST_PAUSE = 300.0


@dataclass(slots=True)
class Turn:
    """One request: when it had been written, and how long after that its answer began to come (0: not yet)."""

    at: float
    kind: str = ""
    elapsed: float = 0.0


class Stopped(Exception):
    """The work that this request belonged to has ended."""


class Pacer:
    """Turns to send. One for all threads and all topics that ask one server."""

    def __init__(self, per_second: int, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self.per_second = per_second
        self._sent: deque[Turn] = deque(maxlen=per_second)
        self._answers: dict[str, deque[float]] = {}
        # A burst at the start and waiting for the rest of the second is allowed but rude; this spreads it.
        self._gap = 0.85 / per_second
        self._paused_until = 0.0
        self._turn = threading.Lock()
        self._answers_lock = threading.Lock()

    def allow(self, per_second: int) -> None:
        """The service says how many it allows: adopted where that is fewer than now, never where it is more."""
        with self._turn:
            if 0 < per_second < self.per_second:
                self.per_second, self._gap = per_second, 0.85 / per_second
                self._sent = deque(self._sent, maxlen=per_second)

    @contextmanager
    def turn(self, stop: threading.Event) -> Iterator[Turn]:
        """Waits until a request may be sent; the body must write it. Raises :class:`Stopped` when ``stop`` is set."""
        with self._turn:
            while (delay := self._delay()) > 0:
                if stop.wait(delay):
                    raise Stopped
            turn = Turn(self._clock())
            try:
                yield turn
            finally:
                turn.at = self._clock()
                self._sent.append(turn)

    def answered(self, turn: Turn, kind: str) -> None:
        """An answer to this request began to come. ``kind``: requests whose answers should take alike."""
        with self._answers_lock:
            turn.kind, turn.elapsed = kind, self._clock() - turn.at
            self._answers.setdefault(kind, deque(maxlen=_ALIKE)).append(turn.elapsed)

    def _late(self, turn: Turn) -> float:
        """How much later than it was written a request may have arrived: as its answer was later than its like."""
        with self._answers_lock:
            if not turn.elapsed:
                return 0.0
            return min(MOST_LATE, max(0.0, turn.elapsed - min(self._answers[turn.kind])))

    def _delay(self) -> float:
        now = self._clock()
        due = self._paused_until
        if self._sent:
            due = max(due, self._sent[-1].at + self._gap)
        if len(self._sent) == self._sent.maxlen:
            due = max(due, self._sent[0].at + self._late(self._sent[0]) + WINDOW)
        return due - now

    def pause(self, seconds: float) -> None:
        """Nobody sends for so long: the server asked for it."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    def wait_while_paused(self, stop: threading.Event) -> None:
        """Sits out a pause before a connection is taken, so that none goes stale in the hand."""
        while (delay := self._paused_until - self._clock()) > 0:
            if stop.wait(delay):
                raise Stopped

    def rest(self) -> None:
        """Waits until nothing sent from here counts any more, so that another process may send its share."""
        if self._sent:
            threading.Event().wait(max(0.0, self._sent[-1].at + WINDOW - self._clock()))

    def assume_busy(self) -> None:
        """Another process may have sent its share a moment ago: wait until that second is over."""
        self.pause(WINDOW)


_PACERS: dict[Hashable, Pacer] = {}
_PACERS_LOCK = threading.Lock()


def pacer_for(key: Hashable, per_second: int) -> Pacer:
    """The one pacer of this process for what ``key`` names: a server, and the pace that it allows this client."""
    with _PACERS_LOCK:
        if key not in _PACERS:
            _PACERS[key] = Pacer(per_second)
        return _PACERS[key]
