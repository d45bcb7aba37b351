"""What a record has lost against an earlier version of it, though PubMed does not say that it was revised.

An answer on a bad day lacks abstracts, headings or authors that the records have. A revision that takes something away
carries a later DateRevised (as withdrawn records do), or a higher version of its PMID; one without is to be doubted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from evidence.exchange.pubmed.element import element_of
from evidence.exchange.pubmed.text import Element

# (how it is called to a person, where it stands). A part is poorer when it lacks items and has no other instead.
_LISTS: tuple[tuple[str, str], ...] = (
    ("abstract", ".//Abstract/AbstractText"),
    ("labels of the abstract", ".//Abstract/AbstractText/@Label"),
    ("abstract in another language", ".//OtherAbstract/AbstractText"),
    ("title in the original language", ".//VernacularTitle"),
    ("authors", ".//AuthorList/Author/*[self::LastName or self::CollectiveName]"),
    ("affiliations", ".//AuthorList/Author/AffiliationInfo/Affiliation"),
    ("author identifiers", ".//AuthorList/Author/Identifier"),
    ("investigators", ".//InvestigatorList/Investigator/*[self::LastName or self::CollectiveName]"),
    ("MeSH headings", ".//MeshHeading/DescriptorName"),
    ("MeSH qualifiers", ".//MeshHeading/QualifierName"),
    ("supplementary concepts", ".//SupplMeshName"),
    ("substances", ".//Chemical/NameOfSubstance"),
    ("keywords", ".//KeywordList/Keyword"),
    ("publication types", ".//PublicationType"),
    ("identifiers", ".//ArticleIdList[not(ancestor::ReferenceList)]/ArticleId"),
    ("identifiers", ".//ELocationID"),
    ("registrations and data sets", ".//DataBank/AccessionNumberList/AccessionNumber"),
    ("corrections and comments", ".//CommentsCorrections"),
    ("references", ".//ReferenceList/Reference"),
    ("grants", ".//GrantList/Grant"),
    ("journal", ".//Journal/*[self::Title or self::ISOAbbreviation or self::ISSN]"),
    ("place and date of publication", ".//JournalIssue/Volume|.//JournalIssue/Issue|.//PubDate/*"),
    ("pages", ".//Pagination/MedlinePgn"),
    ("languages", ".//Language"),
)
# Running text: poorer when it lost a share of its words and has no new one. A few words less are an edit.
_TEXTS: tuple[tuple[str, str], ...] = (
    ("title", ".//ArticleTitle|.//BookTitle"),
    ("abstract", ".//Abstract/AbstractText"),
    ("abstract in another language", ".//OtherAbstract/AbstractText"),
    ("conflict of interest statement", ".//CoiStatement"),
)
_SHARE_OF_WORDS = 0.1
_WORD = re.compile(r"\w+")
_VERSION = re.compile(rb"<PMID\s[^>]*\bVersion\s*=\s*[\"'](\d{1,6})[\"']")
_DATE_REVISED = re.compile(rb"<DateRevised\b.*?</DateRevised>", re.S)
_DATE_PART = re.compile(rb"<(Year|Month|Day)>\s*(\d{1,4})\s*<")
_FINDERS = {path: etree.XPath(path) for _, path in (*_LISTS, *_TEXTS)}


def revision(xml: bytes) -> str:
    """Version of the PMID, and DateRevised, as one text that sorts: ``000001 2026-03-05``; zeros if not given."""
    version, date = _VERSION.search(xml), _DATE_REVISED.search(xml)
    parts = {name: int(number) for name, number in _DATE_PART.findall(date.group() if date else b"")}
    year, month, day = (parts.get(name, 0) for name in (b"Year", b"Month", b"Day"))
    return f"{int(version.group(1)) if version else 0:06} {year:04}-{month:02}-{day:02}"


def losses(before: bytes, after: bytes, seen: str = "") -> tuple[str, ...]:
    """What ``after`` lacks of what ``before`` had, in words: ``("abstract", "MeSH headings")``.

    Both are the XML of one record. ``()`` when nothing is lost, or when ``after`` says that it is a later revision than
    ``before``, and than the one ``seen`` since with the content of ``before`` (NLM touches DateRevised alone, too).
    Raises ``ValueError`` when one cannot be read.
    """
    if revision(after) > max(revision(before), seen):
        return ()
    old, new = element_of(before), element_of(after)
    lost = [name for name, path in _LISTS if _items(new, path) < _items(old, path)]
    lost += [name for name, path in _TEXTS if _shortened(_words(old, path), _words(new, path))]
    return tuple(dict.fromkeys(lost))


def _items(record: Element, path: str) -> Counter[str]:
    found: list[Any] = _FINDERS[path](record)  # type: ignore[assignment]  # these paths lead to elements and attributes
    return Counter(text for part in found if (text := _text(part)))


def _words(record: Element, path: str) -> Counter[str]:
    return Counter(word for text in _items(record, path).elements() for word in _WORD.findall(text))


def _shortened(old: Counter[str], new: Counter[str]) -> bool:
    return new < old and new.total() <= (1 - _SHARE_OF_WORDS) * old.total()


def _text(found: Element | str) -> str:
    return " ".join(found.split() if isinstance(found, str) else _pieces(found))


def _pieces(element: Element) -> Iterator[str]:
    """An element's text, and the attributes that make two of a kind different things (a DOI and a PII)."""
    for name in ("IdType", "EIdType", "RefType"):
        if value := element.get(name):
            yield value
    for text in element.itertext():
        yield from text.split()
