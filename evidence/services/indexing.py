"""``evidence index``: the project's index of PubMed made of the records that the tracker holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from evidence.baseline.light import light_row
from evidence.clock import Clock
from evidence.derive.derive import Progress
from evidence.errors import UsageError
from evidence.project import Project
from evidence.pubmed_index import Covers, IndexRow, Manifest, build_index, read_manifest, row_of
from evidence.record import from_json
from evidence.tracker import PUBMED_XML, RECORD_JSON, Tracker


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """What was made: where, and its manifest."""

    directory: str
    manifest: Manifest

    @property
    def bytes(self) -> int:
        return sum(self.manifest.files.values())

    def as_json(self) -> dict[str, Any]:
        covers = self.manifest.covers
        return {
            "directory": self.directory, "records": self.manifest.records, "bytes": self.bytes,
            "built_at": self.manifest.built_at, "covers": covers.in_words() if covers else None,
        }  # fmt: skip

    def text(self) -> str:
        covers = self.manifest.covers
        said = (
            f"it holds all of PubMed from {covers.in_words()}"
            if covers
            else "it does not hold all of PubMed, so “no such work” is never said from it"
        )
        return f"indexed {self.manifest.records:,} records in {self.directory} ({self.bytes / 1e6:,.1f} MB); {said}"


def index_tracker(
    project: Project, covers: Covers | None, replace: bool, progress: Progress, now: Clock
) -> IndexSummary:
    """Index every PubMed record that the tracker holds.

    Raises ``UsageError`` without a tracker, and where an index stands that says it covers years, unless ``replace``;
    ``StorageError`` when it cannot be written.
    """
    if not project.tracker.is_file():
        raise UsageError(f"{project.tracker} does not exist: fetch records first, with 'evidence refresh'")
    if project.has_pubmed_index and not replace:
        standing = read_manifest(project.pubmed_index).covers
        if standing is not None and covers is None:
            raise UsageError(
                f"{project.pubmed_index} covers {standing.in_words()}: the tracker's records alone would be less. "
                "--replace makes them the index all the same"
            )
    with closing(Tracker.open(project.tracker, create=False, now=now)) as tracker:
        manifest = build_index(
            _rows(tracker, progress), project.pubmed_index, covers, now=now, tracker=tracker.records_hash()
        )
    return IndexSummary(str(project.pubmed_index), manifest)


def keep_current(project: Project, progress: Progress, now: Clock) -> str:
    """Make an index anew that was made of the tracker's records, where these changed since; says so, or ``""``.

    Nothing is done without an index, nor to one of NLM's files, which ``evidence baseline`` keeps. Raises
    ``StorageError`` when it is damaged or cannot be written.
    """
    if not project.has_pubmed_index or not project.tracker.is_file():
        return ""
    standing = read_manifest(project.pubmed_index)
    if standing.tracker is None:
        return ""
    with closing(Tracker.open(project.tracker, create=False, now=now)) as tracker:
        if tracker.records_hash() == standing.tracker:
            return ""
    made = index_tracker(project, standing.covers, True, progress, now)
    return f"the index of PubMed was made anew: {made.manifest.records:,} records of the tracker"


def _rows(tracker: Tracker, progress: Progress) -> Iterator[IndexRow]:
    """Imported records that carry a PMID first, so that of one PMID PubMed's own counts."""
    done = 0
    for received in (RECORD_JSON, PUBMED_XML):
        for stored in tracker.stored():
            if stored.format != received or not stored.pmid or stored.gone_since:
                continue
            content = stored.content
            row = row_of(from_json(content)) if received == RECORD_JSON else light_row(content)
            if row:
                done += 1
                progress("indexing records", done, None)
                yield row
