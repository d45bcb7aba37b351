"""Files into the tracker: sums that add up, the same file twice, corrected and poorer re-imports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from clocks import SetClock

from evidence.errors import InputError, UsageError
from evidence.exchange.reading import read_records
from evidence.project import STARTERS
from evidence.record import Record, from_json, to_json
from evidence.tracker import Tracker, check_tracker, import_files
from evidence.tracker.importing import distinct

RIS = "TY  - JOUR\nTI  - An invented title\nAU  - Nobody, N\nPY  - 2001\nJO  - Pain\nAB  - Words.\nER  - \n"


@pytest.fixture
def tracker(tmp_path: Path) -> Iterator[Tracker]:
    with Tracker.open(tmp_path / "tracker.db") as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "export.ris"
    path.write_text(RIS + "TY  - JOUR\nAU  - Cites nothing\nER  - \n", encoding="utf-8")
    return path


def records(tracker: Tracker) -> list[Record]:
    return [from_json(stored.content) for stored in tracker.stored()]


def test_the_summary_adds_up_and_names_file_line_and_reason(tracker: Tracker, file: Path) -> None:
    summary = import_files(tracker, [file])
    assert (summary.total("entries"), summary.total("new"), summary.total("problems")) == (2, 1, 1)
    assert f"{file}:8: neither a title" in summary.text()
    data = summary.as_json()
    assert data["entries"] == data["new"] + data["revised"] + data["unchanged"] + data["problems"]
    assert data["files"][0]["problems"][0]["line"] == 8
    assert records(tracker)[0].source == "ris"


def test_the_same_file_twice_changes_nothing(tracker: Tracker, file: Path) -> None:
    import_files(tracker, [file])
    fingerprint, changes = tracker.input_hash(), tracker.db.conn.total_changes
    summary = import_files(tracker, [file])
    assert (summary.total("new"), summary.total("revised"), summary.total("unchanged")) == (0, 0, 1)
    assert tracker.input_hash() == fingerprint and tracker.db.conn.total_changes == changes
    assert len(tracker.imports()) == 1


def test_the_starter_library_goes_in_through_the_ordinary_importer(tracker: Tracker) -> None:
    assert import_files(tracker, [STARTERS / "neuromodulation.nbib"], "starter").total("new") == 440
    assert import_files(tracker, [STARTERS / "neuromodulation.nbib"], "starter").total("unchanged") == 440
    assert tracker.counts() == {"starter": 440} and check_tracker(tracker) == []
    assert "starter:25112889" in {stored.id for stored in tracker.stored()}
    assert tracker.known("pubmed") == {}


def test_a_corrected_reimport_is_a_version_of_the_same_record(tracker: Tracker, file: Path) -> None:
    import_files(tracker, [file])
    file.write_text(RIS.replace("PY  - 2001", "PY  - 2001\nVL  - 7").replace("invented title", "Invented Title."))
    summary = import_files(tracker, [file])
    assert (summary.total("new"), summary.total("revised")) == (0, 1)
    [record] = records(tracker)
    assert (record.volume, record.title) == ("7", "An Invented Title.")
    assert len(tracker.versions(record.id)) == 2


def test_a_poorer_reimport_takes_nothing_away(tracker: Tracker, file: Path) -> None:
    import_files(tracker, [file])
    file.write_text(RIS.replace("AB  - Words.\n", ""))
    assert import_files(tracker, [file]).total("unchanged") == 1
    file.write_text(RIS.replace("AB  - Words.\n", "VL  - 7\n"))
    assert import_files(tracker, [file]).total("revised") == 1
    [record] = records(tracker)
    assert record.abstract_text() == "Words." and record.volume == "7"


def test_numbers_that_only_count_a_files_rows_do_not_join_two_files(tracker: Tracker, tmp_path: Path) -> None:
    for name, title in (("a.csv", "One"), ("b.csv", "Two")):
        (tmp_path / name).write_text(f"record_id,title\n1,{title}\n")
    import_files(tracker, [tmp_path / "a.csv", tmp_path / "b.csv"], "scopus")
    assert sorted(record.title for record in records(tracker)) == ["One", "Two"]


def test_entries_that_cite_the_same_but_differ_are_two_whatever_their_order(tracker: Tracker, tmp_path: Path) -> None:
    one, other = (f"TY  - JOUR\nTI  - Editorial\nSP  - {page}\nER  - \n" for page in (1, 9))
    (tmp_path / "a.ris").write_text(one + other + one)
    summary = import_files(tracker, [tmp_path / "a.ris"])
    assert (summary.total("new"), summary.total("unchanged")) == (2, 1)
    (tmp_path / "a.ris").write_text(other + one)
    assert import_files(tracker, [tmp_path / "a.ris"]).total("unchanged") == 2


def test_one_accession_twice_in_a_file_keeps_the_fuller_entry() -> None:
    poor, full = (
        Record("nbib", pmid="1", source_id="1", title="T"),
        Record("nbib", pmid="1", source_id="1", title="T", volume="3"),
    )
    for order in ([poor, full], [full, poor]):
        chosen, conflicts = distinct([(record, line) for line, record in enumerate(order, 1)])
        assert [record.volume for record in chosen] == ["3"] and conflicts == []


def entry(pmid: str, title: str, author: str = "Vogt, P", more: str = "") -> str:
    return f"TY  - JOUR\nTI  - {title}\nAU  - {author}\nAN  - {pmid}\nDB  - PubMed\n{more}ER  - \n"


ONE, OTHER = "Pumps for pain of the knee", "A letter about something else altogether"


def test_two_titles_under_one_pmid_are_kept_apart_and_told(tracker: Tracker, tmp_path: Path) -> None:
    path = tmp_path / "a.ris"
    path.write_text(entry("55000001", ONE) + entry("55000001", OTHER, "Lind, K") + entry("55000002", ONE))
    summary = import_files(tracker, [path])
    assert (summary.total("new"), summary.total("problems")) == (3, 0)
    [conflict] = summary.files[0].conflicts
    assert ONE in conflict.reason and OTHER in conflict.reason and "55000001" in conflict.reason
    assert f"{path}:{conflict.line}: " in summary.text() and summary.as_json()["conflicts"] == 1
    again = import_files(tracker, [path])
    assert (again.total("new"), again.total("unchanged"), again.total("conflicts")) == (0, 3, 1)


def test_another_title_under_a_pmid_of_an_earlier_import_is_told_too(tracker: Tracker, tmp_path: Path) -> None:
    first, second = tmp_path / "a.ris", tmp_path / "b.ris"
    first.write_text(entry("55000001", ONE))
    second.write_text(entry("55000001", OTHER, "Lind, K"))
    import_files(tracker, [first])
    summary = import_files(tracker, [second])
    assert (summary.total("new"), summary.total("revised"), summary.total("conflicts")) == (1, 0, 1)
    assert import_files(tracker, [first]).total("unchanged") == 1


@pytest.mark.parametrize(
    "other",
    [ONE.upper(), "Pumps for pain", f"[{ONE}].", f"RETRACTED: {ONE}", f"{ONE}: a randomised trial of two doses", ""],
)
def test_two_spellings_of_one_title_are_one_record(tracker: Tracker, tmp_path: Path, other: str) -> None:
    path = tmp_path / "a.ris"
    path.write_text(entry("55000001", ONE) + entry("55000001", other, more="VL  - 3\n"))
    summary = import_files(tracker, [path])
    assert (summary.total("new"), summary.total("unchanged"), summary.total("conflicts")) == (1, 1, 0)


def test_row_numbers_of_two_files_are_not_one_record(tracker: Tracker, tmp_path: Path) -> None:
    for name, pmid in (("a", "55000001"), ("b", "55000002")):
        (tmp_path / f"{name}.csv").write_text(f"record_id,title,pmid\n1,Title {name},{pmid}\n")
    assert import_files(tracker, [tmp_path / "a.csv", tmp_path / "b.csv"]).total("new") == 2


def test_what_nobody_read_is_counted_and_named(tracker: Tracker, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title,year,Covidence #\nOne,2019,#1\nTwo,2020,#2\n")
    summary = import_files(tracker, [path])
    assert "not read, with the number of entries that have it: Covidence # (2)" in summary.text()
    assert summary.as_json()["files"][0]["unread"] == {"Covidence #": 2}


def test_nothing_is_stored_when_one_of_the_files_cannot_be_read(tracker: Tracker, file: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.ris").write_bytes(bytes(range(256)) * 9)
    with pytest.raises(InputError, match=r"bad\.ris"):
        import_files(tracker, [file, tmp_path / "bad.ris"])
    assert tracker.counts() == {}


@pytest.mark.parametrize("source", ["pubmed", "a b", "x:y", "", "é\n"])
def test_source_names_that_would_confuse(tracker: Tracker, file: Path, source: str) -> None:
    with pytest.raises(UsageError, match="--source"):
        import_files(tracker, [file], source)


def test_an_import_is_seen_only_from_its_day_on(tmp_path: Path, file: Path) -> None:
    with Tracker.open(tmp_path / "t.db", now=SetClock("2026-05-05T00:00:00Z")) as tracker:
        import_files(tracker, [file])
        assert list(tracker.stored("2026-04")) == [] and len(list(tracker.stored("2026-05-05"))) == 1
        assert tracker.imports("2026-04") == []


def test_what_is_stored_is_what_was_read(tracker: Tracker, file: Path) -> None:
    import_files(tracker, [file])
    assert [to_json(record) for record in records(tracker)] == [to_json(r) for r, _ in read_records(file).records]
