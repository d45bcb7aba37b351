"""E-utilities: search, fetch, summaries and citation matching, each answer checked, each fault outlasted.

https://www.ncbi.nlm.nih.gov/books/NBK25499/ and, where it differs, what was measured.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TypeVar

from evidence.errors import UsageError
from evidence.exchange.pubmed import AnswerError, Failure, Received, read_article_set
from evidence.http.answer import Fault, Refused
from evidence.http.bounded import Timeouts, timeouts
from evidence.http.client import Client, Oversized, Patience, Unanswered, patience
from evidence.http.pacing import Pacer, Stopped
from evidence.http.service import Request, Service
from evidence.project import NcbiIdentity
from evidence.pubmed import answers
from evidence.pubmed.answers import Citation, SearchResult
from evidence.pubmed.checks import KeyRefused, check_answer
from evidence.scrub import KeyInRecords

__all__ = [
    "Citation", "Eutils", "Fetched", "KeyRefused", "Oversized", "Patience", "Refused", "SearchResult", "Stopped",
    "Unanswered", "connect",
]  # fmt: skip

# A search answers with at most this many ids (the manual says 10,000).
MOST_IDS = 9_999
CONNECTIONS, CONNECTIONS_WITH_KEY = 8, 16
PER_SECOND, PER_SECOND_WITH_KEY = 3, 10
# What efetch says, with status 400 or 200, when PubMed has none of the ids.
NO_SUCH_IDS = re.compile(rb"ID list is empty|no correct IDs", re.I)
# An answer may bring some records that were not asked for (a merged one), not thousands.
SPARE_RECORDS = 100
T = TypeVar("T")


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
    if not identity.email and not service(identity).loopback:
        raise UsageError("NCBI asks who is fetching: export NCBI_EMAIL=you@example.org, then run the command again")
    return Eutils(identity, limits=timeouts(), patience=patience())


def service(identity: NcbiIdentity) -> Service:
    """E-utilities as a service; requests with a key are counted apart by NCBI, and here."""
    key = bool(identity.api_key)
    return Service(
        "PubMed",
        identity.base_url,
        "EVIDENCE_EUTILS_URL",
        per_second=PER_SECOND_WITH_KEY if key else PER_SECOND,
        connections=CONNECTIONS_WITH_KEY if key else CONNECTIONS,
        secrets=(identity.api_key, identity.email),
    )


class Eutils(Client):
    """The client. Everything travels in POST bodies, so that neither e-mail nor API key can reach a proxy's log."""

    def __init__(
        self,
        identity: NcbiIdentity,
        limits: Timeouts | None = None,
        patience: Patience | None = None,
        pacer: Pacer | None = None,
    ):
        super().__init__(service(identity), check_answer, limits, patience, pacer)
        self._repeats_key = KeyInRecords(identity.api_key)
        about = {"db": "pubmed", "tool": identity.tool, "email": identity.email, "api_key": identity.api_key}
        self._about = {key: value for key, value in about.items() if value}

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

    def _ask(self, program: str, form: dict[str, str], read: Callable[[bytes], T]) -> T:
        request = Request(program, form={**self._about, **form})
        return self.ask(request, lambda answer: read(answer.body))


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
