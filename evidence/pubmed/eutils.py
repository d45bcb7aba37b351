"""E-utilities: search, fetch, summaries and citation matching, each answer checked, each fault outlasted.

https://www.ncbi.nlm.nih.gov/books/NBK25499/ and, where it differs, what was measured.
"""

from __future__ import annotations

import logging
import os
import random
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from evidence.errors import TryLater, UsageError
from evidence.exchange.pubmed import AnswerError, Failure, Received, read_article_set
from evidence.http.answer import Fault, Refused, TooLarge
from evidence.http.bounded import Timeouts
from evidence.http.pacing import LONGEST_PAUSE, Pacer, Stopped, pacer_for
from evidence.http.transport import Transport, is_loopback, timeouts
from evidence.project import NcbiIdentity
from evidence.pubmed import answers
from evidence.pubmed.answers import Citation, SearchResult
from evidence.pubmed.checks import KeyRefused, check_answer
from evidence.scrub import KeyInRecords, remember

__all__ = ["Citation", "Eutils", "Fetched", "KeyRefused", "Refused", "SearchResult", "Stopped", "Unanswered", "connect"]

# A search answers with at most this many ids (the manual says 10,000).
MOST_IDS = 9_999
CONNECTIONS, CONNECTIONS_WITH_KEY = 8, 16
# What efetch says, with status 400 or 200, when PubMed has none of the ids.
NO_SUCH_IDS = re.compile(rb"ID list is empty|no correct IDs", re.I)
# An answer may bring some records that were not asked for (a merged one), not thousands.
SPARE_RECORDS = 100
T = TypeVar("T")
log = logging.getLogger("evidence.pubmed")


class Unanswered(TryLater):
    """A request that was repeated as often as is reasonable, and never answered well."""


class Oversized(Unanswered):
    """An answer longer than is read: less must be asked for at once."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is sent at most, and the pauses between: doubling from ``first`` to ``longest`` seconds.

    With these, a burst of errors of 28 seconds is outlasted; once a request has taken ``whole`` seconds, it is not sent
    again. Nobody there is given up after
    ``attempts_unreached``; a server that never answered well, when the first request is lost; one that
    answers well no more, after ``lost_requests`` in a row.
    """

    attempts: int = 8
    attempts_unreached: int = 4
    first: float = 0.4
    longest: float = 8.0
    whole: float = 600.0
    lost_requests: int = 3

    def pause(self, attempt: int) -> float:
        return min(self.longest, self.first * 2.0 ** (attempt - 1)) * random.uniform(0.75, 1.25)  # noqa: S311


@dataclass(slots=True)
class Fetched:
    """One efetch answer, read: records by PMID, PMIDs that PubMed says are deleted, records that could not be read."""

    received: dict[str, Received] = field(default_factory=dict)
    deleted: AbstractSet[str] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)


def connect(identity: NcbiIdentity) -> Eutils:
    """A client with the timeouts of the environment. Raises :class:`UsageError` when no e-mail is configured.

    NCBI asks for an address to write to before it blocks somebody; a server on this machine does not.
    """
    if not identity.email and not is_loopback(identity.base_url):
        raise UsageError("NCBI asks who is fetching: export NCBI_EMAIL=you@example.org, then run the command again")
    first = os.environ.get("EVIDENCE_HTTP_BACKOFF", "").strip()
    try:
        patience = Patience(first=float(first)) if first else Patience()
    except ValueError:
        raise UsageError(f"EVIDENCE_HTTP_BACKOFF is {first!r}: it must be a number of seconds, such as 0.4") from None
    return Eutils(identity, limits=timeouts(), patience=patience)


