"""Which readings are open again: the build's reports and notices, as ``claims.reopen`` asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evidence.derive.reports import Report
from evidence.derive.rows import Row
from evidence.derive.topic_rows import Presence
from evidence.ledger.ledger import Ledger
from evidence.ledger.reopening import Arrival, Reopening, SourceNotice, reopen
from evidence.model import Scope
from evidence.relate import Notice
from evidence.tagging import Vocabulary


def baseline_reports(presence: Mapping[tuple[str, str], Presence]) -> set[str]:
    """Reports that came only with the first refresh of their topics, which brings decades of known papers."""
    first: dict[str, str] = {}
    for (topic, _), found in presence.items():
        first[topic] = min(first.get(topic, found.first_seen), found.first_seen)
    later = {report for (topic, report), found in presence.items() if found.first_seen > first[topic]}
    return {report for _, report in presence} - later


def arrivals(reports: Iterable[Report], baseline: set[str]) -> list[Arrival]:
    """Reports that could reopen a reading: on topic, still in PubMed, and graded."""
    return [
        Arrival(
            report=report.id,
            title=report.record.title,
            first_seen=report.first_seen,
            modalities=frozenset(report.tags.modalities),
            outcomes=frozenset(report.tags.outcomes),
            conditions=frozenset(report.tags.conditions),
            level=report.tags.design.level,
            kind=report.record.kind,
            year=report.record.year,
            baseline=report.id in baseline or all(held.source == "starter" for held in report.held),
            imported=not any(held.source in ("pubmed", "starter") for held in report.held),
        )
        for report in reports
        if report.gone_since is None and report.tags.scope != Scope.OFF_TOPIC and report.tags.design.level is not None
    ]


def reopenings(
    ledger: Ledger,
    vocabulary: Vocabulary,
    reports: Mapping[str, Report],
    notices: Iterable[tuple[Notice, str]],
    states: Mapping[str, Mapping[str, Any]],
    presence: Mapping[tuple[str, str], Presence],
) -> list[Reopening]:
    """Every reason to look at a reading again. ``notices`` come with the day they were first seen."""
    held = {source: state["report"] for source, state in states.items() if state.get("report") in reports}
    levels: dict[str, int | None] = {}
    for source in ledger.sources:
        tag = vocabulary.tags["design"].get(source.design)
        of_report = reports[held[source.id]].tags.design.level if source.id in held else None
        levels[source.id] = of_report if of_report is not None else tag.level if tag else None
    general = vocabulary.general("condition")
    arrived = arrivals(reports.values(), baseline_reports(presence))
    printed = [SourceNotice(notice.report, notice.kind, first_seen) for notice, first_seen in notices]
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
