"""Reports as list entries, in the order that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evidence.errors import UsageError
from evidence.site.web import Context

PAGE_SIZE = 25
COLUMNS = """id, pmid, doi, title, authors, journal, year, publication_date, design, design_label, evidence_level,
    sample_size, status, kind, scope, gone_since, first_seen"""
BY_ROWIDS = "SELECT rowid, {columns} FROM reports WHERE rowid IN ({marks})"


def entries(context: Context, rowids: Sequence[int]) -> list[dict[str, Any]]:
    """List entries of these reports, in this order."""
    sql = BY_ROWIDS.format(columns=COLUMNS, marks=", ".join("?" * len(rowids)))
    found = {row.pop("rowid"): row for row in context.rows(sql, list(rowids))}
    return [found[rowid] for rowid in rowids if rowid in found]


def page_wanted(context: Context) -> int:
    """The number of the page asked for. Raises :class:`UsageError` when it is no number."""
    text = context.get("page") or "1"
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) > 0):
        raise UsageError(f"page must be a number from 1 to 99999, not {text[:20]!r}")
    return int(text)


def page_of(wanted: int, total: int) -> tuple[int, int]:
    """The page and the last page there is. Raises :class:`UsageError` for one behind it."""
    last = max(1, -(-total // PAGE_SIZE))
    if wanted > last:
        raise UsageError(f"there is no page {wanted}; the last is {last}")
    return wanted, last


def shown_abstracts(context: Context, report_ids: Sequence[str]) -> set[str]:
    """Those of the reports whose abstract may be shown: at least one record came from a source that is shown."""
    settings = context.site.settings
    if not settings.hides_some:
        return set(report_ids)
    sql = f"SELECT DISTINCT report, source FROM records WHERE report IN ({', '.join('?' * len(report_ids))})"
    return {row["report"] for row in context.rows(sql, list(report_ids)) if settings.shows_abstracts_of(row["source"])}
