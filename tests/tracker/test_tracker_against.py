"""``verify --against``: a tracker that holds less than an older copy is refused, in words."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from clocks import SetClock

from evidence.errors import StorageError
from evidence.exchange.pubmed import Received, read_article_set
from evidence.tracker import TopicLog, Tracker
from evidence.tracker.comparing import missing_from


def received(pmid: str, title: str = "Invented") -> Received:
    xml = (
        f"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>{title}"
        "</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    return next(iter(read_article_set(xml.encode())))


def refresh(tracker: Tracker, *pmids: str, title: str = "Invented", leaving: str = "") -> None:
    number = tracker.begin_refresh()
    tracker.store_batch(number, [received(pmid, title) for pmid in pmids])
    tracker.update_membership(number, "scs", pmids, {leaving: "left query"} if leaving else {})
    tracker.log_topic(number, TopicLog("scs", query="invented", hits=len(pmids)))
    tracker.set_source_state(number, "a2014", "resolved", "", pmids[0])
    tracker.finish_refresh(number, "done", requests=1)


@pytest.fixture
def older(tmp_path: Path) -> Path:
    path = tmp_path / "older.db"
    with Tracker.open(path, now=SetClock("2026-01-01T08:00:00Z")) as tracker:
        refresh(tracker, "1", "2", "3")
    with Tracker.open(path, now=SetClock("2026-01-02T08:00:00Z")) as tracker:
        refresh(tracker, "1", "2", title="Revised", leaving="3")
        tracker.mark_gone(2, ["3"])
    return path


def changed(older: Path, tmp_path: Path, *statements: str) -> Path:
    """A copy from which something was lost, which only somebody else's program can do."""
    path = tmp_path / "tracker.db"
    shutil.copyfile(older, path)
    with sqlite3.connect(path) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
    return path


def lost(path: Path, older: Path) -> dict[str, int]:
    with Tracker.open(path) as tracker:
        return {found.what: found.count for found in missing_from(tracker, older)}


def test_the_same_and_more_is_enough(older: Path, tmp_path: Path) -> None:
    path = changed(older, tmp_path)
    before = older.read_bytes()
    assert lost(path, older) == {}
    with Tracker.open(path, now=SetClock("2026-01-03T08:00:00Z")) as tracker:
        refresh(tracker, "1", "2", "3", "4", title="Revised again")
    assert lost(path, older) == {}
    assert older.read_bytes() == before and not older.with_name("older.db-wal").exists()


KEY_OF_2 = "(SELECT key FROM records WHERE pmid = '2')"
LOST: dict[str, tuple[tuple[str, ...], dict[str, int]]] = {
    "a version": (("DELETE FROM versions WHERE number = 1 AND record = " + KEY_OF_2,), {"versions of records": 1}),
    "a version's content": (
        ("UPDATE versions SET content_hash = 'x' WHERE number = 1 AND record = " + KEY_OF_2,),
        {"versions of records": 1},
    ),
    "a record": (
        (
            f"DELETE FROM versions WHERE record = {KEY_OF_2}",
            f"DELETE FROM memberships WHERE record = {KEY_OF_2}",
            "DELETE FROM records WHERE pmid = '2'",
        ),
        {"records": 1, "versions of records": 2, "records found by topics": 1},
    ),
    "what left a topic": (
        ("UPDATE memberships SET until_refresh = NULL, reason = NULL",),
        {"records that left topics": 1},
    ),
    "what is gone": (("DELETE FROM absences",), {"records gone from PubMed": 1}),
    "a topic's log": (("DELETE FROM topic_refreshes WHERE refresh = 1",), {"topics' refreshes": 1}),
    "a source's state": (("DELETE FROM source_states",), {"states of cited sources": 1}),
}


@pytest.mark.parametrize("what", LOST)
def test_whatever_is_lost_is_told(older: Path, tmp_path: Path, what: str) -> None:
    statements, expected = LOST[what]
    assert lost(changed(older, tmp_path, *statements), older) == expected


def test_a_tracker_fetched_anew_lacks_the_history(older: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with Tracker.open(path, now=SetClock("2026-02-01T08:00:00Z")) as tracker:
        refresh(tracker, "1", "2", "3")
    found = lost(path, older)
    assert "records" not in found and found["versions of records"] == 5 and found["refreshes"] == 2


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.write_bytes(b"no database" * 900), "not a database"),
        (lambda path: sqlite3.connect(path).execute("CREATE TABLE a (b)"), "is not a tracker"),
        (lambda path: path.write_bytes(b""), "is not a tracker"),
    ],
)
def test_what_is_no_tracker_is_said(older: Path, tmp_path: Path, make: Callable[[Path], object], words: str) -> None:
    other = tmp_path / "other.db"
    make(other)
    with Tracker.open(older) as tracker, pytest.raises(StorageError, match=words):
        missing_from(tracker, other)


def test_a_copy_cut_in_the_middle_is_said(older: Path, tmp_path: Path) -> None:
    other = tmp_path / "cut.db"
    other.write_bytes(older.read_bytes()[: older.stat().st_size // 2])
    with Tracker.open(older) as tracker, pytest.raises(StorageError):
        missing_from(tracker, other)
