"""About: methods, limits, sources, licences, and how well the tagging works."""

from __future__ import annotations

from evidence.site.web import Context, Page

ACCURACY = """
    SELECT facet, count(*) AS tags, sum(support) AS support, avg("precision") AS precision_mean,
           avg(recall) AS recall_mean, max(measured_on) AS measured_on,
           max(vocabulary_hash IS NOT (SELECT value FROM build_info WHERE key = 'vocabulary_hash')) AS outdated
    FROM tag_accuracy WHERE "precision" IS NOT NULL GROUP BY facet ORDER BY facet"""
SOURCES = """
    SELECT source, count(*) AS records, max(last_received) AS last_received
    FROM records GROUP BY source ORDER BY 2 DESC"""
UNRESOLVED = "SELECT id, cited_as, state, reason FROM sources WHERE report IS NULL ORDER BY id"
BUILD = ("built_at", "refreshed_at", "as_of", "program_version", "inputs_hash", "vocabulary_hash")
REFRESHES = "SELECT started_at, finished_at, kind, outcome, requests FROM refreshes ORDER BY id DESC LIMIT 10"


def about_page(context: Context) -> Page:
    context.allow(frozenset())
    data = {
        "counts": context.site.counts,
        "build": {name: context.site.info.get(name) for name in BUILD},
        "accuracy": context.rows(ACCURACY),
        "sources": context.rows(SOURCES),
        "unresolved": context.rows(UNRESOLVED),
        "refreshes": context.rows(REFRESHES),
    }
    return Page("about.html", "About", data, canonical="/about")
