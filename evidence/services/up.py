"""``evidence up``: everything that is missing, made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from evidence.clock import Clock
from evidence.derive import build
from evidence.derive.derive import Progress
from evidence.derive.info import is_current, read_info
from evidence.errors import StorageError
from evidence.profile import FILE, load_profile
from evidence.project import STARTERS, Project
from evidence.tracker import Tracker
from evidence.tracker.importing import import_files

STARTER_LINES = (
    "this is the starter library: bibliographic facts of real reports, without abstracts; PubMed was not asked yet",
    "to fetch the rest: export NCBI_EMAIL=you@example.org, then 'evidence refresh' and 'evidence up'",
)


def make_ready(project: Project, progress: Progress, now: Clock) -> Iterator[str]:
    """Make the databases if they are missing, rebuild when an input changed; yields lines that say what was done."""
    with closing(open_tracker(project, now)) as tracker:
        if not tracker.counts():
            starter_name = load_profile(project.queries / FILE).starter
            if starter_name:
                summary = import_files(tracker, [STARTERS / f"{starter_name}.nbib"], source="starter")
                yield f"nothing was fetched yet: began with the starter library ({summary.total('new')} reports)"
            else:
                yield "nothing was fetched yet: write topics in queries/topics/, then run 'evidence refresh'"
        info = _built(project.evidence)
        current = is_current(project, info, tracker)
    starter = info.get("starter") == "1"
    if not current:
        yield "an input changed: building the site's database again" if info else "building the site's database"
        done = build(project, progress=progress, now=now)
        starter = done.starter
        yield done.text().splitlines()[0]
    if line := current_index(project, progress, now):
        yield line
    if starter:
        yield from STARTER_LINES


def current_index(project: Project, progress: Progress, now: Clock) -> str:
    """See :func:`evidence.services.indexing.keep_current`, which is loaded where there is an index."""
    if not project.has_pubmed_index:
        return ""
    from evidence.services.indexing import keep_current  # numpy takes 0.2 s to load, which few projects need

    return keep_current(project, progress, now)


def open_tracker(project: Project, now: Clock) -> Tracker:
    """The project's tracker, made when missing. Raises :class:`StorageError`."""
    try:
        project.data.mkdir(exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{project.data}: cannot be made ({error.strerror}); fix its permissions or choose another --project"
        ) from error
    return Tracker.open(project.tracker, now=now)


def _built(path: Path) -> dict[str, str]:
    """What ``evidence.db`` says of itself; empty where it is missing or unreadable."""
    try:
        return read_info(path) if path.exists() else {}
    except sqlite3.Error:
        return {}
