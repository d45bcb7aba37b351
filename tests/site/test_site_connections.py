"""Slow and silent connections to a real server on loopback: readers are served, the slow closed, the log short."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from evidence.site import quiet, server
from evidence.site.connections import Limits, allow_open_files, limits_here
from evidence.site.server import make_datasette, server_config

ROOT = Path(__file__).resolve().parents[2]
QUICK = Limits(connections=40, headers=1.0, body=1.5, unread=1.0)
GET = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
POST = b"POST /check HTTP/1.1\r\nHost: localhost\r\n" + FORM + b"Content-Length: 400000\r\n\r\n"


@contextmanager
def running(app: Any, limits: Limits = QUICK) -> Iterator[int]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        serving = uvicorn.Server(server_config(app, "127.0.0.1", 0, limits))
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        while not serving.started:
            time.sleep(0.02)
        try:
            yield sock.getsockname()[1]
        finally:
            serving.should_exit = True
            thread.join(15)


@pytest.fixture(scope="module")
def port(evidence_db: Path) -> Iterator[int]:
    with running(make_datasette(evidence_db=evidence_db, metadata=ROOT / "metadata.yml").app()) as found:
        yield found


def connect(port: int, sent: bytes = b"") -> socket.socket:
    conn = socket.create_connection(("127.0.0.1", port), timeout=10)
    conn.sendall(sent)
    return conn


def seconds_until_closed(conn: socket.socket, drip: bytes = b"", every: float = 0.2, most: float = 8.0) -> float:
    """How long until the other side closes, while ``drip`` is sent byte by byte; answers are read and dropped."""
    started, position = time.monotonic(), 0
    conn.settimeout(every)
    while time.monotonic() - started < most:
        try:
            if drip:
                conn.send(drip[position % len(drip) : position % len(drip) + 1])
                position += 1
            if conn.recv(65536) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - started


def answer(conn: socket.socket) -> bytes:
    """One chunked answer, whole."""
    received = b""
    while not received.endswith(b"0\r\n\r\n"):
        received += conn.recv(65536)
    return received


SLOW = [
    ("nothing at all", b"", b"", 1.0),
    ("half a request line", b"GET /sea", b"", 1.0),
    ("headers without an end", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n", b"", 1.0),
    ("headers that drip", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ", b"b", 1.0),
    ("header lines that drip", b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-A: b\r\n", 1.0),
    ("a body that never comes", POST, b"", 1.5),
    ("a body that drips", POST + b"text=", b"a", 1.5),
    ("a second request that drips", GET + b"GET / HTTP/1.1\r\nX-A: ", b"b", 1.0),
    ("an answer and then silence", GET, b"", 5.0),
]


@pytest.mark.parametrize(("sent", "drip", "seconds"), [row[1:] for row in SLOW], ids=[row[0] for row in SLOW])
def test_a_slow_request_is_given_up(port: int, sent: bytes, drip: bytes, seconds: float) -> None:
    with connect(port, sent) as conn:
        assert seconds - 0.3 < seconds_until_closed(conn, drip) < seconds + 2.5


def test_honest_requests_are_answered(port: int) -> None:
    with connect(port, GET[:20]) as conn:  # in two parts, within the time
        time.sleep(0.4)
        conn.sendall(GET[20:])
        assert answer(conn).startswith(b"HTTP/1.1 200")
        time.sleep(2.0)  # longer than a request may take to arrive: between requests another clock runs
        conn.sendall(GET)
        assert answer(conn).startswith(b"HTTP/1.1 200")
    with connect(port, GET * 5) as conn:  # sent ahead
        time.sleep(1.5)
        assert conn.recv(65536).count(b"HTTP/1.1 200") == 5
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        for _ in range(5):
            assert client.get("/search?q=burst").status_code == 200


def test_a_slow_answer_is_not_a_slow_request() -> None:
    async def slow(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(2.5)
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
            await send({"type": "http.response.body", "body": b"ok"})

    with running(slow) as port, connect(port, GET) as conn:
        assert conn.recv(4096).startswith(b"HTTP/1.1 200")


def test_an_answer_that_nobody_reads_is_given_up() -> None:
    state = {"sent": 0, "ended": 0.0}

    async def large(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            for _ in range(1000):
                await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
                state["sent"] += 65536
        finally:
            state["ended"] = time.monotonic()

    with running(large) as port, socket.socket() as conn:
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        conn.connect(("127.0.0.1", port))
        conn.sendall(GET)
        started = time.monotonic()
        while not state["ended"] and time.monotonic() - started < 8:
            time.sleep(0.05)
        assert state["ended"] and state["ended"] - started < 5
    with running(large) as port, connect(port, GET) as conn:  # a reader who reads gets all of it
        read = 0
        while read < 60_000_000:
            read += len(conn.recv(1 << 20))
            time.sleep(0.002)


def test_above_the_most_connections_the_oldest_waiting_one_makes_room(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        assert client.get("/robots.txt").status_code == 200
        slow = [connect(port, b"GET / HT") for _ in range(150)]
        try:
            for _ in range(5):
                assert client.get("/robots.txt").status_code == 200
                assert httpx.get(f"http://127.0.0.1:{port}/robots.txt").status_code == 200
            assert seconds_until_closed(slow[0], most=0.5) < 0.5, "the oldest went first"
        finally:
            for conn in slow:
                conn.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
        (b"GET /\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"b" * 200_000, b"400"),
        (b"GET /search?q=" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", b"200"),
        (POST.replace(b"400000", b"9999999999") + b"text=a", b""),
        (b"POST /check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n", b"400"),
    ],
)
def test_requests_that_are_no_http(port: int, sent: bytes, status: bytes) -> None:
    with connect(port, sent) as conn:
        try:
            received = conn.recv(65536)
        except ConnectionResetError:
            received = b""
        assert received[9:12] == status
    assert httpx.get(f"http://127.0.0.1:{port}/robots.txt").status_code == 200


def test_a_thousand_bad_requests_write_a_few_lines(port: int, caplog: pytest.LogCaptureFixture) -> None:
    quiet.keep_quiet()
    uvicorn_log = logging.getLogger("uvicorn.error")
    uvicorn_log.addHandler(caplog.handler)
    try:
        for _ in range(200):
            with connect(port, b"nonsense\r\n\r\n") as conn:
                conn.recv(4096)
    finally:
        uvicorn_log.removeHandler(caplog.handler)
    assert 0 < caplog.text.count("Invalid HTTP request") <= 2 * quiet.LINES


def test_repeats_are_counted() -> None:
    clock = iter([*[0.0] * 25, 61.0, 62.0])
    repeats = quiet.Repeats(lines=10, seconds=60, clock=lambda: next(clock))

    def record(message: str = "bad %s", *args: Any) -> logging.LogRecord:
        return logging.LogRecord("x", logging.WARNING, "", 1, message, args, None)

    assert [repeats.filter(record("bad %s", number)) for number in range(24)] == [True] * 10 + [False] * 14
    assert repeats.filter(record("another"))
    late = record("bad %s", 7)
    assert repeats.filter(late) and late.getMessage() == "(14 lines like this one were left out) bad 7"
    assert repeats.filter(record("bad %s", 8))


def test_the_limits_fit_the_open_files(monkeypatch: pytest.MonkeyPatch) -> None:
    assert allow_open_files(64) >= 64
    monkeypatch.setattr("evidence.site.connections.allow_open_files", lambda wanted: 1024)
    assert limits_here().connections == 1024 - 128 - 256
    monkeypatch.setattr("evidence.site.connections.allow_open_files", lambda wanted: 100)
    assert limits_here().connections == 16
    monkeypatch.setattr("evidence.site.connections.allow_open_files", lambda wanted: wanted)
    assert limits_here() == Limits()


def test_too_many_requests_at_once_are_told_to_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from test_site_live import make_project, one_report

    project = make_project(tmp_path / "p")
    one_report(project.evidence, "A title")
    monkeypatch.setattr(server, "MOST_REQUESTS", {"GET": 3, "POST": 1})

    async def run() -> list[httpx.Response]:
        live = server.Live(project)
        await live._current.start()
        transport = httpx.ASGITransport(app=live)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answers = await asyncio.gather(*(client.get(f"/search?q=title{n}") for n in range(12)))
            answers.append(await client.get("/search?q=title"))
        await live._current.close()
        return list(answers)

    answers = asyncio.run(run())
    busy = [answer for answer in answers if answer.status_code == 503]
    assert len(busy) == 9 and all(answer.headers["retry-after"] == "5" for answer in busy)
    assert answers[-1].status_code == 200
