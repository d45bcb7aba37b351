"""The row of the index of a record that is written as NLM writes most: read without parsing its XML, or not at all.

Four in five records have no markup or entity in what a row is made of, and their elements in NLM's order with NLM's
attributes. Where anything is otherwise, ``None`` is the answer, and the whole reading says what the row is.
"""

from __future__ import annotations

import re

from evidence.bibliography.normal import normal_doi
from evidence.exchange.pubmed.text import has_no_title, partial_date, plain_text, printed_date, year_of
from evidence.pubmed_index import IndexRow

_SIMPLE = rb"(?:<\w+>[^<&]*</\w+>\s*)*"
# From the start to the first author's name, as the DTD orders it.
_HEAD = re.compile(
    rb"<PubmedArticle>\s*<MedlineCitation\b[^>]*>\s*<PMID\b[^>]*>(\d+)</PMID>\s*"
    rb"(?:<DateCompleted>\s*"
    + _SIMPLE
    + rb"</DateCompleted>\s*)?(?:<DateRevised>\s*"
    + _SIMPLE
    + rb"</DateRevised>\s*)?"
    rb"<Article\b[^>]*>\s*<Journal>\s*(?:<ISSN\b[^>]*>[^<]*</ISSN>\s*)?"
    rb"<JournalIssue\b[^>]*>\s*(?:<Volume>([^<&]*)</Volume>\s*)?(?:<Issue>[^<]*</Issue>\s*)?"
    rb"<PubDate>\s*(" + _SIMPLE + rb")</PubDate>\s*</JournalIssue>\s*"
    rb"(?:<Title>([^<&]*)</Title>\s*)?(?:<ISOAbbreviation>([^<&]*)</ISOAbbreviation>\s*)?</Journal>\s*"
    rb"<ArticleTitle>([^<&]+)</ArticleTitle>\s*(?:<Pagination>\s*(" + _SIMPLE + rb")</Pagination>\s*)?"
    rb'((?:<ELocationID EIdType="(?:doi|pii)" ValidYN="[YN]">[^<&]*</ELocationID>\s*)*)'
    rb"(<Abstract>|<AuthorList|<Language>)"
)
_AUTHORS, _AUTHORS_END = b"<AuthorList", b"</AuthorList>"
_AUTHOR = re.compile(
    rb'<AuthorList(?: CompleteYN="[YN]")?>\s*<Author(?: ValidYN="Y")?(?: EqualContrib="[YN]")?>\s*'
    rb"<(LastName|CollectiveName)>([^<&]+)</\1>"
)
_FIELD = re.compile(rb"<(\w+)>([^<&]*)</")
_LOCATION = re.compile(rb'EIdType="(doi|pii)" ValidYN="([YN])">([^<]*)<')
_ELECTRONIC = re.compile(rb'<ArticleDate DateType="Electronic">\s*<Year>(\d{4})</Year>')
_JOURNAL = re.compile(
    rb"\s*<MedlineJournalInfo>\s*(?:<Country>[^<]*</Country>\s*)?<MedlineTA>([^<&]*)</MedlineTA>\s*"
    rb"<NlmUniqueID>([^<&]*)</NlmUniqueID>"
)
_OWN_DOI = re.compile(rb'<ArticleId IdType="doi">([^<]*)</ArticleId>')
# What is said of few records, and changes their rows.
_RARE = (b"<VernacularTitle", b"Retracted Publication", b"<ArticleDate>")


def plain_row(xml: bytes) -> IndexRow | None:
    """The row of one ``<PubmedArticle>``, ``None`` where it is not plain. Raises nothing."""
    head = _HEAD.match(xml)
    if head is None or b"\r" in xml or (b"!" in xml and b"<!" in xml):
        return None
    end = xml.find(b"</Article>", head.end())
    start = xml.find(_AUTHORS, head.start(9), end)
    author = _AUTHOR.match(xml, start) if start >= 0 else None
    late = xml[max(xml.rfind(_AUTHORS_END, head.end(), end), head.end()) : end]
    journal = _JOURNAL.match(xml, end + len(b"</Article>"))
    if end < 0 or (start >= 0) != (author is not None) or journal is None or any(mark in late for mark in _RARE):
        return None
    data = xml.find(b"<PubmedData>", journal.end())
    dates = _ELECTRONIC.findall(late)
    if data < 0 or len(dates) != late.count(b"<ArticleDate") or xml.find(b"RetractionIn", journal.end(), data) >= 0:
        return None
    pmid, volume, printed, full, iso, title, pages, locations, _ = head.groups(b"")
    try:
        return _row(xml, data, pmid, volume, printed, full, iso, title, pages, locations, author, dates, journal)
    except (UnicodeDecodeError, _NotPlain):
        return None


class _NotPlain(Exception):
    pass


def _row(
    xml: bytes, data: int, pmid: bytes, volume: bytes, printed: bytes, full: bytes, iso: bytes, title: bytes,
    pages: bytes, locations: bytes, author: re.Match[bytes] | None, dates: list[bytes], journal: re.Match[bytes],
) -> IndexRow:  # fmt: skip
    doi, electronic_id = _located(locations)
    electronic = partial_date(dates[-1].decode()) if dates else ""
    abbreviation, full_name = _text(journal[1]) or _text(iso), _text(full)
    heading, name = _text(title), _text(author[2]) if author else ""
    if has_no_title(heading) or (author and not name):
        raise _NotPlain
    return IndexRow(
        pmid=int(pmid),
        doi=doi or _own_doi(xml, data),
        title=heading,
        first_author=name,
        year=_year(printed) or year_of(electronic),
        journal_id=_text(journal[2]),
        journal=abbreviation or full_name,
        volume=_text(volume),
        first_page=_pages(pages) or electronic_id,
        electronic_year=year_of(electronic),
        journal_full=full_name,
    )


def _text(content: bytes) -> str:
    return plain_text(content.decode("utf-8"))


def _located(locations: bytes) -> tuple[str | None, str]:
    """The first DOI that is valid, and the last number of the publisher's."""
    doi, other = None, ""
    for kind, valid, content in _LOCATION.findall(locations):
        if kind == b"pii":
            other = _text(content)
        elif doi is None and valid == b"Y":
            doi = normal_doi(content.decode("utf-8"))
    return doi, other


def _own_doi(xml: bytes, data: int) -> str | None:
    """The DOI of the record's own list of ids, which stands before those of its references."""
    start = xml.find(b"<ArticleIdList>", data)
    if start < 0 or xml.find(b"<ReferenceList", data, start) >= 0:
        raise _NotPlain
    for content in _OWN_DOI.findall(xml, start, xml.find(b"</ArticleIdList>", start)):
        if b"&" in content:
            raise _NotPlain
        if doi := normal_doi(content.decode("utf-8").strip()):
            return doi
    return None


def _year(printed: bytes) -> int | None:
    """The year of a PubDate's children."""
    parts = dict(_FIELD.findall(printed))
    if b"MedlineDate" in parts:
        if len(parts) > 1:
            raise _NotPlain
        return year_of(printed_date(parts[b"MedlineDate"].decode("utf-8")))
    return year_of(partial_date(parts.get(b"Year", b"").decode("utf-8").strip()))


def _pages(content: bytes) -> str:
    parts = {tag: _text(value) for tag, value in _FIELD.findall(content)}
    ends = (parts.get(b"StartPage", ""), parts.get(b"EndPage", ""))
    return parts.get(b"MedlinePgn", "") or "-".join(part for part in ends if part)
