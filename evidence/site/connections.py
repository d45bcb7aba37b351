"""Connections: how many, how long each may take to say what it wants, and how long it may leave an answer unread.

uvicorn closes a connection that is idle after an answer, and none that is slow: 1,100 half-sent requests left no reader
served, and the accept that failed for want of file descriptors wrote 100 MB of log. Here a request has so many seconds
to arrive, and above the most connections the one that has taken longest makes room for the newest.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

log = logging.getLogger("evidence.site")
# Accepted at once before any of them is looked at; with the reserve it is what MOST_CONNECTIONS must leave free.
BACKLOG = 128
RESERVED_FILES = 256
# h11 keeps so much of a request whose headers are not complete; an address of 16,000 characters is answered (414).
MAX_HEADERS = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, and a number of connections. A thousand half-sent requests took 8 MB."""

    connections: int = 2_000
    headers: float = 10.0
    body: float = 30.0
    unread: float = 30.0


def protocol_class(limits: Limits) -> type[H11Protocol]:
    """uvicorn's HTTP protocol with these limits; one class a server, since its connections are counted together."""
    return type("Bounded", (_Bounded,), {"limits": limits, "arriving": {}, "idle": {}})


class _Bounded(H11Protocol):
    """``arriving``: the connections whose request is not complete; ``idle``: those between requests; oldest first."""

    limits: Limits
    arriving: dict[_Bounded, None]
    idle: dict[_Bounded, None]

    def __init__(self, *positional: Any, **named: Any):
        super().__init__(*positional, **named)
        self._timer: asyncio.TimerHandle | None = None
        self._in_body = False
        self._unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self._make_room()
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.arriving.pop(self, None)
        self.idle.pop(self, None)
        self._timer = _stopped(self._timer)
        self._unread = _stopped(self._unread)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            if self._timer is None:
                self._await_request()
        elif self.cycle.more_body:
            if not self._in_body:
                self._in_body = True
                self._await_request(self.limits.body)
        else:
            self._request_arrived()

    def on_response_complete(self) -> None:
        self._request_arrived()
        self.idle[self] = None  # uvicorn closes it in a few seconds, or the next data starts the clock
        super().on_response_complete()
        if self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body:
            self._request_arrived()  # the next request had been sent already

    def pause_writing(self) -> None:
        super().pause_writing()
        self._abort_unless_read()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread = _stopped(self._unread)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._abort_unless_read()

    def _await_request(self, seconds: float | None = None) -> None:
        """Give the rest of a request so long to come; what comes meanwhile does not wind the clock back."""
        _stopped(self._timer)
        self.idle.pop(self, None)
        self.arriving[self] = None
        self._timer = self.loop.call_later(seconds or self.limits.headers, self._give_up)

    def _request_arrived(self) -> None:
        self._timer, self._in_body = _stopped(self._timer), False
        self.arriving.pop(self, None)
        self.idle.pop(self, None)

    def _make_room(self) -> None:
        """Close the connection whose request has been arriving longest; where there is none, the longest idle one."""
        for held, end in ((self.arriving, "abort"), (self.idle, "close")):
            oldest = next(iter(held), None)
            if oldest is not None:
                del held[oldest]
                getattr(oldest.transport, end)()
                return
        self.transport.abort()

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
            self._abort_unless_read()

    def _abort_unless_read(self) -> None:
        """A reader who takes nothing off the line holds the answer in memory: give it up after a while."""
        if self._unread is None:
            self._unread = self.loop.call_later(self.limits.unread, self.transport.abort)


def _stopped(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """No timer any more."""
    if timer is not None:
        timer.cancel()
    return None


def allow_open_files(wanted: int) -> int:
    """Raise this process's limit of open files to ``wanted`` as far as it may; the limit that is in force then."""
    if sys.platform == "win32":
        return wanted
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        return most
    return soft if soft != resource.RLIM_INFINITY else wanted


def limits_here(limits: Limits | None = None) -> Limits:
    """The limits, with as many connections as this process has file descriptors for; told where these are fewer."""
    limits = limits or Limits()
    needed = limits.connections + BACKLOG + RESERVED_FILES
    spare = allow_open_files(needed) - BACKLOG - RESERVED_FILES
    if spare >= limits.connections:
        return limits
    fewer = max(16, spare)
    log.warning("only %d connections at once: this process may open %d files fewer than it needs", fewer, -spare)
    return Limits(fewer, limits.headers, limits.body, limits.unread)