class Eutils:
    """The client. Its methods may be called from several threads; :meth:`close` ends those still waiting."""

    def __init__(
        self,
        identity: NcbiIdentity,
        limits: Timeouts | None = None,
        patience: Patience | None = None,
        pacer: Pacer | None = None,
    ):
        self.connections = CONNECTIONS_WITH_KEY if identity.api_key else CONNECTIONS
        self.pacer = pacer or pacer_for(identity)
        self.scrub = remember((identity.api_key, identity.email))
        self._repeats_key = KeyInRecords(identity.api_key)
        self.reached = False
        # Told the server's date of every answer that was believed.
        self.on_date: Callable[[datetime], None] | None = None
        self._patience = patience or Patience()
        self._stop = threading.Event()
        self._lost = 0
        self._given_up = ""
        limits = limits or Timeouts()
        self._transport = Transport(identity.base_url, self.pacer, limits, self._stop, self.connections)
        about = {"db": "pubmed", "tool": identity.tool, "email": identity.email, "api_key": identity.api_key}
        self._about = {key: value for key, value in about.items() if value}

    @property
    def requests(self) -> int:
        """How many requests were sent, repeats included."""
        return self._transport.sent

    @property
    def given_up(self) -> str:
        """Why nothing more is asked; ``""`` while the server is believed to be there."""
        return self._given_up

    def search(self, term: str, most: int = MOST_IDS) -> SearchResult:
        """The ids that match, at most 9,999 of them, with the full count and what PubMed made of the query."""

        def read(body: bytes) -> SearchResult:
            return answers.read_search(body, self.scrub)

        return self._ask("esearch.fcgi", {"term": term, "retmax": str(most), "retmode": "json"}, read)

    def fetch(self, pmids: Sequence[str]) -> Fetched:
        """The records of these PMIDs, as far as PubMed gave them in one answer: compare before believing."""

        def read(body: bytes) -> Fetched:
            if NO_SUCH_IDS.search(body[:1000]):
                return Fetched()
            if self._repeats_key(body):  # it would be stored with the record
                raise Fault("the answer repeats the API key")
            try:
                return _fetched(body, pmids)
            except AnswerError as error:
                raise Fault(self.scrub(str(error))) from error

        try:
            return self._ask("efetch.fcgi", {"id": ",".join(pmids), "retmode": "xml"}, read)
        except Refused as refused:
            if NO_SUCH_IDS.search(str(refused).encode()):
                return Fetched()
            raise

    def exist(self, pmids: Sequence[str]) -> dict[str, bool]:
        """For each PMID, whether PubMed still has a summary of it (esummary)."""

        def read(body: bytes) -> dict[str, bool]:
            return answers.read_summaries(body, pmids, self.scrub)

        return self._ask("esummary.fcgi", {"id": ",".join(pmids), "retmode": "json"}, read)

    def match_citations(self, citations: Iterable[Citation]) -> dict[str, str]:
        """ECitMatch, one request for all: by key, a PMID or what it said instead (``NOT_FOUND``, ``AMBIGUOUS``)."""
        asked = list(citations)

        def read(body: bytes) -> dict[str, str]:
            return answers.read_matches(body, asked, self.scrub)

        form = {"retmode": "xml", "bdata": "\r".join(citation.line() for citation in asked)}
        return self._ask("ecitmatch.cgi", form, read)

    def close(self) -> None:
        """Ends every wait; requests on their way raise :class:`Stopped` when they come back."""
        self._stop.set()
        self._transport.close()

    def _ask(self, program: str, form: dict[str, str], read: Callable[[bytes], T]) -> T:
        attempt, began = 0, time.monotonic()
        while True:
            if self._stop.is_set():
                raise Stopped
            if self._given_up:
                raise Unanswered(self._given_up)
            attempt += 1
            try:
                answer = self._transport.post(program, {**self._about, **form})
                check_answer(answer, self.scrub)
                result = _read(answer.body, read)
            except TooLarge as fault:
                raise Oversized(f"{program}: {fault.reason}") from None
            except Fault as fault:
                self._outlast(program, attempt, time.monotonic() - began, fault)
            except Refused as refused:
                raise Refused(f"{program}: {refused}") from None
            else:
                self.reached, self._lost = True, 0
                if self.on_date and answer.date:
                    self.on_date(answer.date)
                return result

    def _outlast(self, program: str, attempt: int, taken: float, fault: Fault) -> None:
        """Waits before the next attempt; raises :class:`Unanswered` when there should be none."""
        reason = self.scrub(f"{program}: {fault.reason}")
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


def _read(body: bytes, read: Callable[[bytes], T]) -> T:
    """What an answer says. One that ``read`` did not reckon with is a fault of that answer, not the end of all work."""
    try:
        return read(body)
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError) as error:
        log.warning("an answer could not be read", exc_info=True)
        raise Fault(f"an answer that cannot be read ({type(error).__name__})") from error


def _fetched(body: bytes, pmids: Sequence[str]) -> Fetched:
    """An efetch answer. Raises :class:`Fault` when it holds far more records than were asked for."""
    fetched, asked = Fetched(), frozenset(pmids)
    articles = read_article_set(body)
    for seen, article in enumerate(articles, 1):
        if article.record.pmid in asked:
            fetched.received[article.record.pmid] = article
        if seen + len(articles.failures) + len(articles.deleted) > 2 * len(asked) + SPARE_RECORDS:
            raise Fault("far more records than were asked for")
    fetched.deleted, fetched.failures = asked & frozenset(articles.deleted), articles.failures[: len(asked)]
    return fetched
