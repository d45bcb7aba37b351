"""Titles and abstracts that PubMed has in another language only, and raised figures, from the record to the page."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from project_factory import make_project

from evidence.derive import build
from evidence.site.server import make_datasette

FRENCH = "La stimulation médullaire réduit la douleur chez quarante malades."


def article(pmid: str, title: str, inside: str = "", after: str = "") -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>{title}</ArticleTitle>{inside}"
        f"</Article>{after}</MedlineCitation></PubmedArticle>"
    )


def other(text: str, kind: str = "Publisher", language: str = "fre") -> str:
    return f'<OtherAbstract Type="{kind}" Language="{language}"><AbstractText>{text}</AbstractText></OtherAbstract>'


FOR_ALL = "plain-language-summary"
ENGLISH = "<Abstract><AbstractText>Spinal cord stimulation for pain.</AbstractText></Abstract>"
ELSEWHERE = "Publisher: Abstract available from the publisher."
ARTICLES = [
    article("81000001", "[Not Available].", "<VernacularTitle>Rückenmarkstimulation bei Schmerz.</VernacularTitle>"),
    article("81000002", "Abstract in French only", "", other("Ein Satz.", FOR_ALL, "ger") + other(FRENCH)),
    article("81000003", "Two abstracts", ENGLISH, other(FRENCH)),
    article("81000004", "A summary in plain language only", "", other("Words for all.", FOR_ALL, "eng")),
    article("81000005", "The publisher has it", "", other(ELSEWHERE, language="spa")),
    article("81000006", "English of another kind", "", other(FRENCH) + other("PIP: Pumps for pain.", "PIP", "eng")),
    article("81000007", "Pulses at 10<sup>3</sup> Hz in pain<sup>1</sup> and CO<sub>2</sub>",
            "<Abstract><AbstractText>Pain fell in 24<sup>2</sup> patients; PaO<sub>2</sub> and Ca<sup>2+</sup> rose."
            "</AbstractText></Abstract>"),
]  # fmt: skip


@pytest.fixture(scope="module")
def evidence_db(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    made = make_project(tmp_path_factory.mktemp("languages") / "project", root)
    made.fetch(ARTICLES)
    build(made.project)
    return made.project.evidence


def rows(path: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as db:
        return db.execute(sql, values).fetchall()


def found(path: Path, words: str) -> list[str]:
    sql = "SELECT id FROM reports_fts JOIN reports ON reports.rowid = reports_fts.rowid WHERE reports_fts MATCH ?"
    return [name for (name,) in rows(path, sql, words)]


def test_a_title_as_printed_is_the_title(evidence_db: Path) -> None:
    [(title,)] = rows(evidence_db, "SELECT title FROM reports WHERE id = '81000001'")
    assert title == "Rückenmarkstimulation bei Schmerz."
    assert found(evidence_db, "rückenmarkstimulation") == ["81000001"]


@pytest.mark.parametrize(
    ("report", "text", "language", "state"),
    [
        ("81000002", FRENCH, "fre", "present"),
        ("81000003", "Spinal cord stimulation for pain.", None, "present"),
        ("81000004", None, None, "none"),
        ("81000005", None, None, "none"),
        ("81000006", "PIP: Pumps for pain.", None, "present"),
    ],
)
def test_an_abstract_in_another_language(
    evidence_db: Path, report: str, text: str | None, language: str | None, state: str
) -> None:
    expected = [(text, language)] if text else []
    assert rows(evidence_db, "SELECT text, language FROM abstracts WHERE report = ?", report) == expected
    assert rows(evidence_db, "SELECT abstract_state FROM reports WHERE id = ?", report) == [(state,)]


def test_it_is_searched_and_its_page_says_the_language(evidence_db: Path, root: Path) -> None:
    assert found(evidence_db, "malades") == ["81000002"]
    site = make_datasette(evidence_db=evidence_db, metadata=root / "metadata.yml")
    page = asyncio.run(site.client.get("/reports/81000002")).text
    assert "in French only" in page and "quarante malades" in page
    assert "only" not in asyncio.run(site.client.get("/reports/81000003")).text.partition("Abstract</h2>")[2][:200]


def test_raised_figures_are_no_digits_of_a_number(evidence_db: Path) -> None:
    [(title, size)] = rows(evidence_db, "SELECT title, sample_size FROM reports WHERE id = '81000007'")
    assert title == "Pulses at 10³ Hz in pain¹ and CO2" and size in (None, 24)
    for words in ("co2", "pao2", '"Ca2+"', "pain", '"24 patients"'):
        assert "81000007" in found(evidence_db, words), words
    for words in ("242", "103"):
        assert "81000007" not in found(evidence_db, words)
