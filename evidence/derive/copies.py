"""Copies that anybody may read, and which report is the preprint of which: what sources said last, as rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from evidence.derive.elsewhere import last_items
from evidence.sources import SOURCES, Source, Version
from evidence.tracker import Tracker
from evidence.tracker.answers import Asked

_COPY = "INSERT OR IGNORE INTO copies VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_VERSION = "INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_RELATION = "INSERT OR IGNORE INTO relations (report, related, kind, source, why) VALUES (?, ?, 'preprint', ?, ?)"
# PubMed gives a number of PMC to what PMC has, though perhaps only after an embargo.
_PMC = """
    INSERT OR IGNORE INTO copies
    SELECT id, 'https://www.ncbi.nlm.nih.gov/pmc/articles/' || pmcid || '/', 'free', NULL, NULL, 'PMC', 'pubmed', NULL
    FROM reports WHERE pmcid LIKE 'PMC%'"""


def fill_copies(conn: sqlite3.Connection, tracker: Tracker, names: Mapping[str, str], as_of: str | None) -> None:
    """Fill ``copies`` and ``versions``, and add the preprints that somebody deposited as such to ``relations``.

    Raises :class:`StorageError` when an answer cannot be read.
    """
    conn.execute(_PMC)
    for name in tracker.services():
        source = SOURCES.get(name)
        for row, item in last_items(tracker, source, as_of) if source and source.registry is None else ():
            assert source
            report = _report(row.subject, names)
            for copy in source.copies(row.subject, item) if report else ():
                told = copy.terms, copy.licence or None, copy.version or None, copy.site or None
                conn.execute(_COPY, (report, copy.url, *told, source.name, row.checked_at))
            for version in source.versions(row.subject, item):
                _add(conn, source, version, row, names)


def _add(conn: sqlite3.Connection, source: Source, version: Version, row: Asked, names: Mapping[str, str]) -> None:
    """A row for each of the two that the library holds."""
    preprint, article = _report(version.preprint, names), _report(version.article, names)
    if preprint == article:
        return  # merged into one report, or neither is here
    sides = ((preprint, "article", version.article, article), (article, "preprint", version.preprint, preprint))
    for report, kind, other, held in sides:
        if report:
            scheme, _, number = other.partition(":")
            told = held, number, scheme, int(version.guessed), version.note or None
            conn.execute(_VERSION, (report, kind, *told, source.name, row.checked_at))
    if preprint and article and not version.guessed:
        conn.execute(_RELATION, (preprint, article, source.name, version.note or f"deposited at {source.label}"))


def _report(subject: str, names: Mapping[str, str]) -> str | None:
    return names.get(subject.partition(":")[2])
