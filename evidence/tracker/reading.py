"""What ``tracker.db`` holds, now or as of a date. Everything here only reads."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from evidence.errors import StorageError
from evidence.tracker.archive import Archive
from evidence.tracker.schema import VERSION, ensure_schema
from evidence.tracker.storage import end_of, storage_errors

_FOREVER = "9999"


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as last received. ``packed`` is its version, compressed; ``format`` pubmed-xml or record-json.

    ``key`` is the tracker's own number of the record.
    """

    key: int
    id: str
    source: str
    source_id: str
    pmid: str | None
    format: str
    packed: bytes
    first_received: str
    last_received: str
    versions: int
    gone_since: str | None
    archive: Archive

    @property
    def content(self) -> bytes:
        """The exact bytes that came."""
        return self.archive.unpack(self.packed)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record; ``number`` counts from 1."""

    number: int
    received_at: str
    format: str
    content: bytes
    content_hash: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A record found by a topic: since when, until when, and why it left (``None`` while it is found)."""

    topic: str
    record: str
    since: str
    until: str | None
    reason: str | None


_STORED = """
    SELECT records.key, records.id, records.source, records.source_id, records.pmid, versions.format, versions.content,
           records.first_received, versions.received_at, versions.number,
           (SELECT max(gone_since) FROM absences
            WHERE absences.record = records.key AND gone_since <= :end AND (back_since IS NULL OR back_since > :end))
    FROM records JOIN versions ON versions.record = records.key AND versions.number = {number}
    {which}"""
_ALL, _ONE = "ORDER BY records.key", "WHERE records.key = :key"
_NUMBER_THEN = "(SELECT max(v.number) FROM versions AS v WHERE v.record = records.key AND v.received_at <= :end)"
_VERSIONS = """
    SELECT versions.record, records.id, number, received_at, format, content, versions.content_hash
    FROM versions JOIN records ON records.key = versions.record WHERE received_at <= :end"""
_MEMBERSHIPS = """
    SELECT topic, records.id, came.started_at, CASE WHEN went.started_at <= :end THEN went.started_at END,
           CASE WHEN went.started_at <= :end THEN reason END
    FROM memberships JOIN records ON records.key = memberships.record
    JOIN refreshes AS came ON came.id = from_refresh LEFT JOIN refreshes AS went ON went.id = until_refresh
    WHERE came.started_at <= :end ORDER BY topic, memberships.record, from_refresh"""
_TOPIC_REFRESHES = """
    SELECT topic_refreshes.*, started_at, finished_at FROM topic_refreshes
    JOIN refreshes ON refreshes.id = topic_refreshes.refresh WHERE started_at <= :end ORDER BY refresh, topic"""
_SOURCE_STATES = """
    SELECT id, state, reason, pmid, since, min(checked_at, :end) AS checked_at, printed FROM source_states AS s
    WHERE rowid = (SELECT max(rowid) FROM source_states AS t WHERE t.id = s.id AND t.since <= :end) ORDER BY id"""
# Whatever changes the build's input moves one of these.
FETCH = "fetch"  # the kind of a run that fetched records by their PMIDs, and searched for nothing
_FINGERPRINT = """
    SELECT (SELECT max(rowid) FROM versions),
           (SELECT count(*) FROM imports), (SELECT max(id) FROM imports),
           (SELECT max(id) FROM refreshes), (SELECT max(finished_at) FROM refreshes),
           (SELECT count(*) FROM memberships), (SELECT count(until_refresh) FROM memberships),
           (SELECT count(*) FROM absences), (SELECT count(back_since) FROM absences),
           (SELECT count(*) FROM topic_refreshes),
           (SELECT count(*) FROM source_states), (SELECT max(checked_at) FROM source_states),
           (SELECT max(rowid) FROM asked), (SELECT max(checked_at) FROM asked)"""

# The same of the records alone.
_RECORDS_FINGERPRINT = """
    SELECT (SELECT max(rowid) FROM versions),
           (SELECT count(*) FROM absences), (SELECT count(back_since) FROM absences)"""


