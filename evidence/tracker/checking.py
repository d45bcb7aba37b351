"""Whether ``tracker.db`` is whole: what ``evidence verify`` asks of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from evidence.exchange.pubmed import content_hash
from evidence.tracker.answers import damaged_answers
from evidence.tracker.reading import TrackerReader
from evidence.tracker.records import PUBMED_XML
from evidence.tracker.storage import storage_errors

# (what is wrong, a query for the rows that are)
_CONTRADICTIONS: tuple[tuple[str, str], ...] = (
    (
        "record {} has no current version",
        """SELECT id FROM records LEFT JOIN versions ON versions.record = key AND number = current
           WHERE number IS NULL""",
    ),
    (
        "record {} has gaps in its versions",
        "SELECT id FROM records WHERE current != (SELECT count(*) FROM versions WHERE record = key)",
    ),
    (
        "record {} is in a topic twice at once",
        """SELECT DISTINCT id FROM records JOIN memberships ON record = key WHERE until_refresh IS NULL
           GROUP BY topic, record HAVING count(*) > 1""",
    ),
)


def check_tracker(tracker: TrackerReader) -> list[str]:
    """What is wrong, a line each; ``[]`` when every page, reference and version is whole."""
    with storage_errors(tracker.path):
        problems = [f"SQLite: {row[0]}" for row in tracker.db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        problems += [
            f"table {row[0]}: row {row[1]} refers to a row of {row[2]} that is not there"
            for row in tracker.db.execute("PRAGMA foreign_key_check")
        ]
        for message, query in _CONTRADICTIONS:
            problems += [message.format(row[0]) for row in tracker.db.execute(query)]
        return [*problems, *_damaged_versions(tracker), *damaged_answers(tracker)]


def _damaged_versions(tracker: TrackerReader) -> Iterator[str]:
    """Every version is decompressed (its checksum is looked at) and hashed again."""
    rows = tracker.db.execute(
        """SELECT id, 'version ' || number, format, content, versions.content_hash, size
           FROM versions JOIN records ON key = record
           UNION ALL
           SELECT id, 'the doubted answer of refresh ' || refresh, format, content, doubts.content_hash, size
           FROM doubts JOIN records ON key = record WHERE content IS NOT NULL"""
    )
    for record, which, kind, packed, stored_hash, size in rows:
        try:
            content = tracker.archive.unpack(packed)
        except ValueError as error:
            yield f"{which} of {record} {error}"
            continue
        found = content_hash(content) if kind == PUBMED_XML else hashlib.sha256(content).hexdigest()[:32]
        if len(content) != size or found != stored_hash:
            yield f"{which} of {record} is not what was received"
