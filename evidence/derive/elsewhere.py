"""What sources beside PubMed said of the reports: their notices, when each was first seen, which were asked when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from evidence.errors import StorageError
from evidence.http import Fault
from evidence.relate.notices import citation_date
from evidence.relate.types import Notice
from evidence.sources import SOURCES, Item, Reported, Source
from evidence.tracker import Tracker
from evidence.tracker.answers import Asked

NOTICE, NO_NOTICE, NOT_THERE = "notice found", "no notice found", "not found there"
# Who says so → who was asked.
SERVICE_OF = {"crossref": "crossref", "retraction_watch": "crossref", "europepmc": "europepmc", "openalex": "openalex"}


@dataclass(slots=True)
class Elsewhere:
    """``notices`` with the time each was ``first_seen``; ``checks``: (report, source) → (when last asked, outcome)."""

    notices: list[Notice] = field(default_factory=list)
    first_seen: list[str] = field(default_factory=list)
    checks: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    places: dict[tuple[str | None, ...], int] = field(default_factory=dict, repr=False)

    def asked_at(self, report: str, source: str) -> str | None:
        """When a source was last asked about a report; ``None`` when another report's answer told of it."""
        return self.checks[report, source][0] if (report, source) in self.checks else None

    def asked(self, report: str) -> bool:
        """Whether any source that knows the report was asked for notices."""
        return any((report, name) in self.checks and self.checks[report, name][1] != NOT_THERE for name in SOURCES)


def read_elsewhere(tracker: Tracker, names: Mapping[str, str], as_of: str | None) -> Elsewhere:
    """All that is stored of other sources, read; ``names`` maps PMIDs and DOIs to reports.

    Raises :class:`StorageError` when an answer is damaged, or cannot be read as it could when it came.
    """
    found = Elsewhere()
    for name in tracker.services():
        if name in SOURCES and not SOURCES[name].registry:  # a registry has no notices
            _read_source(tracker, SOURCES[name], names, as_of, found)
    order = sorted(range(len(found.notices)), key=lambda n: (found.notices[n].report, found.first_seen[n]))
    found.notices, found.first_seen = [found.notices[n] for n in order], [found.first_seen[n] for n in order]
    return found


def _read_source(
    tracker: Tracker, source: Source, names: Mapping[str, str], as_of: str | None, found: Elsewhere
) -> None:
    rows = list(tracker.asked(source.name, as_of))
    items = items_of(tracker, source, rows)
    last = {row.subject: row for row in rows}
    current = {subject: items[row.subject, row.since] for subject, row in last.items() if row.item is not None}
    since = _since(source, rows, items, current)
    noted: dict[str, None] = {}
    for subject, item in current.items():
        for said in source.reported(subject, item, current):
            if report := _report(said.subject, names):
                noted[report] = None
                _add(found, report, said, since.get(_key(said), last[subject].since))
    for subject, row in last.items():
        if report := _report(subject, names):
            outcome = NOT_THERE if row.item is None else NOTICE if report in noted else NO_NOTICE
            found.checks[report, source.name] = _later(found.checks.get((report, source.name)), row.checked_at, outcome)


def items_of(tracker: Tracker, source: Source, rows: Sequence[Asked]) -> dict[tuple[str, str], Item]:
    """(subject, since) → what was said of it, each answer unpacked once."""
    items: dict[tuple[str, str], Item] = {}
    there = sorted((row for row in rows if row.answer is not None), key=lambda row: row.answer or 0)
    for key, group in groupby(there, key=lambda row: row.answer):
        held = list(group)
        try:
            read = source.read(tracker.answer(key or 0), [row.subject for row in held])
            items.update({(row.subject, row.since): read[row.subject] for row in held})
        except (Fault, ValueError, LookupError) as error:
            raise StorageError(
                f"the answer {key} of {source.label} cannot be read ({error}); run 'evidence verify'"
            ) from error
    return items


def _since(
    source: Source, rows: Iterable[Asked], items: Mapping[tuple[str, str], Item], current: Mapping[str, Item]
) -> dict[tuple[str, ...], str]:
    """A notice → when it was first said, where what is said of its subject changed over time."""
    since: dict[tuple[str, ...], str] = {}
    for _, group in groupby(rows, key=lambda row: row.subject):
        history = [row for row in group if row.item is not None]
        for row in history if len(history) > 1 else ():
            for said in source.reported(row.subject, items[row.subject, row.since], current):
                since[_key(said)] = min(row.since, since.get(_key(said), row.since))
    return since


def _key(said: Reported) -> tuple[str, ...]:
    return said.subject, said.kind, said.source, said.doi or said.pmid or said.text


def _add(found: Elsewhere, report: str, said: Reported, first_seen: str) -> None:
    """A notice once: a paper and its notice may both tell of it."""
    date = said.date or citation_date(said.text)
    key = (report, said.kind, said.source, said.doi, said.pmid)
    number = found.places.setdefault(key, len(found.notices))
    if number < len(found.notices):
        found.first_seen[number] = min(found.first_seen[number], first_seen)
        return
    found.notices.append(Notice(report, said.kind, said.pmid, date, said.text, said.source, said.doi))
    found.first_seen.append(first_seen)


def _report(subject: str, names: Mapping[str, str]) -> str | None:
    return names.get(subject.partition(":")[2])


def _later(held: tuple[str, str] | None, checked_at: str, outcome: str) -> tuple[str, str]:
    """Of several subjects of one report: the gravest outcome, and the time of the one that was asked longest ago."""
    if held is None:
        return checked_at, outcome
    order = (NOTICE, NO_NOTICE, NOT_THERE)
    return min(held[0], checked_at), min(held[1], outcome, key=order.index)


def repeats(notices: Sequence[Notice], first_seen: Sequence[str]) -> Iterator[bool]:
    """For each notice, whether another source had told of one of its kind on its report before, or at the same time."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for notice, seen in zip(notices, first_seen, strict=True):
        key, told = (notice.report, notice.kind), (seen, "" if notice.source == "pubmed" else notice.source)
        first[key] = min(first.get(key, told), told)
    for notice in notices:
        source = "" if notice.source == "pubmed" else notice.source
        yield first[notice.report, notice.kind][1] != source
