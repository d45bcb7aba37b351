"""Whether a tracker still holds all that an older copy of it holds: what ``evidence verify --against`` asks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from evidence.errors import StorageError
from evidence.readonly import open_readonly
from evidence.tracker.reading import TrackerReader
from evidence.tracker.schema import APPLICATION_ID
from evidence.tracker.storage import storage_errors

_EXAMPLES = 3
# (what is held, its table, a query whose rows are kept for ever; the first column names a row to a person)
_HELD: tuple[tuple[str, str, str], ...] = (
    ("records", "records", "SELECT id FROM records"),
    (
        "versions of records",
        "versions",
        """SELECT records.id, number, versions.content_hash, received_at, size
           FROM versions JOIN records ON records.key = versions.record""",
    ),
    (
        "records found by topics",
        "memberships",
        """SELECT topic || ': ' || records.id, from_refresh, started_at FROM memberships
           JOIN records ON records.key = memberships.record JOIN refreshes ON refreshes.id = from_refresh""",
    ),
    (
        "records that left topics",
        "memberships",
        """SELECT topic || ': ' || records.id, from_refresh, until_refresh, reason FROM memberships
           JOIN records ON records.key = memberships.record WHERE until_refresh IS NOT NULL""",
    ),
    (
        "records gone from PubMed",
        "absences",
        "SELECT records.id, refresh, gone_since FROM absences JOIN records ON records.key = absences.record",
    ),
    ("refreshes", "refreshes", "SELECT 'of ' || started_at, id, kind FROM refreshes"),
    (
        "topics' refreshes",
        "topic_refreshes",
        "SELECT topic || ' of ' || started_at, refresh FROM topic_refreshes JOIN refreshes ON refreshes.id = refresh",
    ),
    ("imports", "imports", "SELECT file || ' of ' || imported_at, id, sha256 FROM imports"),
    ("answers of other sources", "answers", "SELECT service || ' of ' || asked_at, content_hash, size FROM answers"),
    ("questions to other sources", "asked", "SELECT service || ' on ' || subject, since, item FROM asked"),
    ("states of cited sources", "source_states", "SELECT id || ' of ' || since, state, pmid FROM source_states"),
)


@dataclass(frozen=True, slots=True)
class Missing:
    """``count`` rows of one kind that the older copy holds and the tracker does not; the first of them by name."""

    what: str
    count: int
    held: int
    examples: tuple[str, ...]

    def line(self) -> str:
        return f"{self.count:,} of {self.held:,} {self.what} (such as {', '.join(self.examples)})"


def missing_from(tracker: TrackerReader, older: Path) -> list[Missing]:
    """What an older copy of a tracker holds and this one does not; ``[]`` when nothing is.

    The copy is not changed, whatever its version. Raises :class:`~evidence.errors.StorageError` when it is missing,
    damaged or no tracker.
    """
    if not older.is_file():
        raise StorageError(f"{older} does not exist: name a copy of a tracker.db")
    with storage_errors(older), closing(_open(older)) as copy:
        if copy.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StorageError(f"{older} is not a tracker: name a copy of a tracker.db")
        if (said := copy.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise StorageError(f"{older} is damaged ({said}): name a whole copy of a tracker.db")
        tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return [found for entry in _HELD if entry[1] in tables for found in _compare(tracker, copy, *entry)]


def _open(path: Path) -> sqlite3.Connection:
    return open_readonly(path, unchanging=not path.with_name(f"{path.name}-wal").exists())


def _compare(tracker: TrackerReader, copy: sqlite3.Connection, what: str, _table: str, query: str) -> Iterator[Missing]:
    with storage_errors(tracker.path):
        present = set(map(tuple, tracker.db.execute(query)))
    held, count, examples = 0, 0, dict[str, None]()
    for row in copy.execute(query):
        held += 1
        if tuple(row) not in present:
            count += 1
            if len(examples) < _EXAMPLES:
                examples[str(row[0])] = None
    if count:
        yield Missing(what, count, held, tuple(examples))
