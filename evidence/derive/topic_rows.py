"""Topics, their reports and their refreshes as rows: what was searched, when, and what it found."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from evidence.derive.reports import Reports
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


class Presences:
    """The reports of every topic, with their :class:`Presence`: 25 bytes for each."""

    def __init__(self, memberships: Iterable[Membership], report_of: Mapping[str, str], reports: Reports):
        """``memberships``: intervals of records, topic by topic; ``report_of``: record → report."""
        self._ids = reports.ids
        self._times = Numbered()
        self._topics: dict[str, _Topic] = {}
        for topic, intervals in groupby(memberships, key=lambda interval: interval.topic):
            found: dict[int, Presence] = {}
            for interval in intervals:
                report = report_of.get(interval.record)
                if report is not None:
                    _add(found, reports.place(report), interval)
            if found:
                self._topics[topic] = _Topic.packed(found, self._times, self._ids)

    def topics(self) -> Iterator[str]:
        return iter(self._topics)

    def of(self, topic: str) -> Iterator[tuple[str, Presence]]:
        """Each report of a topic and its presence, in the order of their ids as texts."""
        for at, presence in self.places(topic):
            yield self._ids[at], presence

    def places(self, topic: str) -> Iterator[tuple[int, Presence]]:
        """The same by the places of the reports."""
        known = self._topics.get(topic)
        return known.unpacked(self._times) if known else iter(())


class Numbered:
    """Texts that recur, by number; 0 is ``None``."""

    def __init__(self) -> None:
        self.texts: list[str | None] = [None]
        self._numbers: dict[str | None, int] = {None: 0}

    def number(self, text: str | None) -> int:
        if text not in self._numbers:
            self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return self._numbers[text]


@dataclass(slots=True)
class _Topic:
    places: array[int]
    numbers: array[int]  # for each report: its first time, records, when it left, why, and whether it is here

    @classmethod
    def packed(cls, found: Mapping[int, Presence], texts: Numbered, ids: Sequence[str]) -> _Topic:
        places = array("I", sorted(found, key=ids.__getitem__))
        numbers = array("I")
        for place in places:
            p = found[place]
            numbers.extend(
                (texts.number(p.first_seen), p.records, texts.number(p.left_at), texts.number(p.reason), p.here)
            )
        return cls(places, numbers)

    def unpacked(self, texts: Numbered) -> Iterator[tuple[int, Presence]]:
        for at, place in enumerate(self.places):
            since, records, left, reason, here = self.numbers[5 * at : 5 * at + 5]
            yield place, Presence(texts.texts[since] or "", records, texts.texts[left], texts.texts[reason], bool(here))


def _add(found: dict[int, Presence], place: int, interval: Membership) -> None:
    presence = found.setdefault(place, Presence(interval.since))
    presence.first_seen = min(presence.first_seen, interval.since)
    if interval.until is None:
        presence.here, presence.left_at, presence.reason = True, None, None
        presence.records += 1
    elif not presence.here and interval.until > (presence.left_at or ""):
        presence.left_at, presence.reason = interval.until, interval.reason


def topic_report_rows(found: Presences, known: set[str]) -> Iterator[Row]:
    for topic in sorted(known.intersection(found.topics())):
        for report, presence in found.of(topic):
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
    found: Presences,
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
        reports, identified, alone, studies = 0, 0, 0, set[str]()
        for report, presence in found.of(topic.id):
            if presence.here:
                reports, identified = reports + 1, identified + presence.records
                if report in study_of:
                    studies.add(study_of[report])
                else:
                    alone += 1
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
                "reports": reports,
                "studies": len(studies) + alone,
                "identified": identified,
                "duplicates": identified - reports,
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
