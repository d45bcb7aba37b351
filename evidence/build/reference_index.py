"""Fills ``reference_fts``: the terms that printed references are looked up by, one row a report."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from evidence.build.schema import REFERENCE_TABLE, REFERENCE_VOCABULARY
from evidence.claims.references.lookup import index_text
from evidence.claims.references.types import CitedReport

CITED_REPORT_COLUMNS = """
    reports.id, reports.pmid, reports.doi, reports.pmcid, reports.title, reports.vernacular_title, reports.first_author,
    (SELECT group_concat(coalesce(family, name), char(31)) FROM
        (SELECT family, name FROM authors WHERE report = reports.id ORDER BY position)),
    reports.journal, reports.journal_full, reports.year, reports.electronic_date, reports.volume, reports.issue, reports.pages"""


def cited_report(row: Sequence[Any]) -> CitedReport:
    """A row of :data:`CITED_REPORT_COLUMNS` as the shape that references are compared with."""
    (
        report,
        pmid,
        doi,
        pmcid,
        title,
        vernacular,
        first,
        families,
        journal,
        full,
        year,
        electronic,
        volume,
        issue,
        pages,
    ) = row
    authors = tuple(name for name in (families or "").split("\x1f") if name)
    return CitedReport(
        id=report,
        pmid=pmid,
        doi=doi,
        pmcid=pmcid,
        title=title or "",
        vernacular_title=vernacular or "",
        first_author=authors[0] if authors else first or "",
        authors=authors,
        journal=journal or "",
        journal_full=full or "",
        year=int(year) if year else None,
        electronic_year=int(electronic[:4]) if electronic and electronic[:4].isdigit() else None,
        volume=str(volume or ""),
        issue=str(issue or ""),
        pages=str(pages or ""),
    )


def build_reference_index(db: sqlite3.Connection) -> None:
    """Create and fill the index from ``reports`` and ``authors``, after their rows are in."""
    db.execute(REFERENCE_TABLE)
    db.execute(REFERENCE_VOCABULARY)
    rows = db.execute(f"SELECT reports.rowid, {CITED_REPORT_COLUMNS} FROM reports ORDER BY reports.rowid")
    db.executemany(
        "INSERT INTO reference_fts(rowid, text) VALUES (?, ?)",
        ((row[0], index_text(cited_report(row[1:]))) for row in rows),
    )
    db.execute("INSERT INTO reference_fts(reference_fts) VALUES ('optimize')")
