"""Write a snapshot: into a new folder beside the one asked for, put in place whole."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence.derive.info import is_current, read_info
from evidence.errors import StorageError, UsageError
from evidence.profile import FILE, load_profile
from evidence.project import Project
from evidence.readonly import open_readonly
from evidence.services.snapshot import describe, prisma
from evidence.services.snapshot.tables import Holds, Table, tables_of, write_parquet, write_sqlite

SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What :func:`snapshot` wrote. ``rows``: by table."""

    directory: Path
    version: str
    abstracts: bool
    rows: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        return {
            "directory": str(self.directory),
            "version": self.version,
            "abstracts": self.abstracts,
            "rows": self.rows,
        }

    def text(self) -> str:
        abstracts = "with abstracts" if self.abstracts else "without abstracts"
        reports = self.rows["reports"]
        return f"{self.directory}: version {self.version}, {reports:,} report{'s' * (reports != 1)}, {abstracts}"


def snapshot(project: Project, directory: Path, parquet: bool = True) -> Snapshot:
    """Write the build as a citable data set into ``directory``, which must not exist or be empty.

    Abstracts go along only with ``snapshot: {abstracts: include}``, readings of claims that nobody has confirmed only
    with ``show_draft_readings: true``, both under ``plugins: evidence`` of ``metadata.yml``.
    Raises :class:`UsageError` for a folder that holds something, a missing build or one that is out of date, and
    :class:`StorageError` when a file cannot be read or written.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(f"{directory} is not empty: name a new folder, such as snapshot-2026-11-30")
    settings = project.settings()
    info = _info(project)
    holds = Holds(_abstracts(settings), bool(settings.get("show_draft_readings")))
    profile = load_profile(project.queries / FILE)
    new = directory.with_name(f"{directory.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    try:
        new.mkdir(parents=True)
        tables = tables_of(holds)
        rows = write_sqlite(project.evidence, new / "evidence.sqlite", tables, holds)
        if parquet:
            write_parquet(project.evidence, new / "parquet", tables, holds)
        _describe(new, project, info, profile.title, settings, tables)
        if directory.exists():
            directory.rmdir()
        new.replace(directory)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"{directory}: the snapshot cannot be written ({error}); make it again") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return Snapshot(directory, describe.version_of(info), holds.abstracts, rows)


def _abstracts(settings: dict[str, Any]) -> bool:
    wanted = settings.get("snapshot") or {}
    if not isinstance(wanted, dict) or wanted.get("abstracts") not in (None, "include", "leave out"):
        raise UsageError(
            "metadata.yml: plugins: evidence: snapshot is {abstracts: include} or {abstracts: leave out}, not "
            f"{settings.get('snapshot')!r}"
        )
    return wanted.get("abstracts") == "include"


def _info(project: Project) -> dict[str, str]:
    if not project.evidence.is_file():
        raise UsageError(f"{project.evidence} does not exist: make it with 'evidence build'")
    try:
        info = read_info(project.evidence)
    except sqlite3.Error as error:
        raise StorageError(f"{project.evidence} cannot be read ({error}): run 'evidence build'") from error
    if not is_current(project, info):
        raise UsageError(f"{project.evidence} is older than what it is made from: run 'evidence build' first")
    return info


def _describe(
    folder: Path, project: Project, info: dict[str, str], title: str, settings: dict[str, Any], tables: list[Table]
) -> None:
    """The files that describe the others; each lists those that were written before it."""
    url, contact = str(settings.get("site_url") or ""), str(settings.get("contact") or "")
    with closing(open_readonly(project.evidence)) as db:
        _write(folder / "SEARCHES.md", prisma.searches(db, info))
        _write(folder / "FLOW.md", prisma.flow(db, info))
    _write(folder / "CITATION.cff", describe.citation(title, info, url if url.startswith("https://") else ""))
    describers: tuple[tuple[str, Callable[[dict[str, tuple[int, str]]], str]], ...] = (
        ("datapackage.json", lambda files: describe.datapackage(title, info, tables, files)),
        ("ro-crate-metadata.json", lambda files: describe.ro_crate(title, info, files, contact)),
    )
    for name, text in describers:
        _write(folder / name, text(_files(folder)))
    _write(folder / SUMS, "".join(f"{digest}  {name}\n" for name, (_, digest) in _files(folder).items()))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _files(folder: Path) -> dict[str, tuple[int, str]]:
    """Name → size in bytes and SHA-256."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        found[path.relative_to(folder).as_posix()] = (path.stat().st_size, digest)
    return found
