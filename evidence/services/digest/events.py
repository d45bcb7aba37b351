"""What happened since a day, of the reports that a digest is about."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evidence.derive.facet_index import FacetIndex
from evidence.derive.schema import FACET_TABLE
from evidence.library.search import Selection, from_pairs, matching_reports
from evidence.model import Kind
from evidence.services.digest.definitions import Definition

REPORTS = """
    SELECT reports.rowid, id, title, first_author, journal, year, design_label, status, first_seen
    FROM reports WHERE first_seen >= ? ORDER BY first_seen, id"""
NOTICES = """
    SELECT reports.rowid, notices.id, notices.kind, notices.source, notices.notice_date, notices.first_seen, reports.id,
           reports.title
    FROM notices JOIN reports ON reports.id = notices.report WHERE notices.first_seen >= ?
    ORDER BY notices.first_seen, notices.id"""
CLAIMS = """
    SELECT id, paraphrase, reopened_on, reopened_because FROM claims
    WHERE reopened_on >= substr(?, 1, 10) ORDER BY reopened_on, id"""
# What changed in the registry; the registration is what a digest's filters look at.
TRIALS = """
    SELECT r.rowid, t.number, t.title, t.study, c.happened_at, c.text
    FROM trial_changes c JOIN trials t ON t.number = c.trial
    JOIN trial_reports x ON x.trial = t.number AND x.relation = 'registration' JOIN reports r ON r.id = x.report
    WHERE c.happened_at >= ? ORDER BY c.happened_at, t.number, c.text"""
OF_TOPICS = """
    SELECT r.rowid FROM trials t JOIN trial_reports x ON x.trial = t.number AND x.relation = 'registration'
    JOIN reports r ON r.id = x.report
    WHERE t.number IN (SELECT trial FROM topic_trials WHERE topic IN (SELECT value FROM json_each(?)))
    OR t.study IN (SELECT s.study FROM study_reports s JOIN topic_reports p ON p.report = s.report
        WHERE p.left_at IS NULL AND p.topic IN (SELECT value FROM json_each(?)))"""
_MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Event:
    """``key`` is the same each time the event is read; ``path`` is a page below the site's address."""

    key: str
    kind: str
    seen: str
    title: str
    detail: str
    path: str


def events(conn: sqlite3.Connection, definition: Definition, since: str) -> list[Event]:
    """Events seen since a time (ISO 8601, UTC), the oldest first.

    Raises :class:`~evidence.errors.UsageError` when the digest's search cannot be understood.
    """
    known = {facet: _ids(conn, table) for facet, table in FACET_TABLE.items()} | {"topic": _ids(conn, "topics")}
    index = FacetIndex.load(conn)
    selection = from_pairs(definition.pairs, known)
    _, _, bits = matching_reports(conn, index, selection)
    readers = {"reports": _reports, "notices": _notices, "trials": _trials}
    found: list[Event] = []
    for kind in definition.kinds:
        if kind in readers:
            rows = list(readers[kind](conn, since))
            among = bits if kind != "trials" else _registrations(conn, index, selection)
            chosen = set(index.only([rowid for rowid, _ in rows], among))
            found += [event for rowid, event in rows if rowid in chosen]
        else:
            found += _claims(conn, since)
    return sorted(found, key=lambda event: (event.seen, event.key))


def _registrations(conn: sqlite3.Connection, index: FacetIndex, selection: Selection) -> int:
    """The registrations of a selection, as bits: they are in no list until asked for, and in no topic but by a search
    of the registry or another report of their study."""
    asked = replace(selection, kind=(Kind.REGISTRATION.value,), topic=())
    bits = matching_reports(conn, index, asked)[2]
    if selection.topic:
        topics = json.dumps(selection.topic)
        bits &= index.from_rowids([rowid for (rowid,) in conn.execute(OF_TOPICS, [topics, topics])])
    return bits


def _ids(conn: sqlite3.Connection, table: str) -> list[str]:
    return [row[0] for row in conn.execute(f"SELECT id FROM {table}")]


def _reports(conn: sqlite3.Connection, since: str) -> Iterator[tuple[int, Event]]:
    for rowid, name, title, author, journal, year, design, status, seen in conn.execute(REPORTS, [since]):
        facts: Sequence[object] = [author, journal, year, design, status if status in ("retracted", "concern") else ""]
        detail = ". ".join(str(fact) for fact in facts if fact)
        yield rowid, Event(f"report/{name}", "reports", seen, title, detail, f"/reports/{name}")


def _notices(conn: sqlite3.Connection, since: str) -> Iterator[tuple[int, Event]]:
    for rowid, name, kind, source, date, seen, report, title in conn.execute(NOTICES, [since]):
        detail = f"{kind.replace('_', ' ').capitalize()}. Source: {source}. Date of the notice: {date or 'not given'}"
        yield rowid, Event(f"notice/{name}", "notices", seen, title, detail, f"/reports/{report}")


def _trials(conn: sqlite3.Connection, since: str) -> Iterator[tuple[int, Event]]:
    for rowid, number, title, study, seen, text in conn.execute(TRIALS, [since]):
        path = f"/studies/{study}" if study else "/trials"
        yield rowid, Event(f"trial/{number}/{seen}/{text}", "trials", seen, title, f"{number}: {text}", path)


def _claims(conn: sqlite3.Connection, since: str) -> Iterator[Event]:
    for name, paraphrase, seen, because in conn.execute(CLAIMS, [since]):
        yield Event(f"claim/{name}/{seen}", "claims", seen, paraphrase, because or "", f"/claims/{name}")
