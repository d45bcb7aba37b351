"""Registered trials as their registry gave them, their reports, and how far each has come."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from evidence.derive.elsewhere import items_of_answer
from evidence.derive.rows import Row
from evidence.errors import StorageError
from evidence.http import Fault
from evidence.model import NOT_EVIDENCE_STATUSES
from evidence.record import to_json
from evidence.relate.trial_links import BASES, NOTICE, RESULTS, REVIEW, Link, registry_link, timely
from evidence.relate.types import Study
from evidence.sources import SOURCES, Source, clinicaltrials
from evidence.sources.held import held_pages
from evidence.topics import Topic
from evidence.tracker import RECORD_JSON, Stored, Tracker
from evidence.tracker.answers import Asked
from evidence.trial import Trial, first_state, progress_of

# A lead sponsor of these classes is a funder of a kind; the others (network, university, hospital, charity) may be any.
FUNDERS = {"INDUSTRY": "industry", "NIH": "public", "FED": "public", "OTHER_GOV": "public"}
SPONSOR = "registry"
_SPONSORED = f"""
    INSERT OR IGNORE INTO report_funding(report, funding, rule, source)
    SELECT x.report, ?, 'lead sponsor of ' || t.number || ', by ClinicalTrials.gov: ' || coalesce(t.sponsor, 'no name')
        || ' (' || t.sponsor_class || ')', '{SPONSOR}'
    FROM trial_reports x JOIN trials t ON t.number = x.trial
    WHERE x.relation IN ('results', 'protocol', 'registration') AND t.sponsor_class = ? ORDER BY t.number"""
_STATED_NOW = f"""
    DELETE FROM report_funding WHERE funding = 'not_stated'
    AND report IN (SELECT report FROM report_funding WHERE source = '{SPONSOR}')"""
# The tracker numbers its records from 1; what is made of answers is numbered from here.
FIRST_KEY = 1 << 62


@dataclass(frozen=True, slots=True)
class Registered:
    """A trial as last given: ``since`` when that was new, ``first_seen`` ever; ``planned``: the last enrolment that was
    given as an estimate, and when it was last given; ``changes``: ``(time, what)``."""

    trial: Trial
    first_seen: str
    since: str
    asked_at: str
    planned: tuple[int, str] | None
    changes: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Registry:
    """What ClinicalTrials.gov said: trials by number, and numbers by topic."""

    trials: dict[str, Registered] = field(default_factory=dict)
    topics: dict[str, list[str]] = field(default_factory=dict)

    def stored(self, tracker: Tracker) -> Iterator[Stored]:
        """The records of the registrations, as if the tracker held them."""
        for place, held in enumerate(self.trials.values()):
            record = clinicaltrials.record_of(held.trial)
            packed = tracker.archive.pack(to_json(record).encode(), None)
            yield Stored(
                key=FIRST_KEY + place,
                id=record.id,
                source=record.source,
                source_id=record.source_id,
                pmid=None,
                format=RECORD_JSON,
                packed=packed,
                first_received=held.first_seen,
                last_received=held.asked_at,
                versions=1,
                gone_since=None,
                archive=tracker.archive,
            )

    def results(self, names: Mapping[str, str], sort: Callable[[str], str]) -> dict[str, list[tuple[str, str]]]:
        """Report → the trials whose registry lists it among the reports of their results."""
        found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for number, held in self.trials.items():
            for kind, pmid in held.trial.references:
                if kind == "RESULT" and (report := names.get(pmid)) and sort(report) not in (NOTICE, REVIEW):
                    found[report].append((clinicaltrials.REGISTRY, number))
        return found


def read_registry(tracker: Tracker, topics: Iterable[Topic], as_of: str | None) -> Registry:
    """All that is stored of the registry. Raises :class:`StorageError` when an answer is damaged."""
    source = SOURCES[clinicaltrials.NAME]
    registry = Registry()
    if source.name not in tracker.services():
        return registry
    asked = list(tracker.asked(source.name, as_of))
    rows = [row for row in asked if row.subject.startswith("nct:")]
    searched = [row for row in asked if row.subject.startswith("search:")]
    read = _read_answers(tracker, source, rows)
    for _, group in groupby(rows, key=lambda row: row.subject):
        if history := [(row, read[row.subject, row.since]) for row in group if row.answer is not None]:
            held = _registered(history)
            registry.trials.setdefault(held.trial.number, held)
    registry.trials = dict(sorted(registry.trials.items()))
    for topic in topics:
        if topic.trials and source.registry:
            try:
                pages = held_pages(source.registry, searched, tracker.answer, topic.trials)
                registry.topics[topic.id] = [number for page in pages for number in page]
            except (Fault, ValueError) as error:
                raise StorageError(
                    f"a search of {source.label} cannot be read ({error}); run 'evidence verify'"
                ) from error
    return registry


def _read_answers(tracker: Tracker, source: Source, rows: Sequence[Asked]) -> dict[tuple[str, str], Trial]:
    """(subject, since) → the trial as given then. Of an answer, unpacked once, only that is kept."""
    read: dict[tuple[str, str], Trial] = {}
    there = sorted((row for row in rows if row.answer is not None), key=lambda row: row.answer or 0)
    for key, group in groupby(there, key=lambda row: row.answer):
        of_answer = list(group)
        items = items_of_answer(tracker, source.label, source.read, key or 0, of_answer)
        read.update({(row.subject, row.since): clinicaltrials.trial_of(items[row.subject]) for row in of_answer})
    return read


def _registered(history: Sequence[tuple[Asked, Trial]]) -> Registered:
    last, trial = history[-1]
    estimates = [(t.enrolment, row.checked_at) for row, t in history if t.enrolment_type == "ESTIMATED"]
    planned = next(((count, at) for count, at in reversed(estimates) if count is not None), None)
    changes = [(history[0][0].since, f"first seen with the status {history[0][1].status or '(none)'}")]
    for (_, before), (row, after) in pairwise(history):
        changes += [(row.since, what) for what in _differences(before, after)]
    return Registered(trial, history[0][0].since, last.since, last.checked_at, planned, tuple(changes))


def _differences(before: Trial, after: Trial) -> Iterator[str]:
    """What a reader of a followed trial wants to know of."""
    if before.status != after.status:
        yield f"status from {before.status or '(none)'} to {after.status or '(none)'}"
    if not before.results_posted and after.results_posted:
        yield "results were posted in the registry"
    if (before.enrolment, before.enrolment_type) != (after.enrolment, after.enrolment_type):
        yield f"enrolment from {_enrolment(before)} to {_enrolment(after)}"
    if before.primary_outcomes != after.primary_outcomes:
        yield "the primary outcomes were changed in the registry"
    if before.completion != after.completion:
        yield f"completion from {before.completion or 'no date'} to {after.completion or 'no date'}"


def _enrolment(trial: Trial) -> str:
    kind = {"ACTUAL": " enrolled", "ESTIMATED": " planned"}.get(trial.enrolment_type, "")
    return "none given" if trial.enrolment is None else f"{trial.enrolment:,}{kind}"


@dataclass(slots=True)
class Trials:
    """The rows of a build: ``links`` are (number, report) → what the report is to the trial."""

    registry: Registry
    links: dict[tuple[str, str], Link] = field(default_factory=dict)

    @property
    def aliases(self) -> dict[str, str]:
        """Every number, given up or not, → the number of its trial."""
        found = {alias: number for number, held in self.registry.trials.items() for alias in held.trial.aliases}
        return found | {number: number for number in self.registry.trials}


def link_trials(
    registry: Registry,
    named: Iterable[tuple[str, int | None, Sequence[Link]]],
    names: Mapping[str, str],
    sort: Callable[[str], str],
) -> Trials:
    """What every report is to the trials; ``named``: (report, its year, what it says itself); ``sort``: a report →
    ``trial_links.sort_of`` it.

    A report that names a trial and is listed by the registry keeps the word that says more.
    """
    trials = Trials(registry)
    aliases = trials.aliases
    years: dict[str, int | None] = {}
    for report, year, links in named:
        years[report] = year
        for link in links:
            number = aliases.get(link.number, link.number)
            trials.links.setdefault((number, report), link._replace(number=number))
    for number, held in registry.trials.items():
        for kind, pmid in held.trial.references:
            listed = names.get(pmid)
            own = trials.links.get((number, listed)) if listed else None
            if listed and (said := registry_link(kind, number, own and own.relation, sort(listed))):
                trials.links[number, listed] = said
    for (number, report), link in trials.links.items():
        if number in registry.trials:
            relation = timely(link.relation, years.get(report), registry.trials[number].trial.start)
            trials.links[number, report] = link._replace(relation=relation)
    return trials


def trial_rows(trials: Trials, studies: Sequence[Study], statuses: Mapping[str, str]) -> Iterator[Row]:
    """Rows of ``trials``, ``trial_reports``, ``trial_changes`` and ``topic_trials``."""
    aliases = trials.aliases
    study_of = {
        aliases[number]: study.id
        for study in reversed(studies)
        for _, number in study.registrations
        if number in aliases
    }
    reports: defaultdict[str, list[str]] = defaultdict(list)
    for (number, report), link in sorted(trials.links.items()):
        if link.relation == RESULTS and statuses.get(report) not in NOT_EVIDENCE_STATUSES:
            reports[number].append(report)
    for number, held in trials.registry.trials.items():
        yield "trials", {**_facts(held), "study": study_of.get(number), **_progress(held, reports[number])}
        for at, what in dict.fromkeys(held.changes):
            yield "trial_changes", {"trial": number, "happened_at": at, "text": what}
    for (number, report), link in sorted(trials.links.items()):
        known = number in trials.registry.trials
        yield (
            "trial_reports",
            {"number": number, "report": report, "trial": number if known else None}
            | {"relation": link.relation, "basis": link.basis, "why": BASES[link.basis]},
        )
    for topic, numbers in trials.registry.topics.items():
        for number in dict.fromkeys(numbers):
            if number in aliases:
                yield "topic_trials", {"topic": topic, "trial": aliases[number]}


def study_states(trials: Iterable[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Study → its state and why, of the rows of its trials."""
    of: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in trials:
        if row["study"]:
            of[row["study"]].append(row)
    found: dict[str, tuple[str, str]] = {}
    for study, rows in of.items():
        state = first_state([row["state"] for row in rows])
        row = next(row for row in rows if row["state"] == state)
        found[study] = (row["state"], f"{row['number']}: {row['state_why']}" if len(rows) > 1 else row["state_why"])
    return found


