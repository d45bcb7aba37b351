"""Records become reports: one cluster of records, one merged record, one id that stays."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import overload

from evidence.deduplicate import Item, Merge, merge_records, prepare_record
from evidence.deduplicate.columns import Columns
from evidence.deduplicate.pipeline import deduplicate_items
from evidence.deduplicate.types import Decisions, Deduplication
from evidence.derive.digest import Digest, Members
from evidence.derive.gather import Gathering
from evidence.derive.held import hold
from evidence.derive.slips import Arrived, Slip
from evidence.packed import Spool
from evidence.record import Record
from evidence.tagging import HandTags
from evidence.tracker import Stored, Tracker

# Slips and items kept unpacked: blocks that follow one another share members.
_KEPT = 8192


class Stock:
    """Digests by number, on the disk: those of the records first, each under its position, then those of reports."""

    def __init__(self, directory: Path):
        self.slips, self._rows = Spool(directory), Spool(directory)

    def add(self, digest: Digest) -> int:
        self._rows.append(digest.rows)
        return self.slips.append(digest.slip)

    def slip(self, number: int) -> Slip:
        return Slip(self.slips[number])

    def rows(self, number: int) -> bytes:
        return self._rows[number]

    def close(self) -> None:
        self.slips.close()
        self._rows.close()


class Records:
    """The records that a build reads, in the tracker's order: their keys there, and their digests in the stock."""

    def __init__(self, tracker: Tracker, as_of: str | None, stock: Stock, made: Iterable[Stored] = ()):
        """``made``: records made of other answers that the tracker holds, with keys of their own."""
        self._tracker, self._as_of, self.stock = tracker, as_of, stock
        self._made = {stored.key: stored for stored in made}
        self._keys = array("Q")
        self.sources: set[str] = set()

    def __len__(self) -> int:
        return len(self._keys)

    def read(self, left_out: Collection[str] = ()) -> Iterator[Stored]:
        """Every record that is held, of no source in ``left_out``; each takes the next position as it is read."""
        for stored in self._tracker.stored(self._as_of):
            if stored.source not in left_out:
                self._keys.append(stored.key)
                self.sources.add(stored.source)
                yield stored
        for stored in self._made.values():
            self._keys.append(stored.key)
            yield stored

    def members(self, positions: Sequence[int], merges: Iterable[Merge] = ()) -> Members:
        """The records at these positions as the tracker holds them; ``merges`` are renumbered within them."""
        place = {position: index for index, position in enumerate(positions)}
        renumbered = [Merge(place[m.left], place[m.right], m.rule, m.score, m.why) for m in merges]
        return [self._stored(self._keys[p]) for p in positions], renumbered

    def _stored(self, key: int) -> Stored:
        return self._made.get(key) or self._tracker.stored_at([key], self._as_of)[0]

    def whole(self, position: int) -> Record:
        """A record with everything, read again from the tracker."""
        (stored,) = self.members([position])[0]
        return hold(stored, self._tracker.archive).record


class Items(Sequence[Item]):
    """What de-duplication compares of each record, prepared when it is asked for."""

    def __init__(self, stock: Stock, size: int):
        self._size = size
        self._item = lru_cache(_KEPT)(lambda position: prepare_record(stock.slip(position).record))

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, position: int) -> Item: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Item]: ...
    def __getitem__(self, position: int | slice) -> Item | Sequence[Item]:
        if isinstance(position, slice):
            return [self[at] for at in range(self._size)[position]]
        if not 0 <= position < self._size:
            raise IndexError(position)
        return self._item(position)


def deduplicate_records(records: Records, columns: Columns, decisions: Decisions) -> Deduplication:
    """De-duplicate what is held. ``columns`` are the records'; they are used up."""

    def represent(positions: Sequence[int]) -> Item:
        return prepare_record(merge_records([records.whole(position) for position in positions]).record)

    return deduplicate_items(Items(records.stock, len(records)), represent, decisions, columns)


