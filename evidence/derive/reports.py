"""Records become reports: one cluster of records, one merged record, one id that stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from evidence.deduplicate import Decisions, Merge, deduplicate, merge_records
from evidence.derive.gather import Held
from evidence.record import Record
from evidence.tagging import HandTags
from evidence.tagging.hand_tags import HandTag
from evidence.tagging.types import Tags

TagFunction = Callable[[Record], Tags]


@dataclass(slots=True)
class Report:
    """One document: its records in order of arrival, what they say together, and its tags."""

    id: str
    record: Record
    held: list[Held]
    tags: Tags
    fields: dict[str, str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    gone_since: str | None = None
    hand: list[HandTag] = field(default_factory=list)

    @property
    def first_seen(self) -> str:
        return min(held.first_received for held in self.held)


def report_id(held: Sequence[Held]) -> str:
    """The lowest PMID that PubMed still has, else the lowest PMID, else the first-received record's id.

    So an id needs no memory: the same records give the same id, whatever was built before.
    """
    with_pmid = [h for h in held if h.record.pmid]
    still_there = [h for h in with_pmid if h.gone_since is None]
    numbers = [int(h.record.pmid or 0) for h in still_there or with_pmid]
    if numbers:
        return str(min(numbers))
    return _first_received(held).id


def make_reports(held: Sequence[Held], decisions: Decisions, tag: TagFunction) -> tuple[list[Report], list[str]]:
    """De-duplicate what is held; returns the reports, ordered by id, and the log of what was skipped.

    A report of one record keeps the tags made with it; one of several is tagged again from the merged record.
    """
    result = deduplicate([h.record for h in held], decisions)
    merges_of: dict[int, list[Merge]] = {}
    cluster_of = {position: number for number, cluster in enumerate(result.clusters) for position in cluster}
    for merge in result.merges:
        merges_of.setdefault(cluster_of[merge.left], []).append(merge)
    reports = [
        _report([held[position] for position in cluster], _renumbered(merges_of.get(number, ()), cluster), tag)
        for number, cluster in enumerate(result.clusters)
    ]
    log = [*result.log, *_give_own_ids(reports)]
    return sorted(reports, key=lambda report: (len(report.id), report.id)), log


def _give_own_ids(reports: Iterable[Report]) -> list[str]:
    """Where reports that are not one have one PMID, PubMed's own keeps it as its id, or else the first received.

    The others are known by their records' ids. A wrong PMID in an imported file does that; a line is returned for each.
    """
    log: list[str] = []
    by_id: dict[str, list[Report]] = {}
    for report in reports:
        by_id.setdefault(report.id, []).append(report)
    for name, rivals in by_id.items():
        keeper, *others = sorted(rivals, key=_claim_to_id)
        for report in others:
            report.id = _first_received(report.held).id
            log.append(f"{report.id}: has the PMID {name} of another title ({keeper.record.title[:80]}); one is wrong")
    return log


def _claim_to_id(report: Report) -> tuple[bool, str, str]:
    first = _first_received(report.held)
    return (all(held.source != "pubmed" for held in report.held), first.first_received, first.id)


def _first_received(held: Iterable[Held]) -> Held:
    return min(held, key=lambda h: (h.first_received, h.id))


def _report(held: list[Held], merges: list[Merge], tag: TagFunction) -> Report:
    gone = [h.gone_since for h in held if h.gone_since is not None]
    gone_since = max(gone) if len(gone) == len(held) else None
    if len(held) == 1:
        return Report(report_id(held), held[0].record, held, held[0].tags, {}, [], gone_since)
    merged = merge_records([h.record for h in held])
    return Report(report_id(held), merged.record, held, tag(merged.record), merged.fields, merges, gone_since)


def _renumbered(merges: Iterable[Merge], cluster: Sequence[int]) -> list[Merge]:
    """The same merges with positions within their cluster."""
    place = {position: index for index, position in enumerate(cluster)}
    return [Merge(place[m.left], place[m.right], m.rule, m.score, m.why) for m in merges]


def aliases(reports: Iterable[Report]) -> dict[str, str]:
    """Every id that was ever shown for a report: its own, its records', their PMIDs, DOIs and PMC numbers → the report.

    Where two reports have one DOI (a supplement), the first keeps it: an id must lead to one place.
    """
    found: dict[str, str] = {report.id: report.id for report in reports}
    for report in reports:
        for held in report.held:
            record = held.record
            for name in (held.id, record.pmid, *record.merged_pmids, record.doi, record.pmcid):
                if name:
                    found.setdefault(name, report.id)
    return found


def apply_hand_tags(reports: Iterable[Report], names: Mapping[str, str], hand_tags: HandTags) -> list[str]:
    """Correct the tags of the reports that maintainers spoke of; returns a line for every entry that names none."""
    by_id = {report.id: report for report in reports}
    ids_of: dict[str, list[str]] = {}
    for name, report_id in names.items():
        ids_of.setdefault(report_id, []).append(name)
    named = {names[wanted] for entry in hand_tags.entries for wanted in (entry.report,) if wanted in names}
    for report_id in sorted(named):
        by_id[report_id].hand = hand_tags.apply(ids_of[report_id], by_id[report_id].tags)
    return [
        f"queries/hand_tags.yml:{entry.line}: no report is known as {entry.report}; the entry changed nothing"
        for entry in hand_tags.unmatched(names)
    ]
