"""HTTP to one service: one request out, one whole answer in, or a :class:`Fault` that says why not.

Redirects are not followed: what may hold secrets goes nowhere but where it was sent. No cookie is kept.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from weakref import WeakSet

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from evidence import limits
from evidence.errors import UsageError
from evidence.http.answer import Answer, Fault, http_date
from evidence.http.bounded import Timeouts, Watch, WatchedResponse, read_body
from evidence.http.pacing import Pacer, Stopped, Turn
from evidence.http.service import Request, Service


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: to prepare for a redirect, even one not followed, requests would read its body, however long."""


class Transport:
    """Connections to one server, kept open, shared by threads. ``sent`` counts the requests written."""

    def __init__(self, service: Service, pacer: Pacer, timeouts: Timeouts, stop: threading.Event):
        self._service, self._pacer, self._timeouts, self._stop = service, pacer, timeouts, stop
        self.sent = 0
        self._sockets: WeakSet[Any] = WeakSet()
        self._sockets_lock = threading.Lock()
        self._mine = threading.local()
        self._session = _Session()
        self._session.trust_env = not service.loopback  # a proxy cannot reach this machine's own loopback
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._session.headers["User-Agent"] = service.agent
        self._session.headers["Accept-Encoding"] = "gzip"
        adapter = _PacedAdapter(pacer, stop, self._sending, service.connections)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def _sending(self, connection: Any, turn: Turn) -> None:
        with self._sockets_lock:
            self._sockets.add(connection.sock)
        if self._stop.is_set():  # either close() sees this connection, or this thread that it was called
            raise Stopped
        self._mine.turn = turn
        self._mine.watch = Watch(self._timeouts, self._mine.largest)
        connection.response_class = partial(WatchedResponse, watch=self._mine.watch)
        self.sent += 1  # within a turn, so never by two threads at once

    def send(self, request: Request) -> Answer:
        """Sends a request. Raises :class:`Fault`; its ``reached`` says whether anybody answered.

        The answer is whole within ``Timeouts.whole`` seconds and its bound on bytes, or it is none.
        """
        self._pacer.wait_while_paused(self._stop)
        largest = request.largest or limits.HTTP_ANSWER
        self._mine.watch, self._mine.largest = None, largest
        try:
            response = self._session.request(
                "GET" if request.form is None else "POST",
                self._service.base_url + request.path,
                params=dict(request.query),
                data=None if request.form is None else dict(request.form),
                headers=dict(request.headers),
                timeout=(self._timeouts.connect, self._timeouts.read),
                stream=True,
                allow_redirects=False,
            )
            with response:
                self._pacer.answered(self._mine.turn, request.kind or request.path)
                body = read_body(response.raw, largest)
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
            raise UsageError(f"{self._service.variable} is not an address that can be asked; check it") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise self._fault(error) from error
        headers = response.headers
        return Answer(
            response.status_code,
            headers.get("Content-Type", "").lower(),
            headers.get("Retry-After", ""),
            body,
            http_date(headers.get("Date", "")),
            {name.lower(): value for name, value in headers.items()},
        )

    def _fault(self, error: Exception) -> Fault:
        """What went wrong, in words that hold nothing of what the server said, nor an address with a password."""
        watch: Watch | None = self._mine.watch
        if watch and watch.broken:
            return Fault(watch.broken)
        if isinstance(error, (requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError, TimeoutError)):
            return Fault(f"no answer within {self._timeouts.read:g} s")
        return Fault(f"the connection failed ({_cause(error)})", reached=_was_open(error))

    def close(self) -> None:
        """Ends every request on its way: a thread waiting for an answer would keep the program from ending."""
        with self._sockets_lock:
            sockets = list(self._sockets)
        for sock in sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
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
    """The innermost error's kind, never its text."""
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
