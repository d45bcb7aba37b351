"""Records that describe one document become one report: prepare → block → match → cluster → merge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evidence.deduplicate.types import NO_DECISIONS, Decision, Decisions, Deduplication, Merge, Merged
from evidence.record import Record

__all__ = [
    "NO_DECISIONS",
    "Decision",
    "Decisions",
    "Deduplication",
    "Merge",
    "Merged",
    "deduplicate",
    "load_decisions",
    "merge_records",
]


def deduplicate(records: Sequence[Record], decisions: Decisions = NO_DECISIONS) -> Deduplication:
    """Group the records that describe one document; PMIDs only, until the matching rules are in place."""
    by_pmid: dict[str, list[int]] = {}
    for position, record in enumerate(records):
        by_pmid.setdefault(record.pmid or f"position {position}", []).append(position)
    clusters = sorted(by_pmid.values())
    merges = [Merge(c[0], other, "pmid", 1.0, "same PMID") for c in clusters for other in c[1:]]
    return Deduplication(clusters, merges)


def merge_records(records: Sequence[Record]) -> Merged:
    """The first record as the representative."""
    return Merged(records[0])


def load_decisions(path: Path) -> Decisions:
    """``queries/merges.yml``."""
    return NO_DECISIONS
