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

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml import etree

from evidence.pubmed.parse.article import article_record
from evidence.pubmed.parse.book import book_record
from evidence.pubmed.parse.stream import AnswerError, TruncatedAnswer, cut_answer
from evidence.pubmed.parse.text import Element
from evidence.record import Record

__all__ = [
    "AnswerError",
    "ArticleSet",
    "Failure",
    "Received",
    "TruncatedAnswer",
    "content_hash",
    "parse_record",
    "read_article_set",
]

_READERS = {"PubmedArticle": article_record, "PubmedBookArticle": book_record}
_STRAY_LESS_THAN = re.compile(rb"<(?![A-Za-z_/!?])")
_BETWEEN_ELEMENTS = re.compile(rb">\s+<")
_PMID = re.compile(rb"<PMID[^>]*>\s*(\d+)")


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
            else:
                self.deleted += [pmid.decode() for pmid in _PMID.findall(xml)]


def read_article_set(source: bytes | BinaryIO, references: bool = True) -> ArticleSet:
    """The records of a ``PubmedArticleSet``, as they come. ``source`` is bytes or a binary stream.

    Iterating raises :class:`AnswerError` when the answer is not a PubmedArticleSet, carries an ``<ERROR>`` or
    declares entities, and :class:`TruncatedAnswer` when it ends before its root does; every record yielded
    until then was whole. ``references=False`` leaves ReferenceList unread (cheaper).
    """
    return ArticleSet(source, references)


def parse_record(xml: bytes, references: bool = True) -> Record:
    """The record of one ``<PubmedArticle>`` or ``<PubmedBookArticle>`` element. Raises ``ValueError``."""
    element = _element(xml)
    return _READERS[_known(element)](element, references)


def content_hash(element: Element) -> str:
    """A hash of everything an element says but DateRevised.

    NLM touches DateRevised in maintenance that changes nothing else, and such a record is not a revision;
    all else is, down to the elements that ``Record`` has no place for. Canonical XML makes it independent
    of how characters and attributes were written; blanks between elements do not count.
    """
    for revised in element.findall("MedlineCitation/DateRevised") + element.findall("BookDocument/DateRevised"):
        parent = revised.getparent()
        if parent is not None:
            parent.remove(revised)
    canonical = etree.tostring(element, method="c14n")
    if b">\n" in canonical or b"> " in canonical:
        canonical = _BETWEEN_ELEMENTS.sub(b"><", canonical)
    return hashlib.blake2b(canonical, digest_size=16).hexdigest()


def _receive(xml: bytes, references: bool) -> Received:
    element = _element(xml)
    record = _READERS[_known(element)](element, references)
    return Received(record, xml, content_hash(element))


def _known(element: Element) -> str:
    name = str(element.tag)
    if name not in _READERS:
        raise ValueError(f"<{name}> is neither a PubmedArticle nor a PubmedBookArticle")
    return name


def _element(xml: bytes) -> Element:
    try:
        return etree.fromstring(xml, _parser())
    except etree.XMLSyntaxError as error:
        repaired = _STRAY_LESS_THAN.sub(b"&lt;", xml)
        if repaired != xml:
            return _element(repaired)
        raise ValueError(f"not well-formed XML: {error.msg}") from error


def _parser() -> etree.XMLParser:
    """A parser that loads, fetches and expands nothing, and refuses what is nested or written without end."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )


def _legible_pmid(xml: bytes) -> str | None:
    found = _PMID.search(xml)
    return found.group(1).decode() if found else None
