"""MEDLINE text (.nbib): the tags, widths and continuation lines of PubMed's own."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from evidence.bibliography.dates import SHORT_MONTHS
from evidence.exchange.nbib import CORRECTIONS
from evidence.exchange.text_out import (
    abstract_of,
    cited_name,
    correction_source,
    correction_words,
    isbn_of,
    issns_of,
    mesh_terms,
    one_line,
    printed_abstract,
)
from evidence.record import Correction, Record

_WIDTH = 88
_TAG_OF = {kind: tag for tag, kind in CORRECTIONS.items()}
_UNKNOWN_ISSN = "Undetermined"  # NLM's word for an ISSN of which nobody said whether it is the print's


def write(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        yield "".join(_field(tag, value) for tag, value in _tags(record) if value) + "\n"


def _field(tag: str, value: str) -> str:
    lines = textwrap.wrap(one_line(value), _WIDTH - 6, break_long_words=False, break_on_hyphens=False)
    return f"{tag:<4}- " + "\n      ".join(lines) + "\n"


def _tags(record: Record) -> Iterator[tuple[str, str]]:
    yield "PMID", record.pmid or ""
    yield "STAT", record.status
    yield "DCOM", record.date_completed.replace("-", "")
    yield "LR", record.date_revised.replace("-", "")
    for number, kind in issns_of(record):
        yield "IS", f"{number} ({kind or _UNKNOWN_ISSN})"
    yield "ISBN", isbn_of(record)
    yield "VI", record.volume
    yield "IP", record.issue
    yield "DP", _printed(record)
    yield "TI", record.title
    yield "PG", record.pages
    yield "LID", f"{record.electronic_id} [pii]" if record.electronic_id else ""
    yield "LID", f"{record.doi} [doi]" if record.doi else ""
    yield "AB", abstract_of(record)
    yield from _authors(record)
    for language in record.languages:
        yield "LA", language
    for bank, number in record.databanks:
        yield "SI", f"{bank}/{number}" if bank else number
    for grant in record.grants:
        yield "GR", grant
    for _, name in record.publication_types:
        yield "PT", name
    yield "DEP", record.electronic_date.replace("-", "")
    yield "TT", record.vernacular_title
    yield "TA", record.journal_abbreviation
    yield "BTI", record.journal if record.kind == "book" else ""
    yield "JT", record.journal
    yield "JID", record.nlm_id
    for correction in record.corrections:
        yield from _correction(correction)
    for heading in mesh_terms(record):
        yield "MH", heading
    for _, language, sections in record.other_abstracts:
        yield "OAB", printed_abstract(sections)
        yield "OABL", language
    for word in record.keywords:
        yield "OT", word
    yield "COIS", record.conflict_statement
    for event, date in record.history:
        yield "PHST", f"{date.replace('-', '/')} [{event}]" if date else ""
    yield "AID", f"{record.electronic_id} [pii]" if record.electronic_id else ""
    yield "AID", f"{record.doi} [doi]" if record.doi else ""
    yield "PMC", record.pmcid or ""
    yield "SO", _source(record)


def _authors(record: Record) -> Iterator[tuple[str, str]]:
    for author in record.authors:
        if author.collective:
            yield "CN", author.collective
        else:
            given = " ".join(part for part in (author.given or author.initials, author.suffix) if part)
            yield "FAU", ", ".join(part for part in (author.family, given) if part)
            yield "AU", cited_name(author)
        yield "AUID", f"ORCID: {author.orcid}" if author.orcid else ""
        for affiliation in author.affiliations:
            yield "AD", affiliation


def _correction(correction: Correction) -> Iterator[tuple[str, str]]:
    """A tag of its own where MEDLINE has one; the others in words, as a general note."""
    tag, source = _TAG_OF.get(correction.ref_type), correction_source(correction)
    yield (tag, source) if tag else ("GN", f"{correction_words(correction.ref_type)}: {source}")


def _source(record: Record) -> str:
    """``Pain Stud. 2019 Jul;17(3):152-60. doi: 10.5555/ps.2019.0012``, as PubMed sums up where a record stands."""
    journal = record.journal_abbreviation or record.journal
    if not journal:
        return ""
    issue = f"({record.issue})" if record.issue else ""
    place = f"{record.volume}{issue}" + (f":{record.pages}" if record.pages else "")
    when = _printed(record) + (f";{place}" if place else "")
    parts = [journal, when, f"doi: {record.doi}" if record.doi else ""]
    return ". ".join(part for part in parts if part) + "."


def _printed(record: Record) -> str:
    """``2014-07-03`` → ``2014 Jul 3``."""
    year, *rest = (record.publication_date or str(record.year or "")).split("-")
    month = SHORT_MONTHS[int(rest[0]) - 1] if rest else ""
    return " ".join(part for part in (year, month, str(int(rest[1])) if len(rest) > 1 else "") if part)
