"""``evidence watch``: the references of a manuscript, and what became of them since they were last looked at.

A file of references (BibTeX, RIS, ...) or a draft is read, each reference is looked up in the library, and what its
report has had since the last time is told: notices (retraction, concern, correction, ...), the article of a preprint,
an update, a republication, a later follow-up. What was told is kept in ``data/watched.db`` by the file's path.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence import limits
from evidence.clock import Clock, stamp
from evidence.errors import InputError, StorageError, UsageError
from evidence.exchange.draft import read_draft
from evidence.exchange.reading import read_records
from evidence.library import Library
from evidence.project import Project
from evidence.record import Record
from evidence.references import ParsedReference, Resolution, resolve_all
from evidence.references.find import find_references
from evidence.relate.kinds import RELATIONS

# How a later document stands to the one that is cited: the cited one is the relation's second.
LATER = ("update", "republication", "retracted_republication", "follow_up")
NOTICES = "SELECT id, kind, source, notice_date FROM notices WHERE report = ? ORDER BY first_seen, id"
VERSIONS = f"""
    SELECT relations.kind, reports.id, title, year FROM relations JOIN reports ON reports.id = relations.report
    WHERE related = ? AND relations.kind IN ({", ".join(f"'{kind}'" for kind in LATER)})
    UNION
    SELECT 'article', reports.id, title, year FROM relations JOIN reports ON reports.id = related
    WHERE relations.report = ? AND relations.kind = 'preprint' ORDER BY 4, 2"""
SCHEMA = """
    CREATE TABLE IF NOT EXISTS told (file TEXT NOT NULL, event TEXT NOT NULL, told_at TEXT NOT NULL,
                                     PRIMARY KEY (file, event))"""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a reader of the cited report should know. ``key`` is the same each time it is read."""

    key: str
    reference: str
    report: str
    what: str
    new: bool


@dataclass(slots=True)
class Watched:
    """What is known of a manuscript's references; ``missing`` are not in the library."""

    file: str
    references: int
    found: int
    missing: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    refreshed_at: str | None = None

    @property
    def news(self) -> list[Change]:
        return [change for change in self.changes if change.new]

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "references": self.references,
            "found": self.found,
            "missing": self.missing,
            "changes": [
                {"reference": c.reference, "report": c.report, "what": c.what, "new": c.new} for c in self.changes
            ],
            "refreshed_at": self.refreshed_at,
        }

    def text(self, everything: bool) -> str:
        shown = self.changes if everything else self.news
        many = f"{self.references} reference{'s' * (self.references != 1)}"
        lines = [f"{self.file}: {many}, {self.found} in the library; {len(self.news)} new"]
        lines += [f"- {change.what}\n  {change.reference} (report {change.report})" for change in shown]
        if self.missing:
            lines.append(f"not in the library, so nothing is known of them: {len(self.missing)}")
            lines += [f"- {text}" for text in self.missing] if everything else []
        if self.refreshed_at is None:
            lines.append("this library was never refreshed from PubMed: notices are not known")
        else:
            lines.append(f"notices as of {self.refreshed_at[:10]}; none found is not the same as none published")
        return "\n".join(lines)


def watch(project: Project, path: Path) -> Watched:
    """Look up a file's references. :func:`remember` is for when they were told.

    Raises :class:`UsageError` without a library, :class:`InputError` for a file that cannot be read or has no
    references, :class:`StorageError` when ``data/watched.db`` cannot be used.
    """
    if not project.evidence.is_file():
        raise UsageError(f"{project.evidence} does not exist: make it with 'evidence build'")
    references = references_of(path)
    if not references:
        raise InputError("has no references that could be watched", path)
    with Library.open(project.evidence) as library:
        conn = library.connection
        resolved = resolve_all(references, library)
        row = conn.execute("SELECT value FROM build_info WHERE key = 'refreshed_at'").fetchone()
        found = list(_changes(conn, references, resolved))
    known = _known(project, path)
    missing = [_short(r) for r, one in zip(references, resolved, strict=True) if one.report is None]
    changes = [Change(c.key, c.reference, c.report, c.what, c.key not in known) for c in found]
    found_count = len(references) - len(missing)
    return Watched(str(path), len(references), found_count, missing, changes, row[0] if row else None)


