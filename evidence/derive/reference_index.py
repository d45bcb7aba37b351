"""Fills ``reference_fts``: the terms that printed references are looked up by, one row a report."""

from __future__ import annotations

import sqlite3

from evidence.derive.schema import REFERENCE_TABLE, REFERENCE_VIEW, REFERENCE_VOCABULARY
from evidence.derive.search_index import begin_filling, end_filling
from evidence.references.lookup import index_text
from evidence.references.types import cited_report


def build_reference_index(db: sqlite3.Connection) -> None:
    """Create and fill the index from ``reports`` and ``authors``, after their rows are in."""
    for statement in (REFERENCE_VIEW, REFERENCE_TABLE, REFERENCE_VOCABULARY):
        db.execute(statement)
    begin_filling(db, "reference_fts")
    rows = db.execute("SELECT * FROM cited_reports ORDER BY position")
    columns = [column[0] for column in rows.description]
    named = (dict(zip(columns, row, strict=True)) for row in rows)
    db.executemany(
        "INSERT INTO reference_fts(rowid, text) VALUES (?, ?)",
        ((row["position"], index_text(cited_report(row))) for row in named),
    )
    end_filling(db, "reference_fts")
