"""HTTP to E-utilities: one POST out, one whole answer in, or a :class:`Fault` that says why not.

Everything travels in POST bodies, so that neither e-mail nor API key can reach an address line, a proxy's
log or an exception's text. Redirects are not followed: a body with secrets goes nowhere but where it was sent.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from evidence.errors import UsageError
from evidence.pubmed.checks import Answer, Fault, http_date
from evidence.pubmed.pacing import Pacer, Stopped, Turn

LARGEST_ANSWER = 512 << 20
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two pieces of an answer, and for a whole answer however it trickles."""

    connect: float = 10.0
    read: float = 30.0
    whole: float = 180.0


def timeouts(environ: Mapping[str, str] = os.environ) -> Timeouts:
    """``EVIDENCE_HTTP_TIMEOUT``: seconds that an answer may stay silent (default 30). Raises :class:`UsageError`."""
    given = environ.get("EVIDENCE_HTTP_TIMEOUT", "").strip()
    if not given:
        return Timeouts()
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 86400:
        raise UsageError(f"EVIDENCE_HTTP_TIMEOUT is {given!r}: it must be a number of seconds, such as 30")
    return Timeouts(connect=min(seconds, 10.0), read=seconds, whole=6 * seconds)


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own. Raises :class:`UsageError` when it is no address."""
    try:
        return (urlsplit(url).hostname or "") in LOOPBACK
    except ValueError as error:
        raise UsageError(f"EVIDENCE_EUTILS_URL is no address that can be asked ({error}); check it") from error


class Transport:
    """Connections to one server, kept open, shared by threads. ``sent`` counts the requests written."""

    def __init__(self, base_url: str, pacer: Pacer, limits: Timeouts, stop: threading.Event, connections: int):
        self._base, self._pacer, self._limits, self._stop = base_url, pacer, limits, stop
        self.sent = 0
        self._connections: WeakSet[Any] = WeakSet()
        self._connections_lock = threading.Lock()
        self._mine = threading.local()
        self._session = requests.Session()
        self._session.trust_env = not is_loopback(base_url)  # a proxy cannot reach this machine's own loopback
        self._session.headers["User-Agent"] = "evidence-tracker"
        adapter = _PacedAdapter(pacer, stop, self._sending, connections)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def _sending(self, connection: Any, turn: Turn) -> None:
        with self._connections_lock:
            self._connections.add(connection)
        if self._stop.is_set():  # either close() sees this connection, or this thread that it was called
            raise Stopped
        self._mine.turn = turn
        self.sent += 1  # within a turn, so never by two threads at once

    def post(self, program: str, form: Mapping[str, str]) -> Answer:
        """Sends a form to a program (``esearch.fcgi``). Raises :class:`Fault`; ``reached`` says if anybody answered."""
        self._pacer.wait_while_paused(self._stop)
        try:
            response = self._session.post(
                self._base + program,
                data=dict(form),
                timeout=(self._limits.connect, self._limits.read),
                stream=True,
                allow_redirects=False,
            )
            self._pacer.answered(self._mine.turn, program)
            with response:
                body = self._read(response)
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
            raise UsageError("EVIDENCE_EUTILS_URL is not an address that can be asked; check it") from error
        except (requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError) as error:
            raise Fault(f"no answer within {self._limits.read:g} s") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise Fault(f"the connection failed ({_cause(error)})", reached=_was_open(error)) from error
        headers = response.headers
        content_type = headers.get("Content-Type", "").lower()
        return Answer(
            response.status_code, content_type, headers.get("Retry-After", ""), body, http_date(headers.get("Date", ""))
        )

    def _read(self, response: requests.Response) -> bytes:
        """The body, however it trickles; a read timeout alone would wait forever for one byte at a time."""
        started = time.monotonic()
        chunks: list[bytes] = []
        size = 0
        while chunk := response.raw.read1(1 << 18, decode_content=True):
            chunks.append(chunk)
            size += len(chunk)
            if time.monotonic() - started > self._limits.whole:
                raise Fault(f"the answer had not ended after {self._limits.whole:g} s")
            if size > LARGEST_ANSWER:
                raise Fault(f"the answer is longer than {LARGEST_ANSWER >> 20} MB")
        return b"".join(chunks)

    def close(self) -> None:
        """Ends every request on its way: a thread waiting for an answer would keep the program from ending."""
        with self._connections_lock:
            connections = list(self._connections)
        for connection in connections:
            with suppress(OSError, AttributeError):
                connection.sock.shutdown(socket.SHUT_RDWR)
        self._session.close()


class _PacedAdapter(HTTPAdapter):
    """Connections that take their turn when they stand and are about to write."""

    def __init__(self, pacer: Pacer, stop: threading.Event, sending: Callable[[Any, Turn], None], connections: int):
        self._pools = _paced_pools(pacer, stop, sending)
        super().__init__(pool_connections=2, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _paced_pools(pacer: Pacer, stop: threading.Event, sending: Callable[[Any, Turn], None]) -> dict[str, type]:
    class Paced:
        def request(self, *args: Any, **kwargs: Any) -> None:
            if self.sock is None:  # type: ignore[attr-defined]
                self.connect()  # type: ignore[attr-defined]
            with pacer.turn(stop) as turn:
                sending(self, turn)
                super().request(*args, **kwargs)  # type: ignore[misc]

    plain = type("PacedHTTPConnection", (Paced, HTTPConnection), {})
    secure = type("PacedHTTPSConnection", (Paced, HTTPSConnection), {})
    return {
        "http": type("PacedHTTPPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("PacedHTTPSPool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }


def _cause(error: BaseException) -> str:
    """The innermost error's kind, never its text: that may hold an address with a password."""
    while (deeper := error.__cause__ or error.__context__) is not None:
        error = deeper
    return type(error).__name__


def _was_open(error: BaseException) -> bool:
    """Whether the connection stood before it failed: the server is there, then."""
    kinds = (requests.exceptions.ConnectTimeout, urllib3.exceptions.NewConnectionError, ConnectionRefusedError)
    seen: BaseException | None = error
    while seen is not None:
        reason = getattr(seen, "reason", None)
        if isinstance(seen, kinds) or isinstance(reason, kinds):
            return False
        seen = seen.__cause__ or seen.__context__
    return True
