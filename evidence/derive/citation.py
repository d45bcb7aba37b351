"""How a report is cited on a page: authors, journal line, dates."""

from __future__ import annotations

from collections.abc import Iterable

from evidence.record import Author, Record

# ICMJE: the first six authors, then "et al".
CITED_AUTHORS = 6


def author_list(authors: Iterable[Author]) -> str:
    """All authors: ``Deer TR, Mekhail N, Provenzano D``."""
    return ", ".join(author.name for author in authors if author.name)


def journal_line(record: Record) -> str:
    """``Neuromodulation. 2016;19(2):179-87. doi: 10.1111/ner.12378``, as far as it is known."""
    journal = record.journal_abbreviation or record.journal
    issue = f"({record.issue})" if record.issue else ""
    place = f"{record.volume}{issue}" + (f":{record.pages}" if record.pages else "")
    date = str(record.year or "")
    where = f"{date};{place}" if place and date else date or place
    parts = [part for part in (journal, where) if part]
    if record.doi:
        parts.append(f"doi: {record.doi}")
    return ". ".join(parts)


def citation(record: Record) -> str:
    """The report as a reference list prints it (ICMJE/Vancouver)."""
    names = [author.name for author in record.authors if author.name]
    shown = ", ".join(names[:CITED_AUTHORS]) + (", et al" if len(names) > CITED_AUTHORS else "")
    title = record.title.rstrip()
    if title and title[-1] not in ".?!":
        title += "."
    return " ".join(part for part in (f"{shown}." if shown else "", title, journal_line(record)) if part)