class Reports(Mapping[str, Record]):
    """The reports in the order of their ids: ``reports[id]`` is what a slip has of its record, ``slip(id)`` the slip.

    In memory are an id, its place and two numbers for each, 170 bytes.
    """

    def __init__(self, stock: Stock, clusters: Clusters, named: list[tuple[str, int]]):
        """``clusters`` says which records make which report, ``named`` has each report's id and number there."""
        self._stock, self._clusters = stock, clusters
        named.sort(key=lambda pair: (len(pair[0]), pair[0]))
        self.ids = [name for name, _ in named]
        self._origins = array("I", (number for _, number in named))
        self._digests = array("I", self._origins)
        self._at = {name: at for at, name in enumerate(self.ids)}
        self._slip = lru_cache(_KEPT)(stock.slip)

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def __contains__(self, name: object) -> bool:
        return name in self._at

    def __getitem__(self, name: str) -> Record:
        return self.slip(name).record

    def place(self, name: str) -> int:
        """The place of a report in the order."""
        return self._at[name]

    def slip(self, name: str) -> Slip:
        """Raises ``KeyError`` when there is no such report."""
        return self._slip(self._digests[self._at[name]])

    def slips(self) -> Iterator[tuple[str, Slip]]:
        """Every report's, in order, each unpacked once and not kept."""
        for name, number in zip(self.ids, self._digests, strict=True):
            yield name, self._stock.slip(number)

    def rows(self) -> Iterator[tuple[str, bytes]]:
        """The packed rows of every report, in order."""
        for name, number in zip(self.ids, self._digests, strict=True):
            yield name, self._stock.rows(number)

    def replace(self, name: str, number: int) -> None:
        """Another digest for a report."""
        at = self._at[name]
        self._digests[at] = number

    def members(self, name: str, records: Records) -> Members:
        """The records of a report as the tracker holds them."""
        number = self._origins[self._at[name]]
        return records.members(self._clusters.positions(number), self._clusters.merges(number))

    def own_slips(self, name: str) -> Iterator[tuple[Arrived, Slip]]:
        """Each record of a report with the slip that it has by itself."""
        positions = self._clusters.positions(self._origins[self._at[name]])
        for arrived, position in zip(self.slip(name).records, positions, strict=True):
            yield arrived, self._stock.slip(position)


class Clusters:
    """Which records make which report. A report's number is its record's position, or stands behind all positions."""

    def __init__(self, found: Deduplication):
        self._size = found.size
        self._joined = found.joined
        self._merges: list[list[Merge]] = [[] for _ in found.joined]
        self._cluster_of = {position: at for at, cluster in enumerate(found.joined) for position in cluster}
        for merge in found.merges:
            self._merges[self._cluster_of[merge.left]].append(merge)

    def __len__(self) -> int:
        return self._size - len(self._cluster_of) + len(self._joined)

    def numbers(self) -> Iterator[int]:
        """The number of every report, in the order of its first record."""
        for position in range(self._size):
            at = self._cluster_of.get(position)
            if at is None:
                yield position
            elif self._joined[at][0] == position:
                yield self._size + at

    def positions(self, number: int) -> list[int]:
        return [number] if number < self._size else self._joined[number - self._size]

    def merges(self, number: int) -> list[Merge]:
        return [] if number < self._size else self._merges[number - self._size]

    def several(self) -> range:
        """The numbers of the reports of several records."""
        return range(self._size, self._size + len(self._joined))


