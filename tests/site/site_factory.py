"""Making an invented ``evidence.db``: its tables, its vocabulary, a report at a time.

Every sentence here was made up for these tests.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlite_utils import Database

from evidence.derive import schema
from evidence.derive.site_tables import fill_site_tables
from evidence.derive.write import add_indexes, add_search

SCRIPT = "<script>alert('x')</script>"
HOSTILE = f"Burst stimulation {SCRIPT} \"quoted\" & 'single' </title><img src=x onerror=alert(1)>"
TAGS: dict[str, list[tuple[str, str, str | None]]] = {
    "modality": [
        ("scs", "Spinal cord stimulation", None),
        ("scs_hf", "SCS - high frequency (kHz)", "scs"),
        ("scs_burst", "SCS - burst", "scs"),
        ("drg", "Dorsal root ganglion stimulation", None),
        ("pens", "Percutaneous electrical nerve stimulation", None),
        ("tens", "Transcutaneous electrical nerve stimulation", None),
        ("itdd", "Intrathecal drug delivery (implanted pump)", None),
    ],
    "outcome": [
        ("pain_intensity", "Pain intensity", None),
        ("pain_relief", "Pain relief / responder rate", None),
        ("function", "Physical function / disability", None),
        ("opioid_use", "Opioid / analgesic consumption", None),
        ("ae", "Adverse events / complications", None),
        ("device_comp", "Device-related complications", "ae"),
    ],
    "condition": [
        ("fbss", "Persistent spinal pain syndrome type 2", None),
        ("crps", "Complex regional pain syndrome", None),
        ("clbp", "Chronic low back / leg pain", None),
        ("chronic_pain", "Chronic pain (general / other)", None),
    ],
    "design": [
        ("systematic_review", "Systematic review / meta-analysis", None),
        ("rct", "Randomised controlled trial", None),
        ("cohort", "Cohort / observational", None),
        ("case_report", "Case report / small case series", None),
        ("review", "Narrative review", None),
    ],
}
LEVEL_OF = {"systematic_review": 1, "rct": 2, "cohort": 3, "case_report": 4, "review": None}
FIRST_SEEN = "2026-04-02T11:00:00+00:00"


def new_database(path: Path) -> Database:
    """The public tables with the vocabulary in them; :func:`finish` adds what a build adds at its end."""
    path.unlink(missing_ok=True)
    db = Database(path)
    for pragma in ("journal_mode=OFF", "synchronous=OFF"):
        db.conn.execute(f"PRAGMA {pragma}")
    db.conn.execute("BEGIN")
    for table, columns in schema.TABLES.items():
        db.conn.execute(f'CREATE TABLE "{table}" ({columns})')
    for facet, tags in TAGS.items():
        for position, (tag, label, parent) in enumerate(tags):
            insert(
                db,
                schema.FACET_TABLE[facet],
                id=tag,
                label=label,
                parent=parent,
                position=position,
                definition=f"Invented definition of {label.lower()}.",
                mesh="Invented Heading",
                synonyms="one; two",
                level=LEVEL_OF.get(tag),
            )
    return db


def finish(db: Database, **info: str | None) -> None:
    add_indexes(db)
    add_search(db)
    fill_site_tables(db)
    defaults = {
        "built_at": "2026-04-03T06:00:00+00:00",
        "refreshed_at": FIRST_SEEN,
        "starter": "0",
        "inputs_hash": "abc",
    }
    for key, value in {**defaults, **info}.items():
        insert(db, "build_info", key=key, value=value)
    db.conn.execute("COMMIT")
    db.conn.execute("ANALYZE")
    db.close()


def insert(db: Database, table: str, **row: Any) -> None:
    columns = ", ".join(f'"{name}"' for name in row)
    db.conn.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join("?" * len(row))})', list(row.values()))


def add_report(
    db: Database,
    report_id: str,
    title: str,
    *,
    tags: dict[str, tuple[str, ...]] | None = None,
    abstract: tuple[tuple[str, str], ...] = (),
    source: str = "pubmed",
    **columns: Any,
) -> None:
    """One report of one record, its tags (parents given by the caller), abstract and ids."""
    pmid = report_id if report_id.isdigit() else None
    design = next(iter((tags or {}).get("design", ())), None)
    row = {
        "pmid": pmid,
        "doi": f"10.5555/{report_id}",
        "kind": "article",
        "authors": "Example AB, Sample CD, Model EF, Fourth GH",
        "first_author": "Example AB",
        "journal": "J Invent Pain",
        "journal_full": "Journal of Invented Pain",
        "year": 2020,
        "publication_date": "2020-05",
        "volume": "12",
        "issue": "3",
        "pages": "101-9",
        "issn": "1234-5678",
        "language": "eng",
        "design": design,
        "design_label": {i: label for i, label, _ in TAGS["design"]}.get(design or ""),
        "evidence_level": LEVEL_OF.get(design or ""),
        "scope": "core",
        "status": "no_notice",
        "first_seen": FIRST_SEEN,
        "abstract_state": "present" if abstract else "none",
        "citation": f"Example AB, Sample CD. {title} J Invent Pain. 2020;12(3):101-9.",
        **columns,
    }
    insert(db, "reports", id=report_id, title=title, **row)
    record = f"{source}:{report_id}"
    insert(
        db,
        "records",
        id=record,
        source=source,
        source_id=report_id,
        report=report_id,
        pmid=row["pmid"],
        doi=row["doi"],
        title=title,
        first_seen=row["first_seen"],
        last_received=row["first_seen"],
        versions=1,
    )
    for name in filter(None, dict.fromkeys((report_id, record, row["doi"]))):
        insert(db, "report_ids", id=name, report=report_id)
    for position, (label, text) in enumerate(abstract):
        insert(db, "abstracts", report=report_id, position=position, section=label, category=label, text=text)
    for position, (family, given) in enumerate((("Example", "Ann B"), ("Sample", "Cyd D"))):
        insert(
            db,
            "authors",
            report=report_id,
            position=position,
            name=f"{family} {given[0]}{given[-1]}",
            family=family,
            given=given,
        )
    for facet, values in (tags or {}).items():
        for tag in values:
            insert(
                db,
                f"report_{schema.FACET_TABLE[facet]}",
                **{"report": report_id, facet: tag, "rule": "phrase", "source": "rule"},
            )
