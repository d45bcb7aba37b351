"""Reports of ``evidence.db`` as :class:`~evidence.record.Record` objects, as the exchange writers want them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from evidence.record import Author, Mesh, Record, Section

# One IN list at a time: 500 keeps SQLite's variables and memory low, and costs no speed against 5,000.
BATCH = 500
REPORTS = """
    SELECT rowid, id, pmid, doi, pmcid, kind, title, vernacular_title, journal, journal_full, year, publication_date,
           electronic_date, volume, issue, pages, issn, language, url
    FROM reports WHERE rowid IN ({marks})"""
AUTHORS = """
    SELECT report, name, family, given, orcid, affiliation FROM authors WHERE report IN ({marks})
    ORDER BY report, "position" """
ABSTRACTS = (
    'SELECT report, section, category, text FROM abstracts WHERE report IN ({marks}) ORDER BY report, "position"'
)
MESH = "SELECT report, ui, heading, major FROM report_mesh WHERE report IN ({marks}) ORDER BY report, heading"
TYPES = "SELECT report, name FROM report_types WHERE report IN ({marks}) ORDER BY report, name"
SOURCES = "SELECT DISTINCT report, source FROM records WHERE report IN ({marks})"


def records_of(
    conn: sqlite3.Connection, rowids: Sequence[int], abstracts: Callable[[str], bool] = lambda source: True
) -> Iterator[Record]:
    """Records of these reports, in this order. ``abstracts`` says for each source whether its abstracts may leave."""
    for start in range(0, len(rowids), BATCH):
        batch = list(rowids[start : start + BATCH])
        found = {row["rowid"]: row for row in _rows(conn, REPORTS, batch)}
        ids = [row["id"] for row in found.values()]
        parts = {name: _by_report(conn, sql, ids) for name, sql in _PARTS.items()}
        for rowid in batch:
            if rowid in found:
                yield _record(
                    found[rowid], {name: rows.get(found[rowid]["id"], []) for name, rows in parts.items()}, abstracts
                )


_PARTS = {"authors": AUTHORS, "abstract": ABSTRACTS, "mesh": MESH, "types": TYPES, "sources": SOURCES}


def _rows(conn: sqlite3.Connection, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    cursor = conn.execute(sql.format(marks=", ".join("?" * len(values))), values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _by_report(conn: sqlite3.Connection, sql: str, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(conn, sql, ids):
        grouped.setdefault(row["report"], []).append(row)
    return grouped


def _record(row: dict[str, Any], parts: dict[str, list[dict[str, Any]]], shown: Callable[[str], bool]) -> Record:
    may_show = any(shown(part["source"]) for part in parts["sources"])
    return Record(
        source="pubmed" if row["pmid"] else "evidence",
        source_id=row["pmid"] or row["id"],
        pmid=row["pmid"],
        doi=row["doi"],
        pmcid=row["pmcid"],
        kind=row["kind"],
        title=row["title"],
        vernacular_title=row["vernacular_title"] or "",
        abstract=[_section(part) for part in parts["abstract"]] if may_show else [],
        authors=[_author(part) for part in parts["authors"]],
        journal=row["journal_full"] or row["journal"] or "",
        journal_abbreviation=row["journal"] or "",
        issn=row["issn"] or "",
        year=row["year"],
        publication_date=row["publication_date"] or "",
        electronic_date=row["electronic_date"] or "",
        volume=row["volume"] or "",
        issue=row["issue"] or "",
        pages=row["pages"] or "",
        languages=[name for name in (row["language"] or "").split(", ") if name],
        publication_types=[("", part["name"]) for part in parts["types"]],
        mesh=[Mesh(part["ui"], part["heading"], bool(part["major"])) for part in parts["mesh"]],
        url=row["url"] or "",
    )


def _section(part: dict[str, Any]) -> Section:
    return Section(text=part["text"], label=part["section"] or "", category=part["category"] or "")


def _author(part: dict[str, Any]) -> Author:
    if not part["family"]:
        return Author(collective=part["name"])
    initials = part["name"].removeprefix(part["family"]).strip()
    affiliations = [part["affiliation"]] if part["affiliation"] else []
    return Author(part["family"], part["given"] or "", initials, orcid=part["orcid"] or "", affiliations=affiliations)
