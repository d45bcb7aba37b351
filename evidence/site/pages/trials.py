"""Registered trials: to come, under way, completed and reported or not, with how each was decided."""

from __future__ import annotations

import json
from typing import Any

from evidence.errors import UsageError
from evidence.site.pages.listing import PAGE_SIZE, page_of, page_wanted
from evidence.site.web import Context, Page
from evidence.trial import STATE_LABELS, TrialState

# The modality is any report's of the study, its registration included; a registration off the subject is left out.
WHERE = """
    FROM trials t WHERE
        (:modality = '' OR EXISTS (SELECT 1 FROM study_reports x JOIN report_modalities m ON m.report = x.report
            WHERE x.study = t.study AND m.modality = :modality))
    AND (:topic = '' OR EXISTS (SELECT 1 FROM topic_trials x WHERE x.trial = t.number AND x.topic = :topic))
    AND NOT EXISTS (SELECT 1 FROM trial_reports x JOIN reports r ON r.id = x.report
            WHERE x.trial = t.number AND x.relation = 'registration' AND r.scope = 'off_topic')"""
FACTS = """
    t.number, t.registry, t.study, t.title, t.state, t.state_why, t.asked_at, t.status, t.why_stopped, t.start_date,
    t.primary_completion_date, t.completion_date, t.results_posted, t.results_posted_on, t.enrolment, t.enrolment_type,
    t.planned, t.planned_seen, t.enrolled, t.study_type, t.phases, t.allocation, t.intervention_model, t.masking,
    t.who_masked, t.arms, t.primary_outcomes, t.sponsor, t.sponsor_class, t.conditions, t.interventions,
    t.last_updated"""
COUNTED = f"SELECT t.state, count(*) AS n {WHERE} GROUP BY 1"
LISTED = f"""
    SELECT {FACTS} {WHERE} AND (:state = '' OR t.state = :state)
    ORDER BY coalesce(t.completion_date, t.primary_completion_date, t.start_date, '') DESC, t.number
    LIMIT {PAGE_SIZE} OFFSET :start"""
OF_STUDY = f"SELECT {FACTS} FROM trials t WHERE t.study = ? ORDER BY t.number"
REPORTS = """
    SELECT x.number, x.relation, x.why, r.id AS report, r.title, r.year, r.status
    FROM trial_reports x JOIN reports r ON r.id = x.report
    WHERE x.relation != 'registration' AND x.trial IN (SELECT value FROM json_each(?)) ORDER BY r.year, r.id"""
CHANGES = """
    SELECT trial, happened_at, text FROM trial_changes WHERE trial IN (SELECT value FROM json_each(?)) ORDER BY 2, 3"""
TOTAL = "SELECT count(*) AS n, max(asked_at) AS asked_at FROM trials"


NAMED_BY = """
    SELECT x.number, x.relation, x.why, t.study, t.state, t.state_why FROM trial_reports x
    LEFT JOIN trials t ON t.number = x.trial WHERE x.report = ? ORDER BY x.number"""
OF_TOPIC = "SELECT count(*) AS n FROM topic_trials WHERE topic = ?"


def trials_page(context: Context) -> Page:
    context.allow(frozenset(("state", "modality", "topic", "page")))
    wanted = page_wanted(context)
    chosen = {name: context.get(name) for name in ("state", "modality", "topic")}
    known: dict[str, list[str]] = {
        "state": [state.value for state in TrialState],
        "modality": list(context.site.tags["modality"]),
        "topic": list(context.site.topics),
    }
    for name, value in chosen.items():
        if value and value not in known[name]:
            raise UsageError(f"there is no {name} {value[:60]!r}; there is: {', '.join(known[name]) or 'none'}")
    counts = {row["state"]: row["n"] for row in context.rows(COUNTED, chosen)}
    total = counts.get(chosen["state"], 0) if chosen["state"] else sum(counts.values())
    number, last = page_of(wanted, total)
    trials = context.rows(LISTED, {**chosen, "start": (number - 1) * PAGE_SIZE})
    data: dict[str, Any] = {
        **chosen,
        "total": total,
        "states": [
            {"id": state, "label": label, "trials": counts[state]}
            for state, label in STATE_LABELS.items()
            if counts.get(state)
        ],
        "trials": with_reports(context, trials),
        "page_number": number,
        "pages": last,
        "held": context.row(TOTAL),
    }
    modalities = [{"id": tag.id, "label": tag.label} for tag in context.site.tags["modality"].values()]
    canonical = "/trials" if not any(chosen.values()) and number == 1 else ""
    extra = {"modalities": modalities, "kept": [(name, value) for name, value in chosen.items() if value]}
    return Page("trials.html", "Registered trials", data, canonical=canonical, feed="/feeds/trials.xml", extra=extra)


def named_by(context: Context, report: str) -> list[dict[str, Any]]:
    """What a report is to every trial that it names or whose registry lists it, with the trial's state where known."""
    rows = context.rows(NAMED_BY, [report])
    for row in rows:
        row["state_label"] = STATE_LABELS.get(row["state"] or "")
    return rows


def trials_of(context: Context, study: str) -> list[dict[str, Any]]:
    """The registrations of a study with what their registry says, their reports and what changed."""
    return with_reports(context, context.rows(OF_STUDY, [study]))


def with_reports(context: Context, trials: list[dict[str, Any]]) -> list[dict[str, Any]]:
    numbers = json.dumps([trial["number"] for trial in trials])
    reports, changes = context.rows(REPORTS, [numbers]), context.rows(CHANGES, [numbers])
    for trial in trials:
        trial["state_label"] = STATE_LABELS[trial["state"]]
        trial["arms"] = json.loads(trial["arms"] or "[]")
        trial["primary_outcomes"] = json.loads(trial["primary_outcomes"] or "[]")
        trial["reports"] = [row for row in reports if row["number"] == trial["number"]]
        trial["changes"] = [row for row in changes if row["trial"] == trial["number"]]
    return trials