def tag_sponsors(conn: sqlite3.Connection) -> None:
    """Funding of the reports of trials by the class of their lead sponsor, which the rule of the tag names."""
    for sponsor_class, value in FUNDERS.items():
        conn.execute(_SPONSORED, (value, sponsor_class))
    conn.execute(_STATED_NOW)


def _progress(held: Registered, reports: Sequence[str]) -> dict[str, Any]:
    progress = progress_of(held.trial, reports, held.asked_at[:10])
    return {"state": progress.state.value, "state_why": progress.why, "asked_at": held.asked_at}


def _facts(held: Registered) -> dict[str, Any]:
    trial = held.trial
    actual = trial.enrolment if trial.enrolment_type == "ACTUAL" else None
    return {
        "number": trial.number,
        "registry": clinicaltrials.REGISTRY,
        "title": trial.title,
        "status": trial.status or None,
        "why_stopped": trial.why_stopped or None,
        "start_date": trial.start or None,
        "primary_completion_date": trial.primary_completion or None,
        "completion_date": trial.completion or None,
        "first_posted": trial.first_posted or None,
        "last_updated": trial.updated or None,
        "results_posted": trial.results_posted,
        "results_posted_on": trial.results_posted_on or None,
        "enrolment": trial.enrolment,
        "enrolment_type": trial.enrolment_type or None,
        "planned": held.planned[0] if held.planned else None,
        "planned_seen": held.planned[1][:10] if held.planned else None,
        "enrolled": actual,
        "study_type": trial.study_type or None,
        "phases": ", ".join(trial.phases) or None,
        "allocation": trial.allocation or None,
        "intervention_model": trial.model or None,
        "masking": trial.masking or None,
        "who_masked": ", ".join(trial.who_masked) or None,
        "arms": _json(trial.arms, "label", "type"),
        "primary_outcomes": _json(trial.primary_outcomes, "measure", "time_frame"),
        "sponsor": trial.sponsor or None,
        "sponsor_class": trial.sponsor_class or None,
        "conditions": "; ".join(trial.conditions) or None,
        "interventions": "; ".join(trial.interventions) or None,
        "first_seen": held.first_seen,
        "changed_at": held.since,
    }


def _json(pairs: Sequence[tuple[str, str]], *names: str) -> str | None:
    return json.dumps([dict(zip(names, pair, strict=True)) for pair in pairs], ensure_ascii=False) if pairs else None
