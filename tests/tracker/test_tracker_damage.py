"""Killed processes, full disks, damaged files, older schemas: nothing lost, and a line that says what to do."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evidence.errors import EvidenceError, StorageError, TryLater
from evidence.exchange.pubmed import Received, content_hash, parse_record
from evidence.tracker import TopicLog, Tracker, check_tracker
from evidence.tracker.schema import VERSION


def received(pmid: str, title: str = "Invented") -> Received:
    xml = (
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>{title}</ArticleTitle></Article>"
        f"</MedlineCitation></PubmedArticle>"
    ).encode()
    return Received(parse_record(xml), xml, content_hash(xml))


def one_line(error: EvidenceError) -> str:
    text = str(error)
    assert "\n" not in text and "Traceback" not in text
    return text


def test_killed_at_any_instant_a_batch_is_whole_or_absent(tmp_path: Path, root: Path) -> None:
    """A process stores batches of 50 until it is killed: every batch that was told to be done is there, whole."""
    path, told = tmp_path / "tracker.db", tmp_path / "told"
    program = f"""
import sys
sys.path.insert(0, {str(root)!r}); sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_tracker_damage import received
from evidence.tracker import Tracker
tracker = Tracker.open({str(path)!r})
refresh = tracker.begin_refresh()
for batch in range(100000):
    tracker.store_batch(refresh, [received(str(batch * 50 + n + 1), "x" * 500) for n in range(50)])
    open({str(told)!r}, "w").write(str(batch + 1))
