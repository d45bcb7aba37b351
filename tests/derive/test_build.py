"""From what was received to the public tables: ids that stay, history, rebuilds that lose nothing."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from clocks import SetClock
from eutils_server.corpus import Article
from project_factory import TestProject, make_project

from evidence.derive import build
from evidence.derive.verify import verify
from evidence.errors import InputError, StorageError, UsageError
from evidence.filelock import hold
from evidence.project import STARTERS
from evidence.tracker import Tracker
from evidence.tracker.importing import import_files

TRIAL = Article(
    "31000001",
    "Spinal cord stimulation versus medical management for failed back surgery syndrome: a randomized controlled trial",
    abstract="Invented. We randomized 88 patients to spinal cord stimulation or medical management. "
    "Pain intensity (VAS) and quality of life were measured at 12 months.",
    types=["Journal Article", "Randomized Controlled Trial"],
    doi="10.5555/invented.1",
)
SERIES = Article("31000002", "Dorsal root ganglion stimulation for phantom limb pain: a case series of six patients")


def rows(path: Path, sql: str, *values: object) -> list[tuple]:
    with sqlite3.connect(path) as db:
        return db.execute(sql, values).fetchall()


@pytest.fixture
def made(tmp_path: Path, root: Path) -> TestProject:
    return make_project(tmp_path / "project", root)


def test_a_report_with_its_tags_and_the_words_that_earned_them(made: TestProject) -> None:
    made.fetch([TRIAL, SERIES])
    summary = build(made.project)
    assert (summary.records, summary.reports, summary.starter) == (2, 2, False)
    path = made.project.evidence
    title, design, level, size = rows(
        path, "SELECT title, design, evidence_level, sample_size FROM reports WHERE id = '31000001'"
    )[0]
    assert (title, design, level, size) == (TRIAL.title, "rct", 2, 88)
    words = rows(
        path, """SELECT phrase, field, start, "end" FROM tag_evidence WHERE report = '31000001' AND tag = 'scs'"""
    )
    assert any(
        field == "title" and TRIAL.title[start:end].lower() == phrase.lower() for phrase, field, start, end in words
    )
    assert rows(path, "SELECT status FROM reports WHERE id = '31000001'") == [("no_notice",)]
    assert rows(path, "SELECT outcome FROM checks WHERE report = '31000001'") == [("no notice found",)]
    found = "SELECT id FROM reports_fts JOIN reports ON reports.rowid = reports_fts.rowid WHERE reports_fts MATCH ?"
    assert rows(path, found, "phantom") == [("31000002",)]


def test_the_same_input_gives_the_same_content(made: TestProject, tmp_path: Path) -> None:
    made.fetch([TRIAL, SERIES])
    first, second = tmp_path / "a.db", tmp_path / "b.db"
    build(made.project, output=first)
    build(made.project, output=second)
    tables = [name for (name,) in rows(first, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        if table == "build_info" or table.startswith(("reports_fts", "reference_")):
            continue
        assert rows(first, f'SELECT * FROM "{table}"') == rows(second, f'SELECT * FROM "{table}"'), table


def test_every_id_ever_shown_leads_to_the_report(made: TestProject) -> None:
    """Two PMIDs of one DOI and title are one report under the lower PMID; both ids, and the DOI, resolve to it."""
    twin = Article(**{**TRIAL.__dict__, "pmid": "31000009"})
    made.fetch([TRIAL, twin])
    build(made.project)
    path = made.project.evidence
    found = dict(rows(path, "SELECT id, report FROM report_ids"))
    assert (
        found["31000009"] == found["31000001"] == found["10.5555/invented.1"] == found["pubmed:31000009"] == "31000001"
    )
    assert rows(path, "SELECT report, rule IS NOT NULL FROM merges") == [("31000001", 1)]


def test_a_wrong_pmid_in_a_file_takes_no_report_its_id(made: TestProject, tmp_path: Path) -> None:
    """Two titles under one PMID are two reports; PubMed's own keeps the PMID as its id, wherever it came first."""
    path = tmp_path / "export.ris"
    entry = "TY  - JOUR\nTI  - {}\nAU  - {}\nAN  - 31000001\nDB  - PubMed\nER  - \n"
    path.write_text(entry.format("Pumps for pain of the knee", "Vogt, P") + entry.format("A letter on art", "Lind, K"))
    with Tracker.open(made.project.tracker) as tracker:
        assert import_files(tracker, [path]).total("conflicts") == 1
    build(made.project)
    ids = [name for (name,) in rows(made.project.evidence, "SELECT id FROM reports")]
    assert len(ids) == 2 and "31000001" in ids
    made.fetch([TRIAL])
    summary = build(made.project)
    assert summary.reports == 3 and any("31000001" in line for line in summary.log)
    assert rows(made.project.evidence, "SELECT title FROM reports WHERE id = '31000001'") == [(TRIAL.title,)]
    assert verify(made.project).damaged == []


