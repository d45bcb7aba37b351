"""What counts as evidence means one thing: in Python, in SQL and in the bits of the facet index."""

from __future__ import annotations

import sqlite3
from itertools import product

import pytest

from evidence.derive.facet_index import FacetIndex, make_rows
from evidence.derive.schema import TABLES
from evidence.derive.site_tables import evidence_bits
from evidence.model import LEVELS, Kind, Scope, Status, evidence_sql, is_evidence

REPORTS = [
    {"id": str(number), "kind": str(kind), "status": str(status), "scope": str(scope), "gone_since": gone}
    for number, (kind, status, scope, gone) in enumerate(product(Kind, Status, Scope, (None, "2026-01-01")))
]


@pytest.fixture(scope="module")
def database() -> sqlite3.Connection:
    conn = sqlite3.connect(":memory:")
    for name, columns in TABLES.items():
        conn.execute(f'CREATE TABLE "{name}" ({columns})')
    conn.executemany(
        "INSERT INTO reports(id, title, kind, status, scope, gone_since, first_seen, abstract_state)"
        " VALUES (:id, 'An invented title', :kind, :status, :scope, :gone_since, '2026-01-01', 'hidden')",
        REPORTS,
    )
    conn.executemany("INSERT INTO facet_bits(facet, value, bits) VALUES (?, ?, ?)", list(make_rows(conn)))
    return conn


def expected() -> set[str]:
    return {r["id"] for r in REPORTS if is_evidence(r["kind"], r["status"], r["scope"], r["gone_since"] is not None)}


def test_sql_and_bits_say_what_python_says(database: sqlite3.Connection) -> None:
    assert {row[0] for row in database.execute(f"SELECT id FROM reports WHERE {evidence_sql()}")} == expected()
    index = FacetIndex.load(database)
    bits = evidence_bits(index) & index.all
    assert index.count_reports(bits) == len(expected())


@pytest.mark.parametrize(
    ("kind", "status", "scope", "gone", "counts"),
    [
        ("article", "no_notice", "core", False, True),
        ("article", "corrected", "neighbour", False, True),
        ("preprint", "unchecked", "unstated", False, True),
        ("article", "concern", "core", False, True),
        ("article", "retracted", "core", False, False),
        ("article", "withdrawn", "core", False, False),
        ("protocol", "no_notice", "core", False, False),
        ("registration", "unchecked", "core", False, False),
        ("notice", "no_notice", "core", False, False),
        ("article", "no_notice", "off_topic", False, False),
        ("article", "no_notice", "core", True, False),
    ],
)
def test_is_evidence(kind: str, status: str, scope: str, gone: bool, counts: bool) -> None:
    assert is_evidence(kind, status, scope, gone) is counts


def test_the_most_serious_status_is_last() -> None:
    assert sorted(Status, key=lambda status: status.gravity) == list(Status)
    assert LEVELS[0] == "1"
