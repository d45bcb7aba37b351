"""``evidence up``: everything that is missing, made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from evidence.clock import Clock
from evidence.derive import build
from evidence.derive.derive import Progress
from evidence.derive.info import inputs_hash
from evidence.errors import StorageError
from evidence.profile import FILE, load_profile
from evidence.project import STARTERS, Project
from evidence.readonly import open_readonly
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
        wanted = inputs_hash(project, tracker.input_hash())
    built_from, starter = built_state(project.evidence)
    if built_from != wanted:
        yield (
            "building the site's database"
            if built_from is None
            else "an input changed: building the site's database again"
        )
        done = build(project, progress=progress, now=now)
        starter = done.starter
        yield done.text().splitlines()[0]
    if starter:
        yield from STARTER_LINES


def open_tracker(project: Project, now: Clock) -> Tracker:
    """The project's tracker, made when missing. Raises :class:`StorageError`."""
    try:
        project.data.mkdir(exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{project.data}: cannot be made ({error.strerror}); fix its permissions or choose another --project"
        ) from error
    return Tracker.open(project.tracker, now=now)


def built_state(path: Path) -> tuple[str | None, bool]:
    """What ``evidence.db`` was built from (``None``: it is missing or unreadable), and whether it is the starter's."""
    if not path.exists():
        return None, False
    try:
        with closing(open_readonly(path)) as db:
            info = dict(
                db.execute("SELECT key, value FROM build_info WHERE key IN ('inputs_hash', 'starter', 'as_of')")
            )
    except sqlite3.Error:
        return None, False
    return info.get("inputs_hash"), info.get("starter") == "1"
