"""CSV with the columns that ``evidence dedupe`` and most reference managers know."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from evidence.exchange.names import printed_group
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
from evidence.record import Author, Record

COLUMNS = (
    "record_id", "title", "abstract", "authors", "year", "journal", "volume", "number", "pages", "doi", "pmid",
    "source",
    "pmcid", "publication_date", "issn", "language", "publication_type", "keywords", "mesh", "url",
    "isbn", "abbreviation", "vernacular_title", "electronic_date", "registrations", "grants", "corrections",
    "conflicts_of_interest", "affiliations",
)  # fmt: skip
# A cell that begins with one of these is a formula to a spreadsheet; an apostrophe before it makes it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t")


_PARTS = re.compile(r"\s(?:and|&)\s")  # parts the names of a list


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
    """``Deer TR and Mekhail N``; semicolons where a group's own name has an "and", two bars where it has one of these.

    A group's name that would be taken apart ends with a comma, as EndNote's do.
    """
    names = [_name(author) for author in record.authors]
    if any(";" in name for name in names) or (len(names) == 1 and names[0].endswith(",")):
        return "||".join([*names, ""])
    return ("; " if any(name.endswith(",") for name in names) else " and ").join(names)


def _name(author: Author) -> str:
    name = cited_name(author)
    if not author.collective:
        return name
    return f"{name}," if "," in name or ";" in name or _PARTS.search(name) else printed_group(name)
