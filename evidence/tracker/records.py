"""Adds records to ``tracker.db``: new ones, and a version for each that really changed.

Each public method is one transaction: killed at any instant, all of it is there or none.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from evidence.exchange.pubmed import Received, revision, same_content
from evidence.tracker.archive import Archive, train_dictionary
from evidence.tracker.doubts import DoubtLog

PUBMED_XML = "pubmed-xml"
RECORD_JSON = "record-json"
# Of a record that is not stored yet: key, current version, hash.
_UNKNOWN = (0, 0, "")
_PMID_VERSION = re.compile(rb'<PMID Version="(\d{1,6})"')


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is to be stored of one record: the content in one of the two formats, its hash, and PubMed's revision."""

    id: str
    source: str
    source_id: str
    pmid: str | None
    format: str
    content: bytes
    content_hash: str
    revision: str = ""


@dataclass(frozen=True, slots=True)
class ImportLog:
    """One imported file: where its records come from, its name, hash and format, and how many entries it had."""

    source: str
    file: str
    sha256: str
    format: str
    entries: int
    problems: int


@dataclass(slots=True)
class BatchCounts:
    """Record ids of one batch by what they turned out to be; ``returned`` are unchanged or revised, and were gone."""

    new: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """What a refresh must know of a stored record: when its current version came, and with which refresh."""

    content_hash: str
    gone_since: str | None
    received_at: str = ""
    refresh: int = 0


