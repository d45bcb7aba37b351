"""What a build knows before it writes the first report: reports, what stands between them, what claims rest on.

Records pass through one at a time. What stays of each is on the disk (:mod:`slips`), in memory are keys.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evidence.deduplicate.columns import Columns
from evidence.derive.claim_rows import source_states
from evidence.derive.digest import Digester
from evidence.derive.elsewhere import Elsewhere, read_elsewhere
from evidence.derive.gather import Gathering
from evidence.derive.history import History
from evidence.derive.inputs import Inputs
from evidence.derive.reopening import reopenings
from evidence.derive.reports import Aliases, Records, Reports, Stock, apply_hand_tags, deduplicate_records, make_reports
from evidence.derive.rows import Row
from evidence.derive.topic_rows import Presences
from evidence.derive.trials import link_trials, read_registry, trial_rows
from evidence.derive.write import Writer
from evidence.ledger.reopening import Reopening
from evidence.project import Project
from evidence.relate import Related, relate
from evidence.relate.notices import find_statuses
from evidence.relate.trial_links import sort_of
from evidence.tracker import Archive, Tracker

TOLD_EVERY = 250  # records

Progress = Callable[[str, int, int | None], None]


@dataclass(slots=True)
class Derived:
    """Everything derived. ``names`` maps every id ever shown to its report, ``notice_dates`` go with the notices."""

    records: int
    starter_only: bool
    reports: Reports
    names: Aliases
    related: Related
    elsewhere: Elsewhere
    trials: list[Row]
    history: History
    notice_dates: list[str]
    presence: Presences
    refreshes: list[dict[str, Any]]
    topic_refreshes: list[dict[str, Any]]
    source_states: dict[str, dict[str, Any]]
    reopenings: list[Reopening]
    log: list[str]


def derive(
    project: Project, tracker: Tracker, inputs: Inputs, as_of: str | None, stock: Stock, writer: Writer, tell: Progress
) -> Derived:
    """Derive everything from what the tracker held on ``as_of``; ``tell`` is called with stage, done, total.

    ``stock`` takes what is kept of every report, ``writer`` the first table: every id and the report it leads to.
    """
    topic_refreshes = tracker.topic_refreshes(as_of)
    left_out = _left_out(inputs, topic_refreshes)
    dictionaries = tracker.dictionaries()
    gathering = Gathering(Digester(inputs.vocabulary, Archive(dictionaries)), project.vocabulary, dictionaries)
    registry = read_registry(tracker, inputs.topics, as_of)
    records = Records(tracker, as_of, stock, registry.stored(tracker))
    reports, log = _reports(tracker, inputs, records, left_out, gathering, tell)
    names = Aliases.fill(writer.db.conn, reports)
    log += apply_hand_tags(records, reports, names, inputs.hand_tags, gathering)
    tell("relating", 0, None)

    def sort(report: str) -> str:
        return sort_of(reports[report])

    cards = (slip.card for _, slip in reports.slips())
    related = relate(reports, names, inputs.groups, cards, registry.results(names, sort))
    history = History(tracker, reports, as_of)
    dates = [history.notice_first_seen(notice, names) for notice in related.notices]
    identified = (name for name, slip in reports.slips() if slip.record.doi or slip.record.pmid)
    elsewhere = read_elsewhere(tracker, names, as_of, lambda report: reports[report].title, identified)
    related.notices += elsewhere.notices
    dates += elsewhere.first_seen
    related.statuses = find_statuses(related.notices)
    named = ((name, slip.record.year, slip.trial_links) for name, slip in reports.slips())
    trials = link_trials(registry, named, names, sort)
    states = source_states(inputs.ledger.sources, {row["id"]: row for row in tracker.source_states(as_of)}, names)
    presence = Presences(tracker.memberships(as_of), names, reports)
    return Derived(
        records=len(records),
        starter_only=len(records) > 0 and records.sources == {"starter"},
        reports=reports,
        names=names,
        related=related,
        elsewhere=elsewhere,
        trials=list(trial_rows(trials, related.studies, related.statuses)),
        history=history,
        notice_dates=dates,
        presence=presence,
        refreshes=tracker.refreshes(as_of),
        topic_refreshes=topic_refreshes,
        source_states=states,
        reopenings=reopenings(inputs, reports, related, dates, states, presence),
        log=[*log, *related.log],
    )


def _reports(
    tracker: Tracker,
    inputs: Inputs,
    records: Records,
    left_out: frozenset[str],
    gathering: Gathering,
    tell: Progress,
) -> tuple[Reports, list[str]]:
    """The reports of everything that is held, and the log of what was skipped."""
    total = sum(tracker.counts().values())
    columns = Columns()
    for digest in gathering.digests(records.read(left_out), total):
        records.stock.add(digest)
        if digest.compared:
            columns.append(digest.compared)
        if len(columns) % TOLD_EVERY == 0:
            tell("reading and tagging records", len(columns), total)
    tell("reading and tagging records", len(columns), total)
    tell("de-duplicating", 0, None)
    found = deduplicate_records(records, columns, inputs.decisions)
    del columns
    reports, log = make_reports(records, found, gathering)
    return reports, log


def _left_out(inputs: Inputs, topic_refreshes: list[dict[str, Any]]) -> frozenset[str]:
    """The starter library is left out once every topic has been fetched: PubMed's own records stand for its."""
    fetched = {row["topic"] for row in topic_refreshes if not row["error"]}
    return frozenset({"starter"}) if inputs.topics and {t.id for t in inputs.topics} <= fetched else frozenset()
