"""An invented library to check invented drafts against, with the project's own vocabulary and ledger."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from library_factory import make_database

from evidence.cited_sources import load_sources
from evidence.derive.schema import SEARCH_TABLE, SEARCH_VIEW
from evidence.ledger.ledger import Ledger, load_ledger
from evidence.library.bearing import CheckLibrary
from evidence.library.desk import Desk
from evidence.tagging import Tagger, load_vocabulary

ROOT = Path(__file__).resolve().parents[1]
DEER_2014 = {
    "id": "25112889", "pmid": "25112889", "doi": "10.1111/ner.12208", "journal": "Neuromodulation", "year": 2014,
    "volume": "17", "issue": "6", "pages": "515-50", "authors": ["Deer", "Mekhail", "Provenzano"],
    "title": "The appropriate use of neurostimulation of the spinal cord and peripheral nervous system for the "
    "treatment of "
    "chronic pain and ischemic diseases: the Neuromodulation Appropriateness Consensus Committee",
}  # fmt: skip
RIGOARD_2012 = {
    "id": "21937929", "pmid": "21937929", "doi": "10.1227/neu.0b013e318236a57c", "journal": "Neurosurgery",
    "year": 2012,
    "volume": "70", "issue": "3", "pages": "574-84", "authors": ["Rigoard", "Delmotte"],
    "title": "Back pain: a real target for spinal cord stimulation?",
}  # fmt: skip
# Invented reports: nobody wrote them.
OAKES = {
    "id": "90000001", "pmid": "90000001", "journal": "J Invented Pain", "year": 2018, "volume": "3", "pages": "11-9",
    "authors": ["Oakes", "Birch"], "title": "Night-time stimulation of the spinal cord and sleep in failed back "
    "surgery syndrome",
    "design": "cohort", "evidence_level": 4, "sample_size": 58, "controlled": 0, "status": "no_notice",
    "first_author": "Oakes A",
}  # fmt: skip
ASPEN = {
    "id": "90000002", "pmid": "90000002", "journal": "J Invented Pain", "year": 2023, "volume": "8", "pages": "100-9",
    "authors": ["Aspen"], "title": "Spinal cord stimulation and sleep: a randomised trial", "design": "rct",
    "evidence_level": 2, "sample_size": 140, "controlled": 1, "open_label": 1, "design_label": "Randomised trial",
    "publication_date": "2023-04", "first_author": "Aspen B",
}  # fmt: skip
ELM = {
    "id": "90000003", "pmid": "90000003", "journal": "Invented Med", "year": 2015, "volume": "1", "pages": "1-4",
    "authors": ["Elm"], "title": "A pump for everybody: intrathecal morphine without any harm", "status": "retracted",
    "first_author": "Elm C",
}  # fmt: skip
ABSTRACTS = {
    "90000001": [
        ("background", "Sleep is poor in people with failed back surgery syndrome."),
        ("methods", "Fifty-eight patients with spinal cord stimulators were followed for 12 months."),
        ("results", "Sleep quality may have improved in 61% of patients. Two patients had an infection."),
        ("conclusions", "Night-time stimulation appeared to improve sleep in this small cohort."),
    ],
    "90000002": [
        ("methods", "We randomised 140 patients to spinal cord stimulation or usual care."),
        ("results", "At 6 months sleep improved in 44% with stimulation and in 40% with usual care."),
    ],
}


def make_desk(ledger: Ledger | None = None, refreshed: str | None = "2026-11-19T06:00:00Z") -> Desk:
    """A desk over the invented library; with the project's ledger unless another is given."""
    return Desk(make_check_library(refreshed), project_tagger(), project_ledger() if ledger is None else ledger)


def make_check_library(refreshed: str | None, path: Path | str = ":memory:") -> CheckLibrary:
    db = make_database([DEER_2014, RIGOARD_2012, OAKES, ASPEN, ELM], path)
    for report, sections in ABSTRACTS.items():
        db.executemany(
            "INSERT INTO abstracts(report, position, category, text) VALUES (?, ?, ?, ?)",
            [(report, i, section.upper(), text) for i, (section, text) in enumerate(sections)],
        )
    for report in ("90000001", "90000002"):
        db.execute("INSERT INTO report_modalities(report, modality, source) VALUES (?, 'scs', 'rule')", (report,))
        db.execute("INSERT INTO report_outcomes(report, outcome, source) VALUES (?, 'sleep', 'rule')", (report,))
    for statement in (SEARCH_VIEW, SEARCH_TABLE, "INSERT INTO reports_fts(reports_fts) VALUES ('rebuild')"):
        db.execute(statement)
    db.execute(
        "INSERT INTO notices(id, report, kind, notice_pmid, notice_date, source, first_seen, checked_at) VALUES "
        "('n1', '90000003', 'retraction', '90000009', '2017-05', 'pubmed', '2026-11-19', '2026-11-19T06:00:00Z')"
    )
    db.execute("INSERT INTO checks VALUES ('90000001', 'pubmed', '2026-11-19T06:00:00Z', 'no notice')")
    if refreshed:
        db.execute("INSERT INTO build_info VALUES ('refreshed_at', ?)", (refreshed,))
    db.commit()
    return CheckLibrary(db)


@lru_cache
def project_vocabulary() -> Any:
    return load_vocabulary(ROOT / "queries" / "vocabulary")


@lru_cache
def project_tagger() -> Tagger:
    return Tagger(project_vocabulary())


@lru_cache
def project_ledger() -> Ledger:
    sources = load_sources(ROOT / "queries" / "sources.yml")
    return load_ledger(ROOT / "queries" / "claims", project_vocabulary(), sources)


def codes(row: dict[str, Any]) -> set[str]:
    return {warning["code"] for warning in row["warnings"]}


def sentence(result: dict[str, Any], words: str) -> dict[str, Any]:
    """The one sentence that holds these words."""
    found = [row for row in result["sentences"] if words in row["text"]]
    assert len(found) == 1, [row["text"] for row in found]
    return found[0]
