"""Which readings are open again: the build's reports and notices, as ``claims.reopen`` asks for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from evidence.derive.inputs import Inputs
from evidence.derive.reports import Reports
from evidence.derive.rows import Row
from evidence.derive.topic_rows import Presences
from evidence.ledger.reopening import Arrival, Reopening, SourceNotice, bears, reopen
from evidence.relate import Related


def baseline_reports(presence: Presences, reports: int) -> bytearray:
    """By its place, whether a report came only with the first refresh of its topics, which brings decades of known
    papers."""
    baseline, later = bytearray(reports), bytearray(reports)
    for topic in presence.topics():
        first = min(found.first_seen for _, found in presence.places(topic))
        for place, found in presence.places(topic):
            baseline[place] = 1
            later[place] |= found.first_seen > first
    return bytearray(came and not again for came, again in zip(baseline, later, strict=True))


def arrivals(reports: Reports, issued: Collection[str], baseline: bytearray) -> Iterator[Arrival]:
    """Reports that could reopen a reading: on topic, in PubMed and graded. ``issued``: those that are notices."""
    for place, (name, slip) in enumerate(reports.slips()):
        grade = slip.grade
        if slip.gone_since is None and grade.on_topic and grade.level is not None:
            yield Arrival(
                report=name,
                title=slip.record.title,
                first_seen=slip.first_seen,
                modalities=frozenset(grade.modalities),
                outcomes=frozenset(grade.outcomes),
                conditions=frozenset(grade.conditions),
                level=grade.level,
                kind="notice" if name in issued else slip.record.kind,
                year=slip.record.year,
                baseline=bool(baseline[place]) or all(arrived.source == "starter" for arrived in slip.records),
                imported=not any(arrived.source in ("pubmed", "starter") for arrived in slip.records),
            )


def reopenings(
    inputs: Inputs,
    reports: Reports,
    related: Related,
    notice_dates: Iterable[str],
    states: Mapping[str, Mapping[str, Any]],
    presence: Presences,
) -> list[Reopening]:
    """Every reason to look at a reading again. ``notice_dates``: when each of the notices was first seen."""
    ledger = inputs.ledger
    held = {source: state["report"] for source, state in states.items() if state.get("report") in reports}
    levels: dict[str, int | None] = {}
    for source in ledger.sources:
        tag = inputs.vocabulary.tags["design"].get(source.design)
        of_report = reports.slip(held[source.id]).grade.level if source.id in held else None
        levels[source.id] = of_report if of_report is not None else tag.level if tag else None
    found = arrivals(reports, related.issued, baseline_reports(presence, len(reports)))
    bearing = bears(ledger.claims, levels)
    arrived = [arrival for arrival in found if bearing(arrival)] if any(c.reading for c in ledger.claims) else []
    printed = [
        SourceNotice(notice.report, notice.kind, first_seen)
        for notice, first_seen in zip(related.notices, notice_dates, strict=True)
    ]
    general = inputs.vocabulary.general("condition")
    return [reason for claim in ledger.claims for reason in reopen(claim, held, levels, arrived, printed, general)]


def first_reasons(found: Iterable[Reopening]) -> dict[str, tuple[str, str]]:
    """Claim → since when it is open again, and why."""
    first: dict[str, tuple[str, str]] = {}
    for reason in found:
        first.setdefault(reason.claim, (reason.on, reason.because))
    return first


def event_rows(found: Iterable[Reopening]) -> Iterator[Row]:
    """Rows of ``claim_events``: every reason, for the claim's page and feed."""
    seen = set()
    for reason in found:
        key = (reason.claim, reason.on, reason.kind, reason.because)
        if key not in seen:
            seen.add(key)
            yield (
                "claim_events",
                {
                    "claim": reason.claim,
                    "happened_on": reason.on,
                    "kind": reason.kind,
                    "report": reason.report,
                    "text": reason.because,
                },
            )
