"""What the index knows of a record, and the terms it is found by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evidence.bibliography.normal import first_author_key, normal_doi, normal_pages, words
from evidence.packed import key_of
from evidence.record import Record

# A record that was retracted: NLM's publication type, and the link to the notice.
RETRACTED_TYPE, RETRACTED_BY = "Retracted Publication", frozenset({"RetractionIn"})
# Longest text of a field that is kept, in characters; the longest title of PubMed has some 2,500.
_LONGEST = 1000
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
# A record holds at most so many terms; a title of 1,000 characters has 200 words.
MOST_TERMS = 200
_WORD_KEYS: dict[str, int] = {}
_KEPT_WORDS = 500_000


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One record of PubMed as the index takes it. What the record does not say is ``""`` or ``None``.

    ``first_author``: a family name (``van Kleef``), or a group's name. ``year``: of the issue, as cited;
    ``electronic_year`` where it came online in another. ``journal_id``: NLM's id (``9804159``), ``journal`` its
    abbreviation, ``journal_full`` its name. ``volume`` as printed; ``first_page``: as printed, a range of pages is
    taken too. ``doi`` in any form. ``retracted``: PubMed says that the record was retracted.
    ``vernacular_title``: the title in the article's own language, where the record has it.
    """

    pmid: int
    doi: str | None = None
    title: str = ""
    first_author: str = ""
    year: int | None = None
    journal_id: str = ""
    journal: str = ""
    volume: str = ""
    first_page: str = ""
    retracted: bool = False
    vernacular_title: str = ""
    electronic_year: int | None = None
    journal_full: str = ""


def row_of(record: Record) -> IndexRow | None:
    """A parsed PubMed record as a row; ``None`` where it has no PMID."""
    if not record.pmid or not record.pmid.isdecimal():
        return None
    author = record.authors[0] if record.authors else None
    electronic = record.electronic_date[:4]
    return IndexRow(
        pmid=int(record.pmid),
        doi=record.doi,
        title=record.title,
        first_author=(author.family or author.collective) if author else "",
        year=record.year,
        journal_id=record.nlm_id,
        journal=record.journal_abbreviation or record.journal,
        volume=record.volume,
        first_page=record.pages or record.electronic_id,
        retracted=RETRACTED_TYPE in record.type_names() or any(c.ref_type in RETRACTED_BY for c in record.corrections),
        vernacular_title=record.vernacular_title,
        electronic_year=int(electronic) if electronic.isdecimal() else None,
        journal_full=record.journal,
    )


def clean(text: str | None) -> str:
    """A field as it is kept: one line, cut at :data:`_LONGEST` characters."""
    if not text:
        return ""
    return (text if text.isprintable() else _CONTROL.sub(" ", text))[:_LONGEST].strip()


def volume_number(volume: str) -> str:
    """As :attr:`evidence.references.types.CitedReport.volume_number`: lower case, plain dashes, no supplement."""
    if volume.isdecimal():
        return volume
    volume = re.sub(r"[\u2010-\u2015]", "-", volume.strip().lower())
    return re.sub(r"\s*\(?\bsuppl.*$", "", volume) or volume


def title_key(title_words: list[str]) -> str:
    """A whole title as one term."""
    return "title:" + "".join(title_words)


def doi_key(doi: str) -> str:
    """A normal DOI as a term."""
    return "doi:" + doi


def compounds(author: str, volume: str, page: str, year: int | None) -> Iterator[str]:
    """The compound terms of ``references.lookup`` (``v19p179``, ``deerp179``, ``deerv19``, ``deery2016``), and the year
    with the place (``y2016v19p179``): among millions, many records share a volume and a page."""
    if volume and page:
        yield f"v{volume}p{page}"
    if volume and page and year:
        yield f"y{year}v{volume}p{page}"
    if author and page:
        yield f"{author}p{page}"
    if author and volume:
        yield f"{author}v{volume}"
    if author and year:
        yield f"{author}y{year}"


def keys(row: IndexRow) -> list[int]:
    """The keys (64 bits) of all terms of a row, none twice: title words, whole titles, DOI, compounds."""
    found: dict[int, None] = {}
    for title in (row.title, row.vernacular_title):
        title_words = words(title) if title else []
        if title_words:
            found[key_of(title_key(title_words))] = None
            for word in title_words:
                found[word_key(word)] = None
    if doi := normal_doi(row.doi):
        found[key_of(doi_key(doi))] = None
    author = first_author_key(row.first_author) if row.first_author else ""
    page = normal_pages(row.first_page)[0] if row.first_page else ""
    for year in dict.fromkeys((row.year, row.electronic_year)):
        for term in compounds(author, volume_number(row.volume), page, year):
            found[key_of(term)] = None
    return list(found)[:MOST_TERMS]


def word_key(word: str) -> int:
    """The key of a title's word; kept, since a few thousand words are most of all titles."""
    key = _WORD_KEYS.get(word)
    if key is None:
        if len(_WORD_KEYS) >= _KEPT_WORDS:
            _WORD_KEYS.clear()
        key = _WORD_KEYS[word] = key_of(word)
    return key
