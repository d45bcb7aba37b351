"""What sources beside PubMed said of the reports: their notices, when each was first seen, which were asked when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from evidence.bibliography.normal import normal_title
from evidence.errors import StorageError
from evidence.http import Fault
from evidence.relate.notices import citation_date
from evidence.relate.types import Notice
from evidence.sources import SOURCES, Item, Reported, Source, retractionwatch
from evidence.tracker import Tracker
from evidence.tracker.answers import Asked

NOTICE, NO_NOTICE, NOT_THERE = "notice found", "no notice found", "not found there"
# Who says so → who was asked.
SERVICE_OF = {
    "crossref": "crossref", "retraction_watch": "crossref", "europepmc": "europepmc", "openalex": "openalex",
    retractionwatch.SAID_BY: retractionwatch.NAME,
}  # fmt: skip


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
        services = (*(name for name, source in SOURCES.items() if source.notices), retractionwatch.NAME)
        return any((report, name) in self.checks and self.checks[report, name][1] != NOT_THERE for name in services)


def read_elsewhere(
    tracker: Tracker,
    names: Mapping[str, str],
    as_of: str | None,
    title_of: Callable[[str], str] = lambda report: "",
    reports: Iterable[str] = (),
) -> Elsewhere:
    """All that is stored of other sources, read; ``names`` maps PMIDs and DOIs to reports, which have titles.

    ``reports``: all that a list of everything says something of, if only that they are not in it. Raises
    :class:`StorageError` when an answer is damaged, or cannot be read as it could when it came.
    """
    found = Elsewhere()
    for name in tracker.services():
        if name in SOURCES and SOURCES[name].notices and not SOURCES[name].registry:
            _read_source(tracker, SOURCES[name], _Naming(names, title_of), as_of, found)
        elif name == retractionwatch.NAME:
            _read_list(tracker, _Naming(names, title_of), as_of, found, reports)
    order = sorted(range(len(found.notices)), key=lambda n: (found.notices[n].report, found.first_seen[n]))
    found.notices, found.first_seen = [found.notices[n] for n in order], [found.first_seen[n] for n in order]
    return found


def _read_source(tracker: Tracker, source: Source, naming: _Naming, as_of: str | None, found: Elsewhere) -> None:
    rows = list(tracker.asked(source.name, as_of))
    items = items_of(tracker, source, rows)
    last = {row.subject: row for row in rows}
    current = {subject: items[row.subject, row.since] for subject, row in last.items() if row.item is not None}
    since = _since(source, rows, items, current)
    noted: dict[str, None] = {}
    for subject, item in current.items():
        for said in source.reported(subject, item, current):
            if report := naming.report(said):
                noted[report] = None
                _add(found, report, said, since.get(_key(said), last[subject].since))
    for subject, row in last.items():
        if report := naming.known(subject):
            outcome = NOT_THERE if row.item is None else NOTICE if report in noted else NO_NOTICE
            found.checks[report, source.name] = _later(found.checks.get((report, source.name)), row.checked_at, outcome)


def items_of(tracker: Tracker, source: Source, rows: Sequence[Asked]) -> dict[tuple[str, str], Item]:
    """(subject, since) → what was said of it, each answer unpacked once."""
    items: dict[tuple[str, str], Item] = {}
    there = sorted((row for row in rows if row.answer is not None), key=lambda row: row.answer or 0)
    for key, group in groupby(there, key=lambda row: row.answer):
        held = list(group)
        read = items_of_answer(tracker, source.label, source.read, key or 0, held)
        items.update({(row.subject, row.since): read[row.subject] for row in held})
    return items


Read = Callable[[bytes, Sequence[str]], dict[str, Item]]


def items_of_answer(tracker: Tracker, label: str, read: Read, key: int, rows: Sequence[Asked]) -> dict[str, Item]:
    """What an answer says of the subjects of these rows. Raises :class:`StorageError` when it is damaged."""
    try:
        found = read(tracker.answer(key), [row.subject for row in rows])
        return {row.subject: found[row.subject] for row in rows}
    except (Fault, ValueError, LookupError) as error:
        raise StorageError(f"the answer {key} of {label} cannot be read ({error}); run 'evidence verify'") from error


def last_items(tracker: Tracker, source: Source, as_of: str | None) -> Iterator[tuple[Asked, Item]]:
    """What a source last said of every subject, an answer at a time."""
    last = {row.subject: row for row in tracker.asked(source.name, as_of)}
    there = sorted((row for row in last.values() if row.answer is not None), key=lambda row: (row.answer, row.subject))
    for key, group in groupby(there, key=lambda row: row.answer):
        rows = list(group)
        items = items_of_answer(tracker, source.label, source.read, key or 0, rows)
        yield from ((row, items[row.subject]) for row in rows)


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
    key = (report, said.kind, said.source, said.pmid or said.doi or date)
    number = found.places.setdefault(key, len(found.notices))
    if number < len(found.notices):
        found.first_seen[number] = min(found.first_seen[number], first_seen)
        return
    found.notices.append(Notice(report, said.kind, said.pmid, date, said.text, said.source, said.doi))
    found.first_seen.append(first_seen)


@dataclass(frozen=True, slots=True)
class _Naming:
    """Which report is meant."""

    names: Mapping[str, str]
    title_of: Callable[[str], str]

    def known(self, subject: str) -> str | None:
        return self.names.get(subject.partition(":")[2])

    def report(self, said: Reported) -> str | None:
        """Where identifiers of one paper lead to two reports, that with the paper's title, else the first's."""
        reports = list(dict.fromkeys(filter(None, map(self.known, (said.subject, *said.also)))))
        if len(reports) > 1:
            title = normal_title(said.title)
            return next((report for report in reports if normal_title(self.title_of(report)) == title), reports[0])
        return reports[0] if reports else None


def _read_list(tracker: Tracker, naming: _Naming, as_of: str | None, found: Elsewhere, reports: Iterable[str]) -> None:
    """Retraction Watch's list: few of its many rows are about reports, and only those are kept in mind.

    A whole list that does not name a report says that nothing was found up to its newest notice, not up to the day on
    which it was imported.
    """
    last: dict[str, str] = {}
    by_answer: dict[int, list[Asked]] = {}
    for row in tracker.asked(retractionwatch.NAME, as_of):
        last[row.subject] = row.since
        if row.answer is not None:
            by_answer.setdefault(row.answer, []).append(row)
    imported = tracker.last_whole(retractionwatch.NAME, as_of)
    told: dict[tuple[str, ...], tuple[str, str, Reported]] = {}
    since: dict[tuple[str, ...], str] = {}
    newest = ""
    for key, rows in sorted(by_answer.items()):
        items = items_of_answer(tracker, retractionwatch.LABEL, retractionwatch.read, key, rows)
        for row in rows:
            item = items[row.subject]
            date = retractionwatch.date_of(item) or ""
            newest = max(newest, date) if imported and date <= imported[:10] else newest
            for said in retractionwatch.reported(row.subject, item):
                if report := naming.report(said):
                    since[_key(said)] = min(row.since, since.get(_key(said), row.since))
                    if last[row.subject] == row.since:
                        told[row.subject, said.kind] = report, row.checked_at, said
    for report, checked_at, said in told.values():
        _add(found, report, said, since[_key(said)])
        found.checks[report, retractionwatch.NAME] = checked_at, NOTICE
    for report in reports if imported and newest else ():
        found.checks.setdefault((report, retractionwatch.NAME), (f"{newest}T00:00:00Z", NO_NOTICE))


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
