"""Reports of ``evidence.db`` as :class:`~evidence.record.Record` objects, as the exchange writers want them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from evidence.derive.rows import NO_TITLE
from evidence.derive.schema import FACET_TABLE
from evidence.exchange.fields import mesh_of
from evidence.model import Facet
from evidence.record import Author, Correction, Mesh, Record, Section

# One IN list at a time: 500 keeps SQLite's variables and memory low, and costs no speed against 5,000.
BATCH = 500
REPORTS = """
    SELECT rowid, id, pmid, doi, pmcid, kind, title, vernacular_title, journal, journal_full, year, publication_date,
           electronic_date, volume, issue, pages, issn, issns, language, url, journal_abbreviation,
           nlm_id, electronic_id, record_status,
           date_completed, last_revised, history, conflict_statement
    FROM reports WHERE rowid IN ({marks})"""
AUTHORS = """
    SELECT report, name, family, given, suffix, orcid, affiliation, affiliations FROM authors WHERE report IN ({marks})
    ORDER BY report, "position" """
ABSTRACTS = (
    "SELECT report, section, category, text FROM abstracts WHERE report IN ({marks}) AND language IS NULL"
    ' ORDER BY report, "position"'
)
OTHER_ABSTRACTS = """
    SELECT report, number, kind, language, section, category, text FROM other_abstracts WHERE report IN ({marks})
    ORDER BY report, number, "position" """
MESH = "SELECT report, ui, heading, printed FROM report_mesh WHERE report IN ({marks}) ORDER BY report, heading"
TYPES = "SELECT report, name FROM report_types WHERE report IN ({marks}) ORDER BY report, name"
KEYWORDS = 'SELECT report, keyword FROM report_keywords WHERE report IN ({marks}) ORDER BY report, "position"'
DATABANKS = 'SELECT report, bank, accession FROM report_databanks WHERE report IN ({marks}) ORDER BY report, "position"'
GRANTS = 'SELECT report, printed FROM report_grants WHERE report IN ({marks}) ORDER BY report, "position"'
CORRECTIONS = """
    SELECT report, ref_type, pmid, ref_source, note FROM report_corrections WHERE report IN ({marks})
    ORDER BY report, "position" """
# Labels of the tags, as keywords beside those of the record; a parent comes before its children.
TAGS = " UNION ALL ".join(
    f"SELECT t.report, {place} AS facet, x.position, x.label FROM report_{table} t JOIN {table} x ON x.id = t.{facet} "
    "WHERE t.report IN ({marks})"
    for place, (facet, table) in enumerate((str(facet), FACET_TABLE[facet]) for facet in Facet)
)
SOURCES = "SELECT DISTINCT report, source FROM records WHERE report IN ({marks})"


def records_of(
    conn: sqlite3.Connection,
    rowids: Sequence[int],
    abstracts: Callable[[str], bool] = lambda source: True,
    tags: bool = False,
) -> Iterator[Record]:
    """Records of these reports, in this order. ``abstracts`` says for each source whether its abstracts may leave.

    ``tags``: the labels of a report's modalities, outcomes, conditions and designs are among its keywords.
    """
    for start in range(0, len(rowids), BATCH):
        batch = list(rowids[start : start + BATCH])
        found = {row["rowid"]: row for row in _rows(conn, REPORTS, batch)}
        ids = [row["id"] for row in found.values()]
        parts = {name: _by_report(conn, sql, ids) for name, sql in _PARTS.items()}
        labels = _labels(conn, ids) if tags else {}
        for rowid in batch:
            if rowid in found:
                report = found[rowid]["id"]
                record = _record(found[rowid], {name: rows.get(report, []) for name, rows in parts.items()}, abstracts)
                record.keywords = list(dict.fromkeys([*record.keywords, *labels.get(report, ())]))
                yield record


_PARTS = {
    "authors": AUTHORS, "abstract": ABSTRACTS, "other": OTHER_ABSTRACTS, "mesh": MESH, "types": TYPES,
    "keywords": KEYWORDS, "databanks": DATABANKS, "grants": GRANTS, "corrections": CORRECTIONS, "sources": SOURCES,
}  # fmt: skip


def _rows(conn: sqlite3.Connection, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    times = sql.count("{marks}")
    marks = ", ".join("?" * len(values))
    cursor = conn.execute(sql.format(marks=marks), [*values] * times)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _by_report(conn: sqlite3.Connection, sql: str, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(conn, sql, ids):
        grouped.setdefault(row["report"], []).append(row)
    return grouped


def _labels(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    """Report → the labels of its tags, facet by facet, in the vocabulary's order."""
    found: dict[str, list[str]] = {}
    rows = _rows(conn, TAGS, ids)
    for row in sorted(rows, key=lambda row: (row["facet"], row["position"] or 0, row["label"])):
        found.setdefault(row["report"], []).append(row["label"].split(" (")[0])
    return found


