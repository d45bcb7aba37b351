"""``evidence verify``: are both databases and the index of PubMed whole, and do they agree?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from evidence.clock import Clock, system_clock
from evidence.derive.info import is_current, read_info
from evidence.errors import EXIT_DONE, EXIT_NEEDS_PERSON, EXIT_STORAGE, StorageError
from evidence.project import Project
from evidence.readonly import open_readonly
from evidence.tracker import Tracker
from evidence.tracker.checking import check_tracker
from evidence.tracker.comparing import Missing, missing_from

# What must be empty in a whole evidence.db, and what it means when it is not.
CONTRADICTIONS = {
    "SELECT id FROM reports WHERE id NOT IN (SELECT id FROM report_ids)": "a report has lost its own permanent link",
    "SELECT id FROM reports WHERE id NOT IN (SELECT report FROM records)": "a report has no record",
    # The words of a child earn its parents too.
    "WITH RECURSIVE under(tag, child) AS (SELECT id, id FROM modalities UNION SELECT tag, id FROM under "
    "JOIN modalities ON parent = child) SELECT report FROM report_modalities t WHERE source = 'rule' AND NOT EXISTS "
    "(SELECT 1 FROM under JOIN tag_evidence e ON e.report = t.report AND e.facet = 'modality' AND e.tag = child "
    "WHERE under.tag = t.modality)": "a tag has no words that earned it",
    "SELECT report FROM merges WHERE record NOT IN (SELECT id FROM records)": "a merge names an unknown record",
    "SELECT id FROM notices WHERE source = ''": "a notice has no source",
}

_REMAKE = "make it anew with 'evidence index --replace', or with 'evidence baseline' where it is of NLM's files"


@dataclass(slots=True)
class Verification:
    """What was checked and what was found. ``damaged``: restore; ``outdated``: build; ``missing``: keep the old."""

    checked: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        if self.damaged:
            return EXIT_STORAGE
        return EXIT_NEEDS_PERSON if self.outdated or self.missing else EXIT_DONE

    def as_json(self) -> dict[str, Any]:
        missing = [asdict(found) for found in self.missing]
        return {"checked": self.checked, "damaged": self.damaged, "outdated": self.outdated, "missing": missing}

    def text(self) -> str:
        lines = [f"checked: {line}" for line in self.checked]
        lines += [f"DAMAGED: {line}" for line in self.damaged]
        lines += [f"outdated: {line}" for line in self.outdated]
        lines += [f"MISSING from the tracker: {found.line()}" for found in self.missing]
        return "\n".join([*lines, "both databases are whole and agree"] if self.exit_code == EXIT_DONE else lines)


def verify(project: Project, against: Path | None = None, now: Clock = system_clock) -> Verification:
    """Check ``tracker.db`` (every version unpacks and hashes right), ``evidence.db``, and the one against the other;
    and every byte of the index of PubMed, where there is one.

    ``against``: an older copy of the tracker, all of whose records, versions and history the tracker must hold.
    """
    found = Verification()
    records: set[str] = set()
    fingerprint: str | None = None
    whole = False
    if not project.tracker.exists():
        found.damaged.append(f"{project.tracker} does not exist: run 'evidence refresh' or 'evidence up'")
    else:
        try:
            with closing(Tracker.open(project.tracker, create=False)) as tracker:
                problems = check_tracker(tracker)
                found.damaged += [f"{project.tracker}: {problem}; restore it from a backup" for problem in problems]
                records = {stored.id for stored in tracker.stored()}
                whole, fingerprint = True, tracker.records_hash()
                if against is not None:
                    found.missing = missing_from(tracker, against)
                    found.checked.append(f"{against}: whether the tracker holds all that it holds")
            found.checked.append(f"{project.tracker}: {len(records):,} records, every version read")
        except StorageError as error:
            found.damaged.append(str(error))
    _check_evidence(project, found, records, whole)
    if project.has_pubmed_index:
        _check_index(project, found, fingerprint, now)
    return found


def _check_index(project: Project, found: Verification, records: str | None, now: Clock) -> None:
    # numpy takes 0.2 s to load, which few projects need
    from evidence.pubmed_index.manifest import read_manifest
    from evidence.pubmed_index.standing import damaged_files, staleness

    folder = project.pubmed_index
    try:
        manifest = read_manifest(folder)
    except StorageError as error:
        found.damaged.append(str(error))
        return
    found.damaged += [f"{problem}: {_REMAKE}" for problem in damaged_files(folder, manifest)]
    checked = "every byte" if manifest.sha256 else "the sizes of its files (it was made before checksums were kept)"
    found.checked.append(f"{folder}: {manifest.records:,} records, made on {manifest.built_at[:10]}, {checked}")
    if stale := staleness(manifest, records, now()):
        found.outdated.append(f"{folder} was {stale}")


def _check_evidence(project: Project, found: Verification, records: set[str], tracker: bool) -> None:
    path = project.evidence
    if not path.exists():
        found.outdated.append(f"{path} does not exist yet: run 'evidence build'")
        return
    try:
        info = read_info(path)
        with closing(open_readonly(path)) as db:
            found.damaged += [f"{path}: {problem}; run 'evidence build'" for problem in _contradictions(db)]
            built = {row[0] for row in db.execute("SELECT id FROM records")}
    except sqlite3.Error as error:
        found.damaged.append(f"{path}: {error}; run 'evidence build', which makes it again from the tracker")
        return
    found.checked.append(f"{path}: {len(built):,} records in {info.get('reports')} reports")
    if unknown := built - records:
        found.damaged.append(
            f"{path}: {len(unknown):,} records that the tracker does not hold (such as {min(unknown)})"
        )
    if tracker and not is_current(project, info):
        found.outdated.append(f"{path} was made from other inputs than there are now: run 'evidence build'")


def _contradictions(db: sqlite3.Connection) -> list[str]:
    problems = [row[0] for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
    if problems:
        return problems
    broken = db.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        problems.append(f"{len(broken)} rows name a row that does not exist (first: {broken[0][0]} row {broken[0][1]})")
    for query, meaning in CONTRADICTIONS.items():
        row = db.execute(f"{query} LIMIT 1").fetchone()
        if row:
            problems.append(f"{meaning} ({row[0]})")
    return problems
