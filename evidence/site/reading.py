"""Threads that read one build, each with a connection of its own, so that one kind of asker cannot hold the others.

Pages, long searches and files have threads of their own, apart from those of Datasette's table pages. A long search
waits for its turn a short while and is then told to come back; pages wait as long as it takes.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")
Reader = Callable[[sqlite3.Connection], T]


class Busy(Exception):
    """Not now (503): what was asked takes long and others are being served; the message says what to do."""


class ReadPool:
    """``threads`` threads that read. ``patience``: seconds that a request waits for its turn, ``None`` for ever.

    ``most_waiting``: requests beyond so many are refused at once. A connection is opened by each thread at
    :meth:`start`, or when it is first needed.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        threads: int,
        patience: float | None = None,
        most_waiting: int | None = None,
        told: str = "this server is busy: please try again in a few seconds",
    ):
        self.connect, self.threads, self.patience, self.most_waiting, self.told = (
            connect,
            threads,
            patience,
            most_waiting,
            told,
        )
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="reader")
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._waiting = 0

    def start(self) -> None:
        """Open every thread's connection now: one that is opened after a rebuild would read another file."""
        together = threading.Barrier(self.threads, timeout=10)
        opened = [self._executor.submit(self._open_together, together) for _ in range(self.threads)]
        for future in opened:
            future.result()

    async def run(self, read: Reader[T]) -> T:
        """What ``read`` returns, called in a thread with its connection. Raises :class:`Busy`."""
        if self.most_waiting is not None and self._waiting >= self.most_waiting:
            raise Busy(self.told)
        self._waiting += 1
        try:
            future = self._executor.submit(self._call, read)
            answer = asyncio.wrap_future(future)
            done, _ = await asyncio.wait({answer}, timeout=self.patience)
            if not done and future.cancel():
                raise Busy(self.told)
            return await answer
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Wait for what is being read, then free threads and connections."""
        self._executor.shutdown()
        while self._connections:
            self._connections.pop().close()

    def _call(self, read: Reader[T]) -> T:
        return read(self._connection())

    def _open_together(self, together: threading.Barrier) -> None:
        self._connection()
        together.wait()

    def _connection(self) -> sqlite3.Connection:
        conn: sqlite3.Connection | None = getattr(self._local, "conn", None)
        if conn is None:
            conn = self._local.conn = self.connect()
            self._connections.append(conn)
        return conn


class Turns:
    """At most ``most`` at once; the others wait ``patience`` seconds for their turn. For one event loop."""

    def __init__(self, most: int, patience: float, told: str):
        self.most, self.patience, self.told, self.active = most, patience, told, 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Within: one of those at work. Raises :class:`Busy`."""
        deadline = time.monotonic() + self.patience
        while self.active >= self.most:
            if time.monotonic() > deadline:
                raise Busy(self.told)
            await asyncio.sleep(0.05)
        self.active += 1
        try:
            yield
        finally:
            self.active -= 1


class Readers:
    """The threads and turns of one site."""

    # Two to four words of a title read up to 800,000 postings in 200,000 reports; sixteen stars, a million in 0.7 s.
    ORDINARY_POSTINGS = 1_000_000

    def __init__(self, connect: Callable[[], sqlite3.Connection]):
        self.pages = ReadPool(connect, 4)
        # Waiting costs nothing, and who is refused at once comes back at once: all wait out the two seconds.
        self.searches = ReadPool(
            connect,
            1,
            patience=2.0,
            most_waiting=100,
            told="other long searches are running: try again in a few seconds, with fewer or rarer words",
        )
        self.files = ReadPool(connect, 1)
        self.feeds = Turns(1, 2.0, "other feeds are being made: try again in a few seconds")
        self.exports = Turns(2, 2.0, "other exports are running: try again in a few seconds")
        self.tables = Turns(2, 2.0, "this server is busy: please try again in a few seconds")
        # A filter or an order that no index answers reads the whole table: one at a time leaves a core to the pages.
        self.scans = Turns(1, 2.0, "other tables are being searched: please try again in a few seconds")

    def start(self) -> None:
        for pool in (self.pages, self.searches, self.files):
            pool.start()

    def close(self) -> None:
        for pool in (self.pages, self.searches, self.files):
            pool.close()
