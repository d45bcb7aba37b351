"""A build keeps keys and digests, not records: in one process or in several, its database is the same."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from eutils_server.corpus import Article
from project_factory import make_project

from evidence.deduplicate import prepare_record
from evidence.derive import build, gather
from evidence.derive.held import Held, make_report
from evidence.derive.slips import Slip, pack_slip
from evidence.derive.topic_rows import Presences, topic_report_rows
from evidence.record import Author, Correction, Record, Section
from evidence.tagging.types import Tags
from evidence.tracker import Membership, Tracker
from evidence.tracker.importing import import_files

TRIAL = Article(
    "31000001",
    "Spinal cord stimulation versus medical management for failed back surgery: a randomized controlled trial",
    abstract="Invented. We randomized 88 patients to spinal cord stimulation or medical management.",
    types=["Journal Article", "Randomized Controlled Trial"],
    doi="10.5555/invented.1",
)


def everything(path: Path) -> dict[str, list[tuple]]:
    with sqlite3.connect(path) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in names if name != "build_info" and not name.startswith("reference_")]
        return {name: db.execute(f'SELECT rowid, * FROM "{name}"').fetchall() for name in kept if "_fts" not in name}


def test_workers_and_one_process_build_the_same(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all that one record does not decide: a merge, a revision, a notice, hand tags, rivals for one PMID."""
    made = make_project(tmp_path / "project", root)
    twin = replace(TRIAL, pmid="31000009")
    series = [replace(TRIAL, pmid=str(32000000 + n), doi=f"10.5555/s.{n}", title=f"Invented series {n} of stimulation")
              for n in range(30)]  # fmt: skip
    made.fetch([TRIAL, twin, *series], at="2026-01-01T08:00:00Z")
    made.fetch([replace(TRIAL, volume="7", revised="2026/02/01")], at="2026-02-02T08:00:00Z")
    entry = "TY  - JOUR\nTI  - Pumps for pain of the knee\nAU  - Vogt, P\nAN  - 31000001\nDB  - PubMed\nER  - \n"
    (tmp_path / "export.ris").write_text(entry)
    with Tracker.open(made.project.tracker) as tracker:
        import_files(tracker, [tmp_path / "export.ris"])
    (made.project.queries / "hand_tags.yml").write_text(
        "- report: '10.5555/invented.1'\n  outcome: {add: [sleep]}\n  who: A. Reader\n  why: the full text says so\n"
    )
    alone = build(made.project, output=tmp_path / "alone.db")
    monkeypatch.setattr(gather, "WORTH_WORKERS", 1)
    monkeypatch.setattr(gather, "CHUNK", 7)
    together = build(made.project, output=tmp_path / "together.db")
    assert (alone.records, alone.reports, alone.log) == (together.records, together.reports, together.log)
    assert (alone.records, alone.reports) == (33, 32)
    one, other = everything(tmp_path / "alone.db"), everything(tmp_path / "together.db")
    assert one == other
    assert len(one["merges"]) == 1 and one["revisions"]
    assert [row for row in one["report_outcomes"] if "sleep" in row]


def test_nothing_is_left_beside_the_database(tmp_path: Path, root: Path) -> None:
    made = make_project(tmp_path / "project", root)
    made.fetch([TRIAL])
    build(made.project)
    assert sorted(path.name for path in made.project.data.iterdir()) == ["evidence.db", "tracker.db"]


@pytest.mark.parametrize(
    "abstract",
    [[], [Section("")], [Section("Short.")], [Section("a" * 599)], [Section("b" * 900)],
     [Section("One."), Section(""), Section("Two.")], [Section("c" * 500), Section("d" * 500)]],
)  # fmt: skip
def test_a_slip_compares_as_its_record_does(abstract: list[Section]) -> None:
    record = Record(
        source="ris", source_id="7", pmid="123", doi="10.5555/A.1", title="A <i>title</i> \ud800 of [an article]",
        vernacular_title="Ein Titel", abstract=abstract, journal="Pain", journal_abbreviation="Pain", year=2020,
        authors=[Author("Vogt", "Paula", "P", orcid="0000"), Author(collective="A group")], volume="3", issue="1",
        pages="4-9", publication_types=[("D016428", "Journal Article")], kind="article",
        corrections=[Correction("CommentIn", "9", "Pain 2021", "note"), Correction("Cites", "8")],
    )  # fmt: skip
    held = Held("ris:7", "ris", "7", record, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", 2, None)
    slip = Slip(pack_slip(make_report([held], [], lambda _: Tags())))
    assert prepare_record(slip.record).content() == prepare_record(record).content()
    assert prepare_record(slip.record).corrected == {"9"}
    assert (slip.id, slip.names, slip.first_seen, slip.asked) == (
        "123", ["ris:7", "123", "10.5555/A.1"], "2026-01-01T00:00:00Z", None,
    )  # fmt: skip
    assert slip.card.titles and slip.card.year == 2020


class Ordered:
    """As much of ``Reports`` as presences ask for."""

    def __init__(self, ids: list[str]):
        self.ids = ids

    def place(self, name: str) -> int:
        return self.ids.index(name)


def test_presences_are_those_of_the_records_of_a_report() -> None:
    at = "2026-0{}-01T00:00:00Z".format
    intervals = [
        Membership("scs", "a", at(2), None, None),
        Membership("scs", "b", at(1), at(3), "left query"),
        Membership("scs", "c", at(1), at(2), "left query"),
        Membership("scs", "d", at(1), at(4), "gone from PubMed"),
        Membership("scs", "nobody's", at(1), None, None),
        Membership("tens", "c", at(5), None, None),
    ]
    found = Presences(intervals, {"a": "9", "b": "9", "c": "10", "d": "10"}, Ordered(["9", "10"]))  # type: ignore[arg-type]
    rows = [tuple(row.values()) for _, row in topic_report_rows(found, {"scs", "drg"})]
    assert rows == [
        ("scs", "10", at(1), at(4), "gone from PubMed"),
        ("scs", "9", at(1), None, None),
    ]
    assert [(report, p.records, p.here) for report, p in found.of("scs")] == [("10", 0, False), ("9", 1, True)]
    assert list(found.topics()) == ["scs", "tens"]
    assert list(found.of("drg")) == []
