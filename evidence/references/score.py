"""From the outcome of each field to a probability, and from that to certain, likely or not found.

The probability is logistic in the sum of :data:`WEIGHTS` (natural log odds). They were fitted, with the sign of each
held to what it means, on half of the works of the development sets, rounded by hand, and measured on the other half:
``docs/accuracy/references.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log

from evidence.references.types import Level

# What each outcome of compare.SHOWN adds; an outcome that is not in the table, like "absent", adds nothing.
BASE = -3.0
WEIGHTS: dict[str, dict[str, float]] = {
    "title": {"same": 3.0, "short": 2.2, "part": 1.2, "near": 0.0, "differs": -1.5},
    "first_author": {"same": 2.6, "found": 1.4, "other": -0.5, "differs": -2.4},
    "year": {"same": 1.8, "near": -1.6, "differs": -3.0},
    "volume": {"same": 0.7, "found": 0.7, "differs": -1.0},
    "first_page": {"same": 2.2, "found": 1.8, "near": -2.0, "differs": -3.0},
    "journal": {"same": 1.4, "found": 1.2, "differs": -1.8},
    # Identifiers are rare in the sets: set by hand. A work may have two DOIs, and links are pasted wrong.
    "doi": {"same": 7.0, "differs": -4.0},
    "pmid": {"same": 7.0, "differs": -4.0},
    "pmcid": {"same": 7.0, "differs": -4.0},
    # A trial number names a study, which may have many reports.
    "registration": {"same": 2.5},
}
CERTAIN = 0.97
LIKELY = 0.15
# A second report this probable, and not this much (log odds) less so than the first, makes the answer ambiguous.
RIVAL, RIVAL_MARGIN = 0.50, 3.0
_IDENTIFIERS = ("doi", "pmid", "pmcid")
# Journal and year are not among them: "a 2016 study in Neuromodulation" is one of hundreds, unless it is the only one.
_POINTING = (
    {"volume", "first_page"},
    {"journal", "volume"},
    {"journal", "first_page"},
    {"first_author", "journal"},
    {"first_author", "year"},
)
_AGREES = frozenset({"same", "short", "part", "found"})


def confidence(outcomes: Mapping[str, str]) -> float:
    """The probability (0 to 1) that the reference means this report."""
    total = BASE + sum(WEIGHTS[field].get(outcome, 0.0) for field, outcome in outcomes.items())
    return 1 / (1 + exp(-total))


def _agreeing(outcomes: Mapping[str, str]) -> set[str]:
    return {field for field, outcome in outcomes.items() if outcome in _AGREES}


def enough_said(outcomes: Mapping[str, str]) -> bool:
    """Whether more than author, year and journal agree: a title, volume and page together, or an identifier."""
    agrees = _agreeing(outcomes)
    return bool(agrees & {"title", *_IDENTIFIERS}) or {"volume", "first_page"} <= agrees


def points(outcomes: Mapping[str, str]) -> bool:
    """Whether title or an identifier agrees, or two fields that together point at few reports: else it is chance."""
    agrees = _agreeing(outcomes)
    return bool(agrees & {"title", "registration", *_IDENTIFIERS}) or any(pair <= agrees for pair in _POINTING)


def level(outcomes: Mapping[str, str], probability: float, rivals: Sequence[float]) -> tuple[Level, str]:
    """The level and, when it is not certain, the reason in words. ``rivals``: how probable the other reports are."""
    if probability < LIKELY:
        if _written_wrong(outcomes):
            return "likely", "title, author and journal agree; year, volume or page do not"
        return "not found", "no report of the library agrees with it well enough"
    rivalled = any(r >= RIVAL and _log_odds(probability) - _log_odds(r) < RIVAL_MARGIN for r in rivals)
    if not points(outcomes) and (rivalled or outcomes["journal"] not in _AGREES):
        return "not found", "it prints too little to tell one report from another"
    identifiers = [outcomes.get(kind) for kind in _IDENTIFIERS]
    if "differs" in identifiers and "same" not in identifiers:
        return "likely", "it prints another identifier than the report has"
    if rivalled:
        return "likely", "more than one report agrees with it"
    if outcomes["year"] == "differs" and not {"volume", "first_page"} <= _agreeing(outcomes):
        # Versions of a Cochrane review share title, number and even DOI: only the year tells them apart.
        return "likely", "the year differs, and volume and page do not say which version is meant"
    if not enough_said(outcomes):
        return "likely", "it prints too little to be certain of one report"
    if probability < CERTAIN:
        return "likely", "the fields that agree do not make it certain"
    return "certain", ""


def _written_wrong(outcomes: Mapping[str, str]) -> bool:
    """Whether a long title, the first author and the journal agree: then it is the numbers that are wrong."""
    return outcomes["title"] == "same" and {"first_author", "journal"} <= _agreeing(outcomes)


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-9), 1 - 1e-9)
    return log(bounded / (1 - bounded))
