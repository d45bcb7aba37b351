"""A small ``evidence.db`` in memory, for tests and benchmarks that need a library."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from evidence.derive.reference_index import build_reference_index
from evidence.derive.schema import TABLES
from evidence.library import Library

_DEFAULTS: dict[str, Any] = {
    "kind": "article",
    "title": "",
    "scope": "core",
    "status": "no_notice",
    "first_seen": "2026-01-01T00:00:00Z",
    "abstract_state": "hidden",
}


def make_database(rows: Iterable[Mapping[str, Any]], path: Path | str = ":memory:") -> sqlite3.Connection:
    """An ``evidence.db`` with these reports: columns of ``reports``, and perhaps ``authors`` (a list of family names),
    ``registrations`` (trial numbers) and ``ids`` (further ids that resolve to the report)."""
    db = sqlite3.connect(path)
    db.execute("BEGIN")  # one transaction: on disk, each table alone would wait for the disk
    for name, columns in TABLES.items():
        db.execute(f'CREATE TABLE "{name}" ({columns})')
    for row in rows:
        _insert(db, dict(row))
    build_reference_index(db)
    db.commit()
    return db


def make_library(rows: Iterable[Mapping[str, Any]], path: Path | str = ":memory:") -> Library:
    return Library(make_database(rows, path))


def _insert(db: sqlite3.Connection, row: dict[str, Any]) -> None:
    authors, registrations, ids = row.pop("authors", []), row.pop("registrations", []), row.pop("ids", [])
    row = {**_DEFAULTS, **row}
    row.setdefault("id", row.get("pmid") or row.get("doi"))
    if authors:
        row.setdefault("first_author", authors[0])
    db.execute(
        f"INSERT INTO reports({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
        tuple(row.values()),
    )
    for position, family in enumerate(authors):
        db.execute(
            "INSERT INTO authors(report, position, name, family) VALUES (?, ?, ?, ?)",
            (row["id"], position, family, family),
        )
    for identifier in {row["id"], row.get("pmid"), row.get("doi"), *ids} - {None}:
        db.execute("INSERT OR IGNORE INTO report_ids VALUES (?, ?)", (identifier, row["id"]))
    for number in registrations:
        study = f"study:{number}"
        db.execute("INSERT OR IGNORE INTO studies(id) VALUES (?)", (study,))
        db.execute("INSERT OR IGNORE INTO study_registrations VALUES (?, 'ClinicalTrials.gov', ?)", (study, number))
        db.execute("INSERT INTO study_reports(study, report) VALUES (?, ?)", (study, row["id"]))
