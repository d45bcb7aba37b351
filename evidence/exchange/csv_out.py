"""CSV with the columns that ``evidence dedupe`` and most reference managers know."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from evidence.exchange.text_out import (
    abstract_of,
    affiliations_of,
    cited_name,
    correction_source,
    correction_words,
    isbn_of,
    issn_numbers,
    link_of,
    mesh_terms,
    one_line,
)
from evidence.record import Record

COLUMNS = (
    "record_id", "title", "abstract", "authors", "year", "journal", "volume", "number", "pages", "doi", "pmid",
    "source",
    "pmcid", "publication_date", "issn", "language", "publication_type", "keywords", "mesh", "url",
    "isbn", "abbreviation", "vernacular_title", "electronic_date", "registrations", "grants", "corrections",
    "conflicts_of_interest", "affiliations",
)  # fmt: skip
# A cell that begins with one of these is a formula to a spreadsheet; an apostrophe before it makes it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t")


def write(records: Iterable[Record]) -> Iterator[str]:
    yield _line(COLUMNS)
    for record in records:
        yield _line([_safe(one_line(value)) for value in _cells(record)])


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _cells(record: Record) -> list[str]:
    return [
        record.source_id or record.id, record.title or record.vernacular_title, abstract_of(record), _authors(record),
        str(record.year or ""), record.journal, record.volume, record.issue, record.pages, record.doi or "",
        record.pmid or "", record.source, record.pmcid or "", record.publication_date,
        "; ".join(issn_numbers(record)),
        "; ".join(record.languages), "; ".join(name for _, name in record.publication_types),
        "; ".join(record.keywords), "; ".join(mesh_terms(record)), link_of(record),
        isbn_of(record), record.journal_abbreviation, record.vernacular_title if record.title else "",
        record.electronic_date, "; ".join("/".join(filter(None, pair)) for pair in record.databanks),
        "; ".join(record.grants),
        "; ".join(f"{correction_words(c.ref_type)}: {correction_source(c)}" for c in record.corrections),
        record.conflict_statement, "; ".join(affiliations_of(record)),
    ]  # fmt: skip


def _authors(record: Record) -> str:
    """``Deer TR and Mekhail N``; semicolons where a group's own name has an "and"."""
    names = [cited_name(author) for author in record.authors]
    return ("; " if any(" and " in name for name in names) else " and ").join(names)