"""
    for round_ in range(2):
        process = subprocess.Popen([sys.executable, "-c", program])
        while not told.exists():  # however long a busy machine takes to start it
            assert process.poll() is None
            time.sleep(0.05)
        time.sleep(0.1 + 0.07 * round_)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        done = int(told.read_text() or "0")
        with Tracker.open(path) as tracker:
            assert check_tracker(tracker) == []
            count = tracker.counts()["pubmed"]
            assert count % 50 == 0 and count >= done * 50
        told.unlink()


def test_an_error_inside_a_batch_stores_nothing_of_it(tmp_path: Path) -> None:
    with Tracker.open(tmp_path / "tracker.db") as tracker:
        refresh = tracker.begin_refresh()
        broken = Received(received("3").record, None, "hash")  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            tracker.store_batch(refresh, [received("1"), received("2"), broken])
        assert tracker.counts() == {}
        assert tracker.store_batch(refresh, [received("1")]).new == ["pubmed:1"]


def test_a_full_disk_keeps_what_was_committed(tmp_path: Path) -> None:
    with Tracker.open(tmp_path / "tracker.db") as tracker:
        refresh = tracker.begin_refresh()
        tracker.store_batch(refresh, [received("1")])
        pages = tracker.db.execute("PRAGMA page_count").fetchone()[0]
        tracker.db.conn.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StorageError, match="disk is full") as caught:
            tracker.store_batch(refresh, [received(str(n), os.urandom(3000).hex()) for n in range(2, 60)])
        assert "free some space" in one_line(caught.value) and caught.value.exit_code == 74
        assert tracker.counts() == {"pubmed": 1} and check_tracker(tracker) == []


@pytest.mark.parametrize(
    "content",
    [b"not a database at all, but long enough to look like a file" * 50, b"SQLite format 3\x00" + b"\xff" * 5000],
)
def test_what_is_no_database_is_refused_in_a_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tracker.db"
    path.write_bytes(content)
    with pytest.raises(StorageError) as caught:
        Tracker.open(path)
    assert str(path) in one_line(caught.value)
    assert path.read_bytes() == content


def test_a_damaged_page_is_told_and_found(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    with Tracker.open(path) as tracker:
        refresh = tracker.begin_refresh()
        tracker.store_batch(refresh, [received(str(n), os.urandom(2000).hex()) for n in range(1, 80)])
        tracker.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 8192] = os.urandom(8192)
    path.write_bytes(bytes(data))
    try:
        with Tracker.open(path) as tracker:
            assert check_tracker(tracker) != []
    except StorageError as error:
        assert "evidence verify" in one_line(error)


def test_a_damaged_version_is_named(tmp_path: Path) -> None:
    with Tracker.open(tmp_path / "tracker.db") as tracker:
        tracker.store_batch(tracker.begin_refresh(), [received("1"), received("2")])
        tracker.db.conn.executescript(
            "DROP TRIGGER versions_stay_as_received; UPDATE versions SET content = x'28b52ffd00' WHERE record = 2"
        )
        [problem] = check_tracker(tracker)
        assert "pubmed:2" in problem
        with pytest.raises(StorageError, match="pubmed:2"):
            tracker.versions("pubmed:2")


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (a)")
    with pytest.raises(StorageError, match="not a tracker's"):
        Tracker.open(path)
    assert sqlite3.connect(path).execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]


def test_a_newer_schema_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    Tracker.open(path).close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StorageError, match="install the newer version"):
        Tracker.open(path)


def test_an_older_schema_gets_the_columns_it_lacks_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    with Tracker.open(path) as tracker:
        tracker.store_batch(tracker.begin_refresh(), [received("1")])
    with sqlite3.connect(path) as db:
        db.execute("ALTER TABLE topic_refreshes DROP COLUMN watermark")
        db.execute("DROP TABLE source_states")
        db.execute("PRAGMA user_version = 0")
    with Tracker.open(path) as tracker:
        assert tracker.counts() == {"pubmed": 1}
        assert tracker.watermark("scs") is None and tracker.source_states() == []


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_tracker_of_an_earlier_version_is_taken_on(tmp_path: Path, version: int) -> None:
    """1: before warnings of a refresh and what is printed of a source; 2: before doubts; 3: before revisions."""
    path = tmp_path / "tracker.db"
    with Tracker.open(path) as tracker:
        refresh = tracker.begin_refresh()
        tracker.store_batch(refresh, [received("1")])
        tracker.set_source_state(refresh, "a2014", "resolved", pmid="1")
        tracker.log_topic(refresh, TopicLog("scs", hits=1, watermark="2026-01-01T00:00:00Z"))
        tracker.finish_refresh(refresh, "done")
    with sqlite3.connect(path) as db:
        db.execute("ALTER TABLE records DROP COLUMN revision")
        if version < 3:
            db.execute("DROP TABLE doubts")
            db.execute("ALTER TABLE topic_refreshes DROP COLUMN poorer")
        if version == 1:
            db.execute("ALTER TABLE source_states DROP COLUMN printed")
            db.execute("ALTER TABLE refreshes DROP COLUMN warnings")
        db.execute(f"PRAGMA user_version = {version}")
    with Tracker.open(path) as tracker:
        assert tracker.counts() == {"pubmed": 1} and tracker.watermark("scs") == "2026-01-01T00:00:00Z"
        assert tracker.source_states()[0]["pmid"] == "1" and tracker.refreshes()[0]["warnings"] == []
        assert tracker.doubts() == {} and tracker.doubt(tracker.begin_refresh(), received("1"), ["abstract"]) == 1
        assert check_tracker(tracker) == []
        tracker.note_revisions([received("1")])
        assert tracker.store_batch(tracker.begin_refresh(), [received("1"), received("2")]).unchanged == ["pubmed:1"]


def test_an_older_schema_that_cannot_be_carried_over_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    Tracker.open(path).close()
    with sqlite3.connect(path) as db:
        db.executescript("DROP TABLE versions; CREATE TABLE versions (record INTEGER); PRAGMA user_version = 0")
    with pytest.raises(StorageError, match="evidence refresh"):
        Tracker.open(path)


def test_a_missing_tracker_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="evidence refresh"):
        Tracker.open(tmp_path / "none" / "tracker.db", create=False)
    assert not (tmp_path / "none").exists()


def test_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where a directory should be")
    with pytest.raises(StorageError) as caught:
        Tracker.open(blocked / "tracker.db")
    one_line(caught.value)
    (tmp_path / "tracker.db").mkdir()
    with pytest.raises(StorageError, match="cannot be opened"):
        Tracker.open(tmp_path / "tracker.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_directory(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StorageError):
            Tracker.open(tmp_path / "tracker.db")
    finally:
        tmp_path.chmod(0o700)


def test_a_database_that_another_process_writes_is_for_later(tmp_path: Path) -> None:
    path = tmp_path / "tracker.db"
    with Tracker.open(path) as tracker:
        tracker.db.conn.execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(path)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TryLater, match="another process"):
            tracker.begin_refresh()
        other.rollback()
        assert tracker.begin_refresh() == 1


def test_a_directory_that_cannot_be_written_is_read_all_the_same(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "tracker.db"
    Tracker.open(path).close()
    monkeypatch.setattr("evidence.tracker.writing.os.access", lambda *_: False)
    with Tracker.open(path, create=False) as tracker:
        assert tracker.counts() == {}
        with pytest.raises(StorageError, match="cannot be written"):
            tracker.begin_refresh("incremental")
    assert [file.name for file in tmp_path.iterdir()] == ["tracker.db"]