@dataclass(slots=True)
class _Rows:
    """Rows of one transaction, written together: half the time of one by one. ``came`` is when and by what."""

    last_key: int
    came: tuple[str, int | None, int | None]
    dictionary: int | None
    waiting: set[str] = field(default_factory=set)
    new: list[tuple[Any, ...]] = field(default_factory=list)
    changed: list[tuple[Any, ...]] = field(default_factory=list)
    versions: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, arrival: Arrival, key: int, number: int, archive: Archive) -> int:
        at, refresh, imported = self.came
        if key:
            self.changed.append((number, arrival.content_hash, arrival.pmid, arrival.revision, key))
        else:
            key = self.last_key = self.last_key + 1
            told = (arrival.id, arrival.source, arrival.source_id, arrival.pmid)
            self.new.append((key, *told, at, number, arrival.content_hash, arrival.revision))
        packed, size = archive.pack(arrival.content, self.dictionary), len(arrival.content)
        what = (arrival.format, arrival.content_hash, size, self.dictionary, packed)
        self.versions.append((key, number, at, refresh, imported, *what))
        self.waiting.add(arrival.id)
        return key

    def write(self, connection: sqlite3.Connection) -> None:
        connection.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", self.new)
        changed = "UPDATE records SET current = ?, content_hash = ?, pmid = ?, revision = ? WHERE key = ?"
        connection.executemany(changed, self.changed)
        connection.executemany("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self.versions)
        for rows in (self.waiting, self.new, self.changed, self.versions):
            rows.clear()


def _pmid_version(xml: bytes) -> int:
    """A few journals have several versions of one PMID; the highest is the record."""
    found = _PMID_VERSION.search(xml)
    return int(found.group(1)) if found else 0


class Tracker(DoubtLog):
    """One ``tracker.db``: reads (``reading``), the log of refreshes (``refreshes``), doubts, and its records."""

    def known(self, source: str = "pubmed") -> dict[str, Known]:
        """Every stored record of a source by PMID."""
        statement = """
            SELECT pmid, records.content_hash, (SELECT max(gone_since) FROM absences
                                        WHERE absences.record = records.key AND back_since IS NULL), received_at,
                   coalesce(versions.refresh, 0)
            FROM records JOIN versions ON versions.record = records.key AND versions.number = records.current
            WHERE source = :source AND pmid IS NOT NULL"""
        return {row[0]: Known(row[1], row[2], row[3], row[4]) for row in self._rows(statement, source=source)}

    def store_batch(self, refresh: int, received: Iterable[Received]) -> BatchCounts:
        """Add records from efetch: new ones, and a version for each that really changed. One transaction."""
        arrivals: dict[str, Arrival] = {}
        for item in received:
            pmid = item.record.pmid or ""
            told = (PUBMED_XML, item.xml, item.content_hash, revision(item.xml))
            arrival = Arrival(f"pubmed:{pmid}", "pubmed", pmid, pmid, *told)
            earlier = arrivals.get(pmid)
            if earlier is None or _pmid_version(arrival.content) >= _pmid_version(earlier.content):
                arrivals[pmid] = arrival
        return self.add(list(arrivals.values()), refresh=refresh)

    def add_import(self, arrivals: Sequence[Arrival], log: ImportLog) -> BatchCounts:
        """Add a file's records and the log of its import, in one transaction.

        A file that was imported before and brings nothing new is not even logged again.
        """
        with self._transaction() as execute:
            statement = """INSERT INTO imports (source, file, sha256, format, imported_at, entries, problems)
                           VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id"""
            row = (log.source, log.file, log.sha256, log.format, self.now(), log.entries, log.problems)
            again = execute(
                "SELECT 1 FROM imports WHERE sha256 = ? AND source = ?", (log.sha256, log.source)
            ).fetchone()
            stored = self._current([arrival.id for arrival in arrivals])
            if again and all(stored.get(a.id, _UNKNOWN)[2] == a.content_hash for a in arrivals):
                return BatchCounts(unchanged=[arrival.id for arrival in arrivals])
            number = int(execute(statement, row).fetchone()[0])
            counts = self.add(arrivals, imported=number)
            execute(
                "UPDATE imports SET new = ?, revised = ?, unchanged = ? WHERE id = ?",
                (
                    len(counts.new),
                    len(counts.revised),
                    log.entries - log.problems - len(counts.new) - len(counts.revised),
                    number,
                ),
            )
            return counts

    def log_file(self, log: ImportLog, counts: BatchCounts) -> None:
        """One file of NLM's whose records a refresh added; see :meth:`logged_files`."""
        with self._transaction() as execute:
            execute(
                """INSERT INTO imports (source, file, sha256, format, imported_at, entries, new, revised, unchanged,
                   problems) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    *(log.source, log.file, log.sha256, log.format, self.now(), log.entries),
                    *(len(counts.new), len(counts.revised), len(counts.unchanged), log.problems),
                ),
            )

    def logged_files(self, kind: str) -> set[str]:
        """SHA-256 of every file logged with this ``format``."""
        return {row[0] for row in self._rows("SELECT sha256 FROM imports WHERE format = :kind", kind=kind)}

    def add(self, arrivals: Sequence[Arrival], refresh: int | None = None, imported: int | None = None) -> BatchCounts:
        """Add arrivals in one transaction; an arrival that equals what is stored writes nothing."""
        counts = BatchCounts()
        with self._transaction() as execute:
            stored = self._current([arrival.id for arrival in arrivals])
            fresh = [arrival for arrival in arrivals if arrival.id not in stored]
            rows = _Rows(
                last_key=execute("SELECT coalesce(max(key), 0) FROM records", ()).fetchone()[0],
                came=(self.now(), refresh, imported),
                dictionary=self._dictionary(fresh or arrivals),
            )
            for arrival in arrivals:
                key, current, content_hash = stored.get(arrival.id, _UNKNOWN)
                if content_hash != arrival.content_hash and arrival.id in rows.waiting:
                    rows.write(self.db.conn)  # twice in one batch: the first one must be there to compare with
                if key and (content_hash == arrival.content_hash or self._same(key, current, arrival)):
                    counts.unchanged.append(arrival.id)
                    continue
                key = rows.add(arrival, key, current + 1, self.archive)
                (counts.revised if current else counts.new).append(arrival.id)
                stored[arrival.id] = (key, current + 1, arrival.content_hash)
            rows.write(self.db.conn)
            if refresh is not None:
                counts.returned = self._end_absences([stored[arrival.id][0] for arrival in arrivals], rows.came[0])
        return counts

    def mark_gone(self, refresh: int, pmids: Iterable[str], reason: str = "gone from PubMed") -> int:
        """Mark records that PubMed no longer has; nothing is deleted. Returns how many were not marked before."""
        at = self.now()
        with self._transaction() as execute:
            marked = 0
            for key in self._keys(pmids).values():
                marked += execute(
                    """INSERT INTO absences (record, refresh, gone_since, reason) SELECT ?, ?, ?, ? WHERE NOT EXISTS
                       (SELECT 1 FROM absences WHERE record = ? AND (back_since IS NULL OR refresh = ?))""",
                    (key, refresh, at, reason, key, refresh),
                ).rowcount
            return marked

    def _current(self, ids: Iterable[str]) -> dict[str, tuple[int, int, str]]:
        statement = "SELECT id, key, current, content_hash FROM records WHERE id IN ({})"
        return {row[0]: (row[1], row[2], row[3]) for row in self._chunks(statement, ids)}

    def _same(self, key: int, number: int, arrival: Arrival) -> bool:
        """Whether only the spelling of the XML differs (character references, attribute order)."""
        if arrival.format != PUBMED_XML:
            return False
        row = self.db.conn.execute(
            "SELECT format, content FROM versions WHERE record = ? AND number = ?", (key, number)
        ).fetchone()
        try:
            return row[0] == PUBMED_XML and same_content(self.archive.unpack(row[1]), arrival.content)
        except ValueError:  # the stored version is damaged: what came is the one to keep
            return False

    def _dictionary(self, arrivals: Sequence[Arrival]) -> int | None:
        """The dictionary for these arrivals' format; trained on the first batches that are large enough, then fixed."""
        if not arrivals:
            return None
        kind = arrivals[0].format
        row = self.db.conn.execute("SELECT max(id) FROM dictionaries WHERE format = ?", (kind,)).fetchone()
        if row[0] is not None:
            return int(row[0])
        samples = [arrival.content for arrival in arrivals]
        if len(samples) < 200:
            earlier = self.db.conn.execute("SELECT content FROM versions WHERE format = ? LIMIT 600", (kind,))
            samples += [self.archive.unpack(packed) for (packed,) in earlier]
        content = train_dictionary(samples)
        if content is None:
            return None
        number = self.archive.add(content)
        self.db.conn.execute(
            "INSERT INTO dictionaries VALUES (?, ?, ?, ?, ?)", (number, kind, self.now(), len(samples), content)
        )
        return number

    def _end_absences(self, keys: Sequence[int], at: str) -> list[str]:
        statement = """SELECT records.key, records.id FROM records JOIN absences ON absences.record = records.key
                       WHERE back_since IS NULL AND records.key IN ({})"""
        back = dict(self._chunks(statement, [str(key) for key in keys]))
        for key in back:
            self.db.conn.execute(
                "UPDATE absences SET back_since = ? WHERE record = ? AND back_since IS NULL", (at, key)
            )
        return sorted(back.values())
