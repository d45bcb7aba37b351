"""Reports as list entries, in the order that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evidence.errors import UsageError
from evidence.site.web import Context

PAGE_SIZE = 25
COLUMNS = """id, pmid, title, authors, journal, year, publication_date, design, design_label, evidence_level,
    sample_size, status, kind, scope, gone_since, first_seen"""
BY_ROWIDS = "SELECT rowid, {columns} FROM reports WHERE rowid IN ({marks})"


def entries(context: Context, rowids: Sequence[int]) -> list[dict[str, Any]]:
    """List entries of these reports, in this order."""
    sql = BY_ROWIDS.format(columns=COLUMNS, marks=", ".join("?" * len(rowids)))
    found = {row.pop("rowid"): row for row in context.rows(sql, list(rowids))}
    return [found[rowid] for rowid in rowids if rowid in found]


def page_number(context: Context, total: int) -> tuple[int, int]:
    """The page asked for and the last page there is. Raises :class:`UsageError` for one that does not exist."""
    last = max(1, -(-total // PAGE_SIZE))
    text = context.get("page", "1") or "1"
    if not (text.isascii() and text.isdigit() and len(text) < 8 and 1 <= int(text) <= last):
        raise UsageError(f"there is no page {text[:20]!r}; the last is {last}")
    return int(text), last


def shown_abstracts(context: Context, report_ids: Sequence[str]) -> set[str]:
    """Those of the reports whose abstract may be shown: at least one record came from a source that is shown."""
    settings = context.site.settings
    if not settings.hides_some:
        return set(report_ids)
    sql = f"SELECT DISTINCT report, source FROM records WHERE report IN ({', '.join('?' * len(report_ids))})"
    return {row["report"] for row in context.rows(sql, list(report_ids)) if settings.shows_abstracts_of(row["source"])}
