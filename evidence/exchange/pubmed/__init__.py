"""PubMed XML to :class:`~evidence.record.Record`, one record at a time, with the bytes it came in.

    articles = read_article_set(stream)
    for received in articles:
        received.record, received.xml, received.content_hash
    articles.deleted, articles.failures        # complete once the loop has ended

The answer is cut into records by a scanner over its bytes (``stream``), each cut is read by lxml on its
own (``article``, ``book``): the exact bytes are at hand for the archive, memory is one record whatever
the size of the answer, and no cut can hold a DOCTYPE, so there are no entities to expand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from evidence.exchange.pubmed.article import article_record
from evidence.exchange.pubmed.book import book_record
from evidence.exchange.pubmed.content import content_hash, same_content
from evidence.exchange.pubmed.element import element_of
from evidence.exchange.pubmed.losses import losses, revision
from evidence.exchange.pubmed.stream import AnswerError, TruncatedAnswer, cut_answer, shown
from evidence.exchange.pubmed.text import Element
from evidence.record import Record

__all__ = [
    "AnswerError",
    "ArticleSet",
    "Failure",
    "Received",
    "TruncatedAnswer",
    "content_hash",
    "legible_pmids",
    "losses",
    "parse_record",
    "read_article_set",
    "revision",
    "same_content",
]

_READERS = {"PubmedArticle": article_record, "PubmedBookArticle": book_record}
_PMID = re.compile(rb"<PMID[^>]*>\s*(\d{1,9})\b")
# Of one answer or file. PubMed's own files of 30,000 records delete some hundreds at most.
MOST_FAILURES, MOST_DELETED = 10_000, 100_000


@dataclass(slots=True)
class Received:
    """A record, the exact bytes of its element, and the hash that says whether it was revised."""

    record: Record
    xml: bytes
    content_hash: str


@dataclass(slots=True)
class Failure:
    """A record of the answer that could not be read: its PMID when one was legible, and why."""

    pmid: str | None
    reason: str


@dataclass(slots=True)
class ArticleSet:
    """One efetch answer. Iterate once; ``deleted`` (PMIDs) and ``failures`` are complete after that."""

    source: bytes | BinaryIO
    references: bool = True
    deleted: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def __iter__(self) -> Iterator[Received]:
        for name, xml in cut_answer(self.source):
            if name in _READERS:
                try:
                    yield _receive(xml, self.references)
                except ValueError as error:
                    self.failures.append(Failure(_legible_pmid(xml), str(error)))
            elif not name:
                self.failures.append(Failure(None, f"between two article sets stands what is no record: {shown(xml)}"))
            else:
                self.deleted += legible_pmids(xml)
            if len(self.failures) > MOST_FAILURES or len(self.deleted) >= MOST_DELETED:
                raise AnswerError("the answer holds thousands of records that cannot be read, or are deleted")


def read_article_set(source: bytes | BinaryIO, references: bool = True) -> ArticleSet:
    """The records of a ``PubmedArticleSet``, as they come. ``source`` is bytes or a binary stream.

    Iterating raises :class:`AnswerError` when the answer is not a PubmedArticleSet, carries an ``<ERROR>`` or
    declares entities, or is mostly unreadable, and :class:`TruncatedAnswer` when it ends before its root does; every
    record yielded until then was whole. ``references=False`` leaves ReferenceList unread (cheaper).
    """
    return ArticleSet(source, references)


def parse_record(xml: bytes, references: bool = True) -> Record:
    """The record of one ``<PubmedArticle>`` or ``<PubmedBookArticle>`` element. Raises ``ValueError``."""
    element = element_of(xml)
    return _READERS[_known(element)](element, references)


def _receive(xml: bytes, references: bool) -> Received:
    element = element_of(xml)
    record = _READERS[_known(element)](element, references)
    return Received(record, xml, content_hash(xml))


def _known(element: Element) -> str:
    name = str(element.tag)
    if name not in _READERS:
        raise ValueError(f"<{name}> is neither a PubmedArticle nor a PubmedBookArticle")
    return name


def legible_pmids(xml: bytes) -> list[str]:
    """The PMIDs of an element in their order (a record's own comes first), at most :data:`MOST_DELETED`."""
    return [found.group(1).decode() for found in islice(_PMID.finditer(xml), MOST_DELETED)]


def _legible_pmid(xml: bytes) -> str | None:
    found = _PMID.search(xml)
    return found.group(1).decode() if found else None