def remember(project: Project, watched: Watched, now: Clock) -> None:
    """Note that the news of a file were told. Raises :class:`StorageError`."""
    file, at = str(Path(watched.file).resolve()), stamp(now())
    with closing(_open(project)) as conn, conn:
        conn.executemany("INSERT OR IGNORE INTO told VALUES (?, ?, ?)", [(file, c.key, at) for c in watched.news])


def references_of(path: Path) -> list[ParsedReference]:
    """The references of a file of references, or those that stand in a draft."""
    try:
        imported = read_records(path)
    except InputError:
        imported = None
    if imported is not None and imported.records:
        return [_parsed(record) for record, _ in imported.records]
    content = path.read_bytes()
    if len(content) > limits.DRAFT_FILE:
        raise InputError(f"is larger than {limits.DRAFT_FILE // 1_000_000} MB", path)
    found = find_references(read_draft(content, path.name).text)
    listed = [one.parsed for one in found if one.kind == "list"]
    return listed + [one.parsed for one in found if one.kind == "identifier" and not _among(one.parsed, listed)]


def _among(reference: ParsedReference, listed: Iterable[ParsedReference]) -> bool:
    names = {reference.doi, reference.pmid, reference.pmcid, reference.registration} - {None}
    return any(names & {one.doi, one.pmid, one.pmcid, one.registration} for one in listed)


def _parsed(record: Record) -> ParsedReference:
    first, _, last = (record.pages or "").partition("-")
    return ParsedReference(
        text=record.title or record.doi or record.pmid or "",
        authors=tuple(author.family or author.collective or author.name for author in record.authors),
        year=record.year,
        title=record.title,
        journal=record.journal or record.journal_abbreviation,
        volume=record.volume,
        issue=record.issue,
        first_page=first,
        last_page=last,
        doi=record.doi,
        pmid=record.pmid,
        pmcid=record.pmcid,
    )


def _short(reference: ParsedReference) -> str:
    text = " ".join(reference.text.split())
    return text if len(text) <= 160 else f"{text[:157]}..."


def _changes(
    conn: sqlite3.Connection, references: Sequence[ParsedReference], resolved: Sequence[Resolution]
) -> Iterable[Change]:
    for reference, one in zip(references, resolved, strict=True):
        if one.report is None:
            continue
        unsure = "" if one.level == "certain" else " (the reference is likely, not certainly, this report)"
        for name, kind, source, date in conn.execute(NOTICES, [one.report]):
            what = f"{kind.replace('_', ' ')} of {date or 'no stated date'}, source {source}{unsure}"
            yield Change(f"notice/{name}", _short(reference), one.report, what, False)
        for kind, other, title, year in conn.execute(VERSIONS, [one.report, one.report]):
            relation = "is the published article of" if kind == "article" else RELATIONS[kind]
            what = f"report {other} ({year or 'no year'}) {relation} it: {title}{unsure}"
            yield Change(f"version/{one.report}/{kind}/{other}", _short(reference), one.report, what, False)


def _open(project: Project) -> sqlite3.Connection:
    path = project.data / "watched.db"
    try:
        conn = sqlite3.connect(path, timeout=30)
        conn.execute(SCHEMA)
    except sqlite3.Error as error:
        raise StorageError(f"{path} cannot be used ({error}): restore it from a backup, or move it away") from error
    return conn


def _known(project: Project, path: Path) -> set[str]:
    with closing(_open(project)) as conn:
        return {row[0] for row in conn.execute("SELECT event FROM told WHERE file = ?", [str(path.resolve())])}
