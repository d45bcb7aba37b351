"""The packaged starter library: what the site shows until PubMed has been asked."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from evidence.deduplicate import deduplicate
from evidence.exchange.reading import read_records
from evidence.project import STARTERS
from evidence.record import Record
from evidence.tagging import Tagger, load_vocabulary

# Every kind of stimulation or pump that the five health articles name, and how many reports it has at least.
SYSTEMS = {
    "scs": 100, "scs_closed_loop": 8, "scs_dtm": 3, "scs_multicolumn": 1, "scs_hf": 15, "scs_burst": 5, "drg": 10,
    "pns": 15, "pens": 8, "tens": 50, "itdd": 45, "itdd_opioid": 10, "itdd_ziconotide": 3, "dbs": 5, "ons": 5, "vns": 3,
    "rtms": 25, "tdcs": 25,
}  # fmt: skip
# What the articles cite, and landmark trials: PMID, a word of the title.
LANDMARKS = {
    "25112889": "appropriate use of neurostimulation",
    "21937929": "back pain",
    "31870766": "evoke",
    "37640452": "closed-loop",
    "39229594": "differential target",
    "30720582": "multicolumn",
    "36255427": "burst",
    "33818600": "10-khz",
}


@pytest.fixture(scope="module")
def records() -> list[Record]:
    imported = read_records(STARTERS / "neuromodulation.nbib", "starter")
    assert imported.format == "nbib" and imported.problems == []
    return [record for record, _ in imported.records]


def test_every_entry_is_one_report_with_a_title(records: list[Record]) -> None:
    assert len(records) == len({record.id for record in records}) == 440
    assert all(record.title for record in records) and not any(record.abstract for record in records)
    assert len(deduplicate(records).clusters) == len(records)
    identifiers = Counter(value for record in records for value in (record.pmid, record.doi) if value)
    assert [value for value, times in identifiers.items() if times > 1] == []


def test_an_entry_without_identifiers_stands_as_it_is_printed(records: list[Record]) -> None:
    (record,) = (record for record in records if not record.pmid and not record.doi)
    assert record.title.startswith("Results From the Partnership for Advancement in Neuromodulation Registry")
    assert (record.journal, record.year, record.volume, record.issue, record.pages) == (
        "Neuromodulation", 2016, "19", "2", "179-187",
    )  # fmt: skip
    assert [author.name for author in record.authors] == ["Deer T", "Skaribas I", "McJunkin T"]


def test_the_landmarks_are_there(records: list[Record]) -> None:
    titles = {record.pmid: record.title.lower() for record in records}
    assert {pmid: word for pmid, word in LANDMARKS.items() if word not in titles.get(pmid, "")} == {}


def test_every_system_of_the_articles_has_reports(records: list[Record], root: Path) -> None:
    tagger = Tagger(load_vocabulary(root / "queries" / "vocabulary"))
    counts = Counter(modality for record in records for modality in tagger.tag(record).modalities)
    assert {system: counts[system] for system, least in SYSTEMS.items() if counts[system] < least} == {}


def test_the_readme_says_how_many_there_are(records: list[Record], root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"bibliographic facts of (\d+) reports", readme)
    assert int(said) == len(records)
