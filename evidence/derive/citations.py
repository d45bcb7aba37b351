"""Which reports of the library cite which, by PubMed's reference lists and iCite, and how often PubMed's papers do."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from evidence.derive.elsewhere import last_items
from evidence.derive.reference_rows import CITED_NUMBERS
from evidence.sources import icite
from evidence.tracker import Tracker

# What reports cite, by number, until it is known which of them the library holds.
SCRATCH = f"CREATE TEMP TABLE {CITED_NUMBERS} (citing TEXT NOT NULL, number TEXT NOT NULL)"
_FROM_LISTS = f"""
    INSERT OR IGNORE INTO citations (citing, cited, source)
    SELECT c.citing, i.report, 'pubmed' FROM {CITED_NUMBERS} c JOIN report_ids i ON i.id = c.number
    WHERE i.report != c.citing"""
_FROM_ICITE = "INSERT OR IGNORE INTO citations (citing, cited, source) VALUES (?, ?, 'icite')"
_COUNTS = """
    INSERT INTO citation_counts (report, count, rcr, percentile, provisional, source, checked_at)
    VALUES (?, ?, ?, ?, ?, 'icite', ?)"""
_REVIEWS = """
    UPDATE review_references SET report = coalesce(
        (SELECT report FROM report_ids WHERE id = review_references.pmid),
        (SELECT report FROM report_ids WHERE id = review_references.doi))"""


def fill_citations(conn: sqlite3.Connection, tracker: Tracker, names: Mapping[str, str], as_of: str | None) -> None:
    """Fill ``citations`` and ``citation_counts``, and say which cited works of reviews the library holds.

    Raises :class:`StorageError` when an answer cannot be read.
    """
    conn.execute(_FROM_LISTS)
    conn.execute(f"DROP TABLE {CITED_NUMBERS}")
    conn.execute(_REVIEWS)
    counted: set[str] = set()
    for row, paper in last_items(tracker, icite.SOURCE, as_of):
        report = names.get(row.subject.removeprefix("pmid:"))
        if report is None:
            continue
        citing = (names.get(pmid) for pmid in icite.pmids(paper.get("cited_by")))
        cited = (names.get(pmid) for pmid in icite.pmids(paper.get("references")))
        conn.executemany(_FROM_ICITE, [(other, report) for other in citing if other and other != report])
        conn.executemany(_FROM_ICITE, [(report, other) for other in cited if other and other != report])
        count = icite.number(paper.get("citation_count"))
        if count is not None and report not in counted:  # of two PMIDs of one report, one is told
            counted.add(report)
            figures = (icite.number(paper.get(name)) for name in ("relative_citation_ratio", "nih_percentile"))
            conn.execute(_COUNTS, (report, int(count), *figures, icite.truth(paper.get("provisional")), row.checked_at))
