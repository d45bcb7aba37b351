"""The HTTP side: programs, faults acted out, arrivals logged with the clock that the pacing is measured by."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from eutils_server import programs
from eutils_server.corpus import Corpus
from eutils_server.faults import Faults, Rule
from eutils_server.hostile import FORMS
from eutils_server.programs import Reply

RATE_LIMIT = '{"error":"API rate limit exceeded","api-key":"%s","count":"5","limit":"3"}'


@dataclass
class Arrival:
    """One request: when it arrived (monotonic seconds), what it asked, how it was answered."""

    at: float
    program: str
    method: str
    line: str
    params: dict[str, str]
    fault: str = ""


@dataclass
class _State:
    corpus: Corpus
    latency: float
    limit: int | None
    retry_after: str
    faults: Faults = field(default_factory=Faults)
    arrivals: list[Arrival] = field(default_factory=list)
    history: dict[str, list[str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)


class EutilsServer:
    """``limit``: requests in any one second before it answers 429, as NCBI does; ``None`` never does."""

    # The ``Date`` header: ``None`` is the corpus' clock, "" sends none, anything else is sent as it is.
    date: str | None = None

    def __init__(self, corpus: Corpus, latency: float = 0.0, limit: int | None = None, retry_after: str = "0.3"):
        self._state = _State(corpus, latency, limit, retry_after)
        handler = type("Handler", (_Handler,), {"state": self._state, "server_of_tests": self})
        self._http = _Server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/entrez/eutils/"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._state.closing.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def corpus(self) -> Corpus:
        return self._state.corpus

    @property
    def arrivals(self) -> list[Arrival]:
        with self._state.lock:
            return list(self._state.arrivals)

    def fail(self, kind: str, program: str = "", nth: Any = (), probability: float = 0.0, holding: str = "") -> None:
        """Make requests fail: the n-th ones, a share of them, or (with neither) all; or those with these words."""
        self._state.faults.add(Rule(kind, program, nth, probability if probability or nth else 1.0, holding))

    def recover(self) -> None:
        self._state.faults.clear()

    def forget(self) -> None:
        """Start the log of arrivals afresh."""
        with self._state.lock:
            self._state.arrivals.clear()

    def asked(self, program: str) -> list[dict[str, str]]:
        return [arrival.params for arrival in self.arrivals if arrival.program == program]

    def fetched_ids(self) -> list[str]:
        """Every id that efetch was asked for, repeats included."""
        return [pmid for params in self.asked("efetch") for pmid in params.get("id", "").split(",") if pmid]

    def most_in_a_second(self) -> int:
        """The largest number of arrivals in any half-open window of one second."""
        times = sorted(arrival.at for arrival in self.arrivals)
        return max((sum(start <= t < start + 1 for t in times) for start in times), default=0)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    state: _State
    server_of_tests: EutilsServer

    def send_response(self, code: int, message: str | None = None) -> None:
        """With a ``Date`` header by the clock that the articles are dated by."""
        self.send_response_only(code, message)
        date = self.server_of_tests.date
        date = format_datetime(self.state.corpus.now(), usegmt=True) if date is None else date
        if date:
            self.send_header("Date", date)

    def do_GET(self) -> None:
        self._answer(self.path.partition("?")[2])

    def do_POST(self) -> None:
        arrived = time.monotonic()
        length = int(self.headers.get("Content-Length") or 0)
        self._answer(self.rfile.read(length).decode(), arrived)

    def _answer(self, form: str, arrived: float | None = None) -> None:
        params = {name: values[-1] for name, values in parse_qs(form, keep_blank_values=True).items()}
        program = self.path.partition("?")[0].rsplit("/", 1)[-1].partition(".")[0]
        fault = self.state.faults.next(program, params.get("term") or params.get("id", ""))
        arrival = Arrival(arrived or time.monotonic(), program, self.command, self.path, params, fault)
        with self.state.lock:
            self.state.arrivals.append(arrival)
            lately = sum(arrival.at - 1 < other.at for other in self.state.arrivals)
        self.state.closing.wait(self.state.latency)
        if self.state.limit is not None and lately > self.state.limit:
            fault = arrival.fault = "rate_limit"
        if fault in FORMS:
            self._attack(FORMS[fault](params))
            return
        act = getattr(self, f"_fault_{fault}", None)
        if act:
            act(params)
            return
        self._send(programs.answer(program, params, self.state.corpus, self.state.history, fault))

    def _attack(self, pieces: Iterator[bytes | float]) -> None:
        """Until nobody reads any more."""
        self.close_connection = True
        for piece in pieces:
            if self.state.closing.is_set():
                return
            if isinstance(piece, float):
                self.state.closing.wait(piece)
            else:
                self.connection.sendall(piece)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def _fault_rate_limit(self, params: dict[str, str]) -> None:
        body = (RATE_LIMIT % params.get("api_key", "")).encode()
        self._send(Reply(body, "application/json", 429, {"Retry-After": self.state.retry_after}))

    def _fault_rate_limit_200(self, params: dict[str, str]) -> None:
        body = (RATE_LIMIT % params.get("api_key", "")).encode()
        self._send(Reply(body, "application/json", 200, {"Retry-After": self.state.retry_after}))

    def _fault_http_500(self, params: dict[str, str]) -> None:
        self._send(Reply(b"<html><body>Internal error</body></html>", "text/html", 500))

    def _fault_http_502(self, params: dict[str, str]) -> None:
        self._send(Reply(b"<html><body>Bad gateway</body></html>", "text/html", 502))

    def _fault_html(self, params: dict[str, str]) -> None:
        page = b"<!DOCTYPE html>\n<html><head><title>NCBI</title></head><body>The site is busy.</body></html>"
        self._send(Reply(page, "text/html; charset=UTF-8"))

    def _fault_empty_response(self, params: dict[str, str]) -> None:
        self._send(Reply(b"Empty Response: no data received. Status: Timeout", "text/plain"))

    def _fault_empty_body(self, params: dict[str, str]) -> None:
        self._send(Reply(b"", "text/plain"))

    def _fault_redirect(self, params: dict[str, str]) -> None:
        self._send(Reply(b"", "text/plain", 307, {"Location": "http://127.0.0.1:9/elsewhere"}))

    def _fault_key_invalid(self, params: dict[str, str]) -> None:
        body = {"error": "API key invalid", "api-key": params.get("api_key", ""), "type": "api-key"}
        self._send(Reply(json.dumps(body).encode(), "application/json", 400))

    def _fault_no_ids(self, params: dict[str, str]) -> None:
        body = b"<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>"
        self._send(Reply(body, status=400))

    def _fault_echo(self, params: dict[str, str]) -> None:
        said = "&".join(f"{name}={value}" for name, value in params.items())
        self._send(Reply(f"<eFetchResult><ERROR>could not do {said}</ERROR></eFetchResult>".encode(), "text/xml"))

    def _fault_cut(self, params: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b'<?xml version="1.0"?>\n<PubmedArticleSet><PubmedArticle>')
        self.close_connection = True

    def _fault_reset(self, params: dict[str, str]) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _fault_hang(self, params: dict[str, str]) -> None:
        self.state.closing.wait(60)
        self.close_connection = True

    def _fault_drip(self, params: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.close_connection = True
        while not self.state.closing.wait(0.05):
            self.wfile.write(b" ")

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