def test_a_revision_shows_what_changed(made: TestProject) -> None:
    made.fetch([TRIAL], at="2026-01-01T08:00:00Z")
    revised = Article(**{**TRIAL.__dict__, "volume": "7", "revised": "2026/02/01"})
    made.fetch([revised], at="2026-02-02T08:00:00Z")
    build(made.project)
    changed = rows(made.project.evidence, "SELECT field, old, new, received_at FROM revisions")
    assert ("volume", "1", "7", "2026-02-02T08:00:00Z") in changed


def test_the_library_as_of_a_day(made: TestProject, tmp_path: Path) -> None:
    made.fetch([TRIAL], at="2026-01-01T08:00:00Z")
    made.fetch([SERIES], at="2026-03-01T08:00:00Z")
    then = tmp_path / "then.db"
    build(made.project, output=then, as_of="2026-02-15")
    assert rows(then, "SELECT id FROM reports") == [("31000001",)]
    assert rows(then, "SELECT value FROM build_info WHERE key = 'as_of'") == [("2026-02-15",)]
    with pytest.raises(UsageError, match="is not a date"):
        build(made.project, as_of="last Tuesday")


def test_a_mistake_in_queries_leaves_the_old_site_up(made: TestProject) -> None:
    made.fetch([TRIAL])
    build(made.project)
    before = made.project.evidence.read_bytes()
    made.project.sources.write_text("sources:\n  - nonsense\n")
    with pytest.raises(InputError, match=r"sources\.yml"):
        build(made.project)
    assert made.project.evidence.read_bytes() == before
    assert [p.name for p in made.project.data.iterdir() if p.name.endswith(".tmp")] == []


def test_no_tracker_and_no_room_are_said_with_the_way_out(made: TestProject, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="evidence refresh"):
        build(made.project)
    made.fetch([TRIAL])
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StorageError, match="cannot write here"):
        build(made.project, output=blocked / "evidence.db")


def test_hand_tags_survive_every_build_and_say_who(made: TestProject) -> None:
    made.fetch([TRIAL])
    (made.project.queries / "hand_tags.yml").write_text(
        "- report: '31000001'\n  outcome: {add: [sleep]}\n  sample_size: 90\n"
        "  who: A. Reader\n  why: the full text says so\n"
        "- report: '99'\n  outcome: {add: [sleep]}\n  who: A. Reader\n  why: nobody has this one\n"
    )
    summary = build(made.project)
    path = made.project.evidence
    assert rows(path, "SELECT source, who, why FROM report_outcomes WHERE outcome = 'sleep'") == [
        ("hand", "A. Reader", "the full text says so")
    ]
    assert rows(path, "SELECT sample_size FROM reports") == [(90,)]
    assert any("hand_tags.yml" in line and "99" in line for line in summary.log)


def test_a_strong_new_report_reopens_a_reading(made: TestProject) -> None:
    """Claims on SCS and pain were read on 2026-11-20; a trial that arrives later on both opens them again."""
    made.fetch([SERIES], at="2026-11-01T08:00:00Z")
    made.fetch([TRIAL], at="2026-12-24T08:00:00Z")
    summary = build(made.project)
    assert summary.claims_reopened > 0
    because = rows(
        made.project.evidence, "SELECT DISTINCT reopened_because FROM claims WHERE reopened_on = '2026-12-24'"
    )
    assert any("31000001" in reason for (reason,) in because)


