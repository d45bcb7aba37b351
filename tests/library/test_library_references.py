"""``evidence.db`` as a library for references."""

from __future__ import annotations

from pathlib import Path

import pytest
from library_factory import make_database, make_library

from evidence.errors import StorageError, UsageError
from evidence.library import Library

ROW = {
    "id": "5",
    "pmid": "5",
    "doi": "10.5555/abc",
    "pmcid": "PMC5",
    "title": "Øre and café: a naïve trial",
    "authors": ["Müller", "Okafor"],
    "journal": "J Coil",
    "year": 2001,
    "volume": "7",
    "pages": "11-9",
    "registrations": ["NCT01234567"],
    "ids": ["starter:5"],
}


@pytest.fixture
def library() -> Library:
    return make_library([ROW, {"id": "csv:1"}])


@pytest.mark.parametrize(
    "identifier", ["5", "starter:5", "10.5555/abc", "10.5555/ABC", "https://doi.org/10.5555/abc", "PMC5", "pmc5"]
)
def test_any_identifier_finds_the_report(library: Library, identifier: str) -> None:
    report = library.by_identifier(identifier)
    assert report is not None
    assert (report.id, report.authors, report.first_page) == ("5", ("Müller", "Okafor"), "11")


def test_unknown_identifiers_find_nothing(library: Library) -> None:
    assert library.by_identifier("6") is None
    assert library.by_registration("NCT09999999") == []


def test_registrations_lead_to_the_reports_of_the_study(library: Library) -> None:
    assert [report.id for report in library.by_registration("NCT01234567")] == ["5"]


def test_candidates_by_words_without_accents_and_by_compound_terms(library: Library) -> None:
    for term in ("cafe", "muller", "okafor", "v7p11", "mullerp11", "mullery2001"):
        assert [report.id for report in library.reference_candidates([term], 5)] == ["5"], term
    assert library.term_counts(["cafe", "nowhere"]) == {"cafe": 1}
    assert library.reference_candidates([], 5) == []
    assert library.reference_count() == 2


def test_a_record_with_nothing_but_an_id_is_a_report(library: Library) -> None:
    report = library.get("csv:1")
    assert report is not None
    assert (report.title, report.authors, report.year, report.first_page) == ("", (), None, "")


def test_a_missing_or_damaged_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="evidence build"):
        Library.open(tmp_path / "none.db")
    (tmp_path / "damaged.db").write_bytes(b"SQLite format 3\x00" + b"\x01" * 5000)
    with pytest.raises(StorageError, match=r"damaged\.db"):
        Library.open(tmp_path / "damaged.db")


def test_a_library_on_disk_is_opened_read_only(tmp_path: Path) -> None:
    make_database([ROW], tmp_path / "evidence.db").close()
    with Library.open(tmp_path / "evidence.db") as library:
        assert library.get("5") is not None
        with pytest.raises(Exception, match="readonly"):
            library.connection.execute("DELETE FROM report_ids")
