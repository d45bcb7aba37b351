"""What changed between the versions of a record, and when a notice first stood in one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from evidence.derive.citation import author_list
from evidence.derive.gather import decode
from evidence.derive.reports import Report
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


@dataclass(slots=True)
class History:
    """``changes``: rows of ``revisions``; ``since``: report → {a notice's PMID or text: when it was first received}."""

    changes: list[Row] = field(default_factory=list)
    since: dict[str, dict[str, str]] = field(default_factory=dict)

    def notice_first_seen(self, report: Report, notice: Notice, by_id: dict[str, Report], names: dict[str, str]) -> str:
        """When a notice was first received: in a version of the report, or as a record of its own.

        A notice without a PMID is known by its text, which may join several citations: the first of them counts.
        """
        named = notice.notice_pmid or notice.text
        since = self.since.get(report.id, {})
        dates = [date for name, date in since.items() if name == named or (name and name in notice.text)]
        own = by_id.get(names.get(notice.notice_pmid or "", ""))
        if own is not None:
            dates.append(max(own.first_seen, report.first_seen))
        return min(dates, default=report.first_seen)


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


def read_history(tracker: Tracker, reports: Iterable[Report], as_of: str | None) -> History:
    """The history of every record; only records of several versions are read again from the tracker."""
    history = History()
    revised = {
        name: [(v.received_at, decode(v.content, v.format)) for v in versions]
        for name, versions in tracker.revised_records(as_of)
    }
    for report in reports:
        for held in report.held:
            versions = revised.get(held.id) or [(held.first_received, held.record)]
            history.changes.extend(changes(report.id, held.id, versions))
            for name, received_at in first_notices(versions).items():
                since = history.since.setdefault(report.id, {})
                since[name] = min(since.get(name, received_at), received_at)
    return history
