"""Topics: saved PubMed searches, with what PRISMA-S asks to be reported of a search."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from evidence.library.search import Selection, filter_bits, search
from evidence.services.recall import share_words
from evidence.site.pages.charts import charts
from evidence.site.pages.listing import COLUMNS, entries
from evidence.site.pages.trials import OF_TOPIC
from evidence.site.web import Context, Page, PageNotFound

NEWEST_SHOWN = 15
TOPICS = (
    "SELECT id, title, modality, reports, studies, hits, last_refreshed, warnings, error FROM topics ORDER BY title"
)
TOPIC = "SELECT * FROM topics WHERE id = ?"
REFRESHES = """
    SELECT r.started_at, r.finished_at, x.hits, x.new, x.revised, x.gone, x.failed, x.error
    FROM topic_refreshes x JOIN refreshes r ON r.id = x.refresh WHERE x.topic = ? ORDER BY r.started_at DESC LIMIT 50"""
SENT = """
    SELECT x.query, r.started_at FROM topic_refreshes x JOIN refreshes r ON r.id = x.refresh
    WHERE x.topic = ? AND x.query != '' ORDER BY r.started_at DESC LIMIT 1"""
NEWEST = f"""
    SELECT {", ".join("r." + name.strip() for name in COLUMNS.split(",") if name.strip() != "first_seen")}, x.first_seen
    FROM topic_reports x JOIN reports r ON r.id = x.report
    WHERE x.topic = ? AND x.left_at IS NULL ORDER BY x.first_seen DESC, r.publication_date DESC
    LIMIT {NEWEST_SHOWN}"""
RECALL = "SELECT * FROM recall WHERE topic = ?"
MISSING = """
    SELECT pmid, doi, title, citation, report, reviews, words FROM recall_works WHERE topic = ?
    ORDER BY position LIMIT 100"""
LEFT = "SELECT count(*) AS n FROM topic_reports WHERE topic = ? AND left_at IS NOT NULL"


def topics_page(context: Context) -> Page:
    context.allow(frozenset())
    topics = with_held(context, context.rows(TOPICS))
    return Page("topics.html", "Topics", {"topics": topics}, canonical="/topics")


def with_held(context: Context, topics: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each topic with ``held``: what the library has on its modalities while its search was never run.

    ``{"reports": n, "studies": n}``, from the starter library, from files or from other topics; ``None`` for a topic
    that was searched, whose own reports are known.
    """
    index = context.site.index
    for topic in topics:
        topic["held"] = None
        if not topic["last_refreshed"]:
            bits = filter_bits(index, of_modalities(context, topic))
            topic["held"] = {"reports": index.count_reports(bits), "studies": index.count_studies(bits)}
    return topics


def of_modalities(context: Context, topic: Mapping[str, Any]) -> Selection:
    """The reports of a topic's modalities, those that the vocabulary still knows."""
    named = [name.strip() for name in (topic["modality"] or "").split(",")]
    return Selection(modality=tuple(name for name in named if name in context.site.tags["modality"]))


def topic_page(context: Context) -> Page:
    context.allow(frozenset())
    topic = context.row(TOPIC, [context.path["id"]])
    if topic is None:
        raise PageNotFound(f"There is no topic {context.path['id'][:80]!r}.")
    refreshes = context.rows(REFRESHES, [topic["id"]])
    index = context.site.index
    selection = of_modalities(context, topic)
    reports = context.rows(NEWEST, [topic["id"]])
    if not topic["last_refreshed"] and not reports and selection.modality:
        reports = entries(context, search(context.conn, index, selection, limit=NEWEST_SHOWN).rowids)
    topic = with_held(context, [topic])[0]
    data: dict[str, Any] = {
        "topic": topic,
        "modalities": [{"id": name, "label": context.site.label("modality", name)} for name in selection.modality],
        "on_topic": index.count_reports(filter_bits(index, Selection().toggled("topic", topic["id"]))),
        "charts": charts(context, selection if topic["held"] else Selection().toggled("topic", topic["id"])),
        "warnings": as_list(topic["warnings"]),
        "sent": context.row(SENT, [topic["id"]]),
        "left": context.rows(LEFT, [topic["id"]])[0]["n"],
        "refreshes": refreshes,
        "recall": context.row(RECALL, [topic["id"]]),
        "missing": context.rows(MISSING, [topic["id"]]),
        "reports": reports,
        "trials": context.rows(OF_TOPIC, [topic["id"]])[0]["n"],
    }
    data["recall_words"] = share_words(data["recall"]) if data["recall"] else None
    extra = {"hits": hits_chart(refreshes), "held_pairs": selection.pairs()}
    feed = context.plain_url("/feeds/topics", topic["id"]) + ".xml"
    canonical = context.plain_url("/topics", topic["id"])
    return Page("topic.html", topic["title"], data, canonical=canonical, feed=feed, extra=extra)


def as_list(value: Any) -> list[str]:
    """Warnings as stored: JSON text of a list or an object, plain text, or nothing."""
    if not value:
        return []
    try:
        parsed = json.loads(value)
    except ValueError:
        return [str(value)]
    if isinstance(parsed, dict):
        return [f"{name}: {text}" for name, text in parsed.items()]
    return [str(item) for item in parsed] if isinstance(parsed, list) else [str(parsed)]


def hits_chart(refreshes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Hits over time as bars, oldest first: 12 units apart, 2 to 60 high."""
    known = [row for row in reversed(refreshes) if row["hits"] is not None]
    most = max((row["hits"] for row in known), default=0) or 1
    return [
        {
            "x": place * 12,
            "height": round(2 + 58 * row["hits"] / most, 1),
            "hits": row["hits"],
            "day": str(row["started_at"])[:10],
        }
        for place, row in enumerate(known)
    ]
