"""What the site needs often, computed once from the finished tables: facet bits, evidence map, trends, counts.

``fill_site_tables`` is the last step of a build, before indexes or after them; it reads the public tables only.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from evidence.derive.facet_index import FacetIndex, make_rows
from evidence.model import LEVELS, NOT_EVIDENCE_KINDS, NOT_EVIDENCE_STATUSES, Scope, evidence_sql, listed_sql

MAP_FACETS = ("outcome", "condition")

# A claim about a child counts at its parents too, once, as reports do.
CLAIM_CELLS = """
    WITH RECURSIVE
    m(claim, tag) AS (SELECT claim, modality FROM claim_modalities
        UNION SELECT m.claim, parent FROM m JOIN modalities ON id = m.tag WHERE parent IS NOT NULL),
    t(claim, tag) AS (SELECT claim, {facet} FROM claim_{table}
        UNION SELECT t.claim, parent FROM t JOIN {table} ON id = t.tag WHERE parent IS NOT NULL)
    SELECT m.tag, t.tag, count(DISTINCT m.claim) FROM m JOIN t ON t.claim = m.claim GROUP BY 1, 2"""
TRENDS = f"""
    INSERT INTO trends(modality, year, reports)
    SELECT t.modality, r.year, count(*) FROM report_modalities t JOIN reports r ON r.id = t.report
    WHERE r.year IS NOT NULL AND {evidence_sql("r")}
    GROUP BY 1, 2"""
# Home and its feed: a sort of all reports took 50 ms at 50,000.
NEWEST = f"""
    SELECT rowid FROM reports
    WHERE {listed_sql()}
    ORDER BY first_seen DESC, publication_date DESC, rowid DESC LIMIT 50"""
COUNTS = {
    "reports": "SELECT count(*) FROM reports",
    "off_topic": "SELECT count(*) FROM reports WHERE scope = 'off_topic'",
    "gone": "SELECT count(*) FROM reports WHERE gone_since IS NOT NULL",
    "studies": "SELECT count(*) FROM studies",
    "records": "SELECT count(*) FROM records",
    "pubmed_records": "SELECT count(*) FROM records WHERE source = 'pubmed'",
    "starter_records": "SELECT count(*) FROM records WHERE source = 'starter'",
    "with_abstract": "SELECT count(DISTINCT report) FROM abstracts",
    "with_mesh": "SELECT count(DISTINCT report) FROM report_mesh",
    "notices": "SELECT count(*) FROM notices",
    "retracted": "SELECT count(*) FROM reports WHERE status IN ('retracted', 'withdrawn')",
    "topics": "SELECT count(*) FROM topics",
    "topics_refreshed": "SELECT count(*) FROM topics WHERE last_refreshed IS NOT NULL",
    "articles": "SELECT count(*) FROM articles",
    "claims": "SELECT count(*) FROM claims",
    "claims_read": "SELECT count(*) FROM claims WHERE fidelity IS NOT NULL",
    "claims_confirmed": "SELECT count(*) FROM claims WHERE status = 'confirmed'",
    "hand_tagged": "SELECT count(DISTINCT report) FROM (SELECT report FROM report_modalities WHERE source = 'hand' "
    "UNION ALL SELECT report FROM report_outcomes WHERE source = 'hand' UNION ALL SELECT report FROM report_conditions "
    "WHERE source = 'hand' UNION ALL SELECT report FROM report_designs WHERE source = 'hand')",
    "file_records": "SELECT count(*) FROM records WHERE source NOT IN ('pubmed', 'starter', 'clinicaltrials')",
    "registrations": "SELECT count(*) FROM reports WHERE kind = 'registration'",
    "claims_reopened": "SELECT count(*) FROM claims WHERE reopened_on IS NOT NULL",
    "unresolved_sources": "SELECT count(*) FROM sources WHERE report IS NULL",
}


def fill_site_tables(db: Any) -> None:
    """Fill ``facet_bits``, ``map_cells``, ``trends`` and ``fragments`` from the tables before them.

    ``db`` is a sqlite3 connection or a sqlite_utils database; rows are inserted in its current transaction.
    """
    conn: sqlite3.Connection = getattr(db, "conn", db)
    for table in ("facet_bits", "map_cells", "trends", "fragments"):
        conn.execute(f"DELETE FROM {table}")
    conn.executemany("INSERT INTO facet_bits(facet, value, bits) VALUES (?, ?, ?)", make_rows(conn))
    index = FacetIndex.load(conn)
    for facet in MAP_FACETS:
        conn.executemany("INSERT INTO map_cells VALUES (?, ?, ?, ?, ?, ?, ?)", list(_map_rows(conn, index, facet)))
    conn.execute(TRENDS)
    counts = {name: conn.execute(sql).fetchone()[0] for name, sql in COUNTS.items()}
    newest = [rowid for (rowid,) in conn.execute(NEWEST)]
    for name, value in (("counts", counts), ("newest", newest)):
        conn.execute("INSERT INTO fragments(name, value) VALUES (?, ?)", [name, json.dumps(value)])


def evidence_bits(index: FacetIndex) -> int:
    """The reports for which :func:`evidence.model.is_evidence` holds."""
    left_out = (
        index.any_of("kind", NOT_EVIDENCE_KINDS)
        | index.any_of("status", NOT_EVIDENCE_STATUSES)
        | index.get("scope", Scope.OFF_TOPIC)
        | index.get("gone", "gone")
    )
    return index.every & ~left_out


def count_cell(
    index: FacetIndex, bits: int, split: str = "level", values: Sequence[str] = LEVELS
) -> dict[str, tuple[int, int]]:
    """``{value: (studies, reports)}`` of a selection, with ``all``: by level, or by the ``values`` of another facet.

    A study counts at its best level only, or at the first of the values that it has.
    """
    total = (index.count_studies(bits), index.count_reports(bits))
    if not total[1]:
        return {}
    counts: dict[str, tuple[int, int]] = {"all": total}
    seen, studies = 0, 0
    for value in values:
        with_value = bits & index.get(split, value) & ~seen
        if with_value:
            seen |= with_value
            so_far = index.count_studies(seen)
            counts[value] = (so_far - studies, index.count_reports(with_value))
            studies = so_far
    return counts


def _map_rows(conn: sqlite3.Connection, index: FacetIndex, facet: str) -> Iterator[tuple[Any, ...]]:
    """Rows of ``map_cells``: a row a level that has reports, and one ``all`` with the claims made there."""
    table = {"outcome": "outcomes", "condition": "conditions"}[facet]
    claims = {(m, t): n for m, t, n in conn.execute(CLAIM_CELLS.format(facet=facet, table=table))}
    base = evidence_bits(index)
    tags = index.values(facet) + sorted({t for _, t in claims} - set(index.values(facet)))
    modalities = index.values("modality") + sorted({m for m, _ in claims} - set(index.values("modality")))
    for modality in modalities:
        of_modality = base & index.get("modality", modality)
        for tag in tags:
            counts = count_cell(index, of_modality & index.get(facet, tag)) if of_modality else {}
            stated = claims.get((modality, tag), 0)
            if counts or stated:
                studies, reports = counts.pop("all", (0, 0))
                yield facet, modality, tag, "all", studies, reports, stated
                for level, (studies, reports) in counts.items():
                    yield facet, modality, tag, level, studies, reports, 0
