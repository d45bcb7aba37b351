"""A registered trial: what its registry says of it, and how far it has come, with the words that say how we know.

Dates are as precise as the registry gives them (``2023``, ``2023-04``, ``2023-04-01``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class TrialState(StrEnum):
    """How far a registered trial has come; whether it is reported is said of this library, never of the world."""

    TO_COME = "to_come"
    UNDER_WAY = "under_way"
    UNREPORTED = "unreported"
    RESULTS_POSTED = "results_posted"
    COMPLETED = "completed"
    REPORTED = "reported"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"
    NO_TRIAL = "no_trial"


STATE_LABELS: dict[str, str] = {
    "to_come": "To come",
    "under_way": "Under way",
    "unreported": "Completed more than 12 months ago, no report found by us",
    "results_posted": "Completed, results in the registry, no report found by us",
    "completed": "Completed less than 12 months ago or without a date, no report found by us",
    "reported": "Completed, reported here",
    "terminated": "Terminated",
    "withdrawn": "Withdrawn",
    "unknown": "Status unknown",
    "no_trial": "No trial: expanded access",
}
# ClinicalTrials.gov's overallStatus; what is not here is unknown to us too, and said so.
_STATES = {
    "NOT_YET_RECRUITING": TrialState.TO_COME,
    "RECRUITING": TrialState.UNDER_WAY,
    "ENROLLING_BY_INVITATION": TrialState.UNDER_WAY,
    "ACTIVE_NOT_RECRUITING": TrialState.UNDER_WAY,
    "SUSPENDED": TrialState.UNDER_WAY,
    "TERMINATED": TrialState.TERMINATED,
    "WITHDRAWN": TrialState.WITHDRAWN,
    "AVAILABLE": TrialState.NO_TRIAL,
    "NO_LONGER_AVAILABLE": TrialState.NO_TRIAL,
    "TEMPORARILY_NOT_AVAILABLE": TrialState.NO_TRIAL,
    "APPROVED_FOR_MARKETING": TrialState.NO_TRIAL,
}
_COMPLETED = "COMPLETED"
# A study of several registrations has the state that leaves most to be wished for.
_FIRST = (
    TrialState.UNREPORTED, TrialState.RESULTS_POSTED, TrialState.COMPLETED, TrialState.UNDER_WAY, TrialState.TO_COME,
    TrialState.UNKNOWN, TrialState.TERMINATED, TrialState.WITHDRAWN, TrialState.NO_TRIAL, TrialState.REPORTED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """One registration. ``references``: ``(type, PMID)`` as the registry has them; ``arms``: ``(label, type)``.

    ``results_posted`` is ``None`` where the registry did not say; ``enrolment_type`` is ACTUAL, ESTIMATED or ``""``.
    Words of the registry (RANDOMIZED, QUADRUPLE) stay as they are.
    """

    number: str
    title: str = ""
    summary: str = ""
    aliases: tuple[str, ...] = ()
    other_numbers: tuple[str, ...] = ()
    status: str = ""
    last_known_status: str = ""
    why_stopped: str = ""
    verified: str = ""
    start: str = ""
    primary_completion: str = ""
    completion: str = ""
    first_posted: str = ""
    updated: str = ""
    results_posted: bool | None = None
    results_posted_on: str = ""
    enrolment: int | None = None
    enrolment_type: str = ""
    study_type: str = ""
    phases: tuple[str, ...] = ()
    allocation: str = ""
    model: str = ""
    masking: str = ""
    who_masked: tuple[str, ...] = ()
    arms: tuple[tuple[str, str], ...] = ()
    primary_outcomes: tuple[tuple[str, str], ...] = ()
    sponsor: str = ""
    sponsor_class: str = ""
    collaborators: tuple[tuple[str, str], ...] = ()
    conditions: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """A state, and the sentence that says how it was decided."""

    state: TrialState
    why: str


def progress_of(trial: Trial, reports: Sequence[str], asked_on: str) -> Progress:
    """How far a trial had come when its registry was asked. ``reports``: those of its results that the library holds.

    Twelve months are counted from the completion date, else from the primary completion date: results are then due at
    ClinicalTrials.gov (42 CFR 11.44).

    >>> progress_of(Trial("NCT01", status="COMPLETED", completion="2020-05"), [], "2026-11-30").state.value
    'unreported'
    >>> progress_of(Trial("NCT01", status="COMPLETED", completion="2026-05"), [], "2026-11-30").state.value
    'completed'
    """
    said = f"ClinicalTrials.gov, asked on {asked_on}, gives the status {trial.status or '(none)'}"
    here = f"; the library holds {len(reports)} of its results: {', '.join(reports[:5])}" if reports else ""
    if trial.status != _COMPLETED:
        state = _STATES.get(trial.status, TrialState.UNKNOWN)
        if state is TrialState.UNKNOWN and trial.last_known_status:
            said += f", before that {trial.last_known_status}"
        if trial.why_stopped:
            said += f" and the reason \u201c{trial.why_stopped[:300]}\u201d"
        return Progress(state, f"{said}{here}.")
    ended = trial.completion or trial.primary_completion
    if ended:
        said += f", completed {ended}" if trial.completion else f", primary outcome completed {ended}"
    if reports:
        return Progress(TrialState.REPORTED, f"{said}{here}.")
    missing = f"no report of its results was found by us on {asked_on}"
    if trial.results_posted:
        return Progress(TrialState.RESULTS_POSTED, f"{said}, with results posted there; {missing}.")
    if not ended:
        return Progress(TrialState.COMPLETED, f"{said}, without a date; {missing}.")
    if months_between(ended, asked_on) > 12:
        return Progress(TrialState.UNREPORTED, f"{said}, which is more than 12 months before; {missing}.")
    return Progress(TrialState.COMPLETED, f"{said}, which is not more than 12 months before; {missing}.")


def first_state(states: Sequence[str]) -> str | None:
    """Of the states of a study's registrations the one that leaves most to be wished for."""
    return min(states, key=lambda state: _FIRST.index(TrialState(state)), default=None)


def months_between(earlier: str, later: str) -> float:
    """Months from one date to a later one with its day; the earlier may lack day or month, and is then taken as late.

    >>> months_between("2025-11", "2026-11-30"), months_between("2025", "2026-11-30")
    (12.0, 11.0)
    >>> months_between("2025-11-29", "2026-11-30") > 12 > months_between("2025-12-01", "2026-11-30")
    True
    """
    year, month, day = (int(part) for part in later[:10].split("-"))
    begun = [int(part) for part in earlier[:10].split("-")]
    began_month = begun[1] if len(begun) > 1 else 12
    days = (day - begun[2]) / 31 if len(begun) > 2 else 0.0
    return 12 * (year - begun[0]) + month - began_month + days
