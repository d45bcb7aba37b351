"""The searches and the flow of records as reporting guidelines ask for them.

PRISMA-S: Rethlefsen ML et al., Syst Rev 2021;10:39 (items 1, 8, 9, 13-16). PRISMA 2020: Page MJ et al., BMJ
2021;372:n71. PRISMA-LSR, the extension for living reviews: Akl EA et al., BMJ 2024;387:e079183.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

TOPICS = """
    SELECT id, title, query, hits, last_refreshed, identified, duplicates, reports, studies, warnings
    FROM topics ORDER BY id"""
FLOW = """
    SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM records WHERE gone_since IS NOT NULL),
           (SELECT count(*) FROM reports), (SELECT count(DISTINCT coalesce(study, id)) FROM reports)"""
SCOPES = "SELECT scope, count(*) FROM reports GROUP BY 1 ORDER BY 2 DESC, 1"
STATUSES = "SELECT status, count(*) FROM reports GROUP BY 1 ORDER BY 2 DESC, 1"
SOURCES = "SELECT source, count(*) FROM records GROUP BY 1 ORDER BY 2 DESC, 1"
VERSIONS = """
    SELECT refreshes.id, substr(refreshes.started_at, 1, 10), refreshes.kind, refreshes.outcome, count(topic),
           sum(hits), sum(new), sum(revised), sum(gone), sum(failed)
    FROM refreshes LEFT JOIN topic_refreshes ON topic_refreshes.refresh = refreshes.id
    GROUP BY refreshes.id ORDER BY refreshes.id"""


def searches(db: sqlite3.Connection, info: Mapping[str, str]) -> str:
    """Every search as it was sent, with database, interface, date and hits."""
    lines = [
        "# Searches", "",
        "After PRISMA-S. Every search is PubMed's, asked through NCBI E-utilities; no limits and no published filters",
        "are added to what stands below. Peer review of the strategies: not recorded.", "",
        "Records by where they came from:", "",
        *_table(("source", "records"), db.execute(SOURCES).fetchall()),
    ]  # fmt: skip
    for topic, title, query, hits, asked, identified, duplicates, reports, studies, warnings in db.execute(TOPICS):
        lines += [
            "", f"## {title} (`{topic}`)", "",
            f"- Database: PubMed. Last asked: {(asked or 'never')[:10]}. Hits then: {_number(hits)}.",
            f"- Records {_number(identified)}, of them duplicates {_number(duplicates)}; reports {_number(reports)}, "
            f"of studies {_number(studies)}.",
            *([f"- PubMed's warnings: {warnings}"] if warnings else []),
            "", *(f"    {line}" for line in (query or "").strip().splitlines()),
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


def flow(db: sqlite3.Connection, info: Mapping[str, str]) -> str:
    """Records to reports to studies, and what each refresh brought."""
    records, gone, reports, studies = db.execute(FLOW).fetchone()
    lines = [
        "# Flow of records", "",
        "After PRISMA 2020. Nothing is screened by people here: scope is a tag that rules give, with their words.", "",
        *_table(
            ("step", "n"),
            [
                ("records identified", records),
                ("of them no longer in their source", gone),
                ("removed as duplicates of a report", records - reports if records > reports else 0),
                ("reports", reports),
                ("studies (a report without a known study counts as one)", studies),
            ],
        ),
        "", "Reports by scope:", "", *_table(("scope", "reports"), db.execute(SCOPES).fetchall()),
        "", "Reports by notice found:", "", *_table(("status", "reports"), db.execute(STATUSES).fetchall()),
        "", "## What each refresh brought", "",
        "After the extension of PRISMA for living reviews: one line a refresh, the oldest first.", "",
        *_table(
            ("refresh", "date", "kind", "outcome", "topics", "hits", "new", "revised", "gone", "failed"),
            db.execute(VERSIONS).fetchall(),
        ),
        "", f"This version was built from them on {info['built_at'][:10]}"
        + (f", as it was on {info['as_of']}" if info.get("as_of") else "") + ".",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> list[str]:
    cells = [" | ".join(_number(cell) if isinstance(cell, int) else str(cell or "") for cell in row) for row in rows]
    return [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {row} |" for row in cells)]


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else "not known" if value is None else str(value)
