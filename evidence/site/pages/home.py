"""Home: what this is, how fresh it is, and ways in."""

from __future__ import annotations

from typing import Any

from evidence.library.search import Selection, filter_bits
from evidence.site.pages.evidence_map import fuller_facet, stored_map
from evidence.site.pages.listing import entries
from evidence.site.pages.topics import with_held
from evidence.site.web import Context, Page

TOPICS = """
    SELECT id, title, modality, reports, studies, last_refreshed, hits, warnings, error FROM topics ORDER BY title"""
REOPENED = """
    SELECT id, paraphrase, fidelity, direction, status, reviewed_by, reopened_on, reopened_because FROM claims
    WHERE reopened_on IS NOT NULL ORDER BY reopened_on DESC LIMIT 6"""
NOTICES = """
    SELECT n.id, n.kind, n.notice_date, n.first_seen, r.id AS report, r.title
    FROM notices n JOIN reports r ON r.id = n.report
    WHERE n.kind IN ('retraction', 'concern', 'withdrawal') AND NOT n.repeats ORDER BY n.first_seen DESC LIMIT 5"""


def home(context: Context) -> Page:
    """The front page; everything on it was counted at build or is an index lookup."""
    context.allow(frozenset())
    site = context.site
    topics = with_held(context, context.rows(TOPICS))
    data: dict[str, Any] = {
        "counts": site.counts,
        "on_topic": site.index.count_reports(filter_bits(site.index, Selection())),
        "built_at": site.info.get("built_at"),
        "refreshed_at": max((t["last_refreshed"] for t in topics if t["last_refreshed"]), default=None),
        "topics": topics,
        "trouble": [t for t in topics if t["error"] or t["warnings"]],
        "never_refreshed": [t["id"] for t in topics if not t["last_refreshed"]],
        "map": stored_map(context, fuller_facet(context), "studies"),
        "newest": entries(context, context.site.newest[:8]),
        "reopened": context.rows(REOPENED),
        "notices": context.rows(NOTICES),
    }
    description = f"Reports, studies and claims on {site.profile['subject']}, from PubMed, tagged and checked."
    return Page(
        "home.html", site.settings.title, data, canonical="/", feed="/feeds/reports.xml", description=description
    )
