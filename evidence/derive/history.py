"""What changed between the versions of a record, and when a notice first stood in one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from evidence.derive.citation import author_list
from evidence.derive.held import decode
from evidence.derive.reports import Reports
from evidence.derive.rows import Row
from evidence.record import Record
from evidence.relate import Notice
from evidence.tracker import Tracker

# Field → how it reads on the history of a report's page.
FIELDS: dict[str, Callable[[Record], Any]] = {
    "title": lambda r: r.title,
    "abstract": lambda r: r.abstract_text(),
    "authors": lambda r: author_list(r.authors),
    "journal": lambda r: r.journal_abbreviation or r.journal,
    "year": lambda r: str(r.year or ""),
    "publication_date": lambda r: r.publication_date,
    "volume": lambda r: r.volume,
    "issue": lambda r: r.issue,
    "pages": lambda r: r.pages,
    "doi": lambda r: r.doi or "",
    "publication_types": lambda r: "; ".join(sorted(r.type_names())),
    "mesh": lambda r: "; ".join(sorted(m.heading for m in r.mesh)),
    "notices": lambda r: "; ".join(sorted(f"{c.ref_type} {c.pmid or c.ref_source}".strip() for c in r.corrections)),
    "conflict_statement": lambda r: r.conflict_statement,
}


class History:
    """The history of reports, read again from the tracker for those that somebody asks about."""

    def __init__(self, tracker: Tracker, reports: Reports, as_of: str | None):
        self._tracker, self._reports, self._as_of = tracker, reports, as_of
        # The records that were received more than once, with their reports, in the reports' order.
        self._revised = [
            (name, arrived.id) for name, slip in reports.slips() for arrived in slip.records if arrived.versions > 1
        ]

    def changes(self) -> Iterator[Row]:
        """Rows of ``revisions``: what changed in every record that was received more than once."""
        for report, record in self._revised:
            yield from changes(report, record, self._versions(record))

    def notice_first_seen(self, notice: Notice, names: Mapping[str, str]) -> str:
        """When a notice was first received: in a version of the report, or as a record of its own.

        A notice without a PMID is known by its text, which may join several citations: the first of them counts.
        ``names`` has every id that was ever shown for a report.
        """
        first_seen = self._reports.slip(notice.report).first_seen
        named = notice.notice_pmid or notice.text
        since = self._since(notice.report)
        dates = [date for name, date in since.items() if name == named or (name and name in notice.text)]
        own = names.get(notice.notice_pmid or "")
        if own is not None and own in self._reports:
            dates.append(max(self._reports.slip(own).first_seen, first_seen))
        return min(dates, default=first_seen)

    def _since(self, report: str) -> dict[str, str]:
        """A notice's PMID or text → when it was first received in a version of one of the report's records."""
        since: dict[str, str] = {}
        for arrived, slip in self._reports.own_slips(report):
            several = arrived.versions > 1
            versions = self._versions(arrived.id) if several else [(arrived.first_received, slip.record)]
            for name, received_at in first_notices(versions).items():
                since[name] = min(since.get(name, received_at), received_at)
        return since

    def _versions(self, record: str) -> list[tuple[str, Record]]:
        return [(v.received_at, decode(v.content, v.format)) for v in self._tracker.versions(record, self._as_of)]


def changes(report: str, record: str, versions: Sequence[tuple[str, Record]]) -> Iterator[Row]:
    """Rows of ``revisions``: every field that differs between one version, ``(received_at, record)``, and the next."""
    for (_, before), (received_at, after) in pairwise(versions):
        for name, read in FIELDS.items():
            old, new = read(before), read(after)
            if old != new:
                row: dict[str, Any] = {
                    "report": report,
                    "record": record,
                    "field": name,
                    "old": old,
                    "new": new,
                    "received_at": received_at,
                }
                yield "revisions", row


def first_notices(versions: Iterable[tuple[str, Record]]) -> dict[str, str]:
    """For every related PMID, or text where there is none, the first version that names it."""
    found: dict[str, str] = {}
    for received_at, record in versions:
        for correction in record.corrections:
            found.setdefault(correction.pmid or correction.ref_source, received_at)
    return found
