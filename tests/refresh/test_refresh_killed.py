"""A refresh killed at any instant: the next one goes on, fetches nothing again that was committed, doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from clocks import SetClock
from eutils_server import Corpus, EutilsServer
from refresh_conftest import Small, on_each_date

ROOT = Path(__file__).resolve().parents[2]

# Runs a refresh that kills itself with SIGKILL at the n-th call of a method of Tracker.
CHILD = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from evidence.project import Project
from evidence.pubmed import eutils
from evidence.refresh import refresh
from evidence.tracker import Tracker
eutils.PER_SECOND = 1000
method, number = sys.argv[2], int(sys.argv[3])
calls, original = 0, getattr(Tracker, method, None)

def counted(self, *arguments, **options):
    global calls
    calls += 1
    if calls == number:
        os.kill(os.getpid(), signal.SIGKILL)
    return original(self, *arguments, **options)

if original:
    setattr(Tracker, method, counted)
moment = datetime.fromisoformat(sys.argv[4])
print(refresh(Project(Path(sys.argv[1])), now=lambda: moment).exit_code)
"""


def child(small: Small, method: str = "-", number: int = 0) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "EVIDENCE_EUTILS_URL": small.server.url, "PYTHONPATH": str(ROOT)}
    environment.pop("NCBI_API_KEY", None)
    command = [sys.executable, "-c", CHILD, str(small.project.root), method, str(number), small.clock.at]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def committed(small: Small) -> set[str]:
    if not small.project.tracker.exists():
        return set()
    with small.tracker() as tracker:
        return set(tracker.known())


def check_the_next_one(small: Small) -> None:
    before = committed(small)
    small.server.forget()
    summary = small.refresh()
    assert summary.exit_code == 0 and not before & set(small.server.fetched_ids())
    with small.tracker() as tracker:
        assert tracker.members("alpha") == tracker.members("stimulation") == small.server.corpus.articles.keys()
        counts = tracker.db.execute("SELECT count(*), count(DISTINCT record) FROM versions").fetchone()
        assert counts == (500, 500) and tracker.counts() == {"pubmed": 500}
        intervals = tracker.db.execute("SELECT count(*) FROM memberships").fetchone()
        assert intervals == (1000,)
        assert tracker.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not small.project.lock.exists()


@pytest.fixture
def large(tmp_path: Path, clock: SetClock):
    with EutilsServer(Corpus.invented(500), latency=0.05) as server:
        small = Small(tmp_path / "project", server, clock)
        small.topic("alpha")
        small.topic("stimulation")
        yield small


@pytest.mark.parametrize(
    ("method", "number"),
    [
        ("begin_refresh", 1),
        ("_end_absences", 1),  # at its end, before it is committed
        ("_end_absences", 3),
        ("store_batch", 2),
        ("update_membership", 1),
        ("log_topic", 1),  # within a topic's transaction
        ("finish_refresh", 1),
    ],
)
def test_killed_while_storing(large: Small, method: str, number: int) -> None:
    process = child(large, method, number)
    assert process.wait(timeout=30) == -signal.SIGKILL
    assert large.project.lock.exists()  # the dead owner's, taken over by the next
    check_the_next_one(large)


@pytest.mark.parametrize("arrivals", [1, 3, 4])
def test_killed_while_waiting_for_answers(large: Small, arrivals: int) -> None:
    process = child(large)
    while len(large.server.arrivals) < arrivals and process.poll() is None:
        time.sleep(0.002)
    process.kill()
    process.wait(timeout=30)
    check_the_next_one(large)


def test_the_log_calls_a_killed_refresh_interrupted(large: Small) -> None:
    child(large, "log_topic", 1).wait(timeout=30)
    large.refresh()
    with large.tracker() as tracker:
        assert [row["outcome"] for row in tracker.refreshes()] == ["interrupted", "done"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_while_the_server_hangs_it_ends_at_once(large: Small, number: int) -> None:
    large.server.fail("hang", program="efetch")
    process = child(large)
    while not large.server.asked("efetch") and process.poll() is None:
        time.sleep(0.01)
    started = time.monotonic()
    process.send_signal(number)
    # An answer is waited for 60 s here; how long a busy machine takes to end a process is not what is asked.
    assert process.wait(timeout=50) != 0 and time.monotonic() - started < 20
    large.server.recover()
    check_the_next_one(large)


@on_each_date
def test_revisions_that_were_committed_before_a_kill_are_not_fetched_again(large: Small) -> None:
    assert child(large).wait(timeout=30) == 0
    for pmid in large.server.corpus.articles:
        large.server.corpus.revise(pmid, abstract="Invented, and revised.")
    assert child(large, "store_batch", 3).wait(timeout=30) == -signal.SIGKILL
    with large.tracker() as tracker:
        before = {record.removeprefix("pubmed:") for record, _ in tracker.revised_records()}
    large.server.forget()
    summary = large.refresh()
    assert len(before) in (300, 400) and set(large.server.fetched_ids()) == large.server.corpus.articles.keys() - before
    assert summary.exit_code == 0 and summary.revised == 500 - len(before)
    large.server.forget()
    large.server.corpus.revise("1001", abstract="Invented, and revised once more.")
    large.refresh()  # what the resumed refresh passed over is looked at again by the next
    with large.tracker() as tracker:
        assert len(tracker.versions("pubmed:1001")) == 3