def make_reports(records: Records, found: Deduplication, gathering: Gathering) -> tuple[Reports, list[str]]:
    """The reports of de-duplicated records, and the log of what was skipped.

    A report of one record keeps the digest made with it; one of several is digested again from the merged record.
    """
    clusters = Clusters(found)
    stock = records.stock
    several = (records.members(clusters.positions(n), clusters.merges(n)) for n in clusters.several())
    for digest in gathering.digests(several, len(clusters.several())):
        stock.add(digest)
    named = [(stock.slip(number).id, number) for number in clusters.numbers()]
    others, log = _own_ids(stock, named)
    reports = Reports(stock, clusters, [(others.get(number, name), number) for name, number in named])
    for name in others.values():
        reports.replace(name, stock.add(gathering.digester.report(reports.members(name, records), name)))
    return reports, [*found.log, *log]


def _own_ids(stock: Stock, named: Iterable[tuple[str, int]]) -> tuple[dict[int, str], list[str]]:
    """Where reports that are not one have one PMID, PubMed's own keeps it as its id, or else the first received.

    The others are known by their records' ids: returned by the reports' numbers, with a line for each. A wrong PMID in
    an imported file does that.
    """
    first: dict[str, int] = {}
    rivals: dict[str, list[int]] = {}
    for name, number in named:
        if first.setdefault(name, number) != number:
            rivals.setdefault(name, [first[name]]).append(number)
    ids: dict[int, str] = {}
    log: list[str] = []
    order = {name: at for at, name in enumerate(first)} if rivals else {}
    for name in sorted(rivals, key=order.__getitem__):
        keeper, *others = sorted(rivals[name], key=lambda number: _claim_to_id(stock.slip(number)))
        for number in others:
            ids[number] = _first_received(stock.slip(number)).id
            title = stock.slip(keeper).record.title[:80]
            log.append(f"{ids[number]}: has the PMID {name} of another title ({title}); one is wrong")
    return ids, log


def _claim_to_id(slip: Slip) -> tuple[bool, str, str]:
    first = _first_received(slip)
    return (all(arrived.source != "pubmed" for arrived in slip.records), first.first_received, first.id)


def _first_received(slip: Slip) -> Arrived:
    return min(slip.records, key=lambda arrived: (arrived.first_received, arrived.id))


class Aliases(Mapping[str, str]):
    """Every id that was ever shown for a report: its own, its records', their PMIDs, DOIs and PMC numbers → the report.

    They stand in the table ``report_ids`` of the database that is being built.
    """

    def __init__(self, conn: sqlite3.Connection):
        self._conn = conn

    @classmethod
    def fill(cls, conn: sqlite3.Connection, reports: Reports) -> Aliases:
        """Where two reports have one DOI (a supplement), the first keeps it: an id must lead to one place."""
        insert = "INSERT OR IGNORE INTO report_ids(id, report) VALUES (?, ?)"
        conn.executemany(insert, ((name, name) for name in reports))
        conn.executemany(insert, ((alias, name) for name, slip in reports.slips() for alias in slip.names))
        return cls(conn)

    def __getitem__(self, name: str) -> str:
        row = self._conn.execute("SELECT report FROM report_ids WHERE id = ?", (name,)).fetchone()
        if row is None:
            raise KeyError(name)
        found: str = row[0]
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for (name,) in self._conn.execute("SELECT id FROM report_ids"))

    def __len__(self) -> int:
        count: int = self._conn.execute("SELECT count(*) FROM report_ids").fetchone()[0]
        return count


def apply_hand_tags(
    records: Records, reports: Reports, aliases: Aliases, hand_tags: HandTags, gathering: Gathering
) -> list[str]:
    """Correct the tags of the reports that maintainers spoke of; returns a line for every entry that names none."""
    if not hand_tags.entries:
        return []
    for name in sorted({aliases[entry.report] for entry in hand_tags.entries if entry.report in aliases}):
        known_as = [alias for alias in (name, *reports.slip(name).names) if aliases[alias] == name]
        members = reports.members(name, records)
        reports.replace(name, records.stock.add(gathering.digester.report(members, name, hand_tags, known_as)))
    return [
        f"queries/hand_tags.yml:{entry.line}: no report is known as {entry.report}; the entry changed nothing"
        for entry in hand_tags.unmatched(aliases)
    ]