def _record(row: dict[str, Any], parts: dict[str, list[dict[str, Any]]], shown: Callable[[str], bool]) -> Record:
    may_show = any(shown(part["source"]) for part in parts["sources"])
    return Record(
        source="pubmed" if row["pmid"] else "evidence",
        source_id=row["pmid"] or row["id"],
        pmid=row["pmid"],
        doi=row["doi"],
        pmcid=row["pmcid"],
        kind=row["kind"],
        title="" if row["title"] == NO_TITLE else row["title"],
        vernacular_title=row["vernacular_title"] or "",
        abstract=[_section(part) for part in parts["abstract"]] if may_show else [],
        other_abstracts=_other_abstracts(parts["other"]) if may_show else [],
        authors=[_author(part) for part in parts["authors"]],
        journal=row["journal_full"] or row["journal"] or "",
        journal_abbreviation=row["journal_abbreviation"] or "",
        nlm_id=row["nlm_id"] or "",
        issn=row["issn"] or "",
        issns=[_issn(text) for text in _list(row["issns"])],
        year=row["year"],
        publication_date=row["publication_date"] or "",
        electronic_date=row["electronic_date"] or "",
        volume=row["volume"] or "",
        issue=row["issue"] or "",
        pages=row["pages"] or "",
        electronic_id=row["electronic_id"] or "",
        languages=[name for name in (row["language"] or "").split(", ") if name],
        publication_types=[("", part["name"]) for part in parts["types"]],
        mesh=[_mesh(part) for part in parts["mesh"]],
        keywords=[part["keyword"] for part in parts["keywords"]],
        databanks=[(part["bank"] or "", part["accession"]) for part in parts["databanks"]],
        grants=[part["printed"] for part in parts["grants"]],
        conflict_statement=row["conflict_statement"] or "",
        corrections=[
            Correction(part["ref_type"], part["pmid"], part["ref_source"] or "", part["note"] or "")
            for part in parts["corrections"]
        ],
        status=row["record_status"] or "",
        date_revised=row["last_revised"] or "",
        date_completed=row["date_completed"] or "",
        history=[_event(text) for text in _list(row["history"])],
        url=row["url"] or "",
    )


def _list(text: str | None) -> list[str]:
    return text.split("; ") if text else []


def _issn(text: str) -> tuple[str, str]:
    """``1525-1403 (Electronic)`` → ``("1525-1403", "Electronic")``."""
    number, _, kind = text.partition(" (")
    return number, kind.rstrip(")")


def _event(text: str) -> tuple[str, str]:
    """``received 2014-03-11`` → ``("received", "2014-03-11")``."""
    event, _, date = text.rpartition(" ")
    return event, date


def _section(part: dict[str, Any]) -> Section:
    return Section(text=part["text"], label=part["section"] or "", category=part["category"] or "")


def _other_abstracts(parts: list[dict[str, Any]]) -> list[tuple[str, str, list[Section]]]:
    found: dict[int, tuple[str, str, list[Section]]] = {}
    for part in parts:
        abstract = found.setdefault(part["number"], (part["kind"] or "", part["language"] or "", []))
        abstract[2].append(_section(part))
    return list(found.values())


def _mesh(part: dict[str, Any]) -> Mesh:
    mesh = mesh_of(part["printed"] or part["heading"])
    mesh.ui = part["ui"] if part["ui"] != part["heading"] else ""
    return mesh


def _author(part: dict[str, Any]) -> Author:
    several = json.loads(part["affiliations"]) if part["affiliations"] else None
    affiliations = several or ([part["affiliation"]] if part["affiliation"] else [])
    if not part["family"]:
        return Author(collective=part["name"], orcid=part["orcid"] or "", affiliations=affiliations)
    return Author(
        family=part["family"],
        given=part["given"] or "",
        initials=part["name"].removeprefix(part["family"]).strip(),
        suffix=part["suffix"] or "",
        orcid=part["orcid"] or "",
        affiliations=affiliations,
    )
