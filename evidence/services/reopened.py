"""Claims whose reading is open again, for ``evidence status``: what the last build found."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from evidence.project import Project
from evidence.readonly import open_readonly

OPEN = """
    SELECT id, paraphrase, reopened_on, reopened_because FROM claims
    WHERE reopened_on IS NOT NULL ORDER BY reopened_on DESC, id"""


def reopened_claims(project: Project) -> list[dict[str, str]]:
    """``id, paraphrase, reopened_on, reopened_because``, newest first; ``[]`` when nothing was built yet."""
    if not project.evidence.exists():
        return []
    try:
        with closing(open_readonly(project.evidence)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(OPEN)]
    except sqlite3.Error:
        return []  # 'evidence verify' is the command that speaks of damage


def reopened_lines(claims: list[dict[str, str]]) -> list[str]:
    """What ``status`` prints of them."""
    if not claims:
        return []
    lines = [f"claims open again: {len(claims)} (as of the last build)"]
    return lines + [f"  {c['id']}: since {c['reopened_on']}: {c['reopened_because']}" for c in claims]
