"""Answers of the sources beside PubMed: the bytes as they came, and what was asked about when.

An answer may be about many subjects (``doi:10.1000/x``). It is stored when it says something new of one of them;
``asked`` has a row for a subject whenever what is said of it changed, so that a build as of a date sees what was known
then. What says the same as before only moves ``checked_at``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evidence.tracker.reading import TrackerReader
from evidence.tracker.storage import end_of
from evidence.tracker.writing import TrackerWriter

_ASKED = """
    SELECT subject, since, min(checked_at, :end), item, answer FROM asked
    WHERE service = :service AND since <= :end ORDER BY subject, rowid"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was said of a subject from ``since`` until ``checked_at``: ``item`` is its fingerprint, ``answer`` where it
    stands; both are ``None`` where the service does not have the subject."""

    subject: str
    since: str
    checked_at: str
    item: str | None
    answer: int | None


class AnswerLog(TrackerWriter):
    """Answers of other sources in one ``tracker.db``."""

    def asked(self, service: str, as_of: str | None = None) -> Iterator[Asked]:
        """Every subject that this service was asked about, and what it said of it over time, the last at the end."""
        for row in self._rows(_ASKED, service=service, end=end_of(as_of) or "9999"):
            yield Asked(*row)

    def services(self) -> list[str]:
        """The services that answered anything yet."""
        return [row[0] for row in self._rows("SELECT DISTINCT service FROM asked ORDER BY service")]

    def last_whole(self, service: str, as_of: str | None = None) -> str | None:
        """When this service, or a list of its, was last gone through without a failure."""
        statement = """SELECT max(finished_at) FROM enrichments
                       WHERE service = :service AND failure IS NULL AND finished_at <= :end"""
        last: str | None = next(self._rows(statement, service=service, end=end_of(as_of) or "9999"))[0]
        return last

    def last_enrichments(self) -> dict[str, dict[str, Any]]:
        """Service → its last run: ``started_at, finished_at, asked, found, failed, requests, failure``."""
        statement = """SELECT service, started_at, finished_at, asked, found, failed, requests, failure
                       FROM enrichments WHERE id IN (SELECT max(id) FROM enrichments GROUP BY service)"""
        return {row["service"]: row for row in self._dicts(statement)}

    def answer(self, key: int) -> bytes:
        """The bytes of an answer, as they came. Raises ``ValueError`` when they are damaged."""
        rows = self._rows("SELECT content FROM answers WHERE key = :key", key=key)
        return self.archive.unpack(next(rows)[0])

    def store_answer(self, service: str, content: bytes, items: Mapping[str, str | None]) -> None:
        """What came, and for each subject the fingerprint of what it says of it (``None``: nothing). One transaction.

        The bytes are kept when they say something of a subject that was not known.
        """
        at = self.now()
        with self._transaction() as execute:
            answer: int | None = None
            for subject, item in items.items():
                last = execute(
                    "SELECT rowid, item FROM asked WHERE service = ? AND subject = ? ORDER BY rowid DESC LIMIT 1",
                    (service, subject),
                ).fetchone()
                if last and last[1] == item:
                    execute("UPDATE asked SET checked_at = ? WHERE rowid = ?", (at, last[0]))
                    continue
                if item is not None and answer is None:
                    told, packed = hashlib.sha256(content).hexdigest()[:32], self.archive.pack(content, None)
                    statement = """INSERT INTO answers (service, asked_at, content_hash, size, content)
                                   VALUES (?, ?, ?, ?, ?) RETURNING key"""
                    answer = execute(statement, (service, at, told, len(content), packed)).fetchone()[0]
                values = (service, subject, at, at, item, answer if item is not None else None)
                execute("INSERT OR REPLACE INTO asked VALUES (?, ?, ?, ?, ?, ?)", values)

    def log_enrichment(self, service: str, started_at: str, counts: Mapping[str, int], failure: str | None) -> None:
        """One row a service and run: asked, found, failed, requests; ``failure`` why it ended early."""
        with self._transaction() as execute:
            execute(
                """INSERT INTO enrichments (service, started_at, finished_at, asked, found, failed, requests, failure)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    service,
                    started_at,
                    self.now(),
                    *(counts[n] for n in ("asked", "found", "failed", "requests")),
                    failure,
                ),
            )


def damaged_answers(tracker: TrackerReader) -> Iterable[str]:
    """Every answer that is not what was received, a line each."""
    for key, service, packed, told, size in tracker.db.execute(
        "SELECT key, service, content, content_hash, size FROM answers"
    ):
        try:
            content = tracker.archive.unpack(packed)
        except ValueError as error:
            yield f"answer {key} of {service} {error}"
            continue
        if len(content) != size or hashlib.sha256(content).hexdigest()[:32] != told:
            yield f"answer {key} of {service} is not what was received"
