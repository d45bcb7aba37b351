"""What a build knows before it writes the first row: reports, what stands between them, what claims rest on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evidence.derive.claim_rows import source_states
from evidence.derive.gather import gather
from evidence.derive.history import History, read_history
from evidence.derive.inputs import Inputs
from evidence.derive.reopening import reopenings
from evidence.derive.reports import Report, aliases, apply_hand_tags, make_reports
from evidence.derive.topic_rows import Presence, presences
from evidence.ledger.reopening import Reopening
from evidence.project import Project
from evidence.relate import Related, relate
from evidence.tagging import Tagger
from evidence.tracker import Tracker

Progress = Callable[[str, int, int | None], None]


@dataclass(slots=True)
class Derived:
    """Everything derived. ``names`` maps every id ever shown to its report, ``notice_dates`` go with the notices."""

    reports: list[Report]
    names: dict[str, str]
    related: Related
    history: History
    notice_dates: list[str]
    presence: dict[tuple[str, str], Presence]
    refreshes: list[dict[str, Any]]
    topic_refreshes: list[dict[str, Any]]
    source_states: dict[str, dict[str, Any]]
    reopenings: list[Reopening]
    log: list[str]

    @property
    def starter_only(self) -> bool:
        return bool(self.reports) and all(held.source == "starter" for report in self.reports for held in report.held)


def derive(project: Project, tracker: Tracker, inputs: Inputs, as_of: str | None, tell: Progress) -> Derived:
    """Derive everything from what the tracker held on ``as_of``; ``tell`` is called with stage, done, total."""
    topic_refreshes = tracker.topic_refreshes(as_of)
    total = sum(tracker.counts().values())
    held = gather(
        tracker,
        project.vocabulary,
        as_of,
        _left_out(inputs, topic_refreshes),
        lambda done: tell("reading and tagging records", done, total),
    )
    tell("de-duplicating", 0, None)
    reports, log = make_reports(held, inputs.decisions, Tagger(inputs.vocabulary).tag)
    names = aliases(reports)
    log += apply_hand_tags(reports, names, inputs.hand_tags)
    tell("relating", 0, None)
    related = relate({report.id: report.record for report in reports}, names, inputs.groups)
    by_id = {report.id: report for report in reports}
    for name in related.issued:
        by_id[name].record.kind = "notice"  # where no type said so, as in a journal's own "Retracted: TITLE"
    history = read_history(tracker, reports, as_of)
    dates = [history.notice_first_seen(by_id[n.report], n, by_id, names) for n in related.notices]
    states = source_states(inputs.ledger.sources, {row["id"]: row for row in tracker.source_states(as_of)}, names)
    presence = presences(tracker.memberships(as_of), {h.id: report.id for report in reports for h in report.held})
    reasons = reopenings(
        inputs.ledger, inputs.vocabulary, by_id, zip(related.notices, dates, strict=True), states, presence
    )
    return Derived(
        reports=reports,
        names=names,
        related=related,
        history=history,
        notice_dates=dates,
        presence=presence,
        refreshes=tracker.refreshes(as_of),
        topic_refreshes=topic_refreshes,
        source_states=states,
        reopenings=reasons,
        log=[*log, *related.log],
    )


def _left_out(inputs: Inputs, topic_refreshes: list[dict[str, Any]]) -> frozenset[str]:
    """The starter library is left out once every topic has been fetched: PubMed's own records stand for its."""
    fetched = {row["topic"] for row in topic_refreshes if not row["error"]}
    return frozenset({"starter"}) if inputs.topics and {t.id for t in inputs.topics} <= fetched else frozenset()
