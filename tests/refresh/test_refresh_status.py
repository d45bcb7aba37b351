"""What ``evidence status`` says, and what a refresh says while and after it works."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from eutils_server import Article
from refresh_conftest import Small, on_each_date

from evidence.project import Project
from evidence.refresh import status
from evidence.refresh.progress import Progress
from evidence.refresh.status import Status, TopicStatus

pytestmark = pytest.mark.calendar


def test_before_anything_was_fetched(small: Small) -> None:
    found = small.status()
    assert found.exit_code == 1 and "run 'evidence refresh'" in found.text() and "never refreshed" in found.text()
    assert not small.project.tracker.exists()  # looking makes nothing


@on_each_date
def test_fresh_stale_and_failing(small: Small) -> None:
    small.refresh()
    found = small.status()
    assert found.exit_code == 0 and found.topics[0].members == 30 and found.records == {"pubmed": 30}
    small.clock.move(days=15)
    assert small.status().exit_code == 1
    assert "STALE: more than 14 days ago" in small.status().text()
    assert small.status(stale_after=20).exit_code == 0
    small.server.fail("error", program="efetch")
    small.server.corpus.add(Article("5001", "alpha stimulation, newer"))
    small.refresh()
    failing = small.status()
    assert failing.exit_code == 1 and "FAILING" in failing.text() and failing.topics[0].last_done
    assert json.loads(json.dumps(failing.as_json()))["topics"][0]["failing"] is True


def test_warnings_of_pubmed_are_shown(small: Small) -> None:
    small.topic("nothing")
    small.refresh()
    found = small.status()
    assert "nothing: warning: phrase not found: nothing of this" in found.text()


def test_a_search_that_finds_nothing_is_trouble(small: Small) -> None:
    small.topic("nothing")
    small.refresh()
    found = small.status()
    assert found.exit_code == 1 and "nothing: refreshed" in found.text() and "NO HITS" in found.text()
    assert {topic["id"]: topic["empty"] for topic in found.as_json()["topics"]} == {"alpha": False, "nothing": True}
    assert "alpha" not in found.text() and "in order: 1 topic" in found.text()
    assert "alpha: refreshed" in found.text(whole=True)


DONE = "2026-11-20T08:00:00+00:00"
FINE = {"members": 5, "hits": 5, "last_done": DONE, "stale": False}
KINDS: dict[str, dict[str, Any]] = {
    "failing": FINE | {"failing": True, "error": "PubMed answered 500 " * 40},
    "empty": FINE | {"hits": 0, "members": 0},
    "misdated": FINE | {"stale": True, "misdated": True},
    "stale": FINE | {"stale": True},
    "never": {},
    "warned": FINE | {"warnings": ["phrase not found: " + "long words " * 60, "another"]},
    "unknown_hits": FINE | {"hits": None},
    "fine": FINE,
}


def test_the_worst_topics_come_first() -> None:
    topics = [TopicStatus(kind, kind, **state) for kind, state in reversed(KINDS.items())]
    told = Status(14, True, topics=topics).text(whole=True).splitlines()
    assert [line.split(":")[0] for line in told[2:10]] == [*list(KINDS)[:6], "fine", "unknown_hits"]


@pytest.mark.parametrize("kind", KINDS)
def test_status_is_one_screen_however_many_topics_there_are(kind: str) -> None:
    topics = [TopicStatus(f"topic-{number:03}", "A topic", **KINDS[kind]) for number in range(200)]
    unresolved = [{"id": f"source-{n}", "reason": "no match " * 40, "cited_as": "x" * 300} for n in range(50)]
    found = Status(14, True, topics=topics, unresolved=unresolved)
    short, whole = found.text().splitlines(), found.text(whole=True).splitlines()
    assert len(short) <= 24 and all(len(line) <= 240 for line in short)
    assert sum(line.startswith("topic-") for line in whole) >= 200 and sum("source-" in line for line in whole) == 50
    for line in short:  # What is not shown is counted.
        if "more topics with trouble" in line:
            assert line == "  and 192 more topics with trouble ('--all' lists them)"
    assert found.exit_code == (kind in ("failing", "empty", "misdated", "stale", "never"))


def test_the_summary_is_stable_json_and_aligned_text(small: Small) -> None:
    summary = small.refresh()
    data = summary.as_json()
    assert list(data) == [
        "refresh", "kind", "dry_run", "outcome", "exit_code", "started_at", "finished_at", "seconds", "requests",
        "records", "topics", "sources", "warnings",
    ]  # fmt: skip
    assert data["topics"][0]["id"] == "alpha" and data["topics"][0]["hits"] == 30 and data["topics"][0]["new"] == 30
    lines = summary.text().splitlines()
    assert lines[0].startswith("incremental refresh done in") and "30 records fetched, 30 new" in lines[0]
    assert lines[1].split() == ["topic", "hits", "new", "revised", "left", "gone", "failed"]
    assert lines[2].split() == ["alpha", "30", "30", "0", "0", "0", "0"]


def test_the_log_tells_what_happened(small: Small) -> None:
    small.refresh()
    log = small.project.log.read_text()
    assert "refresh 1 (incremental) of 1 topics began" in log
    assert "alpha: 30 hits, 30 new, 0 revised" in log and "refresh 1 done" in log


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_is_one_line_rewritten() -> None:
    out, now = Terminal(), iter([0.0, 0.0, 1.0, 2.0])
    progress = Progress("records", stream=out, clock=lambda: next(now))
    progress.expect(1000)
    progress.advance(200)
    progress.advance(200)
    progress.say("a topic is done")
    progress.close()
    said = out.getvalue()
    assert "\r\x1b[2K200 of 1,000 records, 200 a second, 4 s left" in said and "3 s left" in said
    assert said.endswith("\r\x1b[2Ka topic is done\n")


def test_progress_elsewhere_is_a_plain_line_now_and_then() -> None:
    out, now = io.StringIO(), iter([0.0, 0.0, 1.0, 60.0])
    progress = Progress("records", stream=out, clock=lambda: next(now))
    progress.expect(100_000)
    progress.advance(200)
    progress.advance(200)
    assert out.getvalue() == "400 of 100,000 records, 7 a second, 4.2 h left\n"


def test_a_project_without_a_data_directory(small: Small) -> None:
    assert status(Project(small.project.root)).records == {}
