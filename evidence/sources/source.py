"""What a source beside PubMed is to the rest: how it is asked, what an answer holds, which notices that reports.

A *subject* is what is asked about, by one identifier: ``doi:10.1000/x``, ``pmid:123`` or, of a registry,
``nct:NCT01234567``. An answer may be about many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from evidence.http import Answer, Client, Fault, NotFound, Request, Service, check_answer

Item = Mapping[str, Any]
_LONGEST_URL = 500


@dataclass(frozen=True, slots=True)
class Reported:
    """A notice on ``subject`` as a source reports it. ``kind`` is one of ``relate.kinds.NOTICES``.

    ``source`` is who says so (``crossref``, ``retraction_watch``, ``europepmc``); ``date`` is as precise as it is
    known; ``text`` is what the source calls it, or its citation. ``also``: other identifiers of the subject that the
    source gives; where they lead to different reports, ``title``, the subject's as the source has it, decides.
    """

    subject: str
    kind: str
    source: str
    date: str | None = None
    doi: str | None = None
    pmid: str | None = None
    text: str = ""
    also: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of ``subject`` that anybody may read.

    ``terms``: ``open`` where the source says that its licence allows reuse, ``free`` where it may be read. ``licence``
    as the source writes it; ``version``: published, accepted or submitted, where it says so; ``site``: where it is.
    """

    subject: str
    url: str
    terms: str
    licence: str = ""
    version: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """``preprint`` is the preprint of ``article``, both subjects; one may be a name of the source's own.

    ``guessed``: found by likeness of titles and names, not deposited by anybody; ``note``: how, in the source's words.
    """

    preprint: str
    article: str
    guessed: bool = False
    note: str = ""


def readable(url: object) -> str | None:
    """A web address as a source gives it, ``None`` when it is none or too long for one."""
    text = str(url or "").strip()
    parts = urlsplit(text) if len(text) <= _LONGEST_URL and text.isprintable() and " " not in text else None
    return text if parts and parts.scheme in ("http", "https") and "." in parts.netloc else None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a registry's search: the numbers on it, how many there are in all (first page), the next page."""

    numbers: list[str]
    total: int | None
    token: str


@dataclass(frozen=True, slots=True)
class Registry:
    """How a registry of trials is asked: not by DOI or PMID, but by its own numbers and by searches.

    ``subjects``: ``(registry, number)`` as records give them → what is asked about; ``search``: the request for a page
    of a search, given the token of the page before; ``read_page``: that page (raises ``Fault``).
    """

    subjects: Callable[[Iterable[tuple[str, str]]], Iterator[str]]
    search: Callable[[str, str], Request]
    read_page: Callable[[bytes], Page]


@dataclass(frozen=True, slots=True)
class Source:
    """One source. All but ``service`` are pure.

    ``subject``: the identifier by which it is asked, of those that a report has, or ``None``; ``batches``: subjects
    that go into one request each; ``request``: that request; ``absent``: how the body of a 404 begins that means that
    the one subject asked about is not there (any other 404 is a fault); ``read``: subject → its item in an answer's
    bytes (raises ``Fault`` when it is no answer, ``asked`` being all that it may be about); ``follow``: subjects that
    must be asked about too, to know what an item means; ``reported``: notices in an item, given the items of all
    other subjects.
    """

    name: str
    label: str
    service: Service
    subject: Callable[[Iterable[str], str | None], str | None]
    batches: Callable[[Sequence[str]], Iterator[list[str]]]
    request: Callable[[Sequence[str]], Request]
    read: Callable[[bytes, Sequence[str]], dict[str, Item]]
    reported: Callable[[str, Item, Mapping[str, Item]], Iterable[Reported]]
    absent: bytes | None = None
    follow: Callable[[str, Item], Iterable[str]] | None = None
    # What the answer's headers say of the pace.
    heed: Callable[[Client, Answer], None] = lambda client, answer: None
    # Where it is a registry of trials: it has no notices, and is asked by number.
    registry: Registry | None = None
    # Where it is asked by the project's own codes instead of by reports: codes → what is asked about.
    codes: Callable[[Iterable[str]], Iterator[str]] | None = None
    # Copies of a subject that anybody may read, and which of two is the other's preprint.
    copies: Callable[[str, Item], Iterable[Copy]] = lambda subject, item: ()
    versions: Callable[[str, Item], Iterable[Version]] = lambda subject, item: ()
    # Whether it tells of notices; one that does not is asked about every report monthly.
    notices: bool = True
    # Whether what its lists pass over is not there: such subjects are asked about once more, together.
    passes_over: bool = False

    def subjects(self, doi: str | None, pmid: str | None, numbers: Iterable[tuple[str, str]]) -> Iterator[str]:
        """What to ask about a record with these identifiers and trial numbers."""
        if self.registry:
            yield from self.registry.subjects(numbers)
        elif one := self.subject([doi] if doi else [], pmid):
            yield one

    def client(self, email: str, **options: Any) -> Client:
        """A client that says who asks. Raises :class:`UsageError` for an address that is none."""
        service = self.service.at()
        agent = f"evidence-tracker (mailto:{email})" if email else "evidence-tracker"
        return Client(service.asking(agent, (email,)), self._check, **options)

    def _check(self, answer: Answer, scrub: Callable[[str], str]) -> None:
        try:
            check_answer(answer, scrub)
        except NotFound:
            if self.absent is None or not answer.body.lstrip()[:100].startswith(self.absent):
                raise Fault("HTTP 404 that is not the service's own") from None
            raise


def cut(subjects: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(subjects), size):
        yield list(subjects[start : start + size])
