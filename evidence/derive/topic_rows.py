"""Topics, their reports and their refreshes as rows: what was searched, when, and what it found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evidence.derive.rows import Row
from evidence.topics import Topic
from evidence.tracker import Membership


@dataclass(slots=True)
class Presence:
    """A report in a topic: when one of its records was first found, and when the last of them left."""

    first_seen: str
    records: int = 0
    left_at: str | None = None
    reason: str | None = None
    here: bool = False


def presences(memberships: Iterable[Membership], report_of: Mapping[str, str]) -> dict[tuple[str, str], Presence]:
    """``(topic, report)`` → :class:`Presence`, from intervals of records."""
    found: dict[tuple[str, str], Presence] = {}
    for interval in memberships:
        report = report_of.get(interval.record)
        if report is None:
            continue
        presence = found.setdefault((interval.topic, report), Presence(interval.since))
        presence.first_seen = min(presence.first_seen, interval.since)
        if interval.until is None:
            presence.here, presence.left_at, presence.reason = True, None, None
            presence.records += 1
        elif not presence.here and interval.until > (presence.left_at or ""):
            presence.left_at, presence.reason = interval.until, interval.reason
    return found


def topic_report_rows(found: Mapping[tuple[str, str], Presence], known: set[str]) -> Iterator[Row]:
    for (topic, report), presence in sorted(found.items()):
        if topic in known:
            yield (
                "topic_reports",
                {
                    "topic": topic,
                    "report": report,
                    "first_seen": presence.first_seen,
                    "left_at": presence.left_at,
                    "reason": presence.reason,
                },
            )


def topic_rows(
    topics: Iterable[Topic],
    found: Mapping[tuple[str, str], Presence],
    study_of: Mapping[str, str],
    refreshes: Iterable[Mapping[str, Any]],
) -> Iterator[Row]:
    """Rows of ``topics`` with the PRISMA counts: identified records → duplicates → reports → studies.

    A study counts once however many reports it has; a report without a study counts as one study.
    """
    latest: dict[str, Mapping[str, Any]] = {}
    done_at: dict[str, str] = {}
    for row in refreshes:  # oldest first
        latest[row["topic"]] = row
        if not row["error"] and row["finished_at"]:
            done_at[row["topic"]] = row["finished_at"]
    for topic in topics:
        here = {report: p for (name, report), p in found.items() if name == topic.id and p.here}
        identified = sum(presence.records for presence in here.values())
        last = latest.get(topic.id, {})
        yield (
            "topics",
            {
                "id": topic.id,
                "title": topic.title,
                "modality": ", ".join(topic.modalities),
                "query": topic.written or topic.query,
                "articles": ", ".join(topic.articles) or None,
                "notes": topic.notes or None,
                "reports": len(here),
                "studies": len({study_of.get(report, report) for report in here}),
                "identified": identified,
                "duplicates": identified - len(here),
                "last_refreshed": done_at.get(topic.id),
                "hits": last.get("hits"),
                "translation": last.get("translation"),
                "warnings": _json_list(last.get("warnings")),
                "error": last.get("error"),
            },
        )


def refresh_rows(refreshes: Iterable[Mapping[str, Any]], topic_refreshes: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """``refreshes`` and ``topic_refreshes`` as the tracker has them, warnings as JSON text."""
    columns = ("id", "started_at", "finished_at", "kind", "outcome", "requests")
    for row in refreshes:
        yield "refreshes", {column: row.get(column) for column in columns}
    counted = (
        "refresh",
        "topic",
        "query",
        "hits",
        "new",
        "revised",
        "unchanged",
        "gone",
        "failed",
        "translation",
        "warnings",
        "error",
    )
    for row in topic_refreshes:
        yield (
            "topic_refreshes",
            {
                **{column: row.get(column) for column in counted},
                "warnings": _json_list(row.get("warnings")),
            },
        )


def _json_list(warnings: list[str] | None) -> str | None:
    return json.dumps(warnings, ensure_ascii=False) if warnings else None