def test_a_retraction_has_the_day_it_was_first_received(made: TestProject) -> None:
    made.fetch([TRIAL], at="2026-01-01T08:00:00Z")
    named = (
        '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn">'
        "<RefSource>Invented J. 2026;1:1</RefSource>"
        '<PMID Version="1">31000099</PMID></CommentsCorrections></CommentsCorrectionsList>'
    )
    retracted = TRIAL.xml().replace("<MeshHeadingList>", f"{named}<MeshHeadingList>", 1)
    made.fetch([retracted], at="2026-12-24T08:00:00Z")
    build(made.project)
    path = made.project.evidence
    assert rows(path, "SELECT kind, notice_pmid, first_seen, source FROM notices") == [
        ("retraction", "31000099", "2026-12-24T08:00:00Z", "pubmed")
    ]
    assert rows(path, "SELECT status FROM reports") == [("retracted",)]
    assert rows(path, "SELECT outcome, checked_at FROM checks") == [("notice found", "2026-12-24T08:00:00Z")]


def test_verify_finds_a_damaged_version_and_an_outdated_build(made: TestProject) -> None:
    made.fetch([TRIAL])
    build(made.project)
    assert verify(made.project).exit_code == 0
    made.fetch([SERIES], at="2026-02-01T08:00:00Z")
    assert verify(made.project).exit_code == 1
    with sqlite3.connect(made.project.tracker) as db:
        db.execute("DROP TRIGGER versions_stay_as_received")
        db.execute("UPDATE versions SET content = x'00' WHERE rowid = 1")
    found = verify(made.project)
    assert found.exit_code == 74
    assert any("tracker.db" in line for line in found.damaged)


def test_a_damaged_evidence_db_is_named_with_the_way_out(made: TestProject) -> None:
    made.fetch([TRIAL])
    build(made.project)
    with made.project.evidence.open("r+b") as file:
        file.seek(0)
        file.write(os.urandom(4096))
    found = verify(made.project)
    assert found.exit_code == 74
    assert "evidence build" in found.text()


def test_nothing_received_yet_builds_a_site_without_reports(made: TestProject, tmp_path: Path) -> None:
    made.fetch([TRIAL], at="2026-03-01T08:00:00Z")
    summary = build(made.project, output=tmp_path / "then.db", as_of="2020")
    assert (summary.records, summary.reports, summary.starter) == (0, 0, False)
    assert rows(tmp_path / "then.db", "SELECT count(*) FROM reports") == [(0,)]


def test_the_words_of_a_child_tag_earn_its_parent(made: TestProject) -> None:
    pump = Article("31000003", "Intrathecal baclofen for spasticity", abstract="")
    made.fetch([pump])
    build(made.project)
    assert ("itdd",) in rows(made.project.evidence, "SELECT modality FROM report_modalities")
    assert verify(made.project).exit_code == 0


@pytest.mark.parametrize("changed", [0, 4_000_000_000])
def test_what_a_killed_build_left_is_removed_and_what_another_is_writing_is_not(
    made: TestProject, changed: int
) -> None:
    """Whatever the files' times say: a killed process holds nothing."""
    made.fetch([TRIAL])
    left, at_work = (made.project.data / f".evidence.db.{name}.tmp" for name in ("1f", "2f"))
    for path in (left, at_work):
        path.write_text("half")
        os.utime(path, (changed, changed))
    descriptor = hold(at_work)
    build(made.project)
    assert (left.exists(), at_work.exists()) == (False, True)
    os.close(descriptor)
    build(made.project)
    assert not at_work.exists()


def test_settings_that_cannot_be_read_are_said_before_any_work(made: TestProject) -> None:
    made.fetch([TRIAL])
    made.project.metadata_file.write_text("plugins: [")
    with pytest.raises(InputError, match=r"metadata\.yml"):
        build(made.project, progress=lambda stage, done, total: pytest.fail(f"{stage} began"))


def test_a_build_is_of_one_moment(made: TestProject) -> None:
    """What a refresh commits while a build reads is in the next build, which is known to be due."""
    made.fetch([TRIAL])

    def commit_meanwhile(stage: str, done: int, total: int | None) -> None:
        if stage == "de-duplicating":
            made.fetch([SERIES], at="2026-02-01T08:00:00Z")

    summary = build(made.project, progress=commit_meanwhile)
    assert summary.reports == 1
    assert verify(made.project).exit_code == 1


def test_the_starter_library_reopens_no_reading(made: TestProject, tmp_path: Path) -> None:
    """It is the literature that was known; what it brings after a review's day is not new."""
    with Tracker.open(made.project.tracker, now=SetClock("2026-12-24T08:00:00Z")) as tracker:
        import_files(tracker, [STARTERS / "neuromodulation.nbib"], source="starter")
    summary = build(made.project)
    assert (summary.reports, summary.starter, summary.claims_reopened) == (440, True, 0)
