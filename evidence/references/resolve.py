"""Which report of the library a printed reference means, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from evidence.references.compare import compare, printed, shown
from evidence.references.lookup import lookup_terms
from evidence.references.parse import parse_reference
from evidence.references.score import confidence, level
from evidence.references.types import (
    FIELDS,
    Candidate,
    CitedReport,
    FieldResult,
    OnlineMatcher,
    ParsedReference,
    ReferenceLibrary,
    Resolution,
)

# Candidates compared field by field (the right one is among the first 14 in 99.6%), and how many of them are shown.
COMPARED, SHOWN_CANDIDATES = 14, 3
_ROUNDED = 3
OWNER = "is that of"  # in the reason, where a printed identifier is another report's
NO_TIME = "no time was left to look it up"
# Nothing was compared: said of every field, so that the keys are always there.
_ABSENT: dict[str, FieldResult] = dict.fromkeys(FIELDS, "absent")


def resolve(
    reference: str | ParsedReference, library: ReferenceLibrary, online: OnlineMatcher | None = None
) -> Resolution:
    """What one printed reference means."""
    return resolve_all([reference], library, online)[0]


def resolve_all(
    references: Sequence[str | ParsedReference], library: ReferenceLibrary, online: OnlineMatcher | None = None,
    out_of_time: Callable[[], bool] | None = None,
) -> list[Resolution]:  # fmt: skip
    """Like :func:`resolve`, for many: what the library does not settle is asked online in one batch.

    ``out_of_time`` is asked before each; what is left then was not looked up (:attr:`Resolution.looked_up`).
    """
    resolutions = []
    for reference in references:
        parsed = parse_reference(reference) if isinstance(reference, str) else reference
        if out_of_time is not None and out_of_time():
            resolutions.append(not_looked_up(parsed, NO_TIME))
        else:
            resolutions.append(_in_library(parsed, library))
    if online is None or (out_of_time is not None and out_of_time()):
        return resolutions
    open_ones = [position for position, resolution in enumerate(resolutions) if resolution.level != "certain"]
    asked = [resolutions[position].parsed or ParsedReference("") for position in open_ones]
    for position, pmid in zip(open_ones, online(asked) if asked else (), strict=True):
        if pmid:
            resolutions[position] = _online(resolutions[position], pmid, library)
    return resolutions


def not_looked_up(reference: ParsedReference, reason: str) -> Resolution:
    """Nobody was asked what the reference means."""
    return Resolution(reference.text, fields=dict(_ABSENT), reason=reason, parsed=reference, looked_up=False)


def _in_library(reference: ParsedReference, library: ReferenceLibrary) -> Resolution:
    of_study = library.by_registration(reference.registration) if reference.registration else []
    return resolve_among(reference, _candidates(reference, library, of_study), of_study)


def resolve_among(
    reference: ParsedReference, reports: Sequence[CitedReport], of_study: Sequence[CitedReport] = ()
) -> Resolution:
    """Which of these reports a reference means. ``of_study``: those of them that have its trial number."""
    if not reports:
        reason = "no report of the library shares a telling word with it"
        return Resolution(reference.text, fields=dict(_ABSENT), parsed=reference, reason=reason)
    ready = printed(reference)
    outcomes = {report.id: compare(ready, report) for report in reports}
    for report in of_study:
        outcomes[report.id]["registration"] = "same"
    scored = sorted(
        ((confidence(outcomes[report.id]), report) for report in reports), key=lambda pair: (-pair[0], pair[1].id)
    )
    return _chosen(reference, scored, outcomes)


def _chosen(
    reference: ParsedReference, scored: list[tuple[float, CitedReport]], outcomes: dict[str, dict[str, str]]
) -> Resolution:
    """The best of the candidates, if it is good enough; ``scored`` is best first."""
    probability, best = scored[0]
    verdict, reason = level(outcomes[best.id], probability, [rival for rival, _ in scored[1:]])
    owner = _owner(scored, outcomes, best)
    if owner is not None:
        kind = "DOI" if outcomes[owner.id].get("doi") == "same" else "PMID"
        said = f"the printed {kind} {OWNER} “{owner.title}” ({owner.id})"
        if verdict == "certain":
            verdict = "likely"
        reason = said if verdict == "likely" else f"{said}; {reason}"
        if verdict == "not found":
            return Resolution(
                reference.text, fields=shown(outcomes[owner.id]), parsed=reference, reason=reason,
                candidates=(_candidate(confidence(outcomes[owner.id]), owner, outcomes[owner.id]),),
            )  # fmt: skip
        for field in ("doi", "pmid"):
            if outcomes[owner.id].get(field) == "same":
                outcomes[best.id][field] = "differs"
    found = verdict != "not found"
    return Resolution(
        reference=reference.text,
        report=best.id if found else None,
        pmid=best.pmid if found else None,
        level=verdict,
        confidence=round(probability, _ROUNDED),
        fields=shown(outcomes[best.id]) if found else dict(_ABSENT),
        candidates=tuple(_candidate(p, report, outcomes[report.id]) for p, report in scored[:SHOWN_CANDIDATES]),
        source="library" if found else "",
        reason=reason,
        parsed=reference,
    )


def _owner(
    scored: list[tuple[float, CitedReport]], outcomes: dict[str, dict[str, str]], best: CitedReport
) -> CitedReport | None:
    """The report that a printed DOI or PMID names, where title and author say that another one is meant."""
    for _, report in scored:
        found = outcomes[report.id]
        if "same" not in (found.get("doi"), found.get("pmid")):
            continue
        if report is not best:
            return report if "same" not in (outcomes[best.id].get("doi"), outcomes[best.id].get("pmid")) else None
        return report if found["title"] == "differs" and found["first_author"] in ("differs", "other") else None
    return None


def _candidates(
    reference: ParsedReference, library: ReferenceLibrary, of_study: Sequence[CitedReport]
) -> list[CitedReport]:
    """Those that a printed identifier names, and those that share rare terms; no report twice."""
    named = [
        report
        for identifier in (reference.pmid, reference.doi, reference.pmcid)
        if identifier and (report := library.by_identifier(identifier))
    ]
    terms = lookup_terms(reference, library.term_counts, library.reference_count())
    similar = library.reference_candidates(terms, COMPARED)
    return list({report.id: report for report in (*named, *of_study, *similar)}.values())


def _candidate(probability: float, report: CitedReport, outcomes: dict[str, str]) -> Candidate:
    return Candidate(report.id, report.pmid, round(probability, _ROUNDED), shown(outcomes), report.title)


def _online(resolution: Resolution, pmid: str, library: ReferenceLibrary) -> Resolution:
    """PubMed's matcher names a PMID: confirm it against the library's report, or report the number alone."""
    report = library.by_identifier(pmid)
    if report is None:
        reason = (
            "PubMed's citation matcher names this PMID; the library does not hold it, so its title was not compared"
        )
        return replace(
            resolution, report=None, pmid=pmid, level="likely", fields=dict(_ABSENT), source="online", reason=reason
        )
    outcomes = compare(printed(resolution.parsed or parse_reference(resolution.reference)), report)
    probability = confidence(outcomes)
    others = tuple(c for c in resolution.candidates if c.report != report.id)
    return replace(
        resolution,
        report=report.id,
        pmid=report.pmid,
        level="likely",
        confidence=round(probability, _ROUNDED),
        fields=shown(outcomes),
        candidates=(_candidate(probability, report, outcomes), *others)[:SHOWN_CANDIDATES],
        source="online",
        reason="PubMed's citation matcher names this report",
    )
