"""An answer read within a time and a number of bytes, however it trickles, floods or unpacks.

A read timeout alone bounds nothing: one byte every few seconds keeps a reader waiting for ever, in a header as in a
body, and so do ``100 Continue`` without end. So every read from the socket asks a :class:`Watch`, by the monotonic
clock. Only gzip is asked for and unpacked, once, in pieces: another compression, or gzip within gzip, is refused.
"""

from __future__ import annotations

import http.client
import io
import os
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import urllib3

from evidence import limits
from evidence.errors import UsageError
from evidence.http.answer import Fault, TooLarge

PIECE = 1 << 18
_GZIP = 16 + zlib.MAX_WBITS
_PLAIN = ("", "identity")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two pieces of an answer, and for a whole answer from when its request was sent."""

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


class Watch:
    """What one answer may still take. ``broken`` says which bound it broke; ``""`` while none."""

    def __init__(self, timeouts: Timeouts, largest: int, clock: Callable[[], float] = time.monotonic):
        self._timeouts, self._largest, self._clock = timeouts, largest, clock
        self._ends = clock() + timeouts.whole
        self._left = limits.HTTP_HEAD
        self.broken = ""

    def seconds(self) -> float:
        """How long the next read may wait. Raises ``TimeoutError`` when the answer has had its time."""
        left = self._ends - self._clock()
        if left <= 0:
            self.broken = f"the answer had not ended after {self._timeouts.whole:g} s"
            raise TimeoutError(self.broken)
        return min(self._timeouts.read, left)

    def received(self, count: int) -> None:
        """So many bytes came over the wire. Raises ``OSError`` when there should be no more."""
        self._left -= count
        if self._left < 0:
            self.broken = "the answer's head or its bytes have no end"
            raise OSError(self.broken)

    def head_is_read(self) -> None:
        self._left = self._largest + limits.HTTP_HEAD  # chunked bodies have lines of their own between the bytes


class _WatchedSocket(io.RawIOBase):
    """A socket's bytes, each read asked of the watch."""

    def __init__(self, sock: Any, raw: io.RawIOBase, watch: Watch):
        self._sock, self._raw, self._watch = sock, raw, watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._watch.seconds())
        try:
            count = self._raw.readinto(buffer)
        except TimeoutError:
            self._watch.seconds()  # says so, when it was the whole time that was over
            raise
        self._watch.received(count or 0)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class WatchedResponse(http.client.HTTPResponse):
    """What a connection makes of an answer, its head included, under a watch."""

    def __init__(self, sock: Any, *args: Any, watch: Watch, **options: Any):
        super().__init__(sock, *args, **options)
        self._watch = watch
        self.fp = io.BufferedReader(_WatchedSocket(sock, self.fp.detach(), watch))

    def begin(self) -> None:
        super().begin()
        self._watch.head_is_read()


def read_body(response: urllib3.BaseHTTPResponse, largest: int) -> bytes:
    """The body, unpacked. Raises :class:`Fault` when it is cut or packed in a way that was not asked for.

    Raises :class:`TooLarge` when it is longer than ``largest`` bytes, before it is all in memory.
    """
    packed = response.headers.get("Content-Encoding", "").strip().lower()
    if packed not in (*_PLAIN, "gzip", "x-gzip"):
        raise Fault("the answer is compressed in a way that was not asked for")
    unpacker = None if packed in _PLAIN else _Unpacker()
    body = io.BytesIO()  # gives its bytes away without a copy
    while piece := response.read1(PIECE, decode_content=False):
        for part in unpacker.parts(piece) if unpacker else (piece,):
            body.write(part)
            if body.tell() > largest:
                raise TooLarge(f"the answer is longer than {largest / (1 << 20):g} MB")
    if unpacker and not unpacker.whole:
        raise Fault("the answer is cut off (its compressed data have no end)")
    return body.getvalue()


class _Unpacker:
    """gzip, of one member or several, in parts of bounded size."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._begun = self._members = 0

    @property
    def whole(self) -> bool:
        """Whether what came so far is nothing, or ends where a member does."""
        return not self._begun or self._member.eof or self._members > 0

    def parts(self, data: bytes) -> Iterator[bytes]:
        self._begun = 1
        while data:
            if self._member.eof:
                self._member, self._members = zlib.decompressobj(_GZIP), self._members + 1
            try:
                yield self._member.decompress(data, PIECE)
            except zlib.error as error:
                if self._members:  # what follows the last member is padding
                    return
                raise Fault("the answer is compressed, and damaged") from error
            data = self._member.unconsumed_tail or self._member.unused_data
