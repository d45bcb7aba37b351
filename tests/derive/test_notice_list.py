"""Retraction Watch's list, imported: what it says of the reports stands beside what others say, as of its day."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from eutils_server.corpus import Article
from project_factory import TestProject, make_project

from evidence.derive import build
from evidence.readonly import open_readonly
from evidence.sources import retractionwatch
from evidence.tracker import ImportSummary, Tracker, check_tracker, import_files

ROOT = Path(__file__).parents[2]
COLUMNS = (
    "Record ID,Title,RetractionDate,RetractionDOI,RetractionPubMedID,OriginalPaperDOI,OriginalPaperPubMedID,"
    "RetractionNature,Reason,Paywalled,Notes,"
).split(",")
NOTICES = "SELECT report, kind, source, notice_date, date(first_seen) FROM notices ORDER BY 1, 2, 4"


class Listed(TestProject):
    """Four reports of PubMed, and a list that may change."""

    __test__ = False

    def put(self, *rows: dict[str, str], name: str = "list.csv") -> ImportSummary:
        made = StringIO()
        writer = csv.DictWriter(made, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        path = self.project.root / name
        path.write_text(made.getvalue())
        with Tracker.open(self.project.tracker, now=self.clock) as tracker:
            summary = import_files(tracker, [path])
            assert not check_tracker(tracker)
        return summary

    def rows(self, statement: str, as_of: str | None = None) -> list[tuple[Any, ...]]:
        output = self.project.data / "built.db"
        build(self.project, output=output, as_of=as_of, now=self.clock)
        with open_readonly(output) as connection:
            return connection.execute(statement).fetchall()

    def status(self, report: str) -> str:
        return str(self.rows(f"SELECT status FROM reports WHERE id = '{report}'")[0][0])


def entry(number: int, doi: str = "", pmid: str = "", nature: str = "Retraction", on: str = "3/4/2021 0:00") -> Any:
    return {
        "Record ID": str(number), "Title": f"Invented report {number}", "OriginalPaperDOI": doi or "unavailable",
        "OriginalPaperPubMedID": pmid or "0", "RetractionNature": nature, "RetractionDate": on, "Reason": "+Error;",
    }  # fmt: skip


@pytest.fixture
def listed(tmp_path: Path) -> Listed:
    made = make_project(tmp_path, ROOT)
    project = Listed(made.project, made.clock)
    articles = [Article(str(1000 + n), f"Invented report {n}", doi=f"10.5555/a{n}") for n in range(1, 5)]
    project.fetch(articles, at="2026-01-01T08:00:00Z")
    return project


def test_its_rows_become_notices_and_no_reports(listed: Listed) -> None:
    summary = listed.put(
        entry(1, "10.5555/A1"), entry(2, pmid="1002", nature="Expression of concern"), entry(9, "10.5555/z")
    )
    assert (summary.total("new"), summary.files[0].format) == (3, "retraction-watch")
    assert listed.rows(NOTICES) == [
        ("1001", "retraction", "retraction_watch_file", "2021-03-04", "2026-01-01"),
        ("1002", "concern", "retraction_watch_file", "2021-03-04", "2026-01-01"),
    ]
    assert listed.rows("SELECT count(*) FROM reports") == [(4,)]
    assert [listed.status(one) for one in ("1001", "1002", "1003")] == ["retracted", "concern", "no_notice"]


def test_an_excerpt_says_nothing_of_what_it_lacks(listed: Listed) -> None:
    summary = listed.put(entry(1, "10.5555/a1"), entry(2, "10.5555/a2"))
    assert "excerpt" in summary.text()
    listed.clock.at = "2026-02-01T08:00:00Z"
    listed.put(entry(1, "10.5555/a1"))
    assert [row[0] for row in listed.rows(NOTICES)] == ["1001", "1002"]
    checks = listed.rows("SELECT report FROM checks WHERE source = 'retractionwatch' ORDER BY 1")
    assert checks == [("1001",), ("1002",)]


def test_a_whole_list_says_what_it_lacks_up_to_its_newest_notice(
    listed: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retractionwatch, "WHOLE", 3)
    monkeypatch.setattr("evidence.tracker.lists._MOST_GONE", 0.5)
    late = entry(8, "10.5555/y", on="1/1/2050 0:00")  # a slip of the pen: not the day of the list
    listed.put(entry(1, "10.5555/a1"), entry(2, "10.5555/a2"), entry(9, "10.5555/z", on="12/24/2025 0:00"), late)
    checks = "SELECT report, date(checked_at), outcome FROM checks WHERE source = 'retractionwatch' ORDER BY 1"
    assert listed.rows(checks) == [
        ("1001", "2026-01-01", "notice found"), ("1002", "2026-01-01", "notice found"),
        ("1003", "2025-12-24", "no notice found"), ("1004", "2025-12-24", "no notice found"),
    ]  # fmt: skip
    listed.clock.at = "2026-02-01T08:00:00Z"
    listed.put(entry(1, "10.5555/a1"), entry(3, "10.5555/a3"), late)
    assert [row[0] for row in listed.rows(NOTICES)] == ["1001", "1003"]
    assert [row[0] for row in listed.rows(NOTICES, as_of="2026-01-15")] == ["1001", "1002"]


def test_a_list_that_lost_many_rows_takes_nothing_back(listed: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retractionwatch, "WHOLE", 2)
    listed.put(*(entry(n, f"10.5555/a{n}") for n in range(1, 5)))
    listed.clock.at = "2026-02-01T08:00:00Z"
    listed.put(*(entry(n, f"10.5555/a{n}") for n in range(1, 4)))
    assert len(listed.rows(NOTICES)) == 4


def test_the_same_list_again_changes_nothing_and_a_revised_row_does(listed: Listed) -> None:
    listed.put(entry(1, "10.5555/a1"))
    with Tracker.open(listed.project.tracker) as tracker:
        held = list(tracker.db.execute("SELECT count(*), sum(size) FROM answers"))
    listed.clock.at = "2026-02-01T08:00:00Z"
    assert listed.put(entry(1, "10.5555/a1")).total("unchanged") == 1
    with Tracker.open(listed.project.tracker) as tracker:
        assert list(tracker.db.execute("SELECT count(*), sum(size) FROM answers")) == held
    assert listed.put(entry(1, "10.5555/a1", nature="Correction")).total("revised") == 1
    assert [row[1] for row in listed.rows(NOTICES)] == ["erratum"]
    assert [row[1] for row in listed.rows(NOTICES, as_of="2026-01-15")] == ["retraction"]


REINSTATED = [
    ((("Retraction", "3/4/2021"), ("Reinstatement", "5/6/2022")), "reinstated"),
    ((("Reinstatement", "5/6/2022"), ("Retraction", "3/4/2021")), "reinstated"),
    ((("Retraction", "3/4/2021"), ("Reinstatement", "5/6/2022"), ("Retraction", "7/8/2023")), "retracted"),
    ((("Retraction", "3/4/2021"), ("Reinstatement", "3/4/2021")), "retracted"),
    ((("Retraction", ""), ("Reinstatement", "5/6/2022")), "retracted"),
    ((("Retraction", "3/4/2021"), ("Reinstatement", "")), "retracted"),
    ((("Retraction", "3/4/2021"), ("Correction", "5/6/2022")), "retracted"),
    ((("Retraction", "3/4/2021"), ("Expression of concern", "5/6/2022")), "retracted"),
    ((("Expression of concern", "3/4/2021"), ("Reinstatement", "5/6/2022")), "concern"),
    ((("Retraction", "3/4/2021"), ("Reinstatement", "5/6/2022"), ("Correction", "7/8/2022")), "corrected"),
    ((("Reinstatement", "5/6/2022"),), "reinstated"),
]


@pytest.mark.parametrize(("natures", "status"), REINSTATED)
def test_only_a_later_reinstatement_lifts_a_retraction(listed: Listed, natures: Any, status: str) -> None:
    listed.put(*(entry(n, "10.5555/a1", nature=nature, on=on) for n, (nature, on) in enumerate(natures, 1)))
    assert listed.status("1001") == status
    assert len(listed.rows(NOTICES)) == len(natures)


def test_identifiers_that_lead_to_two_reports_go_by_the_title(listed: Listed) -> None:
    listed.put(entry(2, "10.5555/a1", "1002"))
    assert [row[0] for row in listed.rows(NOTICES)] == ["1002"]


def test_a_cut_and_a_damaged_list_are_told(listed: Listed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retractionwatch, "WHOLE", 1)
    monkeypatch.setattr("evidence.tracker.lists._MOST_GONE", 1)
    listed.put(entry(1, "10.5555/a1"), entry(2, "10.5555/a2"), entry(3, "10.5555/a3"))
    path = tmp_path / "list.csv"
    path.write_text(path.read_text().rpartition("10.5555/a3")[0])
    listed.clock.at = "2026-02-01T08:00:00Z"
    with Tracker.open(listed.project.tracker, now=listed.clock) as tracker:
        summary = import_files(tracker, [path])
    assert summary.total("problems") == 1 and "excerpt" in summary.text()
    assert [row[0] for row in listed.rows(NOTICES)] == ["1001", "1002", "1003"]