class TrackerReader:
    """Reads one ``tracker.db``; ``Tracker`` adds the writing. Errors are :class:`StorageError`."""

    def __init__(self, path: Path, connection: sqlite3.Connection):
        self.path = path
        self.db = Database(connection)
        self.archive = Archive({})

    def _prepare(self) -> None:
        """Settle the schema and load the dictionaries."""
        ensure_schema(self.db, str(self.path))
        self.archive = Archive(self.dictionaries())

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """All that is read within is of one moment, whatever a refresh commits meanwhile."""
        with storage_errors(self.path):
            self.db.conn.execute("BEGIN")
        try:
            yield
        finally:
            self.db.conn.rollback()

    def dictionaries(self) -> dict[int, bytes]:
        """Every compression dictionary by its id; ``Archive(dictionaries)`` unpacks in another process."""
        return dict(self._rows("SELECT id, content FROM dictionaries"))

    def stored(self, as_of: str | None = None) -> Iterator[Stored]:
        """Every record as last received (by ``as_of``), in the order first received. Decompressed when looked at."""
        return self._stored(_ALL, end_of(as_of))

    def stored_at(self, keys: Iterable[int], as_of: str | None = None) -> list[Stored]:
        """The records of these keys (:class:`Stored` has them), in the order given."""
        end = end_of(as_of)
        return [stored for key in keys for stored in self._stored(_ONE, end, key=key)]

    def _stored(self, which: str, end: str | None, **parameters: Any) -> Iterator[Stored]:
        statement = _STORED.format(number="records.current" if end is None else _NUMBER_THEN, which=which)
        for row in self._rows(statement, end=end or _FOREVER, **parameters):
            yield Stored(*row, self.archive)  # type: ignore[call-arg]

    def versions(self, record: str, as_of: str | None = None) -> list[Version]:
        """Every version of one record, oldest first; ``[]`` when the tracker does not know it."""
        rows = self._rows(
            _VERSIONS + " AND records.id = :record ORDER BY number", end=end_of(as_of) or _FOREVER, record=record
        )
        return [self._version(row) for row in rows]

    def revised_records(self, as_of: str | None = None) -> Iterator[tuple[str, list[Version]]]:
        """``(record id, its versions)`` for every record that has more than one."""
        again = (
            " AND versions.record IN (SELECT record FROM versions WHERE number = 2) ORDER BY versions.record, number"
        )
        record, found = "", list[Version]()
        for row in self._rows(_VERSIONS + again, end=end_of(as_of) or _FOREVER):
            if row[1] != record:
                if len(found) > 1:
                    yield record, found
                record, found = row[1], []
            found.append(self._version(row))
        if len(found) > 1:
            yield record, found

    def memberships(self, as_of: str | None = None) -> Iterator[Membership]:
        """Which topic found which record, when, and why it left: one row an interval."""
        return (Membership(*row) for row in self._rows(_MEMBERSHIPS, end=end_of(as_of) or _FOREVER))

    def refreshes(self, as_of: str | None = None) -> list[dict[str, Any]]:
        """The log: one row a refresh, ``warnings`` as a list; not what was fetched by PMID (:data:`FETCH`)."""
        statement = f"SELECT * FROM refreshes WHERE started_at <= :end AND kind <> '{FETCH}' ORDER BY id"
        return _with_warnings(self._dicts(statement, end=end_of(as_of) or _FOREVER))

    def topic_refreshes(self, as_of: str | None = None) -> list[dict[str, Any]]:
        """The log: one row a topic and refresh, ``warnings`` as a list, with the refresh's times."""
        return _with_warnings(self._dicts(_TOPIC_REFRESHES, end=end_of(as_of) or _FOREVER))

    def source_states(self, as_of: str | None = None) -> list[dict[str, Any]]:
        """``id, state, reason, pmid, since, checked_at, printed`` of each cited source, as last written."""
        return self._dicts(_SOURCE_STATES, end=end_of(as_of) or _FOREVER)

    def imports(self, as_of: str | None = None) -> list[dict[str, Any]]:
        statement = "SELECT * FROM imports WHERE imported_at <= :end ORDER BY id"
        return self._dicts(statement, end=end_of(as_of) or _FOREVER)

    def counts(self) -> dict[str, int]:
        """Records by source: ``{"pubmed": 1811, "starter": 365}``."""
        return dict(self._rows("SELECT source, count(*) FROM records GROUP BY source ORDER BY source"))

    def input_hash(self) -> str:
        """A fingerprint of all that a build reads from here; the same as long as nothing was written."""
        row = next(iter(self._rows(_FINGERPRINT)))
        return hashlib.sha256(json.dumps([VERSION, *row]).encode()).hexdigest()[:16]

    def records_hash(self) -> str:
        """A fingerprint of the records alone: the same as long as none came, was revised or went."""
        row = next(iter(self._rows(_RECORDS_FINGERPRINT)))
        return hashlib.sha256(json.dumps([VERSION, *row]).encode()).hexdigest()[:16]

    def _version(self, row: tuple[Any, ...]) -> Version:
        _, record, number, received_at, kind, packed, content_hash = row
        try:
            return Version(number, received_at, kind, self.archive.unpack(packed), content_hash)
        except ValueError as error:
            raise StorageError(f"{self.path}: version {number} of {record} {error}; run 'evidence verify'") from error

    def _rows(self, statement: str, **parameters: Any) -> Iterator[tuple[Any, ...]]:
        with storage_errors(self.path):
            yield from self.db.execute(statement, parameters)

    def _dicts(self, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        with storage_errors(self.path):
            cursor = self.db.execute(statement, parameters)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]


def _with_warnings(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        row["warnings"] = json.loads(row["warnings"] or "[]")
    return rows
