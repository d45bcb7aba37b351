"""When a reading has to be looked at again: what arrived, or was printed about a source, since a person made it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from evidence.ledger.ledger import Claim
from evidence.model import NOT_EVIDENCE_KINDS

# A claim without a graded source is reopened by a randomised trial or better (OCEBM 2011 level 2).
LEVEL_WITHOUT_SOURCE = 2


@dataclass(frozen=True, slots=True)
class Arrival:
    """A report as far as reopening asks: ``first_seen`` an ISO time, ``year`` the issue's, ``level`` OCEBM 1 to 5.

    ``baseline``: it came with the first refresh of its topic or with the starter library. Those bring decades of papers
    and are no news. ``imported``: it came from a file, whose old papers are no news either.
    """

    report: str
    title: str
    first_seen: str
    modalities: frozenset[str]
    outcomes: frozenset[str]
    level: int | None
    kind: str = "article"
    year: int | None = None
    baseline: bool = False
    conditions: frozenset[str] = frozenset()
    imported: bool = False


@dataclass(frozen=True, slots=True)
class SourceNotice:
    """A notice about a report: ``kind`` is retraction, concern, erratum, …; ``first_seen`` an ISO time."""

    report: str
    kind: str
    first_seen: str


@dataclass(frozen=True, slots=True)
class Reopening:
    """Why the reading of ``claim`` is open again: ``report`` arrived (``kind`` report) or got a notice (``notice``)."""

    claim: str
    on: str
    because: str
    report: str
    kind: str


def reopen(
    claim: Claim,
    sources: Mapping[str, str],
    levels: Mapping[str, int | None],
    arrivals: Iterable[Arrival],
    notices: Iterable[SourceNotice],
    general: str = "",
) -> list[Reopening]:
    """Every reason to look at a reading again, oldest first; ``[]`` when it stands.

    ``sources`` maps source id → the report it resolved to, ``levels`` source id → its evidence level (``None``: not
    graded). ``arrivals`` may be every report of the library: those that do not bear are skipped. What a paper reported
    (``claim.attributed``) is reopened by a notice on it and by nothing else. ``general`` is the condition that names no
    particular one ("chronic pain").
    """
    if claim.reading is None or not claim.reading.dated:  # nothing stands, or nobody knows since when
        return []
    dated = claim.reading.dated
    own = {sources[source] for source in claim.source_roles() if source in sources}
    enough = _enough(claim, levels)
    found = [
        Reopening(claim.id, arrival.first_seen[:10], _arrived(arrival), arrival.report, "report")
        for arrival in arrivals
        if not claim.attributed
        and arrival.report not in own
        and _since(dated, arrival)
        and _on_topic(claim, arrival, enough, general)
    ]
    found += [
        Reopening(
            claim.id, notice.first_seen[:10], f"a {notice.kind} of a source ({notice.report})", notice.report, "notice"
        )
        for notice in notices
        if notice.report in own and notice.first_seen[:10] > dated
    ]
    return sorted(found, key=lambda r: (r.on, r.kind, r.report))


def bears(claims: Iterable[Claim], levels: Mapping[str, int | None]) -> Callable[[Arrival], bool]:
    """A quick look at an arrival: ``False`` when it reopens none of the claims, whatever else :func:`reopen` asks."""
    read = [(claim, claim.reading.dated) for claim in claims if claim.reading is not None and claim.reading.dated]
    most = max((_enough(claim, levels) for claim, _ in read), default=0)
    since = min((dated for _, dated in read), default="")
    modalities = frozenset(tag for claim, _ in read for tag in claim.modalities)
    outcomes = frozenset(tag for claim, _ in read for tag in claim.outcomes)

    def quick(arrival: Arrival) -> bool:
        return (
            not arrival.baseline
            and arrival.level is not None
            and arrival.level <= most
            and arrival.first_seen[:10] > since
            and not arrival.modalities.isdisjoint(modalities)
            and not arrival.outcomes.isdisjoint(outcomes)
        )

    return quick


def _enough(claim: Claim, levels: Mapping[str, int | None]) -> int:
    """The level at which a report is strong enough: that of the claim's best source."""
    graded = [level for source in claim.source_roles() if (level := levels.get(source)) is not None]
    return min(graded, default=LEVEL_WITHOUT_SOURCE)


def _since(dated: str, arrival: Arrival) -> bool:
    if arrival.baseline or arrival.first_seen[:10] <= dated:
        return False
    return not arrival.imported or (arrival.year or 0) >= int(dated[:4])


def _on_topic(claim: Claim, arrival: Arrival, enough: int, general: str) -> bool:
    """On the same modality, outcome and condition; a claim that names none, or the general one, is of any."""
    return (
        arrival.kind not in NOT_EVIDENCE_KINDS
        and arrival.level is not None
        and arrival.level <= enough
        and not arrival.modalities.isdisjoint(claim.modalities)
        and not arrival.outcomes.isdisjoint(claim.outcomes)
        and (not claim.conditions or general in claim.conditions or not arrival.conditions.isdisjoint(claim.conditions))
    )


def _arrived(arrival: Arrival) -> str:
    return (
        f"level {arrival.level} report on the same modality, outcome and condition: {arrival.title} ({arrival.report})"
    )
