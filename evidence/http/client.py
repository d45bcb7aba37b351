"""One client for every service: paced as the service asks, patient, each answer checked before it is believed.

    client = Client(Service("Crossref", "https://api.crossref.org", "EVIDENCE_CROSSREF_URL", per_second=1), check)
    client.ask(Request("works/10.1000%2F1"), read)

``check`` says whether an answer is worth reading, ``read`` what it says; either raises :class:`Fault` where asking
again may help, and anything that ``read`` did not reckon with is a fault too.
"""

from __future__ import annotations

import logging
import os
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from evidence.errors import TryLater, UsageError
from evidence.http.answer import Answer, Fault, Refused, TooLarge
from evidence.http.bounded import Timeouts
from evidence.http.pacing import LONGEST_PAUSE, Pacer, Stopped, pacer_for
from evidence.http.service import Request, Service
from evidence.http.transport import Transport
from evidence.scrub import remember

T = TypeVar("T")
Check = Callable[[Answer, Callable[[str], str]], None]
log = logging.getLogger("evidence.http")


class Unanswered(TryLater):
    """A request that was repeated as often as is reasonable, and never answered well."""


class Oversized(Unanswered):
    """An answer longer than is read: less must be asked for at once."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is sent at most, and the pauses between: doubling from ``first`` to ``longest`` seconds.

    With these, a burst of errors of 28 seconds is outlasted; once a request has taken ``whole`` seconds, it is not sent
    again. Nobody there is given up after ``attempts_unreached``; a server that never answered well, when the first
    request is lost; one that answers well no more, after ``lost_requests`` in a row.
    """

    attempts: int = 8
    attempts_unreached: int = 4
    first: float = 0.4
    longest: float = 8.0
    whole: float = 600.0
    lost_requests: int = 3

    def pause(self, attempt: int) -> float:
        return min(self.longest, self.first * 2.0 ** (attempt - 1)) * random.uniform(0.75, 1.25)  # noqa: S311


def patience(environ: Mapping[str, str] = os.environ) -> Patience:
    """``EVIDENCE_HTTP_BACKOFF``: seconds before the first repeat (default 0.4). Raises :class:`UsageError`."""
    given = environ.get("EVIDENCE_HTTP_BACKOFF", "").strip()
    try:
        return Patience(first=float(given)) if given else Patience()
    except ValueError:
        raise UsageError(f"EVIDENCE_HTTP_BACKOFF is {given!r}: it must be a number of seconds, such as 0.4") from None


class Client:
    """Asks one service. Its methods may be called from several threads; :meth:`close` ends those still waiting."""

    def __init__(
        self,
        service: Service,
        check: Check,
        limits: Timeouts | None = None,
        patience: Patience | None = None,
        pacer: Pacer | None = None,
    ):
        self.service, self.connections = service, service.connections
        self.pacer = pacer or pacer_for((service.base_url, service.per_second), service.per_second)
        self.scrub = remember(service.secrets)
        self.reached = False
        # Told the server's date of every answer that was believed.
        self.on_date: Callable[[datetime], None] | None = None
        self._check = check
        self._patience = patience or Patience()
        self._stop = threading.Event()
        self._lost = 0
        self._given_up = ""
        self._transport = Transport(service, self.pacer, limits or Timeouts(), self._stop)

    @property
    def requests(self) -> int:
        """How many requests were sent, repeats included."""
        return self._transport.sent

    @property
    def given_up(self) -> str:
        """Why nothing more is asked; ``""`` while the server is believed to be there."""
        return self._given_up

    def close(self) -> None:
        """Ends every wait; requests on their way raise :class:`Stopped` when they come back."""
        self._stop.set()
        self._transport.close()

    def ask(self, request: Request, read: Callable[[Answer], T]) -> T:
        """What ``read`` makes of the answer. Raises :class:`Unanswered` or :class:`Refused`, without secrets."""
        kind, attempt, began = request.kind or request.path, 0, time.monotonic()
        while True:
            if self._stop.is_set():
                raise Stopped
            if self._given_up:
                raise Unanswered(self._given_up)
            attempt += 1
            try:
                answer = self._transport.send(request)
                self._check(answer, self.scrub)
                result = _read(answer, read)
            except TooLarge as fault:
                raise Oversized(f"{kind}: {fault.reason}") from None
            except Fault as fault:
                self._outlast(kind, attempt, time.monotonic() - began, fault)
            except Refused as refused:
                raise type(refused)(f"{kind}: {refused}") from None
            else:
                self.reached, self._lost = True, 0
                if self.on_date and answer.date:
                    self.on_date(answer.date)
                return result

    def _outlast(self, kind: str, attempt: int, taken: float, fault: Fault) -> None:
        """Waits before the next attempt; raises :class:`Unanswered` when there should be none."""
        reason = self.scrub(f"{kind}: {fault.reason}")
        unreached = not fault.reached and not self.reached
        if fault.retry_after is not None and fault.retry_after > LONGEST_PAUSE:
            self._given_up = f"{reason}; the server asks to wait {fault.retry_after:.0f} s"
            raise Unanswered(self._given_up)
        most = self._patience.attempts_unreached if unreached else self._patience.attempts
        if attempt >= most or taken >= self._patience.whole:
            self._lost += 1
            if not self.reached or self._lost >= self._patience.lost_requests:
                self._given_up = f"{reason}, {attempt} times"
            raise Unanswered(f"{reason}, {attempt} times")
        if fault.retry_after is not None:
            self.pacer.pause(fault.retry_after)
        elif self._stop.wait(self._patience.pause(attempt)):
            raise Stopped


def _read(answer: Answer, read: Callable[[Answer], T]) -> T:
    """What an answer says. One that ``read`` did not reckon with is a fault of that answer, not the end of all work."""
    try:
        return read(answer)
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError) as error:
        log.warning("an answer could not be read", exc_info=True)
        raise Fault(f"an answer that cannot be read ({type(error).__name__})") from error
