"""RIS as Zotero, EndNote, Mendeley and JabRef read it. The PMID stands in AN with DB PubMed and in a note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evidence.exchange.names import printed_group
from evidence.exchange.ris import ORIGINAL_TITLE
from evidence.exchange.text_out import (
    abstract_of,
    affiliations_of,
    first_and_last_page,
    form_of,
    inverted,
    isbn_of,
    issn_numbers,
    link_of,
    mesh_terms,
    notes_of,
    one_line,
    types_of,
)
from evidence.record import Record


def write(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        lines = [f"{tag}  - {text}" for tag, value in _tags(record) if (text := one_line(value))]
        yield "\r\n".join([*lines, "ER  - ", "", ""])


def _tags(record: Record) -> Iterator[tuple[str, str]]:
    start, end = first_and_last_page(record.pages)
    yield "TY", form_of(record).ris
    for author in record.authors:
        yield "AU", printed_group(inverted(author)) if author.collective else inverted(author)
    yield "PY", str(record.year or "")
    yield "DA", _date(record.publication_date)
    yield "TI", record.title or record.vernacular_title
    yield "T2", record.journal or record.journal_abbreviation
    yield "J2", record.journal_abbreviation
    yield "VL", record.volume
    yield "IS", record.issue
    yield "SP", start
    yield "EP", end
    yield "SN", isbn_of(record) or " ".join(issn_numbers(record))
    yield "DO", record.doi or ""
    yield "AN", record.pmid or record.source_id
    yield "DB", "PubMed" if record.pmid else record.source
    yield "C2", record.pmcid or ""
    yield "LA", "; ".join(record.languages)  # one line: readers keep the first or the last of several
    yield "M3", "; ".join(types_of(record))
    yield "AB", abstract_of(record)
    for word in (*record.keywords, *mesh_terms(record)):
        yield "KW", word
    yield "AD", "; ".join(affiliations_of(record))
    yield "N1", f"PMID: {record.pmid}" if record.pmid else ""
    if record.title and record.vernacular_title:
        yield "N1", f"{ORIGINAL_TITLE}{record.vernacular_title}"  # not TT, which some readers take for the title
    for note in notes_of(record):
        yield "N1", note
    yield "UR", link_of(record)


def _date(date: str) -> str:
    """``2014-07`` → ``2014/07//``, as the specification wants it."""
    return "/".join([*date.split("-"), "", ""][:3]) + "/" if date else ""
