"""The tables of ``tracker.db`` as data, and the one function that makes or updates them.

Only ever added to: intervals are closed, nothing is deleted, and triggers hold everybody to it. Times are UTC
ISO 8601 to the second. Columns may be added (an older database gets them when it is next opened); a change that
is more than that needs a new ``VERSION`` and a refusal that names the way out.
"""

from __future__ import annotations

import re

from sqlite_utils import Database

from evidence.errors import StorageError

APPLICATION_ID = 0x45565452  # "EVTR"
VERSION = 5

TABLES: dict[str, str] = {
    "refreshes": """
        id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT, kind TEXT NOT NULL, outcome TEXT,
        requests INTEGER, failure TEXT, warnings TEXT""",
    "imports": """
        id INTEGER PRIMARY KEY, source TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, format TEXT NOT NULL,
        imported_at TEXT NOT NULL, entries INTEGER, new INTEGER, revised INTEGER, unchanged INTEGER,
        problems INTEGER""",
    "dictionaries": """
        id INTEGER PRIMARY KEY, format TEXT NOT NULL, trained_at TEXT NOT NULL, samples INTEGER NOT NULL,
        content BLOB NOT NULL""",
    "records": """
        key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, source_id TEXT, pmid TEXT,
        first_received TEXT NOT NULL, current INTEGER NOT NULL, content_hash TEXT NOT NULL, revision TEXT""",
    "versions": """
        record INTEGER NOT NULL REFERENCES records(key), number INTEGER NOT NULL, received_at TEXT NOT NULL,
        refresh INTEGER REFERENCES refreshes(id), import INTEGER REFERENCES imports(id), format TEXT NOT NULL,
        content_hash TEXT NOT NULL, size INTEGER NOT NULL, dictionary INTEGER REFERENCES dictionaries(id),
        content BLOB NOT NULL, PRIMARY KEY(record, number)""",
    "doubts": """
        record INTEGER NOT NULL REFERENCES records(key), refresh INTEGER NOT NULL REFERENCES refreshes(id),
        received_at TEXT NOT NULL, lost TEXT NOT NULL, settled TEXT, format TEXT NOT NULL, content_hash TEXT NOT NULL,
        size INTEGER NOT NULL, dictionary INTEGER REFERENCES dictionaries(id), content BLOB,
        PRIMARY KEY(record, refresh)""",
    "absences": """
        record INTEGER NOT NULL REFERENCES records(key), refresh INTEGER NOT NULL REFERENCES refreshes(id),
        gone_since TEXT NOT NULL, reason TEXT, back_since TEXT, PRIMARY KEY(record, refresh)""",
    "memberships": """
        topic TEXT NOT NULL, record INTEGER NOT NULL REFERENCES records(key),
        from_refresh INTEGER NOT NULL REFERENCES refreshes(id), until_refresh INTEGER REFERENCES refreshes(id),
        reason TEXT, PRIMARY KEY(topic, record, from_refresh)""",
    "topic_refreshes": """
        refresh INTEGER NOT NULL REFERENCES refreshes(id), topic TEXT NOT NULL, query TEXT, hits INTEGER, new INTEGER,
        revised INTEGER, unchanged INTEGER, gone INTEGER, failed INTEGER, poorer INTEGER, translation TEXT,
        warnings TEXT, error TEXT, watermark TEXT, PRIMARY KEY(refresh, topic)""",
    "source_states": """
        id TEXT NOT NULL, since TEXT NOT NULL, checked_at TEXT NOT NULL, refresh INTEGER REFERENCES refreshes(id),
        state TEXT NOT NULL, reason TEXT, pmid TEXT, printed TEXT, PRIMARY KEY(id, since)""",
    "answers": """
        key INTEGER PRIMARY KEY, service TEXT NOT NULL, asked_at TEXT NOT NULL, content_hash TEXT NOT NULL,
        size INTEGER NOT NULL, content BLOB NOT NULL""",
    "asked": """
        service TEXT NOT NULL, subject TEXT NOT NULL, since TEXT NOT NULL, checked_at TEXT NOT NULL,
        item TEXT, answer INTEGER REFERENCES answers(key), PRIMARY KEY(service, subject, since)""",
    "enrichments": """
        id INTEGER PRIMARY KEY, service TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT, asked INTEGER,
        found INTEGER, failed INTEGER, requests INTEGER, failure TEXT""",
}

INDEXES: tuple[tuple[str, str], ...] = (
    ("records", "source, pmid"),
    ("memberships", "record"),
    ("doubts", "settled"),
    ("imports", "sha256"),
    ("topic_refreshes", "topic, refresh"),
)

_KEPT = (
    "records", "versions", "doubts", "dictionaries", "refreshes", "imports", "memberships", "absences",
    "topic_refreshes", "answers", "asked", "enrichments",
)  # fmt: skip


def ensure_schema(db: Database, path: str) -> None:
    """Make what is missing, in one transaction. Writes nothing when nothing is. Raises :class:`StorageError`."""
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if application == APPLICATION_ID and version == VERSION:
        return
    tables = set(db.table_names())
    if tables and application != APPLICATION_ID:
        raise StorageError(
            f"{path} is a database, but not a tracker's: move it away, or name another project directory"
        )
    if version > VERSION:
        raise StorageError(
            f"{path} was made by a newer version of this program (schema {version}; this one knows {VERSION}): "
            "install the newer version"
        )
    with db.atomic():
        for table, columns in TABLES.items():
            if table in tables:
                _add_missing_columns(db, table, columns, path)
            db.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
        for table, columns in INDEXES:
            name = f"{table}_{re.sub(r'[^a-z]+', '_', columns)}"
            db.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({columns})")
        for table in _KEPT:
            db.execute(
                f"CREATE TRIGGER IF NOT EXISTS {table}_are_kept BEFORE DELETE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'nothing received is ever deleted'); END"
            )
        db.execute(
            "CREATE TRIGGER IF NOT EXISTS versions_stay_as_received BEFORE UPDATE ON versions "
            "BEGIN SELECT RAISE(ABORT, 'a version stays as it was received'); END"
        )
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {VERSION}")


def _add_missing_columns(db: Database, table: str, columns: str, path: str) -> None:
    present = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
    for definition in _column_definitions(columns):
        name = definition.split()[0]
        if name in present:
            continue
        if "NOT NULL" in definition or "PRIMARY KEY" in definition:
            raise StorageError(
                f"{path} is from an older version that cannot be carried over ({table} has no {name}): keep it as a "
                "backup under another name and run 'evidence refresh', which fetches everything again"
            )
        db.execute(f"ALTER TABLE {table} ADD COLUMN {definition}")


def _column_definitions(columns: str) -> list[str]:
    """``a INTEGER, b TEXT REFERENCES t(c), PRIMARY KEY(a, b)`` → the columns, table constraints left out."""
    parts = re.split(r",(?![^(]*\))", " ".join(columns.split()))
    return [part.strip() for part in parts if not part.strip().startswith("PRIMARY KEY(")]
